//! What a question asks: its topic, its periods, its intent, and how each was understood.
//!
//! A deterministic planner for English and French. It reads no clock: today is an argument.

mod account;
mod beside;
mod by;
mod explain;
mod follow;
mod intent;
mod period;
mod planner;
mod pointing;
mod same;
#[cfg(test)]
mod tests;
mod topic;
mod types;
mod vocabulary;
mod within;
mod wording;
mod words;
mod yearly;

pub use explain::{Explained, Role, explained, explained_lines};
pub use period::{Found, Hemisphere, Today, periods};
pub use planner::plan;
pub use types::{Asked, AskedWeekdays, By, Intent, Measure, Place, Plan, Reworded, Turn, Within};
