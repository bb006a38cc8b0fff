//! `twin check`, and what it repairs.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use insta::assert_snapshot;
use logtwin::{
    backends::qdrant::{Embedded, Schema, Server, ServerSettings},
    index::State,
    services::Index,
};
use uuid::Uuid;

use super::{LOGBOOK, Twin, server::OnServer};

/// The state, as a run that was cut off leaves it: nothing tells what was written to the files.
pub(super) fn cut_off(twin: &Twin) -> State {
    let state = State::open(&twin.collection().join("state.sqlite")).unwrap();
    state.break_seal().unwrap();
    state
}

fn embedded(twin: &Twin) -> Embedded {
    embedded_in(twin, "index", None)
}

/// The index in a folder of the collection, with vectors of so many components.
pub(super) fn embedded_in(twin: &Twin, name: &str, dimension: Option<usize>) -> Embedded {
    let folder = twin.collection().join(name);
    Embedded::open_existing(&folder, Schema { dimension }, Duration::from_secs(30)).unwrap()
}

/// Loses the chunks of these notes, and adds one that no note has.
pub(super) fn spoil(state: &State, index: &mut dyn Index, paths: &[&str]) {
    let lost: Vec<Uuid> =
        paths.iter().flat_map(|path| state.points("notes", path).unwrap()).collect();
    let any = index.ids().unwrap();
    let mut foreign = index.points(&any[..1]).unwrap().remove(0);
    foreign.id = Uuid::from_u128(7);
    index.delete(&lost).unwrap();
    index.upsert(&[foreign]).unwrap();
    index.flush().unwrap();
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect();
    files.sort();
    files
}

/// Flips a bit of a byte of a file.
fn flip(file: &Path, position: usize) {
    let mut bytes = fs::read(file).unwrap();
    bytes[position] ^= 4;
    fs::write(file, bytes).unwrap();
}

#[test]
fn an_index_that_is_whole_is_said_to_be() {
    let twin = Twin::ingested(&LOGBOOK);
    assert_snapshot!(twin.run(&["check"]), @"
    exit 0
    ── stdout
    ok   state      5 notes, 6 entries
    ok   index      7 chunks, each in its place
    ok   files      as they were written
    ok   model      none
    ok   notes      as they were read
    ");
    let clean = twin.run(&["check"]);
    twin.run(&["ask", "what did I learn in 2022?"]);
    assert_eq!(twin.run(&["check"]), clean, "a question changes nothing");
    twin.run(&["ingest"]);
    assert_eq!(twin.run(&["check"]), clean, "an ingest of nothing changes nothing");
    twin.run(&["ingest", "--rebuild"]);
    assert_eq!(twin.run(&["check"]), clean, "an index made anew is whole");
    fs::remove_file(twin.note("log.md")).unwrap();
    twin.write("recipes.md", "# Recipes\n\nWaffles: three eggs.\n");
    twin.write("2024-01-01.md", "Snow.\n");
    assert_snapshot!(twin.run(&["check"]), @"
    exit 0
    ── stdout
    ok   state      5 notes, 6 entries
    ok   index      7 chunks, each in its place
    ok   files      as they were written
    ok   model      none
    ok   notes      1 changed, 1 new and 1 gone since they were read; `twin ingest` reads them
    ");
    twin.run(&["ingest"]);
    assert!(twin.run(&["check"]).starts_with("exit 0\n"));
}

#[test]
fn before_anything_was_ingested_there_is_nothing_to_check() {
    let printed = Twin::new(&LOGBOOK).run(&["check"]);
    assert!(printed.starts_with("exit 10\n"), "{printed}");
}

/// Faults 65 and 107: killed at any step of a commit; points that were acknowledged are missing.
#[test]
fn what_is_lost_and_what_no_note_has_is_found_and_repaired() {
    let twin = Twin::ingested(&LOGBOOK);
    spoil(&cut_off(&twin), &mut embedded(&twin), &["daily/2022-05-14.md"]);
    assert_snapshot!(twin.run(&["check"]), @"
    exit 1
    ── stdout
    ok   state      5 notes, 6 entries
    FAIL index      chunks lost: 2 of 7, of daily/2022-05-14.md; chunks that no note has: 1
                    hint: repair it: `twin check --repair`
    ok   files      nothing to hold them against, since the last run was cut off; `twin ingest` ends it
    ok   model      none
    ok   notes      as they were read
    ");
    assert_snapshot!(twin.run(&["check", "--json"]), @r#"
    exit 1
    ── stdout
    {
      "findings": [
        {
          "part": "state",
          "is_well": true,
          "says": "5 notes, 6 entries",
          "remedy": null
        },
        {
          "part": "index",
          "is_well": false,
          "says": "chunks lost: 2 of 7, of daily/2022-05-14.md; chunks that no note has: 1",
          "remedy": "repair it: `twin check --repair`"
        },
        {
          "part": "files",
          "is_well": true,
          "says": "nothing to hold them against, since the last run was cut off; `twin ingest` ends it",
          "remedy": null
        },
        {
          "part": "model",
          "is_well": true,
          "says": "none",
          "remedy": null
        },
        {
          "part": "notes",
          "is_well": true,
          "says": "as they were read",
          "remedy": null
        }
      ],
      "chunks": {
        "committed": 7,
        "lost": [
          {
            "root": "notes",
            "path": "daily/2022-05-14.md",
            "chunks": 2
          }
        ],
        "orphans": [
          "00000000-0000-0000-0000-000000000007"
        ],
        "doubled": 0,
        "unreadable": 0
      },
      "damaged_files": [],
      "notes": {
        "changed": [],
        "gone": [],
        "new": []
      },
      "repaired": [],
      "schema": "logtwin/check/1"
    }
    "#);
    assert_snapshot!(twin.run(&["check", "--repair"]), @"
    exit 0
    ── stdout
    ok   state      5 notes, 6 entries
    ok   index      7 chunks, each in its place
    ok   files      as they were written
    ok   model      none
    ok   notes      as they were read
    ── stderr
    notes read anew: 1
    chunks removed that no note has: 1
    ");
    assert!(twin.run(&["search", "beans"]).contains("daily/2022-05-14.md:4"));
    let state = State::open(&twin.collection().join("state.sqlite")).unwrap();
    let index = embedded(&twin);
    assert_eq!(index.ids().unwrap().len() as u64, state.point_count().unwrap());
}

/// Fault 72: a flipped byte in any file of the index.
#[test]
fn a_flipped_byte_in_any_file_of_the_index_is_found() {
    let twin = Twin::ingested(&LOGBOOK);
    let folder = twin.collection().join("index");
    let sums = || Embedded::sums(&folder, Duration::from_secs(30)).unwrap();
    let whole = sums();
    let files = files(&folder.join("shard"));
    assert_eq!(files.len(), whole.len());
    for file in files.iter().filter(|file| fs::metadata(file).unwrap().len() > 0) {
        let position = fs::read(file).unwrap().len() / 3;
        flip(file, position);
        let changed = sums();
        let names = whole.iter().filter(|(name, sum)| changed.get(*name) != Some(*sum));
        let names: Vec<&str> = names.map(|(name, _)| name.as_str()).collect();
        assert!(names.len() == 1 && file.ends_with(names[0]), "{names:?}");
        flip(file, position);
    }
    let payload = files.iter().find(|file| file.ends_with("payload_storage/page_0.dat")).unwrap();
    let text = fs::read(payload).unwrap();
    let word = text.windows(9).position(|bytes| bytes == b"Pancakes:").unwrap();
    flip(payload, word);
    let found = twin.run(&["check"]);
    assert!(found.starts_with("exit 1\n"), "{found}");
    assert!(found.contains("payload_storage/page_0.dat"), "{found}");
    assert!(found.contains("hint: make it anew beside this one"), "{found}");
    let repaired = twin.run(&["check", "--repair"]);
    assert!(repaired.starts_with("exit 0\n"), "{repaired}");
    assert!(repaired.contains("the index was made anew"), "{repaired}");
    assert!(twin.run(&["search", "pancakes"]).contains("Pancakes: two eggs"));
}

/// Fault 72: a flipped byte in any file of the index.
#[test]
fn a_flipped_byte_in_the_state_is_found() {
    let twin = Twin::ingested(&LOGBOOK);
    let state = twin.collection().join("state.sqlite");
    let bytes = fs::read(&state).unwrap();
    let title = bytes.windows(6).rposition(|bytes| bytes == b"A loaf").unwrap();
    flip(&state, title);
    let found = twin.run(&["check"]);
    assert!(found.starts_with("exit 1\n"), "{found}");
    assert!(found.contains("what is known of the notes is not what was written"), "{found}");
    let repaired = twin.run(&["check", "--repair"]);
    assert!(repaired.starts_with("exit 0\n"), "{repaired}");
    // The pages that hold the table itself.
    for page in 1..4 {
        flip(&state, page * 4096);
    }
    let found = twin.run(&["check"]);
    assert!(!found.starts_with("exit 0\n"), "{found}");
}

/// Fault 107: points that were acknowledged are missing, where there is a server.
#[test]
fn what_a_server_has_lost_is_found_and_repaired() {
    let Some(user) = OnServer::new("lost") else { return };
    let twin = &user.twin;
    twin.run(&["ingest", "notes"]);
    let clean = twin.run(&["check"]);
    assert!(clean.starts_with("exit 0\n"), "{clean}");
    let settings = ServerSettings {
        url: user.url.clone(),
        api_key: None,
        collection: user.collection.clone(),
        shard_number: 1,
        replication_factor: 1,
        on_disk: false,
        timeout: Duration::from_secs(30),
    };
    let folder = twin.home().join("data/logtwin/collections").join(&user.collection);
    let state = State::open(&folder.join("state.sqlite")).unwrap();
    let mut server = Server::open_existing(&settings, Schema { dimension: None }).unwrap();
    spoil(&state, &mut server, &["recipes.md"]);
    let found = twin.run(&["check"]);
    assert!(
        found.contains("chunks lost: 1 of 7, of recipes.md; chunks that no note has: 1"),
        "{found}"
    );
    let repaired = twin.run(&["check", "--repair"]);
    assert!(repaired.starts_with("exit 0\n"), "{repaired}");
    assert_eq!(twin.run(&["check"]), clean);
}
