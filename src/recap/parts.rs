//! Cutting a period into parts: months, then weeks, then halves, so that each can be read at once.

use jiff::{ToSpan as _, civil::Date};

use crate::{
    ask::{
        Passage, Sending,
        prompt::{count_tokens, fenced},
    },
    logbook::Span,
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
