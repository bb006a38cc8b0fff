//! The end of a run: which folders are the logbook, and what the index holds now.

use std::collections::{BTreeSet, HashSet};

use uuid::Uuid;

use super::{Ingest, Report, Skipped, Votes, Walk, outside, run::read_with};
use crate::{
    error::Result,
    failpoint::{Step, reach},
    index::State,
    services::Index,
};

/// Completes the report with what the index holds now.
pub(super) fn finish(
    state: &State,
    settings: &Ingest<'_>,
    walked: &Walk,
    mut report: Report,
) -> Result<Report> {
    if settings.dry_run.is_none() {
        let known = state.roots()?;
        for root in settings.logbook.roots {
            let root = (root.name.clone(), root.path.to_string_lossy().into_owned());
            if !known.contains(&root) {
                state.set_fact(&root_fact(&root.0), &root.1)?;
            }
        }
    }
    let notes = state.notes()?;
    let mut with_notes: BTreeSet<&str> = notes.iter().map(|note| note.root.as_str()).collect();
    if settings.dry_run.is_some() {
        with_notes.extend(walked.notes.iter().map(|note| note.root.as_str()));
    }
    let mut warnings = without_notes(settings, &with_notes, &report.skipped);
    warnings.extend(walked.warnings.iter().cloned());
    let said: Vec<String> = report.skipped.iter().map(ToString::to_string).collect();
    warnings.extend(state.warnings()?.into_iter().filter(|warning| !said.contains(warning)));
    report.warnings = warnings;
    report.notes = notes.len();
    for entry in state.entries()? {
        report.entries += 1;
        match entry.span {
            Some(span) => *report.years.entry(span.start().year()).or_default() += 1,
            None => report.undated += 1,
        }
    }
    Ok(report)
}

/// Removes the points that no note has: what a run had stored and not committed, or replaced and not
/// removed, when it was cut off.
///
/// # Errors
/// When the index can't be read or written.
pub(super) fn sweep(state: &State, index: &mut dyn Index) -> Result<()> {
    let named: HashSet<Uuid> =
        state.named_points()?.into_iter().flat_map(|(_, points)| points).collect();
    let mut orphans = index.ids()?;
    orphans.retain(|id| !named.contains(id));
    if orphans.is_empty() {
        return Ok(());
    }
    state.break_seal()?;
    remove_orphans(index, &orphans)
}

/// Removes points that no note has.
///
/// # Errors
/// When the index can't be written.
pub fn remove_orphans(index: &mut dyn Index, orphans: &[Uuid]) -> Result<()> {
    reach(Step::OrphansFound);
    index.delete(orphans)?;
    reach(Step::OrphansDeleted);
    index.flush()?;
    reach(Step::OrphansFlushed);
    Ok(())
}

/// Names the folders that hold no note and nothing that was skipped.
fn without_notes(
    settings: &Ingest<'_>,
    with_notes: &BTreeSet<&str>,
    skipped: &[Skipped],
) -> Vec<String> {
    let roots = settings.logbook.roots.iter();
    roots
        .filter(|root| !with_notes.contains(root.name.as_str()))
        .filter(|root| skipped.iter().all(|skipped| skipped.root != root.name))
        .map(|root| format!("no notes in {}", root.path.display()))
        .collect()
}

/// Forgets what is kept of single notes beside their records, so that nothing names them; the next
/// run finds it out again.
///
/// # Errors
/// When the state can't be written.
pub fn forget_places(state: &State) -> Result<()> {
    Votes::drop(state)?;
    state.roots()?.iter().try_for_each(|(name, _)| state.drop_fact(&outside::fact(name)))
}

/// Forgets what was kept of folders that are no longer part of the logbook.
pub(super) fn forget_folders(state: &State, left: &[(String, String)]) -> Result<()> {
    for (name, _) in left {
        for fact in [root_fact(name), read_with(name), outside::fact(name)] {
            state.drop_fact(&fact)?;
        }
    }
    Ok(())
}

/// The fact of the state that tells where a root is.
fn root_fact(name: &str) -> String {
    format!("root {name}")
}
