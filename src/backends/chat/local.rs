//! Which model servers run on this machine, found where they are by default.

use std::{
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use reqwest::Client;
use serde_json::Value;
use tokio::time::timeout;

use crate::backends::endpoint::Endpoint;

use super::profile::Provider;

/// How long a connection is waited for. Where nothing listens, this machine says so at once.
const CONNECT: Duration = Duration::from_millis(100);

/// How long what listens there may take to say what it is.
const ANSWER: Duration = Duration::from_millis(400);

/// The most bytes that a list of models may have.
const LIST_BYTES_MAX: usize = 1024 * 1024;

/// Parts of the names of models that hold no conversation.
const NO_CHAT: [&str; 4] = ["bert", "embed", "minilm", "rerank"];

/// A model server that answers.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LocalServer {
    /// What it is.
    pub provider: Provider,
    /// Where its paths begin.
    pub base_url: String,
    /// The models that can hold a conversation, never none; Ollama lists the one used last first.
    pub models: Vec<String>,
}

/// The first of some addresses at which Ollama or llama.cpp answers and has a model.
///
/// Only this machine is ever asked, and nothing but its list of models; what listens there and is
/// neither of the two is left alone.
#[must_use]
pub fn find_local(addresses: &[String]) -> Option<LocalServer> {
    addresses.iter().find_map(|address| found(address.trim_end_matches('/')))
}

fn found(address: &str) -> Option<LocalServer> {
    let endpoint = Endpoint::at(address).ok().filter(|endpoint| endpoint.is_loopback)?;
    // A socket alone is tried first: a client takes some milliseconds to be made.
    let sockets: Vec<SocketAddr> = endpoint.url.socket_addrs(|| None).ok()?;
    sockets.iter().find(|socket| TcpStream::connect_timeout(socket, CONNECT).is_ok())?;
    let client = endpoint.client(CONNECT, None).ok()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
    let asked = async { timeout(ANSWER, ask(&client, address)).await.ok().flatten() };
    let (provider, models) = runtime.block_on(asked)?;
    runtime.shutdown_background();
    let base_url = format!("{address}/v1");
    (!models.is_empty()).then_some(LocalServer { provider, base_url, models })
}

async fn ask(client: &Client, address: &str) -> Option<(Provider, Vec<String>)> {
    let list = list(client, &format!("{address}/api/tags")).await;
    if let Some(models) = list.as_ref().and_then(ollama_models) {
        return Some((Provider::Ollama, models));
    }
    let list = self::list(client, &format!("{address}/v1/models")).await;
    let models = list.as_ref().and_then(llama_models)?;
    Some((Provider::LlamaCpp, models))
}

async fn list(client: &Client, url: &str) -> Option<Value> {
    let mut response = client.get(url).send().await.ok()?;
    if !response.status().is_success() {
        return None;
    }
    let mut body = Vec::new();
    while let Some(bytes) = response.chunk().await.ok()? {
        body.extend_from_slice(&bytes);
        if body.len() > LIST_BYTES_MAX {
            return None;
        }
    }
    serde_json::from_slice(&body).ok()
}

/// The models of `/api/tags`. Source: Ollama's documentation, *List local models*.
fn ollama_models(list: &Value) -> Option<Vec<String>> {
    let models = list.get("models")?.as_array()?.iter().filter_map(|model| {
        let name = model["name"].as_str()?;
        let family = model["details"]["family"].as_str().unwrap_or_default();
        (can_chat(name) && can_chat(family)).then(|| name.to_owned())
    });
    Some(models.collect())
}

/// The models of `/v1/models` where llama.cpp says that it has them; many other programs listen on
/// its port. Source: llama.cpp, `tools/server/README.md`.
fn llama_models(list: &Value) -> Option<Vec<String>> {
    let listed = list.get("data")?.as_array()?;
    let is_llama = listed.iter().any(|model| model["owned_by"] == "llamacpp");
    is_llama.then(|| chat_models(list))
}

/// The models of a list, as `OpenAI` has it, that can hold a conversation.
pub(super) fn chat_models(list: &Value) -> Vec<String> {
    let listed = list["data"].as_array().into_iter().flatten();
    let names = listed.filter_map(|model| model["id"].as_str());
    names.filter(|name| can_chat(name)).map(str::to_owned).collect()
}

fn can_chat(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    !NO_CHAT.iter().any(|part| name.contains(part))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn models_that_hold_no_conversation_are_passed_over() {
        let tags = json!({"models": [
            {"name": "nomic-embed-text:latest", "details": {"family": "nomic-bert"}},
            {"name": "snow", "details": {"family": "bert"}},
            {"name": "qwen3:4b", "details": {"family": "qwen3"}},
            {"name": "tiny"},
        ]});
        assert_eq!(ollama_models(&tags).unwrap(), ["qwen3:4b", "tiny"]);
        assert_eq!(ollama_models(&json!({"data": []})), None);
    }

    #[test]
    fn another_program_on_the_port_of_llama_is_told_from_it() {
        let list = |owner| json!({"data": [{"id": "m.gguf", "owned_by": owner}]});
        assert_eq!(llama_models(&list("llamacpp")).unwrap(), ["m.gguf"]);
        assert_eq!(llama_models(&list("library")), None);
        assert_eq!(llama_models(&json!({})), None);
    }
}
