//! A model in a folder as it was published, and what tells it from every other.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use serde::{Deserialize, Serialize};

use super::store::checksum;
use crate::error::{Context, Result};

/// A model in a folder.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FolderModel {
    /// What it is called: `dir:` and the folder's own name, or its name on the hub.
    pub name: String,
    /// The folder.
    pub folder: PathBuf,
}

impl FolderModel {
    /// The model in a folder of the user's.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        let name = folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy();
        Self { name: format!("dir:{name}"), folder: folder.to_owned() }
    }
}

/// The files that make a model's vectors what they are.
const FILES: [&str; 6] = [
    "config.json",
    "tokenizer.json",
    "model.safetensors",
    "modules.json",
    "1_Pooling/config.json",
    "sentence_bert_config.json",
];

/// The way in which models out of folders are run; another one gives other vectors.
const VERSION: u8 = 1;

/// The hashes of models, kept so that large files are not read anew at each question.
#[derive(Clone, Debug)]
pub struct Fingerprints {
    /// Where they are kept; none when every file is read.
    folder: Option<PathBuf>,
}

/// What is kept of a model.
#[derive(Debug, Deserialize, PartialEq, Serialize)]
struct Kept {
    files: Vec<Seen>,
    blake3: String,
}

/// A file by what changes with its content.
#[derive(Debug, Deserialize, PartialEq, Serialize)]
struct Seen {
    path: PathBuf,
    bytes: u64,
    modified_ns: u128,
}

impl Fingerprints {
    /// Those in a folder, which need not exist yet.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self { folder: Some(folder) }
    }

    /// None that are kept: the files are read, whatever is known of them.
    #[must_use]
    pub fn afresh() -> Self {
        Self { folder: None }
    }

    /// The model's name, and a hash of its files and of what is put before a passage.
    ///
    /// # Errors
    /// When a file can't be read.
    pub fn identity(&self, model: &FolderModel, passage_prefix: &str) -> Result<String> {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&[VERSION]);
        hasher.update(self.hash(&model.folder)?.as_bytes());
        hasher.update(passage_prefix.as_bytes());
        let hash = hasher.finalize().to_hex();
        Ok(format!("{}{IDENTITY_MARK}{}", model.name, &hash[..HASH_DIGITS]))
    }

    /// The hash of a model's files: the one that is kept, unless one of them has changed.
    fn hash(&self, folder: &Path) -> Result<String> {
        let files: Vec<Seen> = FILES
            .iter()
            .filter_map(|name| seen(&folder.join(name)).transpose())
            .collect::<Result<_>>()?;
        let name = blake3::hash(folder.as_os_str().as_encoded_bytes()).to_hex();
        let record = self.folder.as_ref().map(|folder| folder.join(format!("{name}.json")));
        let text = record.as_ref().and_then(|record| fs::read(record).ok());
        let kept = text.and_then(|text| serde_json::from_slice(&text).ok());
        if let Some(Kept { files: known, blake3 }) = kept
            && known == files
        {
            return Ok(blake3);
        }
        let mut hasher = blake3::Hasher::new();
        for file in &files {
            hasher.update(checksum(&file.path)?.as_bytes());
        }
        let blake3 = hasher.finalize().to_hex().to_string();
        let kept = Kept { files, blake3 };
        if let Some(record) = record {
            // What can't be kept is made again the next time.
            let _ = keep(&record, &kept);
        }
        Ok(kept.blake3)
    }
}

fn keep(record: &Path, kept: &Kept) -> io::Result<()> {
    if let Some(folder) = record.parent() {
        fs::create_dir_all(folder)?;
    }
    let written = record.with_extension(format!("tmp{}", std::process::id()));
    fs::write(&written, serde_json::to_vec(kept)?)?;
    fs::rename(written, record)
}

/// What stands between the name of a model and the hash of its files.
pub const IDENTITY_MARK: char = '#';

const HASH_DIGITS: usize = 16;

fn seen(path: &Path) -> Result<Option<Seen>> {
    let metadata = match path.metadata() {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).context(|| format!("read {}", path.display())),
    };
    let modified = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let modified_ns = modified.map_or(0, |time| time.as_nanos());
    Ok(Some(Seen { path: path.to_owned(), bytes: metadata.len(), modified_ns }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_weights_another_part_or_another_prefix_make_another_model() {
        let folder = tempfile::tempdir().unwrap();
        let model = FolderModel::new(&folder.path().join("tiny"));
        fs::create_dir(&model.folder).unwrap();
        let known = Fingerprints::new(folder.path().join("known"));
        let write = |name: &str, text: &str| fs::write(model.folder.join(name), text).unwrap();
        write("config.json", "{}");
        write("model.safetensors", "one");
        let identity = |prefix: &str| known.identity(&model, prefix).unwrap();
        let first = identity("");
        assert!(first.starts_with("dir:tiny#") && first.len() == 25, "{first}");
        assert_eq!(identity(""), first);
        let mut all = vec![first, identity("passage: ")];
        write("model.safetensors", "other");
        all.push(identity(""));
        write("modules.json", "[]");
        all.push(identity(""));
        let count = all.len();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), count, "{all:?}");
    }

    #[test]
    fn a_hash_that_is_kept_is_not_made_again() {
        let folder = tempfile::tempdir().unwrap();
        let model = FolderModel::new(folder.path());
        let known = Fingerprints::new(folder.path().join("known"));
        fs::write(folder.path().join("model.safetensors"), "one").unwrap();
        known.identity(&model, "").unwrap();
        let record =
            fs::read_dir(folder.path().join("known")).unwrap().next().unwrap().unwrap().path();
        let mut kept: Kept = serde_json::from_slice(&fs::read(&record).unwrap()).unwrap();
        "marked".clone_into(&mut kept.blake3);
        fs::write(&record, serde_json::to_vec(&kept).unwrap()).unwrap();
        assert_eq!(known.hash(folder.path()).unwrap(), "marked");
        assert_ne!(Fingerprints::afresh().hash(folder.path()).unwrap(), "marked");
        fs::write(folder.path().join("model.safetensors"), "another").unwrap();
        assert_ne!(known.hash(folder.path()).unwrap(), "marked");
    }
}
