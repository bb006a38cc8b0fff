//! The extract of a question for a fact, a date, a number, the first or the last.

#![expect(clippy::cast_precision_loss, reason = "counts of entries and words are small")]

use std::collections::BTreeMap;

use super::{
    document::{Document, Quote},
    extract::Material,
    pick::best_of,
    recap::item,
    writer::Writer,
};
use crate::{
    ask::phrases::{self, phrase},
    logbook::Language,
    plan::Intent,
};

/// So many sentences answer a question for a fact.
const FACTS: usize = 4;
/// So many entries are shown beside a number.
const SHOWN: usize = 5;

/// The best sentences for a fact, with their dates.
pub(super) fn facts(material: &Material<'_>, writer: &mut Writer<'_>) {
    let language = material.plan.language;
    let best = best_sentences(material, FACTS);
    for (index, (document, quote)) in best.into_iter().enumerate() {
        let date = phrases::dated(language, document.span, None);
        let quoted = writer.quoted(&quote.sentence.text, quote.passage);
        let text = format!("- {date}{} {quoted}", phrase(language, ":", " :"));
        if index == 0 { writer.paragraph(&text) } else { writer.line(&text) }
    }
}

/// The day of the best entry first, then the others that may be meant.
pub(super) fn dates(material: &Material<'_>, writer: &mut Writer<'_>) {
    let language = material.plan.language;
    let colon = phrase(language, ":", " :");
    let mut best = best_sentences(material, 3).into_iter();
    let Some((document, quote)) = best.next() else { return };
    let date = phrases::dated(language, document.span, None);
    let quoted = writer.quoted(&quote.sentence.text, quote.passage);
    writer.paragraph(&format!("**{}**{colon} {quoted}", phrases::capitalised(&date)));
    let others: Vec<_> = best.collect();
    if others.is_empty() {
        return;
    }
    writer.paragraph(phrase(language, "Also near it:", "Proches aussi :"));
    for (document, quote) in others {
        let date = phrases::dated(language, document.span, None);
        let quoted = writer.quoted(&quote.sentence.text, quote.passage);
        writer.line(&format!("- {date}{colon} {quoted}"));
    }
}

/// The earliest or the latest entry that is dated, and those next to it.
pub(super) fn end(material: &Material<'_>, writer: &mut Writer<'_>) {
    let language = material.plan.language;
    let mut dated: Vec<usize> = (0..material.documents.len())
        .filter(|place| material.documents[*place].span.is_some())
        .collect();
    if material.plan.intent == Intent::Last {
        dated.reverse();
    }
    let Some(first) = dated.first() else { return };
    if let Some(span) = material.documents[*first].span {
        writer.paragraph(&format!("**{}**", phrases::capitalised(&phrases::span(language, span))));
    }
    let item_text = item(material, *first, writer);
    writer.paragraph(&item_text);
    if dated.len() > 1 {
        writer.paragraph(match material.plan.intent {
            Intent::Last => phrase(language, "Before it:", "Avant cela :"),
            _ => phrase(language, "After it:", "Après cela :"),
        });
        for place in dated.iter().skip(1).take(2) {
            let item = item(material, *place, writer);
            writer.line(&format!("- {item}"));
        }
    }
}

/// How many entries there are, exactly, with the first few.
pub(super) fn count(material: &Material<'_>, writer: &mut Writer<'_>) {
    let language = material.plan.language;
    let has_topic = !material.plan.topic.is_empty();
    let counted = if has_topic { material.documents.len() } else { material.entries };
    let entries = phrases::entries(language, counted);
    let period: Vec<String> =
        material.plan.spans.iter().map(|asked| phrases::within(language, asked.span)).collect();
    let mut text = format!("**{entries}**");
    if !period.is_empty() {
        text = format!("{text} {}", phrases::list(language, &period));
    }
    if has_topic {
        let topic = &material.plan.topic;
        text = match language {
            Language::English => format!("{text} that speak of \"{topic}\""),
            Language::French => format!("{text} qui parlent de « {topic} »"),
        };
    }
    writer.paragraph(&format!("{text}."));
    let dated = material.documents.len();
    for (index, place) in (0..dated.min(SHOWN)).enumerate() {
        let item = item(material, place, writer);
        let line = format!("{}. {item}", place + 1);
        if index == 0 { writer.paragraph(&line) } else { writer.line(&line) }
    }
    if dated > SHOWN {
        let more = phrases::number(language, counted - SHOWN);
        writer.paragraph(&match language {
            Language::English => format!("… and {more} more."),
            Language::French => format!("… et {more} de plus."),
        });
    }
}

/// The years or months with the most entries, with some of the first.
pub(super) fn most(material: &Material<'_>, writer: &mut Writer<'_>) {
    let language = material.plan.language;
    let by_year = material.plan.spans.iter().all(|asked| asked.span.days() > 366);
    let mut counts: BTreeMap<(i16, i8), Vec<usize>> = BTreeMap::new();
    for (place, document) in material.documents.iter().enumerate() {
        if let Some(span) = document.span {
            let month = if by_year { 0 } else { span.start().month() };
            counts.entry((span.start().year(), month)).or_default().push(place);
        }
    }
    let mut ranked: Vec<((i16, i8), Vec<usize>)> = counts.into_iter().collect();
    ranked.sort_by_key(|(key, places)| (std::cmp::Reverse(places.len()), *key));
    let name = |(year, month): (i16, i8)| {
        if by_year {
            year.to_string()
        } else {
            format!("{} {year}", phrases::month(language, month))
        }
    };
    for (index, (key, places)) in ranked.iter().take(SHOWN).enumerate() {
        let name = phrases::capitalised(&name(*key));
        let entries = phrases::entries(language, places.len());
        let mark = if index == 0 { "**" } else { "" };
        let line =
            format!("{}. {mark}{name}{mark}{} {entries}", index + 1, phrase(language, ":", " :"));
        if index == 0 { writer.paragraph(&line) } else { writer.line(&line) }
    }
    if let Some((_, places)) = ranked.first() {
        for (index, place) in places.iter().take(SHOWN).enumerate() {
            let item = item(material, *place, writer);
            let line = format!("- {item}");
            if index == 0 { writer.paragraph(&line) } else { writer.line(&line) }
        }
    }
}

/// The sentences that say most of what is asked, best first, one of each entry.
fn best_sentences<'a>(material: &'a Material<'_>, wanted: usize) -> Vec<(&'a Document, &'a Quote)> {
    let mut found: Vec<(&Document, &Quote, f32)> = material
        .documents
        .iter()
        .filter_map(|document| {
            let (quote, score) = best_of(document, material.wanted())?;
            // Passages come best first; the one that a sentence stands in says as much as its words.
            let rank = 1.0 + quote.passage as f32;
            Some((document, quote, score * (1.0 + 2.0 / rank)))
        })
        .collect();
    found.sort_by(|one, other| other.2.total_cmp(&one.2));
    found.truncate(wanted);
    found.into_iter().map(|(document, quote, _)| (document, quote)).collect()
}
