//! A Qdrant server that does not answer.

use insta::assert_snapshot;

use super::{LOGBOOK, Twin};

/// FAULTS 97.
#[test]
fn a_server_that_is_down_is_named_with_a_remedy() {
    let twin = Twin::ingested(&LOGBOOK).with("qdrant.url=http://127.0.0.1:1");
    assert_snapshot!(twin.run(&["ask", "who did I plant beans with?"]), @"
    exit 13
    ── stderr
    error: can't reach Qdrant at http://127.0.0.1:1: Connection refused

    hint: start the server, or leave its address out to use the embedded index
    ");
    assert_snapshot!(twin.run(&["search", "beans"]), @"
    exit 13
    ── stderr
    error: can't reach Qdrant at http://127.0.0.1:1: Connection refused

    hint: start the server, or leave its address out to use the embedded index
    ");
    assert_snapshot!(twin.run(&["ingest"]), @"
    exit 13
    ── stderr
    error: can't reach Qdrant at http://127.0.0.1:1: Connection refused

    hint: start the server, or leave its address out to use the embedded index
    ");
    assert_snapshot!(twin.run(&["recap", "2022"]), @"
    exit 13
    ── stderr
    error: can't reach Qdrant at http://127.0.0.1:1: Connection refused

    hint: start the server, or leave its address out to use the embedded index
    ");
}

/// FAULTS 97.
#[test]
fn an_ingest_into_a_server_that_is_down_commits_nothing() {
    let twin = Twin::new(&LOGBOOK).with("qdrant.url=http://127.0.0.1:1");
    assert_snapshot!(twin.run(&["ingest", "notes"]), @"
    exit 13
    ── stderr
    error: can't reach Qdrant at http://127.0.0.1:1: Connection refused

    hint: start the server, or leave its address out to use the embedded index
    ");
    assert_snapshot!(twin.run(&["status"]), @"
    exit 10
    ── stderr
    error: no index yet

    hint: make one with `twin ingest FOLDER`
    ");
}

#[test]
fn an_address_that_is_none_is_refused() {
    let twin = Twin::new(&LOGBOOK).with("qdrant.url=localhost");
    assert_snapshot!(twin.run(&["ingest", "notes"]), @r#"
    exit 2
    ── stderr
    error: flag: `qdrant.url`: this is no address

    hint: write it with its scheme, such as "http://127.0.0.1:6334"
    "#);
}
