//! The settings, typed. What each is for stands in `config.toml`.

use std::{num::NonZeroU32, path::PathBuf, time::Duration};

use jiff::civil::Weekday;
use serde::Deserialize;

use super::Link;
use super::values::{
    Color, EmbeddingApi, EmbeddingModel, Hemisphere, ModelSize, Provider, RerankApi,
    RerankProvider, date_format, path_unless_empty, seconds, unless_auto, unless_empty,
    unless_zero, weekday,
};
use crate::logbook::{DateFormat, Language};

/// Every setting, one field a section.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// What is read, and how its dates are understood.
    pub logbook: Logbook,
    /// How entries are cut.
    pub chunk: Chunking,
    /// What turns text into vectors.
    pub embedding: Embedding,
    /// Where the index is.
    pub qdrant: Qdrant,
    /// How passages are found.
    pub search: Search,
    /// What puts the best of them in order once more.
    pub rerank: Reranking,
    /// What writes answers.
    pub llm: LanguageModel,
    /// What may leave the machine.
    pub privacy: Privacy,
    /// What recaps may cost.
    pub recap: Recap,
    /// How answers sound.
    pub answer: Answer,
    /// How time is counted.
    pub time: Time,
    /// What the terminal shows.
    pub output: Output,
}

/// What is read, and how its dates are understood.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Logbook {
    /// The folders of notes, absolute.
    pub folders: Vec<PathBuf>,
    /// The largest note that is read, in mebibytes.
    pub size_max_mib: u64,
    /// Whether the day comes first in `02/03/2020`; none to find out.
    #[serde(deserialize_with = "unless_auto")]
    pub day_first: Option<bool>,
    /// The format of the times in jrnl's headers, beside the usual ones.
    #[serde(deserialize_with = "date_format")]
    pub jrnl_timeformat: Option<DateFormat>,
    /// Whether the git history may date a note; none for when there is one.
    #[serde(deserialize_with = "unless_auto")]
    pub git: Option<bool>,
    /// Whether the time of its file may date a note.
    pub modified_time: bool,
    /// The front matter that may date a note, in order.
    pub front_matter_keys: Vec<String>,
}

/// How entries are cut into chunks.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Chunking {
    /// Pieces are put together up to this size.
    pub desired_characters: usize,
    /// A piece that is whole may have up to this size.
    pub max_characters: usize,
}

/// What turns text into vectors.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Embedding {
    /// The model.
    pub model: EmbeddingModel,
    /// The endpoint of [`EmbeddingModel::Http`].
    #[serde(deserialize_with = "unless_empty")]
    pub url: Option<String>,
    /// The name that the endpoint knows its model by.
    #[serde(deserialize_with = "unless_empty")]
    pub name: Option<String>,
    /// The number of components of the endpoint's vectors; none to ask it.
    #[serde(deserialize_with = "unless_zero")]
    pub dimension: Option<usize>,
    /// What the endpoint speaks.
    pub api: EmbeddingApi,
    /// The environment variable with the endpoint's key.
    #[serde(deserialize_with = "unless_empty")]
    pub key_variable: Option<String>,
    /// What is put before a question; none for what the model asks for.
    #[serde(deserialize_with = "unless_auto")]
    pub query_prefix: Option<String>,
    /// What is put before a passage; none for what the model asks for.
    #[serde(deserialize_with = "unless_auto")]
    pub passage_prefix: Option<String>,
    /// The price of a million tokens that the endpoint embeds; 0 when it is not known.
    pub price_per_million: f64,
    /// A folder with the models' wheels, absolute.
    #[serde(deserialize_with = "path_unless_empty")]
    pub models_from: Option<PathBuf>,
}

/// Where the index is.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Qdrant {
    /// The server; none for an index in this process.
    #[serde(deserialize_with = "unless_empty")]
    pub url: Option<String>,
    /// The collection, and the folder of an index in this process.
    pub collection: String,
    /// Into how many shards a server splits the collection.
    pub shard_number: NonZeroU32,
    /// On how many nodes each shard stands.
    pub replication_factor: NonZeroU32,
    /// Whether a server keeps vectors on the disk.
    pub on_disk: bool,
    /// How long a server may take for one request.
    #[serde(rename = "timeout_seconds", deserialize_with = "seconds")]
    pub timeout: Duration,
}

impl Qdrant {
    /// The environment variable with the server's key.
    pub const KEY_VARIABLE: &'static str = "QDRANT_API_KEY";
}

/// How passages are found.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Search {
    /// How much the nearest meaning counts beside the most telling words.
    pub dense_weight: f32,
    /// How many chunks each of the two searches brings.
    pub limit: u64,
    /// How much it counts, beside the most telling words, that a passage lies in the period.
    pub period_weight: f32,
    /// How many days beyond its period a question for a fact looks.
    pub edge_days: i32,
    /// Whether a model is asked for other words for what a question asks about.
    pub ask_model: bool,
}

/// What puts the best passages in order once more.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Reranking {
    /// Whether, and where.
    pub provider: RerankProvider,
    /// The model: a published one in this process, or a name that the endpoint knows.
    pub model: String,
    /// Where the endpoint's paths begin.
    #[serde(deserialize_with = "unless_empty")]
    pub url: Option<String>,
    /// What the endpoint speaks.
    pub api: RerankApi,
    /// The environment variable with the endpoint's key.
    #[serde(deserialize_with = "unless_empty")]
    pub key_variable: Option<String>,
    /// How many passages are read.
    pub top: usize,
    /// How long that may take.
    #[serde(rename = "timeout_seconds", deserialize_with = "seconds")]
    pub timeout: Duration,
}

/// What writes answers.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct LanguageModel {
    /// Who answers.
    pub provider: Provider,
    /// Where a model server is looked for on this machine.
    pub local_servers: Vec<String>,
    /// Where the endpoint's paths begin; none for the provider's own.
    #[serde(deserialize_with = "unless_empty")]
    pub url: Option<String>,
    /// The model; empty for the provider's own choice.
    pub model: String,
    /// The environment variable with the key, where one is named.
    #[serde(deserialize_with = "unless_empty")]
    pub key_variable: Option<String>,
    /// How much can be asked at once; none to go by the model's name.
    #[serde(deserialize_with = "unless_auto")]
    pub size: Option<ModelSize>,
    /// How freely words are chosen; none to leave it to the endpoint.
    #[serde(deserialize_with = "unless_auto")]
    pub temperature: Option<f32>,
    /// The size of the model's context.
    pub context_tokens: u32,
    /// The longest answer.
    pub answer_tokens: u32,
    /// How many parts of a recap are asked for at the same time.
    pub map_concurrency: usize,
    /// The price of a million tokens that the model reads; 0 when it is not known.
    pub price_input_per_million: f64,
    /// The price of a million tokens that the model writes; 0 when it is not known.
    pub price_output_per_million: f64,
    /// Where requests are written to, absolute.
    #[serde(deserialize_with = "path_unless_empty")]
    pub log: Option<PathBuf>,
    /// How long is waited for the connection.
    #[serde(rename = "connect_seconds", deserialize_with = "seconds")]
    pub connect: Duration,
    /// How long is waited for the first word.
    #[serde(rename = "first_token_seconds", deserialize_with = "seconds")]
    pub first_token: Duration,
    /// How long is waited for the next word.
    #[serde(rename = "idle_seconds", deserialize_with = "seconds")]
    pub idle: Duration,
    /// How long is waited for the whole answer.
    #[serde(rename = "total_seconds", deserialize_with = "seconds")]
    pub total: Duration,
}

/// What may leave the machine.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Privacy {
    /// Whether no connection is made at all.
    pub offline: bool,
    /// Tags of entries that go to no other machine.
    pub local_only_tags: Vec<String>,
    /// Paths of notes that go to no other machine.
    pub local_only_paths: Vec<String>,
    /// Tags of entries that go to no endpoint.
    pub never_tags: Vec<String>,
    /// Paths of notes that go to no endpoint.
    pub never_paths: Vec<String>,
    /// Whether secrets are masked in what goes to another machine.
    pub mask_secrets: bool,
}

/// What recaps may cost.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Recap {
    /// What one run may spend without being told to; 0 for no limit.
    pub budget: f64,
}

/// How answers sound.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// Whether answers speak as the author of the notes.
    pub persona: bool,
    /// Their language; none for that of the question.
    #[serde(deserialize_with = "unless_auto")]
    pub language: Option<Language>,
}

/// How time is counted.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Time {
    /// The day that a week starts on.
    #[serde(deserialize_with = "weekday")]
    pub week_start: Weekday,
    /// Where the seasons are those of.
    pub hemisphere: Hemisphere,
    /// Whether a model is asked about a time that was not understood.
    pub ask_model: bool,
    /// How long it is waited for.
    #[serde(rename = "ask_seconds", deserialize_with = "seconds")]
    pub ask_wait: Duration,
}

/// What the terminal shows.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Output {
    /// When there is colour.
    pub color: Color,
    /// Where sources link to.
    pub link: Link,
}
