//! The settings of editors that lie in the folders of a logbook.

use std::{
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
};

use crate::logbook::{NameFormat, logseq_journals, obsidian_daily, obsidian_periodic};

/// The most of a settings file that is read, in bytes.
const BYTES_MAX: u64 = 1024 * 1024;

/// How the editor that a folder belongs to names its dated notes. `below` is the folder's path below
/// the logbook's root.
pub(super) fn of_folder(folder: &Path, below: &str) -> Vec<NameFormat> {
    let mut names = Vec::new();
    let obsidian = folder.join(".obsidian");
    if let Some(settings) = text(&obsidian.join("daily-notes.json")) {
        names.extend(obsidian_daily(below, &settings));
    }
    let plugin: PathBuf = obsidian.join("plugins/periodic-notes/data.json");
    if let Some(settings) = text(&plugin) {
        names.extend(obsidian_periodic(below, &settings));
    }
    if let Some(settings) = text(&folder.join("logseq/config.edn")) {
        names.extend(logseq_journals(below, &settings));
    }
    names
}

/// The text of a small regular file; a link may lead out of the logbook and is not followed.
fn text(file: &Path) -> Option<String> {
    let is_file = file.symlink_metadata().is_ok_and(|metadata| metadata.is_file());
    let mut text = String::new();
    is_file.then(|| File::open(file).ok()?.take(BYTES_MAX).read_to_string(&mut text).ok())??;
    Some(text)
}
