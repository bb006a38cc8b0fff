//! Bringing the index up to date with the notes.
//!
//! Walk, compare with the state, read what changed, embed what is new, and commit in batches; a
//! run that is interrupted goes on where it stopped.

mod walk;

mod open;

mod conventions;
mod copies;

mod folders;
mod reader;

mod outside;

mod history;

mod differences;

mod gone;
mod guarding;
mod records;
mod run;
mod unsent;
mod vocabulary;

mod finish;

mod report;

pub use differences::{Differences, NoteName, differences};
pub use finish::{forget_places, remove_orphans};
pub use folders::{Logbook, read_found};
pub use gone::refuse_mass_removal;
pub use open::read_beneath;
pub use reader::{NoteReader, Votes};
pub use report::{Progress, Report, Skipped};
pub use run::{Ingest, ingest};
pub use unsent::{DryRun, Endpoint, Unsent, UnsentText};
pub use walk::{Found, Root, Walk, walk};
