//! What is sent to a server that embeds, and what comes back.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    backends::endpoint::is_loopback,
    error::{Error, Result},
};

/// How a server is spoken to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Wire {
    /// OpenAI's `POST /embeddings`, which most servers know.
    OpenAi,
    /// Ollama's `POST /api/embed`.
    Ollama,
}

/// Where requests go. A key is never sent in the clear to another machine.
pub(super) fn address(wire: Wire, base_url: &str, has_key: bool) -> Result<String> {
    let url = reqwest::Url::parse(base_url)
        .map_err(|error| Error::usage(format!("the address {base_url:?}: {error}")))?;
    let is_plain = match url.scheme() {
        "https" => false,
        "http" => true,
        scheme => return Err(Error::usage(format!("the address {base_url:?} has {scheme}:"))),
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Error::usage("the address of the embeddings server has a password in it")
            .hint("give the key by itself"));
    }
    if is_plain && has_key && !is_loopback(&url) {
        return Err(Error::usage(format!("the key would travel in the clear to {base_url}"))
            .hint("use https://"));
    }
    let path = match wire {
        Wire::OpenAi => "embeddings",
        Wire::Ollama => "api/embed",
    };
    Ok(format!("{}/{path}", base_url.trim_end_matches('/')))
}

/// The body of a request.
pub(super) fn request(wire: Wire, model: &str, texts: &[String]) -> Value {
    match wire {
        Wire::OpenAi => json!({"model": model, "input": texts, "encoding_format": "float"}),
        // A text over the model's limit is an error and not a vector of its start.
        Wire::Ollama => json!({"model": model, "input": texts, "truncate": false}),
    }
}

#[derive(Deserialize)]
struct OpenAiAnswer {
    data: Vec<OpenAiVector>,
}

#[derive(Deserialize)]
struct OpenAiVector {
    #[serde(default)]
    index: usize,
    embedding: Vec<f32>,
}

#[derive(Deserialize)]
struct OllamaAnswer {
    embeddings: Vec<Vec<f32>>,
}

/// The vectors of an answer, in the order of the texts.
pub(super) fn vectors(wire: Wire, bytes: &[u8]) -> Result<Vec<Vec<f32>>, String> {
    let vectors = match wire {
        Wire::OpenAi => serde_json::from_slice(bytes).map(|mut answer: OpenAiAnswer| {
            answer.data.sort_by_key(|vector| vector.index);
            answer.data.into_iter().map(|vector| vector.embedding).collect()
        }),
        Wire::Ollama => serde_json::from_slice(bytes).map(|answer: OllamaAnswer| answer.embeddings),
    };
    vectors.map_err(|error| match first_character(bytes) {
        Some(b'<') => "a web page came back instead of vectors".to_owned(),
        _ => format!("what came back are no vectors: {error}"),
    })
}

fn first_character(bytes: &[u8]) -> Option<u8> {
    bytes.iter().copied().find(|byte| !byte.is_ascii_whitespace())
}

/// What an answer that is an error says, shortened; nothing when it says nothing that is known.
pub(in crate::backends) fn reason(bytes: &[u8]) -> String {
    let body: Value = serde_json::from_slice(bytes).unwrap_or_default();
    let error = &body["error"];
    let text = error.as_str().or(error["message"].as_str()).or(body["message"].as_str());
    text.unwrap_or_default().chars().filter(|c| !c.is_control()).take(300).collect()
}

/// Whether waiting is of no use.
pub(super) fn is_out_of_quota(bytes: &[u8]) -> bool {
    let body: Value = serde_json::from_slice(bytes).unwrap_or_default();
    let error = &body["error"];
    ["code", "type"].iter().any(|field| error[field] == "insufficient_quota")
}

/// What to do when the server does not know the model.
pub(super) fn missing_model_hint(wire: Wire, model: &str) -> String {
    match wire {
        Wire::OpenAi => format!("check the address and that the server has the model {model}"),
        Wire::Ollama => format!("run `ollama pull {model}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_address(base_url: &str, has_key: bool, expected: Option<&str>) {
        let found = address(Wire::OpenAi, base_url, has_key).ok();
        assert_eq!(found.as_deref(), expected, "{base_url}");
    }

    /// Fault 101: a key without encryption to another machine.
    #[test]
    fn a_key_never_travels_in_the_clear_to_another_machine() {
        let local = Some("http://localhost:1234/v1/embeddings");
        check_address("http://localhost:1234/v1/", true, local);
        check_address("http://[::1]:1/v1", true, Some("http://[::1]:1/v1/embeddings"));
        check_address("http://example.org/v1", false, Some("http://example.org/v1/embeddings"));
        check_address("http://example.org/v1", true, None);
        check_address("http://localhost.example.org/v1", true, None);
        check_address("https://example.org/v1", true, Some("https://example.org/v1/embeddings"));
        check_address("https://user:password@example.org/v1", false, None);
        check_address("file:///v1", false, None);
        check_address("example.org", false, None);
    }

    #[test]
    fn vectors_are_put_into_the_order_of_their_texts() {
        let body = br#"{"data":[{"index":1,"embedding":[2]},{"index":0,"embedding":[1.0]}]}"#;
        assert_eq!(vectors(Wire::OpenAi, body).unwrap(), [[1.0], [2.0]]);
        let body = br#"{"embeddings":[[1.0],[2.0]]}"#;
        assert_eq!(vectors(Wire::Ollama, body).unwrap(), [[1.0], [2.0]]);
    }

    #[test]
    fn the_reason_of_an_error_is_found() {
        assert_eq!(reason(br#"{"error":{"message":"too\u001b[1m long"}}"#), "too[1m long");
        assert_eq!(reason(br#"{"error":"no such model"}"#), "no such model");
        assert_eq!(reason(br#"{"message":"invalid api token"}"#), "invalid api token");
        assert_eq!(reason(b"<html>"), "");
    }
}
