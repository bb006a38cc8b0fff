//! What dates the entries of one note.

use serde::Serialize;

use crate::{
    error::{Error, Result},
    ingest::Found,
    logbook::{Dating, Entry, Lines, Note, Warning, place},
    ui,
};

/// The entries of a note, or the one at a line.
#[derive(Serialize)]
pub(super) struct Page {
    root: String,
    path: String,
    title: String,
    entries: Vec<DatedEntry>,
    /// What is said of the note as a whole.
    warnings: Vec<Fault>,
}

#[derive(Serialize)]
struct DatedEntry {
    title: String,
    lines: Lines,
    dating: Option<Dating>,
    others: Vec<Other>,
    warnings: Vec<Fault>,
}

#[derive(Serialize)]
struct Other {
    agrees: bool,
    #[serde(flatten)]
    dating: Dating,
}

#[derive(Clone, Serialize)]
struct Fault {
    line_number: Option<u32>,
    reason: String,
}

impl Page {
    /// The entries of a note; only the one at a line when one is given.
    ///
    /// # Errors
    /// When no entry stands on the line.
    pub(super) fn new(found: &Found, note: &Note, line_number: Option<u32>) -> Result<Self> {
        let is_asked_for = |entry: &&Entry| line_number.is_none_or(|line| holds(entry.lines, line));
        let entries: Vec<DatedEntry> =
            note.entries.iter().filter(is_asked_for).map(|entry| dated(note, entry)).collect();
        if let Some(line_number) = line_number.filter(|_| entries.is_empty()) {
            return Err(Error::usage(format!(
                "no entry stands at {}",
                place(&found.path, line_number)
            ))
            .hint("without a line, all entries of the note are shown with their lines"));
        }
        let is_of_entry = |warning: &&Warning| {
            let line = warning.line_number;
            note.entries.iter().any(|entry| line.is_some_and(|line| holds(entry.lines, line)))
        };
        Ok(Self {
            root: found.root.clone(),
            path: found.path.clone(),
            title: note.title.clone(),
            entries,
            warnings: faults(
                note.unread
                    .iter()
                    .chain(note.warnings.iter().filter(|warning| !is_of_entry(warning))),
            ),
        })
    }

    /// The entries for people.
    pub(super) fn text(&self) -> String {
        let mut text = format!("{}\n", self.path);
        for warning in &self.warnings {
            text.push_str(&format!("  {}\n", warning.said()));
        }
        let lines: Vec<String> = self.entries.iter().map(|entry| entry.lines.to_string()).collect();
        let width = lines.iter().map(String::len).max().unwrap_or_default();
        for (entry, lines) in self.entries.iter().zip(lines) {
            text.push_str(&format!("  {lines:<width$}  {}\n", entry.headline()));
            for detail in entry.details() {
                text.push_str(&format!("  {:width$}  {detail}\n", ""));
            }
        }
        ui::shown(&text)
    }
}

impl DatedEntry {
    fn headline(&self) -> String {
        match &self.dating {
            Some(dating) => format!("{} – {}", said(dating), self.title),
            None => format!("undated – {}", self.title),
        }
    }

    fn details(&self) -> Vec<String> {
        let others = self.others.iter().map(|other| {
            let how = if other.agrees { "agrees" } else { "conflicts" };
            format!("{how}: {}", said(&other.dating))
        });
        others.chain(self.warnings.iter().map(Fault::said)).collect()
    }
}

impl Fault {
    fn said(&self) -> String {
        match self.line_number {
            Some(line_number) => format!("warning, line {line_number}: {}", self.reason),
            None => format!("warning: {}", self.reason),
        }
    }
}

fn dated(note: &Note, entry: &Entry) -> DatedEntry {
    let agrees = |other: &Dating| entry.dating.as_ref().is_some_and(|own| own.agrees_with(other));
    let is_within =
        |warning: &&Warning| warning.line_number.is_some_and(|line| holds(entry.lines, line));
    DatedEntry {
        title: entry.title.clone(),
        lines: entry.lines,
        dating: entry.dating.clone(),
        others: entry
            .others
            .iter()
            .map(|other| Other { agrees: agrees(other), dating: other.clone() })
            .collect(),
        warnings: faults(note.warnings.iter().filter(is_within)),
    }
}

fn faults<'a>(warnings: impl Iterator<Item = &'a Warning>) -> Vec<Fault> {
    warnings
        .map(|warning| Fault { line_number: warning.line_number, reason: warning.reason.clone() })
        .collect()
}

fn holds(lines: Lines, line: u32) -> bool {
    (lines.first..=lines.last).contains(&line)
}

/// The days, how exactly they are given, and what they were read from.
fn said(dating: &Dating) -> String {
    let provenance = &dating.provenance;
    let line = provenance.line_number.map(|line| format!(" on line {line}")).unwrap_or_default();
    format!(
        "{} ({}), {}{line}: `{}`",
        dating.span, dating.precision, provenance.source, provenance.text
    )
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::logbook::{ReadOptions, read};

    fn page(path: &str, text: &str, line_number: Option<u32>) -> Result<Page> {
        let note = read(path, text.as_bytes(), &ReadOptions::default()).unwrap();
        let found = Found {
            root: "notes".to_owned(),
            path: path.to_owned(),
            file: PathBuf::new(),
            size: 0,
            size_max: 9,
            modified: 0,
            link: None,
        };
        Page::new(&found, &note, line_number)
    }

    /// Faults 35 and 36: front matter and file name of two days; a weekday that is not that of its
    /// date.
    #[test]
    fn every_disagreement_is_shown() {
        let text = "---\ndate: 2021-05-03\n---\n## Mardi 12\n\na\n\n## Jeudi 15\n\nb\n";
        let shown = page("2021-04.md", text, None).unwrap().text();
        insta::assert_snapshot!(shown, @"
        2021-04.md
          warning, line 2: `2021-05-03` disagrees with `2021-04`
          4-6   2021-04-12 (day), heading on line 4: `Mardi 12` – 2021-04 › Mardi 12
                agrees: 2021-04 (month), file name: `2021-04`
                conflicts: 2021-05-03 (day), front matter on line 2: `2021-05-03`
                warning, line 4: `2021-04-12` was a Monday, not a Tuesday
          8-10  2021-04-15 (day), heading on line 8: `Jeudi 15` – 2021-04 › Jeudi 15
                agrees: 2021-04 (month), file name: `2021-04`
                conflicts: 2021-05-03 (day), front matter on line 2: `2021-05-03`
        ");
    }

    #[test]
    fn a_line_chooses_its_entry() {
        let text = "# 2022\n\n## March\n\na\n\n## May\n\nb\n\n\n";
        let of_line = |line| page("a.md", text, Some(line)).unwrap().text();
        insta::assert_snapshot!(of_line(9), @"
        a.md
          7-9  2022-05 (month), heading on line 7: `May` – 2022 › May
               agrees: 2022 (year), heading above on line 1: `2022`
        ");
        assert!(page("a.md", text, Some(11)).is_err());
        let undated = page("b.md", "text", None).unwrap().text();
        assert_eq!(undated, "b.md\n  1  undated – b\n");
    }

    #[test]
    fn the_json_says_what_agrees() {
        let page = page("2022/a.md", "## 2022-03-14\n\na\n", None).unwrap();
        insta::assert_json_snapshot!(page.entries[0].others, @r#"
        [
          {
            "agrees": true,
            "span": {
              "start": "2022-01-01",
              "end": "2023-01-01"
            },
            "precision": "year",
            "provenance": {
              "source": "folder",
              "line_number": null,
              "text": "2022"
            }
          }
        ]
        "#);
    }
}
