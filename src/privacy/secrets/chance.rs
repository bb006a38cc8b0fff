//! Strings that look drawn by chance: keys of which nothing else tells that they are.
//!
//! What is drawn from letters of both cases and digits changes its kind at more than every second
//! character, has its digits scattered, and repeats few of its characters. Words, however long and
//! however they are joined, do not; hashes and UUIDs have no capitals.

use std::{collections::HashMap, ops::Range};

/// The least characters: below, words and numbers are too often like it.
const LENGTH_MIN: usize = 24;
/// The most: what is longer is a file and no key.
const LENGTH_MAX: usize = 128;
/// The least entropy of a character in bits, by how often each occurs (Shannon, 1948). Of 24 that
/// are drawn from 62, nearly all have over 4.
const ENTROPY_MIN: f64 = 3.9;
/// The least share of neighbours of two kinds; by chance it is 0.62.
const CHANGES_MIN: f64 = 0.42;
/// The least runs of digits.
const DIGIT_RUNS_MIN: usize = 2;
/// How pictures in base64 begin when what says so was cut off: PNG, JPEG, GIF, WebP and SVG.
const PICTURES: [&str; 5] = ["iVBORw0KGgo", "/9j/", "R0lGOD", "UklGR", "PHN2Zy"];

/// Where such strings are in a line.
pub(super) fn find(line: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (start, run) in runs(line, |byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte)) {
        let is_file = run.len() > LENGTH_MAX
            || line[..start].ends_with("base64,")
            || PICTURES.iter().any(|begin| run.starts_with(begin));
        if is_file {
            continue;
        }
        let parts = runs(run, |byte| byte.is_ascii_alphanumeric() || byte == b'+');
        let drawn = parts.filter(|(_, part)| is_drawn(part.as_bytes()));
        found.extend(drawn.map(|(part, text)| start + part..start + part + text.len()));
    }
    found
}

/// The longest runs of such characters, each with where it begins.
fn runs(text: &str, is_of: impl Fn(u8) -> bool) -> impl Iterator<Item = (usize, &str)> {
    let bytes = text.as_bytes();
    let mut place = 0;
    std::iter::from_fn(move || {
        while place < bytes.len() && !is_of(bytes[place]) {
            place += 1;
        }
        let start = place;
        while place < bytes.len() && is_of(bytes[place]) {
            place += 1;
        }
        (start < place).then(|| (start, &text[start..place]))
    })
}

fn is_drawn(bytes: &[u8]) -> bool {
    if !(LENGTH_MIN..=LENGTH_MAX).contains(&bytes.len()) {
        return false;
    }
    let kind = |byte: u8| match byte {
        b'0'..=b'9' => 0,
        b'a'..=b'z' => 1,
        b'A'..=b'Z' => 2,
        _ => 3,
    };
    let has = |wanted: i32| bytes.iter().any(|byte| kind(*byte) == wanted);
    let changes = bytes.windows(2).filter(|pair| kind(pair[0]) != kind(pair[1])).count();
    let digit_runs = bytes
        .chunk_by(|one, next| kind(*one) == kind(*next))
        .filter(|run| kind(run[0]) == 0)
        .count();
    has(0)
        && has(1)
        && has(2)
        && digit_runs >= DIGIT_RUNS_MIN
        && changes as f64 / (bytes.len() - 1) as f64 >= CHANGES_MIN
        && entropy(bytes) >= ENTROPY_MIN
}

/// The entropy of a character in bits.
fn entropy(bytes: &[u8]) -> f64 {
    let mut counts: HashMap<u8, usize> = HashMap::new();
    for byte in bytes {
        *counts.entry(*byte).or_default() += 1;
    }
    let share = |count: &usize| *count as f64 / bytes.len() as f64;
    -counts.values().map(share).map(|share| share * share.log2()).sum::<f64>()
}
