//! The longest and the farthest: passages in the order of the quantity that they name.

use std::collections::HashSet;

use serde::Serialize;

use super::{
    claims::sentences,
    items::SHARE_OF_BEST,
    passage::Passage,
    quantity::{Quantity, quantities},
};
use crate::plan::{Intent, Measure, Plan};

/// A sentence with more numbers than so many adds up a year, and is no single thing.
const NUMBERS_MAX: usize = 4;

/// So many entries under a heading or a tag that names a thing are a record of it.
const RECORD_MIN: usize = 5;

/// An entry's sentence that names the quantity that is asked for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measured {
    /// The sentence.
    pub sentence: String,
    /// The quantity.
    pub(super) quantity: Quantity,
    /// Which entry it is of.
    #[serde(skip)]
    pub(super) entry: (String, String, u32),
}

/// Passages by what they measure.
#[derive(Debug)]
pub(super) struct ByQuantity {
    /// Those that name a quantity, the one that is asked for first.
    pub(super) passages: Vec<Passage>,
    /// Their sentences that name it, in the same order.
    pub(super) measured: Vec<Measured>,
    /// The others.
    pub(super) others: Vec<Passage>,
}

/// Passages in the order of the quantity that is asked for; none where fewer than half of those that
/// speak of the topic name one: what is told in prose is a fact like any other.
pub(super) fn by_quantity(
    plan: &Plan,
    passages: Vec<Passage>,
    tells: &dyn Fn(&str) -> f32,
) -> Option<ByQuantity> {
    let smallest = plan.intent == Intent::Smallest;
    let (mut speaking, mut others) = (Vec::new(), Vec::new());
    for passage in passages {
        let is_record = is_above(&passage, tells);
        if is_record || tells(&passage.text) > 0.0 {
            speaking.push((passage, is_record));
        } else {
            others.push(passage);
        }
    }
    let told: Vec<_> =
        speaking.iter().map(|(passage, is_record)| named(passage, *is_record, tells)).collect();
    let measure = plan.measure.or_else(|| usual(&told))?;
    // Where the thing is kept a record of, what is said elsewhere may be the sum of a year.
    let (mut record, mut beside, mut silent) = (Vec::new(), Vec::new(), Vec::new());
    for ((passage, is_record), told) in speaking.into_iter().zip(told) {
        match best(told, measure, is_record, smallest) {
            Some((sentence, quantity)) => {
                let measured = Measured { sentence, quantity, entry: passage.entry_key() };
                if is_record { &mut record } else { &mut beside }.push((measured, passage));
            }
            None => silent.push(passage),
        }
    }
    let ranked = record.len() + beside.len();
    if ranked == 0 || ranked < silent.len() {
        return None;
    }
    let (mut ranked, beside) = if record.len() < RECORD_MIN {
        (record.into_iter().chain(beside).collect(), Vec::new())
    } else {
        (record, beside)
    };
    silent.extend(beside.into_iter().map(|(_, passage)| passage));
    ranked.sort_by(|(one, _), (other, _)| {
        let order = one.quantity.amount.total_cmp(&other.quantity.amount);
        if smallest { order } else { order.reverse() }
    });
    silent.append(&mut others);
    let (measured, passages) = ranked.into_iter().unzip();
    Some(ByQuantity { passages, measured, others: silent })
}

/// The sentence with the largest quantity, or with the smallest one.
///
/// What a sentence measures first is what it tells of, and so is what an item of a record does; the
/// rest is beside it.
fn best(
    told: Vec<Told>,
    measure: Measure,
    is_record: bool,
    smallest: bool,
) -> Option<(String, Quantity)> {
    let mut lines = HashSet::new();
    let amounts = told.into_iter().filter_map(|told| {
        let quantity = told.quantities.into_iter().find(|it| it.measure == measure)?;
        (lines.insert(told.line) || !is_record).then_some((told.sentence, quantity))
    });
    let is_before = |one: Quantity, other: Quantity| {
        if smallest { one.amount < other.amount } else { one.amount > other.amount }
    };
    amounts.reduce(|best, it| if is_before(it.1, best.1) { it } else { best })
}

/// A sentence that may be of the topic.
struct Told {
    line: usize,
    sentence: String,
    quantities: Vec<Quantity>,
}

/// Whether what stands over a passage speaks of the topic, or a tag of it does.
fn is_above(passage: &Passage, tells: &dyn Fn(&str) -> f32) -> bool {
    tells(&passage.breadcrumb.join(" ")) > 0.0 || tells(&passage.tags.join(" ")) > 0.0
}

/// Those sentences of a passage that speak of the topic; all of them, where what stands over it does.
fn named(passage: &Passage, is_above: bool, tells: &dyn Fn(&str) -> f32) -> Vec<Told> {
    let told: Vec<(usize, &str, f32)> = passage
        .text
        .lines()
        .enumerate()
        .flat_map(|(line, text)| text.split("; ").map(move |part| (line, part)))
        .flat_map(|(line, part)| sentences(part).into_iter().map(move |it| (line, &part[it])))
        .map(|(line, sentence)| (line, sentence, tells(sentence)))
        .collect();
    let best = told.iter().map(|(.., told)| *told).fold(0.0, f32::max);
    told.into_iter()
        .filter(|(.., told)| is_above || *told > 0.0 && *told >= SHARE_OF_BEST * best)
        .map(|(line, sentence, _)| Told {
            line,
            sentence: sentence.trim().to_owned(),
            quantities: measured(sentence),
        })
        .collect()
}

/// The quantities of a sentence that tells of a single thing.
fn measured(sentence: &str) -> Vec<Quantity> {
    let begins = |word: &&str| word.starts_with(|it: char| it.is_ascii_digit());
    let numbers = sentence.split_whitespace().filter(begins).count();
    if numbers > NUMBERS_MAX { Vec::new() } else { quantities(sentence) }
}

/// What passages measure: a way has both a length and a time, and is told long by its length.
fn usual(told: &[Vec<Told>]) -> Option<Measure> {
    let having = |measure| {
        let has = |told: &&Vec<Told>| {
            told.iter().flat_map(|it| &it.quantities).any(|it| it.measure == measure)
        };
        told.iter().filter(has).count()
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
        let texts = found.as_ref().map(|found| {
            found.passages.iter().map(|passage| passage.text.as_str()).collect::<Vec<_>>()
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
    fn what_is_measured_beside_it_is_something_else() {
        let texts = ["ran 5 km, the old shoes had 803 km", "ran 8 km"];
        let farthest = ["ran 8 km", "ran 5 km, the old shoes had 803 km"];
        check(Intent::Largest, None, Some(&farthest), &texts);
    }

    #[test]
    fn a_date_and_a_watch_are_a_number_each() {
        let texts =
            ["- 2022-02-20: ran 15 km in 1:36:10, sore", "- 2022-03-20: ran 12 km in 59:10"];
        check(Intent::Largest, None, Some(&texts), &texts);
    }

    #[test]
    fn a_record_is_believed_before_what_is_said_elsewhere() {
        let plan = Plan { intent: Intent::Largest, ..Plan::default() };
        let kept = |distance: u32| {
            let text = format!("{distance} km along the river");
            let breadcrumb = vec!["ran".to_owned()];
            Passage { breadcrumb, ..test_passage(&format!("{distance}.md"), "2022-03-08", &text) }
        };
        let mut passages = vec![test_passage("year.md", "2022-12-31", "ran 486 km this year")];
        passages.extend([8, 18, 5, 12, 10].map(kept));
        let tells = |text: &str| f32::from(u8::from(text.contains("ran")));
        let found = by_quantity(&plan, passages, &tells).unwrap();
        assert_eq!(found.passages[0].text, "18 km along the river");
        assert_eq!(found.others[0].path, "year.md");
    }

    #[test]
    fn an_item_of_a_record_measures_one_thing() {
        let plan = Plan { intent: Intent::Largest, ..Plan::default() };
        let text = "- 9 km. Then 20 km by train.\n- 12 km";
        let breadcrumb = vec!["ran".to_owned()];
        let passage = Passage { breadcrumb, ..test_passage("a.md", "2022-03-08", text) };
        let tells = |text: &str| f32::from(u8::from(text.contains("ran")));
        let found = by_quantity(&plan, vec![passage], &tells).unwrap();
        assert_eq!(found.measured[0].sentence, "- 12 km");
    }

    #[test]
    fn what_does_not_speak_of_it_need_not_measure_it() {
        let texts = ["ran 5 km", "slept", "ate", "read", "ran 8 km"];
        check(Intent::Largest, None, Some(&["ran 8 km", "ran 5 km"]), &texts);
    }

    #[test]
    fn without_a_quantity_nothing_is_the_longest() {
        check(Intent::Largest, None, None, &["ran", "ran home"]);
        check(Intent::Largest, None, None, &["ran", "ran home", "ran 5 km"]);
    }
}
