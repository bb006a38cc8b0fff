//! The folders of a logbook and how the notes in them are read.

use std::{fs, path::PathBuf};

use super::{Found, Root, Walk, walk};
use crate::logbook::{Note, ReadOptions, Skip, read};

/// The folders of a logbook, and how the notes in them are read.
pub struct Logbook<'a> {
    /// The folders.
    pub roots: &'a [Root],
    /// Folders that are left out wherever they lie: those of the index itself.
    pub apart: &'a [PathBuf],
    /// The largest note that is read, in bytes.
    pub size_max: u64,
    /// How notes are read.
    pub read: ReadOptions,
}

impl Logbook<'_> {
    /// The notes, in order.
    #[must_use]
    pub fn walk(&self) -> Walk {
        walk(self.roots, self.apart, self.size_max)
    }
}

/// A note as it would be ingested, or why it would not be.
///
/// # Errors
/// When the file can't be read, is no text, or asks to be left out.
pub fn read_found(found: &Found, options: &ReadOptions) -> Result<Note, Skip> {
    let bytes = fs::read(&found.file).map_err(|error| Skip {
        line_number: None,
        reason: error.to_string(),
        intended: false,
    })?;
    read(&found.path, &bytes, options)
}
