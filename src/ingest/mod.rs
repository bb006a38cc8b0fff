//! Bringing the index up to date with the notes.
//!
//! Walk, compare with the state, read what changed, embed what is new, and commit in batches; a
//! run that is interrupted goes on where it stopped.

mod folders;
mod run;
mod walk;

pub use folders::{Logbook, read_found};
pub use run::{Ingest, Progress, Report, Skipped, ingest};
pub use walk::{Found, Root, Walk, walk};
