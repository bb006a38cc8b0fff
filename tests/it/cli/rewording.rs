//! A question whose time was not understood, put in plain words by a model behind HTTP, well and ill.

use std::net::TcpListener;

use insta::assert_snapshot;
use logtwin::backends::chat::Provider;
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use super::{LOGBOOK, Twin};
use crate::servers::{self, BOTH, Server, status};

const QUESTION: &str = "what did I write about the 2022 release?";
const REPLY: &str = r#"{"question": "What did I write about the release in 2022?"}"#;

/// A user whose questions a model at an address may put in other words.
fn twin(provider: Provider, base_url: &str) -> Twin {
    Twin::ingested(&LOGBOOK).asking(provider, base_url)
}

fn says(provider: Provider, text: &str) -> ResponseTemplate {
    servers::says(provider, &[text])
}

/// What is printed for the question when the model's server gives these replies, and how often it
/// was asked.
fn asked(replies: impl IntoIterator<Item = ResponseTemplate>) -> (String, usize) {
    let server = Server::new(replies);
    let twin = twin(Provider::OpenAi, &server.base_url()).with("time.ask_model=true");
    let printed = twin.run(&["ask", QUESTION]);
    let port = server.server.address().port().to_string();
    (printed.replace(&port, "[PORT]"), server.requests().len())
}

#[test]
fn a_time_that_was_not_understood_is_read_as_the_model_puts_it() {
    let printed = BOTH.map(|provider| {
        let server = Server::new([says(provider, REPLY), says(provider, "Beans [1].")]);
        let twin = twin(provider, &server.base_url()).with("time.ask_model=true");
        let printed = twin.run(&["ask", QUESTION]);
        assert_eq!(server.requests().len(), 2);
        let port = server.server.address().port().to_string();
        printed.replace(&port, "[PORT]")
    });
    assert_eq!(printed[0], printed[1]);
    assert_snapshot!(printed[0], @r#"
    exit 0
    ── stdout
    Beans [1].

    [1] daily/2022-05-14.md:8  2022-05-14  Beans
    ── stderr
    2022 · recap · "release"
    as small at 127.0.0.1:[PORT] puts it: What did I write about the release in 2022?
    "#);
}

#[test]
fn the_models_words_are_explained_and_given_as_json() {
    let provider = Provider::OpenAi;
    let server = Server::new([
        says(provider, REPLY),
        says(provider, "Beans [1]."),
        says(provider, REPLY),
        says(provider, "Beans [1]."),
    ]);
    let twin = twin(provider, &server.base_url()).with("time.ask_model=true");
    let explained = twin.run(&["ask", "--explain", QUESTION]);
    let (_, explained) = explained.split_once("── stderr\n").unwrap();
    let explained: Vec<&str> = explained.lines().take(6).collect();
    assert_snapshot!(explained.join("\n"), @r#"
    2022 · recap · "release"
    as small at 127.0.0.1:[PORT] puts it: What did I write about the release in 2022?
    reworded: "What did I write about the release in 2022?" → by small at 127.0.0.1:[PORT]
    period: "2022" → 2022, as written
    intent: "write" → recap
    topic: "release"
    "#);

    let printed = twin.run(&["ask", "--json", QUESTION]);
    let (_, json) = printed.split_once("── stdout\n").unwrap();
    let plan = serde_json::from_str::<Value>(json).unwrap()["plan"].take();
    assert_eq!(plan["question"], QUESTION);
    assert_eq!(plan["reworded"]["question"], "What did I write about the release in 2022?");
    assert!(plan["reworded"]["by"].as_str().unwrap().starts_with("small at 127.0.0.1"));
    assert_eq!(plan["spans"][0]["span"], json!({"start": "2022-01-01", "end": "2023-01-01"}));
    assert_eq!(plan["unsure"], false);
}

#[test]
fn what_the_model_may_not_say_is_dropped() {
    let provider = Provider::OpenAi;
    let answer = || says(provider, "Beans [1].");
    let invented = r#"{"question": "What did I write about the release in Rome in 2022?"}"#;
    let (printed, count) = asked([says(provider, invented), answer()]);
    assert_eq!(count, 2);
    assert_snapshot!(printed, @r#"
    exit 0
    ── stdout
    Beans [1].

    [1] daily/2022-05-14.md:8  2022-05-14  Beans
    ── stderr
    any time · lookup · "2022 release"
    “2022” was read as part of the topic, not as a period; write “in 2022” for the period.
    The model spoke of “Rome”, which was not asked about; the question was read without it.
    "#);
    let guess = r#"{"question": "What did I write about the 2022 release?"}"#;
    for (reply, reason) in [
        (guess, "The model named no period that can be read"),
        (r#"{"question": ""}"#, "The model named no period that can be read"),
        ("It was in May.", "The model did not say what is meant in a form that can be read"),
    ] {
        let (printed, count) = asked([says(provider, reply), answer()]);
        assert!(printed.contains(reason), "{printed}");
        assert!(printed.contains("any time · lookup · \"2022 release\""), "{printed}");
        assert_eq!(count, 2);
    }
}

#[test]
fn a_model_that_can_not_be_asked_leaves_the_question_as_it_was_read() {
    let body = json!({"error": {"message": "no"}});
    let (printed, _) = asked([status(400, &body), says(Provider::OpenAi, "Beans [1].")]);
    assert!(printed.starts_with("exit 0\n── stdout\nBeans [1]."), "{printed}");
    assert!(printed.contains("The model could not be asked what is meant"), "{printed}");

    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let alone = twin(Provider::OpenAi, &format!("http://{closed}/v1")).with("time.ask_model=true");
    assert_snapshot!(alone.run(&["ask", QUESTION]), @r#"
    exit 13
    ── stdout
    - 14 May 2022: The release slipped because nobody owned the migration. [1]

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    [1] daily/2022-05-14.md:10  2022-05-14  Beans
    ── stderr
    any time · lookup · "2022 release"
    “2022” was read as part of the topic, not as a period; write “in 2022” for the period.
    The model could not be asked what is meant (127.0.0.1:[PORT]: can't be reached: Connection refused (os error 111)); the question was read without it.
    The model gave no whole answer: this is an extract instead.
    error: 127.0.0.1:[PORT]: can't be reached: Connection refused (os error 111)

    hint: start the model's server, or look at `llm.url`
    "#);
}

#[test]
fn a_slow_model_is_not_waited_for() {
    let provider = Provider::OpenAi;
    let slow = says(provider, REPLY).set_delay(std::time::Duration::from_secs(30));
    let server = Server::new([slow, says(provider, "Beans [1].")]);
    let twin =
        twin(provider, &server.base_url()).with("time.ask_model=true").with("time.ask_seconds=1");
    let began = std::time::Instant::now();
    let printed = twin.run(&["ask", QUESTION]);
    assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
    assert!(printed.contains("The model could not be asked what is meant"), "{printed}");
    assert!(printed.contains("Beans [1]."), "{printed}");
}

#[test]
fn nobody_is_asked_unless_that_is_set_and_needed() {
    let provider = Provider::OpenAi;
    let server = Server::new([says(provider, "Beans [1].")]);
    // It is off by default.
    let twin = twin(provider, &server.base_url());
    assert!(!twin.run(&["ask", QUESTION]).contains("puts it"));
    assert_eq!(server.requests().len(), 1);

    let twin = twin.with("time.ask_model=true");
    for arguments in [
        &["ask", "--no-llm", QUESTION][..],
        &["ask", "--dry-run", QUESTION],
        &["search", QUESTION],
        &["ask", "--no-llm", "what did I learn at work in 2022?"],
    ] {
        assert!(!twin.run(arguments).contains("puts it"), "{arguments:?}");
    }
    assert_eq!(server.requests().len(), 1);
    // What is sure, and what a flag names, is no question for a model: it is asked for the answer
    // alone.
    twin.run(&["ask", "what did I learn at work in 2022?"]);
    twin.run(&["ask", QUESTION, "--year", "2022"]);
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn a_dry_run_shows_what_would_be_asked_first() {
    let server = Server::new([says(Provider::OpenAi, "No.")]);
    let twin = twin(Provider::OpenAi, &server.base_url()).with("time.ask_model=true");
    let printed = twin.run(&["ask", "--dry-run", QUESTION]);
    assert!(printed.contains("You put a question about a person's own logbook into plain words"));
    assert!(
        printed.contains("before the rest, the model would be asked what is meant"),
        "{printed}"
    );
    assert_eq!(server.requests().len(), 0);
}
