//! What one search brings: chunks with the evidence for each.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use super::passage::Score;
use crate::{
    error::Result,
    index::{Term, TermReader, query_vector},
    services::{Filter, Index, Payload, Query, Search},
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

/// How words and meaning are put together, and how many chunks of each.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fusion {
    /// How much the nearest meaning counts beside the most telling words.
    pub dense_weight: f32,
    /// How many chunks each of the two searches brings.
    pub limit: u64,
}

/// The best chunks that pass a filter, by words and by meaning, best first.
///
/// The score is a convex combination: that of the words as a share of the best one, and the
/// similarity of meaning as its place between the worst and the best that was found, by its weight.
/// Source: Bruch, Gai and Ingber, *An Analysis of Fusion Functions for Hybrid Retrieval*, 2023.
/// Measured against reciprocal rank fusion on five dialogues kept as notes, it brings one to two
/// points of recall more at every budget.
///
/// # Errors
/// When the index can't be searched.
pub(super) fn candidates(
    index: &dyn Index,
    reader: &TermReader,
    wanted: &Wanted<'_>,
    filter: &Filter,
    fusion: Fusion,
) -> Result<Vec<Candidate>> {
    let search =
        |query: Query, limit: u64| index.search(&Search { query, filter: filter.clone(), limit });
    let by_words = match wanted.words {
        [] => Vec::new(),
        words => search(Query::Sparse(query_vector(words)), fusion.limit.max(EVIDENCE_LIMIT))?,
    };
    let by_meaning = match wanted.dense {
        None => Vec::new(),
        Some(dense) => search(Query::Dense(dense.to_vec()), fusion.limit)?,
    };
    let scores = fused(&by_words, &by_meaning, fusion.dense_weight);
    let ids: Vec<Uuid> = scores.keys().copied().collect();
    let mut found: HashMap<Uuid, Candidate> = index
        .payloads(&ids)?
        .into_iter()
        .filter_map(|(id, payload)| Some((id, Candidate { payload, score: *scores.get(&id)? })))
        .collect();
    cover(&mut found, reader, wanted);
    let mut candidates: Vec<Candidate> = found.into_values().collect();
    sort(&mut candidates);
    Ok(candidates)
}

/// The scores of everything that either search found.
fn fused(
    by_words: &[(Uuid, f32)],
    by_meaning: &[(Uuid, f32)],
    dense_weight: f32,
) -> HashMap<Uuid, Score> {
    let best = by_words.first().map_or(1.0, |(_, score)| score.max(f32::MIN_POSITIVE));
    let nearest = by_meaning.first().map_or(0.0, |(_, similarity)| *similarity);
    let farthest = by_meaning.last().map_or(0.0, |(_, similarity)| *similarity);
    let range = (nearest - farthest).max(f32::EPSILON);
    let mut scores: HashMap<Uuid, Score> = HashMap::new();
    for (id, sparse) in by_words {
        let score = scores.entry(*id).or_default();
        score.sparse = *sparse;
        score.total += sparse / best;
    }
    for (id, similarity) in by_meaning {
        let score = scores.entry(*id).or_default();
        score.dense = *similarity;
        score.total += dense_weight * (similarity - farthest) / range;
    }
    scores
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

/// Says for each candidate what share of the question's words its entry has, a rare word counting
/// more. Rarity is the inverse document frequency of BM25.
fn cover(candidates: &mut HashMap<Uuid, Candidate>, reader: &TermReader, wanted: &Wanted<'_>) {
    let mut counts = vec![0_u16; wanted.words.len()];
    let mut by_entry: HashMap<(String, String, u32), Vec<bool>> = HashMap::new();
    for candidate in candidates.values() {
        let own = having(reader, &candidate.payload, wanted);
        let entry = by_entry
            .entry(entry_of(&candidate.payload))
            .or_insert_with(|| vec![false; wanted.words.len()]);
        for ((count, entry), own) in counts.iter_mut().zip(entry).zip(own) {
            *count += u16::from(own);
            *entry |= own;
        }
    }
    let chunks = wanted.chunks as f32;
    let rarity = |count: u16| {
        let count = f32::from(count);
        (1.0 + ((chunks - count).max(0.0) + 0.5) / (count + 0.5)).ln()
    };
    let rarity: Vec<f32> = counts.into_iter().map(rarity).collect();
    let whole: f32 = rarity.iter().sum();
    for candidate in candidates.values_mut() {
        let having = by_entry.get(&entry_of(&candidate.payload));
        let share: f32 = having
            .into_iter()
            .flatten()
            .zip(&rarity)
            .filter(|(has, _)| **has)
            .map(|(_, rarity)| rarity)
            .sum();
        candidate.score.coverage = if whole > 0.0 { share / whole } else { 0.0 };
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
