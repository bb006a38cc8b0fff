//! The account of a whole period: every entry of it is read, and what was read is proved.
//!
//! What fits is read at once; else each month is read on its own and kept, and the account is made
//! of what was noted of each. Nothing is left out without being named.

mod asking;
mod compare;
mod cost;
mod coverage;
mod gather;
mod map;
mod parts;
mod render;
mod run;
mod template;
#[cfg(test)]
mod tests;

pub use compare::{
    Comparison, ComparisonPreview, Side, Told, comparison, comparison_json, comparison_preview,
};
pub use cost::{Cost, Prices};
pub use coverage::{Coverage, SkippedEntry};
pub use gather::{Gathered, Gathering, gather, language_of_most};
pub use map::Progress;
pub use parts::{Every, each, part_name, parts_of};
pub use render::{SCHEMA, Theme, comparison_markdown, json, markdown};
pub use run::{Preview, Recap, RecapSettings, Recapping, Wanted, preview, recap};
pub use template::Template;
