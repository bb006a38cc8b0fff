//! `twin recap --every … --out DIR`: a file a part, and what it may cost.

use std::{fs, time::SystemTime};

use insta::assert_snapshot;
use logtwin::backends::chat::Provider;
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use super::{LOGBOOK, Twin};
use crate::servers::{self, Server, status};

const YEARS: [&str; 6] = ["recap", "2021..2023", "--every", "year", "--out", "out"];

fn says(text: &str) -> ResponseTemplate {
    servers::says(Provider::OpenAi, &[text])
}

/// A user with a model at a server.
fn with_model(server: &Server) -> Twin {
    Twin::ingested(&LOGBOOK).asking(Provider::OpenAi, &server.base_url())
}

/// When each file of a folder was written, by name.
fn written(twin: &Twin, folder: &str) -> Vec<(String, SystemTime)> {
    let mut files: Vec<(String, SystemTime)> = fs::read_dir(twin.home().join(folder))
        .unwrap()
        .map(|file| {
            let file = file.unwrap();
            let name = file.file_name().into_string().unwrap();
            (name, file.metadata().unwrap().modified().unwrap())
        })
        .collect();
    files.sort();
    files
}

#[test]
fn each_month_is_a_file_and_empty_ones_are_said() {
    let twin = Twin::ingested(&LOGBOOK);
    assert_snapshot!(twin.run(&["recap", "2022-04..2022-06", "--every", "month", "--out", "out/recaps"]), @"
    exit 0
    ── stderr
    2022-04.md: nothing to tell, not written
    2022-05.md: written
    2022-06.md: nothing to tell, not written
    ");
    let names: Vec<String> = written(&twin, "out/recaps").into_iter().map(|it| it.0).collect();
    assert_eq!(names, ["2022-05.md"]);
    let file = fs::read_to_string(twin.home().join("out/recaps/2022-05.md")).unwrap();
    assert_eq!(format!("exit 0\n── stdout\n{file}"), twin.run(&["recap", "2022-05"]));
}

#[test]
fn what_did_not_change_is_not_written_again() {
    let twin = Twin::ingested(&LOGBOOK);
    assert_eq!(twin.run(&[&YEARS[..], &["--quiet"]].concat()), "exit 0\n");
    let before = written(&twin, "out");
    twin.write("daily/2021-03-08.md", "# A loaf\n\nBaked another loaf with rye.\n");
    twin.run(&["ingest"]);
    assert_snapshot!(twin.run(&YEARS), @"
    exit 0
    ── stderr
    2021.md: written
    2022.md: unchanged
    2023.md: unchanged
    ");
    let after = written(&twin, "out");
    assert_ne!(before[0], after[0]);
    assert_eq!(before[1..], after[1..]);
}

#[test]
fn quarters_of_an_open_period_are_files_of_json() {
    let twin = Twin::ingested(&LOGBOOK);
    let arguments =
        ["recap", "since June 2023", "--every", "quarter", "--out", "out", "--format", "json"];
    assert_snapshot!(twin.run(&arguments), @"
    exit 0
    ── stderr
    2023-06.json: nothing to tell, not written
    2023-Q3.json: nothing to tell, not written
    2023-Q4.json: written
    ");
    let file = fs::read_to_string(twin.home().join("out/2023-Q4.json")).unwrap();
    let recap: Value = serde_json::from_str(&file).unwrap();
    assert_eq!(recap["citations"][0]["path"], "log.md");
}

#[test]
fn the_report_is_given_as_json() {
    let twin = Twin::ingested(&LOGBOOK);
    assert_snapshot!(twin.run(&["recap", "2019", "2021", "--out", "out", "--json"]), @r#"
    exit 0
    ── stdout
    {
      "files": [
        {
          "period": {
            "start": "2019-01-01",
            "end": "2020-01-01"
          },
          "file": "[HOME]/out/2019.md",
          "outcome": "empty",
          "calls": 0,
          "cached_calls": 0,
          "tokens": {
            "input": 0,
            "output": 0
          },
          "withheld": []
        },
        {
          "period": {
            "start": "2021-01-01",
            "end": "2022-01-01"
          },
          "file": "[HOME]/out/2021.md",
          "outcome": "written",
          "calls": 0,
          "cached_calls": 0,
          "tokens": {
            "input": 0,
            "output": 0
          },
          "withheld": []
        }
      ],
      "schema": "logtwin/recap-files/1"
    }
    "#);
}

#[test]
fn a_file_that_twin_did_not_write_is_left_alone() {
    let twin = Twin::ingested(&LOGBOOK);
    let file = twin.home().join("2021.md");
    fs::write(&file, "Mine.\n").unwrap();
    assert_snapshot!(twin.run(&["recap", "2021", "--out", "."]), @"
    exit 3
    ── stderr
    2021.md: left alone, since twin did not write what is there; --overwrite replaces it
    ");
    assert_eq!(fs::read_to_string(&file).unwrap(), "Mine.\n");
    assert_snapshot!(twin.run(&["recap", "2021", "--out", ".", "--overwrite"]), @"
    exit 0
    ── stderr
    2021.md: written
    ");
    assert!(fs::read_to_string(&file).unwrap().starts_with("# 2021"));
}

#[test]
fn recaps_are_not_written_among_the_notes() {
    let twin = Twin::ingested(&LOGBOOK);
    assert_snapshot!(twin.run(&["recap", "2021", "--out", "notes/../notes/recaps"]), @"
    exit 2
    ── stderr
    error: notes/../notes/recaps lies in the logbook folder [HOME]/notes, where recaps would be read as notes

    hint: name a folder outside of the logbook
    ");
    assert!(!twin.note("recaps").exists());
}

#[test]
fn a_run_that_failed_midway_goes_on_with_the_calls_that_are_missing() {
    let refused = || status(400, &json!({"error": {"message": "no"}}));
    let server = Server::new([says("1. **Bread.** A loaf [1]."), refused(), says("Done [1].")]);
    let twin = with_model(&server);
    assert_snapshot!(twin.run(&YEARS), @"
    exit 1
    ── stderr
    2021.md: written, 1 call
    error: 127.0.0.1:[PORT]: the request is refused: no

    hint: look at the settings of the model
    2022.md: not written; what was asked is kept, so run the same again to go on
    ");
    assert_eq!((written(&twin, "out").len(), server.requests().len()), (1, 2));
    assert_snapshot!(twin.run(&YEARS), @"
    exit 0
    ── stderr
    2021.md: unchanged, 0 calls
    2022.md: written, 1 call
    2023.md: written, 1 call
    ");
    assert_eq!(server.requests().len(), 4);
    let before = written(&twin, "out");
    assert_snapshot!(twin.run(&YEARS), @"
    exit 0
    ── stderr
    2021.md: unchanged, 0 calls
    2022.md: unchanged, 0 calls
    2023.md: unchanged, 0 calls
    ");
    assert_eq!((written(&twin, "out"), server.requests().len()), (before, 4));
}

#[test]
fn a_dry_run_says_what_the_calls_would_cost() {
    let server = Server::new([says("1. **Bread.** A loaf [1].")]);
    let twin = with_model(&server)
        .with("llm.price_input_per_million=1")
        .with("llm.price_output_per_million=4.5");
    let arguments = ["recap", "2021..2022", "--every", "year", "--dry-run"];
    let printed = twin.run(&arguments);
    assert_snapshot!(printed.split_once("── stderr\n").unwrap().1, @"
    2021: 1 call to make, 0 made before, about 375 tokens to read and up to 1024 to write, up to 0.00498, to small at 127.0.0.1:[PORT], this machine
    2022: 1 call to make, 0 made before, about 462 tokens to read and up to 1024 to write, up to 0.00507, to small at 127.0.0.1:[PORT], this machine
    all of them: 2 calls to make, 0 made before, about 837 tokens to read and up to 2048 to write, up to 0.01005
    ");
    twin.run(&["recap", "2021"]);
    let printed = twin.run(&[&arguments[..], &["--out", "out"]].concat());
    assert_snapshot!(printed.split_once("── stderr\n").unwrap().1, @"
    2021: 0 calls to make, 1 made before, about 0 tokens to read and up to 0 to write, up to 0.00, to small at 127.0.0.1:[PORT], this machine
    2022: 1 call to make, 0 made before, about 462 tokens to read and up to 1024 to write, up to 0.00507, to small at 127.0.0.1:[PORT], this machine
    all of them: 1 call to make, 1 made before, about 462 tokens to read and up to 1024 to write, up to 0.00507
    ");
    assert!(!twin.home().join("out").exists());
    let json = twin.run(&["recap", "2022", "--dry-run", "--json"]);
    let value: Value = serde_json::from_str(json.split_once("── stdout\n").unwrap().1).unwrap();
    assert_eq!(value["cost"]["calls"], 1);
    assert_eq!(value["cost"]["tokens"]["output"], 1024);
    assert!((0.005..0.006).contains(&value["price_max"].as_f64().unwrap()), "{value}");
}

/// Fault 123: it may cost more than the budget.
#[test]
fn more_than_the_budget_is_not_spent_unasked() {
    let server = Server::new([says("1. **Bread.** A loaf [1].")]);
    let twin = with_model(&server).with("llm.price_output_per_million=10");
    assert_snapshot!(twin.run(&["recap", "2021", "--budget", "0.005"]), @"
    exit 14
    ── stderr
    error: 1 call to make, 0 made before, about 375 tokens to read and up to 1024 to write, up to 0.01024, over the budget of 0.00500

    hint: --yes goes on, --budget sets another for this run, --dry-run shows what would be sent
    ");
    let strict = twin.run(&["--set", "recap.budget=0.005", "recap", "2021"]);
    assert!(strict.starts_with("exit 14\n"), "{strict}");
    assert_eq!(server.requests().len(), 0);
    let spent = twin.run(&["--set", "recap.budget=0.005", "recap", "2021", "--budget", "0.02"]);
    assert!(spent.starts_with("exit 0\n"), "{spent}");
    let free = twin.run(&["recap", "2021", "--budget", "0.005"]);
    assert!(free.starts_with("exit 0\n"), "what was asked before costs nothing: {free}");
    let told = twin.run(&["recap", "2022", "--budget", "0.005", "--yes"]);
    assert!(told.starts_with("exit 0\n"), "{told}");
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn a_budget_wants_prices_and_an_amount() {
    let server = Server::new([says("1. **Bread.** A loaf [1].")]);
    let twin = with_model(&server);
    assert_snapshot!(twin.run(&["recap", "2021", "--budget", "1"]), @"
    exit 2
    ── stderr
    error: a budget can't be kept without the prices of the model

    hint: set llm.price_input_per_million and llm.price_output_per_million, or --budget 0
    ");
    assert_snapshot!(twin.run(&["recap", "2021", "--budget=-1"]), @"
    exit 2
    ── stderr
    error: --budget -1: this is no amount of money

    hint: write it as a number, such as 2.50
    ");
    let extract = twin.run(&["recap", "2021", "--budget", "1", "--no-llm"]);
    assert!(extract.starts_with("exit 0\n"), "{extract}");
    assert_eq!(server.requests().len(), 0);
}
