//! `twin export`, `twin import` and `twin push`: an index is taken elsewhere as it is.

use std::{
    fs,
    sync::{Arc, atomic::AtomicBool},
};

use insta::assert_snapshot;
use serde_json::Value;

use super::{
    LOGBOOK, Twin,
    rebuild::{embedded_by, embeds, indexes},
    server::OnServer,
};
use crate::servers::Server;

fn endpoint() -> Server {
    Server::answering(embeds(Arc::new(AtomicBool::new(false))))
}

/// The lines of a file, as JSON.
fn lines(twin: &Twin, file: &str) -> Vec<Value> {
    let text = fs::read_to_string(twin.home().join(file)).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn an_index_is_exported_and_read_again_without_being_embedded() {
    let server = endpoint();
    let twin = embedded_by(&server, Twin::new(&LOGBOOK));
    twin.run(&["ingest", "notes"]);
    let before = twin.run(&["search", "beans", "--explain"]);
    let asked = server.requests().len();
    assert_snapshot!(twin.run(&["export", "index.jsonl"]), @"
    exit 0
    ── stdout
    5 notes and 7 chunks written to index.jsonl
    ");
    let exported = lines(&twin, "index.jsonl");
    let kinds: Vec<&str> = exported.iter().filter_map(|line| line["kind"].as_str()).collect();
    assert_eq!(kinds, ["index", "note", "note", "note", "note", "note", "words", "end"]);
    assert_eq!(exported[0]["schema"], "logtwin/export/1");
    let printed = twin.command(&["export"]).output().unwrap().stdout;
    assert_eq!(printed, fs::read(twin.home().join("index.jsonl")).unwrap());

    assert_snapshot!(twin.run(&["import", "index.jsonl"]), @"
    exit 2
    ── stderr
    error: there is an index already, [HOME]/data/logtwin/collections/logbook

    hint: name another, qdrant.collection, or remove it: `twin purge --all`
    ");
    twin.run(&["purge", "--all", "--yes"]);
    assert_snapshot!(twin.run(&["import", "index.jsonl"]), @"
    exit 0
    ── stdout
    5 notes and 7 chunks read
    ");
    assert!(twin.run(&["check"]).starts_with("exit 0\n"));
    let unchanged = twin.run(&["ingest"]);
    assert!(unchanged.contains("5 unchanged\n0 chunks stored, 0 embedded"), "{unchanged}");
    assert_eq!(server.requests().len(), asked, "nothing was embedded");
    assert_eq!(twin.run(&["search", "beans", "--explain"]), before);
    twin.run(&["export", "again.jsonl"]);
    assert_eq!(lines(&twin, "again.jsonl")[1..], exported[1..]);
}

#[test]
fn a_note_is_a_line_with_its_entries_and_chunks() {
    let twin = Twin::ingested(&LOGBOOK);
    twin.run(&["export", "index.jsonl"]);
    let exported = lines(&twin, "index.jsonl");
    assert!(exported[5]["chunks"][0]["sparse"]["indices"].is_array());
    let mut recipes = exported[5].clone();
    recipes["modified"] = 0.into();
    recipes["chunks"][0]["dense"] = Value::Null;
    recipes["chunks"][0]["sparse"] = Value::Null;
    assert_snapshot!(serde_json::to_string_pretty(&recipes).unwrap(), @r##"
    {
      "kind": "note",
      "root": "notes",
      "path": "recipes.md",
      "size": 61,
      "modified": 0,
      "version": "4bea7b5eb798428049d40aad16e42455cde54d79034064b2ca11218f13a24d41",
      "warnings": [],
      "unread": null,
      "entries": [
        {
          "root": "notes",
          "path": "recipes.md",
          "ordinal": 0,
          "title": "Recipes",
          "lines": {
            "first": 1,
            "last": 3
          },
          "span": null,
          "precision": null,
          "source": null,
          "tags": []
        }
      ],
      "chunks": [
        {
          "id": "a759a011-75be-503b-b7d0-12ceb04f5dcf",
          "dense": null,
          "sparse": null,
          "payload": {
            "text": "# Recipes\n\nPancakes: two eggs, flour, milk, a pinch of salt.",
            "breadcrumb": [
              "Recipes"
            ],
            "root": "notes",
            "path": "recipes.md",
            "version": "4bea7b5eb798428049d40aad16e42455cde54d79034064b2ca11218f13a24d41",
            "entry": 0,
            "chunk": 0,
            "title": "Recipes",
            "line_start": 1,
            "line_end": 3,
            "entry_lines": {
              "first": 1,
              "last": 3
            },
            "span_start": null,
            "span_end": null,
            "weekday": null,
            "precision": null,
            "provenance": null,
            "tags": [],
            "mentions": [],
            "language": "en"
          }
        }
      ]
    }
    "##);
}

#[test]
fn an_export_that_is_not_whole_makes_no_index() {
    let twin = Twin::ingested(&LOGBOOK);
    twin.run(&["export", "index.jsonl"]);
    twin.run(&["purge", "--all", "--yes"]);
    let whole = fs::read_to_string(twin.home().join("index.jsonl")).unwrap();
    let cut: Vec<&str> = whole.lines().take(4).collect();
    fs::write(twin.home().join("cut.jsonl"), cut.join("\n")).unwrap();
    assert_snapshot!(twin.run(&["import", "cut.jsonl"]), @"
    exit 1
    ── stderr
    error: the export ends after line 4

    hint: it was cut short: export again
    ");
    assert_snapshot!(twin.run(&["import", "notes/recipes.md"]), @"
    exit 2
    ── stderr
    error: line 1 is not that of an export: expected value at line 1 column 1

    hint: import what `twin export` wrote
    ");
    assert!(twin.run(&["status"]).starts_with("exit 10\n"));
    assert_eq!(indexes(&twin), Vec::<String>::new());
    let newer = whole.replace("logtwin/export/1", "logtwin/export/9");
    assert_snapshot!(twin.run_with(&newer, &["import", "-"]), @"
    exit 12
    ── stderr
    error: the export has the form logtwin/export/9, not logtwin/export/1
    ");
    assert!(twin.run_with(&whole, &["import", "-"]).starts_with("exit 0\n"));
}

#[test]
fn an_index_of_another_model_is_not_imported() {
    let twin = Twin::ingested(&LOGBOOK[..1]);
    twin.run(&["export", "index.jsonl"]);
    twin.run(&["purge", "--all", "--yes"]);
    let other = twin.with("chunk.desired_characters=300").run(&["import", "index.jsonl"]);
    assert!(other.starts_with("exit 12\n"), "{other}");
}

#[test]
fn there_is_nothing_to_push_to_without_a_server() {
    assert_snapshot!(Twin::ingested(&LOGBOOK).run(&["push"]), @"
    exit 2
    ── stderr
    error: no server is named

    hint: name it: qdrant.url
    ");
}

/// Where there is a server.
#[test]
fn an_index_moves_to_a_server_without_being_embedded() {
    let server = endpoint();
    let Some(mut user) = OnServer::with("push", |twin| embedded_by(&server, twin)) else { return };
    user.run_here(&["ingest", "notes"]);
    let before = user.run_here(&["search", "beans"]);
    let twin = &user.twin;
    let asked = server.requests().len();
    let missing = twin.run(&["search", "beans"]);
    assert!(missing.starts_with("exit 10\n"), "{missing}");
    let pushed = twin.run(&["push"]);
    assert!(pushed.contains("5 notes and 7 chunks moved to"), "{pushed}");
    assert_eq!(user.collections(), [format!("{}-2", user.collection)]);
    assert_eq!(twin.run(&["search", "beans"]), before);
    assert!(twin.run(&["check"]).starts_with("exit 0\n"));
    assert!(twin.run(&["ingest"]).contains("5 unchanged"));
    assert!(server.requests().len() <= asked + 2, "questions alone are embedded");
    let again = twin.run(&["push"]);
    assert!(again.starts_with("exit 2\n"), "{again}");
    let left = user.run_here(&["search", "beans"]);
    assert!(left.starts_with("exit 10\n"), "{left}");
}
