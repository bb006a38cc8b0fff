//! The periods of a text, in English and French.
//!
//! In: a text, today, and the day a week begins with. Out: spans of civil days, each with the bytes
//! that name it, how exactly, and whether it is left out. It knows nothing of questions; a date that
//! is part of what a text is about is none of its spans.
//!
//! Each token is looked at a bounded number of times, so that time grows with the text alone.

mod atom;
mod compound;
mod context;
mod days;
mod each;
mod glue;
mod lapse;
mod named;
mod numeric;
mod read;
mod relative;
mod series;
mod shape;
pub(super) mod spans;
mod tense;
#[cfg(test)]
mod tests;
pub(super) mod token;
mod vocabulary;
mod weekly;
mod yearly;

pub use read::{Found, periods};
pub(super) use read::{Reading, Unsure, Why, read};
pub use shape::{Hemisphere, Today};
pub(super) use vocabulary::season as season_named;
pub(super) use weekly::Weekly;
