//! `twin purge`: what is known of a note is gone for good.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicBool},
};

use insta::assert_snapshot;
use logtwin::index::State;

use super::{
    LOGBOOK, Twin,
    rebuild::{embedded_by, embeds},
    server::OnServer,
};
use crate::servers::Server;

/// A word of the note as it was first, one as it is, and one of its path.
const RARE: [&str; 3] = ["quokka", "zyzzyva", "axolotl"];
const NOTE: &str = "people/axolotl.md";

/// Where these words stand in the files below a folder, whatever their case.
fn places(folder: &Path) -> Vec<(PathBuf, &'static str)> {
    let mut places = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            places.extend(self::places(&path));
            continue;
        }
        let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).to_lowercase();
        places
            .extend(RARE.iter().filter(|word| text.contains(*word)).map(|it| (path.clone(), *it)));
    }
    places
}

/// A user who has ingested a note, changed it, and asked about it.
fn user(twin: Twin) -> Twin {
    twin.write(NOTE, "# Ana\n\n## 2022-07-01\n\nShe keeps a quokka.\n");
    twin.run(&["ingest", "notes"]);
    twin.write(NOTE, "# Ana\n\n## 2022-07-01\n\nShe keeps a zyzzyva, and told nobody.\n");
    twin.run(&["ingest"]);
    let asked = twin.run_with("what happened on 2022-07-01?\n", &["chat", "--session", "pets"]);
    assert!(asked.contains("zyzzyva"), "{asked}");
    twin.run(&["ask", "what did I do in May 2022?"]);
    let state = State::open(&twin.collection().join("state.sqlite")).unwrap();
    state.keep_map("key", "Ana's zyzzyva").unwrap();
    twin
}

#[test]
fn no_byte_of_a_purged_note_is_left_in_any_file() {
    let server = Server::answering(embeds(Arc::new(AtomicBool::new(false))));
    let twin = user(embedded_by(&server, Twin::new(&LOGBOOK)));
    fs::remove_file(twin.note(NOTE)).unwrap();
    let before = places(&twin.home().join("data"));
    for word in RARE {
        assert!(before.iter().any(|(_, found)| *found == word), "{word}: {before:?}");
    }
    assert_snapshot!(twin.run(&["purge", NOTE]), @"
    exit 2
    ── stderr
    error: everything that is known of people/axolotl.md goes, with the conversations that name it and the cache of recaps; nothing was removed yet

    hint: if that is meant, add --yes
    ");
    assert_eq!(places(&twin.home().join("data")), before, "nothing was removed yet");
    assert_snapshot!(twin.run(&["purge", NOTE, "--yes", "--json"]), @r#"
    exit 0
    ── stdout
    {
      "notes": [
        {
          "root": "notes",
          "path": "people/axolotl.md"
        }
      ],
      "chunks": 1,
      "conversations": [
        "pets"
      ],
      "still_there": [],
      "schema": "logtwin/purge/1"
    }
    "#);
    assert_eq!(places(&twin.home()), []);
    assert!(twin.run(&["check"]).starts_with("exit 0\n"));
    assert_snapshot!(twin.run(&["search", "beans", "-n", "1"]), @r#"
    exit 0
    ── stdout
    daily/2022-05-14.md:8  2022-05-14  Beans › Work
        ## Work

        The release slipped because nobody owned the migration. I learned to ask who owns a thing before I build it.
    ── stderr
    any time · lookup · "beans"
    "#);
    let sessions = twin.run(&["sessions", "list"]);
    assert!(sessions.contains("last") && !sessions.contains("pets"), "{sessions}");
    let rebuilt = twin.run(&["ingest", "--rebuild"]);
    assert!(rebuilt.contains("7 chunks stored, 0 embedded"), "the rest is still kept: {rebuilt}");
    assert_eq!(places(&twin.home()), []);
}

/// What an ingest has removed from the index is not yet gone from its files.
#[test]
fn a_note_that_left_the_index_before_is_purged_too() {
    let twin = user(Twin::new(&LOGBOOK));
    fs::remove_file(twin.note(NOTE)).unwrap();
    twin.run(&["ingest"]);
    assert!(!places(&twin.home().join("data")).is_empty());
    assert_snapshot!(twin.run(&["purge", NOTE, "--yes"]), @"
    exit 0
    ── stdout
    0 notes gone for good, 0 chunks
    ");
    assert_eq!(places(&twin.home()), []);
}

#[test]
fn a_note_that_is_still_there_is_warned_of() {
    let twin = Twin::ingested(&LOGBOOK);
    assert_snapshot!(twin.run(&["purge", "notes/recipes.md", "--yes"]), @"
    exit 0
    ── stdout
    1 note gone for good, 1 chunk
    ── stderr
    warning: [HOME]/notes/recipes.md is still there, to be read by the next ingest: delete what is to be forgotten, name it in .twinignore, or write `twin: false` in its front matter
    ");
    assert!(twin.run(&["search", "pancakes"]).starts_with("exit 4\n"));
    assert_snapshot!(twin.run(&["purge", "daily", "--yes", "-q"]), @"
    exit 0
    ── stdout
    3 notes gone for good, 4 chunks
    ── stderr
    warning: [HOME]/notes/daily/2021-03-08.md and 2 more are still there, to be read by the next ingest: delete what is to be forgotten, name it in .twinignore, or write `twin: false` in its front matter
    ");
    assert!(twin.run(&["ingest"]).contains("4 notes added"), "the notes are as they were");
}

#[test]
fn everything_is_purged_at_once() {
    let twin = user(Twin::new(&LOGBOOK));
    fs::remove_file(twin.note(NOTE)).unwrap();
    assert_snapshot!(twin.run(&["purge", "--all"]), @"
    exit 2
    ── stderr
    error: everything that is known of the logbook goes; nothing was removed yet

    hint: if that is meant, add --yes
    ");
    assert_snapshot!(twin.run(&["purge", "--all", "--yes"]), @"
    exit 0
    ── stdout
    everything is gone; your notes are as they were
    ");
    assert!(!twin.collection().exists());
    assert_eq!(places(&twin.home()), []);
    assert!(twin.run(&["status"]).starts_with("exit 10\n"));
    assert!(twin.note("recipes.md").exists());
}

/// A server rewrites a segment when it sees fit, so that the collection itself is another one.
#[test]
fn a_note_is_purged_from_a_server() {
    let Some(user) = OnServer::new("purge") else { return };
    let twin = &user.twin;
    twin.run(&["ingest", "notes"]);
    let purged = twin.run(&["purge", "recipes.md", "--yes"]);
    assert!(purged.contains("1 note gone for good, 1 chunk"), "{purged}");
    assert_eq!(user.collections(), [format!("{}-2", user.collection)]);
    assert!(twin.run(&["search", "pancakes"]).starts_with("exit 4\n"));
    assert!(twin.run(&["search", "beans"]).starts_with("exit 0\n"));
    assert!(twin.run(&["check"]).starts_with("exit 0\n"));
    twin.run(&["purge", "--all", "--yes"]);
    assert_eq!(user.collections(), Vec::<String>::new());
}
