//! Files that are no notes, however they are called, and what is left of an index after accidents.

use std::fs;
#[cfg(unix)]
use std::os::unix::fs::{PermissionsExt as _, symlink};

use insta::assert_snapshot;
use logtwin::index::State;

use super::{LOGBOOK, Twin};

/// Faults 12, 13, 39, 40, 47, 48, 51 and 126: what can't be read is named, its name cannot move the
/// cursor, nothing is followed out of the logbook, nothing is waited for, and the rest goes in.
#[cfg(target_os = "linux")]
#[test]
fn what_can_not_be_read_is_named_and_the_rest_goes_in() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _};

    let twin = Twin::new(&LOGBOOK[..1]);
    fs::create_dir(twin.home().join("elsewhere")).unwrap();
    fs::write(twin.home().join("elsewhere/private.md"), "# Elsewhere\n\nAn xylophone.\n").unwrap();
    symlink(twin.home().join("elsewhere"), twin.note("folder")).unwrap();
    symlink(twin.home().join("elsewhere/private.md"), twin.note("link.md")).unwrap();
    symlink("..", twin.note("daily/circle")).unwrap();
    symlink("round.md", twin.note("round.md")).unwrap();
    let sparse = fs::File::create(twin.note("sparse.md")).unwrap();
    sparse.set_len(10 << 30).unwrap();
    rustix::fs::mknodat(
        rustix::fs::CWD,
        twin.note("pipe.md"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR,
        0,
    )
    .unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(twin.note("socket.md")).unwrap();
    fs::write(twin.note("daily").join(OsStr::from_bytes(b"caf\xe9.md")), "Coffee.\n").unwrap();
    twin.write("a\nb \u{1b}]0;owned\u{7}.md", "a\0b\n");
    assert_snapshot!(twin.run(&["ingest", "notes"]), @r"
    exit 3
    ── stdout
    1 note added, 0 changed, 0 removed, 0 unchanged
    1 chunk stored, 0 embedded, in [TIME]
    the index holds 1 note, 1 entry
    by year: 2021: 1
    skipped daily/caf\xe9.md: its name is not UTF-8
    skipped link.md: a symbolic link
    skipped pipe.md: no regular file
    skipped round.md: a symbolic link
    skipped socket.md: no regular file
    skipped sparse.md: larger than 16777216 bytes
    skipped a\u{a}b \u{1b}]0;owned\u{7}.md:1: is not text: a NUL byte at byte 1
    ");
    assert!(twin.run(&["search", "xylophone"]).starts_with("exit 4\n"));
}

/// Fault 62: an index within the logbook is no part of it.
#[test]
fn an_index_within_the_logbook_is_left_out() {
    let twin = Twin::ingested(&LOGBOOK[..1]);
    fs::write(twin.collection().join("index/a.md"), "A zeppelin.\n").unwrap();
    fs::write(twin.collection().join("b.md"), "A zeppelin.\n").unwrap();
    let ingested = twin.run(&["ingest", ".", "--allow-mass-delete"]);
    assert!(ingested.contains("the index holds 1 note, 1 entry"), "{ingested}");
    assert!(twin.run(&["search", "zeppelin"]).starts_with("exit 4\n"));
}

/// Fault 64: a logbook that can't be written to, and one that can, are as they were after every
/// command.
#[cfg(unix)]
#[test]
fn a_run_leaves_the_notes_as_they_were() {
    let twin = Twin::new(&LOGBOOK);
    let notes = twin.home().join("notes");
    fs::set_permissions(&notes, fs::Permissions::from_mode(0o555)).unwrap();
    let seen = || -> Vec<_> {
        let mut folders = vec![notes.clone()];
        let mut seen = Vec::new();
        while let Some(folder) = folders.pop() {
            seen.push((folder.clone(), fs::metadata(&folder).unwrap().modified().unwrap(), vec![]));
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let modified = fs::metadata(&path).unwrap().modified().unwrap();
                    seen.push((path.clone(), modified, fs::read(path).unwrap()));
                }
            }
        }
        seen.sort();
        seen
    };
    let before = seen();
    let commands: [&[&str]; 8] = [
        &["ingest", "notes"],
        &["ask", "what did I learn in 2022?"],
        &["recap", "2022"],
        &["dates"],
        &["ingest", "--rebuild"],
        &["check", "--repair"],
        &["export", "index.jsonl"],
        &["purge", "recipes.md", "--yes"],
    ];
    for arguments in commands {
        let done = twin.run(arguments);
        assert!(done.starts_with("exit 0\n"), "{arguments:?}: {done}");
        assert_eq!(seen(), before, "{arguments:?}");
    }
    fs::set_permissions(&notes, fs::Permissions::from_mode(0o755)).unwrap();
}

#[cfg(unix)]
#[test]
fn what_is_written_only_its_owner_can_read() {
    let twin = Twin::ingested(&LOGBOOK);
    twin.run(&["ask", "what did I learn in 2022?"]);
    twin.run(&["recap", "2021..2022", "--every", "year", "--out", "data/recaps"]);
    twin.run(&["export", "data/index.jsonl"]);
    twin.run(&["config", "prompts", "--write"]);
    let mut folders = vec![twin.home().join("data"), twin.home().join("config")];
    let mut count = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode & 0o077, 0, "{} has {mode:o}", path.display());
            count += 1;
            if path.is_dir() {
                folders.push(path);
            }
        }
    }
    assert!(count > 20, "{count} files");
}

/// Fault 81: no more files may be opened.
#[cfg(target_os = "linux")]
#[test]
fn where_no_more_files_may_be_opened_that_is_said() {
    let twin = Twin::ingested(&LOGBOOK);
    let before = twin.run(&["search", "beans"]);
    twin.write("2024-01-01.md", "Snow.\n");
    for limit in [8, 12, 16, 20, 24, 30] {
        let plain = twin.command(&["ingest"]);
        let mut command = std::process::Command::new("sh");
        command.args(["-c", &format!("ulimit -n {limit}; exec \"$0\" \"$@\"")]);
        command.arg(plain.get_program()).args(plain.get_args()).env_clear();
        command.envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let said = twin.transcript(&command.current_dir(twin.home()).output().unwrap());
        assert!(!said.contains("panicked") && !said.starts_with("killed"), "{limit}: {said}");
        if !said.starts_with("exit 0\n") {
            let why = ["Too many open files", "unable to open database", "os error 24"];
            assert!(why.iter().any(|why| said.contains(why)), "{limit}: {said}");
        }
    }
    assert_eq!(twin.run(&["search", "beans"]), before);
    twin.run(&["ingest"]);
    assert!(twin.run(&["check"]).starts_with("exit 0\n"));
}

/// Fault 90: an index of a later version is refused by everything, and nothing is written.
#[test]
fn an_index_of_a_later_version_is_left_alone() {
    let twin = Twin::ingested(&LOGBOOK);
    let file = twin.collection().join("state.sqlite");
    let state = State::open(&file).unwrap();
    let mut identity = state.identity().unwrap().unwrap();
    identity.schema += 1;
    state.set_identity(&identity).unwrap();
    drop(state);
    let before = fs::read(&file).unwrap();
    twin.write("2024-01-01.md", "Snow.\n");
    for arguments in [&["ingest"][..], &["search", "beans"], &["ask", "what did I learn?"]] {
        let said = twin.run(arguments);
        assert!(said.starts_with("exit 12\n"), "{arguments:?}: {said}");
        assert!(said.contains("the index has the form"), "{arguments:?}: {said}");
    }
    assert_eq!(fs::read(&file).unwrap(), before);
}

/// Faults 50 and 61: what is there twice, under another name of the file or as a copy beside it, is
/// counted once and named.
#[cfg(unix)]
#[test]
fn copies_are_counted_once_and_named() {
    let run = "Went for a run along the river.\n";
    let twin = Twin::new(&[("2022-03-04.md", run), ("2022-03-09.md", "A run before breakfast.\n")]);
    fs::hard_link(twin.note("2022-03-04.md"), twin.note("runs.md")).unwrap();
    twin.write("2022-03-09 (1).md", "A run before breakfast.\n");
    twin.write("2022-03-09.sync-conflict-20220310-101010-ABCDEFG.md", "A run after breakfast.\n");
    twin.write("2022-03-04 (Lena's conflicted copy 2022-03-05).md", run);
    assert_snapshot!(twin.run(&["ingest", "notes"]), @"
    exit 0
    ── stdout
    3 notes added, 0 changed, 0 removed, 0 unchanged
    3 chunks stored, 0 embedded, in [TIME]
    the index holds 3 notes, 3 entries
    by year: 2022: 3
    warning: runs.md: the same file as 2022-03-04.md, left out
    warning: 2022-03-04 (Lena's conflicted copy 2022-03-05).md: a copy of 2022-03-04.md, left out
    warning: 2022-03-09 (1).md: a copy of 2022-03-09.md, left out
    warning: 2022-03-09.sync-conflict-20220310-101010-ABCDEFG.md: a copy that a sync left behind of 2022-03-09.md, which says something else
    ");
    assert_snapshot!(twin.run(&["ask", "how often did I go for a run in March 2022?"]), @r#"
    exit 0
    ── stdout
    **3 entries** in March 2022 that speak of "run".

    1. **4 March 2022**: Went for a run along the river. [1]
    2. **9 March 2022**: A run before breakfast. [2]
    3. **2022-03-09.sync-conflict-20220310-101010-ABCDEFG** (9 March 2022): A run after breakfast. [3]

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    [1] 2022-03-04.md:1                                        2022-03-04
    [2] 2022-03-09.md:1                                        2022-03-09
    [3] 2022-03-09.sync-conflict-20220310-101010-ABCDEFG.md:1  2022-03-09  2022-03-09.sync-conflict-20220310-101010-ABCDEFG
    ── stderr
    2022-03 · count · "run"
    "#);
    assert_snapshot!(twin.run(&["dates"]), @"
    exit 0
    ── stdout
    logbook   notes at [HOME]/notes
    notes     3, 0 with warnings
    entries   3, 0 undated
    dated by  file name 3
    exact to  day 3
    read as   02/03/2020 is 2 March; no date of the logbook tells which comes first
    warning   runs.md: the same file as 2022-03-04.md, left out
    warning   2022-03-04 (Lena's conflicted copy 2022-03-05).md: a copy of 2022-03-04.md, left out
    warning   2022-03-09 (1).md: a copy of 2022-03-09.md, left out
    warning   2022-03-09.sync-conflict-20220310-101010-ABCDEFG.md: a copy that a sync left behind of 2022-03-09.md, which says something else
    ");
    // The copy is all that is left.
    fs::remove_file(twin.note("2022-03-09.md")).unwrap();
    assert_snapshot!(twin.run(&["ingest", "--allow-mass-delete"]), @"
    exit 0
    ── stdout
    1 note added, 0 changed, 1 removed, 2 unchanged
    1 chunk stored, 0 embedded, in [TIME]
    the index holds 3 notes, 3 entries
    by year: 2022: 3
    warning: runs.md: the same file as 2022-03-04.md, left out
    warning: 2022-03-04 (Lena's conflicted copy 2022-03-05).md: a copy of 2022-03-04.md, left out
    warning: 2022-03-09.sync-conflict-20220310-101010-ABCDEFG.md: a copy that a sync left behind of 2022-03-09.md
    ");
}

/// Fault 40: a line end in the name of what is found.
#[cfg(unix)]
#[test]
fn a_name_stays_in_its_line_wherever_it_is_shown() {
    let twin =
        Twin::ingested(&[("2022-03-04 a\nb\u{1b}.md", "Found an old xylophone in the attic.\n")]);
    assert_snapshot!(twin.run(&["search", "xylophone"]), @r#"
    exit 0
    ── stdout
    2022-03-04 a\u{a}b\u{1b}.md:1  2022-03-04  2022-03-04 a\u{a}b\u{1b}
        Found an old xylophone in the attic.
    ── stderr
    any time · lookup · "xylophone"
    "#);
    assert_snapshot!(twin.run(&["ask", "where did I find a xylophone?"]), @r#"
    exit 0
    ── stdout
    - 4 March 2022: Found an old xylophone in the attic. [1]

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    [1] 2022-03-04 a\u{a}b\u{1b}.md:1  2022-03-04  a b\u{1b}
    ── stderr
    any time · lookup · "find xylophone"
    "#);
    assert_snapshot!(twin.run(&["recap", "2022"]), @r"
    exit 0
    ── stdout
    # 2022

    1. **A b\u{1b}** (4 March 2022): Found an old xylophone in the attic. [1]

    Covers 1 entry, 4 March 2022.

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    ## Sources

    - [1] 2022-03-04 · a b\u{1b} · `2022-03-04 a\u{a}b\u{1b}.md:1`

    ## Coverage

    - 1 entry in the period, 1 read
    - nothing was written in January to February 2022 and April to December 2022
    ");
}

/// Fault 45: a path that is longer than the system takes.
#[cfg(target_os = "linux")]
#[test]
fn a_path_that_is_too_long_is_named_and_the_rest_goes_in() {
    use rustix::fs::{Mode, OFlags, mkdirat, openat};

    let twin = Twin::new(&LOGBOOK[..1]);
    let mut folder = rustix::fs::open(twin.note(""), OFlags::RDONLY, Mode::empty()).unwrap();
    let name = "x".repeat(250);
    for _ in 0..20 {
        mkdirat(&folder, &name, Mode::RWXU).unwrap();
        folder = openat(&folder, &name, OFlags::RDONLY, Mode::empty()).unwrap();
    }
    let note = openat(&folder, "deep.md", OFlags::WRONLY | OFlags::CREATE, Mode::RWXU).unwrap();
    rustix::io::write(note, b"# 2022-03-04\n\nDeep down.\n").unwrap();
    let printed = twin.run(&["ingest", "notes"]);
    assert!(printed.starts_with("exit 3\n"), "{printed}");
    assert!(printed.contains("\n1 note added"), "{printed}");
    assert!(printed.contains(&format!("\nskipped {name}/")), "{printed}");
    assert!(printed.contains("too long"), "{printed}");
}

/// Fault 69: the disk fails while a note is read, where strace is there to have it fail.
#[cfg(target_os = "linux")]
#[test]
fn a_note_that_the_disk_can_not_read_is_named_and_the_rest_goes_in() {
    let twin = Twin::new(&LOGBOOK[..2]);
    let note = twin.note(LOGBOOK[0].0);
    let plain = twin.command(&["ingest", "notes"]);
    let mut command = std::process::Command::new("strace");
    command.args(["-f", "-o", "/dev/null", "-e", "trace=read,pread64"]);
    command.args(["-e", "inject=read,pread64:error=EIO", "-P"]).arg(note);
    command.arg(plain.get_program()).args(plain.get_args()).current_dir(twin.home());
    let path = std::env::var_os("PATH").unwrap_or_default();
    command.env_clear().env("PATH", path);
    command.envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let Ok(output) = command.output() else {
        println!("skipped: there is no strace");
        return;
    };
    if String::from_utf8_lossy(&output.stderr).contains("strace:") {
        println!("skipped: strace may not be used here");
        return;
    }
    let printed = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(3), "{printed}");
    assert!(printed.contains("1 note added"), "{printed}");
    assert!(
        printed.contains(&format!("skipped {}: Input/output error", LOGBOOK[0].0)),
        "{printed}"
    );
    // The next run reads what the disk gives again.
    assert!(twin.run(&["ingest"]).contains("1 note added, 0 changed, 0 removed, 1 unchanged"));
}
