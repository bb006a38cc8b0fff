//! Finding the notes of a logbook.

use std::{
    collections::BTreeMap,
    fs::Metadata,
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use ignore::{DirEntry, WalkBuilder};

use super::{Skipped, conventions, copies};
use crate::{
    error::{Error, Result},
    logbook::NameFormat,
};

/// The file that names what is left out, beside `.gitignore`.
const IGNORE_FILE: &str = ".twinignore";
/// Folders in which no note of one's own stands.
const FOREIGN_FOLDERS: [&str; 6] =
    [".obsidian", ".trash", ".recycle", "node_modules", "logseq/bak", "logseq/.recycle"];
/// The endings of notes; a text file is one only when jrnl wrote it, which its reader finds out.
const NOTE_ENDINGS: [&str; 6] = ["md", "markdown", "mdown", "qmd", "org", "txt"];

/// A folder of notes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Root {
    /// What it is called: the name of the folder.
    pub name: String,
    /// Where it is, absolute.
    pub path: PathBuf,
}

/// A note on the disk.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Found {
    /// The name of its root.
    pub root: String,
    /// Its path below the root, with `/` between the parts.
    pub path: String,
    /// Where it is.
    pub file: PathBuf,
    /// Its size in bytes.
    pub size: u64,
    /// The largest size that is read of it.
    pub size_max: u64,
    /// When it was last changed, in nanoseconds since 1970.
    pub modified: i64,
    /// Which file it is, where several names lead to it.
    pub link: Option<(u64, u64)>,
}

/// What a walk found.
#[derive(Clone, Debug, Default)]
pub struct Walk {
    /// The notes, by root and path.
    pub notes: Vec<Found>,
    /// How editors name dated notes, by root.
    pub conventions: BTreeMap<String, Vec<NameFormat>>,
    /// What could not be looked at.
    pub skipped: Vec<Skipped>,
    /// Folders that could not be read, as (root, path); what lies below is not gone.
    pub unreadable: Vec<(String, String)>,
    /// What is to be said of notes that were left out, as `path: reason`.
    pub warnings: Vec<String>,
}

impl Root {
    /// The root at a folder.
    ///
    /// # Errors
    /// When there is no such folder.
    pub fn new(folder: &Path) -> Result<Self> {
        let missing = |error: std::io::Error| {
            Error::usage(format!("no logbook folder at {}", folder.display()))
                .hint("name a folder that is there; nothing was removed from the index")
                .caused_by(error)
        };
        let path = folder.canonicalize().map_err(missing)?;
        if !path.is_dir() {
            return Err(Error::usage(format!("{} is a file", folder.display()))
                .hint("name the folder that it lies in"));
        }
        let name = path
            .file_name()
            .map_or_else(|| "logbook".to_owned(), |name| name.to_string_lossy().into_owned());
        Ok(Self { name, path })
    }

    /// The roots at several folders, each with a name of its own.
    ///
    /// # Errors
    /// When a folder is missing, or two have one name.
    pub fn several(folders: &[PathBuf]) -> Result<Vec<Self>> {
        let mut roots: BTreeMap<String, Self> = BTreeMap::new();
        for folder in folders {
            let root = Self::new(folder)?;
            if let Some(other) = roots.get(&root.name)
                && other.path != root.path
            {
                return Err(Error::usage(format!(
                    "{} and {} have the same name",
                    other.path.display(),
                    root.path.display()
                ))
                .hint("rename one of the folders, or ingest the folder above both"));
            }
            roots.insert(root.name.clone(), root);
        }
        Ok(roots.into_values().collect())
    }
}

/// The notes below the roots, in order, without copies; `apart` is left out wherever it lies.
#[must_use]
pub fn walk(roots: &[Root], apart: &[PathBuf], size_max: u64) -> Walk {
    let mut found = Walk::default();
    for root in roots {
        let apart = apart.to_vec();
        let base = root.path.clone();
        let entries = WalkBuilder::new(&root.path)
            .hidden(true)
            .require_git(false)
            .add_custom_ignore_filename(IGNORE_FILE)
            .sort_by_file_name(Ord::cmp)
            .filter_entry(move |entry| !is_apart(entry, &base, &apart))
            .build();
        for entry in entries {
            match entry {
                Ok(entry) => look_at(root, &entry, size_max, &mut found),
                Err(error) => unreadable(root, &error, &mut found),
            }
        }
    }
    copies::leave_out(&mut found);
    found
}

/// Whether a file may be a note, by its name.
pub(super) fn is_note(file: &Path) -> bool {
    let ending = file.extension();
    ending.is_some_and(|ending| NOTE_ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)))
}

fn is_apart(entry: &DirEntry, base: &Path, apart: &[PathBuf]) -> bool {
    if entry.depth() == 0 || !entry.file_type().is_some_and(|kind| kind.is_dir()) {
        return false;
    }
    let relative = entry.path().strip_prefix(base).unwrap_or(entry.path());
    apart.iter().any(|folder| folder == entry.path())
        || FOREIGN_FOLDERS.iter().any(|folder| relative.ends_with(folder))
}

fn look_at(root: &Root, entry: &DirEntry, size_max: u64, found: &mut Walk) {
    let Some(kind) = entry.file_type() else { return };
    if kind.is_dir() {
        let below = below(root, entry.path()).unwrap_or_default();
        let names = conventions::of_folder(entry.path(), &below);
        found.conventions.entry(root.name.clone()).or_default().extend(names);
        return;
    }
    let is_note = is_note(entry.path());
    if !is_note {
        return;
    }
    let mut skip = |path: String, reason: String| {
        found.skipped.push(Skipped { root: root.name.clone(), path, line_number: None, reason });
    };
    let path = match below(root, entry.path()) {
        Ok(path) => path,
        Err(shown) => return skip(shown, "its name is not UTF-8".to_owned()),
    };
    if kind.is_symlink() {
        return skip(path, "a symbolic link".to_owned());
    }
    if !kind.is_file() {
        return skip(path, "no regular file".to_owned());
    }
    match entry.metadata() {
        Ok(metadata) if metadata.len() > size_max => {
            skip(path, format!("larger than {size_max} bytes"));
        }
        Ok(metadata) => found.notes.push(Found {
            root: root.name.clone(),
            path,
            file: entry.path().to_owned(),
            size: metadata.len(),
            size_max,
            modified: modified(&metadata),
            link: link(&metadata),
        }),
        Err(error) => skip(path, error.to_string()),
    }
}

/// A path below its root, with `/` between the parts; as it can be shown when it is not UTF-8.
fn below(root: &Root, path: &Path) -> std::result::Result<String, String> {
    let relative = path.strip_prefix(&root.path).unwrap_or(path);
    let text = relative.to_str().ok_or_else(|| escaped(relative))?;
    Ok(text.replace(std::path::MAIN_SEPARATOR, "/"))
}

/// A path with those of its bytes that are no UTF-8 written out, as `\xe9`.
fn escaped(path: &Path) -> String {
    let mut text = String::new();
    for part in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        text.push_str(part.valid());
        text.push_str(&part.invalid().escape_ascii().to_string());
    }
    text
}

fn unreadable(root: &Root, error: &ignore::Error, found: &mut Walk) {
    let path = path_of(error)
        .and_then(|path| path.strip_prefix(&root.path).ok())
        .map(|path| path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/"))
        .unwrap_or_default();
    let reason = error
        .io_error()
        .map_or_else(|| error.to_string(), |error| format!("unreadable folder: {error}"));
    found.unreadable.push((root.name.clone(), path.clone()));
    found.skipped.push(Skipped { root: root.name.clone(), path, line_number: None, reason });
}

fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            path_of(err)
        }
        _ => None,
    }
}

/// Which file it is, where several names lead to it.
#[cfg(unix)]
fn link(metadata: &Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;

    (metadata.nlink() > 1).then(|| (metadata.dev(), metadata.ino()))
}

/// No name tells it here.
#[cfg(not(unix))]
fn link(_: &Metadata) -> Option<(u64, u64)> {
    None
}

/// When a file was last changed, in nanoseconds since 1970; before that it is negative.
fn modified(metadata: &Metadata) -> i64 {
    let nanoseconds = metadata.modified().map_or(0, |time| match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i128::try_from(after.as_nanos()).unwrap_or(i128::MAX),
        Err(before) => -i128::try_from(before.duration().as_nanos()).unwrap_or(i128::MAX),
    });
    i64::try_from(nanoseconds).unwrap_or(i64::MAX)
}
