//! The proof of a recap: what there is by the state, against what was given to be read.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{
    Wanted,
    parts::{Every, closed, each},
};
use crate::{
    ask::{Filters, Passage, Sending},
    index::EntryRecord,
    logbook::{Language, Span, Weekdays, place},
    services::Tokens,
};

/// What a recap covers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Coverage {
    /// The entries that the state has for the period.
    pub entries_in_period: usize,
    /// The entries of the passages that were given to be read.
    pub entries_read: usize,
    /// The entries that are not about the topic, where the recap has one.
    pub entries_off_topic: usize,
    /// The entries that were not read, and why.
    pub skipped: Vec<SkippedEntry>,
    /// The entries that were not sent to the model, by the rules of privacy, and why.
    pub withheld: Vec<SkippedEntry>,
    /// The months of the period without an entry.
    pub empty_months: Vec<Span>,
    /// The entries that the filters leave and that no date puts into any period.
    pub undated: usize,
    /// The calls that were made to the model.
    pub calls: usize,
    /// The calls that an earlier recap had made already.
    pub cached_calls: usize,
    /// The tokens of the calls that were made, where the provider says so.
    pub tokens: Tokens,
}

/// An entry that was not read.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct SkippedEntry {
    /// Where it stands: `path:line`.
    pub place: String,
    /// Why it was not read.
    pub reason: String,
}

impl Coverage {
    /// Names the entries that may not be sent to this host.
    pub(super) fn not_sent(&mut self, sending: &Sending, host: &str, language: Language) {
        let refused: BTreeMap<Key, _> =
            sending.refused().iter().rev().map(|refused| (key(&refused.0), refused)).collect();
        let withheld = refused.into_values().map(|(passage, rule)| SkippedEntry {
            place: passage.place(),
            reason: match language {
                Language::English => format!("not sent to {host} ({rule})"),
                Language::French => format!("pas envoyée à {host} ({rule})"),
            },
        });
        self.withheld = withheld.collect();
    }

    /// Takes the entries that were not sent off those that were read.
    pub(super) fn unread(&mut self, sending: &Sending) {
        let refused: BTreeSet<Key> =
            sending.refused().iter().map(|(passage, _)| key(passage)).collect();
        self.entries_read = self.entries_read.saturating_sub(refused.len());
    }

    /// Whether every entry of the period was read or named.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.skipped.is_empty()
            && self.entries_read + self.entries_off_topic == self.entries_in_period
    }
}

/// The times that a recap is of.
#[derive(Clone, Copy)]
pub(super) struct Times<'a> {
    pub period: Span,
    pub weekdays: Weekdays,
    pub days: &'a [Span],
}

impl<'a> Times<'a> {
    pub(super) fn of(wanted: &'a Wanted) -> Self {
        Self { period: wanted.period, weekdays: wanted.weekdays, days: &wanted.days }
    }

    /// Whether an entry of these days is of them. What is of a whole month is of none of its days.
    pub(super) fn have(self, span: Span) -> bool {
        span.overlaps(self.period)
            && (self.weekdays.is_empty() || self.weekdays.contains_day(span))
            && (self.days.is_empty() || self.days.iter().any(|day| day.contains(span)))
    }
}

type Key = (String, String, u32);

/// The entries of a period that the filters leave, by their place.
pub(super) fn entries_of<'a>(
    entries: &'a [EntryRecord],
    times: Times<'_>,
    filters: &Filters,
) -> BTreeMap<Key, &'a EntryRecord> {
    entries
        .iter()
        .filter(|entry| entry.span.is_some_and(|span| times.have(span)))
        .filter(|entry| filters.leave(entry))
        .map(|entry| ((entry.root.clone(), entry.path.clone(), entry.ordinal), entry))
        .collect()
}

/// The place of a passage's entry.
pub(super) fn key(passage: &Passage) -> Key {
    (passage.root.clone(), passage.path.clone(), passage.entry)
}

/// Compares what there is with what was read.
pub(super) fn coverage(
    entries: &[EntryRecord],
    times: Times<'_>,
    filters: &Filters,
    read: &[Passage],
    has_topic: bool,
) -> Coverage {
    let there = entries_of(entries, times, filters);
    let read: BTreeSet<Key> = read.iter().map(key).collect();
    let unread: Vec<&EntryRecord> =
        there.iter().filter(|(key, _)| !read.contains(*key)).map(|(_, entry)| *entry).collect();
    let skipped = |entry: &&EntryRecord| SkippedEntry {
        place: place(&entry.path, entry.lines.first),
        reason: "the index has no text of it".to_owned(),
    };
    Coverage {
        entries_in_period: there.len(),
        entries_read: read.len(),
        withheld: Vec::new(),
        entries_off_topic: if has_topic { unread.len() } else { 0 },
        skipped: if has_topic { Vec::new() } else { unread.iter().map(skipped).collect() },
        empty_months: empty_months(times, &there),
        undated: entries
            .iter()
            .filter(|entry| entry.span.is_none() && filters.leave(entry))
            .count(),
        calls: 0,
        cached_calls: 0,
        tokens: Tokens::default(),
    }
}

/// The months of a period without an entry; an open period reaches as far as its entries do.
fn empty_months(times: Times<'_>, there: &BTreeMap<Key, &EntryRecord>) -> Vec<Span> {
    let spans: Vec<Span> = there.values().filter_map(|entry| entry.span).collect();
    let closed = closed(times.period, spans.iter().copied());
    let Some(closed) = closed.filter(|_| !spans.is_empty() && times.days.is_empty()) else {
        return Vec::new();
    };
    each(closed, Every::Month)
        .into_iter()
        .filter(|month| !spans.iter().any(|span| span.overlaps(*month)))
        .collect()
}
