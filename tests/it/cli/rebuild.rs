//! `twin ingest --rebuild`: another index is made beside the one that serves.

use std::{
    fs,
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use insta::assert_snapshot;
use logtwin::index::State;
use serde_json::{Value, json};
use wiremock::{Request, ResponseTemplate};

use super::{LOGBOOK, Twin};
use crate::servers::{Server, status};

/// The folders of indexes that there are.
pub(super) fn indexes(twin: &Twin) -> Vec<String> {
    let entries = fs::read_dir(twin.collection()).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut indexes: Vec<String> = names.filter(|name| name.starts_with("index")).collect();
    indexes.sort();
    indexes
}

/// More notes than are committed at once.
fn many_notes() -> Vec<(String, String)> {
    let note = |number| (format!("{number:04}.md"), format!("Walked {number} miles.\n"));
    (0..1030).map(note).collect()
}

/// An endpoint that embeds texts by their length, and keeps one about stalling waiting for as long as it is told to.
pub(super) fn embeds(stalls: Arc<AtomicBool>) -> impl Fn(&Request) -> ResponseTemplate {
    move |request| {
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        let texts = body["input"].as_array().unwrap();
        let vector = |text: &Value| json!([1.0, text.as_str().unwrap().len()]);
        let data: Vec<Value> = texts
            .iter()
            .enumerate()
            .map(|(index, text)| json!({"index": index, "embedding": vector(text)}))
            .collect();
        let is_slow = texts.iter().any(|text| text.as_str().unwrap().contains("stall"));
        let wait = if is_slow && stalls.load(Ordering::SeqCst) { 60 } else { 0 };
        status(200, &json!({"data": data})).set_delay(Duration::from_secs(wait))
    }
}

/// The same user with texts embedded by an endpoint.
pub(super) fn embedded_by(server: &Server, twin: Twin) -> Twin {
    twin.with("embedding.model=http")
        .with("embedding.name=tiny")
        .with("embedding.dimension=2")
        .with(format!("embedding.url={}", server.base_url()))
}

/// Faults 65, 78 and 89: until the new one is whole the old one serves, whatever ends the process.
#[test]
fn an_index_serves_while_another_is_made_and_when_that_is_killed() {
    let stalls = Arc::new(AtomicBool::new(true));
    let server = Server::answering(embeds(Arc::clone(&stalls)));
    let notes = many_notes();
    let notes: Vec<_> = notes.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let twin = embedded_by(&server, Twin::new(&notes));
    twin.run(&["ingest", "notes"]);
    let asked_before = server.requests().len();
    twin.write("zz.md", "The ox would stall.\n");

    let mut killed = twin.command(&["ingest", "--rebuild", "-q"]).spawn().unwrap();
    while server.requests().len() == asked_before {
        assert!(killed.try_wait().unwrap().is_none(), "it waits for the model");
        thread::sleep(Duration::from_millis(20));
    }
    let meanwhile = twin.run(&["search", "-n", "1", "577"]);
    assert!(meanwhile.starts_with("exit 0\n") && meanwhile.contains("0577.md"), "{meanwhile}");
    assert_eq!(indexes(&twin), ["index", "index-2"]);
    killed.kill().unwrap();
    killed.wait().unwrap();
    assert_eq!(twin.run(&["search", "-n", "1", "577"]), meanwhile);
    assert!(twin.run(&["status"]).contains("notes     1030\n"));

    stalls.store(false, Ordering::SeqCst);
    let ingested = twin.run(&["ingest"]);
    assert!(ingested.contains("1 note added"), "{ingested}");
    assert_eq!(indexes(&twin), ["index"]);
    let rebuilt = twin.run(&["rebuild"]);
    assert!(rebuilt.contains("1031 notes added, 0 changed, 0 removed, 0 unchanged"), "{rebuilt}");
    assert!(rebuilt.contains("1031 chunks stored, 0 embedded"), "{rebuilt}");
    assert_eq!(indexes(&twin), ["index-2"]);
    assert_eq!(twin.run(&["search", "-n", "1", "577"]), meanwhile);
}

/// Fault 78: a question that has waited for a run that writes sees what that has committed, and not the
/// half of it.
#[cfg(target_os = "linux")]
#[test]
fn a_question_that_waited_for_a_commit_sees_all_of_it() {
    let twin = Twin::ingested(&LOGBOOK);
    let (collection, before) = (twin.collection(), twin.home().join("before"));
    let after = twin.home().join("after");
    super::crash::copy(&collection, &before);
    twin.write("recipes.md", "# Recipes\n\nPancakes: eight eggs.\n");
    twin.run(&["ingest"]);
    fs::rename(&collection, &after).unwrap();
    fs::rename(&before, &collection).unwrap();

    let lock = fs::File::open(collection.join("index/lock")).unwrap();
    lock.lock().unwrap();
    let mut command = twin.command(&["search", "pancakes"]);
    let mut waits = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    thread::sleep(Duration::from_secs(1));
    assert!(waits.try_wait().unwrap().is_none(), "it waits for the index");
    let written = State::open(&after.join("state.sqlite")).unwrap();
    let note = written.notes().unwrap().into_iter().find(|note| note.path == "recipes.md").unwrap();
    let stored = written.stored("notes", "recipes.md").unwrap();
    fs::remove_dir_all(collection.join("index/shard")).unwrap();
    fs::rename(after.join("index/shard"), collection.join("index/shard")).unwrap();
    let mut state = State::open(&collection.join("state.sqlite")).unwrap();
    state.commit(&[(note, stored)], &[]).unwrap();
    drop(lock);
    let answered = twin.transcript(&waits.wait_with_output().unwrap());
    assert!(answered.starts_with("exit 0\n") && answered.contains("eight eggs"), "{answered}");
}

/// Faults 89 and 91: another chunker; an index of an earlier version.
#[test]
fn another_index_is_asked_for_once_it_is_made() {
    let twin = Twin::ingested(&LOGBOOK);
    twin.run(&["ask", "what did I learn in 2022?"]);
    let twin = twin.with("chunk.desired_characters=300");
    assert!(twin.run(&["search", "beans"]).starts_with("exit 12\n"));
    twin.run(&["ingest", "--rebuild"]);
    assert_eq!(indexes(&twin), ["index-2"]);
    assert!(twin.run(&["search", "beans"]).starts_with("exit 0\n"));
    let on = twin.run(&["ask", "--continue", "and in 2021?"]);
    assert!(on.contains("sourdough"), "conversations stay: {on}");
    twin.write("recipes.md", "# Recipes\n\nWaffles: three eggs.\n");
    assert!(twin.run(&["ingest"]).contains("1 changed"));
    twin.run(&["ingest", "--rebuild"]);
    assert_eq!(indexes(&twin), ["index-3"]);
    assert!(twin.run(&["search", "waffles"]).starts_with("exit 0\n"));
}

#[test]
fn a_rebuild_that_fails_leaves_the_old_index_alone() {
    let twin = Twin::ingested(&LOGBOOK);
    let before = twin.run(&["search", "beans"]);
    let elsewhere = ["--set", "embedding.model=http", "--set", "embedding.name=tiny"];
    let failed = twin.run(
        &[&["ingest", "--rebuild", "--set", "embedding.url=http://127.0.0.1:1"], &elsewhere[..]]
            .concat(),
    );
    assert!(failed.starts_with("exit 13\n"), "{failed}");
    assert_eq!(twin.run(&["search", "beans"]), before);
    assert_eq!(indexes(&twin), ["index"]);
}

/// Fault 60: a folder that is half there makes no index that is half there.
#[test]
fn a_rebuild_does_not_lose_many_notes_unless_it_is_said() {
    let notes = many_notes();
    let notes: Vec<_> =
        notes[..10].iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let twin = Twin::ingested(&notes);
    for (path, _) in &notes[..3] {
        fs::remove_file(twin.note(path)).unwrap();
    }
    assert_snapshot!(twin.run(&["ingest", "--rebuild"]), @"
    exit 1
    ── stderr
    error: 3 of 10 notes are gone; nothing was removed

    hint: is the folder mounted and synced? if they are really gone, add --allow-mass-delete
    ");
    let rebuilt = twin.run(&["ingest", "--rebuild", "--allow-mass-delete"]);
    assert!(rebuilt.contains("the index holds 7 notes"), "{rebuilt}");
}
