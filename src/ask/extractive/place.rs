//! Where a quoted sentence stands in its note.
//!
//! A sentence is quoted without its markup, so that the two are compared by their letters and
//! digits alone, without the addresses that links hide.

use crate::{ask::citation::lines_of, logbook::Lines};

/// The first letters of a sentence, and its last, find it where markup stands within.
const ENDS: usize = 24;

/// The lines within some lines of a note that a sentence stands on; none when it is not found.
pub(super) fn lines_of_quote(text: &str, within: Lines, sentence: &str) -> Option<Lines> {
    let wanted: Vec<char> = letters(sentence).collect();
    if wanted.is_empty() {
        return None;
    }
    let (mut all, mut lines) = (Vec::new(), Vec::new());
    for (number, line) in (within.first..).zip(lines_of(text, within)?.lines()) {
        all.extend(letters(line));
        lines.resize(all.len(), number);
    }
    let found = |part: &[char], from: usize| {
        let windows = all.get(from..)?.windows(part.len());
        windows.into_iter().position(|window| window == part).map(|at| from + at)
    };
    if let Some(at) = found(&wanted, 0) {
        return Some(Lines { first: lines[at], last: lines[at + wanted.len() - 1] });
    }
    let start = &wanted[..wanted.len().min(ENDS)];
    let end = &wanted[wanted.len() - start.len()..];
    let first = found(start, 0)?;
    let last = found(end, first).map_or(first, |at| at + end.len() - 1);
    Some(Lines { first: lines[first], last: lines[last] })
}

/// The letters and digits of a text, without those of link addresses: `](…)`.
fn letters(text: &str) -> impl Iterator<Item = char> {
    let mut before = ' ';
    let mut in_address = false;
    text.chars().filter(move |character| {
        in_address = match *character {
            '(' if before == ']' => true,
            ')' => false,
            _ => in_address,
        };
        before = *character;
        character.is_alphanumeric() && !in_address
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sentence: &str, expected: Option<(u32, u32)>) {
        let note = "# Bread\n\nBaked a loaf. It was **dense**,\nlike a [brick](http://bricks.example) of\nclay. Never again.\n";
        let found = lines_of_quote(note, Lines { first: 1, last: 5 }, sentence);
        assert_eq!(found.map(|lines| (lines.first, lines.last)), expected, "{sentence}");
    }

    #[test]
    fn a_sentence_is_found_on_its_lines() {
        check("Baked a loaf.", Some((3, 3)));
        check("It was dense, like a brick of clay.", Some((3, 5)));
        check("Never again.", Some((5, 5)));
        check("Always again.", None);
        check("…", None);
    }

    #[test]
    fn a_sentence_elsewhere_in_the_note_is_not_meant() {
        let found = lines_of_quote("Twice.\nOnce.\nTwice.", Lines { first: 2, last: 3 }, "Twice.");
        assert_eq!(found, Some(Lines { first: 3, last: 3 }));
    }
}
