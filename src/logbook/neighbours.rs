//! The year of a heading that has none, taken on from the headings beside it.
//!
//! Where the dated headings of one level go forwards or backwards in time, `## Mercredi 9 mars`
//! after `## 2022-03-14` has one year that fits: the nearest that keeps the direction, and in which
//! the weekday is right. Where none fits, the heading dates nothing.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};

use super::{
    Dating, Precision, Provenance, Source, Span, Warning,
    dates::{Form, Reading, read},
    pieces::Body,
};

/// What the headings without a year have with that of their neighbours, by the heading's index: a
/// date, or what is wrong with it.
pub(super) type TakenOn = BTreeMap<usize, Result<Dating, Warning>>;

/// Takes the years on. Nothing is said of a heading that its neighbours tell nothing of.
pub(super) fn taken_on(body: &Body<'_>) -> TakenOn {
    let headings = &body.outline.headings;
    let readings: Vec<Option<Reading>> =
        headings.iter().map(|heading| read(&heading.text, body.day_first)).collect();
    let is_open = |reading: &Reading| matches!(item(reading), Some(Item::Open(_)));
    if !readings.iter().flatten().any(is_open) {
        return TakenOn::new();
    }
    let mut taken_on = TakenOn::new();
    for siblings in siblings(body) {
        let dated = siblings.into_iter().filter_map(|index| {
            let reading = readings[index].as_ref()?;
            Some((index, item(reading)?, reading))
        });
        let dated: Vec<(usize, Item, &Reading)> = dated.collect();
        let items: Vec<Item> = dated.iter().map(|(_, item, _)| *item).collect();
        let Some(spans) = in_order(&items) else { continue };
        for ((index, item, reading), span) in dated.into_iter().zip(spans) {
            let Item::Open(open) = item else { continue };
            let heading = &headings[index];
            let text = heading.text[reading.bytes.clone()].to_owned();
            let line_number = Some(heading.line_number);
            match span {
                Some(span) => {
                    let provenance = Provenance { source: Source::Neighbour, line_number, text };
                    let precision = open.precision();
                    taken_on.insert(index, Ok(Dating { span, precision, provenance }));
                }
                None if open.weekday.is_some() => {
                    let reason = format!("`{text}` fits no year of the headings beside it");
                    taken_on.insert(index, Err(Warning { line_number, reason }));
                }
                None => {}
            }
        }
    }
    taken_on
}

/// The headings of one level below the same one, by their indices.
fn siblings(body: &Body<'_>) -> impl Iterator<Item = Vec<usize>> {
    let mut groups: BTreeMap<(Option<usize>, u8), Vec<usize>> = BTreeMap::new();
    let mut above: Vec<(u8, usize)> = Vec::new();
    for (index, heading) in body.outline.headings.iter().enumerate() {
        while above.last().is_some_and(|(level, _)| *level >= heading.level) {
            above.pop();
        }
        let parent = above.last().map(|(_, index)| *index);
        groups.entry((parent, heading.level)).or_default().push(index);
        above.push((heading.level, index));
    }
    groups.into_values()
}

/// A heading with a date.
#[derive(Clone, Copy, Debug)]
enum Item {
    /// It has its year.
    Known(Date),
    /// It lacks its year.
    Open(Open),
}

/// A month, or a day of one.
#[derive(Clone, Copy, Debug)]
struct Open {
    month: i8,
    day: Option<i8>,
    weekday: Option<Weekday>,
}

impl Open {
    fn precision(self) -> Precision {
        if self.day.is_some() { Precision::Day } else { Precision::Month }
    }

    /// It in a year, unless it is not there or its weekday is another.
    fn of(self, year: i16) -> Option<Span> {
        let Some(day) = self.day else { return Span::month(year, self.month) };
        let day = Date::new(year, self.month, day).ok()?;
        Span::day(day).filter(|_| self.weekday.is_none_or(|weekday| day.weekday() == weekday))
    }

    /// The first after some day, or around it.
    fn from(self, day: Date) -> Option<Span> {
        let years = [Some(day.year()), day.year().checked_add(1)];
        years.into_iter().flatten().filter_map(|year| self.of(year)).find(|span| span.last() >= day)
    }

    /// The last before some day, or around it.
    fn until(self, day: Date) -> Option<Span> {
        let years = [Some(day.year()), day.year().checked_sub(1)];
        years
            .into_iter()
            .flatten()
            .filter_map(|year| self.of(year))
            .find(|span| span.start() <= day)
    }
}

fn item(reading: &Reading) -> Option<Item> {
    let weekday = reading.weekday;
    match reading.form? {
        Form::Complete(span, Precision::Day | Precision::Month) => Some(Item::Known(span.start())),
        Form::MonthDay(month, day) => Some(Item::Open(Open { month, day: Some(day), weekday })),
        Form::Month(month) => Some(Item::Open(Open { month, day: None, weekday: None })),
        _ => None,
    }
}

/// The spans of the open ones in the direction that the known ones have. One known date has both
/// directions: the one that fits more, and then the one that takes less time, is meant.
fn in_order(items: &[Item]) -> Option<Vec<Option<Span>>> {
    let known: Vec<Date> = items.iter().filter_map(|item| known(*item)).collect();
    if known.is_empty() {
        return None;
    }
    let forwards = known.is_sorted().then(|| forwards(items));
    let backwards = known.is_sorted_by(|one, next| one >= next).then(|| {
        let turned: Vec<Item> = items.iter().rev().copied().collect();
        let mut spans = self::forwards(&turned);
        spans.reverse();
        spans
    });
    let open = |spans: &Vec<Option<Span>>| {
        let found: Vec<Date> = spans.iter().flatten().map(|span| span.start()).collect();
        let all = || found.iter().chain(&known);
        let days =
            all().max().zip(all().min()).map_or(0, |(last, first)| (*last - *first).get_days());
        (std::cmp::Reverse(found.len()), days)
    };
    forwards.into_iter().chain(backwards).min_by_key(open)
}

fn known(item: Item) -> Option<Date> {
    match item {
        Item::Known(day) => Some(day),
        Item::Open(_) => None,
    }
}

/// The spans of the open ones when time goes forwards.
fn forwards(items: &[Item]) -> Vec<Option<Span>> {
    let mut spans = vec![None; items.len()];
    let Some(first) = items.iter().position(|item| known(*item).is_some()) else { return spans };
    let mut limits: Vec<Option<Date>> = vec![None; items.len()];
    let mut limit = None;
    for (index, item) in items.iter().enumerate().rev() {
        limits[index] = limit;
        limit = known(*item).or(limit);
    }
    let mut before = limit;
    for (index, item) in items.iter().enumerate().skip(first) {
        match item {
            Item::Known(day) => before = Some(*day),
            Item::Open(open) => {
                let span = before.and_then(|day| open.from(day));
                spans[index] =
                    span.filter(|span| limits[index].is_none_or(|limit| span.start() <= limit));
                before = spans[index].map(Span::start).or(before);
            }
        }
    }
    let mut after = limit;
    for (index, item) in items.iter().enumerate().take(first).rev() {
        if let Item::Open(open) = item {
            spans[index] = after.and_then(|day| open.until(day));
            after = spans[index].map(Span::start).or(after);
        }
    }
    spans
}
