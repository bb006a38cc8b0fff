//! A reranker behind an endpoint.
//!
//! It is asked once, within the time that it is given: an answer that comes too late is of no use,
//! and without one the passages stand as the search found them.

use std::time::Duration;

use reqwest::{
    Client, StatusCode,
    header::{AUTHORIZATION, HeaderMap, HeaderValue},
};
use tokio::{
    runtime::{Builder, Runtime},
    time::timeout,
};

use super::wire::{self, RerankApi};
use crate::{
    backends::{
        Secret,
        embed::reason,
        endpoint::{Endpoint, innermost},
    },
    error::{Context, Error, Exit, Result},
    services::{Destination, Reranker},
};

/// What has to be known to ask a reranker.
#[derive(Clone, Debug)]
pub struct HttpRerankerSettings {
    /// What the endpoint speaks.
    pub api: RerankApi,
    /// Where its paths begin, such as `http://127.0.0.1:8080/v1`.
    pub base_url: String,
    /// The model, as the endpoint names it; empty for one that has only one.
    pub model: String,
    /// The key, if the endpoint wants one.
    pub key: Option<Secret>,
    /// The environment variable that the key is taken from, to name in messages.
    pub key_variable: String,
    /// How long all of it may take.
    pub timeout: Duration,
}

/// A reranker behind an endpoint.
#[derive(Debug)]
pub struct HttpReranker {
    settings: HttpRerankerSettings,
    endpoint: Endpoint,
    headers: HeaderMap,
    client: Client,
    runtime: Runtime,
}

/// The most bytes of a reply; some endpoints repeat the texts.
const REPLY_BYTES_MAX: usize = 16 << 20;

impl HttpReranker {
    /// Prepares to ask; nothing is sent yet.
    ///
    /// # Errors
    /// When the address is none, or a key can't be sent or would travel in plain text.
    pub fn new(settings: HttpRerankerSettings) -> Result<Self> {
        let variable = settings.key.as_ref().map(|_| settings.key_variable.as_str());
        let endpoint = Endpoint::new("rerank", &settings.base_url, variable, |base| {
            if base.ends_with("/rerank") { String::new() } else { "/rerank".to_owned() }
        })?;
        let mut headers = HeaderMap::new();
        if let Some(key) = &settings.key {
            let value = HeaderValue::try_from(format!("Bearer {}", key.expose().trim()));
            let mut value = value.map_err(|_| {
                Error::usage(format!(
                    "the key in {} has a character that no key has",
                    settings.key_variable
                ))
                .hint("copy the key again, without line breaks")
            })?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        let client = endpoint.client(settings.timeout, None)?;
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .context(|| "start a runtime".to_owned())?;
        Ok(Self { settings, endpoint, headers, client, runtime })
    }

    async fn ask(&self, question: &str, texts: &[&str]) -> Result<Vec<f32>> {
        let HttpRerankerSettings { api, model, .. } = &self.settings;
        let mut scores = Vec::with_capacity(texts.len());
        for texts in texts.chunks(api.texts_max()) {
            let body = api.request(model, question, texts);
            let url = self.endpoint.url.clone();
            let request = self.client.post(url).headers(self.headers.clone()).json(&body);
            let mut response = request.send().await.map_err(|error| self.unreachable(&error))?;
            let status = response.status();
            let mut body = Vec::new();
            while let Some(bytes) =
                response.chunk().await.map_err(|error| self.unreachable(&error))?
            {
                body.extend_from_slice(&bytes);
                if body.len() > REPLY_BYTES_MAX {
                    return Err(self.failure(Exit::Failed, "the answer is too long"));
                }
            }
            if !status.is_success() {
                return Err(self.refused(status, &body));
            }
            let found = wire::scores(&body, texts.len());
            scores.extend(found.map_err(|reason| self.failure(Exit::Failed, &reason))?);
        }
        Ok(scores)
    }

    fn refused(&self, status: StatusCode, body: &[u8]) -> Error {
        // The endpoint may repeat parts of a wrong key, so its words are left out then.
        let is_of_the_key = matches!(status.as_u16(), 401 | 403);
        let says = if is_of_the_key { String::new() } else { reason(body) };
        let says = if says.is_empty() { status.to_string() } else { format!("{status}: {says}") };
        let says = match &self.settings.key {
            Some(key) => says.replace(key.expose(), "…"),
            None => says,
        };
        let error = |exit| self.failure(exit, &says);
        match status.as_u16() {
            401 | 403 => error(Exit::Failed)
                .hint("look at the key, and at rerank.key_variable, which names its variable"),
            402 | 429 => error(Exit::OverBudget).hint("wait, or look at the quota"),
            404 | 405 => error(Exit::Failed)
                .hint("look at rerank.url, rerank.api and rerank.model: there is no /rerank there"),
            300..=399 => error(Exit::Failed)
                .hint("redirects are not followed: give the address that it leads to"),
            _ => error(Exit::Failed),
        }
    }

    fn unreachable(&self, error: &reqwest::Error) -> Error {
        let reason = if error.is_timeout() { "no answer in time" } else { "can't be reached" };
        self.failure(Exit::Unreachable, reason).caused_by(innermost(error))
    }

    fn failure(&self, exit: Exit, reason: &str) -> Error {
        Error::new(exit, format!("{}: {reason}", self.endpoint.host))
    }
}

impl Reranker for HttpReranker {
    fn model(&self) -> &str {
        &self.settings.model
    }

    fn destination(&self) -> Destination<'_> {
        Destination { host: Some(&self.endpoint.host), is_remote: !self.endpoint.is_loopback }
    }

    fn scores(&self, question: &str, texts: &[&str]) -> Result<Vec<f32>> {
        let limit = self.settings.timeout;
        let asked =
            self.runtime.block_on(async { timeout(limit, self.ask(question, texts)).await });
        asked.unwrap_or_else(|_| {
            let reason = format!("no scores within {} s", limit.as_secs_f32());
            Err(self.failure(Exit::Unreachable, &reason))
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use wiremock::{
        Mock, MockServer, ResponseTemplate,
        matchers::{body_json, header, method, path},
    };

    use super::*;

    const KEY: &str = "sk-hunter2";

    /// An endpoint with this reply, and a reranker that asks it.
    fn asked(
        api: RerankApi,
        mock: impl FnOnce(MockBuilder) -> Mock,
        texts: &[&str],
    ) -> Result<Vec<f32>> {
        let runtime = Runtime::new().unwrap();
        let server = runtime.block_on(async {
            let server = MockServer::start().await;
            mock(Mock::given(method("POST")).and(path("/v1/rerank"))).mount(&server).await;
            server
        });
        let reranker = reranker(api, &format!("{}/v1", server.uri()));
        assert!(!reranker.destination().is_remote);
        reranker.scores("when?", texts)
    }

    type MockBuilder = wiremock::MockBuilder;

    fn reranker(api: RerankApi, base_url: &str) -> HttpReranker {
        HttpReranker::new(settings(api, base_url)).unwrap()
    }

    fn settings(api: RerankApi, base_url: &str) -> HttpRerankerSettings {
        HttpRerankerSettings {
            api,
            base_url: base_url.to_owned(),
            model: "small".to_owned(),
            key: Some(Secret::new(KEY.to_owned())),
            key_variable: "SOME_KEY".to_owned(),
            timeout: Duration::from_millis(500),
        }
    }

    #[test]
    fn each_endpoint_is_asked_in_its_own_way() {
        let reply = |value| ResponseTemplate::new(200).set_body_json(value);
        let scores = asked(
            RerankApi::Cohere,
            |mock| {
                mock.and(header("authorization", "Bearer sk-hunter2"))
                    .and(body_json(
                        json!({"model": "small", "query": "when?", "documents": ["a", "b"]}),
                    ))
                    .respond_with(reply(json!({"results": [
                        {"index": 1, "relevance_score": 0.5}, {"index": 0, "relevance_score": 0.25},
                    ]})))
            },
            &["a", "b"],
        );
        assert_eq!(scores.unwrap(), [0.25, 0.5]);
        let scores = asked(
            RerankApi::Tei,
            |mock| {
                mock.and(body_json(json!({"query": "when?", "texts": ["a"], "truncate": true})))
                    .respond_with(reply(json!([{"index": 0, "score": 0.75}])))
            },
            &["a"],
        );
        assert_eq!(scores.unwrap(), [0.75]);
    }

    #[test]
    fn more_texts_than_an_endpoint_takes_go_in_several_requests() {
        let texts = vec!["a"; 40];
        let scores = asked(
            RerankApi::Tei,
            |mock| {
                mock.respond_with(|request: &wiremock::Request| {
                    let body: serde_json::Value = request.body_json().unwrap();
                    let count = body["texts"].as_array().unwrap().len();
                    let scores: Vec<_> =
                        (0..count).map(|index| json!({"index": index, "score": count})).collect();
                    ResponseTemplate::new(200).set_body_json(scores)
                })
            },
            &texts,
        );
        let scores = scores.unwrap();
        assert_eq!((scores.len(), scores[31], scores[32]), (40, 32.0, 8.0));
    }

    #[track_caller]
    fn check_failure(reply: ResponseTemplate, exit: Exit, expected: &str) {
        let error = asked(RerankApi::Cohere, |mock| mock.respond_with(reply), &["a"]).unwrap_err();
        let shown = format!("{error} {error:?} {}", error.remedy().unwrap_or_default());
        assert!(shown.contains(expected), "{shown}");
        assert_eq!(error.exit(), exit, "{shown}");
        assert!(!shown.contains("hunter2"), "{shown}");
    }

    #[test]
    fn what_goes_wrong_is_said_without_the_key() {
        let says = |status: u16, text: &str| {
            ResponseTemplate::new(status).set_body_json(json!({"message": text}))
        };
        check_failure(says(401, "wrong: sk-hunter2"), Exit::Failed, "rerank.key_variable");
        check_failure(says(400, "sk-hunter2 has too many"), Exit::Failed, "… has too many");
        check_failure(says(404, "what?"), Exit::Failed, "no /rerank there");
        check_failure(says(429, "slowly"), Exit::OverBudget, "slowly");
        check_failure(says(500, "oh"), Exit::Failed, "500");
        check_failure(says(200, "oh"), Exit::Failed, "no scores");
        let moved = ResponseTemplate::new(302).insert_header("location", "http://other/");
        check_failure(moved, Exit::Failed, "not followed");
        let late = says(200, "oh").set_delay(Duration::from_secs(5));
        check_failure(late, Exit::Unreachable, "within 0.5 s");
    }

    #[test]
    fn an_endpoint_that_is_not_there_is_unreachable() {
        let nobody = reranker(RerankApi::Cohere, "http://127.0.0.1:9");
        let error = nobody.scores("when?", &["a"]).unwrap_err();
        assert_eq!(error.exit(), Exit::Unreachable);
        assert!(error.to_string().starts_with("127.0.0.1:9: can't be reached"), "{error}");
    }

    #[test]
    fn the_key_never_travels_in_the_clear_to_another_machine() {
        let error = HttpReranker::new(settings(RerankApi::Cohere, "http://a.example")).unwrap_err();
        assert_eq!(error.exit(), Exit::Usage);
        assert!(error.remedy().unwrap().contains("SOME_KEY"));
        let safe = reranker(RerankApi::Cohere, "https://a.example/v2/rerank");
        assert_eq!(safe.endpoint.url.as_str(), "https://a.example/v2/rerank");
        assert!(safe.destination().is_remote);
    }
}
