//! What was asked of a model and what it said, written to a file when that is wanted.

use std::{
    fs::OpenOptions,
    io::Write as _,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use serde_json::{Value, json};

use super::mask;
use crate::{
    error::{Context as _, Result},
    services::{ChatRequest, Completion},
};

/// A file to which each request is added as one line of JSON.
///
/// Keys never stand in a request; what looks like a secret in it is masked here even where it was
/// sent as it stands.
#[derive(Debug)]
pub struct RequestLog {
    path: PathBuf,
    writing: Mutex<()>,
}

/// What is known of one request.
pub(super) struct Logged<'a> {
    pub(super) model: &'a str,
    pub(super) host: &'a str,
    pub(super) request: &'a ChatRequest,
    pub(super) outcome: &'a Result<Completion>,
}

impl RequestLog {
    /// A log in this file.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn open(path: &Path) -> Result<Self> {
        let log = Self { path: path.to_owned(), writing: Mutex::default() };
        log.append("")?;
        Ok(log)
    }

    /// Adds a request with what came of it.
    pub(super) fn add(&self, logged: &Logged<'_>) -> Result<()> {
        let said = match logged.outcome {
            Ok(completion) => json!({
                "reply": mask(&completion.text),
                "cut_off": completion.cut_off,
                "tokens": completion.tokens,
            }),
            Err(error) => json!({ "error": mask(&error.to_string()) }),
        };
        let line = json!({
            "model": logged.model,
            "host": logged.host,
            "request": masked(serde_json::to_value(logged.request).unwrap_or_default()),
            "outcome": said,
        });
        self.append(&format!("{line}\n"))
    }

    fn append(&self, text: &str) -> Result<()> {
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let written = options.open(&self.path).and_then(|mut file| file.write_all(text.as_bytes()));
        written.context(|| format!("can't write {}", self.path.display()))
    }
}

/// A value whose texts hold no secret.
fn masked(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(mask(&text).into_owned()),
        Value::Array(values) => values.into_iter().map(masked).collect(),
        Value::Object(values) => {
            values.into_iter().map(|(key, value)| (key, masked(value))).collect()
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        error::Error,
        services::{Message, Speaker},
    };

    #[test]
    fn each_request_is_a_line_without_its_secrets() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("requests.jsonl");
        let log = RequestLog::open(&path).unwrap();
        let message = Message { role: Speaker::User, content: "password: hunter2-hunter2".into() };
        let request =
            ChatRequest { system: "Rules.".into(), messages: vec![message], ..Default::default() };
        let reply = Completion { text: "So [1].".into(), cut_off: false, tokens: None };
        for outcome in [Ok(reply), Err(Error::failed("h: it fails"))] {
            let logged = Logged { model: "m", host: "h", request: &request, outcome: &outcome };
            log.add(&logged).unwrap();
        }
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(!text.contains("hunter2"), "{text}");
        let lines: Vec<Value> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines[0]["request"]["messages"][0]["content"], "password: [secret]");
        assert_eq!(lines[0]["outcome"]["reply"], "So [1].");
        assert_eq!(lines[1]["outcome"]["error"], "h: it fails");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn a_log_that_can_not_be_written_is_said_at_once() {
        let folder = tempfile::tempdir().unwrap();
        assert!(RequestLog::open(&folder.path().join("none/requests.jsonl")).is_err());
    }
}
