//! Runs on a folder of notes, with an index in memory.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    fs,
    rc::Rc,
};

use jiff::tz::TimeZone;
use tempfile::TempDir;

use super::*;
use crate::{
    error::Error,
    ingest::Root,
    logbook::ReadOptions,
    services::{Filter, Index, Payload, Search},
};

type Stored = Rc<RefCell<BTreeMap<Uuid, Payload>>>;

/// An index that only keeps what it is given, and that fails once so many steps are done.
struct Kept {
    stored: Stored,
    steps_left: Rc<Cell<Option<usize>>>,
}

impl Kept {
    fn step(&self) -> Result<()> {
        match self.steps_left.get() {
            Some(0) => return Err(Error::failed("the disk is gone")),
            Some(left) => self.steps_left.set(Some(left - 1)),
            None => {}
        }
        Ok(())
    }
}

impl Index for Kept {
    fn upsert(&mut self, points: &[Point]) -> Result<()> {
        self.step()?;
        let pairs = points.iter().map(|point| (point.id, point.payload.clone()));
        self.stored.borrow_mut().extend(pairs);
        self.step()
    }

    fn delete(&mut self, ids: &[Uuid]) -> Result<()> {
        self.step()?;
        self.stored.borrow_mut().retain(|id, _| !ids.contains(id));
        self.step()
    }

    fn flush(&mut self) -> Result<()> {
        self.step()
    }

    fn compact(&mut self) -> Result<()> {
        self.step()
    }

    fn search(&self, _: &Search) -> Result<Vec<(Uuid, f32)>> {
        Ok(Vec::new())
    }

    fn payloads(&self, _: &[Uuid]) -> Result<Vec<(Uuid, Payload)>> {
        Ok(Vec::new())
    }

    fn points(&self, _: &[Uuid]) -> Result<Vec<Point>> {
        Ok(Vec::new())
    }

    fn ids(&self) -> Result<Vec<Uuid>> {
        Ok(self.stored.borrow().keys().copied().collect())
    }

    fn scroll(&self, _: &Filter) -> Result<Vec<(Uuid, Payload)>> {
        Ok(Vec::new())
    }

    fn count(&self, _: &Filter) -> Result<u64> {
        Ok(0)
    }
}

/// A logbook folder with its index.
struct Shelf {
    index_host: Option<&'static str>,
    home: TempDir,
    stored: Stored,
    steps_left: Rc<Cell<Option<usize>>>,
    is_interrupted: Cell<bool>,
    read: ReadOptions,
    git: Option<bool>,
    modified_in: Option<TimeZone>,
    rehash: bool,
    started: i64,
}

impl Shelf {
    fn new() -> Self {
        let home = TempDir::new().unwrap();
        fs::create_dir(home.path().join("notes")).unwrap();
        let shelf = Self {
            index_host: None,
            home,
            stored: Stored::default(),
            steps_left: Rc::default(),
            is_interrupted: Cell::default(),
            read: ReadOptions::default(),
            git: None,
            modified_in: None,
            rehash: false,
            started: 0,
        };
        assert_eq!(shelf.state().notes().unwrap(), []);
        shelf
    }

    fn write(&self, path: &str, text: &str) {
        let file = self.home.path().join("notes").join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    fn state(&self) -> State {
        State::create(&self.home.path().join("state.sqlite")).unwrap()
    }

    fn ingest(&mut self) -> Report {
        self.ingest_folders(&["notes"]).unwrap()
    }

    /// Ingests; each run is a day after the one before, so that no time of a file is in doubt.
    fn ingest_folders(&mut self, folders: &[&str]) -> Result<Report> {
        self.started = self.started.max(4_000_000_000_000_000_000) + 86_400_000_000_000;
        let folders: Vec<_> = folders.iter().map(|name| self.home.path().join(name)).collect();
        let roots = Root::several(&folders).unwrap();
        let logbook = Logbook {
            roots: &roots,
            apart: &[],
            size_max: 1 << 20,
            read: self.read.clone(),
            git: self.git,
            modified_in: self.modified_in.clone(),
        };
        let open_index = || {
            let (stored, steps_left) = (self.stored.clone(), self.steps_left.clone());
            Ok(Box::new(Kept { stored, steps_left }) as Box<dyn Index>)
        };
        let settings = Ingest {
            guard: &Guard::default(),
            index_at: Destination { host: self.index_host, is_remote: self.index_host.is_some() },
            logbook: &logbook,
            chunk: ChunkSize::default(),
            embedder: None,
            open_index: &open_index,
            dry_run: None,
            rehash: self.rehash,
            allow_mass_delete: false,
            started: self.started,
            is_interrupted: &|| self.is_interrupted.get(),
        };
        ingest(&mut self.state(), &settings, &mut |_| {})
    }

    /// The entries as `path:line span`, and as many points as they should have.
    fn entries(&self) -> Vec<String> {
        let state = self.state();
        assert_eq!(self.stored.borrow().len() as u64, state.point_count().unwrap());
        let mut entries: Vec<String> = state
            .entries()
            .unwrap()
            .iter()
            .map(|entry| {
                let span = entry.span.map_or("undated".to_owned(), |span| span.to_string());
                format!("{}:{} {span}", entry.path, entry.lines.first)
            })
            .collect();
        entries.sort();
        entries
    }
}

fn counts(report: &Report) -> (usize, usize, usize, usize) {
    (report.added, report.changed, report.removed, report.unchanged)
}

#[test]
fn dates_that_can_be_read_only_one_way_decide_for_all() {
    let mut shelf = Shelf::new();
    shelf.write("a.md", "# 02/03/2020\n\na\n");
    shelf.write("b.md", "# 2020-05-05\n\nb\n");
    assert_eq!(counts(&shelf.ingest()), (2, 0, 0, 0));
    assert_eq!(shelf.entries(), ["a.md:1 2020-03-02", "b.md:1 2020-05-05"]);

    shelf.write("c.md", "# 03/14/2020\n\nc\n");
    let report = shelf.ingest();
    assert_eq!((counts(&report), report.day_order.day_first), ((1, 1, 0, 1), false));
    assert_eq!(shelf.entries(), ["a.md:1 2020-02-03", "b.md:1 2020-05-05", "c.md:1 2020-03-14"]);

    shelf.read.day_first = Some(true);
    assert_eq!(counts(&shelf.ingest()), (0, 1, 0, 2));
    shelf.read.day_first = None;
    assert_eq!(counts(&shelf.ingest()), (0, 1, 0, 2));

    fs::remove_file(shelf.home.path().join("notes/c.md")).unwrap();
    assert_eq!(counts(&shelf.ingest()), (0, 1, 1, 1));
    assert_eq!(counts(&shelf.ingest()), (0, 0, 0, 2));
}

#[test]
fn the_git_history_dates_what_nothing_else_does() {
    let mut shelf = Shelf::new();
    let notes = shelf.home.path().join("notes");
    shelf.write("a.md", "a\n");
    shelf.write("b.md", "intro\n\n# 2020-05-05\n\nb\n");
    shelf.ingest();
    assert_eq!(shelf.entries(), ["a.md:1 undated", "b.md:1 undated", "b.md:3 2020-05-05"]);

    let git = |arguments: &[&str]| {
        let status = std::process::Command::new("git")
            .args(["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"])
            .args(arguments)
            .current_dir(&notes)
            .env("GIT_AUTHOR_DATE", "2020-06-07T12:00:00Z")
            .status();
        assert!(status.unwrap().success());
    };
    git(&["init", "-q"]);
    git(&["add", "a.md"]);
    git(&["commit", "-q", "-m", "m"]);
    assert_eq!(counts(&shelf.ingest()), (0, 1, 0, 1));
    assert_eq!(shelf.entries(), ["a.md:1 2020-06-07", "b.md:1 undated", "b.md:3 2020-05-05"]);
    assert_eq!(counts(&shelf.ingest()), (0, 0, 0, 2));
    shelf.git = Some(false);
    assert_eq!(counts(&shelf.ingest()), (0, 1, 0, 1));
}

#[test]
fn a_history_that_is_demanded_and_missing_is_a_warning() {
    let mut shelf = Shelf::new();
    shelf.write("a.md", "a\n");
    assert_eq!(shelf.ingest().warnings, [""; 0]);
    shelf.git = Some(true);
    let warnings = shelf.ingest().warnings;
    assert!(warnings[0].ends_with("no git history: it lies in no git work tree"), "{warnings:?}");
}

#[test]
fn the_time_of_a_file_dates_it_only_when_that_is_asked_for() {
    let mut shelf = Shelf::new();
    shelf.write("a.md", "a\n");
    let file = fs::File::options().write(true).open(shelf.home.path().join("notes/a.md")).unwrap();
    let after = |seconds| std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
    file.set_modified(after(1_647_216_000)).unwrap();
    shelf.ingest();
    assert_eq!(shelf.entries(), ["a.md:1 undated"]);
    shelf.modified_in = Some(TimeZone::UTC);
    assert_eq!(counts(&shelf.ingest()), (0, 1, 0, 0));
    assert_eq!(shelf.entries(), ["a.md:1 2022-03-14"]);
    file.set_modified(after(1_647_316_000)).unwrap();
    assert_eq!(counts(&shelf.ingest()), (0, 1, 0, 0));
    assert_eq!(shelf.entries(), ["a.md:1 2022-03-15"]);
}

#[test]
fn the_settings_of_editors_are_read_where_they_stand() {
    let mut shelf = Shelf::new();
    shelf.write("vault/Days/03-04-2022.md", "a\n");
    shelf.ingest();
    assert_eq!(shelf.entries(), ["vault/Days/03-04-2022.md:1 2022-04-03"]);
    let json = r#"{"folder": "Days", "format": "MM-DD-YYYY"}"#;
    shelf.write("vault/.obsidian/daily-notes.json", json);
    assert_eq!(counts(&shelf.ingest()), (0, 1, 0, 0));
    assert_eq!(shelf.entries(), ["vault/Days/03-04-2022.md:1 2022-03-04"]);
}

#[test]
fn what_is_no_note_is_left_out() {
    let mut shelf = Shelf::new();
    for path in [
        ".obsidian/a.md",
        ".trash/a.md",
        "logseq/bak/a.md",
        "logseq/.recycle/a.md",
        "node_modules/a.md",
        "ignored/a.md",
        "list.txt",
    ] {
        shelf.write(path, "a\n");
    }
    shelf.write("templates/a.md", "{{date}}\n");
    shelf.write(".twinignore", "ignored/\n");
    shelf.write("posts/2022-07-25-slug/index.qmd", "a\n");
    shelf.write("2022/03/14.txt", "a\n");
    shelf.write("a.org", "* 2022-05-05\na\n");
    let report = shelf.ingest();
    assert_eq!((report.added, report.skipped), (3, Vec::new()));
    let expected = [
        "2022/03/14.txt:1 2022-03-14",
        "a.org:1 2022-05-05",
        "posts/2022-07-25-slug/index.qmd:1 2022-07-25",
    ];
    assert_eq!(shelf.entries(), expected);
}

#[test]
fn a_note_that_asks_to_be_left_out_later_is_removed() {
    let mut shelf = Shelf::new();
    shelf.write("a.md", "# 2020-05-05\n\na\n");
    shelf.ingest();
    shelf.write("a.md", "---\ntwin: false\n---\n# 2020-05-05\n\na\n");
    assert_eq!(counts(&shelf.ingest()), (0, 0, 1, 0));
    assert_eq!(shelf.entries(), [""; 0]);
}

#[test]
fn the_folders_of_a_run_are_the_whole_logbook() {
    let mut shelf = Shelf::new();
    let folders = |shelf: &Shelf| -> Vec<String> {
        shelf.state().roots().unwrap().into_iter().map(|(name, _)| name).collect()
    };
    shelf.write("a.md", "# 2020-05-05\n\na\n");
    shelf.write("../work/b.md", "# 2021-05-05\n\nb\n");
    shelf.write("../empty/picture.png", "");
    let report = shelf.ingest_folders(&["notes", "work", "empty"]).unwrap();
    assert!(report.warnings[0].starts_with("no notes in "), "{:?}", report.warnings);
    assert_eq!(folders(&shelf), ["empty", "notes", "work"]);

    fs::remove_dir_all(shelf.home.path().join("empty")).unwrap();
    let report = shelf.ingest();
    assert_eq!((counts(&report), report.left.len()), ((0, 0, 1, 1), 2));
    assert_eq!((folders(&shelf), shelf.entries().len()), (vec!["notes".to_owned()], 1));
    assert_eq!(shelf.ingest().left, [""; 0]);

    let report = shelf.ingest_folders(&["notes", "work"]).unwrap();
    assert_eq!((counts(&report), shelf.entries().len()), ((1, 0, 0, 1), 2));
}

/// Fault 60: more than a fifth of the notes is gone.
#[test]
fn a_folder_that_is_not_named_takes_few_notes_along_or_none() {
    let mut shelf = Shelf::new();
    shelf.write("../work/a.md", "a\n");
    for day in 1..=10 {
        shelf.write(&format!("2022-01-{day:02}.md"), "a\n");
    }
    shelf.ingest_folders(&["notes", "work"]).unwrap();
    let error = shelf.ingest_folders(&["work"]).unwrap_err();
    assert!(error.to_string().starts_with("10 of 11 notes lie in "), "{error}");
    assert!(error.remedy().unwrap().contains("--allow-mass-delete"));
    assert_eq!(shelf.entries().len(), 11);
    assert_eq!(shelf.ingest().removed, 1);
}

/// Faults 16 and 17: front matter that nothing closes; front matter that is no YAML.
#[test]
fn what_is_unread_is_said_on_every_run_until_it_is_mended() {
    let mut shelf = Shelf::new();
    shelf.write("a.md", "---\ntags: [a\n---\n# 2020-05-05\n\na\n");
    let skipped = |report: Report| -> Vec<String> {
        assert_eq!(report.warnings, [""; 0]);
        report.skipped.iter().map(ToString::to_string).collect()
    };
    let first = skipped(shelf.ingest());
    assert!(first[0].starts_with("a.md:2: front matter is no YAML"), "{first:?}");
    assert_eq!(skipped(shelf.ingest()), first);
    // Read again in another way, it is said as well, and once.
    shelf.read.day_first = Some(true);
    assert_eq!(skipped(shelf.ingest()), first);
    shelf.write("a.md", "---\ntags: [a]\n---\n# 2020-05-05\n\na\n");
    assert_eq!(skipped(shelf.ingest()), [""; 0]);
    assert_eq!(skipped(shelf.ingest()), [""; 0]);
}

#[test]
fn an_index_on_another_machine_has_nothing_that_stays_on_this_one() {
    let mut shelf = Shelf::new();
    shelf.index_host = Some("a.example");
    shelf.write("2022-03-01.md", "---\ntwin: local\n---\nmine\n");
    shelf.write("2022-03-02.md", "---\ntwin: private\n---\nmine\n");
    shelf.write("2022-03-03.md", "anyone's\n");
    shelf.ingest();
    let stored: Vec<String> = shelf.stored.borrow().values().map(|it| it.path.clone()).collect();
    assert_eq!(stored, ["2022-03-03.md"]);
    assert_eq!(shelf.entries().len(), 3);
}

/// Fault 65: a run is cut off before and after every step that it takes in the index. What was
/// committed is there all the while, and the next run ends with the points that a run without an
/// accident has, and no other.
#[test]
fn a_run_that_is_cut_off_at_any_step_is_made_good_by_the_next() {
    let changed = |steps: Option<usize>| {
        let mut shelf = Shelf::new();
        for day in 1..=9 {
            shelf.write(&format!("2022-01-{day:02}.md"), &format!("the first text of day {day}\n"));
        }
        shelf.ingest();
        let committed = shelf.state().named_points().unwrap();
        shelf.write("2022-01-02.md", "another text\n");
        shelf.write("2022-02-01.md", "a new note\n");
        fs::remove_file(shelf.home.path().join("notes/2022-01-01.md")).unwrap();
        shelf.steps_left.set(steps);
        let is_cut_off = shelf.ingest_folders(&["notes"]).is_err();
        let named = shelf.state().named_points().unwrap();
        let stored: Vec<Uuid> = shelf.stored.borrow().keys().copied().collect();
        assert!(named.iter().flat_map(|(_, ids)| ids).all(|id| stored.contains(id)), "{steps:?}");
        assert!(is_cut_off || named != committed);
        // What the cut-off run had written is not what the next one finds to write.
        shelf.write("2022-02-01.md", "a new note, and more\n");
        shelf.steps_left.set(None);
        shelf.ingest();
        (is_cut_off, shelf.entries(), shelf.stored.borrow().keys().copied().collect::<Vec<_>>())
    };
    let (_, entries, points) = changed(None);
    let mut steps = 0;
    while let (true, recovered, stored) = changed(Some(steps)) {
        assert_eq!((&recovered, &stored), (&entries, &points), "cut off after {steps} steps");
        steps += 1;
    }
    assert!(steps > 8, "{steps} steps");
}

/// Fault 83: a run that is told to end keeps what it committed, begins nothing more, and says so.
#[test]
fn a_run_that_is_told_to_end_begins_nothing_more() {
    let mut shelf = Shelf::new();
    shelf.write("a.md", "a\n");
    shelf.ingest();
    shelf.write("b.md", "b\n");
    shelf.is_interrupted.set(true);
    let error = shelf.ingest_folders(&["notes"]).unwrap_err();
    assert_eq!(error.exit(), Exit::Interrupted);
    assert_eq!(shelf.entries().len(), 1);
    shelf.is_interrupted.set(false);
    assert_eq!(counts(&shelf.ingest()), (1, 0, 0, 1));
}

/// Fault 57: other content of the same size and time, in a file as young as the last run.
#[test]
fn what_was_written_as_late_as_the_last_run_is_read_again() {
    let mut shelf = Shelf::new();
    let note = shelf.home.path().join("notes/a.md");
    let last = std::time::UNIX_EPOCH + std::time::Duration::from_secs(4_000_086_399);
    let write = |shelf: &mut Shelf, text: &str| {
        shelf.write("a.md", text);
        fs::File::options().write(true).open(&note).unwrap().set_modified(last).unwrap();
        counts(&shelf.ingest())
    };
    assert_eq!(write(&mut shelf, "one\n"), (1, 0, 0, 0));
    assert_eq!(write(&mut shelf, "two\n"), (0, 1, 0, 0));
}

/// Fault 57: other content of the same size and time, in an older file.
#[test]
fn what_looks_unchanged_is_read_when_every_file_is() {
    let mut shelf = Shelf::new();
    let write = |shelf: &mut Shelf, text: &str| {
        shelf.write("a.md", text);
        let file = fs::File::options().write(true).open(shelf.home.path().join("notes/a.md"));
        file.unwrap().set_modified(std::time::UNIX_EPOCH).unwrap();
        counts(&shelf.ingest())
    };
    assert_eq!(write(&mut shelf, "one\n"), (1, 0, 0, 0));
    assert_eq!(write(&mut shelf, "two\n"), (0, 0, 0, 1));
    shelf.rehash = true;
    assert_eq!(counts(&shelf.ingest()), (0, 1, 0, 0));
    assert_eq!(counts(&shelf.ingest()), (0, 0, 0, 1));
}

/// Fault 58: a time in the future, or 1970, is a time like any other.
#[test]
fn a_file_of_any_time_is_read() {
    let mut shelf = Shelf::new();
    for (name, seconds) in [("old.md", 0), ("new.md", 6_000_000_000)] {
        shelf.write(name, "a\n");
        let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
        let file = fs::File::options().write(true).open(shelf.home.path().join("notes").join(name));
        file.unwrap().set_modified(time).unwrap();
    }
    assert_eq!(counts(&shelf.ingest()), (2, 0, 0, 0));
    assert_eq!(counts(&shelf.ingest()), (0, 0, 0, 2));
}

/// Faults 38, 46 and 56: a note under its name in other code points, in other case, or saved by
/// renaming a file over it, is one note.
#[test]
fn a_note_under_another_spelling_of_its_name_is_one_note() {
    let mut shelf = Shelf::new();
    shelf.write("e\u{301}te\u{301}.md", "a\n");
    shelf.ingest();
    let at = |name: &str| shelf.home.path().join("notes").join(name);
    let (composed, capital, saved) = (at("\u{e9}t\u{e9}.md"), at("\u{c9}t\u{e9}.md"), at("new"));
    fs::rename(at("e\u{301}te\u{301}.md"), &composed).unwrap();
    shelf.ingest();
    assert_eq!(shelf.entries(), ["\u{e9}t\u{e9}.md:1 undated"]);
    fs::rename(composed, &capital).unwrap();
    shelf.ingest();
    assert_eq!(shelf.entries(), ["\u{c9}t\u{e9}.md:1 undated"]);
    fs::write(&saved, "b\n").unwrap();
    fs::rename(saved, capital).unwrap();
    shelf.ingest();
    assert_eq!(shelf.entries(), ["\u{c9}t\u{e9}.md:1 undated"]);
}

/// Fault 37: names that look alike are names of two notes.
#[cfg(not(target_os = "macos"))]
#[test]
fn names_that_look_alike_are_two_notes() {
    let mut shelf = Shelf::new();
    shelf.write("\u{e9}.md", "a\n");
    shelf.write("e\u{301}.md", "b\n");
    assert_eq!(counts(&shelf.ingest()), (2, 0, 0, 0));
    assert_eq!(shelf.entries().len(), 2);
}

/// Fault 53: what lies below a folder that could not be looked at is not gone.
#[test]
fn the_notes_of_a_folder_that_can_not_be_read_stay() {
    let known: Known = ["a.md", "shut/b.md", "shutter/c.md"]
        .map(|path| {
            let record = NoteRecord {
                root: "notes".to_owned(),
                path: path.to_owned(),
                size: 1,
                modified: 0,
                version: String::new(),
            };
            (("notes".to_owned(), path.to_owned()), record)
        })
        .into();
    let root = Root { name: "notes".to_owned(), path: "/notes".into() };
    let walked =
        Walk { unreadable: vec![("notes".to_owned(), "shut".to_owned())], ..Walk::default() };
    let gone = gone(&[root], &[], &walked, &known, false).unwrap();
    let gone: Vec<&str> = gone.iter().map(|(_, path)| path.as_str()).collect();
    assert_eq!(gone, ["a.md", "shutter/c.md"]);
}
