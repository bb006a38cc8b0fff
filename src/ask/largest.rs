//! The longest and the farthest: passages in the order of the quantity that they name.

use super::{
    claims::sentences,
    figures::figures,
    passage::Passage,
    quantity::{Quantity, quantities},
};
use crate::plan::{Intent, Measure, Plan};

/// Of the sentence of a passage that says the most of the topic, how much another must say.
const SHARE_OF_BEST: f32 = 0.5;
/// A sentence with more numbers than so many adds up a year, and is no single thing.
const NUMBERS_MAX: usize = 4;

/// The passages that name a quantity, the one that is asked for first, and the others; none where
/// fewer than half of them do: what is told in prose is a fact like any other.
pub(super) fn by_quantity(
    plan: &Plan,
    passages: Vec<Passage>,
    tells: &dyn Fn(&str) -> f32,
) -> Option<(Vec<Passage>, Vec<Passage>)> {
    let smallest = plan.intent == Intent::Smallest;
    let found: Vec<Vec<Quantity>> = passages.iter().map(|passage| named(passage, tells)).collect();
    let measure = plan.measure.or_else(|| usual(&found))?;
    let amount = |quantities: &[Quantity]| {
        let amounts = quantities.iter().filter(|it| it.measure == measure).map(|it| it.amount);
        amounts.reduce(if smallest { f64::min } else { f64::max })
    };
    let (mut measured, mut others) = (Vec::new(), Vec::new());
    for (passage, quantities) in passages.into_iter().zip(found) {
        match amount(&quantities) {
            Some(amount) => measured.push((amount, passage)),
            None => others.push(passage),
        }
    }
    measured.sort_by(
        |(one, _), (other, _)| {
            if smallest { one.total_cmp(other) } else { other.total_cmp(one) }
        },
    );
    (!measured.is_empty() && measured.len() >= others.len())
        .then(|| (measured.into_iter().map(|(_, passage)| passage).collect(), others))
}

/// The quantities of those sentences of a passage that speak of the topic; of all, where what stands
/// over it does.
fn named(passage: &Passage, tells: &dyn Fn(&str) -> f32) -> Vec<Quantity> {
    let is_above = tells(&passage.breadcrumb.join(" ")) > 0.0;
    let told: Vec<(&str, f32)> = passage
        .text
        .lines()
        .flat_map(|line| line.split("; "))
        .flat_map(|part| sentences(part).into_iter().map(|place| &part[place]))
        .map(|sentence| (sentence, tells(sentence)))
        .collect();
    let best = told.iter().map(|(_, told)| *told).fold(0.0, f32::max);
    told.into_iter()
        .filter(|(_, told)| is_above || *told > 0.0 && *told >= SHARE_OF_BEST * best)
        .flat_map(|(sentence, _)| measured(sentence))
        .collect()
}

/// The quantities of a sentence that tells of a single thing.
pub(super) fn measured(sentence: &str) -> Vec<Quantity> {
    if figures(sentence).len() > NUMBERS_MAX { Vec::new() } else { quantities(sentence) }
}

/// What passages measure: a way has both a length and a time, and is told long by its length.
fn usual(found: &[Vec<Quantity>]) -> Option<Measure> {
    let having = |measure| {
        found.iter().filter(|quantities| quantities.iter().any(|it| it.measure == measure)).count()
    };
    let (times, distances) = (having(Measure::Time), having(Measure::Distance));
    match (times, distances) {
        (0, 0) => None,
        _ if times > 2 * distances => Some(Measure::Time),
        _ => Some(Measure::Distance),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ask::test_passage;

    fn check(intent: Intent, measure: Option<Measure>, expected: Option<&[&str]>, texts: &[&str]) {
        let plan = Plan { intent, measure, ..Plan::default() };
        let passages = texts.iter().map(|text| test_passage("a.md", "2022-03-08", text)).collect();
        let tells = |text: &str| f32::from(u8::from(text.contains("ran")));
        let found = by_quantity(&plan, passages, &tells);
        let texts = found.as_ref().map(|(measured, _)| {
            measured.iter().map(|passage| passage.text.as_str()).collect::<Vec<_>>()
        });
        assert_eq!(texts.as_deref(), expected);
    }

    #[test]
    fn the_longest_comes_first() {
        let texts = ["ran 20 min", "ran", "ran 1 h", "ran for 45 minutes"];
        check(
            Intent::Largest,
            None,
            Some(&["ran 1 h", "ran for 45 minutes", "ran 20 min"]),
            &texts,
        );
        let shortest = ["ran 20 min", "ran for 45 minutes", "ran 1 h"];
        check(Intent::Smallest, None, Some(&shortest), &texts);
    }

    #[test]
    fn only_what_is_said_of_the_topic_counts() {
        let texts = ["ran 20 min\nslept 9 hours", "ran 30 min"];
        check(Intent::Largest, None, Some(&["ran 30 min", "ran 20 min\nslept 9 hours"]), &texts);
    }

    #[test]
    fn a_sentence_that_adds_up_a_year_is_no_single_thing() {
        let texts = ["ran 118 km, 612 commits, 9 incidents, 41 loaves, 3 talks", "ran 21 km"];
        check(Intent::Largest, None, Some(&["ran 21 km"]), &texts);
    }

    #[test]
    fn what_is_said_in_another_sentence_is_of_something_else() {
        let texts = ["ran 5 km. Drove 300 km. Home.", "ran 8 km"];
        check(Intent::Largest, None, Some(&["ran 8 km", "ran 5 km. Drove 300 km. Home."]), &texts);
    }

    #[test]
    fn how_far_is_a_distance() {
        let texts = ["ran 5 km in 40 min", "ran 8 km in 39 min"];
        let farthest = ["ran 8 km in 39 min", "ran 5 km in 40 min"];
        check(Intent::Largest, Some(Measure::Distance), Some(&farthest), &texts);
    }

    #[test]
    fn without_a_quantity_nothing_is_the_longest() {
        check(Intent::Largest, None, None, &["ran", "ran home"]);
        check(Intent::Largest, None, None, &["ran", "ran home", "ran 5 km"]);
    }
}
