//! What the values of settings are read into.

use std::{fmt, path::PathBuf, str::FromStr, time::Duration};

use jiff::civil::Weekday;
use serde::{Deserialize, Deserializer, de::Error as _};
use toml::Value;

use crate::{
    error::{Error, Result},
    logbook::{DateFormat, weekday_named},
};

/// What turns text into vectors.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum EmbeddingModel {
    /// The Universal Sentence Encoder, multilingual, in this process.
    UseMultilingual,
    /// Multilingual E5, small, in this process.
    E5Small,
    /// Any other in this process.
    Published(PublishedModel),
    /// An endpoint.
    Http,
    /// Nothing: search by words alone.
    None,
}

impl EmbeddingModel {
    const ALL: [(&'static str, Self); 4] = [
        ("use-multilingual", Self::UseMultilingual),
        ("e5-small", Self::E5Small),
        ("http", Self::Http),
        ("none", Self::None),
    ];
}

impl fmt::Display for EmbeddingModel {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Self::Published(model) = self {
            return model.fmt(formatter);
        }
        let name = Self::ALL.iter().find(|(_, model)| model == self).map(|(name, _)| *name);
        formatter.pad(name.unwrap_or_default())
    }
}

impl FromStr for EmbeddingModel {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        if let Some(model) = PublishedModel::named(text) {
            return Ok(Self::Published(model));
        }
        let found = Self::ALL.into_iter().find(|(name, _)| *name == text);
        found.map(|(_, model)| model).ok_or_else(|| {
            Error::usage(format!("no embedding model `{text}`")).hint(format!(
                "the models are {}; {PUBLISHED}",
                Self::ALL.map(|(name, _)| name).join(", ")
            ))
        })
    }
}

impl<'de> Deserialize<'de> for EmbeddingModel {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let names = Self::ALL.map(|(name, _)| name).join(", ");
        text.parse()
            .map_err(|_| D::Error::custom(format!("expected one of {names}, dir:… or hf:…")))
    }
}

/// A model as its authors publish it: a folder, or a name on the hub.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum PublishedModel {
    /// A folder.
    Folder(PathBuf),
    /// `OWNER/NAME`, perhaps with `@REVISION`.
    Hub(String),
}

/// How such a model is named.
pub const PUBLISHED: &str = "any other is a folder, dir:PATH, or one of the hub, hf:OWNER/NAME";

impl PublishedModel {
    /// The model that a text names; none when it names none of this kind.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        match text.strip_prefix("hf:") {
            Some(name) => Some(Self::Hub(name.to_owned())),
            None => folder_named(text).map(|folder| Self::Folder(PathBuf::from(folder))),
        }
    }
}

impl fmt::Display for PublishedModel {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => write!(formatter, "dir:{}", folder.display()),
            Self::Hub(name) => write!(formatter, "hf:{name}"),
        }
    }
}

/// The path in a text that names a folder with a model: behind `dir:`, or anything that can be told
/// from a name, since names have slashes too.
pub(super) fn folder_named(text: &str) -> Option<&str> {
    let is_path =
        ["/", "./", "../", "~/", ".\\", "..\\"].iter().any(|start| text.starts_with(start))
            || std::path::Path::new(text).is_absolute();
    text.strip_prefix("dir:").or(is_path.then_some(text))
}

/// What an embeddings endpoint speaks.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum EmbeddingApi {
    /// `/embeddings`, as `OpenAI` made it.
    OpenAi,
    /// `/api/embed`, as Ollama made it.
    Ollama,
}

/// What puts the best passages in order once more.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum RerankProvider {
    /// Nobody.
    None,
    /// A model in this process.
    Local,
    /// An endpoint.
    Http,
}

/// What an endpoint that reranks speaks.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum RerankApi {
    /// `/rerank`, as Cohere made it.
    #[serde(alias = "openai", alias = "jina", alias = "llama.cpp")]
    Cohere,
    /// `/rerank` of Text Embeddings Inference.
    Tei,
}

/// Who writes the answers.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    /// A server found on this machine, or the endpoint of the url.
    Auto,
    /// Nobody: answers are the passages themselves.
    None,
    /// `OpenAI`, or an endpoint that speaks like it.
    OpenAi,
    /// Anthropic.
    Anthropic,
    /// Ollama.
    Ollama,
    /// The server of llama.cpp.
    #[serde(alias = "llama.cpp")]
    LlamaCpp,
    /// vLLM.
    Vllm,
    /// LM Studio.
    #[serde(alias = "lm-studio")]
    LmStudio,
    /// Mistral.
    Mistral,
    /// Groq.
    Groq,
    /// `OpenRouter`.
    OpenRouter,
    /// Gemini's endpoint that speaks like `OpenAI`'s.
    Gemini,
}

/// How much can be asked of a model at once.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum ModelSize {
    /// Few passages, few rules.
    Small,
    /// As much as its context holds.
    Large,
}

/// The half of the earth whose seasons are meant.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum Hemisphere {
    /// Winter begins in December.
    North,
    /// Summer begins in December.
    South,
}

/// When there is colour.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum Color {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Reads a value, or the word `auto` for none.
pub(super) fn unless_auto<'de, D, T>(deserializer: D) -> std::result::Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: for<'any> Deserialize<'any>,
{
    let value = Value::deserialize(deserializer)?;
    if value.as_str() == Some("auto") {
        return Ok(None);
    }
    let read = T::deserialize(value);
    read.map(Some).map_err(|error| D::Error::custom(format!("{} or \"auto\"", error.message())))
}

/// Reads a text, or the empty one for none.
pub(super) fn unless_empty<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> std::result::Result<Option<String>, D::Error> {
    let text = String::deserialize(deserializer)?;
    Ok((!text.trim().is_empty()).then_some(text))
}

/// Reads a path, or the empty text for none.
pub(super) fn path_unless_empty<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> std::result::Result<Option<PathBuf>, D::Error> {
    Ok(unless_empty(deserializer)?.map(PathBuf::from))
}

/// Reads a number, or 0 for none.
pub(super) fn unless_zero<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> std::result::Result<Option<usize>, D::Error> {
    let number = usize::deserialize(deserializer)?;
    Ok((number > 0).then_some(number))
}

/// Reads a whole number of seconds, at least one.
pub(super) fn seconds<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> std::result::Result<Duration, D::Error> {
    match u32::deserialize(deserializer)? {
        0 => Err(D::Error::custom("expected a number of seconds above 0")),
        seconds => Ok(Duration::from_secs(seconds.into())),
    }
}

/// Reads a format of times, or the empty text for none.
pub(super) fn date_format<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> std::result::Result<Option<DateFormat>, D::Error> {
    let Some(format) = unless_empty(deserializer)? else { return Ok(None) };
    let read = DateFormat::strftime(&format).map(Some);
    read.ok_or_else(|| D::Error::custom("expected a time format, such as \"%Y-%m-%d %H:%M\""))
}

/// Reads the name of a weekday.
pub(super) fn weekday<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> std::result::Result<Weekday, D::Error> {
    let name = String::deserialize(deserializer)?;
    weekday_named(&name)
        .ok_or_else(|| D::Error::custom("expected the name of a weekday, such as \"monday\""))
}
