//! Whether the logbook speaks of a topic: measured by the logbook itself.
//!
//! A topic is in a period when the period's best chunk says about as much of it as the best of any
//! time does. Where no time says anything, the absolute evidence decides.

use serde::Serialize;

use super::{
    candidate::{Candidate, Found},
    hits::Fusion,
    passage::Score,
};

/// How passages are searched for; the defaults were chosen by measurement.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tuning {
    /// How words and meaning are put together.
    pub fusion: Fusion,
    /// For so many days after a period people still write about it.
    pub edge_days: i32,
    /// How much it counts, beside the most telling words, that they stand over a chunk: in its title,
    /// headings and tags.
    pub title_weight: f32,
    /// How much it counts, beside the most telling words, that a chunk lies in the period.
    pub period_weight: f32,
    /// The share of the topic's words that an entry must have for the topic to be there at all.
    pub coverage_min: f32,
    /// Of the best share that an entry has, the part that another must have to be about it too.
    pub coverage_of_best: f32,
    /// Of the best score of an entry, the part that its other chunks must have to be about it too.
    pub share_of_entry: f32,
    /// Of the best evidence at any time, the part that a period must have.
    pub share_of_anywhere: f32,
    /// The same for the words of a day that is named.
    pub day_words: f32,
    /// The same for the meaning of a day that is named.
    pub day_meaning: f32,
    /// The same where the logbook has none of the words at any time.
    pub day_meaning_unknown: f32,
    /// The similarity of meaning from which a chunk is about the topic without sharing its words.
    pub similarity_min: f32,
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            fusion: Fusion { dense_weight: 0.6, limit: 256 },
            edge_days: 7,
            title_weight: 0.2,
            period_weight: 0.5,
            share_of_entry: 0.75,
            coverage_min: 0.15,
            coverage_of_best: 0.6,
            share_of_anywhere: 0.4,
            day_words: 0.2,
            day_meaning: 0.7,
            day_meaning_unknown: 0.4,
            similarity_min: 0.45,
        }
    }
}

/// How strongly the chunks that were looked at speak of a topic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Evidence {
    /// The largest share of its words that an entry has, a rare word counting more.
    pub coverage: f32,
    /// The largest share of its words that an entry of any time has.
    pub coverage_anywhere: f32,
    /// The largest similarity of meaning.
    pub similarity: f32,
    /// The best score by words, as a share of the best at any time.
    pub words_share: f32,
    /// The best similarity of meaning, on the way from a chance one to the best at any time.
    pub meaning_share: f32,
}

impl Evidence {
    /// The evidence of those candidates that count, beside that of all.
    pub(super) fn of(found: &Found, counts: impl Fn(&Candidate) -> bool) -> Self {
        let Found { candidates, chance } = found;
        let best = |part: fn(&Score) -> f32, counts: &dyn Fn(&Candidate) -> bool| {
            let counting = candidates.iter().filter(|candidate| counts(candidate));
            counting.map(|candidate| part(&candidate.score)).fold(0.0, f32::max)
        };
        let share =
            |value: f32, whole: f32| if whole > 0.0 { (value / whole).max(0.0) } else { 0.0 };
        let anywhere = &|_: &Candidate| true;
        let similarity = best(|score| score.dense, &counts);
        Self {
            coverage: best(|score| score.coverage, &counts),
            coverage_anywhere: best(|score| score.coverage, anywhere),
            similarity,
            words_share: share(
                best(|score| score.sparse, &counts),
                best(|score| score.sparse, anywhere),
            ),
            meaning_share: share(similarity - chance, best(|score| score.dense, anywhere) - chance),
        }
    }

    /// Whether the logbook speaks of a topic at all.
    pub(super) fn suffices(&self, tuning: &Tuning) -> bool {
        self.coverage >= tuning.coverage_min || self.similarity >= tuning.similarity_min
    }

    /// Whether a period speaks of a topic, measured by how the logbook speaks of it at other times.
    pub(super) fn suffices_within(&self, tuning: &Tuning) -> bool {
        self.similarity >= tuning.similarity_min
            || self.is_known(tuning) && self.words_share >= tuning.share_of_anywhere
    }

    /// The same for a day that is named. Its page is short, and has a thing or has it not: one of
    /// the words is enough, or a meaning that is near.
    ///
    /// Words that the logbook never has say nothing for or against: who asks what exercise they did
    /// calls by its kind what the page calls by its name.
    pub(super) fn suffices_on_a_day(&self, tuning: &Tuning) -> bool {
        let nearness =
            if self.is_known(tuning) { tuning.day_meaning } else { tuning.day_meaning_unknown };
        self.similarity >= tuning.similarity_min
            || self.words_share >= tuning.day_words
            || self.meaning_share >= nearness
    }

    /// Whether the logbook has the words of a topic at any time.
    fn is_known(&self, tuning: &Tuning) -> bool {
        self.coverage_anywhere >= tuning.coverage_min
    }
}

/// Whether a chunk is about the topic, by its words, where the best entry has so many of them,
/// or by its meaning.
pub(super) fn is_about(score: &Score, best_coverage: f32, tuning: &Tuning) -> bool {
    let Score { coverage, dense, .. } = *score;
    let has_words = coverage > 0.0 && coverage >= tuning.coverage_of_best * best_coverage;
    has_words || dense >= tuning.similarity_min
}
