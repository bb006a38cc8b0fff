//! The kinds of "no", told apart before any model is asked.

use std::collections::HashSet;

use serde::Serialize;

use super::candidate::entry_of;
use crate::{
    index::EntryRecord,
    logbook::{Span, Weekdays, place},
    plan::{Asked, Plan},
    services::Payload,
};

/// Why the logbook does not answer a question.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Absence {
    /// There is no entry at all.
    EmptyLogbook,
    /// No entry is dated in the period.
    NothingInPeriod {
        /// The periods that were asked for.
        asked: Vec<Span>,
        /// The weekdays that it was narrowed to.
        weekdays: Weekdays,
        /// From the first dated entry to the last.
        covered: Option<Span>,
        /// The entries next to the period.
        nearest: Vec<Nearest>,
    },
    /// There are entries, and none is about the topic.
    NothingOnTopic {
        /// What was looked for.
        topic: String,
        /// How many entries there are in the period.
        entries: usize,
        /// From the first dated entry to the last.
        covered: Option<Span>,
        /// The entries before and after the period that are about it.
        nearest: Vec<Nearest>,
        /// Where entries of the period have a word of it that are filed under something else, as
        /// `path:line`.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        mentioned: Vec<String>,
    },
    /// No dated entry of the period speaks of it, but undated notes do.
    OnlyUndated {
        /// What was looked for.
        topic: String,
        /// The notes that speak of it, as `path:line`.
        places: Vec<String>,
    },
    /// What would answer is not in the index as it stands in the notes today.
    Stale {
        /// The notes, each with how the index lags behind it.
        notes: Vec<Lagging>,
    },
}

impl Absence {
    /// Whether there is nothing, as far as the logbook can tell.
    #[must_use]
    pub(super) fn is_certain(&self) -> bool {
        match self {
            Self::EmptyLogbook | Self::NothingInPeriod { .. } => true,
            Self::NothingOnTopic { mentioned, .. } => mentioned.is_empty(),
            Self::OnlyUndated { .. } | Self::Stale { .. } => false,
        }
    }
}

/// A note that the index lags behind.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub struct Lagging {
    /// Its path below its logbook folder.
    pub path: String,
    /// How the index lags behind it.
    pub lag: Lag,
}

/// How the index lags behind a note.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lag {
    /// It was never indexed.
    NotIndexed,
    /// It says something else by now.
    Changed,
    /// It is no longer there.
    Gone,
}

/// An entry next to a period in which there is none.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Nearest {
    /// Its days.
    pub span: Span,
    /// What it is called.
    pub title: String,
    /// Where it stands: `path:line`.
    pub place: String,
}

/// From the first day of the first dated entry to the last day of the last.
#[must_use]
pub(super) fn covered(entries: &[EntryRecord]) -> Option<Span> {
    let spans = || entries.iter().filter_map(|entry| entry.span);
    let first = spans().map(Span::start).min()?;
    let end = spans().map(Span::end).max()?;
    Span::new(first, end)
}

/// Says that nothing is dated in the periods of a plan, with what lies next to them.
#[must_use]
pub(super) fn nothing_in_period(plan: &Plan, entries: &[EntryRecord]) -> Absence {
    let asked: Vec<Span> = plan.spans.iter().map(|asked: &Asked| asked.span).collect();
    let nearest = nearest(&asked, entries.iter().filter_map(near_entry));
    let weekdays = plan.on_weekdays();
    Absence::NothingInPeriod { asked, weekdays, covered: covered(entries), nearest }
}

/// Of some entries, the last before the periods and the first after them.
#[must_use]
pub(super) fn nearest(periods: &[Span], entries: impl Iterator<Item = Nearest>) -> Vec<Nearest> {
    let start = periods.iter().map(|span| span.start()).min();
    let end = periods.iter().map(|span| span.end()).max();
    let (Some(start), Some(end)) = (start, end) else { return Vec::new() };
    let (mut before, mut after): (Option<Nearest>, Option<Nearest>) = (None, None);
    for entry in entries {
        if entry.span.end() <= start
            && before.as_ref().is_none_or(|other| other.span.end() <= entry.span.end())
        {
            before = Some(entry);
        } else if entry.span.start() >= end
            && after.as_ref().is_none_or(|other| entry.span.start() < other.span.start())
        {
            after = Some(entry);
        }
    }
    [before, after].into_iter().flatten().collect()
}

/// An entry, where it is dated.
#[must_use]
pub(super) fn near_entry(entry: &EntryRecord) -> Option<Nearest> {
    Some(Nearest {
        span: entry.span?,
        title: entry.title.clone(),
        place: place(&entry.path, entry.lines.first),
    })
}

/// The entry of a chunk, where it is dated.
#[must_use]
pub(super) fn near(payload: &Payload) -> Option<Nearest> {
    Some(Nearest {
        span: payload.span()?,
        title: payload.title.clone(),
        place: place(&payload.path, payload.lines.first),
    })
}

/// Where some chunks stand, a place for each entry, best first.
#[must_use]
pub(super) fn places<'a>(chunks: impl Iterator<Item = &'a Payload>) -> Vec<String> {
    const PLACES_MAX: usize = 5;
    let mut seen = HashSet::new();
    chunks
        .filter(|payload| seen.insert(entry_of(payload)))
        .take(PLACES_MAX)
        .map(|payload| place(&payload.path, payload.lines.first))
        .collect()
}
