//! Reading notes with all that their logbook as a whole says of their dates.

use std::collections::BTreeMap;

use super::{Found, Logbook, Root, Walk, outside::Outside};
use crate::{
    error::{Context as _, Result},
    index::{State, WeakDates},
    logbook::{DayOrder, DayVotes, Note, ReadOptions, Skip, day_votes, read},
};

/// Another number when notes are read in another way: those that are indexed are then read again.
const READER: u32 = 2;
/// The fact of the state that holds the votes.
const VOTES: &str = "day votes";

/// What reads the notes of a logbook.
pub struct NoteReader {
    options: BTreeMap<String, ReadOptions>,
    outside: Outside,
    /// Whether the day comes first in `02/03/2020`.
    pub day_order: DayOrder,
}

impl NoteReader {
    /// The reader of a logbook in which the day comes first or not.
    ///
    /// # Errors
    /// When the state can't be read.
    pub fn new(
        logbook: &Logbook<'_>,
        walked: &Walk,
        day_order: DayOrder,
        state: Option<&State>,
    ) -> Result<Self> {
        let of_root = |root: &Root| {
            let name_formats = walked.conventions.get(&root.name).cloned().unwrap_or_default();
            let day_first = Some(day_order.day_first);
            let options = ReadOptions { day_first, name_formats, ..logbook.read.clone() };
            (root.name.clone(), options)
        };
        Ok(Self {
            options: logbook.roots.iter().map(of_root).collect(),
            outside: Outside::new(logbook, state)?,
            day_order,
        })
    }

    /// Reads a note.
    ///
    /// # Errors
    /// When it can't be read, or asks to be left out.
    pub fn read(&self, found: &Found, bytes: &[u8]) -> std::result::Result<Note, Skip> {
        let usual = ReadOptions::default();
        let options = self.options.get(&found.root).unwrap_or(&usual);
        let note = read(&found.path, bytes, options)?;
        if note.entries.iter().all(|entry| entry.dating.is_some()) {
            return Ok(note);
        }
        Ok(match self.outside.dating(found) {
            Some(dating) => note.with_undated_on(&dating),
            None => note,
        })
    }

    /// Of the notes that nothing in them dates, whether one has another date from outside than it
    /// had when it was stored.
    #[must_use]
    pub fn is_redated(&self, found: &Found, stored: &WeakDates) -> bool {
        let Some(span) = stored.get(&(found.root.clone(), found.path.clone())) else {
            return false;
        };
        self.outside.dating(found).map(|dating| dating.span) != *span
    }

    /// Keeps what was found out from outside, for the next run.
    ///
    /// # Errors
    /// When the state can't be written.
    pub fn keep(&self, state: &State) -> Result<()> {
        self.outside.keep(state)
    }

    /// Why there is no git history where the settings demand one.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        self.outside.warnings()
    }

    /// The same as long as the notes of a root are read the same way.
    #[must_use]
    pub fn fingerprint(&self, root: &str) -> String {
        let options = self.options.get(root);
        let way = format!("{READER} {options:?} {}", self.outside.is_mute());
        blake3::hash(way.as_bytes()).to_hex().to_string()
    }
}

/// What the dates of each note say of which comes first; notes without such dates are not in it.
#[derive(Debug, Default)]
pub struct Votes(BTreeMap<String, DayVotes>);

impl Votes {
    /// The votes that the state holds; none when it does not hold those of all its notes.
    ///
    /// # Errors
    /// When the state can't be read.
    pub fn load(state: &State) -> Result<Option<Self>> {
        let kept = state.fact(VOTES)?.filter(|kept| !kept.is_empty());
        Ok(kept.and_then(|kept| serde_json::from_str(&kept).ok()).map(Self))
    }

    /// Keeps the votes for the next run.
    ///
    /// # Errors
    /// When the state can't be written.
    pub fn keep(&self, state: &State) -> Result<()> {
        let kept = serde_json::to_string(&self.0).context(|| "can't keep the votes".to_owned())?;
        if state.fact(VOTES)?.as_ref() == Some(&kept) {
            Ok(())
        } else {
            state.set_fact(VOTES, &kept)
        }
    }

    /// Lets the state forget them.
    ///
    /// # Errors
    /// When the state can't be written.
    pub fn drop(state: &State) -> Result<()> {
        let is_kept = state.fact(VOTES)?.is_some_and(|kept| !kept.is_empty());
        if is_kept { state.set_fact(VOTES, "") } else { Ok(()) }
    }

    /// Counts notes anew.
    pub fn count(&mut self, notes: &mut dyn Iterator<Item = &Found>, date_keys: &[String]) {
        for found in notes {
            let place = place(&found.root, &found.path);
            let bytes = found.bytes().unwrap_or_default();
            let votes = day_votes(&found.path, &bytes, date_keys);
            if votes.is_empty() {
                self.0.remove(&place);
            } else {
                self.0.insert(place, votes);
            }
        }
    }

    /// Forgets a note.
    pub fn forget(&mut self, root: &str, path: &str) {
        self.0.remove(&place(root, path));
    }

    /// All of them together.
    #[must_use]
    pub fn sum(&self) -> DayVotes {
        let mut sum = DayVotes::default();
        self.0.values().for_each(|votes| sum.add(*votes));
        sum
    }
}

/// No folder's name has a `/` in it.
fn place(root: &str, path: &str) -> String {
    format!("{root}/{path}")
}
