//! What is searched for, and what may answer it: chunks with the evidence for each.

use super::{
    passage::{Passage, Score},
    related::Meaning,
    words::Words,
};
use crate::{
    index::TermReader,
    logbook::{Language, Span},
    services::Payload,
};

/// A chunk that may answer, with the evidence for it.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    /// What is stored of it.
    pub(super) payload: Payload,
    /// The evidence.
    pub(super) score: Score,
}

/// What a search brings.
pub(super) struct Found {
    /// The best chunks, best first.
    pub(super) candidates: Vec<Candidate>,
    /// How similar in meaning any chunk is by chance; 0 without a model.
    pub(super) chance: f32,
}

/// What is searched for.
pub(super) struct Wanted<'a> {
    /// The words of the question.
    pub(super) words: &'a Words,
    /// Reads terms.
    pub(super) reader: &'a TermReader,
    /// How much it counts, beside the most telling words, that they stand over a chunk.
    pub(super) title_weight: f32,
    /// What they mean, where there is a model.
    pub(super) meaning: &'a Meaning,
    /// The language that it is put in.
    pub(super) language: Language,
    /// When it should lie, where that is preferred.
    pub(super) preference: Preference<'a>,
}

impl Wanted<'_> {
    /// What share of the words stands over a chunk: in its title, headings and tags.
    pub(super) fn coverage_of_title(&self, payload: &Payload) -> f32 {
        let above = format!("{} {}", payload.breadcrumb.join(" "), payload.tags.join(" "));
        self.coverage_of(&above, payload.language)
    }

    /// What share of the words a text has.
    pub(super) fn coverage_of(&self, text: &str, language: Language) -> f32 {
        self.words.coverage_of(&self.reader.terms(text, language).into_iter().collect())
    }
}

/// A preference for a period, with a soft edge: people write of a thing days after it happened.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Preference<'a> {
    /// The periods; none when any time will do.
    pub(super) spans: &'a [Span],
    /// For so many days after a period people still write about it.
    pub(super) edge_days: i32,
    /// How much it counts, beside the most telling words, that a chunk lies within.
    pub(super) weight: f32,
}

impl Preference<'_> {
    /// 1 within a period, less from day to day after it, 0 elsewhere.
    pub(super) fn nearness(self, days: Option<Span>) -> f32 {
        let Some(days) = days else { return 0.0 };
        let edge = self.edge_days + 1;
        let to = |asked: &Span| {
            if asked.overlaps(days) {
                return 1.0;
            }
            let late = days.start_number() - asked.end_number() + 1;
            if (1..edge).contains(&late) { (edge - late) as f32 / edge as f32 } else { 0.0 }
        };
        self.spans.iter().map(to).fold(0.0, f32::max)
    }
}

/// The chunks as passages, in their order.
pub(super) fn passages_of(candidates: Vec<Candidate>) -> Vec<Passage> {
    candidates
        .into_iter()
        .map(|candidate| Passage::of_chunk(candidate.payload, candidate.score))
        .collect()
}

/// Best first; ties by place, so that the order is always the same.
pub(super) fn sort(candidates: &mut [Candidate]) {
    candidates.sort_by(|one, other| {
        let place =
            |candidate: &Candidate| (candidate.payload.path.clone(), candidate.payload.chunk);
        other.score.total.total_cmp(&one.score.total).then_with(|| place(one).cmp(&place(other)))
    });
}

/// Which entry a chunk is of.
pub(super) fn entry_of(payload: &Payload) -> (String, String, u32) {
    (payload.root.clone(), payload.path.clone(), payload.entry)
}
