//! Predictions held against gold.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;

use super::question::{Gold, Prediction, Question};

/// The budgets that recall is read at, in words.
pub const BUDGETS: [usize; 5] = [150, 300, 600, 1_200, 2_400];

/// How one category did; every share is in percent.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Row {
    /// How many questions of it have gold.
    pub questions: usize,
    /// The share of the gold that was read within each of [`BUDGETS`].
    pub recall: [f64; BUDGETS.len()],
    /// The share of the gold that was read at all.
    pub coverage: f64,
    /// The share of passages that lie outside the period asked about; none when it asks of none.
    pub contamination: Option<f64>,
}

/// How often it was rightly and wrongly said that the logbook does not answer.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Abstention {
    /// Questions that the logbook does not answer.
    pub unanswerable: usize,
    /// Those of them for which that was said.
    pub rightly: usize,
    /// Questions that it answers.
    pub answerable: usize,
    /// Those of them for which it was said all the same.
    pub wrongly: usize,
}

/// How a set of questions did.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Scores {
    /// By category.
    pub categories: BTreeMap<String, Row>,
    /// Over all questions with gold.
    pub all: Row,
    /// What was said not to be there.
    pub abstention: Abstention,
    /// The median time of a question, in milliseconds.
    pub latency_ms: f64,
}

/// Scores predictions; `words` gives the number of words on a line of a note.
#[must_use]
pub fn score(
    questions: &[Question],
    predictions: &[Prediction],
    words: &dyn Fn(&str, u32) -> usize,
) -> Scores {
    let by_id = by_id(predictions);
    let nothing = Prediction::default();
    let mut sums: BTreeMap<String, Sum> = BTreeMap::new();
    let mut all = Sum::default();
    let mut abstention = Abstention::default();
    for question in questions {
        let prediction = by_id.get(question.id.as_str()).copied().unwrap_or(&nothing);
        if question.answerable {
            abstention.answerable += 1;
            abstention.wrongly += usize::from(prediction.abstained);
        } else {
            abstention.unanswerable += 1;
            abstention.rightly += usize::from(prediction.abstained);
        }
        if question.has_gold() {
            let recall = Recall::of(question, prediction, words);
            let outside = outside(question, prediction);
            sums.entry(question.category.clone()).or_default().add(&recall, outside);
            all.add(&recall, outside);
        }
    }
    let latencies = predictions.iter().map(|prediction| prediction.latency_ms).collect();
    Scores {
        categories: sums.into_iter().map(|(category, sum)| (category, sum.row())).collect(),
        all: all.row(),
        abstention,
        latency_ms: median(latencies),
    }
}

/// Predictions by the question that each is for.
pub(super) fn by_id(predictions: &[Prediction]) -> HashMap<&str, &Prediction> {
    predictions.iter().map(|prediction| (prediction.id.as_str(), prediction)).collect()
}

/// The middle of some numbers, the greater of two; zero when there are none.
pub(super) fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or_default()
}

/// The share of the gold of one question that was read, from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Recall {
    /// Within each of [`BUDGETS`].
    pub(super) within: [f64; BUDGETS.len()],
    /// At all.
    pub(super) at_all: f64,
}

impl Recall {
    /// Of a question that has gold.
    pub(super) fn of(
        question: &Question,
        prediction: &Prediction,
        words: &dyn Fn(&str, u32) -> usize,
    ) -> Self {
        let found = found_at(&question.evidence, prediction, words);
        let share = |budget: usize| {
            let read = found.iter().flatten().filter(|words| **words <= budget);
            read.count() as f64 / found.len().max(1) as f64
        };
        Self { within: BUDGETS.map(share), at_all: share(usize::MAX) }
    }
}

/// For each piece of gold, how many words were read when it was first touched.
fn found_at(
    evidence: &[Gold],
    prediction: &Prediction,
    words: &dyn Fn(&str, u32) -> usize,
) -> Vec<Option<usize>> {
    let mut gold: HashMap<(&str, u32), Vec<usize>> = HashMap::new();
    for (place, evidence) in evidence.iter().enumerate() {
        for line_number in evidence.line_start..=evidence.line_end {
            gold.entry((&evidence.file, line_number)).or_default().push(place);
        }
    }
    let mut first = vec![None; evidence.len()];
    let mut seen = HashSet::new();
    let mut read = 0;
    for passage in &prediction.passages {
        for line_number in passage.line_start..=passage.line_end {
            let line = (passage.file.as_str(), line_number);
            if !seen.insert(line) {
                continue;
            }
            read += words(&passage.file, line_number);
            for place in gold.get(&line).into_iter().flatten() {
                first[*place].get_or_insert(read);
            }
        }
    }
    first
}

/// How many passages of the answer lie outside the period that the question asks about, of how many.
fn outside(question: &Question, prediction: &Prediction) -> Option<(usize, usize)> {
    let window = question.window?;
    let answering = || prediction.passages.iter().filter(|passage| !passage.beside);
    let outside = answering().filter(|passage| {
        passage.days.is_none_or(|(first, last)| last < window.from || first > window.to)
    });
    Some((outside.count(), answering().count()))
}

#[derive(Default)]
struct Sum {
    row: Row,
    outside: usize,
    passages: usize,
    has_window: bool,
}

impl Sum {
    fn add(&mut self, recall: &Recall, outside: Option<(usize, usize)>) {
        self.row.questions += 1;
        for (sum, share) in self.row.recall.iter_mut().zip(recall.within) {
            *sum += share;
        }
        self.row.coverage += recall.at_all;
        if let Some((outside, passages)) = outside {
            self.has_window = true;
            self.outside += outside;
            self.passages += passages;
        }
    }

    fn row(self) -> Row {
        let percent = |sum: f64| 100.0 * sum / self.row.questions.max(1) as f64;
        Row {
            questions: self.row.questions,
            recall: self.row.recall.map(percent),
            coverage: percent(self.row.coverage),
            contamination: self
                .has_window
                .then(|| 100.0 * self.outside as f64 / self.passages.max(1) as f64),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::{PredictedPassage, Window};
    use jiff::civil::{Date, date};

    fn question(lines: &[(u32, u32)]) -> Question {
        Question {
            id: "q".to_owned(),
            question: "What?".to_owned(),
            category: "lookup".to_owned(),
            answerable: true,
            evidence: lines
                .iter()
                .map(|(line_start, line_end)| Gold {
                    file: "a.md".to_owned(),
                    line_start: *line_start,
                    line_end: *line_end,
                })
                .collect(),
            window: None,
            asked_on: None,
            previous: Vec::new(),
        }
    }

    fn passage(line_start: u32, line_end: u32, days: Option<(Date, Date)>) -> PredictedPassage {
        PredictedPassage { file: "a.md".to_owned(), line_start, line_end, days, beside: false }
    }

    fn predicted(passages: Vec<PredictedPassage>) -> Prediction {
        Prediction { id: "q".to_owned(), passages, ..Prediction::default() }
    }

    #[test]
    fn recall_counts_the_words_read_until_the_gold_is_touched() {
        let questions = [question(&[(1, 2), (9, 9)])];
        let predictions = [predicted(vec![passage(5, 6, None), passage(2, 9, None)])];
        let scores = score(&questions, &predictions, &|_, _| 100);
        // Lines 5 and 6 are 200 words, line 2 makes 300; line 9 comes after 3, 4, 7 and 8: 800.
        let shown = format!("{:?} {}", scores.all.recall, scores.all.coverage);
        assert_eq!(shown, "[0.0, 50.0, 50.0, 100.0, 100.0] 100");
    }

    #[test]
    fn passages_outside_the_window_contaminate() {
        let mut asked = question(&[(1, 1)]);
        asked.window = Some(Window { from: date(2022, 1, 1), to: date(2022, 12, 31) });
        let inside = Some((date(2022, 12, 31), date(2022, 12, 31)));
        let next = Some((date(2023, 1, 1), date(2023, 1, 1)));
        let passages = vec![
            passage(1, 1, inside),
            passage(2, 2, next),
            passage(3, 3, None),
            passage(4, 4, inside),
        ];
        let scores = score(&[asked], &[predicted(passages)], &|_, _| 1);
        assert_eq!(scores.all.contamination, Some(50.0));
    }

    #[test]
    fn a_question_without_a_prediction_finds_nothing() {
        let scores = score(&[question(&[(1, 1)])], &[], &|_, _| 1);
        assert!(scores.all.coverage < f64::EPSILON);
        assert_eq!(scores.abstention.wrongly, 0);
    }
}
