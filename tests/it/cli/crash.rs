//! The process ended at every step of a commit, and what the next one makes of what is left.
//!
//! Each of several actions is begun on the same index, again and again, and ended at another step each
//! time. Then a question is asked, the index is checked, brought up to date, checked again, and held
//! against one of the same notes that nothing ever interrupted. `.ci/crash.py` does the same with
//! `kill -9` at moments that chance takes.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    os::unix::process::ExitStatusExt as _,
    path::Path,
    process::Command,
    sync::{Arc, Mutex, atomic::AtomicBool},
    thread,
};

use logtwin::failpoint::Step;
use rustix::process::Signal;
use serde_json::Value;

use super::{
    LOGBOOK, Twin,
    check::{cut_off, embedded_in, spoil},
    rebuild::{embedded_by, embeds},
};
use crate::servers::Server;

/// The note that is purged.
const PURGED: &str = "daily/2022-09-02.md";

/// What is begun and ended before its end.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Action {
    First,
    Ingest,
    Rebuild,
    Purge,
    Repair,
    Import,
}

const ACTIONS: [Action; 6] =
    [Action::First, Action::Ingest, Action::Rebuild, Action::Purge, Action::Repair, Action::Import];

impl Action {
    fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::First | Self::Ingest => &["ingest", "notes"],
            Self::Rebuild => &["ingest", "notes", "--rebuild"],
            Self::Purge => &["purge", PURGED, "--yes"],
            Self::Repair => &["check", "--repair"],
            Self::Import => &["import", "export.jsonl"],
        }
    }

    /// An index on which it has something to do at every step that it takes.
    fn prepare(self, twin: &Twin) {
        twin.run(&["ingest", "notes"]);
        match self {
            Self::First => forget(twin),
            Self::Ingest => {
                spoil(&cut_off(twin), &mut embedded_in(twin, "index", Some(2)), &[]);
                change(twin);
            }
            Self::Rebuild => change(twin),
            Self::Purge => {
                twin.run_with("what happened on 2022-09-02?\n", &["chat", "--session", "bicycle"]);
                fs::remove_file(twin.note(PURGED)).unwrap();
            }
            Self::Repair => {
                let mut index = embedded_in(twin, "index", Some(2));
                spoil(&cut_off(twin), &mut index, &["daily/2022-05-14.md"]);
            }
            Self::Import => {
                twin.run(&["export", "export.jsonl"]);
                forget(twin);
            }
        }
    }
}

fn forget(twin: &Twin) {
    fs::remove_dir_all(twin.home().join("data")).unwrap();
}

/// A note is changed, one is new, and one is gone.
fn change(twin: &Twin) {
    twin.write("daily/2022-05-14.md", "# Beans\n\nPlanted beans without Lena.\n");
    twin.write("daily/2024-01-02.md", "# Snow\n\nShovelled it twice.\n");
    fs::remove_file(twin.note("recipes.md")).unwrap();
}

/// Faults 65, 75, 76 and 82: the process is ended at each step that a commit has.
#[test]
fn a_process_that_is_ended_at_any_step_of_a_commit_loses_nothing() {
    let server = Server::answering(embeds(Arc::new(AtomicBool::new(false))));
    let reached: Mutex<BTreeMap<Step, Vec<Action>>> = Mutex::default();
    thread::scope(|scope| {
        for action in ACTIONS {
            let (server, reached) = (&server, &reached);
            scope.spawn(move || {
                let steps = ended_at_every_step(server, action);
                let mut reached = reached.lock().unwrap();
                for step in steps {
                    reached.entry(step).or_default().push(action);
                }
            });
        }
    });
    let reached = reached.into_inner().unwrap();
    let never: Vec<Step> =
        Step::ALL.into_iter().filter(|step| !reached.contains_key(step)).collect();
    assert_eq!(never, [], "no action comes there: {reached:#?}");
    let all: BTreeSet<Step> = Step::ALL.into_iter().collect();
    assert_eq!(all.len(), Step::ALL.len(), "a step is there twice");
}

/// The steps that an action takes, each of which was the last one of a process.
fn ended_at_every_step(server: &Server, action: Action) -> Vec<Step> {
    let twin = embedded_by(server, Twin::in_memory(&LOGBOOK));
    action.prepare(&twin);
    let (data, kept) = (twin.home().join("data"), twin.home().join("kept"));
    let has_data = data.exists();
    if has_data {
        fs::rename(&data, &kept).unwrap();
    }
    twin.run(&["ingest", "notes"]);
    let whole = exported(&twin);
    let mut reached = Vec::new();
    for step in Step::ALL {
        fs::remove_dir_all(&data).unwrap();
        if has_data {
            copy(&kept, &data);
        }
        let mut command = twin.command(action.arguments());
        let output = command.env("FAILPOINTS", format!("{step:?}=return")).output().unwrap();
        if output.status.signal() == Some(Signal::ABORT.as_raw()) {
            reached.push(step);
            recover(&twin, action, step, &whole);
        } else {
            assert!(output.status.success(), "{action:?}: {}", twin.transcript(&output));
        }
    }
    reached
}

/// Sees that the next processes find what was committed, and make it what it should be.
fn recover(twin: &Twin, action: Action, step: Step, whole: &BTreeMap<String, Value>) {
    let what = format!("{action:?} that was ended at {step:?}");
    let is_new = matches!(action, Action::First | Action::Import);
    let answered = twin.run(&["search", "garden"]);
    let may_be_missing =
        is_new && ["exit 4\n", "exit 10\n"].iter().any(|exit| answered.starts_with(exit));
    assert!(answered.starts_with("exit 0\n") || may_be_missing, "{what}: {answered}");
    let checked = twin.run(&["check", "--json"]);
    if action != Action::Repair && !checked.starts_with("exit 10\n") {
        assert!(checked.contains("\"lost\": []"), "{what}: {checked}");
    }
    if [Action::Purge, Action::Repair].contains(&action) {
        let again = twin.run(action.arguments());
        assert!(again.starts_with("exit 0\n"), "{what}: {again}");
    }
    if action == Action::Purge {
        assert_eq!(places(&twin.home().join("data"), "chambre"), Vec::<String>::new(), "{what}");
    }
    let ingested = twin.run(&["ingest", "notes"]);
    assert!(ingested.starts_with("exit 0\n"), "{what}: {ingested}");
    let checked = twin.run(&["check"]);
    assert!(checked.starts_with("exit 0\n"), "{what}: {checked}");
    assert!(checked.contains("ok   files      as they were written"), "{what}: {checked}");
    assert_eq!(&exported(twin), whole, "{what} is not the index that was never interrupted");
    assert_eq!(super::rebuild::indexes(twin).len(), 1, "{what} left files behind");
}

/// Each note with its entries, chunks and vectors, whatever their order.
fn exported(twin: &Twin) -> BTreeMap<String, Value> {
    let output = twin.command(&["export"]).output().unwrap();
    assert!(output.status.success(), "{}", twin.transcript(&output));
    let lines = str::from_utf8(&output.stdout).unwrap().lines();
    let lines = lines.map(|line| serde_json::from_str::<Value>(line).unwrap());
    let notes = lines.filter(|line| line["kind"] == "note").map(|mut note| {
        let chunks = note["chunks"].as_array_mut().unwrap();
        chunks.sort_by_key(|chunk| chunk["id"].as_str().unwrap().to_owned());
        (note["path"].as_str().unwrap().to_owned(), note)
    });
    notes.collect()
}

/// The files below a folder that have a word.
fn places(folder: &Path, word: &str) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let places = entries.flat_map(|path| {
        if path.is_dir() {
            return places(&path, word);
        }
        let has = String::from_utf8_lossy(&fs::read(&path).unwrap()).contains(word);
        has.then(|| path.display().to_string()).into_iter().collect()
    });
    places.collect()
}

/// Copies a folder. The engine's files are mostly holes, which stay holes.
pub(super) fn copy(from: &Path, to: &Path) {
    let cp = Command::new("cp").args(["-r", "--sparse=always"]).arg(from).arg(to).status();
    assert!(cp.unwrap().success());
}
