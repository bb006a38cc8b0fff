//! The log that git prints: a mark and the day of each commit, then what it adds and renames, the
//! oldest commit first, every field ended by a NUL.

use std::{collections::BTreeMap, path::Path};

use jiff::civil::Date;

use super::is_note;

/// What a commit's field begins with, so that no path is taken for one.
const COMMIT: u8 = 1;

/// A commit that adds more notes than this brings a logbook in: it says when that was, and nothing of
/// when they were written.
const NOTES_OF_A_DAY: usize = 20;

/// What one commit does.
#[derive(Default)]
struct Commit<'log> {
    day: Option<Date>,
    added: Vec<&'log [u8]>,
    renamed: Vec<(&'log [u8], &'log [u8])>,
}

impl Commit<'_> {
    /// The day that it gives to what it adds.
    fn day(&self) -> Option<Date> {
        let notes = self
            .added
            .iter()
            .filter(|path| std::str::from_utf8(path).is_ok_and(|path| is_note(Path::new(path))));
        self.day.filter(|_| notes.count() <= NOTES_OF_A_DAY)
    }
}

/// The first day of each path below `prefix`, without the prefix.
pub(super) fn first_days(log: &[u8], prefix: &str) -> BTreeMap<String, Date> {
    // A path that an import brought stays without a day, whatever becomes of it later.
    let mut days: BTreeMap<&[u8], Option<Date>> = BTreeMap::new();
    for commit in commits(log).iter().filter(|commit| commit.day.is_some()) {
        let day = commit.day();
        for path in &commit.added {
            days.entry(path).or_insert(day);
        }
        for (from, to) in &commit.renamed {
            let first = days.remove(from).unwrap_or(commit.day);
            days.entry(to).or_insert(first);
        }
    }
    days.into_iter()
        .filter_map(|(path, day)| {
            let path = std::str::from_utf8(path).ok()?.strip_prefix(prefix)?;
            Some((path.to_owned(), day?))
        })
        .collect()
}

/// The commits of a log, the oldest first.
fn commits(log: &[u8]) -> Vec<Commit<'_>> {
    let mut commits = Vec::new();
    let mut commit = Commit::default();
    let mut fields =
        log.split(|byte| *byte == 0).map(|field| field.strip_prefix(b"\n").unwrap_or(field));
    while let Some(field) = fields.next() {
        match field.first() {
            Some(&COMMIT) => {
                let day = std::str::from_utf8(&field[1..]).ok().and_then(|text| text.parse().ok());
                commits.push(std::mem::replace(&mut commit, Commit { day, ..Commit::default() }));
            }
            Some(b'A') => commit.added.extend(fields.next()),
            Some(b'R') => commit.renamed.extend(fields.next().zip(fields.next())),
            _ => {}
        }
    }
    commits.push(commit);
    commits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(log: &str, prefix: &str, expected: &[&str]) {
        let log = log.replace(' ', "\0").replace('@', "\u{1}");
        let days = first_days(log.as_bytes(), prefix);
        let days: Vec<String> = days.iter().map(|(path, day)| format!("{path} {day}")).collect();
        assert_eq!(days, expected, "{log:?}");
    }

    #[test]
    fn the_oldest_commit_that_adds_a_path_dates_it() {
        check(
            "@2020-01-02 \nA a.md A b.md @2021-01-01 \nA a.md @2022-01-01 \nA c.md ",
            "",
            &["a.md 2020-01-02", "b.md 2020-01-02", "c.md 2022-01-01"],
        );
    }

    #[test]
    fn renames_are_followed_from_one_to_the_next() {
        check(
            "@2020-01-02 \nA a.md @2021-01-01 \nR100 a.md b.md @2022-01-01 \nR060 b.md c.md A a.md ",
            "",
            &["a.md 2022-01-01", "c.md 2020-01-02"],
        );
        check("@2021-01-01 \nR100 a.md b.md ", "", &["b.md 2021-01-01"]);
    }

    #[test]
    fn a_commit_that_brings_a_whole_logbook_dates_nothing() {
        let import = |extension: &str| -> String {
            let paths = (0..=NOTES_OF_A_DAY).map(|number| format!("A {number}.{extension}"));
            paths.collect::<Vec<_>>().join(" ")
        };
        let log =
            format!("@2020-01-02 \n{} @2021-01-01 \nA new.md R100 1.md one.md ", import("md"));
        check(&log, "", &["new.md 2021-01-01"]);
        let log = format!("@2020-01-02 \n{} A notes/a.md ", import("png"));
        check(&log, "notes/", &["a.md 2020-01-02"]);
    }

    #[test]
    fn only_what_lies_below_the_folder_counts() {
        check("@2020-01-02 \nA notes/a.md A b.md ", "notes/", &["a.md 2020-01-02"]);
    }

    #[test]
    fn what_is_no_log_says_nothing() {
        check("A a.md R100 ", "", &[]);
        check("@soon \nA a.md @2020-01-02 \nR100 a.md", "", &[]);
    }
}
