//! The words of the calendar, and those that tell whether a date is a period.

mod claims;
mod frame;
mod names;
mod numbers;

pub(super) use claims::{ACCOUNTS, EVENTS, LABELS, MEASURES};
pub(super) use frame::{ARTICLES, DETERMINERS, FRAME, PREPOSITIONS, TIME_PREPOSITIONS};
pub(in crate::plan) use names::season;
pub(super) use names::{
    Count, count, feast, is_month_in_doubt, is_whole_month, month, ordinal, ordinal_ending, part,
    unit,
};
pub(super) use numbers::{cardinal, ordinal_word};
