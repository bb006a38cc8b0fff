//! The answer without a language model: sentences of the notes, grouped and cited.
//!
//! Everything in it is quoted or counted; nothing is written anew but titles, dates and numbers.

mod changes;
mod document;
mod extract;
mod known;
mod lookup;
mod most;
mod naming;
mod pick;
mod place;
mod prose;
mod recap;
mod sentence;
mod themes;
mod words;
mod writer;

#[cfg(test)]
mod tests;

pub use changes::{Changes, Compared, Matter, Matters, Mention, changes, changes_told, headings};
pub use extract::{Extract, extract};
pub use known::known;
pub(crate) use sentence::sentences;
pub(crate) use words::is_colourless;
