//! What the user sees: the only place that prints.
//!
//! The answer or the JSON goes to standard output; progress, hints and errors go to standard error.

mod conversation;
mod editor;
mod escape;
mod fold;
mod hidden;
mod links;
mod markdown;
mod picture;
mod report;
mod scores;
mod sources;
mod table;
mod terminal;

pub use conversation::{answer_markdown, sessions};
pub use editor::Editor;
pub use escape::shown;
pub use hidden::hidden_line;
pub use links::Links;
pub use report::{counted, entries_by_month, ingest_report};
pub use scores::{comparison_markdown, comparison_text, scores_markdown, scores_text};
pub use sources::passage_block;
pub use terminal::{Stream, Terminal, Ticker};
