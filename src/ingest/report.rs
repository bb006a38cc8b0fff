//! What is said of a run, while it goes on and after it.

use std::{collections::BTreeMap, fmt};

use serde::Serialize;

use super::{Found, Unsent};
use crate::logbook::{DayOrder, Skip};

/// How far a run is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Progress {
    /// Notes looked at.
    pub done: usize,
    /// Notes in all.
    pub total: usize,
}

/// A note that was left out, or a part of one that could not be read.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Skipped {
    /// The name of its root.
    pub root: String,
    /// Its path below the root.
    pub path: String,
    /// The line, from one, where one is to blame.
    pub line_number: Option<u32>,
    /// Why.
    pub reason: String,
}

impl Skipped {
    /// What was left out of a note, or the whole of it.
    #[must_use]
    pub fn new(found: &Found, line_number: Option<u32>, reason: String) -> Self {
        Self { root: found.root.clone(), path: found.path.clone(), line_number, reason }
    }

    /// A note that could not be read; none for one that asks to be left out.
    #[must_use]
    pub fn unless_intended(found: &Found, skip: Skip) -> Option<Self> {
        (!skip.intended).then(|| Self::new(found, skip.line_number, skip.reason))
    }
}

/// As `path:line: reason`.
impl fmt::Display for Skipped {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = self.line_number.map(|line| format!(":{line}")).unwrap_or_default();
        write!(formatter, "{}{line}: {}", self.path, self.reason)
    }
}

/// What a run did, and what the index holds after it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// Notes that are new in the index.
    pub added: usize,
    /// Notes that replaced an earlier version of themselves.
    pub changed: usize,
    /// Notes that are no longer there.
    pub removed: usize,
    /// Notes that were as they had been.
    pub unchanged: usize,
    /// Chunks for which the model was asked.
    pub embedded: usize,
    /// Chunks stored in this run.
    pub stored: usize,
    /// What a run that only says what it would do would have sent.
    #[serde(skip)]
    pub unsent: Unsent,
    /// Notes in the index.
    pub notes: usize,
    /// Entries in the index.
    pub entries: usize,
    /// Entries without a date.
    pub undated: usize,
    /// Entries by the year that they begin in.
    pub years: BTreeMap<i16, usize>,
    /// Whether the day comes first in `02/03/2020`, and why.
    pub day_order: DayOrder,
    /// Folders that were part of the logbook before, and are no more.
    pub left: Vec<String>,
    /// What was left out.
    pub skipped: Vec<Skipped>,
    /// What is wrong with notes that were read all the same, as `path:line: reason`.
    pub warnings: Vec<String>,
}
