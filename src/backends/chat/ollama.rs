//! Whether an Ollama runs on this machine, so that it can be named to the user.

use std::time::Duration;

use serde::Deserialize;
use tokio::time::timeout;

use crate::{backends::endpoint::Endpoint, error::Result};

use super::{
    settings::{ChatSettings, Deadlines, Provider},
    transport,
};

/// Where Ollama answers unless it is told otherwise.
pub const OLLAMA: &str = "http://127.0.0.1:11434";

/// How long it is looked for.
const DEADLINE: Duration = Duration::from_millis(200);

/// The most bytes that its list of models may have.
const LIST_BYTES_MAX: usize = 1024 * 1024;

/// An Ollama that answers.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Ollama {
    /// The base url to give to [`ChatSettings`].
    pub base_url: String,
    /// The models that can hold a conversation, the one used last first.
    pub models: Vec<String>,
}

/// Looks whether Ollama answers at this address, for a fifth of a second; none when it does not.
///
/// Only this machine is ever asked.
#[must_use]
pub fn find_ollama(address: &str) -> Option<Ollama> {
    let endpoint = endpoint(address).ok().filter(|endpoint| endpoint.is_loopback)?;
    let client = endpoint.client(DEADLINE, None).ok()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
    let list = runtime.block_on(async {
        let read = async {
            let mut response = client.get(endpoint.url).send().await.ok()?;
            let mut body = Vec::new();
            while let Some(bytes) = response.chunk().await.ok()? {
                body.extend_from_slice(&bytes);
                if body.len() > LIST_BYTES_MAX {
                    return None;
                }
            }
            serde_json::from_slice::<List>(&body).ok()
        };
        timeout(DEADLINE, read).await.ok().flatten()
    });
    runtime.shutdown_background();
    let models = list?.models.into_iter().filter(Listed::can_chat).map(|listed| listed.name);
    let base_url = format!("{}/v1", address.trim_end_matches('/'));
    Some(Ollama { base_url, models: models.collect() })
}

fn endpoint(address: &str) -> Result<Endpoint> {
    let settings = ChatSettings {
        provider: Provider::OpenAi,
        base_url: address.to_owned(),
        model: String::new(),
        api_key: None,
        key_variable: String::new(),
        temperature: None,
        proxy: None,
        deadlines: Deadlines::default(),
    };
    transport::endpoint(&settings, "/api/tags")
}

#[derive(Deserialize)]
struct List {
    models: Vec<Listed>,
}

#[derive(Deserialize)]
struct Listed {
    name: String,
    #[serde(default)]
    details: Details,
}

#[derive(Default, Deserialize)]
struct Details {
    #[serde(default)]
    family: String,
}

impl Listed {
    /// Embedding models are listed too; they are of the BERT family.
    fn can_chat(&self) -> bool {
        !self.details.family.contains("bert")
    }
}
