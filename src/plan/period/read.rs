//! Reads the periods of a text.

use std::ops::Range;

use jiff::civil::Date;

use super::{
    compound::{Item, Phrase, neighbours, phrase, simple},
    context::Verdict,
    each::{each, split},
    relative::LATELY,
    shape::{Named, Shape, Today},
    tense::is_ahead,
    token::Text,
    vocabulary as words,
    weekly::{Weekly, weekly},
    yearly::{in_each_year, yearly},
};
use crate::logbook::{Precision, Span, weekday_named};

/// A period that a text names.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Found {
    /// The days.
    pub span: Span,
    /// How exactly they were named.
    pub precision: Precision,
    /// The bytes of the text that name it.
    pub bytes: Range<usize>,
    /// Whether it is left out: `except August`.
    pub excluded: bool,
}

/// What is not certain about a period.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(in crate::plan) struct Unsure {
    /// The words.
    pub(in crate::plan) bytes: Range<usize>,
    /// Why.
    pub(in crate::plan) why: Why,
}

/// Why a period is not certain.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(in crate::plan) enum Why {
    /// It was read as part of what is asked about.
    Topic,
    /// The words give only a rough period; it was read as these days.
    Rough(Span),
    /// The words say no more than that it is not long ago; it was read as these days.
    Lately(Span),
    /// Day and month could stand the other way round; it was read as this day.
    DayFirst(Span),
    /// The end stood before the start; they were exchanged.
    Exchanged,
    /// There are words about time that were not understood.
    Unread,
}

/// All that was read of a text.
#[derive(Clone, Debug, Default)]
pub(in crate::plan) struct Reading {
    /// The periods, in order.
    pub(in crate::plan) found: Vec<Found>,
    /// What is not certain.
    pub(in crate::plan) unsure: Vec<Unsure>,
    /// The bytes of every phrase that is about time.
    pub(in crate::plan) phrases: Vec<Range<usize>>,
    /// Whether the one period is meant in every year.
    pub(in crate::plan) yearly: bool,
    /// The weekdays that recur.
    pub(in crate::plan) weekly: Vec<Weekly>,
}

/// The periods that a text names, in the order in which they stand in it.
///
/// A year or a date that is part of what the text is about (`the 2008 crisis`) is none of them.
#[must_use]
pub fn periods(text: &str, today: Today) -> Vec<Found> {
    read(&Text::new(text), today, None).found
}

/// Reads a text; a period without a year takes the year that is given, when one is.
pub(in crate::plan) fn read(text: &Text, today: Today, year: Option<i16>) -> Reading {
    let today = Today { ahead: is_ahead(text), ..today };
    let mut reading = Reading::default();
    let mut phrases: Vec<Phrase> = Vec::new();
    let mut recurring: Vec<(Shape, Range<usize>)> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let alternating = alternating(text, at);
        if let Some(end) = alternating.or_else(|| unread(text, at)) {
            reading.unsure.push(Unsure { bytes: text.bytes(&(at..end)), why: Why::Unread });
        }
        if let Some(end) = alternating {
            at = end;
            continue;
        }
        if let Some((weekly, tokens)) = weekly(text, at, today) {
            at = tokens.end;
            reading.weekly.push(weekly);
            phrases.push(simple(tokens, Verdict::Period));
            continue;
        }
        if let Some((shape, tokens)) = yearly(text, at, today) {
            at = tokens.end;
            recurring.push((shape, text.bytes(&tokens)));
            let items = vec![(Item::One(shape), tokens.clone())];
            phrases.push(Phrase { items, ..simple(tokens, Verdict::Period) });
            continue;
        }
        let Some(phrase) = phrase(text, at, today) else {
            at += 1;
            continue;
        };
        let bytes = text.bytes(&phrase.tokens);
        at = phrase.tokens.end.max(at + 1);
        match phrase.verdict {
            Verdict::Period => phrases.push(phrase),
            Verdict::Doubtful => reading.unsure.push(Unsure { bytes, why: Why::Topic }),
            Verdict::Topic => {}
        }
    }
    reading.phrases = phrases.iter().map(|phrase| text.bytes(&phrase.tokens)).collect();
    give_year(&mut phrases, year);
    for phrase in phrases.iter().filter(|phrase| !phrase.excluded) {
        add(text, phrase, today, &mut reading);
    }
    let covered = covered_years(reading.found.iter());
    for phrase in phrases.iter().filter(|phrase| phrase.excluded) {
        for year in covered.clone() {
            add(text, &dated(phrase, year), today, &mut reading);
        }
        if covered.is_empty() {
            let phrase = year.map_or_else(|| phrase.clone(), |year| dated(phrase, year));
            add(text, &phrase, today, &mut reading);
        }
    }
    reading.found.sort_by_key(|found| (found.bytes.start, found.span.start()));
    reading.found.dedup();
    if let [(shape, bytes)] = recurring.as_slice() {
        recur(&mut reading, *shape, bytes, today);
    }
    told_one_by_one(text, today, &mut reading);
    reading
}

/// What comes every year is meant in each year of the periods beside it, or else in every one.
fn recur(reading: &mut Reading, shape: Shape, bytes: &Range<usize>, today: Today) {
    reading.yearly = reading.found.iter().filter(|found| !found.excluded).count() == 1;
    let each = in_each_year(&reading.found, shape, bytes, today);
    if !each.is_empty() {
        reading.found.retain(|found| found.excluded);
        reading.found.extend(each);
    }
}

/// Splits the periods where the text asks for each part of them: `year by year`.
fn told_one_by_one(text: &Text, today: Today, reading: &mut Reading) {
    let Some((unit, tokens)) = each(text) else { return };
    let parts = split(&reading.found, unit, today);
    if parts.len() > reading.found.len() {
        reading.found = parts;
        reading.phrases.push(text.bytes(&tokens));
        reading.phrases.sort_by_key(|phrase| phrase.start);
    }
}

/// A year that stands alone is that of every other period that lacks one: `in 2021, … in March`.
fn give_year(phrases: &mut Vec<Phrase>, year: Option<i16>) {
    let lone = |phrase: &Phrase| match phrase.items.as_slice() {
        [(Item::One(Shape { named: Named::Year, year, part: None }), _)] if !phrase.excluded => {
            *year
        }
        _ => None,
    };
    let lacks = |phrase: &Phrase| {
        !phrase.excluded
            && phrase
                .items
                .iter()
                .any(|(item, _)| item.shapes().iter().any(|shape| shape.needs_year()))
    };
    let years: Vec<i16> = phrases.iter().filter_map(lone).collect();
    let lacking = phrases.iter().any(lacks);
    if let ([said], true) = (years.as_slice(), lacking) {
        phrases.retain(|phrase| lone(phrase).is_none());
        for phrase in phrases.iter_mut().filter(|phrase| lacks(phrase)) {
            *phrase = dated(phrase, *said);
        }
    } else if let Some(year) = year {
        for phrase in phrases.iter_mut().filter(|phrase| !phrase.excluded) {
            *phrase = dated(phrase, year);
        }
    }
}

fn dated(phrase: &Phrase, year: i16) -> Phrase {
    let items = phrase.items.iter().map(|(item, tokens)| (item.in_year(year), tokens.clone()));
    Phrase { items: items.collect(), ..phrase.clone() }
}

/// The years of the periods found, for what is left out of each of them.
pub(super) fn covered_years<'a>(found: impl Iterator<Item = &'a Found>) -> Vec<i16> {
    const YEARS_MAX: i16 = 50;
    let closed =
        found.filter(|found| found.span.start() > Span::MIN && found.span.end() < Span::MAX);
    let mut years: Vec<i16> = closed
        .flat_map(|found| {
            let first = found.span.start().year();
            first..=found.span.last().year().min(first.saturating_add(YEARS_MAX))
        })
        .collect();
    years.sort_unstable();
    years.dedup();
    years
}

fn add(text: &Text, phrase: &Phrase, today: Today, reading: &mut Reading) {
    for (item, tokens) in &phrase.items {
        let bytes = text.bytes(tokens);
        let Some((span, precision, exchanged)) = item.resolve(today) else { continue };
        if exchanged {
            reading.unsure.push(Unsure { bytes: bytes.clone(), why: Why::Exchanged });
        }
        if phrase.vague {
            let lately = text.any_phrase(tokens.start, LATELY).is_some();
            let why = if lately { Why::Lately(span) } else { Why::Rough(span) };
            reading.unsure.push(Unsure { bytes: bytes.clone(), why });
        }
        if phrase.day_first {
            reading.unsure.push(Unsure { bytes: bytes.clone(), why: Why::DayFirst(span) });
        }
        reading.found.push(Found { span, precision, bytes, excluded: phrase.excluded });
    }
}

/// The place behind words that name a time nobody but the writer knows: `the week before my birthday`.
fn unread(text: &Text, at: usize) -> Option<usize> {
    let decade = text.number(at).is_some_and(|(number, digits)| digits >= 2 && number % 10 == 0)
        && text.is(at + 1, &["s", "'s"])
        && text.glued(at + 1);
    if decade {
        return Some(at + 2);
    }
    if let Some(end) = no_date(text, at) {
        return Some(end);
    }
    let (_, behind) = words::unit(text, at)?;
    let beside = text.is(behind, &["before", "after", "avant", "apres"]);
    let own = text.is(
        behind + 1,
        &["my", "our", "his", "her", "their", "i", "we", "mon", "ma", "mes", "notre", "nos", "que"],
    );
    (beside && own).then_some(behind + 2)
}

/// The place behind every second of some days: `every other Monday`, `un lundi sur deux`.
fn alternating(text: &Text, at: usize) -> Option<usize> {
    let is_day = |at: usize| {
        let word = text.word(at);
        weekday_named(word).is_some() || words::unit(text, at).is_some()
    };
    if text.is(at, &["every", "each"]) {
        const STEPS: &[&str] = &["other", "second", "third", "fourth", "first", "last"];
        return (text.is(at + 1, STEPS) && is_day(at + 2)).then_some(at + 3);
    }
    let behind = text.is(at, &["un", "une"]).then(|| text.phrase(at + 2, "sur deux"))??;
    is_day(at + 1).then_some(behind)
}

/// The place behind a day that the calendar does not have: `30 February`, `2021-02-30`.
fn no_date(text: &Text, at: usize) -> Option<usize> {
    let (number, digits) = text.number(at)?;
    if digits == 4 {
        let joined = |place: usize| text.glued(place) && text.mark(place, &['-', '/']);
        let month = text.number(at + 2).filter(|_| joined(at + 1))?.0;
        let day = text.number(at + 4).filter(|_| joined(at + 3))?.0;
        return (!exists(month, day, number)).then_some(at + 5);
    }
    let (month, end) = words::month(text, at + 1)?;
    (digits <= 2 && number > 28 && !exists(month.into(), number, 2000)).then_some(end)
}

fn exists(month: i16, day: i16, year: i16) -> bool {
    let (month, day) = (i8::try_from(month).unwrap_or(0), i8::try_from(day).unwrap_or(0));
    Date::new(year, month, day).is_ok()
}

impl Item {
    pub(super) fn shapes(&self) -> Vec<Shape> {
        match *self {
            Self::One(shape)
            | Self::Since(shape)
            | Self::After(shape)
            | Self::Before(shape)
            | Self::Until(shape) => vec![shape],
            Self::Through(first, second) => {
                let (first, second) = neighbours(first, second);
                vec![first, second]
            }
        }
    }

    fn in_year(self, year: i16) -> Self {
        match self {
            Self::One(shape) => Self::One(shape.in_year(year)),
            Self::Since(shape) => Self::Since(shape.in_year(year)),
            Self::After(shape) => Self::After(shape.in_year(year)),
            Self::Before(shape) => Self::Before(shape.in_year(year)),
            Self::Until(shape) => Self::Until(shape.in_year(year)),
            Self::Through(first, second) => {
                let (first, second) = neighbours(first, second);
                Self::Through(first.in_year(year), second.in_year(year))
            }
        }
    }

    /// The days, how exact they are, and whether start and end were exchanged.
    fn resolve(self, today: Today) -> Option<(Span, Precision, bool)> {
        let open = |span: Option<Span>| Some((span?, Precision::Range, false));
        match self {
            Self::One(shape) => {
                let (span, precision) = shape.resolve(today)?;
                Some((span, precision, false))
            }
            Self::Since(shape) => open(Span::new(shape.resolve(today)?.0.start(), Span::MAX)),
            Self::After(shape) => open(Span::new(shape.resolve(today)?.0.end(), Span::MAX)),
            Self::Before(shape) => open(Span::new(Span::MIN, shape.resolve(today)?.0.start())),
            Self::Until(shape) => open(Span::new(Span::MIN, shape.resolve(today)?.0.end())),
            Self::Through(first, second) => through(first, second, today),
        }
    }
}

/// From one period to another; what lacks a year stands on its side of the other.
fn through(first: Shape, second: Shape, today: Today) -> Option<(Span, Precision, bool)> {
    let (lacks_first, lacks_second) = (first.needs_year(), second.needs_year());
    let (mut first, mut second) = neighbours(first, second);
    if first.needs_year() && second.needs_year() {
        let (span, _) = second.resolve(today)?;
        first = first.in_year(span.start().year());
        second = second.in_year(span.start().year());
    }
    let (mut from, _) = first.resolve(today)?;
    let (mut to, _) = second.resolve(today)?;
    if from.start() >= to.end() && lacks_first {
        first.year = first.year.and_then(|year| year.checked_sub(1));
        from = first.resolve(today)?.0;
    } else if from.start() >= to.end() && lacks_second {
        second.year = second.year.and_then(|year| year.checked_add(1));
        to = second.resolve(today)?.0;
    }
    let exchanged = from.start() >= to.end();
    if exchanged {
        (from, to) = (to, from);
    }
    Some((Span::new(from.start(), to.end())?, Precision::Range, exchanged))
}
