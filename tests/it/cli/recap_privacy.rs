//! What recaps into files, comparisons and budgets send to another machine, and what is said of the
//! rest.

use insta::assert_snapshot;
use logtwin::backends::chat::Provider;
use serde_json::Value;

use super::{
    Twin,
    privacy::{elsewhere, sent, token, with_model},
};
use crate::servers::{Server, events, stream};

/// Two years, each with an entry for this machine only and one with a key in it.
fn user() -> Twin {
    let local = "---\ntwin: local\n---\n# Therapy\n\nMarianne asked why Mondays frighten me.\n";
    let secret = format!("# Deploy\n\nWe rotated the keys.\nThe new one is {}\n", token());
    Twin::ingested(&[
        ("2022-03-01.md", local),
        ("2022-03-03.md", &secret),
        ("2022-04-04.md", "# Bread\n\nI learned to bake bread.\n"),
        ("2023-03-01.md", local),
        ("2023-03-03.md", &secret),
        ("2023-04-04.md", "# Garden\n\nI learned to graft.\n"),
    ])
}

fn answering(count: usize) -> Server {
    let answer =
        || stream(&events(Provider::OpenAi, &["1. **Keys.** We rotated the keys [1]."], "stop"));
    Server::new((0..count).map(|_| answer()).collect::<Vec<_>>())
}

/// Runs, with what changes from run to run replaced.
fn run(twin: &Twin, server: &Server, arguments: &[&str]) -> String {
    twin.run(arguments).replace(&server.server.address().port().to_string(), "[PORT]")
}

fn check_sent(server: &Server) {
    let sent = sent(server);
    assert!(sent.contains("rotated the keys") && sent.contains("[secret]"), "{sent}");
    for kept in ["Therapy", "Marianne", "Mondays", &token()] {
        assert!(!sent.contains(kept), "{kept}: {sent}");
    }
}

#[test]
fn each_file_is_made_of_what_may_be_sent_and_the_rest_is_said() {
    let server = answering(2);
    let twin = with_model(user(), &elsewhere(&server));
    let arguments = ["recap", "2022-03..2022-04", "--every", "month", "--out", "out"];
    assert_snapshot!(run(&twin, &server, &arguments), @"
    exit 0
    ── stderr
    first use of 0.0.0.0:[PORT], another machine: it gets questions, with the passages that answer them (`--dry-run` shows them); secrets masked. `--offline` and [privacy] keep it here. This is said once.
    not sent to 0.0.0.0:[PORT]: 1 passage: 2022-03-01.md:1 (twin: local)
    masked before it went to 0.0.0.0:[PORT]: 1 line: 2022-03-03.md:4
    2022-03.md: written, 1 call
    2022-04.md: written, 1 call
    ");
    check_sent(&server);
    let file = std::fs::read_to_string(twin.home().join("out/2022-03.md")).unwrap();
    assert!(file.contains("not sent to 0.0.0.0"), "{file}");

    let json = [&arguments[..], &["--json", "--overwrite"]].concat();
    let printed = run(&twin, &server, &json);
    let (_, json) = printed.split_once("── stdout\n").unwrap();
    let report: Value = serde_json::from_str(json).unwrap();
    let withheld = &report["files"][0]["withheld"][0]["passages"];
    assert_snapshot!(withheld.to_string(), @r#"[{"place":"2022-03-01.md:1","rule":"twin: local"}]"#);
    assert_eq!(report["files"][1]["withheld"].as_array().unwrap().len(), 0);
}

#[test]
fn a_comparison_is_made_of_what_may_be_sent_and_the_rest_is_said() {
    let server = answering(1);
    let twin = with_model(user(), &elsewhere(&server));
    assert_snapshot!(run(&twin, &server, &["recap", "2023", "--compare", "2022"]), @"
    exit 0
    ── stdout
    # 2023, compared with 2022

    1. **Keys.** We rotated the keys [1]. [?]

    ## Sources

    - [1] 2023-04-04 · Garden · `2023-04-04.md:1`

    ## Coverage · 2022

    - 3 entries in the period, 2 read
    - `2022-03-01.md:1`: not sent to 0.0.0.0:[PORT] (twin: local)
    - nothing was written in January to February 2022 and May to December 2022

    ## Coverage · 2023

    - 3 entries in the period, 2 read
    - `2023-03-01.md:1`: not sent to 0.0.0.0:[PORT] (twin: local)
    - nothing was written in January to February 2023 and May to December 2023
    - 1 call to the model, 0 kept from before, 7 tokens read and 3 written
    ── stderr
    first use of 0.0.0.0:[PORT], another machine: it gets questions, with the passages that answer them (`--dry-run` shows them); secrets masked. `--offline` and [privacy] keep it here. This is said once.
    not sent to 0.0.0.0:[PORT]: 2 passages: 2022-03-01.md:1 (twin: local), 2023-03-01.md:1 (twin: local)
    masked before it went to 0.0.0.0:[PORT]: 2 lines: 2022-03-03.md:4, 2023-03-03.md:4
    [?] 1 sentence says what its sources do not: rotated, keys.
    ");
    check_sent(&server);
}

#[test]
fn a_dry_run_and_a_budget_count_the_very_text_that_is_sent() {
    let server = answering(0);
    let twin = with_model(user(), &elsewhere(&server)).with("llm.price_input_per_million=1000000");
    for arguments in [["recap", "2022"].as_slice(), &["recap", "2023", "--compare", "2022"]] {
        let dry = run(&twin, &server, &[arguments, &["--dry-run", "--json"]].concat());
        for kept in ["Therapy", "Marianne", "Mondays", &token()] {
            assert!(!dry.contains(kept), "{kept}: {dry}");
        }
        let (_, json) = dry.split_once("── stdout\n").unwrap();
        let shown: Value = serde_json::from_str(json).unwrap();
        assert!(shown["withheld"][0]["passages"].as_array().is_some_and(|all| !all.is_empty()));
        let tokens = shown["cost"]["tokens"]["input"].as_u64().unwrap();

        let over = run(&twin, &server, &[arguments, &["--budget", "1"]].concat());
        assert!(over.starts_with("exit 14\n"), "{over}");
        assert!(over.contains(&format!("about {tokens} tokens to read")), "{tokens}: {over}");
        assert!(!over.contains("not sent"), "nothing was sent, so nothing was kept back: {over}");
    }
    assert_eq!(sent(&server), "");
}
