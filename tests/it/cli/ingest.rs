//! `twin ingest`.

use std::fs;

use insta::assert_snapshot;

use super::{LOGBOOK, Twin};

#[test]
fn a_first_run_says_what_was_read() {
    let twin = Twin::new(&LOGBOOK);
    assert_snapshot!(twin.run(&["ingest", "notes"]), @"
    exit 0
    ── stdout
    5 notes added, 0 changed, 0 removed, 0 unchanged
    7 chunks stored, 0 embedded, in [TIME]
    the index holds 5 notes, 6 entries, 1 of them undated
    by year: 2021: 1, 2022: 2, 2023: 2
    ");
}

#[test]
fn a_second_run_changes_nothing_and_knows_the_folder() {
    let twin = Twin::ingested(&LOGBOOK);
    assert_snapshot!(twin.run(&["ingest"]), @"
    exit 0
    ── stdout
    0 notes added, 0 changed, 0 removed, 5 unchanged
    0 chunks stored, 0 embedded, in [TIME]
    the index holds 5 notes, 6 entries, 1 of them undated
    by year: 2021: 1, 2022: 2, 2023: 2
    ");
}

#[test]
fn only_what_changed_is_read() {
    let twin = Twin::ingested(&LOGBOOK);
    twin.write("recipes.md", "# Recipes\n\nPancakes: three eggs.\n");
    assert_snapshot!(twin.run(&["ingest"]), @"
    exit 0
    ── stdout
    0 notes added, 1 changed, 0 removed, 4 unchanged
    1 chunk stored, 0 embedded, in [TIME]
    the index holds 5 notes, 6 entries, 1 of them undated
    by year: 2021: 1, 2022: 2, 2023: 2
    ");
    assert_snapshot!(twin.run(&["search", "eggs"]), @r#"
    exit 0
    ── stdout
    recipes.md:1  undated  Recipes
        # Recipes

        Pancakes: three eggs.
    ── stderr
    any time · lookup · "eggs"
    "#);
}

#[test]
fn a_renamed_note_is_found_under_its_new_name() {
    let twin = Twin::ingested(&LOGBOOK);
    fs::rename(twin.note("recipes.md"), twin.note("2020-01-05.md")).unwrap();
    assert_snapshot!(twin.run(&["ingest"]), @"
    exit 0
    ── stdout
    1 note added, 0 changed, 1 removed, 4 unchanged
    1 chunk stored, 0 embedded, in [TIME]
    the index holds 5 notes, 6 entries
    by year: 2020: 1, 2021: 1, 2022: 2, 2023: 2
    ");
    assert_snapshot!(twin.run(&["search", "pancakes"]), @r#"
    exit 0
    ── stdout
    2020-01-05.md:1  2020-01-05  Recipes
        # Recipes

        Pancakes: two eggs, flour, milk, a pinch of salt.
    ── stderr
    any time · lookup · "pancakes"
    "#);
}

#[test]
fn a_note_that_is_gone_is_not_found_any_more() {
    let twin = Twin::ingested(&LOGBOOK);
    fs::remove_file(twin.note("recipes.md")).unwrap();
    assert_snapshot!(twin.run(&["ingest"]), @"
    exit 0
    ── stdout
    0 notes added, 0 changed, 1 removed, 4 unchanged
    0 chunks stored, 0 embedded, in [TIME]
    the index holds 4 notes, 5 entries
    by year: 2021: 1, 2022: 2, 2023: 2
    ");
    assert_snapshot!(twin.run(&["search", "pancakes"]), @r#"
    exit 4
    ── stderr
    any time · lookup · "pancakes"
    Nothing on "pancakes". None of 5 entries speaks of it. The logbook covers 2021-03-08 to 2023-11-24.
    "#);
}

#[test]
fn a_dry_run_writes_nothing() {
    let twin = Twin::new(&LOGBOOK);
    assert_snapshot!(twin.run(&["ingest", "notes", "--dry-run"]), @"
    exit 0
    ── stdout
    5 notes would be added, 0 changed, 0 removed, 0 unchanged
    7 chunks would be stored, 0 embedded, in [TIME]
    ");
    assert!(!twin.home().join("data").exists(), "a dry run leaves nothing behind");
    assert_snapshot!(twin.run(&["status"]), @"
    exit 10
    ── stderr
    error: no index yet

    hint: make one with `twin ingest FOLDER`
    ");
    assert_snapshot!(twin.run(&["search", "beans"]), @"
    exit 10
    ── stderr
    error: no index yet

    hint: make one with `twin ingest FOLDER`
    ");
}

#[test]
fn a_dry_run_over_an_index_leaves_it_as_it_was() {
    let twin = Twin::ingested(&LOGBOOK);
    twin.write("2024-01-01.md", "New year with snow.\n");
    fs::remove_file(twin.note("recipes.md")).unwrap();
    assert_snapshot!(twin.run(&["ingest", "--dry-run"]), @"
    exit 0
    ── stdout
    1 note would be added, 0 changed, 1 removed, 4 unchanged
    1 chunk would be stored, 0 embedded, in [TIME]
    ");
    assert_snapshot!(twin.run(&["search", "pancakes snow"]), @r#"
    exit 0
    ── stdout
    recipes.md:1  undated  Recipes
        # Recipes

        Pancakes: two eggs, flour, milk, a pinch of salt.
    ── stderr
    any time · lookup · "pancakes snow"
    "#);
}

#[test]
fn a_report_is_given_as_json() {
    let twin = Twin::new(&LOGBOOK);
    twin.write("latin.md", b"caf\xe9\n");
    assert_snapshot!(twin.run(&["ingest", "notes", "--json"]), @r#"
    exit 3
    ── stdout
    {
      "added": 5,
      "changed": 0,
      "removed": 0,
      "unchanged": 0,
      "embedded": 0,
      "stored": 7,
      "notes": 5,
      "entries": 6,
      "undated": 1,
      "years": {
        "2021": 1,
        "2022": 2,
        "2023": 2
      },
      "day_order": {
        "day_first": true,
        "is_set": false,
        "votes": {
          "day_first": 0,
          "month_first": 0,
          "either": 0
        }
      },
      "left": [],
      "skipped": [
        {
          "root": "notes",
          "path": "latin.md",
          "line_number": 1,
          "reason": "is not text: invalid UTF-8 at byte 3"
        }
      ],
      "warnings": [],
      "withheld": [],
      "schema": "logtwin/ingest/1"
    }
    "#);
}

/// Faults 5 and 6: bytes that are no UTF-8, such as Latin-1; a NUL byte.
#[test]
fn a_note_that_is_no_text_is_named_and_the_rest_goes_in() {
    let twin = Twin::new(&LOGBOOK[..1]);
    twin.write("latin.md", b"# A\n\ncaf\xe9\n");
    twin.write("zero.md", b"a\0b\n");
    assert_snapshot!(twin.run(&["ingest", "notes"]), @"
    exit 3
    ── stdout
    1 note added, 0 changed, 0 removed, 0 unchanged
    1 chunk stored, 0 embedded, in [TIME]
    the index holds 1 note, 1 entry
    by year: 2021: 1
    skipped latin.md:3: is not text: invalid UTF-8 at byte 8
    skipped zero.md:1: is not text: a NUL byte at byte 1
    ");
}

/// Fault 52: a file that may not be read, as far as the user that runs the tests can be refused
/// anything.
#[cfg(unix)]
#[test]
fn a_note_that_may_not_be_read_is_named_and_stays_in_the_index() {
    use std::os::unix::fs::PermissionsExt as _;

    let twin = Twin::ingested(&LOGBOOK[..2]);
    let note = twin.note("daily/2021-03-08.md");
    twin.write("daily/2021-03-08.md", "# A loaf\n\nLearned to bake rye.\n");
    fs::set_permissions(&note, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&note).is_ok() {
        println!("skipped: this user may read every file");
        return;
    }
    assert_snapshot!(twin.run(&["ingest"]), @r"
    exit 3
    ── stdout
    0 notes added, 0 changed, 0 removed, 1 unchanged
    0 chunks stored, 0 embedded, in [TIME]
    the index holds 2 notes, 2 entries
    by year: 2021: 1, 2022: 1
    skipped daily/2021-03-08.md: Permission denied (os error 13)
    ");
}

/// Faults 16 and 17: front matter that nothing closes; front matter that is no YAML.
#[test]
fn front_matter_that_can_not_be_read_is_named_with_its_line() {
    let twin = Twin::new(&LOGBOOK[..1]);
    twin.write("2022-01-01.md", "---\ntitle: a\ntags: [a, b\n---\nBought a kettle.\n");
    twin.write("2022-01-02.md", "---\ntitle: a\n\nSold the kettle.\n");
    assert_snapshot!(twin.run(&["ingest", "notes"]), @"
    exit 3
    ── stdout
    3 notes added, 0 changed, 0 removed, 0 unchanged
    3 chunks stored, 0 embedded, in [TIME]
    the index holds 3 notes, 3 entries
    by year: 2021: 1, 2022: 2
    skipped 2022-01-01.md:3: front matter is no YAML: unclosed bracket '['
    skipped 2022-01-02.md:1: front matter is never closed; read as text
    ");
    assert_snapshot!(twin.run(&["search", "kettle"]), @r#"
    exit 0
    ── stdout
    2022-01-01.md:5  2022-01-01  2022-01-01
        Bought a kettle.
    2022-01-02.md:1  2022-01-02  2022-01-02
        ---
        title: a

        Sold the kettle.
    ── stderr
    any time · lookup · "kettle"
    "#);
    assert_snapshot!(twin.run(&["ingest"]), @"
    exit 3
    ── stdout
    0 notes added, 0 changed, 0 removed, 3 unchanged
    0 chunks stored, 0 embedded, in [TIME]
    the index holds 3 notes, 3 entries
    by year: 2021: 1, 2022: 2
    skipped 2022-01-01.md:3: front matter is no YAML: unclosed bracket '['
    skipped 2022-01-02.md:1: front matter is never closed; read as text
    ");
}

/// Faults 23 and 36: a day that no calendar has; a weekday that is not that of its date.
#[test]
fn dates_that_can_not_be_are_warnings() {
    let twin = Twin::new(&[
        ("2022-02-30.md", "A day that never was.\n"),
        ("log.md", "## Monday, 2022-03-15\n\nIt was a Tuesday.\n"),
    ]);
    assert_snapshot!(twin.run(&["ingest", "notes"]), @"
    exit 0
    ── stdout
    2 notes added, 0 changed, 0 removed, 0 unchanged
    2 chunks stored, 0 embedded, in [TIME]
    the index holds 2 notes, 2 entries, 1 of them undated
    by year: 2022: 1
    warning: 2022-02-30.md: there is no such day: `2022-02-30`
    warning: log.md:1: `2022-03-15` was a Tuesday, not a Monday
    ");
}

#[test]
fn a_model_that_there_is_not_is_refused() {
    let twin = Twin::new(&LOGBOOK);
    assert_snapshot!(twin.run(&["ingest", "notes", "--model", "bert"]), @"
    exit 2
    ── stderr
    error: no embedding model `bert`

    hint: the models are use-multilingual, e5-small, http, none; any other is a folder, dir:PATH, or one of the hub, hf:OWNER/NAME
    ");
}

#[test]
fn an_empty_folder_is_a_logbook_without_entries() {
    let twin = Twin::new(&[]);
    assert_snapshot!(twin.run(&["ingest", "notes"]), @"
    exit 0
    ── stdout
    0 notes added, 0 changed, 0 removed, 0 unchanged
    0 chunks stored, 0 embedded, in [TIME]
    the index holds 0 notes, 0 entries
    warning: no notes in [HOME]/notes
    ");
    assert_snapshot!(twin.run(&["ask", "what did I learn?"]), @"
    exit 4
    ── stdout
    The logbook has no entries yet.
    ── stderr
    any time · recap
    ");
}

#[test]
fn a_folder_that_is_not_named_any_more_leaves_the_logbook() {
    let twin = Twin::ingested(&LOGBOOK[..2]);
    fs::create_dir(twin.home().join("empty")).unwrap();
    assert_snapshot!(twin.run(&["ingest", "notes", "empty"]), @"
    exit 0
    ── stdout
    0 notes added, 0 changed, 0 removed, 2 unchanged
    0 chunks stored, 0 embedded, in [TIME]
    the index holds 2 notes, 2 entries
    by year: 2021: 1, 2022: 1
    warning: no notes in [HOME]/empty
    ");
    fs::remove_dir(twin.home().join("empty")).unwrap();
    assert_snapshot!(twin.run(&["ingest"]), @"
    exit 2
    ── stderr
    error: no logbook folder at [HOME]/empty: No such file or directory (os error 2)

    hint: mount it, or name the logbook without it: `twin ingest [HOME]/notes`; nothing was removed from the index
    ");
    assert_snapshot!(twin.run(&["ingest", "notes"]), @"
    exit 0
    ── stdout
    0 notes added, 0 changed, 0 removed, 2 unchanged
    0 chunks stored, 0 embedded, in [TIME]
    the index holds 2 notes, 2 entries
    by year: 2021: 1, 2022: 1
    no part of the logbook any more: [HOME]/empty
    ");
    let printed = twin.run(&["ingest"]);
    assert!(printed.starts_with("exit 0\n") && !printed.contains("empty"), "{printed}");
}

#[test]
fn without_a_folder_there_is_nothing_to_ingest() {
    let twin = Twin::new(&[]);
    assert_snapshot!(twin.run(&["ingest"]), @"
    exit 2
    ── stderr
    error: no folder of notes was named

    hint: name one: `twin ingest ~/notes`, or set logbook.folders
    ");
}

/// Fault 59: the folder of the logbook is not there.
#[test]
fn a_folder_that_is_missing_stops_the_run() {
    let twin = Twin::ingested(&LOGBOOK);
    assert_snapshot!(twin.run(&["ingest", "nowhere"]), @"
    exit 2
    ── stderr
    error: no logbook folder at nowhere: No such file or directory (os error 2)

    hint: name a folder that is there; nothing was removed from the index
    ");
    fs::rename(twin.home().join("notes"), twin.home().join("unmounted")).unwrap();
    assert_snapshot!(twin.run(&["ingest"]), @"
    exit 2
    ── stderr
    error: no logbook folder at [HOME]/notes: No such file or directory (os error 2)

    hint: mount it, or name the logbook without it: `twin ingest FOLDER`; nothing was removed from the index
    ");
    assert_snapshot!(twin.run(&["search", "beans"]), @r#"
    exit 0
    ── stdout
    daily/2022-05-14.md:4  2022-05-14  Beans
        # Beans

        Planted beans and tomatoes with Lena. The soil is heavy clay.
    daily/2022-05-14.md:8  2022-05-14  Beans › Work
        ## Work

        The release slipped because nobody owned the migration. I learned to ask who owns a thing before I build it.
    ── stderr
    any time · lookup · "beans"
    "#);
}

#[test]
fn a_note_is_no_folder() {
    let twin = Twin::new(&LOGBOOK);
    assert_snapshot!(twin.run(&["ingest", "notes/log.md"]), @"
    exit 2
    ── stderr
    error: notes/log.md is a file

    hint: name the folder that it lies in
    ");
}

/// Fault 60: more than a fifth of the notes is gone.
#[test]
fn many_notes_are_not_removed_unless_it_is_said() {
    let notes: Vec<(String, String)> = (1..=10)
        .map(|day| (format!("2022-01-{day:02}.md"), format!("Walked {day} miles.\n")))
        .collect();
    let notes: Vec<(&str, &str)> =
        notes.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let twin = Twin::ingested(&notes);
    for (path, _) in &notes[..3] {
        fs::remove_file(twin.note(path)).unwrap();
    }
    assert_snapshot!(twin.run(&["ingest"]), @"
    exit 1
    ── stderr
    error: 3 of 10 notes are gone; nothing was removed

    hint: is the folder mounted and synced? if they are really gone, add --allow-mass-delete
    ");
    assert_snapshot!(twin.run(&["ingest", "--allow-mass-delete"]), @"
    exit 0
    ── stdout
    0 notes added, 0 changed, 3 removed, 7 unchanged
    0 chunks stored, 0 embedded, in [TIME]
    the index holds 7 notes, 7 entries
    by year: 2022: 7
    ");
}

/// Fault 89: another chunker.
#[test]
fn another_size_of_chunks_means_another_index() {
    let twin = Twin::ingested(&LOGBOOK).with("chunk.desired_characters=300");
    assert_snapshot!(twin.run(&["ingest"]), @"
    exit 12
    ── stderr
    error: the index was made with none and markdown 160-480, not with none and markdown 300-480

    hint: make it anew with `twin ingest --rebuild`; texts embedded before are not embedded again
    ");
    assert_snapshot!(twin.run(&["ask", "beans"]), @"
    exit 12
    ── stderr
    error: the index was made with none and markdown 160-480, not with none and markdown 300-480

    hint: make it anew with `twin ingest --rebuild`; texts embedded before are not embedded again
    ");
    assert_snapshot!(twin.run(&["ingest", "--rebuild"]), @"
    exit 0
    ── stdout
    5 notes added, 0 changed, 0 removed, 0 unchanged
    7 chunks stored, 0 embedded, in [TIME]
    the index holds 5 notes, 6 entries, 1 of them undated
    by year: 2021: 1, 2022: 2, 2023: 2
    ");
}

/// Fault 106: the collection was deleted, as far as it is true of an index without a server.
#[test]
fn an_index_that_was_deleted_is_missed_and_made_anew() {
    let twin = Twin::ingested(&LOGBOOK);
    fs::remove_dir_all(twin.home().join("data/logtwin/collections/logbook/index")).unwrap();
    assert_snapshot!(twin.run(&["ask", "who did I plant beans with?"]), @"
    exit 10
    ── stderr
    error: there is no index in [HOME]/data/logtwin/collections/logbook/index

    hint: make it anew: `twin ingest --rebuild`
    ");
    assert_snapshot!(twin.run(&["ingest"]), @"
    exit 10
    ── stderr
    error: there is no index in [HOME]/data/logtwin/collections/logbook/index

    hint: make it anew: `twin ingest --rebuild`
    ");
    assert_snapshot!(twin.run(&["ingest", "--rebuild"]), @"
    exit 0
    ── stdout
    5 notes added, 0 changed, 0 removed, 0 unchanged
    7 chunks stored, 0 embedded, in [TIME]
    the index holds 5 notes, 6 entries, 1 of them undated
    by year: 2021: 1, 2022: 2, 2023: 2
    ");
    let printed = twin.run(&["ask", "who did I plant beans with?"]);
    assert!(printed.starts_with("exit 0\n"), "{printed}");
}

/// Fault 77: two runs that write.
#[test]
fn a_second_writer_names_the_first() {
    let twin = Twin::ingested(&LOGBOOK);
    let lock = twin.home().join("data/logtwin/collections/logbook/writer.lock");
    let lock = fs::OpenOptions::new().read(true).write(true).open(lock).unwrap();
    lock.lock().unwrap();
    fs::write(twin.home().join("data/logtwin/collections/logbook/writer.lock"), "4242").unwrap();
    assert_snapshot!(twin.run(&["ingest"]), @"
    exit 11
    ── stderr
    error: process 4242 is writing to the index

    hint: wait until it has finished; questions can be asked meanwhile
    ");
}
