//! What leaves the machine: entries kept back, secrets masked, and what is said of both.
//!
//! A server of a test listens on this machine; under the address 0.0.0.0, which names no machine
//! and leads to this one, the program takes it for another.

use insta::assert_snapshot;
use logtwin::backends::chat::Provider;
use serde_json::{Value, json};

use super::Twin;
use crate::servers::{Server, events, status, stream};

/// A key by its form, put together here so that nobody takes this file for a leak.
pub(super) fn token() -> String {
    format!("{}{}", "ghp_", "x4Tq9".repeat(8))
}

fn logbook() -> Vec<(&'static str, String)> {
    let private = "---\ntwin: private\n---\n# Therapy\n\nI learned why Mondays frighten me.\n";
    let local = "---\ntags: [health]\n---\n# Teeth\n\nI learned that the tooth has to go.\n";
    let secret = format!("# Deploy\n\nI learned to rotate keys.\nThe new one is {}\n", token());
    vec![
        ("2022-03-01.md", private.to_owned()),
        ("2022-03-02.md", local.to_owned()),
        ("2022-03-03.md", secret),
        ("2022-03-04.md", "# Bread\n\nI learned to bake bread.\n".to_owned()),
    ]
}

/// A user with notes of all kinds, who keeps those on health on this machine.
fn user() -> Twin {
    let notes = logbook();
    let notes: Vec<(&str, &str)> =
        notes.iter().map(|(path, text)| (*path, text.as_str())).collect();
    Twin::ingested(&notes).with("privacy.local_only_tags=health")
}

/// The address of a server as that of another machine.
pub(super) fn elsewhere(server: &Server) -> String {
    server.base_url().replace("127.0.0.1", "0.0.0.0")
}

fn answering(texts: &[&str]) -> Server {
    Server::new([stream(&events(Provider::OpenAi, texts, "stop"))])
}

pub(super) fn with_model(twin: Twin, url: &str) -> Twin {
    twin.with("llm.provider=openai").with("llm.model=small").with(format!("llm.url={url}"))
}

/// All that a server was sent.
pub(super) fn sent(server: &Server) -> String {
    let bodies = server.requests().into_iter().map(|request| request.body);
    bodies.map(|body| String::from_utf8(body).unwrap()).collect()
}

const QUESTION: &str = "what did I learn in 2022?";

#[test]
fn another_machine_gets_what_it_may_have_and_what_was_kept_back_is_said() {
    let server = answering(&["To bake bread [1] and to rotate keys [2]."]);
    let twin = with_model(user(), &elsewhere(&server));
    let printed =
        twin.run(&["ask", QUESTION]).replace(&server.server.address().port().to_string(), "[PORT]");
    assert_snapshot!(printed, @"
    exit 0
    ── stdout
    To bake bread [1] and to rotate keys [2].

    [1] 2022-03-03.md:1  2022-03-03  Deploy
    [2] 2022-03-04.md:1  2022-03-04  Bread
    ── stderr
    2022 · recap
    first use of 0.0.0.0:[PORT], another machine: it gets questions, with the passages that answer them (`--dry-run` shows them); secrets masked. `--offline` and [privacy] keep it here. This is said once.
    not sent to 0.0.0.0:[PORT]: 3 passages: 2022-03-01.md:1 (twin: private), 2022-03-01.md:4 (twin: private), 2022-03-02.md:4 (tag health)
    masked before it went to 0.0.0.0:[PORT]: 1 line: 2022-03-03.md:4
    ");
    let sent = sent(&server);
    assert!(sent.contains("bake bread") && sent.contains("The new one is [secret]"), "{sent}");
    for kept in ["Mondays", "tooth", "Teeth", &token()] {
        assert!(!sent.contains(kept), "{kept}: {sent}");
    }
    let again = twin.run(&["ask", QUESTION]);
    assert!(!again.contains("first use"), "{again}");
}

#[test]
fn a_model_on_this_machine_gets_all_but_what_is_private() {
    let server = answering(&["Bread [1]."]);
    let twin = with_model(user(), &server.base_url());
    assert_snapshot!(twin.run(&["ask", QUESTION]), @"
    exit 0
    ── stdout
    Bread [1]. [?]

    [1] 2022-03-02.md:4  2022-03-02  Teeth
    ── stderr
    2022 · recap
    not sent to 127.0.0.1:[PORT]: 2 passages: 2022-03-01.md:1 (twin: private), 2022-03-01.md:4 (twin: private)
    [?] 1 sentence says what its sources do not: Bread.
    ");
    let sent = sent(&server);
    assert!(sent.contains("tooth") && sent.contains(&token()), "{sent}");
    assert!(!sent.contains("Mondays"), "{sent}");
}

#[test]
fn nothing_is_kept_back_in_silence_where_json_is_asked_for() {
    let server = answering(&["Bread [1]."]);
    let twin = with_model(user(), &elsewhere(&server)).with("privacy.mask_secrets=false");
    let printed = twin.run(&["ask", "--json", QUESTION]);
    let (_, json) = printed.split_once("── stdout\n").unwrap();
    let (json, _) = json.split_once("── stderr\n").unwrap();
    let withheld = serde_json::from_str::<Value>(json).unwrap()["withheld"].take();
    let withheld = serde_json::to_string_pretty(&withheld).unwrap();
    let withheld = withheld.replace(&server.server.address().port().to_string(), "[PORT]");
    assert_snapshot!(withheld, @r#"
    [
      {
        "from": "0.0.0.0:[PORT]",
        "passages": [
          {
            "place": "2022-03-01.md:1",
            "rule": "twin: private"
          },
          {
            "place": "2022-03-01.md:4",
            "rule": "twin: private"
          },
          {
            "place": "2022-03-02.md:4",
            "rule": "tag health"
          }
        ],
        "secrets": []
      }
    ]
    "#);
    assert!(sent(&server).contains(&token()));
}

#[test]
fn a_question_of_which_nothing_may_be_sent_is_answered_here() {
    let server = answering(&["Never said."]);
    let twin = with_model(user(), &elsewhere(&server));
    let printed = twin.run(&["ask", "when did the tooth have to go?"]);
    let printed = printed.replace(&server.server.address().port().to_string(), "[PORT]");
    assert_snapshot!(printed, @r#"
    exit 0
    ── stdout
    **2 March 2022**: I learned that the tooth has to go. [1]

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    [1] 2022-03-02.md:6  2022-03-02  Teeth
    ── stderr
    any time · when · "tooth"
    not sent to 0.0.0.0:[PORT]: 1 passage: 2022-03-02.md:4 (tag health)
    The model may read none of this: it was not asked, and this is an extract.
    "#);
    assert_eq!(sent(&server), "");
}

#[test]
fn a_recap_proves_what_was_not_sent() {
    let server = answering(&["1. **Bread.** To bake [2], to rotate keys [1]."]);
    let twin = with_model(user(), &elsewhere(&server));
    let printed = twin.run(&["recap", "2022-03"]);
    let printed = printed.replace(&server.server.address().port().to_string(), "[PORT]");
    assert_snapshot!(printed, @"
    exit 0
    ── stdout
    # March 2022

    1. **Bread.** To bake [2], to rotate keys [1].

    ## Sources

    - [1] 2022-03-03 · Deploy · `2022-03-03.md:1`
    - [2] 2022-03-04 · Bread · `2022-03-04.md:1`

    ## Coverage

    - 4 entries in the period, 2 read
    - `2022-03-01.md:1`: not sent to 0.0.0.0:[PORT] (twin: private)
    - `2022-03-02.md:4`: not sent to 0.0.0.0:[PORT] (tag health)
    - 1 call to the model, 0 kept from before, 7 tokens read and 3 written
    ── stderr
    first use of 0.0.0.0:[PORT], another machine: it gets questions, with the passages that answer them (`--dry-run` shows them); secrets masked. `--offline` and [privacy] keep it here. This is said once.
    not sent to 0.0.0.0:[PORT]: 2 passages: 2022-03-01.md:1 (twin: private), 2022-03-02.md:4 (tag health)
    masked before it went to 0.0.0.0:[PORT]: 1 line: 2022-03-03.md:4
    ");
    let sent = sent(&server);
    assert!(sent.contains("bread") && !sent.contains("tooth") && !sent.contains("Mondays"));
}

#[test]
fn a_dry_run_shows_the_very_text_and_sends_nothing() {
    let server = answering(&["Never said."]);
    let twin = with_model(user(), &elsewhere(&server));
    for command in [["ask", QUESTION], ["recap", "2022-03"]] {
        let printed = twin.run(&[&command[..], &["--dry-run"]].concat());
        assert!(printed.contains("The new one is [secret]"), "{printed}");
        assert!(printed.contains("not sent to 0.0.0.0"), "{printed}");
        assert!(!printed.contains("tooth") && !printed.contains("first use"), "{printed}");
    }
    assert_eq!(sent(&server), "");
}

#[test]
fn a_reranker_elsewhere_reads_only_what_it_may() {
    let results =
        json!([{"index": 0, "relevance_score": 0.1}, {"index": 1, "relevance_score": 0.9}]);
    let server = Server::new([status(200, &json!({"results": results}))]);
    let twin =
        user().with("rerank.provider=http").with(format!("rerank.url={}", elsewhere(&server)));
    let printed = twin.run(&["search", "tooth bread keys Mondays"]);
    let printed = printed
        .replace(&server.server.address().port().to_string(), "[PORT]")
        .replace(&token(), "[TOKEN]");
    assert_snapshot!(printed, @r#"
    exit 0
    ── stdout
    2022-03-03.md:1  2022-03-03  Deploy
        # Deploy

        I learned to rotate keys.
        The new one is [TOKEN]
    2022-03-02.md:4  2022-03-02  Teeth
        # Teeth

        I learned that the tooth has to go.
    2022-03-04.md:1  2022-03-04  Bread
        # Bread

        I learned to bake bread.
    2022-03-01.md:4  2022-03-01  Therapy
        # Therapy

        I learned why Mondays frighten me.
    2022-03-01.md:1  2022-03-01  Therapy
        ---
        twin: private
        ---
    ── stderr
    first use of 0.0.0.0:[PORT], another machine: it gets questions, with the best passages; secrets masked. `--offline` and [privacy] keep it here. This is said once.
    not sent to 0.0.0.0:[PORT]: 3 passages: 2022-03-01.md:1 (twin: private), 2022-03-01.md:4 (twin: private), 2022-03-02.md:4 (tag health)
    masked before it went to 0.0.0.0:[PORT]: 1 line: 2022-03-03.md:4
    any time · lookup · "tooth bread keys Mondays"
    "#);
    let sent = sent(&server);
    assert!(sent.contains("[secret]") && !sent.contains("has to go") && !sent.contains("frighten"));
}

#[test]
fn an_endpoint_for_embeddings_elsewhere_never_gets_what_stays_and_words_find_it() {
    let vectors = |count: usize| {
        let data: Vec<Value> =
            (0..count).map(|index| json!({"index": index, "embedding": [1.0, 0.5]})).collect();
        status(200, &json!({"data": data}))
    };
    let server = Server::new([vectors(2), vectors(1)]);
    let notes = logbook();
    let notes: Vec<(&str, &str)> =
        notes.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let twin = Twin::new(&notes)
        .with("embedding.model=http")
        .with("embedding.name=small")
        .with("embedding.dimension=2")
        .with(format!("embedding.url={}", elsewhere(&server)))
        .with("privacy.local_only_tags=health");
    let port = server.server.address().port().to_string();
    let ingested = twin.run(&["ingest", "notes"]).replace(&port, "[PORT]");
    assert_snapshot!(ingested, @"
    exit 0
    ── stdout
    4 notes added, 0 changed, 0 removed, 0 unchanged
    5 chunks stored, 2 embedded, in [TIME]
    the index holds 4 notes, 4 entries
    by year: 2022: 4
    ── stderr
    first use of 0.0.0.0:[PORT], another machine: it gets questions, and the text of all notes that may go there; secrets masked. `--offline` and [privacy] keep it here. This is said once.
    not sent to 0.0.0.0:[PORT]: 3 passages: 2022-03-01.md:1 (twin: private), 2022-03-01.md:4 (twin: private), 2022-03-02.md:4 (tag health)
    masked before it went to 0.0.0.0:[PORT]: 1 line: 2022-03-03.md:4
    ");
    let given = sent(&server);
    assert!(given.contains("[secret]") && !given.contains("tooth") && !given.contains("Mondays"));
    let found = twin.run(&["search", "tooth", "-n", "1"]).replace(&port, "[PORT]");
    assert_snapshot!(found, @r#"
    exit 0
    ── stdout
    2022-03-02.md:4  2022-03-02  Teeth
        # Teeth

        I learned that the tooth has to go.
    ── stderr
    any time · lookup · "tooth"
    "#);
    let changed = twin.with("privacy.never_paths=2022-03-04").run(&["ingest"]);
    assert!(changed.contains("[privacy] is not what it was"), "{changed}");
}

#[test]
fn a_rule_that_would_hold_nothing_back_is_refused() {
    let twin = Twin::new(&[]).with("privacy.never_paths=~/notes/health");
    assert_snapshot!(twin.run(&["status"]), @r#"
    exit 2
    ── stderr
    error: flag: `privacy.never_paths`: `~/notes/health` is no path below the logbook's folder

    hint: write it as sources are shown, such as "health/" or "**/letters/*.md"
    "#);
}

#[test]
fn the_doctor_tells_what_leaves_the_machine_and_what_does_not() {
    let line = |twin: &Twin| {
        let printed = twin.run(&["doctor"]);
        printed.lines().find(|line| line.contains("privacy")).unwrap().to_owned()
    };
    assert_snapshot!(line(&user()), @"ok   privacy    nothing goes to another machine; 1 entry for this machine only; 1 entry for no endpoint");
    assert_snapshot!(line(&with_model(user(), "https://a.example/v1")), @"ok   privacy    text goes to a.example, secrets masked; 1 entry for this machine only; 1 entry for no endpoint");
    assert_snapshot!(line(&user().with("privacy.offline=true")), @"ok   privacy    offline: no connection is made");
}
