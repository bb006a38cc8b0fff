//! From settings to models; with `indexes` beside it, nothing else names a backend.

#[cfg(feature = "local-embed")]
use super::local_models;
#[cfg(not(feature = "local-embed"))]
use super::no_local_models as local_models;
use super::{ask::place, language_model, privacy::online};

use crate::{
    backends::{
        Secret,
        embed::{HttpEmbedder, HttpEmbedderOptions, Wire},
        host,
    },
    config::{Config, EmbeddingApi, EmbeddingModel, RerankProvider, Settings},
    error::{Error, Result},
    services::Embedder,
    ui::Terminal,
};

pub(super) use local_models::{check as check_model, verify as verify_model};

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

/// Whether what is embedded is sent to an endpoint.
pub(super) fn is_sent(settings: &Settings) -> bool {
    settings.config.embedding.model == EmbeddingModel::Http
}

/// An endpoint that embeds.
pub(super) struct EmbeddingEndpoint {
    /// What its model is called in an index.
    pub(super) identity: String,
    /// What is put before a passage.
    pub(super) prefix: String,
    /// Its host.
    pub(super) host: String,
    /// Whether that is another machine.
    pub(super) is_remote: bool,
    /// The model there.
    name: String,
}

impl EmbeddingEndpoint {
    /// Where it is, for people.
    pub(super) fn place(&self) -> String {
        place(&self.name, &self.host, self.is_remote)
    }
}

/// Where texts would be sent to be embedded; none when they stay in this process.
pub(super) fn embedding_endpoint(settings: &Settings) -> Result<Option<EmbeddingEndpoint>> {
    if !is_sent(settings) {
        return Ok(None);
    }
    let options = http(settings)?;
    let (host, is_loopback) = host(&options.base_url)?;
    Ok(Some(EmbeddingEndpoint {
        identity: options.identity(),
        prefix: options.passage_prefix,
        host,
        is_remote: !is_loopback,
        name: options.model,
    }))
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

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::Environment;

    fn settings(variables: &[(&str, &str)], overrides: &[&str]) -> Settings {
        let home = [("TWIN_HOME", "/nowhere"), ("HOME", "/nowhere")];
        let environment: Environment = home.iter().chain(variables).copied().collect();
        let overrides: Vec<String> = overrides.iter().map(ToString::to_string).collect();
        Settings::load_without_files(environment, Path::new("/nowhere"), &overrides).unwrap()
    }

    /// Faults 87 and 88: another model of the same dimension; another dimension.
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
