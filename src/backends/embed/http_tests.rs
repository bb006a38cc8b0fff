//! An embedder over a socket, against a server in the same process.

use serde_json::{Value, json};
use tokio::runtime::Runtime;
use wiremock::{Mock, MockServer, Request, ResponseTemplate, matchers::path};

use super::{
    http::{HttpEmbedder, HttpEmbedderOptions},
    wire::Wire,
};
use crate::{
    backends::secret::Secret,
    error::{Error, Exit, Result},
    services::{Embedder, Role},
};

/// A server on a runtime of its own, since an embedder blocks.
struct Server {
    runtime: Runtime,
    server: MockServer,
}

impl Server {
    fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let server = runtime.block_on(MockServer::start());
        Self { runtime, server }
    }

    fn answer(&self, times: u64, response: ResponseTemplate) {
        let mock = Mock::given(path("/embeddings")).respond_with(response).up_to_n_times(times);
        self.runtime.block_on(mock.mount(&self.server));
    }

    fn echo(&self) {
        let mock = Mock::given(path("/embeddings")).respond_with(|request: &Request| {
            let body: Value = serde_json::from_slice(&request.body).unwrap();
            let texts = body["input"].as_array().unwrap();
            let data: Vec<_> = (0..)
                .zip(texts)
                .map(|(index, text): (usize, _)| {
                    let length = text.as_str().unwrap().len();
                    json!({"index": index, "embedding": [length, 1]})
                })
                .collect();
            ResponseTemplate::new(200).set_body_json(json!({"data": data}))
        });
        self.runtime.block_on(mock.mount(&self.server));
    }

    fn options(&self) -> HttpEmbedderOptions {
        let mut options = HttpEmbedderOptions::new(Wire::OpenAi, &self.server.uri(), "small");
        options.dimension = Some(2);
        options.key = Some(Secret::new("sk-secret".to_owned()));
        options
    }

    fn requests(&self) -> Vec<Request> {
        self.runtime.block_on(self.server.received_requests()).unwrap()
    }
}

fn embed(options: HttpEmbedderOptions, texts: &[&str]) -> Result<Vec<Vec<f32>>> {
    HttpEmbedder::connect(options)?.embed(Role::Query, texts)
}

fn vector(values: &Value) -> ResponseTemplate {
    let body = json!({"data": [{"index": 0, "embedding": values}]});
    ResponseTemplate::new(200).set_body_json(body)
}

fn check_error(response: ResponseTemplate, exit: Exit, requests: usize, expected: &str) -> Error {
    let server = Server::start();
    server.answer(10, response);
    let error = embed(server.options(), &["text"]).unwrap_err();
    assert_eq!(error.exit(), exit, "{error}");
    assert!(error.to_string().contains(expected), "{error}");
    assert_eq!(server.requests().len(), requests, "{error}");
    assert!(!format!("{error:?}").contains("sk-secret"));
    error
}

#[test]
fn texts_are_sent_in_batches_with_their_prefix() {
    let server = Server::start();
    server.echo();
    let mut options = server.options();
    options.batch_texts_max = 2;
    options.query_prefix = "q: ".to_owned();
    options.dimension = None;
    let embedder = HttpEmbedder::connect(options).unwrap();
    assert_eq!((embedder.dimension(), embedder.identity()), (2, "http:small"));
    let vectors = embedder.embed(Role::Query, &["", "a", "bb", "ccc", "dddd"]).unwrap();
    for (vector, length) in vectors.iter().zip([3.0_f32, 4.0, 5.0, 6.0, 7.0]) {
        assert!((vector[0] / vector[1] - length).abs() < 1e-4, "{vector:?}");
        assert!((vector[0].hypot(vector[1]) - 1.0).abs() < 1e-6, "{vector:?}");
    }
    let requests = server.requests();
    assert_eq!(requests.len(), 4);
    assert_eq!(requests[1].headers["authorization"], "Bearer sk-secret");
}

/// Faults 95 and 96: a vector that is no vector, or has no length; another number of vectors than
/// of texts.
#[test]
fn a_wrong_answer_fails_the_batch() {
    let two = json!({"data": [{"embedding": [1, 2]}, {"embedding": [1, 2]}]});
    let two = ResponseTemplate::new(200).set_body_json(two);
    check_error(two, Exit::Failed, 1, "2 vectors for 1 texts");
    check_error(vector(&json!([1, 2, 3])), Exit::OtherIndex, 1, "3 components instead of 2");
    check_error(vector(&json!([0, 0])), Exit::Failed, 1, "zero");
    check_error(vector(&json!([1, null])), Exit::Failed, 1, "no vectors");
}

/// Fault 110: a failing endpoint is asked twice more.
#[test]
fn a_server_error_is_tried_twice_more() {
    let busy = ResponseTemplate::new(503).insert_header("retry-after", "0");
    check_error(busy.clone(), Exit::Unreachable, 3, "503");
    let server = Server::start();
    server.answer(2, busy);
    server.echo();
    assert_eq!(embed(server.options(), &["text"]).unwrap().len(), 1);
}

/// Faults 108 and 109: too many requests are waited for, within a cap; a spent quota is not asked again.
#[test]
fn a_limit_is_waited_for_and_a_spent_quota_is_not() {
    let limited = ResponseTemplate::new(429).insert_header("retry-after", "0");
    check_error(limited.clone(), Exit::OverBudget, 3, "429");
    let spent =
        json!({"error": {"message": "You are out of credit", "code": "insufficient_quota"}});
    check_error(limited.set_body_json(spent), Exit::OverBudget, 1, "out of credit");
}

/// Faults 111, 119, 120 and 122: a refused key is named by its variable; a redirect is not followed; a web page is no answer; a local model that is not there can be pulled.
#[test]
fn what_can_not_get_better_is_not_tried_again() {
    let error = check_error(ResponseTemplate::new(401), Exit::Failed, 1, "401");
    assert!(error.remedy().unwrap().contains("key"));
    let elsewhere = ResponseTemplate::new(307).insert_header("location", "http://127.0.0.1:9/");
    let error = check_error(elsewhere, Exit::Failed, 1, "307");
    assert!(error.remedy().unwrap().contains("redirects"));
    let page = ResponseTemplate::new(200).set_body_string("<html>Sign in</html>");
    check_error(page, Exit::Failed, 1, "web page");
    let error = check_error(ResponseTemplate::new(404), Exit::Failed, 1, "404");
    assert!(error.remedy().unwrap().contains("small"));
}

#[test]
fn a_server_that_repeats_the_key_does_not_get_it_printed() {
    for status in [400, 401, 403, 500] {
        let says = json!({"error": {"message": "the key sk-secret is wrong"}});
        let server = Server::start();
        server.answer(9, ResponseTemplate::new(status).set_body_json(says));
        let options = server.options();
        let error = embed(options.clone(), &["text"]).unwrap_err();
        let shown = format!("{error} {error:?} {:?} {options:?}", error.remedy());
        assert!(!shown.contains("sk-secret"), "{shown}");
    }
}

/// Faults 113 and 121: a stall ends at its deadline; what can not be reached is named.
#[test]
fn a_server_that_is_not_there_or_stalls_is_unreachable() {
    let server = Server::start();
    let stalled = ResponseTemplate::new(200).set_delay(std::time::Duration::from_mins(1));
    server.answer(1, stalled);
    let mut options = server.options();
    options.request_timeout_ms = 100;
    let error = embed(options.clone(), &["text"]).unwrap_err();
    assert_eq!(error.exit(), Exit::Unreachable);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    options.base_url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = embed(options, &["text"]).unwrap_err();
    assert_eq!(error.exit(), Exit::Unreachable);
    assert!(error.remedy().is_some());
}

#[test]
fn ollama_is_spoken_to_in_its_own_way() {
    let server = Server::start();
    let body = json!({"embeddings": [[3, 4]]});
    let mock = Mock::given(path("/api/embed"))
        .respond_with(ResponseTemplate::new(200).set_body_json(body));
    server.runtime.block_on(mock.mount(&server.server));
    let mut options = server.options();
    options.wire = Wire::Ollama;
    assert_eq!(embed(options, &["text"]).unwrap(), [[0.6, 0.8]]);
    let sent: Value = serde_json::from_slice(&server.requests()[0].body).unwrap();
    assert_eq!(sent["truncate"], false);
}
