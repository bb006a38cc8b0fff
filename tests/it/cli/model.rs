//! `twin ask` with a language model behind HTTP, well and ill.
//!
//! Whatever becomes of the model, the passages are shown.

use std::{
    net::TcpListener,
    time::{Duration, Instant},
};

use insta::assert_snapshot;
use logtwin::backends::chat::Provider;
use serde_json::json;
use wiremock::ResponseTemplate;

use super::{LOGBOOK, Twin};
use crate::servers::{BOTH, Server, Then, begun, events, listener, says, status, stream};

const QUESTION: [&str; 2] = ["ask", "what did I learn at work in 2022?"];

/// A user whose answers come from a model at an address.
fn twin(provider: Provider, base_url: &str) -> Twin {
    Twin::ingested(&LOGBOOK).asking(provider, base_url)
}

/// What is printed for the question when the model's server gives these replies, and how often it
/// was asked.
fn asked(
    provider: Provider,
    replies: impl IntoIterator<Item = ResponseTemplate>,
) -> (String, usize) {
    let server = Server::new(replies);
    let printed = twin(provider, &server.base_url()).run(&QUESTION);
    let port = server.server.address().port().to_string();
    (printed.replace(&port, "[PORT]"), server.requests().len())
}

#[test]
fn an_answer_streams_with_its_sources_in_both_formats() {
    let pieces = ["To ask who owns ", "a thing [1", "]."];
    let printed = BOTH.map(|provider| asked(provider, [says(provider, &pieces)]));
    assert_eq!(printed[0], printed[1]);
    assert_snapshot!(printed[0].0, @r#"
    exit 0
    ── stdout
    To ask who owns a thing [1].

    [1] daily/2022-05-14.md:8  2022-05-14  Beans
    ── stderr
    2022 · recap · "work"
    "#);
}

#[test]
fn an_answer_of_a_model_is_given_as_json() {
    let provider = Provider::Anthropic;
    let server = Server::new([says(provider, &["To ask who owns a thing [1]."])]);
    let twin = twin(provider, &server.base_url());
    let printed = twin.run(&["ask", "--json", QUESTION[1]]);
    let (_, json) = printed.split_once("── stdout\n").unwrap();
    let answer = serde_json::from_str::<serde_json::Value>(json).unwrap()["answer"].take();
    assert_eq!(answer["text"], "To ask who owns a thing [1].");
    assert_eq!(answer["citations"][0]["path"], "daily/2022-05-14.md");
    assert_eq!(answer["made_by"]["model"], "small");
    assert_eq!(answer["tokens"], json!({"input": 7, "output": 3}));
}

#[test]
fn a_model_is_not_asked_what_the_logbook_does_not_say() {
    let server = Server::new([says(Provider::OpenAi, &["You built a ship [1]."])]);
    let twin = twin(Provider::OpenAi, &server.base_url());
    assert_snapshot!(twin.run(&["ask", "what did I do in 2019?"]), @"
    exit 4
    ── stdout
    Nothing about 2019: the logbook covers 2021-03-08 to 2023-11-24.

    Nearest entries:
    - 8 March 2021 · A loaf · `daily/2021-03-08.md:1`
    ── stderr
    2019 · recap
    1 entry without a date is in no period.
    ");
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn a_dry_run_says_where_the_prompt_would_go() {
    let server = Server::new([says(Provider::OpenAi, &["No."])]);
    let twin = twin(Provider::OpenAi, &server.base_url());
    let printed = twin.run(&["ask", "--dry-run", QUESTION[1]]);
    let (_, said) = printed.split_once("── stderr\n").unwrap();
    assert_snapshot!(said, @r#"
    2022 · recap · "work"
    would be sent to small at 127.0.0.1:[PORT], this machine: 371 tokens, 1 of 1 passages
    "#);
    assert_eq!(server.requests().len(), 0);
}

/// Fault 128: a citation of a passage that was not given is removed.
#[test]
fn a_citation_of_a_passage_that_is_not_there_is_flagged() {
    let answer = ["To ask who owns a thing [1]. Also to sing [9", "9]."];
    let (printed, _) = asked(Provider::OpenAi, [says(Provider::OpenAi, &answer)]);
    assert_snapshot!(printed, @r#"
    exit 0
    ── stdout
    To ask who owns a thing [1]. Also to sing.

    [1] daily/2022-05-14.md:8  2022-05-14  Beans
    ── stderr
    2022 · recap · "work"
    Removed citations of passages that were not given: 99.
    "#);
}

#[test]
fn what_its_sources_do_not_say_is_marked() {
    let provider = Provider::OpenAi;
    let pieces = [
        "To ask who owns a thing [1]. I sailed a boat ",
        "to Corsica [1]. ",
        "Then we ",
        "sold it in 1997.",
    ];
    let server = Server::new([says(provider, &pieces), says(provider, &pieces)]);
    let twin = twin(provider, &server.base_url());
    assert_snapshot!(twin.run(&QUESTION), @r#"
    exit 0
    ── stdout
    To ask who owns a thing [1]. I sailed a boat to Corsica [1]. [?] Then we sold it in 1997. [?]

    [1] daily/2022-05-14.md:8  2022-05-14  Beans
    ── stderr
    2022 · recap · "work"
    [?] 1 sentence cites nothing and is not checked. 1 sentence says what its sources do not: sailed, boat, Corsica.
    "#);
    let printed = twin.run(&["ask", "--json", QUESTION[1]]);
    let (_, json) = printed.split_once("── stdout\n").unwrap();
    let answer = serde_json::from_str::<serde_json::Value>(json).unwrap()["answer"].take();
    assert_eq!(answer["supported"], json!(0.333));
    assert_eq!(answer["text"], pieces.concat());
    let told = answer["claims"].as_array().unwrap().iter().map(|claim| {
        format!(
            "{} {} {} {}",
            claim["support"], claim["citations"], claim["missing"], claim["text"]
        )
    });
    assert_snapshot!(told.collect::<Vec<_>>().join("\n"), @r#"
    "supported" [1] [] "To ask who owns a thing [1]."
    "unsupported" [1] ["sailed","boat","Corsica"] "I sailed a boat to Corsica [1]."
    "uncited" [] [] "Then we sold it in 1997."
    "#);
}

#[test]
fn a_recap_is_marked_where_its_sources_do_not_say_so() {
    let provider = Provider::OpenAi;
    let text =
        "1. **Work.** I sailed a boat to Corsica [1]. I learned to ask who owns a thing [2].";
    let server = Server::new([says(provider, &[text])]);
    let printed = twin(provider, &server.base_url()).run(&["recap", "2022"]);
    assert_snapshot!(printed.split_once("## Sources").unwrap().0, @"
    exit 0
    ── stdout
    # 2022

    1. **Work.** I sailed a boat to Corsica [1]. [?] I learned to ask who owns a thing [2].
    ");
    assert_snapshot!(printed.split_once("── stderr\n").unwrap().1, @"[?] 1 sentence says what its sources do not: sailed, boat, Corsica. 1 sentence has sources in another language, and its words are not checked.");
}

#[test]
fn an_answer_that_cites_nothing_is_said_not_to_be_checked() {
    let answer = ["I learned to ask who owns a thing."];
    let (printed, _) = asked(Provider::OpenAi, [says(Provider::OpenAi, &answer)]);
    assert_snapshot!(printed, @r#"
    exit 0
    ── stdout
    I learned to ask who owns a thing. [?]

    [1] daily/2022-05-14.md:8  2022-05-14  Beans
    ── stderr
    2022 · recap · "work"
    [?] The model did not cite the passage that it was given; what it says is not checked.
    "#);
}

/// Faults 125 and 126: a foreign link and escapes of a terminal are plain text.
#[test]
fn an_answer_can_not_move_the_cursor_or_show_a_picture() {
    let answer = "\u{1b}[2J![x](https://example.org/?q=secret) See [1].";
    let (printed, _) = asked(Provider::OpenAi, [says(Provider::OpenAi, &[answer])]);
    assert_snapshot!(printed, @r#"
    exit 0
    ── stdout
    \u{1b}[2J![x](https://example.org/?q=secret) See [1]. [?]

    [1] daily/2022-05-14.md:8  2022-05-14  Beans
    ── stderr
    2022 · recap · "work"
    [?] 1 sentence says what its sources do not: 2.
    "#);
}

/// Fault 108: too many requests are waited for, within a cap.
#[test]
fn too_many_requests_are_waited_for() {
    let busy = |after: &str| {
        let body = json!({"error": {"message": "slow down", "type": "rate_limit_error"}});
        status(429, &body).insert_header("retry-after", after)
    };
    let provider = Provider::Anthropic;
    let whole = says(provider, &["To ask who owns a thing [1]."]);
    let (printed, count) = asked(provider, [busy("0"), whole]);
    assert!(printed.starts_with("exit 0\n── stdout\nTo ask who owns a thing [1]."), "{printed}");
    assert_eq!(count, 2);

    let (printed, count) = asked(provider, [busy("3600")]);
    assert_snapshot!(printed, @r#"
    exit 14
    ── stdout
    1. **Beans** (14 May 2022): I learned to ask who owns a thing before I build it. [1]

    Covers 1 entry, 14 May 2022.

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    [1] daily/2022-05-14.md:10  2022-05-14  Beans
    ── stderr
    2022 · recap · "work"
    The model gave no whole answer: this is an extract instead.
    error: 127.0.0.1:[PORT]: too many requests for this account: slow down

    hint: try again in 3600 s
    "#);
    assert_eq!(count, 1);
}

/// Fault 109: a spent quota is not asked again.
#[test]
fn a_spent_quota_is_not_asked_again() {
    let body =
        json!({"error": {"message": "You exceeded your quota", "code": "insufficient_quota"}});
    let (printed, count) = asked(Provider::OpenAi, [status(429, &body)]);
    assert_snapshot!(printed, @r#"
    exit 14
    ── stdout
    1. **Beans** (14 May 2022): I learned to ask who owns a thing before I build it. [1]

    Covers 1 entry, 14 May 2022.

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    [1] daily/2022-05-14.md:10  2022-05-14  Beans
    ── stderr
    2022 · recap · "work"
    The model gave no whole answer: this is an extract instead.
    error: 127.0.0.1:[PORT]: the quota of this account is spent: You exceeded your quota

    hint: look at the account's plan, or take another model
    "#);
    assert_eq!(count, 1);
}

/// Fault 110: a failing endpoint is asked twice more.
#[test]
fn a_failing_endpoint_is_asked_twice_more() {
    let body = json!({"error": {"message": "overloaded"}});
    let (printed, count) = asked(Provider::OpenAi, [status(500, &body)]);
    assert_snapshot!(printed, @r#"
    exit 13
    ── stdout
    1. **Beans** (14 May 2022): I learned to ask who owns a thing before I build it. [1]

    Covers 1 entry, 14 May 2022.

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    [1] daily/2022-05-14.md:10  2022-05-14  Beans
    ── stderr
    2022 · recap · "work"
    The model gave no whole answer: this is an extract instead.
    error: 127.0.0.1:[PORT]: the endpoint fails: overloaded

    hint: try again later, or take another model
    "#);
    assert_eq!(count, 3);
}

/// Fault 111: a refused key is named by its variable.
#[test]
fn a_key_that_is_refused_is_named_by_its_variable() {
    let body = json!({"error": {"message": "Incorrect API key provided: sk-hunter2"}});
    for provider in BOTH {
        let (printed, count) = asked(provider, [status(401, &body)]);
        assert!(printed.contains("the key in SOME_KEY is refused"), "{printed}");
        assert_eq!(count, 1);
    }
    let (printed, _) = asked(Provider::OpenAi, [status(401, &body)]);
    assert_snapshot!(printed, @r#"
    exit 2
    ── stdout
    1. **Beans** (14 May 2022): I learned to ask who owns a thing before I build it. [1]

    Covers 1 entry, 14 May 2022.

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    [1] daily/2022-05-14.md:10  2022-05-14  Beans
    ── stderr
    2022 · recap · "work"
    The model gave no whole answer: this is an extract instead.
    error: 127.0.0.1:[PORT]: the key in SOME_KEY is refused

    hint: set SOME_KEY to a valid key of this provider
    "#);
}

/// Fault 113: a stall ends at its deadline.
#[test]
fn a_stall_ends_at_its_deadline() {
    let began = begun(Provider::OpenAi, &["To ask who owns a thing [1]", " and"]);
    let (base_url, _) = listener(vec![began.into()], Then::Hang);
    let twin = twin(Provider::OpenAi, &base_url).with("llm.idle_seconds=1");
    let start = Instant::now();
    assert_snapshot!(twin.run(&QUESTION), @r#"
    exit 1
    ── stdout
    To ask who owns a thing [1] and …

    _Incomplete: the model broke off here, and its numbers stand for nothing. The notes say:_

    1. **Beans** (14 May 2022): I learned to ask who owns a thing before I build it. [1]

    Covers 1 entry, 14 May 2022.

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    [1] daily/2022-05-14.md:10  2022-05-14  Beans
    ── stderr
    2022 · recap · "work"
    The model gave no whole answer: this is an extract instead.
    error: 127.0.0.1:[PORT]: the answer stopped and nothing came within 1s

    hint: ask again, take a smaller model, or set longer deadlines
    "#);
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

/// Fault 114: a stream without its end is incomplete.
#[test]
fn an_answer_without_its_end_is_marked_incomplete() {
    let printed = BOTH.map(|provider| {
        asked(provider, [stream(&begun(provider, &["To ask who owns a thing [1]", " and"]))])
    });
    assert_eq!(printed[0], printed[1]);
    assert_snapshot!(printed[0].0, @r#"
    exit 1
    ── stdout
    To ask who owns a thing [1] and …

    _Incomplete: the model broke off here, and its numbers stand for nothing. The notes say:_

    1. **Beans** (14 May 2022): I learned to ask who owns a thing before I build it. [1]

    Covers 1 entry, 14 May 2022.

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    [1] daily/2022-05-14.md:10  2022-05-14  Beans
    ── stderr
    2022 · recap · "work"
    The model gave no whole answer: this is an extract instead.
    error: 127.0.0.1:[PORT]: the answer broke off before its end

    hint: ask again; what came until then is incomplete
    "#);
}

/// Fault 114: a stream without its end is incomplete.
#[test]
fn a_failure_stands_in_the_json_too() {
    let provider = Provider::OpenAi;
    let server = Server::new([stream(&begun(provider, &["To ask"]))]);
    let twin = twin(provider, &server.base_url());
    let printed = twin.run(&["ask", "--json", QUESTION[1]]);
    let (head, rest) = printed.split_once("── stdout\n").unwrap();
    let (json, said) = rest.split_once("── stderr\n").unwrap();
    let answer = serde_json::from_str::<serde_json::Value>(json).unwrap()["answer"].take();
    assert_eq!(head, "exit 1\n");
    assert_snapshot!(answer["failure"].to_string(), @r#"{"message":"127.0.0.1:[PORT]: the answer broke off before its end","remedy":"ask again; what came until then is incomplete","exit":1}"#);
    assert_snapshot!(said, @"
    error: 127.0.0.1:[PORT]: the answer broke off before its end

    hint: ask again; what came until then is incomplete
    ");
}

/// Fault 117: an empty answer or a refusal is none.
#[test]
fn an_empty_answer_is_a_failure() {
    let (printed, _) = asked(Provider::OpenAi, [says(Provider::OpenAi, &[" "])]);
    assert_snapshot!(printed, @r#"
    exit 1
    ── stdout
    1. **Beans** (14 May 2022): I learned to ask who owns a thing before I build it. [1]

    Covers 1 entry, 14 May 2022.

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    [1] daily/2022-05-14.md:10  2022-05-14  Beans
    ── stderr
    2022 · recap · "work"
    The model gave no whole answer: this is an extract instead.
    error: 127.0.0.1:[PORT]: the model gave no text

    hint: ask in other words, or take another model
    "#);
}

/// Fault 118: an answer that was cut off says so.
#[test]
fn an_answer_that_is_cut_off_says_so() {
    let reply = stream(&events(Provider::OpenAi, &["To ask who owns [1]"], "length"));
    assert_snapshot!(asked(Provider::OpenAi, [reply]).0, @r#"
    exit 0
    ── stdout
    To ask who owns [1]

    [1] daily/2022-05-14.md:8  2022-05-14  Beans
    ── stderr
    2022 · recap · "work"
    The answer was cut off at the limit of tokens.
    "#);
}

/// Fault 121: what can't be reached is named.
#[test]
fn a_model_that_can_not_be_reached_is_named() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let twin = twin(Provider::OpenAi, &format!("http://{closed}/v1"));
    assert_snapshot!(twin.run(&QUESTION), @r#"
    exit 13
    ── stdout
    1. **Beans** (14 May 2022): I learned to ask who owns a thing before I build it. [1]

    Covers 1 entry, 14 May 2022.

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    [1] daily/2022-05-14.md:10  2022-05-14  Beans
    ── stderr
    2022 · recap · "work"
    The model gave no whole answer: this is an extract instead.
    error: 127.0.0.1:[PORT]: can't be reached: Connection refused (os error 111)

    hint: start the model's server, or look at `llm.url`
    "#);
}

/// Fault 122: a local model that is not there can be pulled.
#[test]
fn a_local_model_that_is_not_there_can_be_pulled() {
    let message = r#"model "small" not found, try pulling it first"#;
    let body = json!({"error": {"message": message, "type": "api_error"}});
    assert_snapshot!(asked(Provider::OpenAi, [status(404, &body)]).0, @r#"
    exit 2
    ── stdout
    1. **Beans** (14 May 2022): I learned to ask who owns a thing before I build it. [1]

    Covers 1 entry, 14 May 2022.

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    [1] daily/2022-05-14.md:10  2022-05-14  Beans
    ── stderr
    2022 · recap · "work"
    The model gave no whole answer: this is an extract instead.
    error: 127.0.0.1:[PORT]: there is no model `small`: model "small" not found, try pulling it first

    hint: run `ollama pull small`
    "#);
}

#[test]
fn a_provider_without_a_key_is_not_asked() {
    let twin = Twin::ingested(&LOGBOOK).with("llm.provider=openai").with("llm.model=small");
    assert_snapshot!(twin.run(&QUESTION), @"
    exit 2
    ── stderr
    error: OPENAI_API_KEY is not set

    hint: set it to your key, keep it with `twin keys set`, name another variable in llm.key_variable, or do without a model: --no-llm
    ");
    for command in [&["recap", "2022"][..], &["chat"]] {
        assert!(twin.run(command).contains("error: OPENAI_API_KEY is not set"), "{command:?}");
    }
    for flag in ["--no-llm", "--dry-run"] {
        let printed = twin.run(&[&QUESTION[..], &[flag]].concat());
        assert!(printed.starts_with("exit 0\n"), "{printed}");
    }
}

#[test]
fn the_doctor_asks_the_endpoint_for_a_sign_of_life() {
    let server = Server::new([status(200, &json!({"data": [{"id": "small"}]}))]);
    let well = twin(Provider::OpenAi, &server.base_url());
    let printed = well.run(&["doctor"]);
    assert_snapshot!(printed.lines().last().unwrap(), @"ok   answers    small at 127.0.0.1:[PORT], this machine, which answers");
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let alone = twin(Provider::OpenAi, &format!("http://{closed}/v1"));
    let printed = alone.run(&["doctor"]);
    let (_, answers) = printed.split_once("FAIL answers    ").unwrap();
    assert_snapshot!(answers, @"
    127.0.0.1:[PORT]: can't be reached: Connection refused (os error 111)
                    hint: start the model's server, or look at `llm.url`
    ");
}

#[test]
fn a_recap_is_written_by_a_model_and_kept() {
    let provider = Provider::OpenAi;
    let server = Server::new([says(provider, &["1. **Work.** I learned to ask [1]."])]);
    let twin = twin(provider, &server.base_url());
    assert_snapshot!(twin.run(&["recap", "2022"]), @"
    exit 0
    ── stdout
    # 2022

    1. **Work.** I learned to ask [1].

    ## Sources

    - [1] 2022-05-14 · Beans · `daily/2022-05-14.md:4`

    ## Coverage

    - 2 entries in the period, 2 read
    - nothing was written in January to April 2022, June to August 2022 and October to December 2022
    - 1 entry of the logbook without a date, in no period
    - 1 call to the model, 0 kept from before, 7 tokens read and 3 written
    ");
}

/// Fault 110: a failing endpoint is asked twice more.
#[test]
fn a_recap_without_its_model_is_an_extract() {
    let body = json!({"error": {"message": "no"}});
    let server = Server::new([status(400, &body)]);
    let twin = twin(Provider::OpenAi, &server.base_url());
    assert_snapshot!(twin.run(&["recap", "2021"]), @"
    exit 1
    ── stdout
    # 2021

    1. **A loaf** (8 March 2021): Learned to bake sourdough: the starter wants 24 degrees and a night of rest. [1]

    Covers 1 entry, 8 March 2021.

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    ## Sources

    - [1] 2021-03-08 · A loaf · `daily/2021-03-08.md:3`

    ## Coverage

    - 1 entry in the period, 1 read
    - nothing was written in January to February 2021 and April to December 2021
    - 1 entry of the logbook without a date, in no period
    ── stderr
    The model gave no whole answer: this is an extract instead.
    error: 127.0.0.1:[PORT]: the request is refused: no

    hint: look at the settings of the model
    ");
}
