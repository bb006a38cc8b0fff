//! `--dry-run` of a question: what would be sent, and that nothing is.

use std::fs;

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
    let twin = embedded_at(Twin::new(&LOGBOOK), &server.base_url());
    let (said, _) = told(&twin, &["ingest", "notes", "--dry-run"]);
    assert_snapshot!(said, @"7 texts and 59 words, each by itself, 341 tokens, would be sent to tiny at 127.0.0.1:[PORT], this machine, to be embedded");
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

/// A user whose notes an endpoint embeds.
fn embedded_at(twin: Twin, url: &str) -> Twin {
    twin.with("embedding.model=http")
        .with("embedding.name=tiny")
        .with("embedding.dimension=2")
        .with(format!("embedding.url={url}"))
}

/// What a dry run of an ingest shows as JSON.
#[track_caller]
fn would_embed(twin: &Twin, arguments: &[&str]) -> Vec<String> {
    let printed = twin.run(&[&["ingest", "--dry-run", "--json"], arguments].concat());
    let json = printed.split_once("stdout\n").unwrap().1;
    let json = json.split("── stderr\n").next().unwrap();
    let json: Value = serde_json::from_str(json).unwrap();
    let embed = &json["would_embed"];
    let texts = embed["texts"].as_array().unwrap().iter().map(|it| &it["text"]);
    let all = texts.chain(embed["words"].as_array().unwrap());
    let mut all: Vec<String> = all.map(|text| text.as_str().unwrap().to_owned()).collect();
    all.sort();
    all
}

/// The texts that a server was asked to embed after so many requests.
fn embedded(server: &Server, before: usize) -> Vec<String> {
    let mut all = Vec::new();
    for request in server.requests().iter().skip(before) {
        let body: Value = request.body_json().unwrap();
        let texts = body["input"].as_array().unwrap();
        all.extend(texts.iter().map(|text| text.as_str().unwrap().to_owned()));
    }
    all.sort();
    all
}

#[test]
fn a_dry_run_shows_the_very_texts_that_an_ingest_sends() {
    let server = Server::answering(Embeddings);
    let twin = embedded_at(Twin::new(&LOGBOOK), &server.base_url())
        .with("embedding.passage_prefix=passage: ");
    twin.write("2024-01-02.md", "Pulled weeds.\n");
    twin.write("2024-01-03.md", "Pulled weeds.\n");
    let shown = would_embed(&twin, &["notes"]);
    assert!(shown.iter().all(|text| text.starts_with("passage: ")), "{shown:?}");
    twin.run(&["ingest", "notes"]);
    assert_eq!(shown, embedded(&server, 0));
    assert_eq!(would_embed(&twin, &[]), Vec::<String>::new());
    // Made anew, the index takes what was embedded before, but for single words.
    let shown = would_embed(&twin, &["--rebuild"]);
    assert!(!shown.iter().any(|text| text.contains("Pulled weeds")), "{shown:?}");
    let before = server.requests().len();
    twin.run(&["ingest", "--rebuild"]);
    assert_eq!(shown, embedded(&server, before));
    twin.write("2024-01-02.md", "Pulled weeds once more.\n");
    let shown = would_embed(&twin, &[]);
    assert_eq!(shown.len(), 1, "{shown:?}");
    let before = server.requests().len();
    twin.run(&["ingest"]);
    assert_eq!(shown, embedded(&server, before));
}

#[test]
fn a_dry_run_shows_what_another_machine_would_get_and_the_price() {
    let twin = Twin::new(&[
        ("2024-01-02.md", "Set up the router.\n\npassword: Tr0ub4dor&3x\n"),
        ("2024-01-03.md", "---\ntwin: local\n---\nSaw the doctor.\n"),
    ]);
    let twin = embedded_at(twin, "https://embeddings.example/v1");
    assert_snapshot!(twin.run(&["ingest", "notes", "--dry-run"]), @"
    exit 0
    ── stdout
    2 notes would be added, 0 changed, 0 removed, 0 unchanged
    3 chunks would be stored, 0 embedded, in [TIME]

    ===== 2024-01-02.md:1

    2024-01-02
    Set up the router.

    password: [secret]
    ── stderr
    not sent to embeddings.example: 2 passages: 2024-01-03.md:1 (twin: local), 2024-01-03.md:4 (twin: local)
    masked before it went to embeddings.example: 1 line: 2024-01-02.md:3
    1 text, 17 tokens, price unknown, would be sent to tiny at embeddings.example, another machine, to be embedded
    ");
    let twin = twin.with("embedding.price_per_million=100");
    assert_snapshot!(told(&twin, &["ingest", "notes", "--dry-run"]).0, @"
    not sent to embeddings.example: 2 passages: 2024-01-03.md:1 (twin: local), 2024-01-03.md:4 (twin: local)
    masked before it went to embeddings.example: 1 line: 2024-01-02.md:3
    1 text, 17 tokens, up to 0.00170, would be sent to tiny at embeddings.example, another machine, to be embedded
    ");
    let stored = Twin::new(&[("2024-01-02.md", "Set up the router.\n")])
        .with("qdrant.url=https://vectors.example:6334");
    assert_snapshot!(stored.run(&["ingest", "notes", "--dry-run"]), @r#"
    exit 0
    ── stdout
    1 note would be added, 0 changed, 0 removed, 0 unchanged
    1 chunk would be stored, 0 embedded, in [TIME]

    ===== 2024-01-02.md:1, to be stored

    {
      "text": "Set up the router.",
      "breadcrumb": [
        "2024-01-02"
      ],
      "root": "notes",
      "path": "2024-01-02.md",
      "version": "ee1335499eea23dc4c59e453d7e35f9eb6afbe157b478f8f19de1665df89971b",
      "entry": 0,
      "chunk": 0,
      "title": "2024-01-02",
      "line_start": 1,
      "line_end": 1,
      "entry_lines": {
        "first": 1,
        "last": 1
      },
      "span_start": 19724,
      "span_end": 19725,
      "weekday": "tuesday",
      "precision": "day",
      "provenance": "file-name",
      "tags": [],
      "mentions": [],
      "language": "en"
    }
    ── stderr
    1 chunk would be sent to vectors.example:6334, another machine, to be stored
    "#);
}

#[test]
fn a_dry_run_of_an_evaluation_sends_nothing() {
    let server = Server::answering(Embeddings);
    let twin = Twin::new(&[("2022-05-14.md", "Planted beans with Lena.\n")]);
    let questions = r#"{"id": "a", "question": "who did I plant beans with?", "category": "fact", "evidence": [{"file": "2022-05-14.md", "line_start": 1, "line_end": 1}]}"#;
    fs::write(twin.home().join("questions.jsonl"), questions).unwrap();
    let asked = ["eval", "questions.jsonl", "--notes", "notes", "--dry-run"];
    assert_snapshot!(twin.run(&asked), @"
    exit 0
    ── stderr
    nothing would be sent
    ");
    let twin = embedded_at(twin, &server.base_url());
    let against = [&asked[..], &["--against", "embedding.model=none"]].concat();
    assert_snapshot!(twin.run(&against), @"
    exit 0
    ── stdout

    ===== 2022-05-14.md:1

    2022-05-14
    Planted beans with Lena.

    ===== words

    beans
    lena
    planted

    ===== questions

    who did I plant beans with?
    ── stderr
    1 text and 3 words, each by itself, 17 tokens, would be sent to tiny at 127.0.0.1:[PORT], this machine, to be embedded
    1 question would be sent to tiny at 127.0.0.1:[PORT], this machine, for their meaning
    with embedding.model=none:
    nothing would be sent
    ");
    assert_eq!(server.requests().len(), 0);
}
