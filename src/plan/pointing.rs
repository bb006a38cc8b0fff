//! The words with which a question points to the one before it.

use std::ops::Range;

use super::{
    period::token::{Kind, Text},
    words::Words,
};

pub(super) const LEADS: &[&str] = &[
    "and",
    "and about",
    "and for",
    "and on",
    "and in",
    "and with",
    "and also",
    "and what about",
    "and how about",
    "what about",
    "how about",
    "but",
    "or",
    "so",
    "also",
    "ok and",
    "same for",
    "same question for",
    "the same for",
    "the same question for",
    "now",
    "now for",
    "and now",
    "more about",
    "more on",
    "tell me more about",
    "tell me about",
    "only",
    "and only",
    "instead",
    // French.
    "et",
    "et sur",
    "et pour",
    "et en",
    "et avec",
    "et de",
    "et du",
    "et a propos de",
    "et au sujet de",
    "et concernant",
    "et qu' en est il de",
    "qu' en est il de",
    "quid de",
    "et quid de",
    "mais",
    "ou",
    "pareil pour",
    "la meme chose pour",
    "meme question pour",
    "meme chose pour",
    "et si",
    "plus sur",
    "dis m' en plus sur",
    "et seulement",
    "seulement",
    "et alors",
];

/// Words that ask for more of the same.
const MORE: &[&str] = &[
    "why",
    "how",
    "so",
    "come",
    "more",
    "tell",
    "me",
    "go",
    "on",
    "continue",
    "details",
    "detail",
    "please",
    "again",
    "else",
    "anything",
    "something",
    "overall",
    "too",
    "aussi",
    "chose",
    "what",
    "and",
    "elaborate",
    "really",
    "then",
    "next",
    "explain",
    "that",
    "pourquoi",
    "comment",
    "plus",
    "dis",
    "m'",
    "en",
    "encore",
    "continue",
    "continuez",
    "et",
    "ca",
    "quoi",
    "d'autre",
    "d'",
    "autre",
    "ensuite",
    "apres",
    "vraiment",
    "developpe",
    "precise",
    "de",
    "moi",
    "s'",
    "il",
    "te",
    "plait",
    "vous",
    "a",
    "about",
    "it",
    "cela",
    "is",
    "was",
];

pub(super) const REFERENCES: &[&str] =
    &["that", "it", "them", "those", "this", "ca", "cela", "c'", "eux"];

/// Whether the words only ask for more of the same.
pub(super) fn only_more(words: &Words<'_>) -> bool {
    const WORDS_MAX: usize = 7;
    words.len() <= WORDS_MAX && (0..words.len()).all(|at| words.is(at, MORE))
}

/// Whether words point to the period of the question before (`then`, `that year`), and where.
pub(super) fn refers_to_period(text: &Text<'_>) -> Option<Range<usize>> {
    const THEN: &[&str] = &[
        "that year",
        "that month",
        "that week",
        "that day",
        "that summer",
        "that winter",
        "that spring",
        "that autumn",
        "that fall",
        "at that time",
        "in that period",
        "during that time",
        "back then",
        "in those days",
        "that period",
        "the same year",
        "the same month",
        "the same day",
        "the same period",
        "cette annee - la",
        "ce mois - la",
        "cette semaine - la",
        "ce jour - la",
        "a ce moment - la",
        "a cette epoque",
        "a l' epoque",
        "cet ete - la",
        "cette periode",
        "cette periode - la",
        "la meme annee",
        "le meme mois",
        "le meme jour",
        "a cette epoque - la",
    ];
    (0..text.len()).find_map(|at| {
        let end = text.any_phrase(at, THEN).or_else(|| {
            let last = text.is(at, &["then", "alors"])
                && at > 0
                && text.get(at + 1).is_none_or(|token| token.kind == Kind::Mark);
            last.then_some(at + 1)
        })?;
        Some(at..end)
    })
}
