//! What holds of every input.

use super::*;

/// Lines that markdown and dates are made of.
fn line() -> impl Strategy<Value = String> {
    let lines = [
        "",
        "",
        "text",
        "# 2022",
        "## March",
        "### 14",
        "## 2022-03-14",
        "## 2022-03-15 — b",
        "# A",
        "## Recipes",
        "- 2022-03-14: x",
        "- [ ] 2022-03-15 y",
        "  - nested",
        "* z",
        "```",
        "---",
        "===",
        "> # quoted",
        "1. one",
        "    code",
        "\ttab",
        "[2022-03-14 13:56] j",
        "#tag é",
        "title: a",
        "date: 2022-03-14",
        "## 2022-02-30",
        "<div>",
        "| a | b |",
        "|---|---|",
        "...",
        "* 2022-03-14",
        "** <2022-03-15 Tue> b :tag:",
        "#+title: a",
        "#+begin_src",
        "#+end_src",
        ":PROPERTIES:",
        ":CREATED: [2022-03-14 Mon]",
        ":END:",
        "date:: 2022-03-14",
        "- tags:: a",
        "## 9 mars",
    ];
    prop_oneof![4 => proptest::sample::select(lines.to_vec()).prop_map(str::to_owned), 1 => "\\PC{0,8}"]
}

fn text() -> impl Strategy<Value = String> {
    let ending = proptest::sample::select(&["\n", "\r\n", "\r"][..]);
    proptest::collection::vec((line(), ending), 0..24)
        .prop_map(|lines| lines.into_iter().map(|(line, ending)| line + ending).collect())
}

fn path() -> impl Strategy<Value = String> {
    let paths =
        ["a.md", "2022-03-14.md", "2022.md", "2022/03.md", "2022/03/14.md", "jrnl.txt", "a.org"];
    proptest::sample::select(paths.to_vec()).prop_map(str::to_owned)
}

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

/// FAULTS 26.
#[test]
fn a_hundred_thousand_headings_are_read() {
    let text: String = (0..50_000)
        .flat_map(|day| [format!("# {}\n", 1000 + day % 8999), format!("## A {day}\n")])
        .collect();
    let note = note("a.md", &text);
    assert_eq!(note.headings.len(), 100_000);
    assert_eq!(note.entries.last().unwrap().lines.last, 100_000);
}

/// FAULTS 19, 27 and 28. Ten thousand levels overflow no stack.
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
