//! The best passages, put in order once more by a model that reads them with the question.

use std::sync::Arc;

use super::{passage::Passage, sending::refusal};
use crate::{
    error::{Error, Result},
    privacy::Guard,
    services::{Destination, Reranker},
};

/// What puts the best passages in order once more.
pub struct Rerank {
    /// The model.
    pub reranker: Box<dyn Reranker>,
    /// What decides which passages it may read.
    pub guard: Arc<Guard>,
    /// How many passages it reads.
    pub top: usize,
    /// What is done when it fails; the passages then stand as they were found.
    pub on_failure: Box<dyn Fn(&Error)>,
}

impl Rerank {
    /// Puts the best of the passages, which stand best first, in order by the model.
    ///
    /// Its scores are known by their order alone, so they count by their place between its worst and
    /// its best; `period_weight` is how much it counts beside the best that a passage lies in the
    /// period. What it did not read stays behind what it read, and a passage that it may not read
    /// stays in its place.
    pub(super) fn apply(&self, question: &str, passages: &mut [Passage], period_weight: f32) {
        let (read, rest) = passages.split_at_mut(self.top.min(passages.len()));
        if read.len() < 2 {
            return;
        }
        let to = self.reranker.destination();
        let places: Vec<usize> = (0..read.len())
            .filter(|place| refusal(&self.guard, &read[*place], to).is_none())
            .collect();
        if places.len() < 2 {
            return;
        }
        let mut sent: Vec<Passage> = places.iter().map(|place| read[*place].clone()).collect();
        let floor = rest.first().map_or(0.0, |passage| passage.score.total);
        match self.scores(question, &sent, to) {
            Ok(scores) => order(&mut sent, scores, floor, period_weight),
            Err(error) => return (self.on_failure)(&error),
        }
        for (place, passage) in places.into_iter().zip(sent) {
            read[place] = passage;
        }
    }

    /// What the model says of passages that it may read.
    fn scores(&self, question: &str, sent: &[Passage], to: Destination<'_>) -> Result<Vec<f32>> {
        self.guard.announce(to, "questions, with the best passages");
        let texts: Vec<String> = sent.iter().map(text).collect();
        let masked: Vec<_> = texts.iter().map(|text| self.guard.masked(text, to)).collect();
        let texts: Vec<&str> = masked.iter().map(AsRef::as_ref).collect();
        self.reranker.scores(&self.guard.masked(question, to), &texts)
    }
}

/// Orders passages by the place of their scores between the worst and the best.
fn order(sent: &mut [Passage], scores: Vec<f32>, floor: f32, period_weight: f32) {
    let worst = scores.iter().copied().fold(f32::INFINITY, f32::min);
    let best = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let range = (best - worst).max(f32::MIN_POSITIVE);
    for (passage, score) in sent.iter_mut().zip(scores) {
        passage.score.rerank = Some(score);
        let place = (score - worst) / range;
        passage.score.total = floor + place + period_weight * passage.score.period;
    }
    sent.sort_by(|one, other| other.score.total.total_cmp(&one.score.total));
}

/// What the model reads of a passage: what stands over it, and its text.
fn text(passage: &Passage) -> String {
    format!("{}\n{}", passage.breadcrumb.join(" › "), passage.text)
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::{
        ask::passage::{Score, test_passage},
        privacy::Rules,
    };

    /// Gives the scores that it was made with, or fails where there is none for each text.
    struct Fixed(Vec<f32>);

    impl Reranker for Fixed {
        fn model(&self) -> &'static str {
            "fixed"
        }

        fn destination(&self) -> Destination<'_> {
            Destination { host: Some("a.example"), is_remote: true }
        }

        fn scores(&self, _: &str, texts: &[&str]) -> Result<Vec<f32>> {
            assert_eq!(texts[0], "2022-03-08\na");
            let scores = self.0.get(..texts.len()).map(<[f32]>::to_vec);
            scores.ok_or_else(|| Error::failed("it fails"))
        }
    }

    /// The texts in their new order, with what was said of a failure.
    fn reranked(
        scores: &[f32],
        top: usize,
        periods: [f32; 4],
    ) -> (String, Vec<Passage>, Vec<String>) {
        let said = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&said);
        let rerank = Rerank {
            reranker: Box::new(Fixed(scores.to_vec())),
            guard: Arc::default(),
            top,
            on_failure: Box::new(move |error| heard.lock().unwrap().push(error.to_string())),
        };
        let mut passages: Vec<Passage> = ["a", "b", "c", "d"]
            .into_iter()
            .zip(periods)
            .zip([2.0, 1.5, 1.0, 0.5])
            .map(|((text, period), total)| Passage {
                score: Score { total, period, ..Score::default() },
                ..test_passage("n.md", "2022-03-08", text)
            })
            .collect();
        rerank.apply("?", &mut passages, 0.5);
        let order = passages.iter().map(|passage| passage.text.as_str()).collect();
        (order, passages, said.lock().unwrap().clone())
    }

    #[test]
    fn what_was_read_is_ordered_anew_and_what_was_not_stays_behind_it() {
        let (order, passages, _) = reranked(&[-3.0, 8.0, 1.0], 3, [0.0; 4]);
        assert_eq!(order, "bcad");
        assert_eq!(passages[0].score.rerank, Some(8.0));
        assert_eq!(passages[3].score, Score { total: 0.5, ..Score::default() });
        assert!(passages.is_sorted_by(|one, other| one.score.total >= other.score.total));
        assert_eq!(reranked(&[0.1, 0.2, 0.3, 0.4], 50, [0.0; 4]).0, "dcba");
    }

    #[test]
    fn a_passage_of_the_period_is_preferred_as_before() {
        assert_eq!(reranked(&[0.0, 1.0, 0.7, 0.8], 4, [0.0, 0.0, 1.0, 0.0]).0, "cbda");
    }

    #[test]
    fn a_passage_that_may_not_be_read_stays_in_its_place() {
        let rules = Rules { local_only_paths: vec!["b".to_owned()], ..Rules::default() };
        let guard = Arc::new(Guard::new(rules, true, Box::new(|_, _| {})));
        let rerank = Rerank {
            reranker: Box::new(Fixed(vec![1.0, 2.0])),
            guard: Arc::clone(&guard),
            top: 50,
            on_failure: Box::new(|_| {}),
        };
        let mut passages = ["a", "b", "c"].map(|text| test_passage(text, "2022-03-08", text));
        rerank.apply("?", &mut passages, 0.5);
        assert_eq!(passages.map(|passage| passage.text).concat(), "cba");
        let kept = guard.kept();
        assert_eq!(
            (kept[0].from.as_str(), kept[0].passages[0].place.as_str()),
            ("a.example", "b:1")
        );
        assert_eq!(kept[0].passages.len(), 1);
    }

    #[test]
    fn equal_scores_leave_the_order() {
        assert_eq!(reranked(&[2.0; 4], 4, [0.0; 4]).0, "abcd");
    }

    #[test]
    fn a_failure_leaves_the_order_and_is_told() {
        let (order, passages, said) = reranked(&[], 4, [0.0; 4]);
        assert_eq!((order.as_str(), said), ("abcd", vec!["it fails".to_owned()]));
        assert!(passages.iter().all(|passage| passage.score.rerank.is_none()));
    }
}
