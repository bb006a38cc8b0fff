//! Secrets in a text: where they are, and the text without them.
//!
//! Found are keys by their published forms, what stands behind words such as `password:`, passwords
//! in addresses, and strings that look drawn by chance. It is a net and no proof: what is worded
//! like any other sentence is not told from one.

mod assignment;
mod chance;
mod issued;
mod key_block;

use std::{borrow::Cow, ops::Range};

/// What stands in the place of a secret.
pub const SECRET: &str = "[secret]";

/// What is masked may bring out something else; after so many rounds nothing has been left.
const ROUNDS_MAX: usize = 8;

/// A text with `[secret]` in the place of each secret; every line stays a line.
#[must_use]
pub fn mask(text: &str) -> Cow<'_, str> {
    let mut masked = Cow::Borrowed(text);
    for _ in 0..ROUNDS_MAX {
        let found = secrets(&masked);
        if found.is_empty() {
            break;
        }
        masked = Cow::Owned(without(&masked, &found));
    }
    masked
}

/// The lines of a text that hold a secret, from zero.
#[must_use]
pub fn secret_lines(text: &str) -> Vec<u32> {
    let masked = mask(text);
    let changed = text.split('\n').zip(masked.split('\n')).enumerate();
    let mut lines = Vec::new();
    for (line_index, _) in changed.filter(|(_, (line, masked))| line != masked) {
        lines.push(u32::try_from(line_index).unwrap_or(u32::MAX));
    }
    lines
}

/// Where the secrets of a text are: in order, apart from each other, none of them empty.
fn secrets(text: &str) -> Vec<Range<usize>> {
    let mut found = key_block::find(text);
    for (start, line) in lines(text) {
        let in_line = issued::find(line)
            .into_iter()
            .chain(assignment::find(line))
            .chain(chance::find(line))
            .map(|range| start + range.start..start + range.end);
        found.extend(in_line);
    }
    found.retain(|range| !text[range.clone()].replace(SECRET, "").trim().is_empty());
    found.sort_by_key(|range| (range.start, range.end));
    let mut apart: Vec<Range<usize>> = Vec::with_capacity(found.len());
    for range in found {
        match apart.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => apart.push(range),
        }
    }
    apart
}

/// The lines of a text without their ends, each with where it begins.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split_inclusive('\n').scan(0, |place, line| {
        let start = *place;
        *place += line.len();
        Some((start, line.trim_end_matches(['\n', '\r'])))
    })
}

fn without(text: &str, found: &[Range<usize>]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut end = 0;
    for range in found {
        out.push_str(&text[end..range.start]);
        for (count, line) in text[range.clone()].split('\n').enumerate() {
            if count > 0 {
                out.push('\n');
            }
            if !line.trim().is_empty() {
                out.push_str(SECRET);
            }
            if line.ends_with('\r') {
                out.push('\r');
            }
        }
        end = range.end;
    }
    out.push_str(&text[end..]);
    out
}

#[cfg(test)]
mod tests;
