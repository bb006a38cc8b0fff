//! The folders of a logbook and how the notes in them are read.

use std::path::PathBuf;

use jiff::tz::TimeZone;

use super::{Found, NoteReader, Root, Votes, Walk, walk};
use crate::{
    error::Result,
    index::State,
    logbook::{DayOrder, Note, ReadOptions, Skip},
};

/// The folders of a logbook, and what the settings say of how the notes in them are read.
pub struct Logbook<'a> {
    /// The folders.
    pub roots: &'a [Root],
    /// Folders that are left out wherever they lie: those of the index itself.
    pub apart: &'a [PathBuf],
    /// The largest note that is read, in bytes.
    pub size_max: u64,
    /// How notes are read.
    pub read: ReadOptions,
    /// Whether the git history may date what nothing else does; where it is not said, it may when
    /// there is one.
    pub git: Option<bool>,
    /// The zone in which the time of a file may date what nothing else does; none when it may not.
    pub modified_in: Option<TimeZone>,
}

impl Logbook<'_> {
    /// The notes, in order.
    #[must_use]
    pub fn walk(&self) -> Walk {
        walk(self.roots, self.apart, self.size_max)
    }

    /// What reads these notes, when none of them was looked at yet.
    ///
    /// # Errors
    /// When the state can't be read.
    pub fn reader(&self, walked: &Walk, state: Option<&State>) -> Result<NoteReader> {
        let mut votes = Votes::default();
        if self.read.day_first.is_none() {
            votes.count(&mut walked.notes.iter(), &self.read.date_keys);
        }
        NoteReader::new(self, walked, DayOrder::new(self.read.day_first, votes.sum()), state)
    }

    /// What reads these notes as those of the index were read; none is looked at for it, where the
    /// state holds their votes.
    ///
    /// # Errors
    /// When the state can't be read.
    pub fn reader_of_index(&self, walked: &Walk, state: &State) -> Result<NoteReader> {
        let Some(votes) = Votes::load(state)? else { return self.reader(walked, Some(state)) };
        let day_order = DayOrder::new(self.read.day_first, votes.sum());
        NoteReader::new(self, walked, day_order, Some(state))
    }
}

/// A note as it would be ingested, or why it would not be.
///
/// # Errors
/// When the file can't be read, is no text, or asks to be left out.
pub fn read_found(found: &Found, reader: &NoteReader) -> std::result::Result<Note, Skip> {
    let bytes = found.bytes().map_err(|error| Skip {
        line_number: None,
        reason: error.to_string(),
        intended: false,
    })?;
    reader.read(found, &bytes)
}
