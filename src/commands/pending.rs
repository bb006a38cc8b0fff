//! Notes that the index does not have as they are: looked at where it has no answer.

use std::collections::HashMap;

use super::workspace::Workspace;
use crate::{
    ask::{Absence, Lag, Lagging},
    error::Result,
    index::{NoteRecord, Term, TermReader},
    ingest::{Found, Root, read_found},
    logbook::Note,
    plan::Plan,
};

/// Not more notes than this are read.
const NOTES_MAX: usize = 500;
/// Not more notes than this are named.
const NAMED_MAX: usize = 5;
/// A note speaks of a topic when it has this share of its words.
const SHARE_MIN: f32 = 0.5;

/// The notes that would answer a plan and that were not indexed as they are, as a kind of "no".
pub(super) fn pending(workspace: &Workspace, plan: &Plan) -> Result<Option<Absence>> {
    let state = workspace.state()?;
    let known: HashMap<(String, String), NoteRecord> = state
        .notes()?
        .into_iter()
        .map(|note| ((note.root.clone(), note.path.clone()), note))
        .collect();
    let folders: Vec<_> = state.roots()?.into_iter().map(|(_, path)| path.into()).collect();
    // A folder that is away is told by `ingest`; an answer does not fail for it.
    let Ok(roots) = Root::several(&folders) else { return Ok(None) };
    let logbook = workspace.logbook(&roots);
    let walked = logbook.walk();
    let lagging: Vec<(&Found, Lag)> = walked
        .notes
        .iter()
        .filter_map(|found| Some((found, lag(found, &known)?)))
        .take(NOTES_MAX)
        .collect();
    if lagging.is_empty() {
        return Ok(None);
    }
    let notes_reader = logbook.reader_of_index(&walked, &state)?;
    let reader = TermReader::default();
    let words = reader.query_words(&plan.topic);
    let notes: Vec<Lagging> = lagging
        .into_iter()
        .filter(|(found, _)| {
            read_found(found, &notes_reader).is_ok_and(|note| answers(&note, plan, &words, &reader))
        })
        .map(|(found, lag)| Lagging { path: found.path.clone(), lag })
        .take(NAMED_MAX)
        .collect();
    Ok((!notes.is_empty()).then_some(Absence::Stale { notes }))
}

/// How the index lags behind a note; not at all when its content is the one that was indexed.
fn lag(found: &Found, known: &HashMap<(String, String), NoteRecord>) -> Option<Lag> {
    let Some(note) = known.get(&(found.root.clone(), found.path.clone())) else {
        return Some(Lag::NotIndexed);
    };
    if (note.size, note.modified) == (found.size, found.modified) {
        return None;
    }
    let bytes = found.bytes().ok()?;
    (blake3::hash(&bytes).to_hex().as_str() != note.version).then_some(Lag::Changed)
}

/// Whether an entry of a note lies in the periods of a plan and has its words.
fn answers(note: &Note, plan: &Plan, words: &[Vec<Term>], reader: &TermReader) -> bool {
    let weekdays = plan.on_weekdays();
    let fits = note.entries.iter().any(|entry| {
        let span = entry.dating.as_ref().map(|dating| dating.span);
        let is_in = plan.spans.is_empty()
            || span.is_some_and(|span| plan.spans.iter().any(|asked| asked.span.overlaps(span)));
        is_in && (weekdays.is_empty() || span.is_some_and(|span| weekdays.contains_day(span)))
    });
    if !fits || words.is_empty() {
        return fits;
    }
    let terms = reader.query_terms(&note.text);
    let has = words.iter().filter(|word| word.iter().any(|term| terms.contains(term))).count();
    has as f32 >= SHARE_MIN * words.len() as f32
}
