//! `twin dates`: what dates each entry of a note, and the whole logbook in numbers.
//!
//! The notes are read as they stand, so that a note can be looked at before it is ingested.

use serde::Serialize;

use super::{cli::DatesArgs, ingest, workspace::Workspace};
use crate::{
    error::{Exit, Result},
    ingest::{Found, Logbook, NoteReader, Skipped, Walk, read_found},
    logbook::Note,
};

mod numbers;
mod page;
mod place;

use numbers::Numbers;
use page::Page;
use place::Place;

/// Runs the command.
pub(super) fn run(workspace: &Workspace, arguments: &DatesArgs) -> Result<Exit> {
    let state = workspace.state().ok();
    let roots = ingest::roots(workspace, &[], state.as_ref())?;
    let logbook = workspace.logbook(&roots);
    let walked = logbook.walk();
    let reader = logbook.reader(&walked, state.as_ref())?;
    match &arguments.place {
        Some(typed) => {
            of_note(workspace, arguments, &reader, &Place::find(typed, &roots, &walked)?)
        }
        None if arguments.undated => all_undated(workspace, &reader, &walked),
        None => in_numbers(workspace, &logbook, &reader, &walked),
    }
}

fn of_note(
    workspace: &Workspace,
    arguments: &DatesArgs,
    reader: &NoteReader,
    place: &Place<'_>,
) -> Result<Exit> {
    let note = read_found(place.found, reader).map_err(|skip| place.left_out(&skip))?;
    if arguments.undated {
        return print_undated(workspace, &undated(place.found, &note));
    }
    let page = Page::new(place.found, &note, place.line_number)?;
    if workspace.json {
        workspace.print_json("logtwin/dates-note/1", &page)?;
    } else {
        workspace.terminal.print(&page.text())?;
    }
    Ok(Exit::Done)
}

fn in_numbers(
    workspace: &Workspace,
    logbook: &Logbook<'_>,
    reader: &NoteReader,
    walked: &Walk,
) -> Result<Exit> {
    let mut numbers = Numbers::new(logbook.roots, reader.day_order);
    let skipped = each_note(workspace, reader, walked, &mut |_, note| numbers.add(note));
    numbers.skipped = skipped;
    numbers.warnings = reader.warnings();
    numbers.warnings.extend(walked.warnings.iter().cloned());
    if workspace.json {
        workspace.print_json("logtwin/dates/1", &numbers)?;
    } else {
        workspace.terminal.print(&numbers.text())?;
    }
    Ok(if numbers.skipped.is_empty() { Exit::Done } else { Exit::Partial })
}

fn all_undated(workspace: &Workspace, reader: &NoteReader, walked: &Walk) -> Result<Exit> {
    let mut found_undated = Vec::new();
    each_note(workspace, reader, walked, &mut |found, note| {
        found_undated.extend(undated(found, note));
    });
    print_undated(workspace, &found_undated)
}

/// Reads every note; gives back what could not be read.
fn each_note(
    workspace: &Workspace,
    reader: &NoteReader,
    walked: &Walk,
    take: &mut dyn FnMut(&Found, &Note),
) -> Vec<Skipped> {
    let mut skipped = walked.skipped.clone();
    let ticker = workspace.terminal.ticker("notes", walked.notes.len() as u64);
    for (done, found) in walked.notes.iter().enumerate() {
        ticker.at(done as u64, walked.notes.len() as u64);
        match read_found(found, reader) {
            Ok(note) => take(found, &note),
            Err(skip) => skipped.extend(Skipped::unless_intended(found, skip)),
        }
    }
    skipped
}

/// An entry without a date.
#[derive(Serialize)]
struct Undated {
    root: String,
    path: String,
    line_number: u32,
    title: String,
}

fn undated(found: &Found, note: &Note) -> Vec<Undated> {
    let entries = note.entries.iter().filter(|entry| entry.dating.is_none());
    entries
        .map(|entry| Undated {
            root: found.root.clone(),
            path: found.path.clone(),
            line_number: entry.lines.first,
            title: entry.title.clone(),
        })
        .collect()
}

fn print_undated(workspace: &Workspace, undated: &[Undated]) -> Result<Exit> {
    if workspace.json {
        let undated = serde_json::json!({ "undated": undated });
        workspace.print_json("logtwin/dates-undated/1", &undated)?;
        return Ok(Exit::Done);
    }
    let mut lines = String::new();
    for entry in undated {
        lines.push_str(&format!("{}:{}\n", entry.path, entry.line_number));
    }
    workspace.terminal.print(&crate::ui::shown(&lines))?;
    Ok(Exit::Done)
}
