//! `--dry-run` of a question: what would be sent, and that nothing is.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wiremock::{Request, Respond, ResponseTemplate};

use super::{LOGBOOK, Twin};
use crate::servers::{Server, status};

const QUESTION: [&str; 3] = ["ask", "--dry-run", "who did I plant beans with?"];

/// What is said beside the text that would be sent, and that text.
#[track_caller]
fn told(twin: &Twin, arguments: &[&str]) -> (String, String) {
    let printed = twin.run(arguments);
    let (before, said) = printed.split_once("── stderr\n").unwrap();
    let text = before.strip_prefix("exit 0\n").unwrap();
    (said.to_owned(), text.to_owned())
}

fn with_model(twin: Twin) -> Twin {
    twin.with("llm.provider=openai")
        .with("llm.model=small")
        .with("llm.url=https://models.example/v1")
        .with(format!("llm.key_variable={}", super::KEY_VARIABLE))
}

/// Fault 123: the price of a question can be seen before its call.
#[test]
fn a_dry_run_tells_the_price() {
    let twin = with_model(Twin::ingested(&LOGBOOK));
    assert_snapshot!(told(&twin, &QUESTION).0, @r#"
    any time · lookup · "plant beans"
    would be sent to small at models.example, another machine: 412 tokens, 2 of 2 passages, price unknown
    "#);
    let priced = twin.with("llm.price_input_per_million=1").with("llm.price_output_per_million=10");
    assert_snapshot!(told(&priced, &QUESTION).0, @r#"
    any time · lookup · "plant beans"
    would be sent to small at models.example, another machine: 412 tokens, 2 of 2 passages, up to 0.01065
    "#);
    let json = priced.run(&[&QUESTION[..], &["--json"]].concat());
    let json: Value = serde_json::from_str(json.split_once("stdout\n").unwrap().1).unwrap();
    assert!(json["price_max"].as_f64().is_some_and(|price| price > 0.01), "{json}");
}

#[test]
fn what_is_answered_without_a_model_would_send_nothing() {
    let twin = with_model(Twin::ingested(&LOGBOOK));
    for question in ["what did I do in 2019?", "what did I note on zebras in 2021?"] {
        let (said, text) = told(&twin, &["ask", "--dry-run", question]);
        assert!(
            said.ends_with("nothing would be sent: this is answered without a model\n"),
            "{said}"
        );
        assert_eq!(text, "");
    }
}

/// An endpoint for embeddings.
struct Embeddings;

impl Respond for Embeddings {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let body: Value = request.body_json().unwrap();
        let count = body["input"].as_array().map_or(1, Vec::len);
        let data: Vec<Value> =
            (0..count).map(|index| json!({"index": index, "embedding": [1.0, 0.5]})).collect();
        status(200, &json!({"data": data}))
    }
}

#[test]
fn a_dry_run_asks_no_endpoint_for_embeddings() {
    let server = Server::answering(Embeddings);
    let twin = Twin::new(&LOGBOOK)
        .with("embedding.model=http")
        .with("embedding.name=tiny")
        .with("embedding.dimension=2")
        .with(format!("embedding.url={}", server.base_url()));
    let (said, _) = told(&twin, &["ingest", "notes", "--dry-run"]);
    assert_snapshot!(said, @"the texts of up to 7 chunks, 246 tokens, would be sent to tiny at 127.0.0.1:[PORT], this machine, to be embedded");
    assert_eq!(server.requests().len(), 0);
    twin.run(&["ingest", "notes"]);
    let ingested = server.requests().len();
    let (said, text) = told(&twin, &QUESTION);
    assert_snapshot!(said, @r#"
    any time · lookup · "plant beans"
    the question would be sent to tiny at 127.0.0.1:[PORT], this machine, for its meaning
    the passages here are found by words alone
    nothing more would be sent, since no language model is set: 412 tokens, 2 of 2 passages
    "#);
    assert!(text.contains("Planted beans and tomatoes with Lena"), "{text}");
    twin.run(&["recap", "2022", "--about", "beans", "--dry-run"]);
    assert_snapshot!(told(&twin, &["search", "beans", "--dry-run"]).0, @"
    the question would be sent to tiny at 127.0.0.1:[PORT], this machine, for its meaning
    nothing more would be sent
    ");
    assert_eq!(server.requests().len(), ingested);
    twin.run(&["ask", "who did I plant beans with?"]);
    assert!(server.requests().len() > ingested);
}
