//! What the index itself answers, exactly, and whether the words of a model say the same.
//!
//! A model that is asked how many or when is told it, so that it only has to word it. What it makes
//! of it is held against it: the numbers that it gives for entries, and the days that it names.

use std::collections::HashSet;

use jiff::civil::Weekday;
use serde::Serialize;

use super::{
    figures::{counted, figures, numbers},
    passage::Passage,
    quantity::{Quantity, quantities},
};
use crate::{
    index::folded,
    logbook::{Language, Span, month_name, month_named, weekday_name},
    plan::Plan,
};

/// What is counted or looked up in the index in answer to a question.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Exact {
    /// It in a sentence, in the question's language.
    pub text: String,
    /// How many entries that are, where the question is for a number of them.
    pub number: Option<usize>,
    /// The entries behind it, in order: `path:line`.
    pub entries: Vec<String>,
    /// Whether the words of a model say the same; none where no model worded it.
    pub said: Option<bool>,
    /// What an answer has to say of it: of each group, one fact.
    #[serde(skip)]
    pub(super) facts: Vec<Vec<Fact>>,
    /// Every number of entries that is right.
    #[serde(skip)]
    pub(super) counts: HashSet<String>,
    /// The numbers that the question has: they need not be said again.
    #[serde(skip)]
    pub(super) asked: HashSet<String>,
    /// Which entries are behind it.
    #[serde(skip)]
    pub(super) keys: Vec<(String, String, u32)>,
}

const LANGUAGES: [Language; 2] = [Language::English, Language::French];

/// Something that an answer says or does not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Fact {
    /// So many entries.
    Number(usize),
    /// These days.
    Days(Span),
    /// The weekday in this place behind Monday.
    Weekday(i8),
    /// So much, measured on these days.
    Measured(Quantity, Option<Span>),
}

impl Exact {
    /// A sentence of the index with the passages that the entries behind it begin with.
    pub(super) fn new(
        plan: &Plan,
        text: String,
        facts: Vec<Vec<Fact>>,
        behind: &[&Passage],
    ) -> Self {
        Self {
            text,
            number: None,
            entries: behind.iter().map(|passage| passage.place()).collect(),
            said: None,
            facts,
            counts: HashSet::new(),
            asked: numbers(&plan.question),
            keys: behind.iter().map(|passage| passage.entry_key()).collect(),
        }
    }

    /// It as a number of entries, of which other numbers are right too.
    pub(super) fn counting(self, number: usize, right: impl IntoIterator<Item = usize>) -> Self {
        let counts = right.into_iter().map(|count| count.to_string()).collect();
        Self { number: Some(number), counts, ..self }
    }

    /// Whether a text without its citations says the same.
    pub(super) fn is_said(&self, text: &str) -> bool {
        let says = |fact: &Fact| fact.is_said(text, &self.asked);
        self.wrong_counts(text).is_empty() && self.facts.iter().all(|group| group.iter().any(says))
    }

    /// The numbers of entries that a text gives and that are not those of the index.
    pub(super) fn wrong_counts(&self, text: &str) -> Vec<String> {
        if self.counts.is_empty() {
            return Vec::new();
        }
        let is_known =
            |number: &String| self.counts.contains(number) || self.asked.contains(number);
        let wrong = counted(text).into_iter().filter(|it| !it.numbers.iter().any(is_known));
        wrong.map(|it| it.text).collect()
    }

    /// The places of some passages that are of the entries behind it.
    pub(super) fn behind(&self, passages: &[Passage]) -> Vec<usize> {
        let keys: HashSet<&(String, String, u32)> = self.keys.iter().collect();
        let is_behind = |place: &usize| keys.contains(&passages[*place].entry_key());
        (0..passages.len()).filter(is_behind).collect()
    }

    /// It as the index's own words, for an answer that does not say it.
    pub(super) fn told(&self, language: Language, cited: &[usize]) -> String {
        let by = match language {
            Language::English => "By the index:",
            Language::French => "Selon l’index :",
        };
        let numbers: Vec<String> = cited.iter().map(ToString::to_string).collect();
        let cited = match &self.entries[..] {
            _ if !numbers.is_empty() => format!(" [{}]", numbers.join(", ")),
            [place] => format!(" ({place})"),
            _ => String::new(),
        };
        format!("**{by}** {}{cited}", self.text)
    }
}

impl Fact {
    fn is_said(self, text: &str, asked: &HashSet<String>) -> bool {
        let is_named = |names: [&str; 2]| names.iter().any(|name| has_word(text, name));
        match self {
            Self::Number(number) => {
                let number = HashSet::from([number.to_string()]);
                let in_words = || counted(text).iter().any(|it| !it.numbers.is_disjoint(&number));
                has_figure(text, &number) || in_words()
            }
            Self::Days(days) => {
                let numbers = numbers(text);
                let has = |number: &str| numbers.contains(number) || asked.contains(number);
                let start = days.start();
                let month = start.month();
                let names = LANGUAGES.map(|language| month_name(language, month));
                let has_month = numbers.contains(&month.to_string()) || is_named(names);
                let has_day = numbers.contains(&start.day().to_string());
                let is_long = days.days() > 31;
                has(&start.year().to_string())
                    && (is_long || has_month)
                    && (Span::day(start) != Some(days) || has_day)
            }
            // Who names no quantity may name the day.
            Self::Measured(quantity, days) => {
                let of_measure = |it: &Quantity| it.measure == quantity.measure;
                let mut told = quantities(text).into_iter().filter(of_measure).peekable();
                if told.peek().is_none() {
                    return days.is_some_and(|days| Self::Days(days).is_said(text, asked));
                }
                told.any(|it| it.is_about(quantity))
            }
            Self::Weekday(place) => Weekday::from_monday_zero_offset(place).is_ok_and(|weekday| {
                is_named(LANGUAGES.map(|language| weekday_name(language, weekday)))
            }),
        }
    }
}

/// Whether a text has a number in digits that is no part of a date.
fn has_figure(text: &str, number: &HashSet<String>) -> bool {
    let bare = |word: &'_ str| -> String {
        word.trim_matches(|character: char| !character.is_alphanumeric()).to_owned()
    };
    // `1 204` is one number.
    let text = text.replace(['\u{a0}', '\u{202f}'], "");
    let words: Vec<String> = text.split_whitespace().map(bare).collect();
    words.iter().enumerate().any(|(index, word)| {
        let is_of_a_day = words.get(index + 1).is_some_and(|next| month_named(next).is_some());
        let is_number =
            word.chars().all(|character| character.is_ascii_digit() || character == ',');
        is_number
            && !is_of_a_day
            && !word.starts_with('0')
            && figures(word).iter().any(|figure| figure.is_in(number))
    })
}

/// Whether a text has a word, or its plural, however it is written.
fn has_word(text: &str, name: &str) -> bool {
    let (text, name) = (folded(text), folded(name));
    text.split(|character: char| !character.is_alphanumeric())
        .any(|word| word == name || word.strip_suffix('s') == Some(&name))
}
