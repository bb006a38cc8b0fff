//! The extract of a question for a fact, a date, a number, the first or the last.

#![expect(clippy::cast_precision_loss, reason = "counts of entries and words are small")]

use std::collections::BTreeSet;

use super::{
    document::{Document, Quote},
    extract::Material,
    pick::best_of,
    recap::{item, told},
    writer::Writer,
};
use crate::{
    ask::{
        largest::Measured,
        phrases::{self, phrase},
        quantity::{Quantity, quantities},
    },
    logbook::{Language, Span, Weekdays},
    plan::{By, Intent},
};

/// So many sentences answer a question for a fact.
const FACTS: usize = 4;
/// So many sentences answer a question for a day.
const DATES: usize = 3;
/// Of the best share of the words asked for that an entry has, the part that the first or the last
/// must have.
const COVERAGE_OF_BEST: f32 = 0.8;
/// So many entries are shown beside a number.
const SHOWN: usize = 5;

/// The best sentences for a fact, with their dates: those of the period before any others.
pub(super) fn facts(material: &Material<'_>, writer: &mut Writer<'_>) {
    let Found { within, outside } = found(material, FACTS);
    for (index, fact) in within.iter().enumerate() {
        let line = dated_line(material, *fact, writer);
        if index == 0 { writer.paragraph(&line) } else { writer.line(&line) }
    }
    at_other_times(material, &within, &outside, writer);
}

/// The day of the best entry first, then the others that may be meant.
pub(super) fn dates(material: &Material<'_>, writer: &mut Writer<'_>) {
    let language = material.plan.language;
    let Found { within, outside } = found(material, DATES);
    if let Some(((document, quote), others)) = within.split_first() {
        let date = phrases::capitalised(&dated(material, document.span));
        let quoted = writer.quoted(&quote.sentence.text, quote.passage);
        writer.paragraph(&format!("**{date}**{} {quoted}", phrase(language, ":", " :")));
        if !others.is_empty() {
            writer.paragraph(phrase(language, "Also near it:", "Proches aussi :"));
        }
        for fact in others {
            let line = dated_line(material, *fact, writer);
            writer.line(&line);
        }
    }
    at_other_times(material, &within, &outside, writer);
}

/// The days of an entry, with the weekday where that is asked for.
fn dated(material: &Material<'_>, days: Option<Span>) -> String {
    let language = material.plan.language;
    let date = phrases::dated(language, days, None);
    match days.and_then(Weekdays::of).filter(|_| material.plan.by == Some(By::Weekday)) {
        Some(weekday) => {
            let comma = phrase(language, ",", "");
            format!("{}{comma} {date}", phrases::weekday(language, weekday))
        }
        None => date,
    }
}

/// What lies outside of the period that was asked for, under words that say so.
fn at_other_times(
    material: &Material<'_>,
    within: &[Fact<'_>],
    outside: &[Fact<'_>],
    writer: &mut Writer<'_>,
) {
    if outside.is_empty() {
        return;
    }
    let language = material.plan.language;
    let periods = phrases::times(material.plan);
    writer.paragraph(&match (language, within.is_empty()) {
        (Language::English, false) => "At other times:".to_owned(),
        (Language::French, false) => "À d’autres moments :".to_owned(),
        (Language::English, true) => format!("Nothing on it {periods}. At other times:"),
        (Language::French, true) => format!("Rien là-dessus {periods}. À d’autres moments :"),
    });
    for fact in outside {
        let line = dated_line(material, *fact, writer);
        writer.line(&line);
    }
}

/// `- 2 October 2022: Finished my first half marathon. [1]`
fn dated_line(material: &Material<'_>, fact: Fact<'_>, writer: &mut Writer<'_>) -> String {
    let (document, quote) = fact;
    let language = material.plan.language;
    let date = dated(material, document.span);
    let quoted = writer.quoted(&quote.sentence.text, quote.passage);
    format!("- {date}{} {quoted}", phrase(language, ":", " :"))
}

/// The places of the dated entries that have most of the words asked for, from the end that is meant.
pub(super) fn from_the_end(material: &Material<'_>) -> Vec<usize> {
    let coverage = |document: &Document| {
        let shares = document.passages.iter().map(|place| material.passages[*place].score.coverage);
        shares.fold(0.0, f32::max)
    };
    let best = material.documents.iter().map(coverage).fold(0.0, f32::max);
    let is_about =
        |document: &Document| material.asked.iter().any(|term| document.counts.contains_key(term));
    let has_words = material.documents.iter().any(is_about);
    let mut dated: Vec<usize> = (0..material.documents.len())
        .filter(|place| {
            let document = &material.documents[*place];
            document.span.is_some()
                && coverage(document) >= COVERAGE_OF_BEST * best
                && (!has_words || is_about(document))
        })
        .collect();
    if material.plan.intent == Intent::Last {
        dated.reverse();
    }
    dated
}

/// The earliest or the latest entry that is dated and has most of the words asked for, and those
/// next to it.
pub(super) fn end(material: &Material<'_>, writer: &mut Writer<'_>) {
    let language = material.plan.language;
    let dated = from_the_end(material);
    let Some((first, others)) = dated.split_first() else { return };
    let document = &material.documents[*first];
    let date = phrases::capitalised(&phrases::dated(language, document.span, None));
    let told = match best_of(document, material.wanted()) {
        Some((quote, _)) => told(material, quote, writer),
        None => writer.quoted(&phrases::capitalised(&document.title), document.passages[0]),
    };
    writer.paragraph(&format!("**{date}**{} {}", phrase(language, ":", " :"), told.trim_start()));
    if others.is_empty() {
        return;
    }
    writer.paragraph(match material.plan.intent {
        Intent::Last => phrase(language, "Before it:", "Avant cela :"),
        _ => phrase(language, "After it:", "Après cela :"),
    });
    for place in others.iter().take(2) {
        let item = item(material, *place, writer);
        writer.line(&format!("- {item}"));
    }
}

/// The entry with the largest quantity or the smallest one, and those next to it.
pub(super) fn largest(material: &Material<'_>, writer: &mut Writer<'_>) {
    let language = material.plan.language;
    for (index, measured) in ranked(material).into_iter().take(SHOWN).enumerate() {
        let document = &material.documents[measured.document];
        let date = phrases::capitalised(&phrases::dated(language, document.span, None));
        let text = writer.quoted(measured.text, measured.passage);
        let colon = phrase(language, ":", " :");
        match index {
            0 => writer.paragraph(&format!("**{date}**{colon} {text}")),
            1 => {
                writer.paragraph(phrase(language, "Next to it:", "Ensuite :"));
                writer.line(&format!("- {date}{colon} {text}"));
            }
            _ => writer.line(&format!("- {date}{colon} {text}")),
        }
    }
}

/// An entry that names a quantity, and the sentence that does.
pub(super) struct Ranked<'a> {
    pub(super) quantity: Quantity,
    pub(super) text: &'a str,
    pub(super) document: usize,
    pub(super) passage: usize,
}

/// The entries by the quantity that they name, each once.
pub(super) fn ranked<'a>(material: &'a Material<'_>) -> Vec<Ranked<'a>> {
    let mut known = BTreeSet::new();
    let places = material.measured.iter().filter_map(|measured| {
        let is_its = |passage: &usize| material.passages[*passage].entry_key() == measured.entry;
        let document = material
            .documents
            .iter()
            .position(|document| document.passages.first().is_some_and(is_its))?;
        known.insert(document).then_some((measured, document))
    });
    places.map(|(measured, document)| measured_in(material, measured, document)).collect()
}

fn measured_in<'a>(material: &'a Material<'_>, measured: &'a Measured, place: usize) -> Ranked<'a> {
    let document = &material.documents[place];
    let letters = |text: &str| text.chars().filter(|it| it.is_alphanumeric()).collect::<String>();
    let wanted = letters(&measured.sentence);
    // A quote has no mark and no date before it, and may be of more than one sentence.
    let is_it = |quote: &&Quote| {
        let told = letters(&quote.sentence.text);
        (wanted.contains(&told) || told.contains(&wanted))
            && quantities(&quote.sentence.text).contains(&measured.quantity)
    };
    let quote = document.quotes.iter().find(is_it);
    Ranked {
        quantity: measured.quantity,
        text: quote.map_or(&measured.sentence, |quote| &quote.sentence.text),
        document: place,
        passage: quote.map_or(document.passages[0], |quote| quote.passage),
    }
}

/// How many entries there are, exactly.
pub(super) fn number(material: &Material<'_>) -> usize {
    if material.plan.topic.is_empty() { material.entries } else { material.documents.len() }
}

/// The number of entries in a sentence, between marks: `**9 entries** in March 2021.`
pub(super) fn numbered(material: &Material<'_>, mark: &str) -> String {
    let language = material.plan.language;
    let counted = number(material);
    let entries = phrases::entries(language, counted);
    let period = phrases::times(material.plan);
    let mut text = format!("{mark}{entries}{mark}");
    if !period.is_empty() {
        text = format!("{text} {period}");
    }
    if !material.plan.topic.is_empty() {
        let topic = &material.plan.topic;
        let is_one = counted == 1 || counted == 0 && language == Language::French;
        text = match language {
            Language::English if is_one => format!("{text} that speaks of \"{topic}\""),
            Language::English => format!("{text} that speak of \"{topic}\""),
            Language::French if is_one => format!("{text} qui parle de « {topic} »"),
            Language::French => format!("{text} qui parlent de « {topic} »"),
        };
    }
    format!("{text}.")
}

/// How many entries there are, exactly, with the first few.
pub(super) fn count(material: &Material<'_>, writer: &mut Writer<'_>) {
    let language = material.plan.language;
    writer.paragraph(&numbered(material, "**"));
    let dated = material.documents.len();
    for (index, place) in (0..dated.min(SHOWN)).enumerate() {
        let item = item(material, place, writer);
        let line = format!("{}. {item}", place + 1);
        if index == 0 { writer.paragraph(&line) } else { writer.line(&line) }
    }
    if dated > SHOWN {
        let more = phrases::number(language, number(material) - SHOWN);
        writer.paragraph(&match language {
            Language::English => format!("… and {more} more."),
            Language::French => format!("… et {more} de plus."),
        });
    }
}

/// A sentence, and the entry that it stands in.
type Fact<'a> = (&'a Document, &'a Quote);

/// The sentences that answer, best first, one of each entry.
struct Found<'a> {
    /// Those of the period asked for; all of them, where none is asked for.
    within: Vec<Fact<'a>>,
    /// Those of other times.
    outside: Vec<Fact<'a>>,
}

/// The sentences that say most of what is asked. A period is only preferred: whatever it has of the
/// words asked for comes first, and then what fits best at other times.
fn found<'a>(material: &'a Material<'_>, wanted: usize) -> Found<'a> {
    let plan = material.plan;
    let mut best: Vec<(Fact<'a>, f32)> = material
        .documents
        .iter()
        .filter_map(|document| {
            let (quote, score) = best_of(document, material.wanted())?;
            // Passages come best first; the one that a sentence stands in says as much as its words.
            let rank = 1.0 + quote.passage as f32;
            Some(((document, quote), score * (1.0 + 2.0 / rank)))
        })
        .collect();
    best.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    let best: Vec<Fact<'a>> = best.into_iter().map(|(fact, _)| fact).collect();
    let has_words = |(_, quote): &Fact<'_>| material.wanted().is_asked(quote);
    let has_meaning = |(_, quote): &Fact<'_>| material.passages[quote.passage].score.dense > 0.0;
    // What shares neither words nor meaning with the question is shown where there is nothing else.
    let is_loose = |fact: &Fact<'_>| !has_words(fact) && !has_meaning(fact);
    let are_all_loose = best.iter().all(is_loose);
    let is_within = |(document, _): &Fact<'_>| {
        let overlaps = |span: Span| plan.spans.iter().any(|asked| asked.span.overlaps(span));
        plan.spans.is_empty() || plan.yearly || document.span.is_some_and(overlaps)
    };
    let mut found = Found { within: Vec::new(), outside: Vec::new() };
    for (place, fact) in best.into_iter().enumerate() {
        let is_best = place < wanted && (are_all_loose || !is_loose(&fact));
        let is_in = is_within(&fact);
        if is_in && (is_best || has_words(&fact)) && found.within.len() < wanted {
            found.within.push(fact);
        } else if !is_in && is_best {
            found.outside.push(fact);
        }
    }
    found
}
