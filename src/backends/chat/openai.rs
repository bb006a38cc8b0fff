//! The wire format of `/chat/completions`.

use serde_json::{Value, json};

use crate::services::{ChatRequest, Speaker};

use super::{
    answer::{Piece, Stop},
    complaint::{Complaint, Omitted},
    settings::ChatSettings,
};

/// Below the base url.
pub(super) const PATH: &str = "/chat/completions";

/// The request's body.
pub(super) fn body(settings: &ChatSettings, request: &ChatRequest, omitted: Omitted) -> Value {
    let profile = settings.provider.profile();
    let mut messages = Vec::new();
    if !request.system.is_empty() {
        messages.push(json!({"role": "system", "content": request.system}));
    }
    messages.extend(request.messages.iter().map(|message| {
        let role = match message.role {
            Speaker::User => "user",
            Speaker::Assistant => "assistant",
        };
        json!({"role": role, "content": message.content})
    }));
    let mut body = json!({"model": settings.model, "messages": messages, "stream": true});
    if request.tokens_max > 0 {
        // Newer models of OpenAI refuse the name that everybody else knows.
        let name = if omitted.max_tokens { "max_completion_tokens" } else { profile.length };
        body[name] = request.tokens_max.into();
    }
    if let Some(temperature) = settings.temperature.filter(|_| !omitted.temperature) {
        body["temperature"] = temperature.into();
    }
    if let Some(schema) = request.schema.as_ref().filter(|_| takes_schema(settings, omitted)) {
        // Source: OpenAI, *Structured model outputs*; the others have taken the form over.
        body["response_format"] = json!({
            "type": "json_schema",
            "json_schema": {"name": "answer", "strict": true, "schema": schema},
        });
    }
    if profile.takes_stream_options && !omitted.stream_options {
        body["stream_options"] = json!({"include_usage": true});
    }
    body
}

/// Whether an answer can be bound to a schema there.
pub(super) fn takes_schema(settings: &ChatSettings, omitted: Omitted) -> bool {
    settings.provider.profile().takes_schema && !omitted.response_format
}

/// Reads the data of one event, or a whole reply.
///
/// # Errors
/// When it is no JSON.
pub(super) fn read(data: &str) -> serde_json::Result<Vec<Piece>> {
    if data.trim() == "[DONE]" {
        return Ok(vec![Piece::End]);
    }
    let value: Value = serde_json::from_str(data)?;
    if let Some(complaint) = Complaint::from_value(&value) {
        return Ok(vec![Piece::Error(complaint)]);
    }
    let mut pieces = Vec::new();
    if let Some(usage) = value.get("usage").filter(|usage| usage.is_object()) {
        let count = |key: &str| usage.get(key).and_then(Value::as_u64);
        let (input, output) = (count("prompt_tokens"), count("completion_tokens"));
        pieces.push(Piece::Tokens { input, output });
    }
    let choice = &value["choices"][0];
    let message = choice.get("delta").or_else(|| choice.get("message")).unwrap_or(&Value::Null);
    if ["reasoning", "reasoning_content"].iter().any(|key| is_text(&message[key])) {
        pieces.push(Piece::Working);
    }
    read_content(&message["content"], &mut pieces);
    if let Some(refusal) = message["refusal"].as_str().filter(|refusal| !refusal.is_empty()) {
        pieces.push(Piece::Refusal(refusal.to_owned()));
    }
    if let Some(reason) = choice["finish_reason"].as_str().filter(|reason| !reason.is_empty()) {
        pieces.push(Piece::Stop(stop(reason)));
    }
    Ok(pieces)
}

/// Content is a text, or a list of parts of which only some are text.
fn read_content(content: &Value, pieces: &mut Vec<Piece>) {
    match content {
        Value::String(text) if !text.is_empty() => pieces.push(Piece::Text(text.clone())),
        Value::Array(parts) => {
            for part in parts {
                match part["text"].as_str() {
                    Some(text) if part["type"] == "text" => {
                        pieces.push(Piece::Text(text.to_owned()));
                    }
                    _ => pieces.push(Piece::Working),
                }
            }
        }
        _ => {}
    }
}

fn is_text(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.is_empty())
}

fn stop(reason: &str) -> Stop {
    match reason {
        "length" | "max_tokens" => Stop::Length,
        reason if reason.starts_with("content_filter") || reason == "refusal" => Stop::Refused,
        _ => Stop::Finished,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(data: &str, expected: &[Piece]) {
        assert_eq!(read(data).unwrap(), expected, "{data}");
    }

    fn text(text: &str) -> Piece {
        Piece::Text(text.into())
    }

    #[test]
    fn events_of_every_kind_are_read() {
        check(r#"{"choices":[{"delta":{"role":"assistant","content":""}}]}"#, &[]);
        check(r#"{"choices":[{"delta":{"content":"a"},"finish_reason":null}]}"#, &[text("a")]);
        check(r#"{"choices":[{"delta":{"reasoning_content":"a"}}]}"#, &[Piece::Working]);
        check(
            r#"{"choices":[{"delta":{"content":[{"type":"thinking"},{"type":"text","text":"a"}]}}]}"#,
            &[Piece::Working, text("a")],
        );
        check(
            r#"{"choices":[{"delta":{},"finish_reason":"length"}]}"#,
            &[Piece::Stop(Stop::Length)],
        );
        check(
            r#"{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4}}"#,
            &[Piece::Tokens { input: Some(3), output: Some(4) }],
        );
        check(r#"{"choices":[],"usage":null}"#, &[]);
        check(" [DONE]", &[Piece::End]);
    }

    #[test]
    fn a_whole_reply_is_read() {
        check(
            r#"{"choices":[{"message":{"content":"a"},"finish_reason":"stop"}]}"#,
            &[text("a"), Piece::Stop(Stop::Finished)],
        );
    }

    /// Fault 117: an empty answer or a refusal is none.
    #[test]
    fn a_refusal_is_told_from_an_answer() {
        check(
            r#"{"choices":[{"delta":{"refusal":"no"},"finish_reason":"content_filter"}]}"#,
            &[Piece::Refusal("no".into()), Piece::Stop(Stop::Refused)],
        );
    }

    #[test]
    fn what_is_no_json_is_an_error() {
        assert!(read(r#"{"choices":[{"#).is_err());
    }
}
