//! `twin ask` where a model server runs on this machine and nobody has named it.

use std::net::TcpListener;

use insta::assert_snapshot;
use logtwin::backends::chat::Provider;
use serde_json::json;
use wiremock::ResponseTemplate;

use super::{LOGBOOK, Twin};
use crate::servers::{Server, events, status, stream};

const QUESTION: [&str; 2] = ["ask", "what did I learn at work in 2022?"];

/// An Ollama that has one model, which answers.
fn ollama() -> Server {
    let models = json!({"models": [{"name": "qwen3:4b", "details": {"family": "qwen3"}}]});
    let says = ["To ask who owns a thing [1]."];
    Server::new([status(200, &models), stream(&events(Provider::Ollama, &says, "stop"))])
}

/// A user who has named no provider, with a server where one is looked for.
fn twin(address: &str) -> Twin {
    Twin::ingested(&LOGBOOK)
        .with("llm.provider=auto")
        .with(format!("llm.local_servers=[\"{address}\"]"))
}

#[test]
fn a_server_that_runs_here_answers_and_is_named() {
    let server = ollama();
    let twin = twin(&server.server.uri());
    assert_snapshot!(twin.run(&QUESTION), @r#"
    exit 0
    ── stdout
    To ask who owns a thing [1].

    [1] daily/2022-05-14.md:8  2022-05-14  Beans
    ── stderr
    Ollama runs here, and answers: qwen3:4b at 127.0.0.1:[PORT], this machine; llm.provider=none does without
    2022 · recap · "work"
    "#);
    let paths = server.requests().iter().map(|it| it.url.path().to_owned()).collect::<Vec<_>>();
    assert_eq!(paths, ["/api/tags", "/v1/chat/completions"]);
}

#[test]
fn a_dry_run_asks_no_more_than_who_is_there() {
    let server = ollama();
    let twin = twin(&server.server.uri());
    let printed = twin.run(&["ask", "--dry-run", QUESTION[1]]);
    assert_snapshot!(printed.split_once("── stderr\n").unwrap().1, @r#"
    Ollama runs here, and answers: qwen3:4b at 127.0.0.1:[PORT], this machine; llm.provider=none does without
    2022 · recap · "work"
    would be sent to qwen3:4b at 127.0.0.1:[PORT], this machine: 261 tokens, 1 of 1 passages
    "#);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn it_is_not_looked_for_when_that_is_not_wanted() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let without = twin(&format!("http://{closed}")).run(&QUESTION);
    assert_snapshot!(without, @r#"
    exit 0
    ── stdout
    1. **Beans** (14 May 2022): I learned to ask who owns a thing before I build it. [1]

    Covers 1 entry, 14 May 2022.

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    [1] daily/2022-05-14.md:10  2022-05-14  Beans
    ── stderr
    2022 · recap · "work"
    "#);
    let server = ollama();
    let twin = twin(&server.server.uri());
    for unwanted in [&["--set", "llm.provider=none"][..], &["--offline"], &["--no-llm"]] {
        let arguments = if unwanted == ["--no-llm"] {
            [&QUESTION[..], unwanted].concat()
        } else {
            [unwanted, &QUESTION].concat()
        };
        assert_eq!(twin.run(&arguments), without, "{unwanted:?}");
    }
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn the_doctor_names_it() {
    let models = json!({"models": [{"name": "qwen3:4b"}]});
    let list = json!({"data": [{"id": "qwen3:4b"}]});
    let server = Server::new([status(200, &models), status(200, &list)]);
    let twin = twin(&server.server.uri());
    let printed = twin.run(&["doctor"]);
    let answers = printed.lines().find(|line| line.contains("answers")).unwrap();
    assert_snapshot!(answers, @"ok   answers    qwen3:4b at 127.0.0.1:[PORT], this machine, which answers");
}

#[test]
fn a_provider_that_wants_a_key_and_has_none_is_told_by_its_variable() {
    let twin = Twin::ingested(&LOGBOOK).with("llm.provider=groq");
    assert_snapshot!(twin.run(&QUESTION), @"
    exit 2
    ── stderr
    error: GROQ_API_KEY is not set

    hint: set it to your key, keep it with `twin keys set`, name another variable in llm.key_variable, or do without a model: --no-llm
    ");
}

/// Fault 112: the words of LM Studio, in a stream of status 200.
#[test]
fn an_overflow_inside_a_stream_is_answered_with_a_shorter_prompt() {
    let body = "event: error\ndata: {\"error\": {\"message\": \"Trying to keep the first 9000 \
                tokens when context the overflows.\"}}\n\n";
    let says = ["To ask who owns a thing [1]."];
    let server = Server::new([
        ResponseTemplate::new(200).set_body_raw(body, "text/event-stream"),
        stream(&events(Provider::LmStudio, &says, "stop")),
    ]);
    let printed = Twin::ingested(&LOGBOOK)
        .with("llm.provider=lmstudio")
        .with(format!("llm.url={}", server.base_url()))
        .with("llm.model=tiny")
        .run(&QUESTION);
    assert!(printed.contains("To ask who owns a thing [1]."), "{printed}");
    assert_eq!(server.requests().len(), 2);
}
