//! What narrows a question down beside its words.

use serde::Serialize;

use crate::{index::EntryRecord, logbook::Span};

/// What the user narrows a question down to, beside its words.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Filters {
    /// Entries with every one of these tags.
    pub tags: Vec<String>,
    /// Chunks that mention a date of one of these.
    pub mentions: Vec<Span>,
    /// Notes whose path begins with one of these, or that lie in one of the roots.
    pub paths: Vec<String>,
    /// Notes of a logbook folder that is called so, or whose path begins as above.
    pub roots: Vec<String>,
}

impl Filters {
    /// Whether they leave an entry, as far as its tags and its place decide it.
    #[must_use]
    pub fn leave(&self, entry: &EntryRecord) -> bool {
        let is_anywhere = self.paths.is_empty() && self.roots.is_empty();
        self.tags.iter().all(|tag| entry.tags.contains(tag))
            && (is_anywhere || self.leave_note(&entry.root, &entry.path))
    }

    /// Whether a note lies where they look.
    pub(super) fn leave_note(&self, root: &String, path: &str) -> bool {
        self.roots.contains(root) || self.paths.iter().any(|prefix| path.starts_with(prefix))
    }
}
