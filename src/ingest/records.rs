//! What the state keeps of a note that was read.

use crate::{index::EntryRecord, logbook::Note};

/// What is wrong with a note, as `line: reason`.
pub(super) fn warnings(note: &Note) -> Vec<String> {
    note.unread
        .iter()
        .chain(&note.warnings)
        .map(|warning| match warning.line_number {
            Some(line_number) => format!("{line_number}: {}", warning.reason),
            None => format!(" {}", warning.reason),
        })
        .collect()
}

/// The entries of a note as the state keeps them.
pub(super) fn entries(note: &Note, root: &str) -> Vec<EntryRecord> {
    note.entries
        .iter()
        .enumerate()
        .map(|(ordinal, entry)| {
            EntryRecord {
                root: root.to_owned(),
                path: note.path.clone(),
                ordinal: u32::try_from(ordinal).unwrap_or(u32::MAX),
                title: entry.title.clone(),
                lines: entry.lines,
                span: None,
                precision: None,
                source: None,
                tags: entry.tags.clone(),
            }
            .dated(entry.dating.as_ref())
        })
        .collect()
}
