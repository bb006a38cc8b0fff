//! Which version of each note was committed.

use std::{
    collections::HashSet,
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

/// The notes that were committed, each in its version.
///
/// It is read whenever an index is opened, so that it holds a hash for each rather than the texts: a
/// version is a hash itself, and no other one meets the same by chance.
#[derive(Clone, Debug, Default)]
pub struct Committed(HashSet<u64>);

impl Committed {
    /// Adds a note in its version.
    pub fn insert(&mut self, root: &str, path: &str, version: &str) {
        self.0.insert(hash(root, path, version));
    }

    /// Whether a note was committed in this version.
    #[must_use]
    pub fn has(&self, root: &str, path: &str, version: &str) -> bool {
        self.0.contains(&hash(root, path, version))
    }
}

fn hash(root: &str, path: &str, version: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (root, path, version).hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_committed_in_one_version() {
        let mut committed = Committed::default();
        committed.insert("notes", "a.md", "1");
        assert!(committed.has("notes", "a.md", "1"));
        for (root, path, version) in [
            ("notes", "a.md", "2"),
            ("notes", "b.md", "1"),
            ("other", "a.md", "1"),
            ("notesa", ".md", "1"),
        ] {
            assert!(!committed.has(root, path, version), "{root} {path} {version}");
        }
    }
}
