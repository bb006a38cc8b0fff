//! `twin status`: what is indexed, from when to when, by which model, where, and how large.

use std::{collections::BTreeMap, fs, path::Path};

use serde::Serialize;

use super::workspace::Workspace;
use crate::{
    error::{Exit, Result},
    index::{EntryRecord, Identity, no_index},
    logbook::Span,
    ui,
};

#[derive(Serialize)]
struct Status {
    folders: Vec<(String, String)>,
    notes: usize,
    entries: usize,
    undated: usize,
    first_day: Option<String>,
    last_day: Option<String>,
    dated_from: BTreeMap<String, usize>,
    identity: Identity,
    index: String,
    bytes: u64,
    warnings: Vec<String>,
}

/// Runs the command.
pub(super) fn run(workspace: &Workspace) -> Result<Exit> {
    let state = workspace.state()?;
    let identity = state.identity()?.ok_or_else(no_index)?;
    let entries = state.entries()?;
    let spans = || entries.iter().filter_map(|entry| entry.span);
    let status = Status {
        folders: state.roots()?,
        notes: state.notes()?.len(),
        entries: entries.len(),
        undated: entries.iter().filter(|entry| entry.span.is_none()).count(),
        first_day: spans().map(Span::start).min().map(|day| day.to_string()),
        last_day: spans().map(Span::last).max().map(|day| day.to_string()),
        dated_from: provenance(&entries),
        identity,
        index: workspace.index_place(state.build()?),
        bytes: size(&workspace.folder()),
        warnings: state.warnings()?,
    };
    if workspace.json {
        workspace.print_json("logtwin/status/1", &status)?;
    } else {
        workspace.terminal.print(&text(&status, &entries))?;
    }
    Ok(Exit::Done)
}

fn text(status: &Status, entries: &[EntryRecord]) -> String {
    let mut text = String::new();
    for (name, path) in &status.folders {
        text.push_str(&ui::shown(&format!("logbook   {name} at {path}\n")));
    }
    text.push_str(&format!("notes     {}\n", status.notes));
    text.push_str(&format!("entries   {}, {} undated\n", status.entries, status.undated));
    if let (Some(first), Some(last)) = (&status.first_day, &status.last_day) {
        text.push_str(&format!("covers    {first} to {last}\n"));
    }
    let sources: Vec<String> =
        status.dated_from.iter().map(|(source, count)| format!("{source} {count}")).collect();
    if !sources.is_empty() {
        text.push_str(&format!("dated by  {}\n", sources.join(", ")));
    }
    text.push_str(&format!("model     {}\n", status.identity.model));
    text.push_str(&format!("index     {}\n", ui::shown(&status.index)));
    text.push_str(&format!("size      {:.1} MiB\n", status.bytes as f64 / (1024.0 * 1024.0)));
    if !status.warnings.is_empty() {
        text.push_str(&format!("warnings  {}: --json has them\n", status.warnings.len()));
    }
    text.push('\n');
    text.push_str(&ui::entries_by_month(entries));
    text
}

fn provenance(entries: &[EntryRecord]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for source in entries.iter().filter_map(|entry| entry.source) {
        *counts.entry(source.to_string()).or_default() += 1;
    }
    counts
}

/// The bytes that what lies below a folder takes up, as far as they can be counted.
fn size(folder: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    entries
        .filter_map(std::result::Result::ok)
        .map(|entry| match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => size(&entry.path()),
            Ok(metadata) => taken_up(&metadata),
            Err(_) => 0,
        })
        .sum()
}

/// What a file takes up on the disk, which holds no room for the holes in it.
#[cfg(unix)]
fn taken_up(metadata: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::blocks(metadata) * 512
}

#[cfg(not(unix))]
fn taken_up(metadata: &fs::Metadata) -> u64 {
    metadata.len()
}
