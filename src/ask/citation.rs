//! Citations: the passages that an answer names, checked against what was retrieved and what the
//! notes say today.

use serde::Serialize;

use super::{Passage, title::without_date};
use crate::logbook::{Lines, Span, place};

/// A passage that an answer cites.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Citation {
    /// The number that stands for it in the answer, from one.
    pub number: usize,
    /// The name of the logbook folder.
    pub root: String,
    /// The note's path below it.
    pub path: String,
    /// The lines.
    pub lines: Lines,
    /// The days of the entry; none when it is undated.
    pub span: Option<Span>,
    /// What the entry is called.
    pub title: String,
    /// Whether the lines still say what was retrieved.
    pub state: Checked,
}

/// Whether the lines of a citation still say what was retrieved.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Checked {
    /// They do.
    Fresh,
    /// The note has changed there since it was indexed.
    Stale,
    /// The note can't be read any more.
    Gone,
}

/// Gives the text of a passage's whole note as it is today; none when it can't be read.
pub type CurrentText<'a> = dyn Fn(&Passage) -> Option<String> + 'a;

impl Citation {
    /// The citation of a passage under a number, checked against the note of today.
    #[must_use]
    pub fn of(number: usize, passage: &Passage, current: &CurrentText<'_>) -> Self {
        Self {
            number,
            root: passage.root.clone(),
            path: passage.path.clone(),
            lines: passage.lines,
            span: passage.span,
            title: passage.title.clone(),
            state: state(passage, current(passage).as_deref()),
        }
    }

    /// Where it stands: `path:line`.
    #[must_use]
    pub fn place(&self) -> String {
        place(&self.path, self.lines.first)
    }

    /// Where it stands, as a page of markdown says it.
    #[must_use]
    pub fn markdown(&self) -> String {
        let date = self.span.map(|span| span.to_string()).unwrap_or_default();
        let title = without_date(&self.title);
        let gap = if title.is_empty() { "" } else { " · " };
        format!("[{}] {date}{gap}{title} · `{}`", self.number, self.place())
    }
}

/// Compares a passage with its note of today, line by line; white space does not count.
#[must_use]
pub fn state(passage: &Passage, current: Option<&str>) -> Checked {
    let Some(current) = current else { return Checked::Gone };
    let Some(today) = lines_of(current, passage.lines) else { return Checked::Stale };
    let today = unspaced(&today);
    let says = passage.text.lines().all(|line| today.contains(&unspaced(line)));
    if says { Checked::Fresh } else { Checked::Stale }
}

/// The text of some lines of a note; none when it has fewer. Lines end with `\n`, `\r\n` or `\r`.
#[must_use]
pub(super) fn lines_of(text: &str, lines: Lines) -> Option<String> {
    let unified = text.replace("\r\n", "\n").replace('\r', "\n");
    let all: Vec<&str> = unified.lines().collect();
    let first = usize::try_from(lines.first.checked_sub(1)?).ok()?;
    let last = usize::try_from(lines.last).ok()?;
    Some(all.get(first..last)?.join("\n"))
}

/// A text without white space: chunks of one line are joined by a space where the note may have none.
pub(super) fn unspaced(text: &str) -> String {
    text.split_whitespace().collect()
}

/// A model's answer once its citations were checked.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct CheckedText {
    /// The answer, with citations of existing passages only.
    pub text: String,
    /// The numbers that it cites, ascending.
    pub numbers: Vec<usize>,
    /// The numbers that it cited and that stand for nothing.
    pub foreign: Vec<String>,
}

/// Checks the citations of a text against the numbers that there are.
///
/// `[3]`, `[1, 4]`, `[1][2]` and `[2-4]` outside code are citations; those of other numbers are
/// taken out of the text.
#[must_use]
pub fn check(text: &str, exists: &dyn Fn(usize) -> bool) -> CheckedText {
    let same = |number: usize| exists(number).then_some(number);
    let mut checked = pass(text, &same);
    let mut foreign = std::mem::take(&mut checked.foreign);
    // What is taken out may have stood within the brackets of another; each pass is shorter.
    let mut found = !foreign.is_empty();
    while found {
        checked = pass(&checked.text, &same);
        found = !checked.foreign.is_empty();
        foreign.append(&mut checked.foreign);
    }
    CheckedText { foreign, ..checked }
}

/// A checked text with other numbers in place of its own; a number without another is taken out.
#[must_use]
pub fn renumbered(text: &str, other: &dyn Fn(usize) -> Option<usize>) -> String {
    pass(text, other).text
}

fn pass(text: &str, other: &dyn Fn(usize) -> Option<usize>) -> CheckedText {
    let mut checked = CheckedText::default();
    let mut line_is_code = false;
    for line in text.split_inclusive('\n') {
        let is_fence = line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~");
        if is_fence || line_is_code {
            line_is_code ^= is_fence;
            checked.text.push_str(line);
            continue;
        }
        check_line(line, other, &mut checked);
    }
    checked.numbers.sort_unstable();
    checked.numbers.dedup();
    checked
}

fn check_line(line: &str, other: &dyn Fn(usize) -> Option<usize>, checked: &mut CheckedText) {
    let mut rest = line;
    while let Some(offset) = rest.find(['[', '`']) {
        checked.text.push_str(&rest[..offset]);
        rest = &rest[offset..];
        let span = if rest.starts_with('`') { code_span(rest) } else { None };
        if let Some(length) = span {
            checked.text.push_str(&rest[..length]);
            rest = &rest[length..];
            continue;
        }
        let Some((numbers, length)) = citation(rest) else {
            checked.text.push_str(&rest[..1]);
            rest = &rest[1..];
            continue;
        };
        let mut known: Vec<usize> = Vec::new();
        for part in numbers {
            match part.number.and_then(other) {
                Some(number) if known.contains(&number) => {}
                Some(number) => known.push(number),
                None => checked.foreign.push(part.text),
            }
        }
        rest = &rest[length..];
        if known.is_empty() {
            let before = checked.text.trim_end_matches(' ').len();
            if rest.is_empty() || rest.starts_with(['.', ',', ';', ':', '!', '?', '\n', ' ', '\r'])
            {
                checked.text.truncate(before);
            }
        } else {
            let written: Vec<String> = known.iter().map(ToString::to_string).collect();
            checked.text.push('[');
            checked.text.push_str(&written.join(", "));
            checked.text.push(']');
            checked.numbers.extend(known);
        }
    }
    checked.text.push_str(rest);
}

/// The length of the code span that a text begins with.
fn code_span(text: &str) -> Option<usize> {
    let ticks = text.len() - text.trim_start_matches('`').len();
    let end = text[ticks..].find(&text[..ticks])?;
    Some(ticks + end + ticks)
}

/// A number of a citation, and how it was written.
struct Part {
    number: Option<usize>,
    text: String,
}

/// A range of more numbers than this is a slip, not a citation.
const RANGE_MAX: usize = 64;

/// The numbers of the citation that a text begins with, and its length.
fn citation(text: &str) -> Option<(Vec<Part>, usize)> {
    let end = text.find(']')?;
    let within = &text[1..end];
    let is_numbers = within.chars().any(|c| c.is_ascii_digit())
        && within.chars().all(|c| c.is_ascii_digit() || ", ;-–".contains(c));
    // `[1](https://…)` is a link, and so is no citation.
    if !is_numbers || text[end + 1..].starts_with('(') {
        return None;
    }
    let mut parts = Vec::new();
    for piece in within.split([',', ';']).map(str::trim).filter(|piece| !piece.is_empty()) {
        let mut ends = piece.splitn(2, ['-', '–']).map(|end| end.trim().parse::<usize>().ok());
        match (ends.next().flatten(), ends.next()) {
            (Some(number), None) => {
                parts.push(Part { number: Some(number), text: piece.to_owned() });
            }
            (Some(first), Some(Some(last))) if first <= last && last - first < RANGE_MAX => {
                parts.extend(
                    (first..=last)
                        .map(|number| Part { number: Some(number), text: number.to_string() }),
                );
            }
            _ => parts.push(Part { number: None, text: piece.to_owned() }),
        }
    }
    Some((parts, end + 1))
}

/// A sentence without what it cites, and the numbers that it cites, in order; code cites nothing.
pub(super) fn taken_apart(sentence: &str) -> (String, Vec<usize>) {
    let mut text = String::with_capacity(sentence.len());
    let mut numbers = Vec::new();
    let mut rest = sentence;
    while let Some(at) = rest.find(['[', '`']) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = if let Some((parts, length)) = citation_at(rest) {
            numbers.extend(parts.into_iter().filter_map(|part| part.number));
            text.push(' ');
            length
        } else {
            let length = rest.starts_with('`').then(|| code_span(rest)).flatten().unwrap_or(1);
            text.push_str(&rest[..length]);
            length
        };
        rest = &rest[length..];
    }
    text.push_str(rest);
    (text, numbers)
}

/// The length of the citation that a text begins with, in bytes.
pub(super) fn citation_length(text: &str) -> Option<usize> {
    citation_at(text).map(|(_, length)| length)
}

fn citation_at(text: &str) -> Option<(Vec<Part>, usize)> {
    text.starts_with('[').then(|| citation(text)).flatten()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ask::test_passage;

    fn check_up_to(text: &str, last: usize) -> CheckedText {
        super::check(text, &|number| (1..=last).contains(&number))
    }

    fn check(text: &str, expected: &str, numbers: &[usize]) {
        let checked = check_up_to(text, 4);
        assert_eq!(
            (checked.text.as_str(), checked.numbers.as_slice()),
            (expected, numbers),
            "{text}"
        );
    }

    #[test]
    fn chunks_of_one_line_that_are_joined_by_a_space_still_say_the_same() {
        let passage = test_passage("a.md", "2022-03-08", "at the bank –  on the nineteenth");
        assert_eq!(state(&passage, Some("at the bank –on the nineteenth floor")), Checked::Fresh);
        assert_eq!(state(&passage, Some("at another bank – on the nineteenth")), Checked::Stale);
    }

    #[test]
    fn citations_are_read_in_each_way_that_models_write_them() {
        check("So [3].", "So [3].", &[3]);
        check("So [1, 4].", "So [1, 4].", &[1, 4]);
        check("So [1][2].", "So [1][2].", &[1, 2]);
        check("So [2-4].", "So [2, 3, 4].", &[2, 3, 4]);
        check("So [2–3; 1].", "So [2, 3, 1].", &[1, 2, 3]);
    }

    /// Fault 128: a citation of a passage that was not given is removed.
    #[test]
    fn a_citation_of_what_was_not_retrieved_is_removed_and_flagged() {
        check("So [9].", "So.", &[]);
        check("So [1, 9] it is.", "So [1] it is.", &[1]);
        check("So [3-6].", "So [3, 4].", &[3, 4]);
        check("So [0] and [2-1].", "So and.", &[]);
        assert_eq!(check_up_to("So [1, 9] and [0].", 4).foreign, ["9", "0"]);
        assert_eq!(check_up_to("[99999999999999999999999]", 4).foreign.len(), 1);
    }

    #[test]
    fn what_stands_in_code_or_in_a_link_is_no_citation() {
        check("Use `a[9]` here [1].", "Use `a[9]` here [1].", &[1]);
        check("```\na[9]\n```\nSo [2].", "```\na[9]\n```\nSo [2].", &[2]);
        check("See [9](https://x.y) and [x].", "See [9](https://x.y) and [x].", &[]);
    }

    #[test]
    fn a_citation_is_stale_when_the_lines_say_something_else() {
        let passage = Passage {
            root: String::new(),
            path: "a.md".to_owned(),
            lines: Lines { first: 2, last: 3 },
            text: "We stop Dock.\nToday.".to_owned(),
            breadcrumb: Vec::new(),
            title: String::new(),
            entry: 0,
            chunk: 0,
            tags: Vec::new(),
            span: None,
            precision: None,
            score: crate::ask::passage::Score::default(),
            also: Vec::new(),
        };
        for (today, expected) in [
            (Some("x\nWe stop  Dock.\n  Today. And more."), Checked::Fresh),
            (Some("x\r\nWe stop Dock.\rToday."), Checked::Fresh),
            (Some("x\nWe do not stop Dock.\nToday."), Checked::Stale),
            (Some("x\ny\nWe stop Dock.\nToday."), Checked::Stale),
            (Some("x"), Checked::Stale),
            (None, Checked::Gone),
        ] {
            assert_eq!(state(&passage, today), expected, "{today:?}");
        }
    }

    proptest! {
        #[test]
        fn only_existing_numbers_remain(text in "[\\[\\]`,0-9 \\-\nab.(é~]{0,120}") {
            let checked = check_up_to(&text, 3);
            prop_assert!(checked.numbers.iter().all(|number| (1..=3).contains(number)));
            let again = check_up_to(&checked.text, 3);
            prop_assert_eq!(again.foreign, Vec::<String>::new());
        }
    }
}
