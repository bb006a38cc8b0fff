//! Models of the Hugging Face hub: found where they lie already, else fetched once.
//!
//! They lie as the hub's own tools keep them: a folder `models--OWNER--NAME`, in which
//! `refs/REVISION` names a commit and `snapshots/COMMIT` has its files. So a model that another
//! program has fetched is not fetched again; what is fetched here goes into our own cache.
//! Source: the hub's documentation of its cache, *Understand caching*.

mod client;

use std::{
    fmt,
    fs::{self, File},
    path::{Path, PathBuf},
    str::FromStr,
};

use self::client::{Client, Listing};
use super::{FolderModel, Progress, pull::lock};
use crate::{
    backends::Secret,
    error::{Context, Error, Exit, Result},
};

/// Where the hub is, and where its models lie.
#[derive(Clone, Debug)]
pub struct HubSettings {
    /// The hub's address; none for its own.
    pub endpoint: Option<String>,
    /// The token, for models that are not for everyone.
    pub token: Option<Secret>,
    /// The folder that models are fetched into.
    pub cache: PathBuf,
    /// The folder in which the hub's own tools keep theirs; it is only read.
    pub shared_cache: Option<PathBuf>,
    /// Whether the network may not be used.
    pub offline: bool,
}

/// The hub's own address.
const ENDPOINT: &str = "https://huggingface.co";

/// A model by its name on the hub.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct HubModel {
    owner_and_name: String,
    revision: String,
}

/// The revision that is meant when none is named.
const MAIN: &str = "main";

impl FromStr for HubModel {
    type Err = Error;

    /// Reads `OWNER/NAME`, perhaps with `@REVISION`.
    fn from_str(text: &str) -> Result<Self> {
        let (name, revision) = text.split_once('@').unwrap_or((text, MAIN));
        let is_word = |word: &str| {
            let is_plain =
                |character: char| character.is_ascii_alphanumeric() || "-_.".contains(character);
            !word.is_empty() && !word.starts_with('.') && word.chars().all(is_plain)
        };
        let parts: Vec<&str> = name.split('/').collect();
        if parts.len() > 2 || !parts.iter().all(|part| is_word(part)) || !is_word(revision) {
            return Err(Error::usage(format!("hf:{text} names no model of the hub")).hint(
                "write hf:OWNER/NAME, such as hf:intfloat/multilingual-e5-base, perhaps \
                       with a revision behind it: hf:OWNER/NAME@v1.0",
            ));
        }
        Ok(Self { owner_and_name: name.to_owned(), revision: revision.to_owned() })
    }
}

impl fmt::Display for HubModel {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "hf:{}", self.owner_and_name)?;
        if self.revision == MAIN { Ok(()) } else { write!(formatter, "@{}", self.revision) }
    }
}

impl HubModel {
    /// Its folder in a cache.
    fn folder(&self, cache: &Path) -> PathBuf {
        cache.join(format!("models--{}", self.owner_and_name.replace('/', "--")))
    }
}

/// The hub, with what of it lies here.
#[derive(Clone, Debug)]
pub struct Hub {
    settings: HubSettings,
}

impl Hub {
    /// The hub of these settings; nothing is asked of it yet.
    #[must_use]
    pub fn new(settings: HubSettings) -> Self {
        Self { settings }
    }

    /// A model that lies here whole.
    #[must_use]
    pub fn find(&self, model: &HubModel) -> Option<FolderModel> {
        let caches = [Some(&self.settings.cache), self.settings.shared_cache.as_ref()];
        let folder = caches.into_iter().flatten().find_map(|cache| whole(model, cache))?;
        Some(FolderModel { name: model.to_string(), folder })
    }

    /// Where a model lies, or the folder that it would be fetched into.
    #[must_use]
    pub fn place(&self, model: &HubModel) -> PathBuf {
        let absent = || model.folder(&self.settings.cache);
        self.find(model).map_or_else(absent, |found| found.folder)
    }

    /// The host that models are fetched from.
    ///
    /// # Errors
    /// When its address can't be read.
    pub fn host(&self) -> Result<String> {
        Ok(self.client()?.host().to_owned())
    }

    /// Fetches a model, unless it lies here whole. What was fetched before is not fetched again,
    /// and a file that was cut is gone on with.
    ///
    /// # Errors
    /// With [`Exit::Unreachable`] when the hub can't be reached or may not be asked; else when there
    /// is no such model, or a file is not the one that was published.
    pub fn pull(
        &self,
        model: &HubModel,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<FolderModel> {
        if let Some(found) = self.find(model) {
            return Ok(found);
        }
        if self.settings.offline {
            return Err(Error::new(
                Exit::Unreachable,
                format!("the model {model} is not here, and it is offline"),
            )
            .hint(
                "fetch it once without --offline and HF_HUB_OFFLINE, or name a folder that has the \
                 model",
            ));
        }
        let folder = model.folder(&self.settings.cache);
        fs::create_dir_all(&folder).context(|| format!("make {}", folder.display()))?;
        let _lock: File = lock(&folder.join("lock"), progress)?;
        if let Some(found) = self.find(model) {
            return Ok(found);
        }
        let client = self.client()?;
        let listing = client.list(model)?;
        let snapshot = folder.join("snapshots").join(&listing.commit);
        fetch(&client, model, &listing, &snapshot, progress)?;
        let refs = folder.join("refs");
        let named = refs.join(&model.revision);
        fs::create_dir_all(&refs)
            .and_then(|()| fs::write(&named, &listing.commit))
            .context(|| format!("write {}", named.display()))?;
        self.find(model).ok_or_else(|| {
            Error::failed(format!("{model} is not whole in {}", snapshot.display()))
                .hint("take a model that is published with all its files")
        })
    }

    fn client(&self) -> Result<Client> {
        let endpoint = self.settings.endpoint.as_deref().unwrap_or(ENDPOINT);
        Client::new(endpoint, self.settings.token.as_ref())
    }
}

/// Fetches the files of a model into a folder.
fn fetch(
    client: &Client,
    model: &HubModel,
    listing: &Listing,
    snapshot: &Path,
    progress: &mut dyn FnMut(Progress),
) -> Result<()> {
    let names: Vec<&str> = listing.files.iter().map(|file| file.path.as_str()).collect();
    if let Some(missing) = REQUIRED.iter().find(|name| !names.contains(name)) {
        return Err(Error::usage(format!("{model} has no {missing}")).hint(
            "take a model that is published with tokenizer.json and model.safetensors; one \
             that is not can be saved so in Python, and its folder named",
        ));
    }
    let total = listing.files.iter().map(|file| file.bytes).sum();
    let mut before = 0;
    progress(Progress::Downloading(total));
    for file in &listing.files {
        let mut on_bytes = |bytes| progress(Progress::Fetched { bytes: before + bytes, total });
        client.fetch(model, &listing.commit, file, snapshot, &mut on_bytes)?;
        before += file.bytes;
    }
    Ok(())
}

/// The files that no model can do without.
const REQUIRED: [&str; 3] = ["config.json", "tokenizer.json", "model.safetensors"];

/// The files that say more of a model, where it has them.
const OPTIONAL: [&str; 3] =
    ["modules.json", "sentence_bert_config.json", "config_sentence_transformers.json"];

/// What says how the rows of a text become one vector, in a folder that `modules.json` names.
const POOLING: &str = "Pooling/config.json";

/// Whether a file of a model is of use here.
fn is_wanted(path: &str) -> bool {
    REQUIRED.contains(&path)
        || OPTIONAL.contains(&path)
        || path.strip_suffix(POOLING).is_some_and(|folder| !folder.contains(['/', '\\']))
}

/// The files of a model in a cache, when all that it needs are there.
///
/// A program that had no use for `modules.json` may have left it out, and without it one would pool
/// otherwise than the model does; the hub's tools note a file that was looked for and is not there.
fn whole(model: &HubModel, cache: &Path) -> Option<PathBuf> {
    let folder = model.folder(cache);
    let commit = fs::read_to_string(folder.join("refs").join(&model.revision));
    let commit = commit.map_or_else(|_| model.revision.clone(), |text| text.trim().to_owned());
    let snapshot = folder.join("snapshots").join(&commit);
    let is_here = |name: &str| snapshot.join(name).is_file();
    let is_ours = folder.join("lock").exists();
    let modules = is_here("modules.json");
    let is_known_not_to_be = folder.join(".no_exist").join(&commit).join("modules.json").exists();
    let is_whole = REQUIRED.iter().all(|name| is_here(name))
        && (is_ours || is_known_not_to_be || modules && is_here("1_Pooling/config.json"));
    is_whole.then_some(snapshot)
}

#[cfg(test)]
mod tests;
