//! Histories of real repositories, made by the git program.

use std::fs;

use tempfile::TempDir;

use super::*;

/// Runs git in a folder, as an author at some time.
fn run(folder: &Path, time: &str, arguments: &[&str]) {
    let status = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"])
        .args(arguments)
        .env("GIT_AUTHOR_DATE", time)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    assert!(status.unwrap().success(), "{arguments:?}");
}

fn commit(folder: &Path, time: &str) {
    run(folder, time, &["add", "-A"]);
    run(folder, time, &["commit", "-q", "-m", "m"]);
}

#[test]
fn a_note_has_the_authors_day_whatever_it_is_called_now() {
    let home = TempDir::new().unwrap();
    let notes = home.path().join("my notes");
    fs::create_dir(&notes).unwrap();
    assert_eq!(History::of(&notes, None), Err("it lies in no git work tree".to_owned()));

    run(home.path(), "", &["init", "-q"]);
    // What a user may have set must not change what is read.
    for (key, value) in
        [("diff.relative", "true"), ("color.ui", "always"), ("diff.renames", "false")]
    {
        run(home.path(), "", &["config", key, value]);
    }
    fs::write(notes.join("a.md"), "a line\nand another\nand a third\n").unwrap();
    commit(home.path(), "2020-01-02T23:30:00-0500");
    let first = History::of(&notes, None).unwrap();
    assert_eq!(first.day("a.md"), Some(jiff::civil::date(2020, 1, 2)));

    run(home.path(), "", &["mv", "my notes/a.md", "my notes/été \"b\".md"]);
    fs::write(notes.join("été \"b\".md"), "a line\nand another\nand a fourth\n").unwrap();
    fs::write(notes.join("c.md"), "c").unwrap();
    commit(home.path(), "2021-05-06T12:00:00Z");
    fs::write(notes.join("d.md"), "d").unwrap();
    let second = History::of(&notes, Some(&first)).unwrap();
    assert_eq!(second.day("été \"b\".md"), Some(jiff::civil::date(2020, 1, 2)));
    assert_eq!(second.day("c.md"), Some(jiff::civil::date(2021, 5, 6)));
    assert_eq!((second.day("a.md"), second.day("d.md")), (None, None));
    assert_eq!(History::of(&notes, Some(&second)), Ok(second));
}

#[test]
fn a_shallow_clone_has_no_history() {
    let home = TempDir::new().unwrap();
    let (from, to) = (home.path().join("from"), home.path().join("to"));
    fs::create_dir(&from).unwrap();
    run(&from, "", &["init", "-q"]);
    for day in ["2020-01-02T00:00:00Z", "2021-01-02T00:00:00Z"] {
        fs::write(from.join("a.md"), day).unwrap();
        commit(&from, day);
    }
    let address = format!("file://{}", from.display());
    run(home.path(), "", &["clone", "-q", "--depth", "1", &address, &to.display().to_string()]);
    assert_eq!(History::of(&to, None), Err("the clone is shallow".to_owned()));
}
