//! The words of a question, and which chunks have them.

use std::collections::HashSet;

use uuid::Uuid;

use crate::{
    error::Result,
    index::{Term, query_vector},
    services::{Filter, Index, Query, Search, SparseVector},
};

/// The words of a question, each with the chunks that have it.
///
/// A chunk has the words of those beside it too, as its sparse vector does: what an entry is about
/// is often said some lines before.
#[derive(Debug, Default)]
pub(super) struct Words {
    /// The terms of all of them.
    pub(super) vector: SparseVector,
    words: Vec<Word>,
}

#[derive(Debug)]
struct Word {
    terms: Vec<Term>,
    chunks: HashSet<Uuid>,
    /// How much it tells, more the rarer it is.
    rarity: f32,
}

impl Words {
    /// Looks up each word in what passes the filter, of an index of so many chunks.
    ///
    /// # Errors
    /// When the index can't be searched.
    pub(super) fn look_up(
        index: &dyn Index,
        words: &[Vec<Term>],
        filter: &Filter,
        chunks: u64,
    ) -> Result<Self> {
        let look_up = |word: &Vec<Term>| {
            let query = Query::Sparse(query_vector(std::slice::from_ref(word)));
            let search = Search { query, filter: filter.clone(), limit: chunks };
            let found: HashSet<Uuid> =
                index.search(&search)?.into_iter().map(|(id, _)| id).collect();
            let rarity = rarity(found.len(), chunks);
            Ok(Word { terms: word.clone(), chunks: found, rarity })
        };
        let found = words.iter().map(look_up).collect::<Result<_>>()?;
        Ok(Self { vector: query_vector(words), words: found })
    }

    /// What share of the words a chunk has, a rare word counting more.
    pub(super) fn coverage(&self, chunk: Uuid) -> f32 {
        self.share(|word| word.chunks.contains(&chunk))
    }

    /// What share of the words a text has, told by its terms.
    pub(super) fn coverage_of(&self, terms: &HashSet<Term>) -> f32 {
        self.share(|word| word.terms.iter().any(|term| terms.contains(term)))
    }

    fn share(&self, has: impl Fn(&Word) -> bool) -> f32 {
        let (mut having, mut whole) = (0.0, 0.0);
        for word in &self.words {
            whole += word.rarity;
            having += if has(word) { word.rarity } else { 0.0 };
        }
        if whole > 0.0 { having / whole } else { 0.0 }
    }
}

/// The square root of the inverse document frequency, as BM25 has it.
///
/// The root, so that one word that no note has does not outweigh all those that some have: people
/// ask in other words than they wrote.
fn rarity(having: usize, chunks: u64) -> f32 {
    let (having, chunks) = (having as f32, chunks as f32);
    (1.0 + ((chunks - having).max(0.0) + 0.5) / (having + 0.5)).ln().sqrt()
}
