//! What an endpoint says is wrong, in whichever of its shapes, and what kind of trouble that is.

use std::time::Duration;

use serde_json::Value;

use super::profile::{overflow_words, spent_words};

/// An error as the endpoint words it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Complaint {
    /// The sentence for people; JSON when the endpoint gives no sentence.
    pub(super) message: String,
    /// Its codes and types for programs, joined by spaces.
    pub(super) kind: String,
    /// The HTTP status, where the error itself gives one.
    pub(super) status: Option<u16>,
    /// How long it asks to be left alone, where it says so beside the error.
    pub(super) wait: Option<Duration>,
}

impl Complaint {
    /// Reads the body of an error reply; none when it is no JSON, or says nothing.
    pub(super) fn from_body(body: &str) -> Option<Self> {
        let value = serde_json::from_str::<Value>(body).ok()?;
        Self::from_value(value.get(0).unwrap_or(&value))
    }

    /// Reads an error out of a reply that may be something else.
    ///
    /// Knows `{"error": {…}}`, `{"error": "…"}`, `{"object": "error", "message": …}` and
    /// `{"detail": …}`.
    pub(super) fn from_value(value: &Value) -> Option<Self> {
        let names_error = |key: &str| value.get(key).and_then(Value::as_str) == Some("error");
        let error = match value.get("error") {
            Some(Value::Null) | None if names_error("object") || names_error("type") => value,
            Some(Value::Null) | None if value.get("detail").is_some() => value,
            Some(Value::Null) | None => return None,
            Some(error) => error,
        };
        let message = error.get("message").or_else(|| error.get("detail")).unwrap_or(error);
        let kinds = ["type", "code", "param", "status"];
        let kinds = kinds.iter().filter_map(|key| error.get(key).and_then(Value::as_str));
        let details = error.get("details").and_then(Value::as_array).into_iter().flatten();
        let violations = details.clone().filter_map(|detail| detail["violations"].as_array());
        let quotas = violations.flatten().filter_map(|violation| violation["quotaId"].as_str());
        let kinds: Vec<&str> = kinds.chain(quotas).collect();
        let mut delays = details.filter_map(|detail| detail["retryDelay"].as_str());
        let status = error.get("code").and_then(Value::as_u64);
        Some(Self {
            message: message.as_str().map_or_else(|| message.to_string(), str::to_owned),
            kind: kinds.join(" "),
            status: status.and_then(|code| u16::try_from(code).ok()).filter(|code| *code >= 400),
            wait: delays.find_map(seconds),
        })
    }

    /// The HTTP status that an error inside a reply of status 200 would have had.
    pub(super) fn implied_status(&self) -> u16 {
        let implied = [
            ("overloaded", 529),
            ("rate_limit", 429),
            ("authentication", 401),
            ("permission", 403),
            ("invalid_request", 400),
            ("not_found", 404),
        ];
        let named = implied.iter().find(|(kind, _)| self.kind.contains(kind));
        self.status.or(named.map(|(_, status)| *status)).unwrap_or(500)
    }

    /// Whether the prompt is longer than the model or its quota takes at once, so that only a
    /// shorter one helps.
    pub(super) fn is_overflow(&self) -> bool {
        self.mentions(overflow_words())
    }

    /// Whether the account is out of money or quota, so that waiting does not help.
    pub(super) fn is_spent(&self) -> bool {
        self.mentions(spent_words())
    }

    /// Whether the endpoint does not have the model.
    pub(super) fn is_missing_model(&self) -> bool {
        let absent = ["not found", "not_found", "not exist", "no models loaded", "invalid model"];
        self.mentions(["model"]) && self.mentions(absent)
    }

    /// Whether the endpoint does not take this parameter, rather than its value.
    pub(super) fn rejects(&self, parameter: &str) -> bool {
        let unknown = [
            "unsupported",
            "not support",
            "not permitted",
            "extra_forbidden",
            "deprecated",
            "unrecognized",
            "unknown",
        ];
        self.mentions([parameter]) && self.mentions(unknown)
    }

    fn mentions<'a>(&self, phrases: impl IntoIterator<Item = &'a str>) -> bool {
        let text = format!("{} {}", self.kind, self.message).to_lowercase();
        phrases.into_iter().any(|phrase| text.contains(phrase))
    }
}

/// A time as Google writes it: `20.5s`.
fn seconds(text: &str) -> Option<Duration> {
    Duration::try_from_secs_f64(text.strip_suffix('s')?.parse().ok()?).ok()
}

/// The parameters that an endpoint has said it does not take.
#[expect(clippy::struct_excessive_bools, reason = "each parameter is refused on its own")]
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Omitted {
    pub(super) max_tokens: bool,
    pub(super) temperature: bool,
    pub(super) stream_options: bool,
    pub(super) response_format: bool,
}

impl Omitted {
    /// Leaves out as well what this complaint is about; none when that is nothing new.
    pub(super) fn and_rejected(mut self, complaint: &Complaint) -> Option<Self> {
        let parameters = [
            ("max_tokens", &mut self.max_tokens),
            ("temperature", &mut self.temperature),
            ("stream_options", &mut self.stream_options),
        ];
        let formats = ["response_format", "response format", "output_config", "json_schema"];
        let mut is_new = false;
        if !self.response_format && formats.iter().any(|name| complaint.rejects(name)) {
            self.response_format = true;
            is_new = true;
        }
        for (name, omitted) in parameters {
            if !*omitted && complaint.rejects(name) {
                *omitted = true;
                is_new = true;
            }
        }
        is_new.then_some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(body: &str, message: &str, status: u16) -> Complaint {
        let complaint = Complaint::from_body(body).unwrap();
        assert_eq!(complaint.message, message);
        assert_eq!(complaint.implied_status(), status, "{complaint:?}");
        complaint
    }

    #[test]
    fn every_shape_of_an_error_is_read() {
        check(r#"{"error":{"message":"a","type":"server_error","code":null}}"#, "a", 500);
        check(r#"{"error":"a"}"#, "a", 500);
        check(r#"[{"error":{"code":429,"message":"a","status":"RESOURCE_EXHAUSTED"}}]"#, "a", 429);
        check(r#"{"object":"error","message":"a","code":400}"#, "a", 400);
        check(r#"{"type":"error","error":{"type":"overloaded_error","message":"a"}}"#, "a", 529);
        check(r#"{"detail":"a"}"#, "a", 500);
        check(r#"{"object":"error","message":{"detail":[]},"code":null}"#, r#"{"detail":[]}"#, 500);
    }

    #[test]
    fn what_is_no_error_is_none() {
        for body in ["", "<html>", "{}", "[]", r#"{"choices":[],"error":null}"#] {
            assert_eq!(Complaint::from_body(body), None, "{body}");
        }
    }

    /// Fault 112: a prompt that is too long is made shorter, and that is said.
    #[test]
    fn a_context_overflow_is_recognised_in_the_words_of_each_provider() {
        let messages = [
            "This model's maximum context length is 8192 tokens. However, you requested 9000",
            "prompt is too long: 208310 tokens > 200000 maximum",
            "input length and `max_tokens` exceed context limit: 190000 + 16384 > 200000",
            "the request exceeds the available context size, try increasing it",
            "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576)",
            "Please reduce the length of the messages or completion.",
            "Request too large for gpt-4o on tokens per min (TPM): Limit 30000, Requested 40000",
            "Input is too long for requested model",
            "Your input exceeds the context window of this model",
            "Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum",
            "Trying to keep the first 111490 tokens when context the overflows.",
            "Context size has been exceeded.",
            "request (4476 tokens) exceeds the available context size (4096 tokens)",
        ];
        for message in messages {
            let complaint = Complaint { message: message.into(), ..Complaint::default() };
            assert!(complaint.is_overflow(), "{message}");
            assert!(!complaint.is_spent(), "{message}");
        }
        let other = "max_tokens is too large: 100000. This model supports at most 4096";
        let other = Complaint { message: other.into(), ..Complaint::default() };
        assert!(!other.is_overflow());
        assert!(!other.rejects("max_tokens"));
    }

    /// Fault 109: a quota that is spent is told from a limit that passes in a minute.
    #[test]
    fn a_spent_quota_is_recognised_in_the_words_of_each_provider() {
        let gemini = |quota: &str| {
            format!(
                r#"[{{"error":{{"code":429,"message":"You exceeded your current quota",
                "status":"RESOURCE_EXHAUSTED","details":[{{"violations":[{{"quotaId":"{quota}"}}]}},
                {{"retryDelay":"20.5s"}}]}}}}]"#
            )
        };
        let says = |message: &str| format!(r#"{{"error":{{"message":"{message}"}}}}"#);
        let spent = [
            r#"{"error":{"message":"a","code":"insufficient_quota"}}"#.to_owned(),
            says("Your credit balance is too low to access the Anthropic API."),
            says("Rate limit reached on tokens per day (TPD): Limit 100000, Used 99999"),
            says("This request requires more credits, or fewer max_tokens."),
            says("Insufficient credits"),
            gemini("GenerateRequestsPerDayPerProjectPerModel-FreeTier"),
        ];
        for body in spent {
            assert!(Complaint::from_body(&body).unwrap().is_spent(), "{body}");
        }
        let passing = [
            says("Rate limit reached on tokens per minute (TPM): Limit 6000, Used 5999"),
            says("Requests rate limit exceeded"),
            gemini("GenerateRequestsPerMinutePerProjectPerModel-FreeTier"),
        ];
        for body in passing {
            assert!(!Complaint::from_body(&body).unwrap().is_spent(), "{body}");
        }
        let minute = Complaint::from_body(&gemini("PerMinute")).unwrap();
        assert_eq!(minute.wait, Some(Duration::from_millis(20_500)));
    }

    #[test]
    fn a_parameter_that_is_not_taken_is_recognised() {
        let mistral = r#"{"object":"error","message":{"detail":[{"type":"extra_forbidden",
            "loc":["body","stream_options"],"msg":"Extra inputs are not permitted"}]}}"#;
        assert!(Complaint::from_body(mistral).unwrap().rejects("stream_options"));
        let openai = r#"{"error":{"message":"Unsupported parameter: 'max_tokens' is not supported
            with this model.","param":"max_tokens","code":"unsupported_parameter"}}"#;
        let openai = Complaint::from_body(&openai.replace('\n', " ")).unwrap();
        assert!(openai.rejects("max_tokens"));
        assert!(!openai.rejects("temperature"));
    }
}
