//! What the index answers by itself: how many, the first, the last, the most, a day of every year.

use std::collections::BTreeMap;

use super::{
    document::Document,
    extract::{Material, all, material},
    lookup, most,
    most::{Counted, Ranked},
};
use crate::{
    ask::{
        Passage, Retrieved,
        exact::{Exact, Fact},
        phrases,
    },
    index::TermReader,
    logbook::{Language, Span},
    plan::{Intent, Plan},
};

/// So many units of the calendar are told.
const UNITS_TOLD: usize = 5;

/// The exact answer to a plan; none where its question is for something else than the index knows.
#[must_use]
pub fn known(retrieved: &Retrieved, plan: &Plan, reader: &TermReader) -> Option<Exact> {
    if let Some(absence) = &retrieved.absence {
        let is_counted = plan.intent == Intent::Count && absence.is_certain();
        return is_counted.then(|| none(retrieved, plan, reader));
    }
    if retrieved.passages.is_empty() {
        return None;
    }
    let material = || material(retrieved, plan, reader);
    match plan.intent {
        Intent::Count => Some(count(&material())),
        Intent::First | Intent::Last => end(&material()),
        Intent::Most => the_most(&material()),
        Intent::OnThisDay => Some(by_year(&material())),
        Intent::Largest | Intent::Smallest => largest(&material()),
        _ => None,
    }
}

/// What is nowhere, counted.
fn none(retrieved: &Retrieved, plan: &Plan, reader: &TermReader) -> Exact {
    let nothing = Retrieved { passages: Vec::new(), entries: 0, ..retrieved.clone() };
    count(&material(&nothing, plan, reader))
}

fn count(material: &Material<'_>) -> Exact {
    let number = lookup::number(material);
    let facts = vec![vec![Fact::Number(number)]];
    let behind = passages(material, &all(material));
    let exact = Exact::new(material.plan, lookup::numbered(material, ""), facts, &behind);
    exact.counting(number, [number])
}

fn end(material: &Material<'_>) -> Option<Exact> {
    let plan = material.plan;
    let place = *lookup::from_the_end(material).first()?;
    let days = material.documents[place].span?;
    let when = phrases::span(plan.language, days);
    let is_last = plan.intent == Intent::Last;
    let entry = match (plan.language, is_last) {
        (Language::English, false) => "The first entry",
        (Language::English, true) => "The last entry",
        (Language::French, false) => "La première entrée",
        (Language::French, true) => "La dernière entrée",
    };
    let times = phrases::times(plan);
    let period = if times.is_empty() { String::new() } else { format!(" {times}") };
    let topic = &plan.topic;
    let about = match plan.language {
        _ if topic.is_empty() => String::new(),
        Language::English => format!(" that speaks of \"{topic}\""),
        Language::French => format!(" qui parle de « {topic} »"),
    };
    let colon = phrases::phrase(plan.language, ":", " :");
    let text = format!("{entry}{period}{about}{colon} {when}.");
    Some(Exact::new(plan, text, vec![vec![Fact::Days(days)]], &passages(material, &[place])))
}

fn the_most(material: &Material<'_>) -> Option<Exact> {
    let Ranked { units, .. } = most::ranked(material);
    let most = units.first()?.1.len();
    let first = units.iter().take_while(|(_, places)| places.len() == most);
    let facts = first.clone().map(|(unit, _)| fact(*unit)).collect();
    let places: Vec<usize> = first.flat_map(|(_, places)| places.iter().copied()).collect();
    let text = told(material, units.iter().take(UNITS_TOLD).map(|(unit, it)| (*unit, it.len())));
    let exact = Exact::new(material.plan, text, vec![facts], &passages(material, &places));
    Some(exact.counting(most, units.iter().map(|(_, places)| places.len())))
}

fn by_year(material: &Material<'_>) -> Exact {
    let mut years: BTreeMap<i16, usize> = BTreeMap::new();
    for days in material.documents.iter().filter_map(|document| document.span) {
        *years.entry(days.start().year()).or_default() += 1;
    }
    let units = years.iter().filter_map(|(year, count)| Some((Span::year(*year)?, *count)));
    let units: Vec<(Counted, usize)> =
        units.map(|(year, count)| (Counted::Days(year), count)).collect();
    let facts = units.iter().map(|(year, _)| vec![fact(*year)]).collect();
    let text = told(material, units.iter().copied());
    let exact = Exact::new(material.plan, text, facts, &passages(material, &all(material)));
    let number = material.documents.len();
    exact.counting(number, units.iter().map(|(_, count)| *count).chain([number]))
}

fn largest(material: &Material<'_>) -> Option<Exact> {
    let plan = material.plan;
    let ranked = lookup::ranked(material);
    let first = ranked.first()?;
    let span = material.documents[first.document].span;
    let when = phrases::dated(plan.language, span, None);
    let said = first.text.trim_end_matches('.');
    let text = match (plan.language, plan.intent) {
        (Language::English, Intent::Smallest) => {
            format!("The least that a note measures: {when}, \"{said}\".")
        }
        (Language::English, _) => format!("The most that a note measures: {when}, \"{said}\"."),
        (Language::French, Intent::Smallest) => {
            format!("La plus petite mesure des notes : {when}, « {said} ».")
        }
        (Language::French, _) => format!("La plus grande mesure des notes : {when}, « {said} »."),
    };
    let facts = vec![vec![Fact::Measured(first.quantity, span)]];
    Some(Exact::new(plan, text, facts, &[&material.passages[first.passage]]))
}

/// `2022: 84 entries; 2021: 73 entries.`
fn told(material: &Material<'_>, units: impl Iterator<Item = (Counted, usize)>) -> String {
    let language = material.plan.language;
    let colon = phrases::phrase(language, ":", " :");
    let semicolon = phrases::phrase(language, "; ", " ; ");
    let unit = |(unit, count): (Counted, usize)| {
        format!("{}{colon} {}", unit.name(language), phrases::entries(language, count))
    };
    format!("{}.", units.map(unit).collect::<Vec<_>>().join(semicolon))
}

fn fact(unit: Counted) -> Fact {
    match unit {
        Counted::Days(days) => Fact::Days(days),
        Counted::Weekday(weekday) => Fact::Weekday(weekday),
    }
}

/// The passages that some entries begin with.
fn passages<'a>(material: &Material<'a>, places: &[usize]) -> Vec<&'a Passage> {
    let first = |document: &Document| document.passages.first().copied();
    let firsts = places.iter().filter_map(|place| first(&material.documents[*place]));
    firsts.map(|place| &material.passages[place]).collect()
}
