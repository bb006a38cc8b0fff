//! What the user sees: the only place that prints.
//!
//! The answer or the JSON goes to standard output; progress, hints and errors go to standard error.

mod escape;
mod markdown;
mod picture;
mod report;
mod sources;
mod terminal;

pub use escape::shown;
pub use report::{entries_by_month, ingest_report, scores_table};
pub use sources::{passage_block, sources};
pub use terminal::{Terminal, Ticker};
