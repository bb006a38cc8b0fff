//! Which sentences stand for a group of entries.

#![expect(clippy::cast_precision_loss, reason = "counts of entries and words are small")]

use std::collections::{BTreeMap, BTreeSet};

use super::document::{Document, Quote};
use crate::{index::Term, logbook::Language};

/// How much better a sentence in the language of the question is.
const SAME_LANGUAGE: f32 = 1.15;
/// How much better a sentence of an entry with a title of its own is.
const OWN_TITLE: f32 = 1.1;
/// How much a sentence loses for each one already taken of the same month.
const SAME_MONTH: f32 = 0.8;

/// What a sentence is wanted for.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    /// The terms of the question: a sentence with one of them comes before any without.
    pub asked: &'a BTreeSet<Term>,
    /// How telling other terms are.
    pub terms: &'a BTreeMap<Term, f32>,
    /// The language of the question.
    pub language: Language,
}

impl Wanted<'_> {
    /// Whether a sentence has a word of the question.
    pub(super) fn is_asked(&self, quote: &Quote) -> bool {
        quote.terms.iter().any(|term| self.asked.contains(term))
    }

    fn is_telling(&self, quote: &Quote) -> bool {
        quote.terms.iter().any(|term| self.terms.contains_key(term))
    }

    /// How much of what is wanted a sentence says.
    fn relevance(&self, quote: &Quote) -> f32 {
        let weight = |term| {
            let asked = if self.asked.contains(term) { 1.0 } else { 0.0 };
            self.terms.get(term).map_or(asked, |weight| asked + weight)
        };
        quote.terms.iter().map(weight).sum()
    }
}

/// The best sentences of some entries, at most one of each, in order of time.
pub(super) fn pick<'a>(
    documents: &'a [Document],
    members: &[usize],
    wanted: Wanted<'_>,
    quotes_max: usize,
) -> Vec<&'a Quote> {
    let mut best: Vec<(usize, &Quote, f32)> = members
        .iter()
        .filter_map(|place| {
            let (quote, score) = best_of(&documents[*place], wanted)?;
            let is_about =
                wanted.terms.is_empty() || wanted.is_asked(quote) || wanted.is_telling(quote);
            is_about.then_some((*place, quote, score))
        })
        .collect();
    let mut taken: Vec<(usize, &Quote)> = Vec::new();
    while taken.len() < quotes_max && !best.is_empty() {
        let score = |(place, quote, score): &(usize, &Quote, f32)| {
            taken.iter().fold(*score, |score, (other, chosen)| {
                let is_same_month = month(&documents[*place]) == month(&documents[*other]);
                let spread = if is_same_month { SAME_MONTH } else { 1.0 };
                score * spread * (1.0 - overlap(quote, chosen))
            })
        };
        let place = best
            .iter()
            .enumerate()
            .max_by(|(_, one), (_, other)| score(one).total_cmp(&score(other)))
            .map(|(place, _)| place);
        let Some(place) = place else { break };
        let (document, quote, _) = best.swap_remove(place);
        taken.push((document, quote));
    }
    taken.sort_by_key(|(document, quote)| (*document, quote.passage, quote.sentence.order));
    taken.into_iter().map(|(_, quote)| quote).collect()
}

/// The best sentence of an entry, where it has one that can be quoted; one about what is asked,
/// where it has that.
pub(super) fn best_of<'a>(document: &'a Document, wanted: Wanted<'_>) -> Option<(&'a Quote, f32)> {
    // Who wrote more that day, or gave it a title, had more to say.
    let weight = (1.0 + 0.1 * (document.quotes.len() as f32).ln().max(0.0))
        * if document.title.is_empty() { 1.0 } else { OWN_TITLE };
    let score = |quote: &Quote| {
        let relevance = wanted.relevance(quote);
        let length = (4.0 + quote.terms.len() as f32).sqrt();
        let in_language = if quote.language == wanted.language { SAME_LANGUAGE } else { 1.0 };
        weight * quote.sentence.quality * in_language * (0.35 + 1.5 * relevance / length)
    };
    let quotable = || document.quotes.iter().filter(|quote| quote.sentence.quality > 0.0);
    let has_asked = quotable().any(|quote| wanted.is_asked(quote));
    quotable()
        .filter(|quote| !has_asked || wanted.is_asked(quote))
        .map(|quote| (quote, score(quote)))
        .max_by(|one, other| {
            one.1.total_cmp(&other.1).then(other.0.sentence.order.cmp(&one.0.sentence.order))
        })
}

fn month(document: &Document) -> Option<(i16, i8)> {
    document.span.map(|span| (span.start().year(), span.start().month()))
}

/// The share of the shorter sentence's terms that both have.
fn overlap(one: &Quote, other: &Quote) -> f32 {
    let shared = one.terms.iter().filter(|term| other.terms.contains(term)).count();
    let shorter = one.terms.len().min(other.terms.len()).max(1);
    shared as f32 / shorter as f32
}
