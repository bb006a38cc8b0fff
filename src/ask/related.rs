//! Words that mean about the same as those of a question, for notes that say it otherwise, or in
//! another language.

use std::collections::{BTreeMap, HashSet};

use super::retrieve::Retriever;
use crate::{
    error::Result,
    index::{Term, weighted_vector},
    plan::Plan,
    services::{Role, SparseVector},
};

/// How much a word of the very same meaning counts beside the word itself.
const RELATED_WEIGHT: f32 = 0.4;

/// What a question means, where there is a model; nothing otherwise.
#[derive(Debug, Default)]
pub(super) struct Meaning {
    /// Its embedding.
    pub(super) dense: Option<Vec<f32>>,
    /// The terms that are related to those of its topic.
    pub(super) related: SparseVector,
}

impl Retriever<'_> {
    /// What a plan's question means.
    ///
    /// A word that the logbook has is not embedded again; the others are, together with the question.
    ///
    /// # Errors
    /// When the model can't be asked.
    pub(super) fn meaning(&self, plan: &Plan) -> Result<Meaning> {
        let Some(embedder) = self.embedder else { return Ok(Meaning::default()) };
        let mut texts = vec![plan.resolved.clone()];
        let mut known = Vec::new();
        if !self.vocabulary.is_empty() {
            for word in self.reader.plain_words(&plan.topic) {
                match self.vocabulary.embedding(&self.reader.query_terms(&word)) {
                    Some(embedding) => known.push(embedding),
                    None => texts.push(word),
                }
            }
        }
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let mut embeddings = embedder.embed(Role::Query, &texts)?.into_iter();
        let dense = embeddings.next();
        let own: HashSet<Term> = self.reader.query_terms(&plan.topic).into_iter().collect();
        let mut weights: BTreeMap<&Term, f32> = BTreeMap::new();
        for embedding in known.into_iter().chain(embeddings) {
            for (term, similarity) in self.vocabulary.related(&embedding) {
                if !own.contains(term) {
                    let weight = weights.entry(term).or_default();
                    *weight = weight.max(RELATED_WEIGHT * similarity);
                }
            }
        }
        Ok(Meaning { dense, related: weighted_vector(weights) })
    }
}
