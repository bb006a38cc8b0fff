//! From settings to models; with `indexes` beside it, nothing else names a backend.

#[cfg(feature = "local-embed")]
use super::local_models;
#[cfg(not(feature = "local-embed"))]
use super::no_local_models as local_models;
use super::privacy::online;

use crate::{
    backends::{
        Secret,
        chat::{self, ChatModel, ChatSettings, Deadlines, Listed},
        embed::{HttpEmbedder, HttpEmbedderOptions, Wire},
        host,
    },
    config::{Config, EmbeddingApi, EmbeddingModel, Provider, RerankProvider, Settings},
    error::{Error, Result},
    services::{Chat, Embedder},
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
    let Config { embedding, llm, qdrant, rerank, .. } = &settings.config;
    let provider = chat_provider(settings).map(chat::Provider::base_url);
    let chat = llm.url.as_deref().filter(|_| llm.provider != Provider::None).or(provider);
    let urls = [
        chat,
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

/// Makes sure that there is a key where one is surely needed: at a provider's own address.
pub(super) fn check_key(settings: &Settings) -> Result<()> {
    let llm = &settings.config.llm;
    if llm.provider == Provider::None || llm.url.is_some() {
        return Ok(());
    }
    let Some(variable) = llm.key_variable() else { return Ok(()) };
    if settings.key(variable).is_some() {
        return Ok(());
    }
    Err(Error::usage(format!("{variable} is not set")).hint(
        "set it to your key, name another variable in llm.key_variable, or do without a model: \
         --no-llm",
    ))
}

/// The language model of the settings; none when there is none.
pub(super) fn chat(settings: &Settings) -> Result<Option<Box<dyn Chat>>> {
    Ok(chat_model(settings)?.map(|model| Box::new(model) as Box<dyn Chat>))
}

/// Asks the endpoint of the language model for nothing but a sign of life; none when there is no
/// model.
///
/// # Errors
/// When it can't be reached, or refuses the key.
pub(super) fn probe_chat(settings: &Settings) -> Result<Option<(Box<dyn Chat>, Listed)>> {
    check_key(settings)?;
    let Some(model) = chat_model(settings)? else { return Ok(None) };
    let listed = model.probe()?;
    Ok(Some((Box::new(model), listed)))
}

fn chat_provider(settings: &Settings) -> Option<chat::Provider> {
    match settings.config.llm.provider {
        Provider::None => None,
        Provider::OpenAi => Some(chat::Provider::OpenAi),
        Provider::Anthropic => Some(chat::Provider::Anthropic),
    }
}

fn chat_model(settings: &Settings) -> Result<Option<ChatModel>> {
    let llm = &settings.config.llm;
    let Some(provider) = chat_provider(settings) else { return Ok(None) };
    online(settings, "the model of llm.url", "answer without it: --no-llm")?;
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
    Ok(Some(model))
}

/// The models of an Ollama on this machine, where one answers.
pub(super) fn local_models(settings: &Settings) -> Option<String> {
    if settings.config.privacy.offline {
        return None;
    }
    let ollama = chat::find_ollama(chat::OLLAMA)?;
    Some(ollama.models.join(", ")).filter(|models| !models.is_empty())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::{config::Environment, error::Exit};

    fn settings(variables: &[(&str, &str)], overrides: &[&str]) -> Settings {
        let home = [("TWIN_HOME", "/nowhere"), ("HOME", "/nowhere")];
        let environment: Environment = home.iter().chain(variables).copied().collect();
        let overrides: Vec<String> = overrides.iter().map(ToString::to_string).collect();
        Settings::load_without_files(environment, Path::new("/nowhere"), &overrides).unwrap()
    }

    #[test]
    fn a_key_that_is_surely_needed_is_missed_before_anything_is_sent() {
        let own = ["llm.provider=anthropic", "llm.model=m"];
        let error = check_key(&settings(&[], &own)).unwrap_err();
        assert_eq!(
            (error.to_string().as_str(), error.exit()),
            ("ANTHROPIC_API_KEY is not set", Exit::Usage)
        );
        assert!(error.remedy().unwrap().contains("--no-llm"));
        assert!(check_key(&settings(&[("ANTHROPIC_API_KEY", "k")], &own)).is_ok());
        let named = [&own[..], &["llm.key_variable=MINE"]].concat();
        assert_eq!(check_key(&settings(&[], &named)).unwrap_err().to_string(), "MINE is not set");
        let elsewhere = [&own[..], &["llm.url=http://127.0.0.1:1"]].concat();
        assert!(check_key(&settings(&[], &elsewhere)).is_ok());
        assert!(check_key(&settings(&[], &[])).is_ok());
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
