//! Answering a question from the logbook.
//!
//! A plan becomes passages, by search or by enumeration; what is not there is said before any
//! model is asked; a model's answer is checked against the passages that it cites.

mod absence;
mod absence_words;
mod answer;
mod candidate;
mod citation;
mod claims;
mod duplicates;
mod evidence;
mod exact;
mod expansion;
mod extractive;
mod figures;
mod filters;
mod hits;
mod items;
mod lagging;
mod largest;
mod passage;
pub mod phrases;
pub(crate) mod prompt;
mod quantity;
mod related;
mod rerank;
mod retrieve;
mod rewording;
mod sending;
mod sentences;
mod shelves;
mod sieve;
mod spelling;
mod support;
mod tag_characters;
pub mod templates;
mod title;
mod undated;
mod widen;
mod words;
mod yearly;

pub use absence::{Absence, Lag, Lagging, Nearest};
pub(crate) use answer::uncited;
pub use answer::{Answer, Answering, MadeBy, answer, needs_model};
pub use citation::{Checked, CheckedText, Citation, CurrentText, check, renumbered, state};
pub use claims::{Claim, MARK, claims, marked, supported};
pub use evidence::{Evidence, Tuning};
pub use exact::Exact;
pub use expansion::Expansion;
pub use extractive::{
    Changes, Compared, Extract, Matter, Matters, Mention, changes, changes_told, extract, headings,
    known,
};
pub(crate) use extractive::{is_colourless, sentences};
pub use filters::Filters;
pub use hits::Fusion;
pub use largest::Measured;
pub use passage::{Passage, Score, in_order_of_time};
pub use prompt::{Prompt, PromptSettings, Size, answer_prompt};
pub use rerank::Rerank;
pub use retrieve::{Retrieved, Retriever};
pub use rewording::Rewording;
pub use sending::Sending;
pub use support::{Sources, Support};
pub use title::without_date;
pub use widen::widened;

#[cfg(test)]
pub(crate) use passage::test_passage;
