//! Reads the date that a heading, a name or a value begins with.
//!
//! `pattern` reads formats that somebody has set.
//! `grammar` knows the forms that people use and `tokens` the pieces that they are made of; `complete` gives a date
//! that lacks its year or month what the evidence around it says. Dates inside a sentence are not
//! read here: those are mentions, and date nothing.

mod complete;
mod grammar;
mod pattern;
mod tokens;
mod values;

pub(super) use complete::{Completed, complete, wrong_weekday};
pub(super) use grammar::{Form, Reading, read, read_both_ways};
pub use pattern::DateFormat;
pub(super) use values::read_value;
