//! Questions made by rule from a logbook itself: what its owner could ask of it, with the lines that
//! answer it.
//!
//! No model is asked, and the same logbook and seed give the same questions. They measure how well
//! what is there is found; they are not as hard as those that a person thinks of, since they have the
//! words of the notes.

mod kinds;
mod mention;
mod reading;
mod wording;

use std::collections::{BTreeSet, VecDeque};

use jiff::civil::Date;

use self::{kinds::Draft, reading::Reading};
use super::{Question, Window, random::Random};
use crate::logbook::{Lines, Precision, Span};

/// An entry of a note, as questions are made from it.
#[derive(Clone, Debug)]
pub struct Written {
    /// The note, below the folder of notes.
    pub file: String,
    /// Its lines, first and last.
    pub lines: Lines,
    /// The text of these lines.
    pub text: String,
    /// Its title.
    pub title: String,
    /// Its days; none when it is undated.
    pub span: Option<Span>,
    /// How exactly it is dated.
    pub precision: Option<Precision>,
    /// Its tags.
    pub tags: Vec<String>,
}

/// The categories, in the order of the questions.
const CATEGORIES: [&str; 5] = ["recap-year", "topic-year", "when", "lookup", "unanswerable"];
/// Which category each question in turn is of, as its place among [`CATEGORIES`].
const TURNS: [usize; 10] = [3, 1, 2, 4, 3, 0, 1, 3, 2, 4];

/// Makes so many questions of a logbook, fewer when it does not give that many.
#[must_use]
pub fn generate(entries: &[Written], seed: u64, count: usize) -> Vec<Question> {
    let reading = Reading::of(entries);
    let Some((_, asked_on)) = reading.days() else { return Vec::new() };
    let mut random = Random::new(seed);
    let mut drafts: [VecDeque<Draft>; CATEGORIES.len()] = [
        kinds::years(&reading, &mut random).into(),
        kinds::topics_in_years(&reading, &mut random).into(),
        kinds::days(&reading, &mut random).into(),
        kinds::facts(&reading, &mut random).into(),
        kinds::unanswerable(&reading, &mut random).into(),
    ];
    let mut taken: [Vec<Draft>; CATEGORIES.len()] = Default::default();
    let mut asked: BTreeSet<String> = BTreeSet::new();
    for category in TURNS.into_iter().cycle() {
        if asked.len() == count || drafts.iter().all(VecDeque::is_empty) {
            break;
        }
        let next = std::iter::from_fn(|| drafts[category].pop_front())
            .find(|draft| asked.insert(draft.question.clone()));
        taken[category].extend(next);
    }
    let named = CATEGORIES.into_iter().zip(taken);
    let named =
        named.flat_map(|(category, drafts)| drafts.into_iter().map(move |it| (category, it)));
    named
        .enumerate()
        .map(|(place, (category, draft))| numbered(place + 1, category, draft, asked_on))
        .collect()
}

/// A question with its number, asked on a day.
fn numbered(number: usize, category: &str, draft: Draft, asked_on: Date) -> Question {
    let window = draft.year.and_then(Span::year);
    Question {
        id: format!("own-{number:03}"),
        question: draft.question,
        category: category.to_owned(),
        answerable: !draft.evidence.is_empty(),
        evidence: draft.evidence,
        window: window.map(|span| Window { from: span.start(), to: span.last() }),
        asked_on: Some(asked_on),
        previous: Vec::new(),
    }
}

#[cfg(test)]
mod tests;
