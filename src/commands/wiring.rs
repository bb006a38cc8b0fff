//! From settings to backends; nothing else names one.

use std::{fs, path::Path};

#[cfg(feature = "local-embed")]
use super::local_models;
#[cfg(not(feature = "local-embed"))]
use super::no_local_models as local_models;
use super::{language_model, privacy::online};

#[cfg(feature = "embedded")]
use crate::backends::qdrant::Embedded;
use crate::{
    backends::{
        Secret,
        embed::{HttpEmbedder, HttpEmbedderOptions, Wire},
        host,
        qdrant::{Schema, Server, ServerSettings},
    },
    config::{Config, EmbeddingApi, EmbeddingModel, Qdrant, RerankProvider, Settings},
    error::{Context as _, Error, Exit, Result},
    services::{Embedder, Index},
    ui::Terminal,
};

/// How long an index that another process holds is waited for.
#[cfg(feature = "embedded")]
const INDEX_WAIT: std::time::Duration = std::time::Duration::from_secs(10);

pub(super) use local_models::check as check_model;

/// The embedding model of the settings, brought here first when it is local and not yet here.
pub(super) fn embedder(
    settings: &Settings,
    terminal: Terminal,
) -> Result<Option<Box<dyn Embedder>>> {
    match &settings.config.embedding.model {
        EmbeddingModel::None => Ok(None),
        EmbeddingModel::Http => {
            let remedy = "search by words alone, with another index: embedding.model=none";
            online(settings, "embedding.url", remedy)?;
            Ok(Some(Box::new(HttpEmbedder::connect(http(settings)?)?)))
        }
        model => local_models::embedder(settings, model, terminal).map(Some),
    }
}

/// What the embedding model is called in an index, and its dimension where that is known without
/// asking it; `stored` is what the model of the index is called.
pub(super) fn known_model(settings: &Settings, stored: &str) -> Result<(String, Option<usize>)> {
    match &settings.config.embedding.model {
        EmbeddingModel::None => Ok(("none".to_owned(), None)),
        EmbeddingModel::Http => {
            let options = http(settings)?;
            Ok((options.identity(), options.dimension))
        }
        model => local_models::known(settings, model, stored),
    }
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
    options.query_prefix = embedding.query_prefix.clone().unwrap_or_default();
    options.passage_prefix = embedding.passage_prefix.clone().unwrap_or_default();
    options.key = embedding.key_variable.as_deref().and_then(|name| key(settings, name));
    Ok(options)
}

/// The key in a variable of the environment.
pub(super) fn key(settings: &Settings, variable: &str) -> Option<Secret> {
    settings.key(variable).map(Secret::new)
}

/// The host of the Qdrant server, where that is another machine.
pub(super) fn remote_index(settings: &Settings) -> Result<Option<String>> {
    let Some(url) = &settings.config.qdrant.url else { return Ok(None) };
    let (host, is_loopback) = host(url)?;
    Ok((!is_loopback).then_some(host))
}

/// The other machines that the settings have text sent to, each once.
pub(super) fn remote_hosts(settings: &Settings) -> Result<Vec<String>> {
    let Config { embedding, qdrant, rerank, .. } = &settings.config;
    let urls = [
        language_model::url(settings),
        embedding.url.as_deref().filter(|_| embedding.model == EmbeddingModel::Http),
        rerank.url.as_deref().filter(|_| rerank.provider == RerankProvider::Http),
        qdrant.url.as_deref(),
    ];
    let mut hosts = Vec::new();
    for url in urls.into_iter().flatten() {
        let (host, is_loopback) = host(url)?;
        if !is_loopback && !hosts.contains(&host) {
            hosts.push(host);
        }
    }
    Ok(hosts)
}

/// The index of the settings, opened, and made when there is none.
pub(super) fn index(
    settings: &Settings,
    folder: &Path,
    dimension: Option<usize>,
) -> Result<Box<dyn Index>> {
    let schema = Schema { dimension };
    let qdrant = &settings.config.qdrant;
    match &qdrant.url {
        Some(url) => Ok(Box::new(Server::open(&server_settings(settings, qdrant, url)?, schema)?)),
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
) -> Result<Box<dyn Index>> {
    let schema = Schema { dimension };
    let qdrant = &settings.config.qdrant;
    let index = match &qdrant.url {
        Some(url) => Server::open_existing(&server_settings(settings, qdrant, url)?, schema)
            .map(|server| Box::new(server) as Box<dyn Index>),
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
) -> Result<()> {
    if settings.config.qdrant.url.is_none() && folder.join(EMBEDDED).is_dir() {
        return Ok(());
    }
    existing_index(settings, folder, dimension).map(drop)
}

/// What the user should know of the server; nothing without one.
pub(super) fn server_warnings(settings: &Settings) -> Result<Vec<String>> {
    let qdrant = &settings.config.qdrant;
    match &qdrant.url {
        Some(url) => Server::warnings_of(&server_settings(settings, qdrant, url)?),
        None => Ok(Vec::new()),
    }
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

fn server_settings(settings: &Settings, qdrant: &Qdrant, url: &str) -> Result<ServerSettings> {
    online(settings, "qdrant.url", "use the index in this program: qdrant.url=\"\"")?;
    Ok(ServerSettings {
        url: url.to_owned(),
        api_key: key(settings, Qdrant::KEY_VARIABLE),
        collection: qdrant.collection.clone(),
        shard_number: qdrant.shard_number.get(),
        replication_factor: qdrant.replication_factor.get(),
        on_disk: qdrant.on_disk,
        timeout: qdrant.timeout,
    })
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
        let settings = server_settings(settings, qdrant, url)?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Environment;

    fn settings(variables: &[(&str, &str)], overrides: &[&str]) -> Settings {
        let home = [("TWIN_HOME", "/nowhere"), ("HOME", "/nowhere")];
        let environment: Environment = home.iter().chain(variables).copied().collect();
        let overrides: Vec<String> = overrides.iter().map(ToString::to_string).collect();
        Settings::load_without_files(environment, Path::new("/nowhere"), &overrides).unwrap()
    }

    /// FAULTS 87 and 88.
    #[test]
    fn what_a_model_is_called_is_known_without_it() {
        let known = |overrides: &[&str]| known_model(&settings(&[], overrides), "none").unwrap();
        assert_eq!(known(&["embedding.model=none"]), ("none".to_owned(), None));
        let http = ["embedding.url=http://127.0.0.1:1", "embedding.name=m", "embedding.model=http"];
        assert_eq!(known(&http), ("http:m".to_owned(), None));
        let sized = [&http[..], &["embedding.dimension=3"]].concat();
        assert_eq!(known(&sized), ("http:m".to_owned(), Some(3)));
        #[cfg(feature = "local-embed")]
        assert_eq!(
            known(&["embedding.model=e5-small"]),
            ("multilingual-e5-small-q4".to_owned(), Some(384))
        );
    }
}
