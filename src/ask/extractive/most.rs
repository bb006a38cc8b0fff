//! The extract of a question for the most: exact counts by the units of the calendar.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use jiff::{
    ToSpan as _,
    civil::{Date, Weekday},
};

use super::{extract::Material, recap::item, writer::Writer};
use crate::{
    ask::phrases::{self, phrase},
    logbook::{Language, Span, Weekdays},
    plan::By,
};

/// So many units are named, and so many entries of the first of them.
const SHOWN: usize = 5;
/// All weekdays are named.
const WEEKDAYS_SHOWN: usize = 7;

/// What entries are counted by.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Counted {
    /// A year, a month, a week or a day.
    Days(Span),
    /// A weekday, by its place behind Monday.
    Weekday(i8),
}

/// Units of the calendar with the places of their entries, the one with the most first.
pub(super) struct Ranked {
    pub units: Vec<(Counted, Vec<usize>)>,
    /// How many entries lie in more than one unit.
    longer: usize,
    unit: By,
}

/// The years, months, weeks, days or weekdays by how many entries they have.
pub(super) fn ranked(material: &Material<'_>) -> Ranked {
    let unit = material.plan.by.unwrap_or_else(|| usual_unit(material));
    let mut counts: BTreeMap<Counted, Vec<usize>> = BTreeMap::new();
    let mut longer: BTreeSet<usize> = BTreeSet::new();
    for (place, document) in material.documents.iter().enumerate() {
        let Some(span) = document.span else { continue };
        match counted(unit, span) {
            Some(counted) => counts.entry(counted).or_default().push(place),
            None => drop(longer.insert(place)),
        }
    }
    let mut units: Vec<(Counted, Vec<usize>)> = counts.into_iter().collect();
    units.sort_by_key(|(counted, places)| (Reverse(places.len()), *counted));
    Ranked { units, longer: longer.len(), unit }
}

/// The years, months, weeks, days or weekdays with the most entries, with some of the first.
pub(super) fn most(material: &Material<'_>, writer: &mut Writer<'_>) {
    let language = material.plan.language;
    let Ranked { units, longer, unit } = ranked(material);
    let shown = if unit == By::Weekday { WEEKDAYS_SHOWN } else { SHOWN };
    for (index, (counted, places)) in units.iter().take(shown).enumerate() {
        let name = counted.name(language);
        let entries = phrases::entries(language, places.len());
        let mark = if index == 0 { "**" } else { "" };
        let line =
            format!("{}. {mark}{name}{mark}{} {entries}", index + 1, phrase(language, ":", " :"));
        if index == 0 { writer.paragraph(&line) } else { writer.line(&line) }
    }
    if let Some(left) = left_over(language, longer) {
        writer.paragraph(&left);
    }
    if let Some((_, places)) = units.first() {
        for (index, place) in places.iter().take(SHOWN).enumerate() {
            let item = item(material, *place, writer);
            let line = format!("- {item}");
            if index == 0 { writer.paragraph(&line) } else { writer.line(&line) }
        }
    }
}

/// What is said of entries that lie in more than one unit.
fn left_over(language: Language, count: usize) -> Option<String> {
    let entries = phrases::entries(language, count);
    Some(match (language, count) {
        (_, 0) => return None,
        (Language::English, 1) => format!("{entries} of a longer time is in none of them."),
        (Language::English, _) => format!("{entries} of a longer time are in none of them."),
        (Language::French, 1) => format!("{entries} d’une plus longue durée n’y compte pas."),
        (Language::French, _) => format!("{entries} d’une plus longue durée n’y comptent pas."),
    })
}

/// Months within a year, years where the period is longer.
fn usual_unit(material: &Material<'_>) -> By {
    let long = material.plan.spans.iter().all(|asked| asked.span.days() > 366);
    if long { By::Year } else { By::Month }
}

/// The unit that an entry's days lie in; none when they lie in more than one.
fn counted(unit: By, span: Span) -> Option<Counted> {
    if unit == By::Weekday {
        let weekday = Weekdays::of(span)?;
        return Some(Counted::Weekday(weekday.to_monday_zero_offset()));
    }
    around(unit, span.start()).filter(|whole| whole.contains(span)).map(Counted::Days)
}

/// The unit around a day.
fn around(unit: By, day: Date) -> Option<Span> {
    match unit {
        By::Year => Span::year(day.year()),
        By::Month => Span::month(day.year(), day.month()),
        By::Week => {
            let since_monday = i64::from(day.weekday().to_monday_zero_offset());
            let monday = day.checked_sub(since_monday.days()).ok()?;
            Span::new(monday, monday.checked_add(7.days()).ok()?)
        }
        By::Day | By::Weekday => Span::day(day),
    }
}

impl Counted {
    pub(super) fn name(self, language: Language) -> String {
        let name = match self {
            Self::Days(days) => phrases::span(language, days),
            Self::Weekday(place) => Weekday::from_monday_zero_offset(place)
                .map(|weekday| phrases::weekday(language, weekday).to_owned())
                .unwrap_or_default(),
        };
        phrases::capitalised(&name)
    }
}
