//! What has to be known to talk to a model.

use std::time::Duration;

use crate::backends::Secret;

use super::profile::Provider;

/// Which model answers, where it is, and how long it is waited for.
#[derive(Clone, Debug)]
pub struct ChatSettings {
    /// Who answers there.
    pub provider: Provider,
    /// Where the endpoint's paths begin, such as `http://127.0.0.1:11434/v1`.
    pub base_url: String,
    /// The model, as its provider names it.
    pub model: String,
    /// The key, if the endpoint wants one.
    pub api_key: Option<Secret>,
    /// The environment variable that the key is taken from, to name in messages.
    pub key_variable: String,
    /// How freely the model chooses its words; the provider's own choice when there is none.
    pub temperature: Option<f32>,
    /// A proxy to other machines. None is ever taken from the environment, and this machine is
    /// always reached directly.
    pub proxy: Option<Secret>,
    /// How long is waited.
    pub deadlines: Deadlines,
}

/// How long is waited for what.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Deadlines {
    /// For the connection, TLS included.
    pub connect: Duration,
    /// For the first piece of an answer, once asked. A local model reads the whole prompt first.
    pub first_token: Duration,
    /// For the next piece, once the answer has begun.
    pub idle: Duration,
    /// For the whole answer, retries included.
    pub total: Duration,
    /// Before the first retry; doubled for the second, and spread by chance.
    pub retry: Duration,
    /// The longest wait that is sat out when the endpoint itself asks for one; a longer one ends
    /// the request at once.
    pub retry_max: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            first_token: Duration::from_mins(5),
            idle: Duration::from_mins(1),
            total: Duration::from_mins(15),
            retry: Duration::from_secs(1),
            retry_max: Duration::from_mins(1),
        }
    }
}
