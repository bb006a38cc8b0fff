//! What has become of the notes since they were read.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{Logbook, gone::known};
use crate::{error::Result, index::State};

/// A note by the folder of the logbook that it lies in, and its path below that.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct NoteName {
    /// The name of the folder.
    pub root: String,
    /// The path below it.
    pub path: String,
}

impl NoteName {
    /// The two, as the state has them.
    #[must_use]
    pub fn pair(&self) -> (String, String) {
        (self.root.clone(), self.path.clone())
    }
}

impl From<(String, String)> for NoteName {
    fn from((root, path): (String, String)) -> Self {
        Self { root, path }
    }
}

/// The notes that are not as they were read.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Differences {
    /// Those with another content.
    pub changed: Vec<NoteName>,
    /// Those that are not there any more.
    pub gone: Vec<NoteName>,
    /// Those that were never read, or that could not be.
    pub new: Vec<NoteName>,
}

impl Differences {
    /// Whether all notes are as they were read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changed.is_empty() && self.gone.is_empty() && self.new.is_empty()
    }
}

/// Compares the notes with what the state knows of them; those of another size or time are read.
///
/// # Errors
/// When the state can't be read.
pub fn differences(state: &State, logbook: &Logbook<'_>) -> Result<Differences> {
    let (known, walked) = (known(state)?, logbook.walk());
    let mut differences = Differences::default();
    let mut here = BTreeSet::new();
    for found in &walked.notes {
        let place = (found.root.clone(), found.path.clone());
        match known.get(&place) {
            None => differences.new.push(place.clone().into()),
            Some(note) if (note.size, note.modified) == (found.size, found.modified) => {}
            Some(note) => {
                let is_same = found
                    .bytes()
                    .is_ok_and(|bytes| blake3::hash(&bytes).to_hex().as_str() == note.version);
                if !is_same {
                    differences.changed.push(place.clone().into());
                }
            }
        }
        here.insert(place);
    }
    let gone = known.into_keys().filter(|place| !here.contains(place));
    differences.gone = gone.map(NoteName::from).collect();
    Ok(differences)
}
