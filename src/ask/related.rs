//! Words that mean about the same as those of a question, for notes that say it otherwise, or in
//! another language.

use std::collections::BTreeMap;

use super::retrieve::Retriever;
use crate::{
    error::Result,
    index::{Term, weighted_vector},
    plan::Plan,
    services::{Embedder, Role, SparseVector},
};

/// How much a word of the very same meaning counts beside the word itself.
const RELATED_WEIGHT: f32 = 0.4;

/// What a question means, as far as models tell.
#[derive(Debug, Default)]
pub(super) struct Meaning {
    /// Its embedding; none without a model.
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
        let mut related = Related::default();
        for word in &plan.other_words {
            for term in self.reader.query_terms(word) {
                related.add(term, 1.0);
            }
        }
        let dense = match self.embedder {
            Some(embedder) => self.embedding(plan, embedder, &mut related)?,
            None => None,
        };
        for own in self.reader.query_terms(&plan.topic) {
            related.0.remove(&own);
        }
        Ok(Meaning { dense, related: weighted_vector(related.0) })
    }

    /// The embedding of a plan's question, once the words near to those of its topic are added.
    fn embedding(
        &self,
        plan: &Plan,
        embedder: &dyn Embedder,
        related: &mut Related,
    ) -> Result<Option<Vec<f32>>> {
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
        let question = embeddings.next();
        for embedding in known.into_iter().chain(embeddings) {
            for (term, similarity) in self.vocabulary.related(&embedding) {
                related.add(term.clone(), similarity);
            }
        }
        Ok(question)
    }
}

/// Terms beside those of a question, each with how much it counts.
#[derive(Default)]
struct Related(BTreeMap<Term, f32>);

impl Related {
    /// Adds a term that means the same, by so much; of several the most counts.
    fn add(&mut self, term: Term, similarity: f32) {
        let weight = self.0.entry(term).or_default();
        *weight = weight.max(RELATED_WEIGHT * similarity);
    }
}
