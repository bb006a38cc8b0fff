//! Cutting a period into parts: months, then weeks, then halves, so that each can be read at once.

use jiff::{ToSpan as _, civil::Date};

use crate::{
    ask::{Passage, Sending, prompt::fenced},
    logbook::Span,
    services::count_tokens,
};

/// How a period is divided.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Every {
    /// By weeks from Monday.
    Week,
    /// By months.
    Month,
    /// By quarters.
    Quarter,
    /// By years.
    Year,
}

/// The parts of a period, in order; the first and the last may be cut by it.
#[must_use]
pub fn each(period: Span, every: Every) -> Vec<Span> {
    let mut parts = Vec::new();
    let mut start = period.start();
    while start < period.end() {
        let end = next(start, every).unwrap_or(period.end()).min(period.end());
        parts.extend(Span::new(start, end));
        start = end;
    }
    parts
}

/// A period that begins and ends, for what lies in it: an open one reaches as far as what lies in it does.
pub(super) fn closed(period: Span, spans: impl Iterator<Item = Span>) -> Option<Span> {
    let reach = spans.filter(|span| span.overlaps(period)).reduce(|one, other| {
        Span::new(one.start().min(other.start()), one.end().max(other.end())).unwrap_or(one)
    });
    let start = if period.start() == Span::MIN { reach?.start() } else { period.start() };
    let end = if period.end() == Span::MAX { reach?.end() } else { period.end() };
    Span::new(start, end)
}

/// The parts of a period, in order; one that is open has whole parts for as far as its entries
/// reach.
#[must_use]
pub fn parts_of(period: Span, every: Every, days: impl Iterator<Item = Span>) -> Vec<Span> {
    let Some(closed) = closed(period, days) else { return vec![period] };
    let is_begun = period.start() > Span::MIN;
    let start = if is_begun { period.start() } else { first_of(closed.start(), every) };
    let end = if period.end() < Span::MAX { period.end() } else { after(closed, every) };
    Span::new(start, end).map_or_else(Vec::new, |whole| each(whole, every))
}

/// The first day after the part that the last day of a period lies in.
fn after(period: Span, every: Every) -> Date {
    next(period.last(), every).unwrap_or(period.end())
}

/// What a part is called where its name is a file's: `2022`, `2022-Q1`, `2022-03`, or its first and
/// last day.
#[must_use]
pub fn part_name(part: Span) -> String {
    let first = part.start();
    let quarter = (first.month() - 1) / 3 + 1;
    if Span::quarter(first.year(), quarter) == Some(part) {
        return format!("{:04}-Q{quarter}", first.year());
    }
    match (first > Span::MIN, part.end() < Span::MAX) {
        (true, true) => part.to_string().replace("..", "_"),
        (true, false) => format!("since-{first}"),
        (false, true) => format!("until-{}", part.last()),
        (false, false) => "all".to_owned(),
    }
}

/// The first day of the next part.
fn next(day: Date, every: Every) -> Option<Date> {
    let first = Date::new(day.year(), day.month(), 1).ok()?;
    match every {
        Every::Week => {
            day.checked_add((7 - i32::from(day.weekday().to_monday_zero_offset())).days()).ok()
        }
        Every::Month => first.checked_add(1.month()).ok(),
        Every::Quarter => first.checked_add((3 - i32::from((day.month() - 1) % 3)).months()).ok(),
        Every::Year => Date::new(day.year().checked_add(1)?, 1, 1).ok(),
    }
}

/// A passage under its number in the whole recap.
#[derive(Clone, Debug)]
pub(super) struct Numbered {
    pub number: usize,
    pub passage: Passage,
    /// The tokens that it takes in a prompt.
    pub tokens: usize,
}

/// Passages that are read together.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// The days that they are of.
    pub span: Span,
    pub passages: Vec<Numbered>,
}

/// Numbers passages once for the whole recap.
pub(super) fn numbered(sending: &Sending) -> Vec<Numbered> {
    sending
        .passages()
        .iter()
        .enumerate()
        .map(|(index, passage)| Numbered {
            number: index + 1,
            tokens: weight(passage),
            passage: passage.clone(),
        })
        .collect()
}

/// The tokens of a passage between its fences, with room for a long number.
fn weight(passage: &Passage) -> usize {
    count_tokens(&fenced(1_000, passage, "000000000000")) + 2
}

pub(super) fn total(passages: &[Numbered]) -> usize {
    passages.iter().map(|numbered| numbered.tokens).sum()
}

/// The parts of a period, none of which takes more tokens than `room`.
pub(super) fn parts(period: Span, passages: Vec<Numbered>, room: usize) -> Vec<Part> {
    let mut parts = Vec::new();
    for month in divided(period, passages, Every::Month) {
        if total(&month.passages) <= room {
            parts.push(month);
            continue;
        }
        for week in divided(month.span, month.passages, Every::Week) {
            halve(week, room, &mut parts);
        }
    }
    parts
}

/// Groups passages, in order, by the part of the period that they begin in.
fn divided(period: Span, passages: Vec<Numbered>, every: Every) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for numbered in passages {
        let begins = numbered.passage.span.map_or(period.start(), Span::start);
        let day = begins.clamp(period.start(), period.last());
        match parts.last_mut() {
            Some(part) if part.span.start() <= day && day < part.span.end() => {
                part.passages.push(numbered);
            }
            _ => {
                let start = first_of(day, every).max(period.start());
                let end = next(day, every).unwrap_or(period.end()).min(period.end());
                let span = Span::new(start, end).unwrap_or(period);
                parts.push(Part { span, passages: vec![numbered] });
            }
        }
    }
    parts
}

/// The first day of the part that a day lies in.
fn first_of(day: Date, every: Every) -> Date {
    let first = match every {
        Every::Week => {
            day.checked_sub(i32::from(day.weekday().to_monday_zero_offset()).days()).ok()
        }
        Every::Month => Date::new(day.year(), day.month(), 1).ok(),
        Every::Quarter => Date::new(day.year(), (day.month() - 1) / 3 * 3 + 1, 1).ok(),
        Every::Year => Date::new(day.year(), 1, 1).ok(),
    };
    first.unwrap_or(day)
}

/// Cuts a part until each piece fits; a single passage is cut between its lines.
fn halve(part: Part, room: usize, parts: &mut Vec<Part>) {
    let Part { span, mut passages } = part;
    if total(&passages) <= room {
        parts.push(Part { span, passages });
        return;
    }
    let second = if passages.len() > 1 {
        passages.split_off(passages.len() / 2)
    } else {
        let Some(cut) = passages.first().and_then(cut) else {
            parts.push(Part { span, passages });
            return;
        };
        passages = vec![cut.0];
        vec![cut.1]
    };
    halve(Part { span, passages }, room, parts);
    halve(Part { span, passages: second }, room, parts);
}

/// A passage in two, under the same number; none when there is nothing to cut.
fn cut(numbered: &Numbered) -> Option<(Numbered, Numbered)> {
    let text = &numbered.passage.text;
    let half = text.len() / 2;
    let at_line = text.match_indices('\n').map(|(place, _)| place + 1);
    let at_word = text.match_indices(' ').map(|(place, _)| place + 1);
    let nearest = |places: &mut dyn Iterator<Item = usize>| {
        places.filter(|place| *place < text.len()).min_by_key(|place| place.abs_diff(half))
    };
    let place = nearest(&mut { at_line }).or_else(|| nearest(&mut { at_word })).or_else(|| {
        text.char_indices().map(|(place, _)| place).find(|place| *place >= half.max(1))
    })?;
    let piece = |text: &str| {
        let passage = Passage { text: text.to_owned(), ..numbered.passage.clone() };
        Numbered { number: numbered.number, tokens: weight(&passage), passage }
    };
    Some((piece(&text[..place]), piece(&text[place..])))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::ask::test_passage;

    fn check(period: Span, every: Every, expected: &[&str]) {
        let parts: Vec<String> = each(period, every).iter().map(ToString::to_string).collect();
        assert_eq!(parts, expected);
    }

    #[test]
    fn a_period_is_divided_at_the_calendars_edges() {
        let quarter = Span::quarter(2022, 1).unwrap();
        check(quarter, Every::Month, &["2022-01", "2022-02", "2022-03"]);
        check(Span::years(2021, 2022).unwrap(), Every::Year, &["2021", "2022"]);
        let days = Span::new(date(2022, 2, 24), date(2022, 3, 10)).unwrap();
        check(
            days,
            Every::Week,
            &["2022-02-24..2022-02-27", "2022-02-28..2022-03-06", "2022-03-07..2022-03-09"],
        );
        check(
            Span::year(2022).unwrap(),
            Every::Quarter,
            &[
                "2022-01-01..2022-03-31",
                "2022-04-01..2022-06-30",
                "2022-07-01..2022-09-30",
                "2022-10-01..2022-12-31",
            ],
        );
    }

    #[test]
    fn a_part_is_named_after_its_days() {
        let check =
            |part: Option<Span>, expected: &str| assert_eq!(part_name(part.unwrap()), expected);
        check(Span::year(2022), "2022");
        check(Span::years(2021, 2022), "2021_2022");
        check(Span::quarter(2022, 4), "2022-Q4");
        check(Span::month(2022, 1), "2022-01");
        check(Span::new(date(2022, 1, 5), date(2022, 2, 1)), "2022-01-05_2022-01-31");
        check(Span::new(date(2022, 1, 5), Span::MAX), "since-2022-01-05");
        check(Span::new(Span::MIN, date(2022, 1, 1)), "until-2021-12-31");
        check(Span::new(Span::MIN, Span::MAX), "all");
    }

    #[test]
    fn an_open_period_has_whole_parts_as_far_as_its_entries_reach() {
        let days = [(2021, 11, 8), (2022, 5, 14), (2022, 8, 2)]
            .map(|(year, month, day)| Span::day(date(year, month, day)).unwrap());
        let check = |period: Option<Span>, expected: &[&str]| {
            let parts = parts_of(period.unwrap(), Every::Quarter, days.into_iter());
            let names: Vec<String> = parts.into_iter().map(part_name).collect();
            assert_eq!(names, expected);
        };
        check(
            Span::new(date(2022, 2, 1), Span::MAX),
            &["2022-02-01_2022-03-31", "2022-Q2", "2022-Q3"],
        );
        check(Span::new(Span::MIN, date(2022, 2, 1)), &["2021-Q4", "2022-01"]);
        check(Span::new(date(2030, 1, 1), Span::MAX), &["since-2030-01-01"]);
        check(Span::quarter(1999, 2), &["1999-Q2"]);
    }

    #[test]
    fn no_part_is_too_large_and_none_loses_a_passage() {
        let mut passages: Vec<Passage> = (1..=28)
            .map(|day| {
                let day = format!("2022-02-{day:02}");
                test_passage(&format!("{day}.md"), &day, &"some words of that day ".repeat(20))
            })
            .collect();
        passages.push(test_passage("long.md", "2022-03-01", &"one very long line ".repeat(400)));
        let words = |passages: &[Passage]| -> usize {
            passages.iter().map(|passage| passage.text.split_whitespace().count()).sum()
        };
        let before = words(&passages);
        let room = 500;
        let parts =
            parts(Span::year(2022).unwrap(), numbered(&Sending::to_nobody(passages.clone())), room);
        assert!(parts.iter().all(|part| total(&part.passages) <= room));
        let given: Vec<Passage> = parts
            .iter()
            .flat_map(|part| part.passages.iter().map(|numbered| numbered.passage.clone()))
            .collect();
        assert_eq!(words(&given), before);
        let mut numbers: Vec<usize> = parts
            .iter()
            .flat_map(|part| part.passages.iter().map(|numbered| numbered.number))
            .collect();
        numbers.dedup();
        assert_eq!(numbers, (1..=29).collect::<Vec<_>>());
    }
}
