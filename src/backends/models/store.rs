//! The folder in which converted models lie, one folder a model.
//!
//! A model's folder holds the file that the embedder reads and a manifest that is written last.
//! Without a manifest that agrees with the file there is no model.

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::Model;
use crate::error::{Context, Error, Result};

/// The models on this machine.
#[derive(Clone, Debug)]
pub struct ModelStore {
    folder: PathBuf,
}

/// What the store knows of a model.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ModelState {
    /// It was never pulled, or the pull did not end.
    Absent,
    /// It can be used.
    Ready {
        /// Its size on the disk.
        bytes: u64,
    },
    /// It is there and can't be used; pulling it again mends that.
    Corrupt {
        /// What is wrong with it, as a lowercase fragment.
        reason: String,
    },
}

impl ModelStore {
    /// The store below a cache folder, which need not exist yet.
    #[must_use]
    pub fn new(cache_dir: PathBuf) -> Self {
        Self { folder: cache_dir }
    }

    /// Where a model's file lies, or would lie.
    #[must_use]
    pub fn path(&self, model: &Model) -> PathBuf {
        self.model_folder(model).join("model.bin")
    }

    /// Whether a model can be used, judged by its manifest and its size.
    ///
    /// What is read from the file later is checked then; [`ModelStore::check`] reads all of it.
    #[must_use]
    pub fn state(&self, model: &Model) -> ModelState {
        let path = self.path(model);
        let manifest = match Manifest::read(&self.manifest_path(model)) {
            Ok(Some(manifest)) => manifest,
            Ok(None) => return ModelState::Absent,
            Err(reason) => return ModelState::Corrupt { reason },
        };
        if manifest.format != FORMAT || manifest.identity != model.identity {
            return corrupt("it was made by another version of twin");
        }
        match path.metadata() {
            Ok(metadata) if metadata.len() == manifest.bytes => {
                ModelState::Ready { bytes: manifest.bytes }
            }
            Ok(metadata) => ModelState::Corrupt {
                reason: format!("it has {} bytes instead of {}", metadata.len(), manifest.bytes),
            },
            Err(error) => ModelState::Corrupt { reason: error.to_string() },
        }
    }

    /// Whether a model can be used, after reading every byte of it.
    #[must_use]
    pub fn check(&self, model: &Model) -> ModelState {
        let state = self.state(model);
        let (ModelState::Ready { .. }, Ok(Some(manifest))) =
            (&state, Manifest::read(&self.manifest_path(model)))
        else {
            return state;
        };
        match checksum(&self.path(model)) {
            Ok(sum) if sum == manifest.blake3 => state,
            Ok(_) => corrupt("its checksum differs"),
            Err(error) => ModelState::Corrupt { reason: error.to_string() },
        }
    }

    /// The file of a model that can be used.
    ///
    /// # Errors
    /// When the model is not there or is corrupt; the remedy is to pull it.
    pub fn ready(&self, model: &Model) -> Result<PathBuf> {
        let message = match self.state(model) {
            ModelState::Ready { .. } => return Ok(self.path(model)),
            ModelState::Absent => {
                format!("the model {} is not in {}", model.name, self.folder.display())
            }
            ModelState::Corrupt { reason } => format!("{}: {reason}", self.path(model).display()),
        };
        Err(Error::failed(message).hint(PULL_HINT))
    }

    pub(super) fn model_folder(&self, model: &Model) -> PathBuf {
        self.folder.join(model.name)
    }

    pub(super) fn manifest_path(&self, model: &Model) -> PathBuf {
        self.model_folder(model).join("manifest.json")
    }
}

/// What to do about a model that is absent or corrupt.
pub(crate) const PULL_HINT: &str = "run `twin models pull`";

/// The version of the conversion; a file of another one is made again.
pub(super) const FORMAT: u32 = 1;

/// What is written beside a model once it is whole.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Manifest {
    pub(super) format: u32,
    pub(super) identity: String,
    pub(super) package: String,
    pub(super) bytes: u64,
    pub(super) blake3: String,
}

impl Manifest {
    fn read(path: &Path) -> Result<Option<Self>, String> {
        match std::fs::read(path) {
            Ok(text) => serde_json::from_slice(&text)
                .map(Some)
                .map_err(|error| format!("{}: {error}", path.display())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(format!("{}: {error}", path.display())),
        }
    }
}

/// The BLAKE3 hash of a file in hexadecimal digits.
pub(super) fn checksum(path: &Path) -> Result<String> {
    let file = File::open(path).context(|| format!("open {}", path.display()))?;
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(file).context(|| format!("read {}", path.display()))?;
    Ok(hasher.finalize().to_hex().to_string())
}

fn corrupt(reason: &str) -> ModelState {
    ModelState::Corrupt { reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backends::models::catalogue;

    fn check_state(change: impl FnOnce(&ModelStore, &Model), expected: &str) {
        let folder = tempfile::tempdir().unwrap();
        let store = ModelStore::new(folder.path().to_path_buf());
        let model = &catalogue()[0];
        std::fs::create_dir_all(store.model_folder(model)).unwrap();
        std::fs::write(store.path(model), b"weights").unwrap();
        let manifest = Manifest {
            format: FORMAT,
            identity: model.identity.to_owned(),
            package: model.package.to_owned(),
            bytes: 7,
            blake3: blake3::hash(b"weights").to_hex().to_string(),
        };
        let text = serde_json::to_vec(&manifest).unwrap();
        std::fs::write(store.manifest_path(model), text).unwrap();
        change(&store, model);
        let found = match store.check(model) {
            ModelState::Absent => "absent".to_owned(),
            ModelState::Ready { bytes } => format!("ready, {bytes} bytes"),
            ModelState::Corrupt { reason } => reason,
        };
        assert!(found.contains(expected), "{found}");
    }

    /// Fault 93: a damaged model.
    #[test]
    fn a_change_of_the_file_is_noticed() {
        check_state(|_, _| {}, "ready, 7 bytes");
        check_state(|store, model| std::fs::write(store.path(model), b"weightz").unwrap(), "sum");
        check_state(|store, model| std::fs::write(store.path(model), b"w").unwrap(), "1 bytes");
        check_state(|store, model| std::fs::write(store.path(model), b"").unwrap(), "0 bytes");
        check_state(|store, model| std::fs::remove_file(store.path(model)).unwrap(), "No such");
    }

    /// Fault 92: the download of a model is cut off.
    #[test]
    fn a_pull_that_did_not_end_leaves_no_model() {
        let remove = |store: &ModelStore, model: &Model| {
            std::fs::remove_file(store.manifest_path(model)).unwrap();
        };
        check_state(remove, "absent");
        let cut = |store: &ModelStore, model: &Model| {
            std::fs::write(store.manifest_path(model), b"{\"format\":").unwrap();
        };
        check_state(cut, "manifest.json");
    }

    #[test]
    fn a_model_that_can_not_be_used_says_how_to_mend_that() {
        let store = ModelStore::new(PathBuf::from("/nowhere"));
        let error = store.ready(&catalogue()[0]).unwrap_err();
        assert_eq!(error.remedy(), Some(PULL_HINT));
        assert!(error.to_string().contains("use-multilingual"), "{error}");
    }
}
