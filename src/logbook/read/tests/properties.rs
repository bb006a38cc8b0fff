//! What holds of every input.

use super::*;
use crate::logbook::generated::{path, text};

/// The lines that entries have to cover, from one.
fn filled_lines(note: &Note) -> Vec<u32> {
    let lines = LineIndex::new(&note.text);
    let front_matter = note.preamble.as_ref().map_or(0, |(lines, _)| lines.last);
    (0..lines.count())
        .filter(|line| !lines.line(&note.text, *line).trim().is_empty())
        .map(super::super::super::lines::number)
        .filter(|line| *line > front_matter)
        .collect()
}

proptest! {
    #[test]
    fn entries_cover_every_line_once_and_in_order(path in path(), text in text()) {
        let Ok(note) = read(&path, text.as_bytes(), &ReadOptions::default()) else { return Ok(()) };
        let covered: Vec<u32> = note
            .entries
            .iter()
            .flat_map(|entry| entry.lines.first..=entry.lines.last)
            .collect();
        prop_assert!(covered.is_sorted_by(|one, next| one < next), "{covered:?}");
        for line in filled_lines(&note) {
            prop_assert!(covered.binary_search(&line).is_ok(), "line {line} of {covered:?}");
        }
        let lines = LineIndex::new(&note.text);
        for entry in &note.entries {
            let first = lines.bytes(entry.lines.first as usize - 1);
            let last = entry.lines.last as usize - 1;
            let end = lines.bytes(last).start + lines.line(&note.text, last).len();
            prop_assert_eq!(entry.bytes.clone(), first.start..end);
        }
    }

    #[test]
    fn no_bytes_are_too_strange(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = read("a.md", &bytes, &ReadOptions::default());
    }

    #[test]
    fn reading_twice_is_reading_once(path in path(), text in text()) {
        let read = || read(&path, text.as_bytes(), &ReadOptions::default());
        prop_assert_eq!(read(), read());
    }
}

/// Fault 26: a hundred thousand headings.
#[test]
fn a_hundred_thousand_headings_are_read() {
    let text: String = (0..50_000)
        .flat_map(|day| [format!("# {}\n", 1000 + day % 8999), format!("## A {day}\n")])
        .collect();
    let note = note("a.md", &text);
    assert_eq!(note.headings.len(), 100_000);
    assert_eq!(note.entries.last().unwrap().lines.last, 100_000);
}

/// Faults 19, 27 and 28: ten thousand levels overflow no stack.
#[test]
fn deep_nesting_is_read() {
    let deep = 10_000;
    let brackets = |open: &str, close: &str| open.repeat(deep) + "x" + &close.repeat(deep);
    for text in [
        "> ".repeat(deep) + "x",
        "- ".repeat(deep) + "x",
        brackets("[", "]"),
        brackets("[a](", ")"),
        brackets("**", "**"),
        brackets("[[", "]]"),
        brackets("<b>", "</b>"),
        "![".repeat(deep),
        "`".repeat(deep) + " `",
        "# ".repeat(deep),
    ] {
        assert_eq!(note("a.md", &text).entries.len(), 1);
    }
}
