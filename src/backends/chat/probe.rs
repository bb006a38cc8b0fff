//! Whether an endpoint is there and takes the key, without asking its model anything.

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, LOCATION};
use serde_json::Value;
use tokio::time::{Instant, timeout_at};

use crate::error::{Error, Result};

use super::{
    failure::Failure,
    local::chat_models,
    model::{ChatModel, REPLY_BYTES_MAX, read_body},
    transport::models,
};

/// What an endpoint that is there says of the model.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Listed {
    /// It lists the model.
    Here,
    /// It lists others.
    NotHere,
    /// It has no list.
    Unknown,
}

/// How long a sign of life is waited for.
const DEADLINE: Duration = Duration::from_secs(5);

impl ChatModel {
    /// Asks for the list of models; an endpoint that has none is there all the same.
    ///
    /// # Errors
    /// When nothing answers, or what answers refuses the key or is no such endpoint.
    pub fn probe(&self) -> Result<Listed> {
        match &self.runtime {
            Some(runtime) => {
                runtime.block_on(self.look()).map_err(|failure: Failure| failure.error)
            }
            None => Err(Error::failed("the model's connection is closed")),
        }
    }

    /// The first model of the endpoint's list that can hold a conversation.
    ///
    /// # Errors
    /// As [`ChatModel::probe`], and when it lists none.
    pub fn first_listed(&self) -> Result<String> {
        let list = match &self.runtime {
            Some(runtime) => runtime.block_on(self.list()).map_err(|failure| failure.error)?,
            None => None,
        };
        let list = list.and_then(|body| serde_json::from_str::<Value>(&body).ok());
        let first = list.and_then(|list| chat_models(&list).into_iter().next());
        first.ok_or_else(|| {
            Error::usage(format!("{}: it lists no model, and none is named", self.endpoint.host))
                .hint("name it as the endpoint does: --set llm.model=NAME")
        })
    }

    async fn look(&self) -> Result<Listed, Failure> {
        let list = self.list().await?;
        Ok(list.map_or(Listed::Unknown, |body| listed(&body, &self.settings.model)))
    }

    /// The body of the list of models; none when the endpoint has none.
    async fn list(&self) -> Result<Option<String>, Failure> {
        let until = Instant::now() + DEADLINE;
        let request = self.client.get(models(&self.endpoint)).headers(self.headers.clone());
        let mut response = match timeout_at(until, request.send()).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => return Err(self.peer.unreachable(&error)),
            Err(_) => return Err(self.peer.silent(DEADLINE, false)),
        };
        let status = response.status().as_u16();
        let header = |name| {
            response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
        };
        let (location, kind) = (header(LOCATION), header(CONTENT_TYPE).unwrap_or_default());
        let body = read_body(&mut response, until, REPLY_BYTES_MAX).await.unwrap_or_default();
        match status {
            ..300 if kind.contains("html") => Err(self.peer.web_page()),
            ..300 => Ok(Some(body)),
            404 | 405 | 501 => Ok(None),
            300..400 => Err(self.peer.redirected(status, location.as_deref())),
            _ => Err(self.peer.refused(status, None, &body)),
        }
    }
}

/// Whether a list of models, as `OpenAI` and Anthropic have it, names this one.
fn listed(body: &str, model: &str) -> Listed {
    let list = serde_json::from_str::<Value>(body).ok();
    let Some(models) = list.as_ref().and_then(|list| list["data"].as_array()) else {
        return Listed::Unknown;
    };
    let is_it = |id: &str| id == model || id.strip_suffix(":latest") == Some(model);
    let is_listed = models.iter().filter_map(|entry| entry["id"].as_str()).any(is_it);
    if is_listed { Listed::Here } else { Listed::NotHere }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_is_found_in_the_list() {
        let list = r#"{"data": [{"id": "small:latest"}, {"id": "large"}]}"#;
        assert_eq!(listed(list, "small"), Listed::Here);
        assert_eq!(listed(list, "large"), Listed::Here);
        assert_eq!(listed(list, "tiny"), Listed::NotHere);
        for body in ["", "{}", "ok", r#"{"data": 3}"#] {
            assert_eq!(listed(body, "small"), Listed::Unknown, "{body}");
        }
    }
}
