//! A word of a question that no note has, read as one that is a slip of the keyboard away.
//!
//! The words of the logbook are the dictionary: every word that one slip makes is looked up at once
//! in the index, and the notes that have one say which it was.

use std::collections::BTreeMap;

use super::{phrases, retrieve::Retriever};
use crate::{
    error::Result,
    index::{folded, query_vector},
    plan::Plan,
    services::{Filter, Query, Search},
};

/// A shorter word is a slip away from too many others.
const LETTERS_MIN: usize = 7;
/// So many chunks are read to learn how a word is written.
const CHUNKS_READ: u64 = 32;

impl Retriever<'_> {
    /// The plan with those words of its topic repaired that no note has; each is told as a doubt.
    ///
    /// A word that is all of the topic stays: it may name what the logbook does not speak of.
    ///
    /// # Errors
    /// When the index can't be searched.
    pub fn spelled(&self, plan: Plan) -> Result<Plan> {
        let words: Vec<String> = plan.topic.split_whitespace().map(str::to_owned).collect();
        let mut unknown = Vec::new();
        for word in &words {
            let is_read = !self.reader.query_words(word).is_empty();
            if is_read && self.chunks_with(std::slice::from_ref(word), 1)?.is_empty() {
                unknown.push(word);
            }
        }
        if unknown.len() == words.len() {
            return Ok(plan);
        }
        let mut plan = plan;
        for word in unknown {
            if let Some(read_as) = self.meant(word)? {
                plan.topic = replaced(&plan.topic, word, &read_as);
                plan.resolved = replaced(&plan.resolved, word, &read_as);
                plan.doubts.push(phrases::repaired(plan.language, word, &read_as));
            }
        }
        Ok(plan)
    }

    /// The word of the logbook that a word is probably meant to be; the most frequent one, by chunks.
    fn meant(&self, word: &str) -> Result<Option<String>> {
        let word = folded(word);
        let is_plain = word.chars().all(|letter| letter.is_ascii_lowercase());
        if word.chars().count() < LETTERS_MIN || !is_plain {
            return Ok(None);
        }
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        let slips = slips(&word);
        let ids = self.chunks_with(&slips, CHUNKS_READ)?;
        for (_, payload) in self.index.payloads(&ids)? {
            let text = folded(&payload.whole_text());
            let mut words: Vec<&str> =
                text.split(|letter: char| !letter.is_alphanumeric()).collect();
            words.sort_unstable();
            words.dedup();
            let near = words
                .into_iter()
                .filter(|word| slips.binary_search_by(|slip| slip.as_str().cmp(word)).is_ok());
            near.for_each(|other| *counts.entry(other.to_owned()).or_default() += 1);
        }
        let most = counts.into_iter().rev().max_by_key(|(_, count)| *count);
        Ok(most.map(|(word, _)| word))
    }

    /// The chunks that have any of some words, the best first, up to so many.
    fn chunks_with(&self, words: &[String], limit: u64) -> Result<Vec<uuid::Uuid>> {
        let terms: Vec<_> = words.iter().flat_map(|word| self.reader.query_words(word)).collect();
        let query = Query::Sparse(query_vector(&terms));
        let search = Search { query, filter: Filter::default(), limit };
        Ok(self.index.search(&search)?.into_iter().map(|(id, _)| id).collect())
    }
}

/// A text with another word in the place of one.
fn replaced(text: &str, word: &str, other: &str) -> String {
    let is_edge = |letter: Option<char>| letter.is_none_or(|letter| !letter.is_alphanumeric());
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(word) {
        let (before, from) = rest.split_at(at);
        let after = &from[word.len()..];
        let before_it = before.chars().next_back().or_else(|| replaced.chars().next_back());
        let is_whole = is_edge(before_it) && is_edge(after.chars().next());
        replaced.push_str(before);
        replaced.push_str(if is_whole { other } else { word });
        rest = after;
    }
    replaced.push_str(rest);
    replaced
}

/// Every word that one slip makes of a word: a letter left out, one too much, or two swapped, behind
/// the first.
///
/// Another letter in the place of one is no slip here: `mother` and `bother`, `travel` and `gravel` are
/// both words, and one of them may just not be in the notes.
/// Source of the kinds: Damerau, *A Technique for Computer Detection and Correction of Spelling
/// Errors*, 1964.
fn slips(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    let mut slips = Vec::new();
    for at in 1..=letters.len() {
        let (before, after) = letters.split_at(at);
        let joined =
            |middle: &[char], rest: &[char]| before.iter().chain(middle).chain(rest).collect();
        if let [_, rest @ ..] = after {
            slips.push(joined(&[], rest));
        }
        if let [first, second, rest @ ..] = after {
            slips.push(joined(&[*second, *first], rest));
        }
        slips.extend(('a'..='z').map(|letter| joined(&[letter], after)));
    }
    slips.sort_unstable();
    slips.dedup();
    slips.retain(|slip| slip != word);
    slips
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_slip_is_a_letter_left_out_or_too_much_or_two_swapped() {
        let of = slips("abc");
        for slip in ["ab", "acb", "abcd", "axbc"] {
            assert!(of.iter().any(|other| other == slip), "{slip}");
        }
        for other in ["abc", "axc", "bac", "bc", "xabc"] {
            assert!(!of.iter().any(|slip| slip == other), "{other}");
        }
    }

    #[test]
    fn whole_words_are_replaced() {
        assert_eq!(
            replaced("the fesetival, fesetivals", "fesetival", "festival"),
            "the festival, fesetivals"
        );
    }

    proptest! {
        #[test]
        fn every_slip_is_one_step_away(word in "[a-z]{1,8}") {
            for slip in slips(&word) {
                prop_assert_eq!(strsim::osa_distance(&word, &slip), 1, "{}", slip);
            }
        }
    }
}
