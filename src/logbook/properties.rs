//! Properties in the text, as Logseq writes them: `date:: [[Mar 14th, 2022]]`.
//!
//! Those of the first block are the page's; those of a bullet stand on its line or on the lines
//! right below it, before what is nested.

use std::ops::Range;

use super::{
    front_matter::Key,
    lines::{LineIndex, number},
};

/// The properties of the page whose text begins on this line.
pub(super) fn of_page(text: &str, lines: &LineIndex, first_line: usize) -> Vec<Key> {
    let is_filled = |line_index: &usize| !lines.line(text, *line_index).trim().is_empty();
    match (first_line..lines.count()).find(is_filled) {
        Some(first) => of_block(text, lines, first..lines.count()),
        None => Vec::new(),
    }
}

/// The properties that these lines begin with. The first may be a bullet with text of its own, when
/// the next ones are indented below it.
pub(super) fn of_block(text: &str, lines: &LineIndex, block: Range<usize>) -> Vec<Key> {
    let mut keys = Vec::new();
    let first = block.start;
    for line_index in block {
        let line = lines.line(text, line_index).trim_start();
        let line = if line_index == first { line.strip_prefix("- ").unwrap_or(line) } else { line };
        match property(line) {
            Some((name, value)) => {
                let (name, value) = (name.to_owned(), value.to_owned());
                keys.push(Key { name, line_number: number(line_index), value });
            }
            None => break,
        }
    }
    keys
}

/// `key:: value`.
fn property(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once("::")?;
    let is_name = |character: char| character.is_alphanumeric() || "-_/".contains(character);
    let is_key = !key.is_empty() && key.chars().all(is_name);
    (is_key && (value.is_empty() || value.starts_with(' '))).then(|| (key, value.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, u32, &str)]) {
        let keys = of_page(text, &LineIndex::new(text), 0);
        let keys: Vec<_> =
            keys.iter().map(|key| (&*key.name, key.line_number, &*key.value)).collect();
        assert_eq!(keys, expected, "{text:?}");
    }

    #[test]
    fn a_page_begins_with_its_properties() {
        check(
            "\ntags:: a, b\ndate:: [[x]]\n\n- c:: d\n",
            &[("tags", 2, "a, b"), ("date", 3, "[[x]]")],
        );
        check(
            "- type:: note\n  of:: Rust\n\t- nested\n",
            &[("type", 1, "note"), ("of", 2, "Rust")],
        );
        check("- text\n  date:: 2022-03-14\n", &[]);
        check("std::vec is a:: b\n", &[]);
        check("call a::b\n", &[]);
        check("", &[]);
    }
}
