//! What a failure means for the user, and whether another try may help.
//!
//! A message names the host and never the key; what the endpoint says is repeated only after the
//! key was taken out of it.

use std::time::Duration;

use crate::{
    backends::{
        Secret,
        endpoint::{Endpoint, innermost},
    },
    error::{Error, Exit},
    services::ContextOverflow,
};

use super::{answer::Unfinished, complaint::Complaint, profile::Provider, settings::ChatSettings};

/// The most characters of an endpoint's own words that are repeated.
const WORDS_MAX: usize = 300;

/// What to do where no key is sent, since no variable is named that might hold one.
const NO_KEY: &str = "name the environment variable that holds the key in `llm.key_variable`";

/// An attempt that gave no whole answer.
#[derive(Debug)]
pub(super) struct Failure {
    /// What the user is told when it is the last attempt.
    pub(super) error: Error,
    /// What may help.
    pub(super) next: Next,
}

/// What may be done after an attempt has failed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Next {
    /// Nothing.
    GiveUp,
    /// The same once more, a little later.
    Again,
    /// The same once more, when the endpoint's own wait is over.
    Wait(Option<Duration>),
}

impl Failure {
    /// Nothing may help.
    pub(super) fn last(error: Error) -> Self {
        Self { error, next: Next::GiveUp }
    }

    /// The same failure after some text was given, which can't be taken back.
    pub(super) fn after_text(self) -> Self {
        Self::last(self.error)
    }
}

/// Who is talked to, as far as messages need to know.
pub(super) struct Peer {
    host: String,
    model: String,
    key_variable: String,
    key: Option<Secret>,
    is_loopback: bool,
    is_ollama: bool,
}

impl Peer {
    pub(super) fn new(settings: &ChatSettings, endpoint: &Endpoint) -> Self {
        Self {
            host: endpoint.host.clone(),
            model: settings.model.clone(),
            key_variable: settings.key_variable.clone(),
            key: settings.api_key.clone(),
            is_loopback: endpoint.is_loopback,
            is_ollama: settings.provider == Provider::Ollama,
        }
    }

    /// No reply came, for a reason that lies in the connection.
    pub(super) fn unreachable(&self, error: &reqwest::Error) -> Failure {
        let message = if error.is_timeout() {
            "no connection within the deadline"
        } else if error.is_dns() {
            "there is no such host"
        } else if is_tls(error) {
            "the TLS connection failed"
        } else if error.is_connect() {
            "can't be reached"
        } else {
            "the connection broke before an answer came"
        };
        let error_shown = self
            .error(Exit::Unreachable, message)
            .caused_by(self.words(&innermost(error)))
            .hint(self.reach_hint());
        let next =
            if error.is_connect() || error.is_timeout() { Next::GiveUp } else { Next::Again };
        Failure { error: error_shown, next }
    }

    /// The reply has a status that means an error; `body` is what came with it.
    pub(super) fn refused(&self, status: u16, wait: Option<Duration>, body: &str) -> Failure {
        let complaint = Complaint::from_body(body).unwrap_or_else(|| {
            // A page made for browsers says nothing to the user.
            let is_page = body.trim_start().starts_with('<');
            let message = if is_page { String::new() } else { body.trim().to_owned() };
            Complaint { message, ..Complaint::default() }
        });
        self.complained(status, wait, &complaint)
    }

    /// The endpoint says what is wrong, under this status.
    pub(super) fn complained(
        &self,
        status: u16,
        wait: Option<Duration>,
        complaint: &Complaint,
    ) -> Failure {
        let wait = wait.or(complaint.wait);
        let says = self.words(&complaint.message);
        let says = if says.is_empty() { format!("status {status}") } else { says };
        if complaint.is_overflow() || status == 413 {
            let error = self.error(Exit::Failed, "the prompt is longer than the model can read");
            let hint = "ask about a shorter period, or take a model that reads more";
            return Failure::last(error.caused_by(ContextOverflow { says }).hint(hint));
        }
        if complaint.is_spent() || status == 402 {
            let error = self.error(Exit::OverBudget, "the quota of this account is spent");
            let hint = "look at the account's plan, or take another model";
            return Failure::last(error.caused_by(says).hint(hint));
        }
        if matches!(status, 400 | 404) && complaint.is_missing_model() {
            return Failure::last(self.missing_model(complaint, says));
        }
        match status {
            // The endpoint may repeat parts of a wrong key, so its words are left out.
            401 => Failure::last(self.unauthorised()),
            403 => {
                let error = self.error(Exit::Usage, "access is refused").caused_by(says);
                let hint = match self.key_variable.as_str() {
                    "" => NO_KEY.to_owned(),
                    variable => format!("look at what the key in {variable} may do"),
                };
                Failure::last(error.hint(hint))
            }
            404 | 405 => {
                let error = self.error(Exit::Usage, "nothing answers at this address");
                let hint = "look at `llm.url`: it often ends in `/v1`";
                Failure::last(error.caused_by(says).hint(hint))
            }
            429 => Failure { error: self.too_many(wait, says), next: Next::Wait(wait) },
            408 | 500.. => {
                let error = self.error(Exit::Unreachable, "the endpoint fails").caused_by(says);
                let next = wait.map_or(Next::Again, |wait| Next::Wait(Some(wait)));
                Failure { error: error.hint("try again later, or take another model"), next }
            }
            _ => Failure::last(
                self.error(Exit::Failed, "the request is refused")
                    .caused_by(says)
                    .hint("look at the settings of the model"),
            ),
        }
    }

    /// The reply points to another address.
    pub(super) fn redirected(&self, status: u16, location: Option<&str>) -> Failure {
        let target = location.map_or_else(String::new, |location| {
            // The path and query of the target may hold what is not for the screen.
            let end = location.find(['?', '#']).unwrap_or(location.len());
            format!(" to {}", self.words(&location[..end]))
        });
        let message = format!("redirected{target} with status {status}, which is not followed");
        let hint = "if that is the right place, name it in `llm.url`; if it is a sign-in page of \
                    the network, sign in first";
        Failure::last(self.error(Exit::Unreachable, &message).hint(hint))
    }

    /// The reply is a page for browsers.
    pub(super) fn web_page(&self) -> Failure {
        let error = self.error(Exit::Unreachable, "a web page came in place of an answer");
        let hint = "look at `llm.url`, and whether the network wants a sign-in";
        Failure::last(error.hint(hint))
    }

    /// The reply is not in the wire format.
    pub(super) fn unreadable(&self, cause: impl Into<String>) -> Failure {
        let error = self.error(Exit::Failed, "the answer can't be read");
        let hint = "look at `llm.provider` and `llm.url`: the endpoint may speak another format";
        Failure::last(error.caused_by(cause.into()).hint(hint))
    }

    /// Nothing came for too long.
    pub(super) fn silent(&self, waited: Duration, has_begun: bool) -> Failure {
        let (exit, what) = if has_begun {
            (Exit::Failed, "the answer stopped and nothing came")
        } else {
            (Exit::Unreachable, "no answer came")
        };
        let error = self.error(exit, &format!("{what} within {waited:?}"));
        Failure::last(error.hint("ask again, take a smaller model, or set longer deadlines"))
    }

    /// The time for the whole answer is over.
    pub(super) fn unfinished_within(&self, total: Duration) -> Failure {
        let error = self.error(Exit::Failed, &format!("no whole answer came within {total:?}"));
        Failure::last(error.hint("ask for less, take a faster model, or set a longer deadline"))
    }

    /// The reply ended, or the connection broke, in the middle of an answer.
    pub(super) fn broken_off(&self, cause: Option<String>) -> Failure {
        let error = self.error(Exit::Failed, "the answer broke off before its end");
        let error = match cause {
            Some(cause) => error.caused_by(self.words(&cause)),
            None => error,
        };
        Failure {
            error: error.hint("ask again; what came until then is incomplete"),
            next: Next::Again,
        }
    }

    /// The reply ended without an answer.
    pub(super) fn unfinished(&self, unfinished: Unfinished, tokens_max: u32) -> Failure {
        let rephrase = "ask in other words, or take another model";
        match unfinished {
            Unfinished::BrokenOff => self.broken_off(None),
            Unfinished::Empty => {
                Failure::last(self.error(Exit::Failed, "the model gave no text").hint(rephrase))
            }
            Unfinished::Spent => {
                let what = format!("all {tokens_max} tokens were spent before any text came");
                Failure::last(self.error(Exit::Failed, &what).hint("allow more tokens an answer"))
            }
            Unfinished::Refused(reasons) => {
                let error = self.error(Exit::Failed, "the model refused to answer").hint(rephrase);
                let reasons = self.words(&reasons);
                Failure::last(if reasons.is_empty() { error } else { error.caused_by(reasons) })
            }
        }
    }

    fn missing_model(&self, complaint: &Complaint, says: String) -> Error {
        let error = self.error(Exit::Usage, &format!("there is no model `{}`", self.model));
        let is_ollama = self.is_ollama || complaint.message.contains("try pulling it");
        let hint = if is_ollama {
            format!("run `ollama pull {}`", self.model)
        } else {
            "name one that the endpoint has in `llm.model`".to_owned()
        };
        error.caused_by(says).hint(hint)
    }

    fn unauthorised(&self) -> Error {
        match (self.key_variable.as_str(), &self.key) {
            (variable, Some(_)) => self
                .error(Exit::Usage, &format!("the key in {variable} is refused"))
                .hint(format!("set {variable} to a valid key of this provider")),
            ("", None) => self.error(Exit::Usage, "a key is needed").hint(NO_KEY),
            (variable, None) => self
                .error(Exit::Usage, &format!("a key is needed, and {variable} is not set"))
                .hint(format!("set {variable} to a key of this provider")),
        }
    }

    fn too_many(&self, wait: Option<Duration>, says: String) -> Error {
        let hint = match wait {
            Some(wait) => format!("try again in {} s", wait.as_secs().max(1)),
            None => "try again in a minute".to_owned(),
        };
        self.error(Exit::OverBudget, "too many requests for this account")
            .caused_by(says)
            .hint(hint)
    }

    fn reach_hint(&self) -> &'static str {
        match (self.is_loopback, self.is_ollama) {
            (true, true) => "start it with `ollama serve`",
            (true, false) => "start the model's server, or look at `llm.url`",
            (false, _) => "look at the network and at `llm.url`",
        }
    }

    fn error(&self, exit: Exit, message: &str) -> Error {
        Error::new(exit, format!("{}: {message}", self.host))
    }

    /// Foreign words without the key, control characters and excess.
    fn words(&self, text: &str) -> String {
        let key = self.key.as_ref().map(Secret::expose).filter(|key| !key.is_empty());
        let text = key.map_or_else(|| text.to_owned(), |key| text.replace(key, "…"));
        let flat: Vec<&str> = text
            .split(|c: char| c.is_control() || c.is_whitespace())
            .filter(|w| !w.is_empty())
            .collect();
        let flat = flat.join(" ");
        match flat.char_indices().nth(WORDS_MAX) {
            Some((end, _)) => format!("{}…", &flat[..end]),
            None => flat,
        }
    }
}

fn is_tls(error: &reqwest::Error) -> bool {
    let mut cause = Some(error as &dyn std::error::Error);
    while let Some(error) = cause {
        let inner = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        if inner.is_some_and(<dyn std::error::Error + Send + Sync>::is::<rustls::Error>)
            || error.is::<rustls::Error>()
        {
            return true;
        }
        cause = error.source();
    }
    false
}
