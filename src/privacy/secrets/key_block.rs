//! Private keys between `-----BEGIN … PRIVATE KEY-----` and its end.
//!
//! The marks are those of RFC 7468 (section 2) and, for `OpenPGP`, of RFC 9580 (section 6.2). A key
//! of which the passage has only a part is found by its one mark.

use std::ops::Range;

use super::lines;

/// The most lines of a key; a long RSA key has about a hundred.
const LINES_MAX: usize = 200;

/// Where the private keys are.
pub(super) fn find(text: &str) -> Vec<Range<usize>> {
    if !text.contains("PRIVATE KEY") {
        return Vec::new();
    }
    let lines: Vec<(usize, &str)> = lines(text).collect();
    let mut found = Vec::new();
    let mut next = 0;
    while next < lines.len() {
        let (start, line) = lines[next];
        if let Some(begins) = mark(line, "BEGIN") {
            let last = last_line(&lines, next);
            let (last_start, last_line) = lines[last];
            let from = if last == next { begins } else { 0 };
            let end = mark_end(last_line, from).unwrap_or(last_line.len());
            found.push(start + begins..last_start + end);
            next = last + 1;
        } else if mark(line, "END").is_some() {
            let first = first_line(&lines, next);
            found.push(lines[first].0..start + mark_end(line, 0).unwrap_or(line.len()));
            next += 1;
        } else {
            next += 1;
        }
    }
    found
}

/// Where a mark of a private key begins in a line.
fn mark(line: &str, kind: &str) -> Option<usize> {
    let begins = line.find(&format!("-----{kind} "))?;
    let rest = &line[begins + 5..];
    let label = rest.split("-----").next()?;
    (label.ends_with("PRIVATE KEY") || label.ends_with("PRIVATE KEY BLOCK")).then_some(begins)
}

/// Where the end mark ends in a line, looked for from a place on.
fn mark_end(line: &str, from: usize) -> Option<usize> {
    let begins = from + mark(&line[from..], "END")?;
    let rest = &line[begins + 5..];
    rest.find("-----").map(|dashes| begins + 5 + dashes + 5)
}

/// The line of the end mark, else the last of the lines that look like those of a key.
fn last_line(lines: &[(usize, &str)], begin: usize) -> usize {
    let until = lines.len().min(begin + LINES_MAX);
    if mark_end(lines[begin].1, 0).is_some() {
        return begin;
    }
    let end = (begin + 1..until).find(|line| mark(lines[*line].1, "END").is_some());
    end.unwrap_or_else(|| {
        let body = (begin + 1..until).take_while(|line| is_of_a_key(lines[*line].1));
        body.filter(|line| !lines[*line].1.trim().is_empty()).last().unwrap_or(begin)
    })
}

/// The first of the lines above an end mark that look like those of a key.
fn first_line(lines: &[(usize, &str)], end: usize) -> usize {
    let from = end.saturating_sub(LINES_MAX);
    let body = (from..end).rev().take_while(|line| is_of_a_key(lines[*line].1));
    body.filter(|line| !lines[*line].1.trim().is_empty()).last().unwrap_or(end)
}

/// Whether a line is one of base64, or a header such as `Proc-Type: 4,ENCRYPTED`, perhaps quoted.
fn is_of_a_key(line: &str) -> bool {
    let line = line.trim_start_matches(['>', ' ', '\t']).trim_end();
    let is_base64 = line.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte));
    let headers = ["Proc-Type:", "DEK-Info:", "Version:", "Comment:"];
    // What was masked before is left as it is, wherever it ends.
    is_base64 || line == super::SECRET || headers.iter().any(|header| line.starts_with(header))
}
