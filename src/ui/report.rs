//! Summaries of an ingest as text.

use std::time::Duration;

use super::{escape::one_line, picture::months};
use crate::{ask::phrases, index::EntryRecord, ingest::Report, logbook::Language};

/// How many warnings are written out.
const WARNINGS_SHOWN: usize = 10;

/// What a run did and what the index holds, in a few lines.
#[must_use]
pub fn ingest_report(report: &Report, took: Duration, dry_run: bool) -> String {
    let mut text = String::new();
    let would = if dry_run { "would be " } else { "" };
    text.push_str(&format!(
        "{} {would}added, {} changed, {} removed, {} unchanged\n",
        counted(report.added, "note"),
        report.changed,
        report.removed,
        report.unchanged
    ));
    text.push_str(&format!(
        "{} {would}stored, {} embedded, in {:.1} s\n",
        counted(report.stored, "chunk"),
        report.embedded,
        took.as_secs_f64()
    ));
    if !dry_run {
        text.push_str(&format!(
            "the index holds {}, {}",
            counted(report.notes, "note"),
            phrases::entries(Language::English, report.entries)
        ));
        if report.undated > 0 {
            text.push_str(&format!(", {} of them undated", report.undated));
        }
        text.push('\n');
        let years: Vec<String> =
            report.years.iter().map(|(year, entries)| format!("{year}: {entries}")).collect();
        if !years.is_empty() {
            text.push_str(&format!("by year: {}\n", years.join(", ")));
        }
    }
    for folder in &report.left {
        let says =
            if dry_run { "would leave the logbook" } else { "no part of the logbook any more" };
        text.push_str(&format!("{says}: {}\n", one_line(folder)));
    }
    if !report.day_order.votes.is_empty() {
        text.push_str(&format!("{}\n", report.day_order));
    }
    for warning in report.warnings.iter().take(WARNINGS_SHOWN) {
        text.push_str(&format!("warning: {}\n", one_line(warning)));
    }
    if report.warnings.len() > WARNINGS_SHOWN {
        text.push_str(&format!(
            "and {} more warnings: --json has them all\n",
            report.warnings.len() - WARNINGS_SHOWN
        ));
    }
    for skipped in &report.skipped {
        text.push_str(&format!("skipped {}\n", one_line(&skipped.to_string())));
    }
    text
}

/// A number with its noun: `1 note`, `2 notes`.
#[must_use]
pub fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// Entries by month, as a picture.
#[must_use]
pub fn entries_by_month(entries: &[EntryRecord]) -> String {
    let mut counts = std::collections::BTreeMap::new();
    for span in entries.iter().filter_map(|entry| entry.span) {
        *counts.entry((span.start().year(), span.start().month())).or_default() += 1;
    }
    months(&counts)
}
