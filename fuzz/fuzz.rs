//! What reads the text of others, given any bytes: it ends, it does not panic, and what it promises of its
//! result holds. `TWIN_FUZZ` names the target; `.ci/fuzz` builds this and runs each.

#![no_main]

use std::sync::LazyLock;

use jiff::civil::{Weekday, date};
use libfuzzer_sys::fuzz_target;
use logtwin::{
    ask::{check, renumbered},
    logbook::{ChunkSize, ReadOptions, chunks, read, restriction},
    plan::{Hemisphere, Today, periods, plan},
    privacy::{SECRET, mask, secret_lines},
    ui::shown,
};

#[path = "../src/backends/chat/sse.rs"]
mod sse;

/// The targets, each with what it does with some bytes.
const TARGETS: [(&str, fn(&[u8])); 7] = [
    ("note", note),
    ("dates", dates),
    ("front-matter", front_matter),
    ("redactor", redactor),
    ("escaper", escaper),
    ("sse", events),
    ("citation", citation),
];

static TARGET: LazyLock<fn(&[u8])> = LazyLock::new(|| {
    let name = std::env::var("TWIN_FUZZ").expect("TWIN_FUZZ names a target");
    TARGETS.iter().find(|(other, _)| *other == name).expect("TWIN_FUZZ names a target").1
});

fuzz_target!(|bytes: &[u8]| TARGET(bytes));

/// The first byte takes the kind of the note and how it is read, the rest is the note.
fn note(bytes: &[u8]) {
    let Some((kind, bytes)) = bytes.split_first() else { return };
    let path = ["a.md", "2021/03/2021-03-04.md", "notes.org", "jrnl.txt"][*kind as usize % 4];
    let day_first = [None, Some(true), Some(false)][*kind as usize / 4 % 3];
    let Ok(note) = read(path, bytes, &ReadOptions { day_first, ..ReadOptions::default() }) else { return };
    let mut last = 0;
    for entry in &note.entries {
        assert!(entry.lines.first > last && entry.lines.last >= entry.lines.first, "{:?}", entry.lines);
        assert!(note.text.is_char_boundary(entry.bytes.start), "{:?}", entry.bytes);
        assert!(note.text.is_char_boundary(entry.bytes.end), "{:?}", entry.bytes);
        last = entry.lines.last;
    }
    let mut end = 0;
    for chunk in chunks(&note, ChunkSize::default()) {
        assert!(chunk.bytes.start >= end && note.text.get(chunk.bytes.clone()).is_some());
        end = chunk.bytes.end;
    }
}

/// Questions and headings are both read for dates.
fn dates(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let today = Today::new(date(2024, 6, 15), Weekday::Monday, Hemisphere::North);
    for found in periods(&text, today) {
        assert!(found.span.start() <= found.span.end(), "{found:?}");
    }
    let _ = plan(&text, today, None);
    let heading = format!("# {}\n\nText.\n", text.replace(['\n', '\r'], " "));
    for day_first in [Some(true), Some(false)] {
        let options = ReadOptions { day_first, ..ReadOptions::default() };
        let _ = read(&format!("{}.md", text.replace(['/', '\0'], "-")), heading.as_bytes(), &options);
    }
}

fn front_matter(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let whole = format!("---\n{text}\n---\n\nText.\n");
    let _ = restriction(&whole);
    let _ = read("a.md", whole.as_bytes(), &ReadOptions::default());
}

/// What is masked once has no secret more, and keeps its lines.
fn redactor(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let masked = mask(&text);
    assert_eq!(secret_lines(&text).is_empty(), masked == text, "{masked}");
    if masked != text {
        assert!(masked.contains(SECRET), "{masked}");
    }
}

/// Nothing that a terminal obeys is left.
fn escaper(bytes: &[u8]) {
    let shown = shown(&String::from_utf8_lossy(bytes));
    let obeyed = |it: char| it.is_control() && it != '\n' && it != '\t';
    assert!(!shown.contains(obeyed), "{shown:?}");
}

/// A stream is the same wherever it is cut.
fn events(bytes: &[u8]) {
    let whole = parsed([bytes]);
    assert_eq!(whole, parsed(bytes.chunks(1)));
    if let Some(at) = bytes.first() {
        let (one, other) = bytes.split_at(*at as usize % bytes.len());
        assert_eq!(whole, parsed([one, other]));
    }
}

fn parsed<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Option<Vec<String>> {
    let (mut parser, mut events) = (sse::Parser::default(), Vec::new());
    for piece in pieces {
        parser.push(piece, &mut events).ok()?;
    }
    events.extend(parser.finish());
    Some(events)
}

/// Only numbers of passages that are there remain, and renumbering to the same changes nothing more.
fn citation(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let checked = check(&text, &|number| (1..=3).contains(&number));
    assert!(checked.numbers.iter().all(|number| (1..=3).contains(number)), "{checked:?}");
    let again = check(&checked.text, &|number| (1..=3).contains(&number));
    assert_eq!(again.numbers, checked.numbers, "{}", checked.text);
    let _ = renumbered(&text, &|number| (number < 9).then_some(number + 1));
}
