//! Two settings held against each other, question by question.
//!
//! The same questions are asked with both, so that what counts is the difference on each. How much
//! of it is chance is told by a bootstrap: the questions are drawn anew, with replacement, many
//! times, and the middle 95% of the mean differences is the interval. Where it leaves out zero, the
//! difference is more than the choice of the questions.
//! Source: Efron and Tibshirani, *An Introduction to the Bootstrap*, 1993, chapter 13, the
//! percentile interval.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    Abstention, BUDGETS, Prediction, Question,
    random::Random,
    score::{Recall, by_id, median, score},
};

/// How often the questions are drawn anew.
const RESAMPLES: usize = 10_000;
/// How many of the resamples lie outside of the interval, on each side: 2.5%.
const OUTSIDE: usize = RESAMPLES / 40;
/// The seed, so that a comparison gives the same intervals each time.
const SEED: u64 = 1;
/// How many points a comparison is made at: each budget, and all words.
const POINTS: usize = BUDGETS.len() + 1;
/// The budget at which questions are told apart, one of [`BUDGETS`].
pub const TOLD_AT: usize = 600;

/// Settings held against others, over the same questions.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// The settings that were changed, as they were given.
    pub settings: String,
    /// By category.
    pub categories: BTreeMap<String, Contrast>,
    /// Over all questions with gold.
    pub all: Contrast,
    /// What was said not to be there, before and after.
    pub abstention: Pair<Abstention>,
    /// The questions whose recall changed, those that changed most first.
    pub changes: Vec<Change>,
}

/// A value without the change of the settings, and with it.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Pair<T> {
    /// Without it.
    pub before: T,
    /// With it.
    pub after: T,
}

/// What the change of the settings did to one category.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Contrast {
    /// How many questions of it have gold.
    pub questions: usize,
    /// The recall within each of [`BUDGETS`], and at all.
    pub recall: Vec<Difference>,
    /// The median time of a question, in milliseconds.
    pub latency_ms: Pair<f64>,
}

/// The recall within a budget; shares are in percent.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// The budget in words; none for all that was retrieved.
    pub words: Option<usize>,
    /// The share of the gold that was read.
    #[serde(flatten)]
    pub recall: Pair<f64>,
    /// The second less the first, in points.
    pub difference: f64,
    /// The lower end of its 95% interval.
    pub low: f64,
    /// The upper end of its 95% interval.
    pub high: f64,
    /// How many questions gained.
    pub better: usize,
    /// How many questions lost.
    pub worse: usize,
}

/// A question whose recall within [`TOLD_AT`] words changed; shares are in percent.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// The question's id.
    pub id: String,
    /// The question.
    pub question: String,
    /// The kind of question that it is.
    pub category: String,
    /// The share of the gold that was read.
    #[serde(flatten)]
    pub recall: Pair<f64>,
}

/// Holds the predictions of the changed settings against those without the change; `words` gives
/// the number of words on a line of a note.
#[must_use]
pub fn compare(
    settings: &str,
    questions: &[Question],
    predictions: Pair<&[Prediction]>,
    words: &dyn Fn(&str, u32) -> usize,
) -> Comparison {
    let nothing = Prediction::default();
    let (before, after) = (by_id(predictions.before), by_id(predictions.after));
    let mut categories: BTreeMap<String, Vec<Pair<Measured>>> = BTreeMap::new();
    let mut all = Vec::new();
    let mut changes = Vec::new();
    for question in questions.iter().filter(|question| question.has_gold()) {
        let measured = [&before, &after].map(|by_id| {
            let prediction = by_id.get(question.id.as_str()).copied().unwrap_or(&nothing);
            Measured::of(question, prediction, words)
        });
        let pair = Pair { before: measured[0], after: measured[1] };
        changes.extend(change(question, pair));
        categories.entry(question.category.clone()).or_default().push(pair);
        all.push(pair);
    }
    changes.sort_by(|one, other| {
        let size = |change: &Change| (change.recall.after - change.recall.before).abs();
        size(other).total_cmp(&size(one)).then_with(|| one.id.cmp(&other.id))
    });
    let abstention = |predictions| score(questions, predictions, words).abstention;
    Comparison {
        settings: settings.to_owned(),
        categories: categories.into_iter().map(|(name, pairs)| (name, contrast(&pairs))).collect(),
        all: contrast(&all),
        abstention: Pair {
            before: abstention(predictions.before),
            after: abstention(predictions.after),
        },
        changes,
    }
}

/// How one question did with one of the settings.
#[derive(Clone, Copy, Debug, Default)]
struct Measured {
    /// Its recall in percent, within each of [`BUDGETS`] and at all.
    recall: [f64; POINTS],
    /// The time it took.
    latency_ms: f64,
}

impl Measured {
    fn of(
        question: &Question,
        prediction: &Prediction,
        words: &dyn Fn(&str, u32) -> usize,
    ) -> Self {
        let shares = Recall::of(question, prediction, words);
        let mut recall = [100.0 * shares.at_all; POINTS];
        for (percent, share) in recall.iter_mut().zip(shares.within) {
            *percent = 100.0 * share;
        }
        Self { recall, latency_ms: prediction.latency_ms }
    }
}

fn change(question: &Question, pair: Pair<Measured>) -> Option<Change> {
    let point = BUDGETS.iter().position(|budget| *budget == TOLD_AT)?;
    let recall = Pair { before: pair.before.recall[point], after: pair.after.recall[point] };
    differs(recall.before, recall.after).then(|| Change {
        id: question.id.clone(),
        question: question.question.clone(),
        category: question.category.clone(),
        recall,
    })
}

fn differs(one: f64, other: f64) -> bool {
    (one - other).abs() > f64::EPSILON
}

fn contrast(pairs: &[Pair<Measured>]) -> Contrast {
    let differences: Vec<[f64; POINTS]> = pairs.iter().map(|pair| differences(*pair)).collect();
    let intervals = intervals(&differences);
    let mean = |value: &dyn Fn(&Pair<Measured>) -> f64| {
        pairs.iter().map(value).sum::<f64>() / pairs.len().max(1) as f64
    };
    let count = |is_meant: &dyn Fn(f64) -> bool, point: usize| {
        differences.iter().filter(|difference| is_meant(difference[point])).count()
    };
    let recall = (0..POINTS).map(|point| {
        let recall = Pair {
            before: mean(&|pair| pair.before.recall[point]),
            after: mean(&|pair| pair.after.recall[point]),
        };
        let (low, high) = intervals[point];
        Difference {
            words: BUDGETS.get(point).copied(),
            recall,
            difference: recall.after - recall.before,
            low,
            high,
            better: count(&|difference| difference > f64::EPSILON, point),
            worse: count(&|difference| difference < -f64::EPSILON, point),
        }
    });
    Contrast {
        questions: pairs.len(),
        recall: recall.collect(),
        latency_ms: Pair {
            before: median(pairs.iter().map(|pair| pair.before.latency_ms).collect()),
            after: median(pairs.iter().map(|pair| pair.after.latency_ms).collect()),
        },
    }
}

fn differences(pair: Pair<Measured>) -> [f64; POINTS] {
    let mut differences = pair.after.recall;
    for (difference, before) in differences.iter_mut().zip(pair.before.recall) {
        *difference -= before;
    }
    differences
}

/// The 95% interval of the mean difference at each point.
fn intervals(differences: &[[f64; POINTS]]) -> [(f64, f64); POINTS] {
    if differences.is_empty() {
        return [(0.0, 0.0); POINTS];
    }
    let mut random = Random::new(SEED);
    let mut means: [Vec<f64>; POINTS] = std::array::from_fn(|_| Vec::with_capacity(RESAMPLES));
    for _ in 0..RESAMPLES {
        let mut sums = [0.0; POINTS];
        for _ in differences {
            let drawn = &differences[random.below(differences.len())];
            for (sum, difference) in sums.iter_mut().zip(drawn) {
                *sum += difference;
            }
        }
        for (means, sum) in means.iter_mut().zip(sums) {
            means.push(sum / differences.len() as f64);
        }
    }
    means.map(|mut means| {
        means.sort_by(f64::total_cmp);
        (means[OUTSIDE], means[RESAMPLES - 1 - OUTSIDE])
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::{Gold, PredictedPassage};

    /// A question for each pair, whose gold is found after so many words of one line, or never.
    fn compared(found: &[(Option<u32>, Option<u32>)]) -> Comparison {
        let mut questions = Vec::new();
        let (mut before, mut after) = (Vec::new(), Vec::new());
        for (number, (first, second)) in found.iter().enumerate() {
            let id = format!("q{number}");
            questions.push(Question {
                id: id.clone(),
                question: "What?".to_owned(),
                category: "lookup".to_owned(),
                answerable: true,
                evidence: vec![Gold { file: "a.md".to_owned(), line_start: 1, line_end: 1 }],
                window: None,
                asked_on: None,
                previous: Vec::new(),
            });
            before.push(predicted(&id, *first, 4.0));
            after.push(predicted(&id, *second, 2.0));
        }
        let words = |_: &str, line_number: u32| line_number as usize;
        let predictions = Pair { before: before.as_slice(), after: after.as_slice() };
        compare("search.limit=5", &questions, predictions, &words)
    }

    /// A line of as many words as its number is read before the gold.
    fn predicted(id: &str, words: Option<u32>, latency_ms: f64) -> Prediction {
        let line = |number| PredictedPassage {
            file: "a.md".to_owned(),
            line_start: number,
            line_end: number,
            days: None,
            beside: false,
        };
        let passages = words.map(|words| vec![line(words), line(1)]).unwrap_or_default();
        Prediction { id: id.to_owned(), passages, latency_ms, ..Prediction::default() }
    }

    #[test]
    fn each_budget_has_its_difference_and_the_questions_behind_it() {
        let compared = compared(&[
            (Some(1_000), Some(100)),
            (Some(100), None),
            (Some(100), Some(100)),
            (None, Some(500)),
        ]);
        let shown: Vec<String> = compared
            .all
            .recall
            .iter()
            .map(|point| {
                let words = point.words.map_or_else(|| "all".to_owned(), |words| words.to_string());
                format!(
                    "{words}: {} {} +{} -{}",
                    point.recall.before, point.recall.after, point.better, point.worse
                )
            })
            .collect();
        assert_eq!(
            shown,
            [
                "150: 50 50 +1 -1",
                "300: 50 50 +1 -1",
                "600: 50 75 +2 -1",
                "1200: 75 75 +1 -1",
                "2400: 75 75 +1 -1",
                "all: 75 75 +1 -1",
            ]
        );
        assert_eq!(compared.all.latency_ms, Pair { before: 4.0, after: 2.0 });
        let changed: Vec<&str> = compared.changes.iter().map(|change| change.id.as_str()).collect();
        assert_eq!(changed, ["q0", "q1", "q3"]);
    }

    #[test]
    fn the_interval_is_that_of_the_binomial_it_resamples() {
        // A gain on 50 of 100 questions: the mean of a resample is binomial, with a standard error
        // of 5 points, so that the interval ends near 50 - 9.8 and 50 + 9.8.
        let found: Vec<_> =
            (0..100).map(|number| (None, (number % 2 == 0).then_some(100))).collect();
        let point = compared(&found).all.recall[2];
        assert!((point.difference - 50.0).abs() < 1e-9);
        assert!((39.0..=41.5).contains(&point.low), "{point:?}");
        assert!((58.5..=61.0).contains(&point.high), "{point:?}");
    }

    #[test]
    fn settings_that_change_nothing_differ_by_nothing() {
        let compared = compared(&[(Some(100), Some(100)), (None, None)]);
        for point in &compared.all.recall {
            assert!(point.low.abs() < 1e-9 && point.high.abs() < 1e-9, "{point:?}");
        }
        assert!(compared.changes.is_empty());
    }
}
