//! Embeddings from a server: any that speaks OpenAI's wire format, and Ollama.
//!
//! The caller is blocked; the runtime that waits on the socket is kept inside. Retries, waits and
//! the size of an answer are bounded, and a redirect is never followed, so that neither a key nor a
//! note reaches a host that the user did not name.

use std::{
    hash::{BuildHasher, RandomState},
    time::Duration,
};

use reqwest::{Client, Response, StatusCode, header::RETRY_AFTER};
use tokio::runtime::Runtime;

use super::{
    arithmetic::normalize,
    wire::{self, Wire},
};
use crate::{
    backends::{endpoint::Endpoint, secret::Secret},
    error::{Context, Error, Exit, Result},
    services::{Destination, Embedder, Role},
};

/// What is needed to talk to a server that embeds.
#[derive(Clone, Debug)]
pub struct HttpEmbedderOptions {
    /// How the server is spoken to.
    pub wire: Wire,
    /// The server's address, with `/v1` for OpenAI's wire format and without a path for Ollama.
    pub base_url: String,
    /// The model, as the server names it.
    pub model: String,
    /// The number of components; asked of the server with one word when it is not known.
    pub dimension: Option<usize>,
    /// The key, when the server wants one.
    pub key: Option<Secret>,
    /// What is put before a query; some models want a prefix.
    pub query_prefix: String,
    /// What is put before a passage.
    pub passage_prefix: String,
    /// The most texts of one request.
    pub batch_texts_max: usize,
    /// How long a connection may take.
    pub connect_timeout_ms: u64,
    /// How long a request may take, its answer included.
    pub request_timeout_ms: u64,
}

impl HttpEmbedderOptions {
    /// A server without a key, and the usual limits.
    #[must_use]
    pub fn new(wire: Wire, base_url: &str, model: &str) -> Self {
        Self {
            wire,
            base_url: base_url.to_owned(),
            model: model.to_owned(),
            dimension: None,
            key: None,
            query_prefix: String::new(),
            passage_prefix: String::new(),
            batch_texts_max: 64,
            connect_timeout_ms: 10_000,
            request_timeout_ms: 120_000,
        }
    }

    /// What the model is called in an index.
    #[must_use]
    pub fn identity(&self) -> String {
        match self.passage_prefix.as_str() {
            "" => format!("http:{}", self.model),
            prefix => format!("http:{} with {prefix:?}", self.model),
        }
    }
}

/// A server that embeds.
#[derive(Debug)]
pub struct HttpEmbedder {
    options: HttpEmbedderOptions,
    identity: String,
    dimension: usize,
    address: String,
    endpoint: Endpoint,
    client: Client,
    runtime: Runtime,
}

impl HttpEmbedder {
    /// Prepares to talk to a server; only a dimension that is not known is asked for.
    ///
    /// # Errors
    /// When the address is none, when a key would travel in the clear, or when the server was asked
    /// and did not answer.
    pub fn connect(options: HttpEmbedderOptions) -> Result<Self> {
        let address = wire::address(options.wire, &options.base_url, options.key.is_some())?;
        let endpoint = Endpoint::at(&address)?;
        let client = endpoint.client(Duration::from_millis(options.connect_timeout_ms), None)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .context(|| "start a runtime".to_owned())?;
        let identity = options.identity();
        let dimension = options.dimension.unwrap_or(0);
        let mut embedder =
            Self { options, identity, dimension, address, endpoint, client, runtime };
        if embedder.dimension == 0 {
            let vectors = embedder.runtime.block_on(embedder.request(&["dimension".to_owned()]))?;
            embedder.dimension = vectors.first().map_or(0, Vec::len);
        }
        Ok(embedder)
    }

    /// One request, tried again when the server is busy.
    async fn request(&self, texts: &[String]) -> Result<Vec<Vec<f32>>> {
        let body = wire::request(self.options.wire, &self.options.model, texts);
        let mut attempt = 0;
        loop {
            let limit = Duration::from_millis(self.options.request_timeout_ms);
            let mut request = self.client.post(&self.address).timeout(limit).json(&body);
            if let Some(key) = &self.options.key {
                request = request.bearer_auth(key.expose());
            }
            let response = request.send().await.map_err(|error| self.unreachable(&error))?;
            let status = response.status();
            if status.is_success() {
                let bytes = self.read(response).await?;
                return wire::vectors(self.options.wire, &bytes)
                    .map_err(|reason| self.failure(Exit::Failed, &reason));
            }
            let wait = retry_wait(&response, attempt);
            let text = self.read(response).await.unwrap_or_default();
            let reason = wire::reason(&text);
            let again = is_busy(status) && !wire::is_out_of_quota(&text);
            if !again || attempt == RETRIES_MAX {
                return Err(self.refusal(status, &reason));
            }
            tokio::time::sleep(wait).await;
            attempt += 1;
        }
    }

    async fn read(&self, mut response: Response) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.unreachable(&error))? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > ANSWER_BYTES_MAX {
                return Err(self.failure(Exit::Failed, "the answer is too long"));
            }
        }
        Ok(bytes)
    }

    fn refusal(&self, status: StatusCode, reason: &str) -> Error {
        // The server may repeat the key, or parts of a wrong one.
        let is_of_the_key = matches!(status.as_u16(), 401 | 403);
        let reason = match &self.options.key {
            Some(_) if is_of_the_key => String::new(),
            Some(key) => reason.replace(key.expose(), "…"),
            None => reason.to_owned(),
        };
        let message = format!("{status}{}{reason}", if reason.is_empty() { "" } else { ": " });
        match status.as_u16() {
            401 | 403 => self
                .failure(Exit::Failed, &message)
                .hint("check the key that is set for the embeddings server"),
            402 | 429 => self
                .failure(Exit::OverBudget, &message)
                .hint("wait, or look at the quota that the server grants"),
            404 => self
                .failure(Exit::Failed, &message)
                .hint(wire::missing_model_hint(self.options.wire, &self.options.model)),
            300..=399 => self
                .failure(Exit::Failed, &message)
                .hint("redirects are not followed: give the address that it leads to"),
            500.. => self.failure(Exit::Unreachable, &message),
            _ => self.failure(Exit::Failed, &message),
        }
    }

    fn unreachable(&self, error: &reqwest::Error) -> Error {
        let mut reason = "no answer".to_owned();
        let mut source = std::error::Error::source(error);
        while let Some(cause) = source {
            reason = format!("{reason}: {cause}");
            source = cause.source();
        }
        if error.is_timeout() {
            "no answer in time".clone_into(&mut reason);
        }
        self.failure(Exit::Unreachable, &reason)
            .hint("check that the embeddings server runs, and its address")
    }

    fn failure(&self, exit: Exit, reason: &str) -> Error {
        Error::new(exit, format!("embeddings from {}: {reason}", self.address))
    }

    fn check(&self, vectors: &mut [Vec<f32>], texts: usize) -> Result<()> {
        if vectors.len() != texts {
            let reason = format!("{} vectors for {texts} texts", vectors.len());
            return Err(self.failure(Exit::Failed, &reason));
        }
        for vector in vectors {
            if vector.len() != self.dimension {
                let reason = format!(
                    "a vector of {} components instead of {}",
                    vector.len(),
                    self.dimension
                );
                return Err(self.failure(Exit::OtherIndex, &reason));
            }
            if !normalize(vector) {
                return Err(self.failure(Exit::Failed, "a vector is zero or infinite"));
            }
        }
        Ok(())
    }
}

impl Embedder for HttpEmbedder {
    fn identity(&self) -> &str {
        &self.identity
    }

    fn dimension(&self) -> usize {
        self.dimension
    }

    fn destination(&self) -> Destination<'_> {
        Destination { host: Some(&self.endpoint.host), is_remote: !self.endpoint.is_loopback }
    }

    fn embed(&self, role: Role, texts: &[&str]) -> Result<Vec<Vec<f32>>> {
        let prefix = match role {
            Role::Passage => &self.options.passage_prefix,
            Role::Query => &self.options.query_prefix,
        };
        let texts: Vec<String> = texts.iter().map(|text| format!("{prefix}{text}")).collect();
        let mut all = Vec::with_capacity(texts.len());
        for batch in texts.chunks(self.options.batch_texts_max.max(1)) {
            let mut vectors = self.runtime.block_on(self.request(batch))?;
            self.check(&mut vectors, batch.len())?;
            all.append(&mut vectors);
        }
        Ok(all)
    }
}

const RETRIES_MAX: u32 = 2;
const ANSWER_BYTES_MAX: usize = 256 << 20;
const RETRY_AFTER_S_MAX: u64 = 30;
const RETRY_MS: u64 = 500;

fn is_busy(status: StatusCode) -> bool {
    status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS
}

/// What the server asks for, up to a limit; else twice as long each time, with jitter.
fn retry_wait(response: &Response, attempt: u32) -> Duration {
    let header = response.headers().get(RETRY_AFTER);
    let asked = header.and_then(|value| value.to_str().ok()?.trim().parse::<u64>().ok());
    if let Some(seconds) = asked {
        return Duration::from_secs(seconds.min(RETRY_AFTER_S_MAX));
    }
    let wait_ms = RETRY_MS << attempt;
    let jitter_ms = RandomState::new().hash_one(attempt) % (wait_ms / 2 + 1);
    Duration::from_millis(wait_ms + jitter_ms)
}
