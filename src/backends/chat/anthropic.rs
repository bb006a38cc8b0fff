//! The wire format of Anthropic's Messages.

use serde_json::{Value, json};

use crate::services::ChatRequest;

use super::{
    answer::{Piece, Stop},
    complaint::{Complaint, Omitted},
    settings::ChatSettings,
};

/// Below the base url, which ends in `/v1`.
pub(super) const PATH: &str = "/messages";

/// The version of the interface that this module speaks.
pub(super) const VERSION: &str = "2023-06-01";

/// The limit that is sent when the request has none, since the interface wants one.
const TOKENS_MAX: u32 = 4096;

/// The request's body.
pub(super) fn body(settings: &ChatSettings, request: &ChatRequest, omitted: Omitted) -> Value {
    let tokens_max = if request.tokens_max > 0 { request.tokens_max } else { TOKENS_MAX };
    let mut body = json!({
        "model": settings.model,
        "messages": request.messages,
        "max_tokens": tokens_max,
        "stream": true,
    });
    if !request.system.is_empty() {
        // The rules are the same for each part of a recap, and are read from the provider's cache
        // where they are long enough for it. Source: Anthropic, *Prompt caching*.
        let cached = json!({"type": "ephemeral"});
        body["system"] = json!([{"type": "text", "text": request.system, "cache_control": cached}]);
    }
    if let Some(schema) = request.schema.as_ref().filter(|_| !omitted.response_format) {
        // Source: Anthropic, *Structured outputs*.
        body["output_config"] = json!({"format": {"type": "json_schema", "schema": schema}});
    }
    if let Some(temperature) = settings.temperature.filter(|_| !omitted.temperature) {
        body["temperature"] = temperature.into();
    }
    body
}

/// Reads the data of one event.
///
/// # Errors
/// When it is no JSON.
pub(super) fn read(data: &str) -> serde_json::Result<Vec<Piece>> {
    let value: Value = serde_json::from_str(data)?;
    let mut pieces = Vec::new();
    match value["type"].as_str() {
        Some("message_start") => read_usage(&value["message"]["usage"], &mut pieces),
        Some("content_block_start") => read_block(&value["content_block"], &mut pieces),
        Some("content_block_delta") => read_block(&value["delta"], &mut pieces),
        Some("message_delta") => {
            read_usage(&value["usage"], &mut pieces);
            pieces.extend(value["delta"]["stop_reason"].as_str().map(stop));
        }
        Some("message_stop") => pieces.push(Piece::End),
        _ => pieces.extend(Complaint::from_value(&value).map(Piece::Error)),
    }
    Ok(pieces)
}

/// Reads a reply that came in one piece.
///
/// # Errors
/// When it is no JSON.
pub(super) fn read_whole(body: &str) -> serde_json::Result<Vec<Piece>> {
    let value: Value = serde_json::from_str(body)?;
    if let Some(complaint) = Complaint::from_value(&value) {
        return Ok(vec![Piece::Error(complaint)]);
    }
    let mut pieces = Vec::new();
    read_usage(&value["usage"], &mut pieces);
    for block in value["content"].as_array().into_iter().flatten() {
        read_block(block, &mut pieces);
    }
    pieces.extend(value["stop_reason"].as_str().map(stop));
    Ok(pieces)
}

fn read_block(block: &Value, pieces: &mut Vec<Piece>) {
    let is_text = matches!(block["type"].as_str(), Some("text" | "text_delta"));
    match block["text"].as_str() {
        Some("") => {}
        Some(text) if is_text => pieces.push(Piece::Text(text.to_owned())),
        _ => pieces.push(Piece::Working),
    }
}

/// Tokens that were read from or written to the provider's cache are read by the model all the
/// same. An event that gives no count leaves the one before in place.
fn read_usage(usage: &Value, pieces: &mut Vec<Piece>) {
    let count = |key: &str| usage.get(key).and_then(Value::as_u64);
    let cached = ["cache_read_input_tokens", "cache_creation_input_tokens"];
    let cached = cached.iter().filter_map(|key| count(key)).fold(0, u64::saturating_add);
    let input = count("input_tokens").map(|input| input.saturating_add(cached));
    let output = count("output_tokens");
    if input.is_some() || output.is_some() {
        pieces.push(Piece::Tokens { input, output });
    }
}

fn stop(reason: &str) -> Piece {
    Piece::Stop(match reason {
        "max_tokens" | "model_context_window_exceeded" => Stop::Length,
        "refusal" => Stop::Refused,
        _ => Stop::Finished,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(data: &str, expected: &[Piece]) {
        assert_eq!(read(data).unwrap(), expected, "{data}");
    }

    #[test]
    fn events_of_every_kind_are_read() {
        check(
            r#"{"type":"message_start","message":{"usage":{"input_tokens":3,
                "cache_read_input_tokens":10,"output_tokens":1}}}"#,
            &[Piece::Tokens { input: Some(13), output: Some(1) }],
        );
        check(r#"{"type":"content_block_start","content_block":{"type":"text","text":""}}"#, &[]);
        check(r#"{"type":"ping"}"#, &[]);
        check(
            r#"{"type":"content_block_delta","delta":{"type":"thinking_delta","thinking":"a"}}"#,
            &[Piece::Working],
        );
        check(
            r#"{"type":"content_block_delta","delta":{"type":"text_delta","text":"a"}}"#,
            &[Piece::Text("a".into())],
        );
        check(
            r#"{"type":"message_delta","delta":{"stop_reason":"max_tokens"},
                "usage":{"output_tokens":4}}"#,
            &[Piece::Tokens { input: None, output: Some(4) }, Piece::Stop(Stop::Length)],
        );
        check(r#"{"type":"message_stop"}"#, &[Piece::End]);
    }

    #[test]
    fn a_whole_reply_is_read() {
        let body = r#"{"type":"message","content":[{"type":"thinking","thinking":"b"},
            {"type":"text","text":"a"}],"stop_reason":"end_turn","usage":{"output_tokens":4}}"#;
        let expected = [
            Piece::Tokens { input: None, output: Some(4) },
            Piece::Working,
            Piece::Text("a".into()),
            Piece::Stop(Stop::Finished),
        ];
        assert_eq!(read_whole(body).unwrap(), expected);
    }

    /// Fault 117: an empty answer or a refusal is none.
    #[test]
    fn a_refusal_is_told_from_an_answer() {
        check(
            r#"{"type":"message_delta","delta":{"stop_reason":"refusal"}}"#,
            &[Piece::Stop(Stop::Refused)],
        );
    }
}
