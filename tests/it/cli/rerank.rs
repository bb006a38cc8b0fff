//! Passages put in order once more: by an endpoint, by a model in the program, and by nobody.

use std::time::Duration;

use insta::assert_snapshot;
use serde_json::json;
use wiremock::ResponseTemplate;

use super::{KEY_VARIABLE, LOGBOOK, Twin};
use crate::servers::{Server, status};

const SEARCH: [&str; 5] = ["search", "garden", "beds", "--limit", "3"];

/// A user whose passages are put in order by an endpoint.
fn twin(base_url: &str) -> Twin {
    Twin::ingested(&LOGBOOK).with("rerank.provider=http").with(format!("rerank.url={base_url}"))
}

fn scores(scores: [f32; 3]) -> ResponseTemplate {
    let results: Vec<_> = scores
        .iter()
        .enumerate()
        .map(|(index, score)| json!({"index": index, "relevance_score": score}))
        .collect();
    status(200, &json!({"results": results}))
}

#[test]
fn an_endpoint_puts_the_best_passages_in_order() {
    let server = Server::new([scores([0.1, 0.2, 0.9])]);
    let twin = twin(&server.base_url())
        .with("rerank.model=small")
        .with(format!("rerank.key_variable={KEY_VARIABLE}"));
    let explained = [&SEARCH[..], &["--explain"]].concat();
    assert_snapshot!(twin.run(&explained), @r#"
    exit 0
    ── stdout
    daily/2022-05-14.md:8  2022-05-14  Beans › Work
        score 1.000: words 0.94, meaning 0.000, share of the words 41%, of the title 41%, period 0%, reranked 0.900
        ## Work

        The release slipped because nobody owned the migration. I learned to ask who owns a thing before I build it.
    daily/2022-05-14.md:4  2022-05-14  Beans
        score 0.125: words 0.96, meaning 0.000, share of the words 41%, of the title 41%, period 0%, reranked 0.200
        # Beans

        Planted beans and tomatoes with Lena. The soil is heavy clay.
    log.md:7  2023-11-24  Log › 2023-11-24
        score 0.000: words 3.11, meaning 0.000, share of the words 100%, of the title 0%, period 0%, reranked 0.100
        ## 2023-11-24

        Closed the garden for the winter and mulched the beds with leaves.
    ── stderr
    any time · lookup · "garden beds"
    "#);
    let requests = server.requests();
    let body: serde_json::Value = requests[0].body_json().unwrap();
    assert_snapshot!(serde_json::to_string_pretty(&body).unwrap(), @r#"
    {
      "model": "small",
      "query": "garden beds",
      "documents": [
        "Log › 2023-11-24\n## 2023-11-24\n\nClosed the garden for the winter and mulched the beds with leaves.",
        "Beans\n# Beans\n\nPlanted beans and tomatoes with Lena. The soil is heavy clay.",
        "Beans › Work\n## Work\n\nThe release slipped because nobody owned the migration. I learned to ask who owns a thing before I build it."
      ]
    }
    "#);
    assert_eq!(requests[0].url.path(), "/v1/rerank");
}

#[test]
fn an_endpoint_that_fails_is_late_or_is_not_there_leaves_the_order() {
    let reply = status(500, &json!({"error": {"message": "no memory is left"}}));
    let server = Server::new([reply]);
    assert_snapshot!(twin(&server.base_url()).run(&SEARCH), @r#"
    exit 0
    ── stdout
    log.md:7  2023-11-24  Log › 2023-11-24
        ## 2023-11-24

        Closed the garden for the winter and mulched the beds with leaves.
    daily/2022-05-14.md:4  2022-05-14  Beans
        # Beans

        Planted beans and tomatoes with Lena. The soil is heavy clay.
    daily/2022-05-14.md:8  2022-05-14  Beans › Work
        ## Work

        The release slipped because nobody owned the migration. I learned to ask who owns a thing before I build it.
    ── stderr
    warning: the passages stand as they were found: 127.0.0.1:[PORT]: 500 Internal Server Error: no memory is left
    any time · lookup · "garden beds"
    "#);
    let late = Server::new([scores([0.1, 0.2, 0.9]).set_delay(Duration::from_secs(30))]);
    let twin_of_late = twin(&late.base_url()).with("rerank.timeout_seconds=1");
    assert_snapshot!(twin_of_late.run(&SEARCH), @r#"
    exit 0
    ── stdout
    log.md:7  2023-11-24  Log › 2023-11-24
        ## 2023-11-24

        Closed the garden for the winter and mulched the beds with leaves.
    daily/2022-05-14.md:4  2022-05-14  Beans
        # Beans

        Planted beans and tomatoes with Lena. The soil is heavy clay.
    daily/2022-05-14.md:8  2022-05-14  Beans › Work
        ## Work

        The release slipped because nobody owned the migration. I learned to ask who owns a thing before I build it.
    ── stderr
    warning: the passages stand as they were found: 127.0.0.1:[PORT]: no scores within 1 s
    any time · lookup · "garden beds"
    "#);
    assert_snapshot!(twin("http://127.0.0.1:9").run(&SEARCH), @r#"
    exit 0
    ── stdout
    log.md:7  2023-11-24  Log › 2023-11-24
        ## 2023-11-24

        Closed the garden for the winter and mulched the beds with leaves.
    daily/2022-05-14.md:4  2022-05-14  Beans
        # Beans

        Planted beans and tomatoes with Lena. The soil is heavy clay.
    daily/2022-05-14.md:8  2022-05-14  Beans › Work
        ## Work

        The release slipped because nobody owned the migration. I learned to ask who owns a thing before I build it.
    ── stderr
    warning: the passages stand as they were found: 127.0.0.1:9: can't be reached: Connection refused (os error 111)
    any time · lookup · "garden beds"
    "#);
    assert_snapshot!(twin("http://127.0.0.1:9").run(&["ask", "who did I plant beans with?"]), @r#"
    exit 0
    ── stdout
    - 14 May 2022: Planted beans and tomatoes with Lena. [1]

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    [1] daily/2022-05-14.md:6  2022-05-14  Beans
    ── stderr
    any time · lookup · "plant beans"
    warning: the passages stand as they were found: 127.0.0.1:9: can't be reached: Connection refused (os error 111)
    "#);
}

#[test]
fn what_stands_in_order_of_time_is_not_sent() {
    let server = Server::new([scores([0.1, 0.2, 0.9])]);
    let twin = twin(&server.base_url());
    twin.run(&["ask", "what did I learn in 2022?"]);
    twin.run(&["ask", "when did I last write about the garden?"]);
    twin.run(&["recap", "2022"]);
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn a_dry_run_names_the_host_and_sends_nothing() {
    let server = Server::new([scores([0.1, 0.2, 0.9])]);
    let question = ["ask", "--dry-run", "who did I plant beans with?"];
    let twin_here = twin(&server.base_url()).with("rerank.model=small");
    let printed = twin_here.run(&question);
    let (_, said) = printed.split_once("── stderr\n").unwrap();
    assert_snapshot!(said, @r#"
    any time · lookup · "plant beans"
    the question, with up to 50 passages to put in order, would be sent to small at 127.0.0.1:[PORT], this machine
    nothing more would be sent, since no language model is set: 412 tokens, 2 of 2 passages
    "#);
    assert_eq!(server.requests().len(), 0);
    let printed = twin("https://rerank.example/v2").run(&question);
    assert!(printed.contains("the model at rerank.example, another machine"), "{printed}");
}

#[test]
fn a_key_is_not_sent_in_the_clear_and_a_model_must_be_named() {
    let remote = twin("http://rerank.example").with(format!("rerank.key_variable={KEY_VARIABLE}"));
    assert_snapshot!(remote.run(&SEARCH), @"
    exit 2
    ── stderr
    error: rerank.example: the key would travel there in plain text

    hint: use an https address, or unset SOME_KEY if this host needs no key
    ");
    let local = Twin::ingested(&LOGBOOK).with("rerank.provider=local");
    assert_snapshot!(local.run(&SEARCH), @"
    exit 2
    ── stderr
    error: flag: `rerank.model`: `` is no model that can be run here

    hint: name a folder, dir:PATH, or a model of the hub, hf:OWNER/NAME
    ");
    let nowhere = Twin::ingested(&LOGBOOK).with("rerank.provider=http");
    assert_snapshot!(nowhere.run(&SEARCH), @r#"
    exit 2
    ── stderr
    error: flag: `rerank.url`: provider "http" has no endpoint

    hint: set rerank.url, such as "http://127.0.0.1:8080/v1"
    "#);
}

#[cfg(feature = "local-embed")]
#[test]
fn a_model_in_the_program_puts_them_in_order() {
    use crate::tiny::Tiny;

    let twin = Twin::ingested(&LOGBOOK);
    Tiny::scoring("bert").write(&twin.home().join("scoring"));
    Tiny::embedding("bert").write(&twin.home().join("embedding"));
    let twin = twin.with("rerank.model=./scoring").with("rerank.provider=local");
    let explained = [&SEARCH[..], &["--explain"]].concat();
    assert_snapshot!(twin.run(&explained), @r#"
    exit 0
    ── stdout
    log.md:7  2023-11-24  Log › 2023-11-24
        score 1.000: words 3.11, meaning 0.000, share of the words 100%, of the title 0%, period 0%, reranked 1.233
        ## 2023-11-24

        Closed the garden for the winter and mulched the beds with leaves.
    daily/2022-05-14.md:4  2022-05-14  Beans
        score 0.343: words 0.96, meaning 0.000, share of the words 41%, of the title 41%, period 0%, reranked 0.889
        # Beans

        Planted beans and tomatoes with Lena. The soil is heavy clay.
    daily/2022-05-14.md:8  2022-05-14  Beans › Work
        score 0.000: words 0.94, meaning 0.000, share of the words 41%, of the title 41%, period 0%, reranked 0.710
        ## Work

        The release slipped because nobody owned the migration. I learned to ask who owns a thing before I build it.
    ── stderr
    any time · lookup · "garden beds"
    "#);
    let printed = twin.run(&["doctor"]);
    let reranking: Vec<&str> = printed.lines().filter(|line| line.contains("reranking")).collect();
    assert_snapshot!(reranking.join("\n"), @"ok   reranking  dir:scoring, here");
    let twin = twin.with("rerank.model=./embedding");
    assert_snapshot!(twin.run(&SEARCH), @"
    exit 2
    ── stderr
    error: [HOME]/embedding: the model is no reranker: it tells 2 kinds apart

    hint: take one that was trained to score a question with a passage, such as hf:cross-encoder/ms-marco-MiniLM-L6-v2 or hf:BAAI/bge-reranker-base
    ");
    let twin = twin.with("rerank.model=./nowhere");
    assert_snapshot!(twin.run(&SEARCH), @"
    exit 2
    ── stderr
    error: there is no model folder [HOME]/nowhere

    hint: name the folder that has config.json, tokenizer.json and model.safetensors, as the model was published; a model of the hub is named hf:OWNER/NAME
    ");
}
