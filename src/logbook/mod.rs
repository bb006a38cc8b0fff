//! The logbook: notes, the entries in them and when each was written, and the chunks of an entry.
//!
//! Nothing here reads a file, a clock or the environment; bytes and dates come in as arguments.

mod calendar;
mod note;
mod span;

pub use calendar::{Language, month_named, weekday_named};
pub use note::{Chunk, Dating, Entry, Heading, Lines, Note, Provenance, Skip, Source, Warning};
pub use span::{Precision, Span};
