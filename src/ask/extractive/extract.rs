//! Which kind of extract answers which intent.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    document::{Document, documents},
    lookup, most,
    pick::Wanted,
    recap,
    words::{Surfaces, asked_for},
    writer::Writer,
};
use crate::{
    ask::{
        Passage, Retrieved,
        citation::{Citation, CurrentText},
        largest::Measured,
        phrases,
    },
    index::{Term, TermReader},
    logbook::Span,
    plan::{Intent, Plan},
};

/// An answer made of the notes' own sentences.
#[derive(Clone, Debug)]
pub struct Extract {
    /// The answer in markdown, with citations as `[n]`.
    pub text: String,
    /// The citations, by number.
    pub citations: Vec<Citation>,
}

/// What an extract is made from.
pub(super) struct Material<'a> {
    pub plan: &'a Plan,
    pub passages: &'a [Passage],
    /// What the passages measure, the largest or the smallest first.
    pub measured: &'a [Measured],
    pub documents: Vec<Document>,
    pub surfaces: Surfaces,
    /// The terms of the topic; they title nothing, since all is about them.
    pub asked: BTreeSet<Term>,
    /// How many entries the period has.
    pub entries: usize,
}

impl Material<'_> {
    /// What a sentence is wanted for that stands for one entry.
    pub(super) fn wanted(&self) -> Wanted<'_> {
        self.wanted_with(&NO_TERMS)
    }

    /// The same within a group of which some terms are telling.
    pub(super) fn wanted_with<'a>(&'a self, terms: &'a BTreeMap<Term, f32>) -> Wanted<'a> {
        Wanted { asked: &self.asked, terms, language: self.plan.language }
    }
}

static NO_TERMS: BTreeMap<Term, f32> = BTreeMap::new();

/// Answers a plan with sentences of what was retrieved for it.
#[must_use]
pub fn extract(
    retrieved: &Retrieved,
    plan: &Plan,
    reader: &TermReader,
    current: &CurrentText<'_>,
) -> Extract {
    let material = material(retrieved, plan, reader);
    let mut writer = Writer::new(&retrieved.passages);
    match plan.intent {
        Intent::Lookup => lookup::facts(&material, &mut writer),
        Intent::When | Intent::Weekday => lookup::dates(&material, &mut writer),
        Intent::First | Intent::Last => lookup::end(&material, &mut writer),
        Intent::Largest | Intent::Smallest if material.measured.is_empty() => {
            lookup::facts(&material, &mut writer);
        }
        Intent::Largest | Intent::Smallest => lookup::largest(&material, &mut writer),
        Intent::Count => lookup::count(&material, &mut writer),
        Intent::Most => most::most(&material, &mut writer),
        Intent::List => recap::list(&material, &mut writer),
        Intent::Compare => recap::compare(&material, &mut writer),
        Intent::OnThisDay => recap::entry_by_entry(&material, &all(&material), &mut writer),
        Intent::Recap => {
            recap::recap(&material, &all(&material), period(plan), &mut writer);
        }
    }
    writer.paragraph(&format!("_{}_", phrases::made_without_model(plan.language)));
    let (text, citations) = writer.finish(current);
    Extract { text, citations }
}

/// What an answer to a plan without a model is made from.
pub(super) fn material<'a>(
    retrieved: &'a Retrieved,
    plan: &'a Plan,
    reader: &TermReader,
) -> Material<'a> {
    let facts = matches!(plan.intent, Intent::Lookup | Intent::When);
    let topic = if plan.topic.is_empty() && facts { &plan.resolved } else { &plan.topic };
    let asked = asked_for(topic, reader);
    let (documents, surfaces) = documents(&retrieved.passages, reader, &asked);
    Material {
        plan,
        passages: &retrieved.passages,
        measured: &retrieved.measured,
        documents,
        surfaces,
        asked,
        entries: retrieved.entries,
    }
}

/// The places of all the entries.
pub(super) fn all(material: &Material<'_>) -> Vec<usize> {
    (0..material.documents.len()).collect()
}

/// The period that a plan asks for as a whole; none when any time will do, or a day of any year.
pub(super) fn period(plan: &Plan) -> Option<Span> {
    let spans = || plan.spans.iter().filter(|_| !plan.yearly).map(|asked| asked.span);
    Span::new(spans().map(Span::start).min()?, spans().map(Span::end).max()?)
}

/// The first and the last day of some entries.
pub(super) fn reach(documents: &[Document], members: &[usize]) -> Option<Span> {
    let spans = || members.iter().filter_map(|place| documents[*place].span);
    Span::new(spans().map(Span::start).min()?, spans().map(Span::end).max()?)
}
