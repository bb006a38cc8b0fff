//! `twin dates`, as it is typed.

use std::{fs, path::Path};

use tempfile::TempDir;

/// What a command prints in a home of its own, and its status.
fn twin(home: &Path, arguments: &[&str]) -> String {
    let notes = home.join("notes");
    let output = assert_cmd::cargo::cargo_bin_cmd!("twin")
        .env_clear()
        .env("TWIN_HOME", home.join("twin"))
        .current_dir(&notes)
        .args(["--set", &format!("logbook.folders=[{:?}]", notes.display().to_string())])
        .args(["--set", "logbook.git=false"])
        .args(arguments)
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| {
        String::from_utf8(bytes).unwrap().replace(&home.display().to_string(), "~")
    };
    let status = output.status.code().unwrap();
    format!("{}{}[{status}]", text(output.stdout), text(output.stderr))
}

#[test]
fn a_logbook_and_its_notes_tell_what_dates_them() {
    let home = TempDir::new().unwrap();
    let notes = home.path().join("notes");
    fs::create_dir(&notes).unwrap();
    fs::write(notes.join("2021-04.md"), "## Mardi 12\n\na\n\n## Ideas\n\nb\n").unwrap();
    fs::write(notes.join("ideas.md"), "# Ideas\n\nc\n\n# 04/13/2021\n\nd\n").unwrap();
    insta::assert_snapshot!(twin(home.path(), &["dates"]), @"
    logbook   notes at ~/notes
    notes     2, 1 with warnings
    entries   4, 1 undated
    dated by  heading 2, file name 1
    exact to  day 2, month 1
    read as   02/03/2020 is 3 February, by the dates that can be read only one way: 0 with the day first, 1 with the month first

    the undated ones: `twin dates --undated`; one note: `twin dates FILE`
    [0]
    ");
    insta::assert_snapshot!(twin(home.path(), &["dates", "2021-04.md:3"]), @"
    2021-04.md
      1-3  2021-04-12 (day), heading on line 1: `Mardi 12` – 2021-04 › Mardi 12
           agrees: 2021-04 (month), file name: `2021-04`
           warning, line 1: `2021-04-12` was a Monday, not a Tuesday
    [0]
    ");
    insta::assert_snapshot!(twin(home.path(), &["dates", "--undated"]), @"
    ideas.md:1
    [0]
    ");
    insta::assert_snapshot!(twin(home.path(), &["dates", "other.md"]), @"
    error: other.md is no note of the logbook

    hint: name a file below one of its folders, by its path there or from here, and perhaps a line: `twin dates journal/2022-03.md:40`
    [2]
    ");
    let json = twin(home.path(), &["dates", "ideas.md", "--json"]);
    assert!(json.contains("\"schema\": \"logtwin/dates-note/1\""), "{json}");
}
