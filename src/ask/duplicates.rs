//! The same passage in several notes, shown once.
//!
//! What is copied from a daily note into one by topic would be read twice. The same words on another
//! day are another thing that happened, and stay.
//! Source of the measure: Broder, *On the Resemblance and Containment of Documents*, 1997.

use std::{
    collections::{HashMap, HashSet, hash_map::DefaultHasher},
    hash::{Hash as _, Hasher as _},
};

use super::passage::Passage;
use crate::logbook::Span;

/// The share of their words that two passages have in common at least.
const COMMON_MIN: f32 = 0.85;
/// With fewer words, two passages may be the same by chance.
const WORDS_MIN: usize = 8;
/// So many passages of the same days are compared with the next one.
const COMPARED_MAX: usize = 32;

/// The words of a passage by their hashes, and where the passage is in the list.
type Known = (usize, HashSet<u64>);

/// The passages without those that say the same as one before them, of the same days, in another
/// note; that one says where they are.
pub(super) fn without_duplicates(passages: Vec<Passage>) -> Vec<Passage> {
    let notes = notes_by_days(&passages);
    let mut kept: Vec<Passage> = Vec::with_capacity(passages.len());
    let mut known: HashMap<Option<Span>, Vec<Known>> = HashMap::new();
    for passage in passages {
        // Most days have one note, and nothing to compare.
        if notes.get(&passage.span).is_none_or(|notes| *notes < 2) {
            kept.push(passage);
            continue;
        }
        let own = words(&passage.text);
        let same_days = known.entry(passage.span).or_default();
        let same = same_days.iter().take(COMPARED_MAX).find(|(place, other)| {
            let is_elsewhere =
                (&kept[*place].root, &kept[*place].path) != (&passage.root, &passage.path);
            is_elsewhere && are_same(&own, other)
        });
        if let Some((place, _)) = same {
            kept[*place].also.push(passage.place());
        } else {
            same_days.push((kept.len(), own));
            kept.push(passage);
        }
    }
    kept
}

/// How many notes the passages of the same days are of.
fn notes_by_days(passages: &[Passage]) -> HashMap<Option<Span>, usize> {
    let mut notes: HashMap<Option<Span>, HashSet<(&str, &str)>> = HashMap::new();
    for passage in passages {
        notes.entry(passage.span).or_default().insert((&passage.root, &passage.path));
    }
    notes.into_iter().map(|(span, notes)| (span, notes.len())).collect()
}

fn words(text: &str) -> HashSet<u64> {
    text.split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| {
            let mut hasher = DefaultHasher::new();
            word.to_lowercase().hash(&mut hasher);
            hasher.finish()
        })
        .collect()
}

fn are_same(one: &HashSet<u64>, other: &HashSet<u64>) -> bool {
    let (fewer, more) = if one.len() < other.len() { (one, other) } else { (other, one) };
    if fewer.len() < WORDS_MIN || (fewer.len() as f32) < COMMON_MIN * more.len() as f32 {
        return false;
    }
    let common = fewer.intersection(more).count();
    common as f32 >= COMMON_MIN * (fewer.len() + more.len() - common) as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ask::test_passage;

    const TEXT: &str = "The dough wants eighteen hours at twelve degrees, and no more salt.";

    fn check(passages: &[(&str, &str, &str)], expected: &[(&str, &[&str])]) {
        let passages = passages.iter().map(|(path, day, text)| test_passage(path, day, text));
        let kept = without_duplicates(passages.collect());
        let kept: Vec<(&str, Vec<&str>)> = kept
            .iter()
            .map(|it| (it.path.as_str(), it.also.iter().map(String::as_str).collect()))
            .collect();
        let expected: Vec<(&str, Vec<&str>)> =
            expected.iter().map(|(path, also)| (*path, also.to_vec())).collect();
        assert_eq!(kept, expected);
    }

    /// Faults 50 and 61: one file under two names; copies that a sync left behind.
    #[test]
    fn a_copy_in_another_note_of_the_day_is_shown_once() {
        let copy = TEXT.replace("The dough", "- the *dough*");
        check(
            &[("day.md", "2022-03-08", TEXT), ("bread.md", "2022-03-08", &copy)],
            &[("day.md", &["bread.md:1"])],
        );
    }

    #[test]
    fn the_same_words_of_another_day_are_another_thing() {
        check(
            &[("a.md", "2022-03-08", TEXT), ("b.md", "2022-03-09", TEXT)],
            &[("a.md", &[]), ("b.md", &[])],
        );
    }

    #[test]
    fn what_is_short_or_in_the_same_note_or_only_alike_stays() {
        let alike = TEXT.replace("eighteen hours at twelve degrees", "one night on the cold sill");
        let check_both = |second: (&str, &str), first: &str| {
            check(
                &[("a.md", "2022-03-08", first), (second.0, "2022-03-08", second.1)],
                &[("a.md", &[]), (second.0, &[])],
            );
        };
        check_both(("b.md", &alike), TEXT);
        check_both(("a.md", TEXT), TEXT);
        check_both(("b.md", "Ran 5 km."), "Ran 5 km.");
    }
}
