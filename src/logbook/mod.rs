//! The logbook: notes, the entries in them and when each was written, and the chunks of an entry.
//!
//! Nothing here reads a file, a clock or the environment; bytes and dates come in as arguments.

mod calendar;
mod language;
mod span;
mod weekdays;

mod note;

mod read;

mod decode;
mod lines;

mod front_matter;
mod outline;

mod org;
mod properties;

mod conventions;
mod dates;
mod names;

mod dating;
mod day_order;

mod entries;
mod jrnl;
mod neighbours;
mod pieces;

mod chunk;

#[cfg(test)]
pub(crate) mod generated;

pub use calendar::{Language, month_name, month_named, weekday_key, weekday_name, weekday_named};
pub use chunk::{ChunkSize, chunks};
pub use conventions::{NameFormat, logseq_journals, obsidian_daily, obsidian_periodic};
pub use dates::DateFormat;
pub use day_order::{DayOrder, DayVotes, day_votes};
pub use decode::text;
pub use front_matter::{TAG_LOCAL, TAG_PRIVATE, restriction};
pub use language::{language_of, language_said};
pub use note::{
    Chunk, Dating, Entry, Heading, Lines, Note, Provenance, Skip, Source, Warning, place,
};
pub use read::{ReadOptions, read};
pub use span::{Precision, Span};
pub use weekdays::Weekdays;
