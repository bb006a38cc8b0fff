//! What one search brings: chunks with the evidence for each.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use super::passage::Score;
use crate::{
    error::Result,
    index::{Term, TermReader, query_vector},
    services::{Filter, Fusion, Hit, Index, Payload, Search, SparseVector},
};

/// A chunk that may answer, with the evidence for it.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    /// What is stored of it.
    pub(super) payload: Payload,
    /// The evidence.
    pub(super) score: Score,
}

/// What is searched for.
pub(super) struct Wanted<'a> {
    /// The words of the question, each with its terms.
    pub(super) words: &'a [Vec<Term>],
    /// Its embedding, where there is a model.
    pub(super) dense: Option<&'a [f32]>,
    /// How many chunks the index holds.
    pub(super) chunks: u64,
}

/// The best chunks that pass a filter, by words and by meaning, best first.
///
/// # Errors
/// When the index can't be searched.
pub(super) fn candidates(
    index: &dyn Index,
    reader: &TermReader,
    wanted: &Wanted<'_>,
    filter: &Filter,
    fusion: Fusion,
    limit: u64,
) -> Result<Vec<Candidate>> {
    let sparse = (!wanted.words.is_empty()).then(|| query_vector(wanted.words));
    let dense = wanted.dense.map(<[f32]>::to_vec);
    let search = |dense: Option<Vec<f32>>, sparse: Option<SparseVector>, limit: u64| {
        if dense.is_none() && sparse.is_none() {
            return Ok(Vec::new());
        }
        let filter = filter.clone();
        index.search(&Search { dense, sparse, filter, prefetch: limit, limit, fusion })
    };
    let mut found: HashMap<Uuid, Candidate> = HashMap::new();
    for hit in search(dense.clone(), sparse.clone(), limit)? {
        let score = Score { total: hit.score, ..Score::default() };
        found.insert(hit.id, Candidate { payload: hit.payload, score });
    }
    let by_words = search(None, sparse, limit.max(EVIDENCE_LIMIT))?;
    let words = Words::of(reader, wanted, &by_words);
    for hit in by_words {
        if let Some(candidate) = found.get_mut(&hit.id) {
            candidate.score.sparse = hit.score;
        }
    }
    if dense.is_some() {
        for hit in search(dense, None, limit)? {
            if let Some(candidate) = found.get_mut(&hit.id) {
                candidate.score.dense = hit.score;
            }
        }
    }
    words.cover(&mut found, reader, wanted);
    let mut candidates: Vec<Candidate> = found.into_values().collect();
    sort(&mut candidates);
    Ok(candidates)
}

/// How many chunks with a word of the question are looked at to learn how rare each word is.
const EVIDENCE_LIMIT: u64 = 512;

/// Best first; ties by place, so that the order is always the same.
fn sort(candidates: &mut [Candidate]) {
    candidates.sort_by(|one, other| {
        let place =
            |candidate: &Candidate| (candidate.payload.path.clone(), candidate.payload.chunk);
        other.score.total.total_cmp(&one.score.total).then_with(|| place(one).cmp(&place(other)))
    });
}

/// Which words of a question the chunks have, and how rare each word is.
struct Words {
    /// For each chunk that was read, which of the words it has.
    having: HashMap<Uuid, Vec<bool>>,
    rarity: Vec<f32>,
}

impl Words {
    /// Counts the chunks that have each word. Rarity is the inverse document frequency of BM25.
    fn of(reader: &TermReader, wanted: &Wanted<'_>, by_words: &[Hit]) -> Self {
        let having: HashMap<Uuid, Vec<bool>> =
            by_words.iter().map(|hit| (hit.id, having(reader, &hit.payload, wanted))).collect();
        let mut counts = vec![0_u16; wanted.words.len()];
        for own in having.values() {
            for (count, has) in counts.iter_mut().zip(own) {
                *count += u16::from(*has);
            }
        }
        let chunks = wanted.chunks as f32;
        let rarity = |count: u16| {
            let count = f32::from(count);
            (1.0 + (chunks - count).max(0.0) / (count + 0.5)).ln()
        };
        Self { rarity: counts.into_iter().map(rarity).collect(), having }
    }

    /// Says for each candidate what share of the words its entry has, a rare word counting more.
    fn cover(
        mut self,
        candidates: &mut HashMap<Uuid, Candidate>,
        reader: &TermReader,
        wanted: &Wanted<'_>,
    ) {
        let mut by_entry: HashMap<(String, String, u32), Vec<bool>> = HashMap::new();
        for (id, candidate) in candidates.iter() {
            let own = self
                .having
                .remove(id)
                .unwrap_or_else(|| having(reader, &candidate.payload, wanted));
            let entry = by_entry
                .entry(entry_of(&candidate.payload))
                .or_insert_with(|| vec![false; wanted.words.len()]);
            for (has, own) in entry.iter_mut().zip(own) {
                *has |= own;
            }
        }
        let whole: f32 = self.rarity.iter().sum();
        for candidate in candidates.values_mut() {
            let having = by_entry.get(&entry_of(&candidate.payload));
            let share: f32 = having
                .into_iter()
                .flatten()
                .zip(&self.rarity)
                .filter(|(has, _)| **has)
                .map(|(_, rarity)| rarity)
                .sum();
            candidate.score.coverage = if whole > 0.0 { share / whole } else { 0.0 };
        }
    }
}

fn entry_of(payload: &Payload) -> (String, String, u32) {
    (payload.root.clone(), payload.path.clone(), payload.entry)
}

/// Which words of the question a chunk has, in its text or in what stands over it.
fn having(reader: &TermReader, payload: &Payload, wanted: &Wanted<'_>) -> Vec<bool> {
    let text = format!(
        "{} {} {} {}",
        payload.breadcrumb.join(" "),
        payload.path,
        payload.tags.join(" "),
        payload.text
    );
    let own: HashSet<Term> = reader.terms(&text, payload.language).into_iter().collect();
    wanted.words.iter().map(|variants| variants.iter().any(|term| own.contains(term))).collect()
}
