//! Runs on a folder of notes, with an index in memory.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use jiff::tz::TimeZone;
use tempfile::TempDir;

use super::*;
use crate::{
    ingest::Root,
    logbook::ReadOptions,
    services::{Filter, Index, Payload, Search},
};

type Stored = Rc<RefCell<BTreeMap<Uuid, Payload>>>;

/// An index that only keeps what it is given.
struct Kept(Stored);

impl Index for Kept {
    fn upsert(&mut self, points: &[Point]) -> Result<()> {
        let pairs = points.iter().map(|point| (point.id, point.payload.clone()));
        self.0.borrow_mut().extend(pairs);
        Ok(())
    }

    fn delete(&mut self, ids: &[Uuid]) -> Result<()> {
        self.0.borrow_mut().retain(|id, _| !ids.contains(id));
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }

    fn compact(&mut self) -> Result<()> {
        Ok(())
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
        Ok(Vec::new())
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
    read: ReadOptions,
    git: Option<bool>,
    modified_in: Option<TimeZone>,
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
            read: ReadOptions::default(),
            git: None,
            modified_in: None,
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
        let open_index = || Ok(Box::new(Kept(self.stored.clone())) as Box<dyn Index>);
        let settings = Ingest {
            guard: &Guard::default(),
            index_at: Destination { host: self.index_host, is_remote: self.index_host.is_some() },
            logbook: &logbook,
            chunk: ChunkSize::default(),
            embedder: None,
            open_index: &open_index,
            dry_run: false,
            allow_mass_delete: false,
            started: self.started,
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

/// FAULTS 60.
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

/// FAULTS 16 and 17.
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
