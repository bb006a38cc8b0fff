//! What ingest, ask and recap need from outside, and what the backends provide.
//!
//! Every service blocks its caller; a backend that waits on sockets keeps its runtime to itself.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    error::{Error, Result},
    logbook::{Language, Lines, Precision, Source, Span, Weekdays},
};

/// Where a text goes to be read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Destination<'a> {
    /// The host; none when it stays in this process.
    pub host: Option<&'a str>,
    /// Whether that is another machine.
    pub is_remote: bool,
}

impl Destination<'_> {
    /// Nowhere else.
    pub const THIS_PROCESS: Self = Self { host: None, is_remote: false };
}

/// Turns texts into vectors of unit length.
pub trait Embedder: Send + Sync {
    /// The model and its version; vectors of two identities are never mixed.
    fn identity(&self) -> &str;

    /// The number of components of each vector.
    fn dimension(&self) -> usize;

    /// Where the texts go.
    fn destination(&self) -> Destination<'_>;

    /// One vector a text, in order.
    ///
    /// # Errors
    /// When the model can't be reached, or gives back another number of vectors or components.
    fn embed(&self, role: Role, texts: &[&str]) -> Result<Vec<Vec<f32>>>;
}

/// Judges how well texts answer a question, reading both together.
pub trait Reranker: Send + Sync {
    /// The model, as its provider names it.
    fn model(&self) -> &str;

    /// Where the texts go.
    fn destination(&self) -> Destination<'_>;

    /// One score a text, in order; the larger one fits better.
    ///
    /// # Errors
    /// When the model can't be reached, or is not done in the time that it was given.
    fn scores(&self, question: &str, texts: &[&str]) -> Result<Vec<f32>>;
}

/// What a text is embedded for; some models tell the two apart.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Role {
    /// A text to be found.
    Passage,
    /// A text to find by.
    Query,
}

/// The Qdrant collection of a logbook, embedded or on a server.
pub trait Index {
    /// Stores points, in place of those with the same ids, and waits until they can be found.
    ///
    /// # Errors
    /// When the points can't be stored.
    fn upsert(&mut self, points: &[Point]) -> Result<()>;

    /// Removes points; ids that are not there are no error.
    ///
    /// # Errors
    /// When the points can't be removed.
    fn delete(&mut self, ids: &[Uuid]) -> Result<()>;

    /// Brings everything so far to the disk.
    ///
    /// # Errors
    /// When that can't be confirmed.
    fn flush(&mut self) -> Result<()>;

    /// What the index still had to do when the last flush had waited for it long enough.
    fn unfinished(&self) -> Option<&str> {
        None
    }

    /// Rewrites what many writes have left scattered, so that it is quick to open and to search, and
    /// forgets what was deleted.
    ///
    /// # Errors
    /// When the files can't be written.
    fn compact(&mut self) -> Result<()>;

    /// The best points of one search with their scores, best first, equal scores by id.
    ///
    /// # Errors
    /// When the search can't be run.
    fn search(&self, search: &Search) -> Result<Vec<(Uuid, f32)>>;

    /// What is stored of these points; those that are not there are left out.
    ///
    /// # Errors
    /// When the points can't be read.
    fn payloads(&self, ids: &[Uuid]) -> Result<Vec<(Uuid, Payload)>>;

    /// These points whole, with their vectors; those that are not there are left out.
    ///
    /// # Errors
    /// When the points can't be read.
    fn points(&self, ids: &[Uuid]) -> Result<Vec<Point>>;

    /// The id of every point, in no order.
    ///
    /// # Errors
    /// When the points can't be read.
    fn ids(&self) -> Result<Vec<Uuid>>;

    /// Every point that passes the filter, in no order.
    ///
    /// # Errors
    /// When the points can't be read.
    fn scroll(&self, filter: &Filter) -> Result<Vec<(Uuid, Payload)>>;

    /// How many points pass the filter, exactly.
    ///
    /// # Errors
    /// When the points can't be counted.
    fn count(&self, filter: &Filter) -> Result<u64>;
}

/// Opens the index; it is held, and with it its lock, for as long as it is in use.
pub type OpenIndex<'a> = dyn Fn() -> Result<Box<dyn Index>> + 'a;

/// A vector with few components that are not zero: term hashes and their weights.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct SparseVector {
    /// The terms, ascending.
    pub indices: Vec<u32>,
    /// A weight a term.
    pub values: Vec<f32>,
}

/// A chunk as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// Made from the note's path and content and from the chunk's place: the same for the same.
    pub id: Uuid,
    /// The embedding; none when the index has no model.
    pub dense: Option<Vec<f32>>,
    /// BM25 term weights; the engine multiplies them by the inverse document frequency.
    pub sparse: SparseVector,
    /// What is given back with it.
    pub payload: Payload,
}

/// What is stored beside the vectors of a chunk.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Payload {
    /// The chunk's text as it stands in the note.
    pub text: String,
    /// The note's title and the headings above the chunk, outermost first.
    pub breadcrumb: Vec<String>,
    /// The name of the logbook folder that the note lies in.
    pub root: String,
    /// The note's path below that folder.
    pub path: String,
    /// The BLAKE3 hash of the note as it was read; a point is valid while the state names it.
    pub version: String,
    /// Which entry of the note, from zero.
    pub entry: u32,
    /// Which chunk of the note, from zero; several may share a line.
    pub chunk: u32,
    /// What the entry is called.
    pub title: String,
    /// The chunk's lines.
    #[serde(flatten)]
    pub lines: PayloadLines,
    /// The entry's lines, first and last.
    pub entry_lines: Lines,
    /// The entry's first day since 1970-01-01; none when it is undated.
    pub span_start: Option<i32>,
    /// The day after the entry's last; none when it is undated.
    pub span_end: Option<i32>,
    /// The weekday by its name, where the span is one day.
    pub weekday: Option<String>,
    /// How exactly the span was given.
    pub precision: Option<Precision>,
    /// What the span was read from.
    pub provenance: Option<Source>,
    /// The entry's tags, lowercase.
    pub tags: Vec<String>,
    /// The dates that the chunk mentions, by year, month and day.
    pub mentions: Vec<String>,
    /// The chunk's language.
    pub language: Language,
}

/// The lines of a chunk under the names that the index has for them.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct PayloadLines {
    /// The first line, from one.
    #[serde(rename = "line_start")]
    pub first: u32,
    /// The last line, included.
    #[serde(rename = "line_end")]
    pub last: u32,
}

impl Payload {
    /// What stands over the chunk, and its text.
    #[must_use]
    pub fn whole_text(&self) -> String {
        format!("{} {}", self.breadcrumb.join(" "), self.text)
    }

    /// The days of the entry; none when it is undated.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        Span::from_numbers(self.span_start?, self.span_end?)
    }
}

/// Which points a search or a scroll may give back.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Filter {
    /// Points whose span overlaps any of these; all when there are none.
    pub spans: Vec<Span>,
    /// Points whose span overlaps none of these.
    pub without: Vec<Span>,
    /// Points of one day that is one of these; all when there are none.
    pub weekdays: Weekdays,
    /// Points with every one of these tags.
    pub tags: Vec<String>,
    /// Points that mention any of these dates; all when there are none.
    pub mentions: Vec<String>,
    /// Points of a note whose path is one of these, as (root, path); all when there are none.
    pub notes: Vec<(String, String)>,
}

/// One search: by what, and what may be found.
#[derive(Clone, Debug)]
pub struct Search {
    /// What is looked for.
    pub query: Query,
    /// What may be found; applied inside the search.
    pub filter: Filter,
    /// How many points are given back.
    pub limit: u64,
}

/// What a search looks for.
#[derive(Clone, Debug)]
pub enum Query {
    /// The nearest embeddings; the score is the cosine.
    Dense(Vec<f32>),
    /// The most of these terms; the score is that of BM25.
    Sparse(SparseVector),
}

/// A language model that answers.
pub trait Chat: Send + Sync {
    /// The model, as its provider names it.
    fn model(&self) -> &str;

    /// The host that the text goes to.
    fn host(&self) -> &str;

    /// Whether that host is another machine.
    fn is_remote(&self) -> bool;

    /// Whether an answer can be bound to a JSON schema.
    fn takes_schema(&self) -> bool {
        false
    }

    /// Asks, and gives each piece of the answer to `on_text` as it comes.
    ///
    /// # Errors
    /// When there is no whole answer; what came until then was given to `on_text`.
    fn complete(&self, request: &ChatRequest, on_text: &mut dyn FnMut(&str)) -> Result<Completion>;
}

/// The cause of an error that only a shorter request can avoid: it is longer than the model reads.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ContextOverflow {
    /// How the provider puts it.
    pub says: String,
}

impl ContextOverflow {
    /// Whether this is why the error came up.
    #[must_use]
    pub fn caused(error: &Error) -> bool {
        std::error::Error::source(error).is_some_and(<dyn std::error::Error>::is::<Self>)
    }
}

impl fmt::Display for ContextOverflow {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.says)
    }
}

impl std::error::Error for ContextOverflow {}

/// What is asked of a language model.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct ChatRequest {
    /// The rules.
    pub system: String,
    /// The turns so far, the last one the user's.
    pub messages: Vec<Message>,
    /// The most tokens that the answer may have.
    pub tokens_max: u32,
    /// The JSON schema that the answer is bound to, where the endpoint can do that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<serde_json::Value>,
}

/// One turn of a conversation.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Message {
    /// Who speaks.
    pub role: Speaker,
    /// What is said.
    pub content: String,
}

/// Who speaks in a conversation.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Speaker {
    /// The person who asks.
    User,
    /// The model.
    Assistant,
}

/// A language model's whole answer.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Completion {
    /// The answer.
    pub text: String,
    /// Whether it was cut off at the limit of tokens.
    pub cut_off: bool,
    /// Tokens read and written, where the provider says so.
    pub tokens: Option<Tokens>,
}

/// What an answer used.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Tokens {
    /// Read by the model.
    pub input: u64,
    /// Written by the model.
    pub output: u64,
}

/// The tokens of a text, in `cl100k_base`.
pub(crate) fn count_tokens(text: &str) -> usize {
    tiktoken_rs::cl100k_base_singleton().encode_ordinary(text).len()
}
