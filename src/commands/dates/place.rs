//! From `FILE[:LINE]` to a note of the logbook.

use std::path::{Path, PathBuf};

use crate::{
    error::{Error, Result},
    ingest::{Found, Root, Walk},
    logbook::Skip,
};

/// A note, or a line of one.
pub(super) struct Place<'a> {
    /// The note.
    pub(super) found: &'a Found,
    /// The line, from one.
    pub(super) line_number: Option<u32>,
}

impl<'a> Place<'a> {
    /// Finds what was typed: a file as the shell knows it, or as the logbook does.
    ///
    /// # Errors
    /// When no note of the logbook lies there.
    pub(super) fn find(typed: &str, roots: &[Root], walked: &'a Walk) -> Result<Self> {
        let with_line = typed
            .rsplit_once(':')
            .and_then(|(file, line)| Some((file, line.parse::<u32>().ok().filter(|it| *it > 0)?)));
        let whole = note_at(typed, roots, walked).map(|found| Self { found, line_number: None });
        let of_line = || {
            let (file, line) = with_line?;
            let found = note_at(file, roots, walked)?;
            Some(Self { found, line_number: Some(line) })
        };
        whole.or_else(of_line).ok_or_else(|| {
            Error::usage(format!("{typed} is no note of the logbook")).hint(
                "name a file below one of its folders, by its path there or from here, and perhaps \
                 a line: `twin dates journal/2022-03.md:40`",
            )
        })
    }

    /// The error of a note that can't be read.
    pub(super) fn left_out(&self, skip: &Skip) -> Error {
        let line = skip.line_number.map(|line| format!(":{line}")).unwrap_or_default();
        let error = Error::failed(format!("{}{line}: {}", self.found.path, skip.reason));
        if skip.intended { error.hint("the note is left out of the logbook") } else { error }
    }
}

fn note_at<'a>(file: &str, roots: &[Root], walked: &'a Walk) -> Option<&'a Found> {
    let from_here = Path::new(file).canonicalize().ok();
    let below = roots.iter().map(|root| root.path.join(file));
    let places: Vec<PathBuf> = from_here.into_iter().chain(below).collect();
    places.iter().find_map(|place| walked.notes.iter().find(|found| found.file == *place))
}
