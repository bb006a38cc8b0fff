//! A question without its periods: the words that intent and topic are read from.

use std::ops::Range;

use super::{
    period::{
        Reading,
        token::{Kind, Text},
    },
    vocabulary as words,
};

/// The words of a question that are not about time.
pub(super) struct Words<'t> {
    /// The whole question.
    pub(super) text: &'t Text<'t>,
    /// Each word and number, with its token; what is quoted stands as one empty word a token.
    list: Vec<(&'t str, usize)>,
    /// Whether a token is part of a phrase about time, or about where to look.
    timed: Vec<bool>,
}

impl<'t> Words<'t> {
    /// The words of a question that a reading left.
    pub(super) fn new(text: &'t Text<'t>, reading: &Reading) -> Self {
        let (mut phrases, mut apart) = (reading.phrases.iter(), text.apart.iter());
        let (mut phrase, mut part) = (phrases.next(), apart.next());
        let timed: Vec<bool> = text
            .tokens
            .iter()
            .map(|token| {
                let start = token.bytes.start;
                while phrase.is_some_and(|phrase| phrase.end <= start) {
                    phrase = phrases.next();
                }
                while part.is_some_and(|part| part.end <= start) {
                    part = apart.next();
                }
                [phrase, part].into_iter().flatten().any(|range| range.contains(&start))
            })
            .collect();
        let list = text.tokens.iter().enumerate();
        let list = list
            .filter(|(at, token)| !timed[*at] && token.kind != Kind::Mark)
            .map(|(at, token)| (if token.quoted { "" } else { &*token.folded }, at))
            .collect();
        Self { text, list, timed }
    }

    /// Whether a token is part of a phrase about time, or about where to look.
    pub(super) fn is_timed(&self, token: usize) -> bool {
        self.timed.get(token).copied().unwrap_or_default()
    }

    /// How many words there are.
    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// The word at a place; empty when there is none or it is quoted.
    pub(super) fn word(&self, at: usize) -> &'t str {
        self.list.get(at).map_or("", |(word, _)| word)
    }

    /// The word as it stands in the question.
    pub(super) fn raw(&self, at: usize) -> &'t str {
        self.list.get(at).map_or("", |(_, token)| self.text.tokens[*token].raw)
    }

    /// The token of a word.
    pub(super) fn token(&self, at: usize) -> usize {
        self.list.get(at).map_or(usize::MAX, |(_, token)| *token)
    }

    /// Whether one of these words stands at a place.
    pub(super) fn is(&self, at: usize, words: &[&str]) -> bool {
        let word = self.word(at);
        !word.is_empty() && words.contains(&word)
    }

    /// Whether one of these words stands anywhere, and where first.
    pub(super) fn find(&self, words: &[&str]) -> Option<usize> {
        (0..self.len()).find(|at| self.is(*at, words))
    }

    /// The longest of these phrases at a place, by the place behind it.
    pub(super) fn any_phrase(&self, at: usize, phrases: &[&str]) -> Option<usize> {
        let first = self.word(at).as_bytes().first();
        let like = phrases.iter().filter(|phrase| phrase.as_bytes().first() == first);
        let ends = like.filter_map(|phrase| {
            phrase.split(' ').try_fold(at, |at, word| (self.word(at) == word).then_some(at + 1))
        });
        ends.max()
    }

    /// The first of these phrases anywhere.
    pub(super) fn find_phrase(&self, phrases: &[&str]) -> Option<Range<usize>> {
        (0..self.len()).find_map(|at| Some(at..self.any_phrase(at, phrases)?))
    }

    /// Where the question itself begins, behind `and`, `tell me`, `in` of a period and the like.
    pub(super) fn opening(&self) -> usize {
        const OPENINGS_MAX: usize = 6;
        let mut at = 0;
        for _ in 0..OPENINGS_MAX {
            match self.any_phrase(at, words::OPENINGS).filter(|end| *end < self.len()) {
                Some(end) => at = end,
                None => break,
            }
        }
        at
    }

    /// Whether the words ask something by themselves: a question word, or a verb with its subject.
    pub(super) fn is_question(&self, from: usize) -> bool {
        (from..self.len()).any(|at| {
            self.is(at, words::QUESTION_WORDS)
                || (self.is(at, words::AUXILIARIES) && self.is(at + 1, words::SUBJECTS))
                || (self.is(at, &["i", "je", "j'", "we", "nous"]) && at + 1 < self.len())
        })
    }
}
