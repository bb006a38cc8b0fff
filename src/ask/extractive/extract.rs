//! Which kind of extract answers which intent.

use std::collections::BTreeSet;

use super::{
    document::{Document, Surfaces, documents},
    lookup, recap,
    writer::Writer,
};
use crate::{
    ask::{
        Passage, Retrieved,
        citation::{Citation, CurrentText},
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
    pub documents: Vec<Document>,
    pub surfaces: Surfaces,
    /// The terms of the topic, which title nothing since all is about them.
    pub asked: BTreeSet<Term>,
    /// How many entries the period has.
    pub entries: usize,
}

/// Answers a plan with sentences of what was retrieved for it.
#[must_use]
pub fn extract(
    retrieved: &Retrieved,
    plan: &Plan,
    reader: &TermReader,
    current: &CurrentText<'_>,
) -> Extract {
    let mut surfaces = Surfaces::default();
    let documents = documents(&retrieved.passages, reader, &mut surfaces);
    let material = Material {
        plan,
        passages: &retrieved.passages,
        documents,
        surfaces,
        asked: reader.query_terms(&plan.topic).into_iter().collect(),
        entries: retrieved.entries,
    };
    let mut writer = Writer::new(&retrieved.passages);
    match plan.intent {
        Intent::Lookup => lookup::facts(&material, &mut writer, reader),
        Intent::When => lookup::dates(&material, &mut writer, reader),
        Intent::First | Intent::Last => lookup::end(&material, &mut writer),
        Intent::Count => lookup::count(&material, &mut writer),
        Intent::Most => lookup::most(&material, &mut writer),
        Intent::List => recap::list(&material, &mut writer),
        Intent::Compare => recap::compare(&material, &mut writer),
        Intent::OnThisDay => recap::entry_by_entry(&material, &all(&material), &mut writer),
        Intent::Recap => recap::recap(&material, &all(&material), &mut writer),
    }
    writer.paragraph(&format!("_{}_", phrases::made_without_model(plan.language)));
    let (text, citations) = writer.finish(current);
    Extract { text, citations }
}

/// The places of all the entries.
pub(super) fn all(material: &Material<'_>) -> Vec<usize> {
    (0..material.documents.len()).collect()
}

/// The first and the last day of some entries.
pub(super) fn reach(documents: &[Document], members: &[usize]) -> Option<Span> {
    let spans = || members.iter().filter_map(|place| documents[*place].span);
    Span::new(spans().map(Span::start).min()?, spans().map(Span::end).max()?)
}
