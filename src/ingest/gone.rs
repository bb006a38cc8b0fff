//! What the state knows and the logbook no longer holds, and the guard against a slip.

use std::collections::{BTreeMap, BTreeSet};

use super::{Logbook, Root, Walk};
use crate::{
    error::{Error, Result},
    index::{NoteRecord, State},
};

/// Of so many notes or more, no run removes over a fifth unless it is told to.
const MASS_DELETE_FROM: usize = 10;

/// The notes that the state knows, by root and path.
pub(super) type Known = BTreeMap<(String, String), NoteRecord>;

/// Makes sure that not over a fifth of the notes that the state knows would be missing from an index
/// made anew.
///
/// # Errors
/// When they would be, since that may be a slip.
pub fn refuse_mass_removal(state: &State, logbook: &Logbook<'_>) -> Result<()> {
    let (walked, known) = (logbook.walk(), known(state)?);
    gone(logbook.roots, &left(state, logbook.roots)?, &walked, &known, false).map(drop)
}

/// The notes that the state knows.
pub(super) fn known(state: &State) -> Result<Known> {
    let notes = state.notes()?.into_iter();
    Ok(notes.map(|note| ((note.root.clone(), note.path.clone()), note)).collect())
}

/// The folders that were part of the logbook and are no more, as (name, path).
pub(super) fn left(state: &State, roots: &[Root]) -> Result<Vec<(String, String)>> {
    let is_left = |name: &str| roots.iter().all(|root| root.name != name);
    Ok(state.roots()?.into_iter().filter(|(name, _)| is_left(name)).collect())
}

/// The notes that the state knows and that are no longer there, or no longer of the logbook.
///
/// # Errors
/// When there are so many of them that it may be a slip, unless that is allowed.
pub(super) fn gone(
    roots: &[Root],
    left: &[(String, String)],
    walked: &Walk,
    known: &Known,
    allow_mass_delete: bool,
) -> Result<Vec<(String, String)>> {
    let names: BTreeSet<&str> = roots.iter().map(|root| root.name.as_str()).collect();
    let (of_roots, outside): (Vec<_>, Vec<_>) =
        known.keys().cloned().partition(|(root, _)| names.contains(root.as_str()));
    let missing = missing(walked, &of_roots);
    if !allow_mass_delete && is_mass(outside.len(), known.len()) {
        return Err(of_left_folders(outside.len(), known.len(), left));
    }
    if !allow_mass_delete && is_mass(missing.len(), of_roots.len()) {
        let (missing, of) = (missing.len(), of_roots.len());
        return Err(Error::failed(format!(
            "{missing} of {of} notes are gone; nothing was removed"
        ))
        .hint(
            "is the folder mounted and synced? if they are really gone, add \
                 --allow-mass-delete",
        ));
    }
    Ok(missing.into_iter().chain(outside).collect())
}

fn is_mass(removed: usize, of: usize) -> bool {
    of >= MASS_DELETE_FROM && removed * 5 > of
}

fn of_left_folders(notes: usize, of: usize, left: &[(String, String)]) -> Error {
    let folders: Vec<&str> = left.iter().map(|(_, path)| path.as_str()).collect();
    let folders = if folders.is_empty() { "other folders".to_owned() } else { folders.join(", ") };
    Error::failed(format!(
        "{notes} of {of} notes lie in {folders}, no part of the logbook as it is named now; \
         nothing was removed"
    ))
    .hint(
        "to keep them, name every folder: `twin ingest FOLDER FOLDER`, or logbook.folders; to \
         take them out of the index, add --allow-mass-delete",
    )
}

/// Those of the notes that are not found any more, as far as everything could be looked at.
fn missing(walked: &Walk, known: &[(String, String)]) -> Vec<(String, String)> {
    let here: BTreeSet<(&str, &str)> =
        walked.notes.iter().map(|note| (note.root.as_str(), note.path.as_str())).collect();
    let kept_by_doubt = |root: &str, path: &str| {
        walked.unreadable.iter().any(|(other, folder)| {
            other == root && (folder.is_empty() || path.starts_with(&format!("{folder}/")))
        }) || walked.skipped.iter().any(|skipped| skipped.root == root && skipped.path == path)
    };
    known
        .iter()
        .filter(|(root, path)| !here.contains(&(root.as_str(), path.as_str())))
        .filter(|(root, path)| !kept_by_doubt(root, path))
        .cloned()
        .collect()
}
