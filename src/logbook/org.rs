//! The structure of an org-mode file: its keywords, headings, properties, lists and tags.
//!
//! Only what structures and dates a note is read; markup inside the text stays as it is. The format:
//! <https://orgmode.org/worg/org-syntax.html>.

use super::{
    Heading, Lines, Skip, Warning,
    front_matter::{FrontMatter, Key},
    lines::{LineIndex, number},
    outline::{Outline, Property},
};

/// The words before a heading that say how far a task is.
const TASK_WORDS: [&str; 12] = [
    "TODO",
    "DONE",
    "NEXT",
    "WAITING",
    "WAIT",
    "HOLD",
    "STARTED",
    "CANCELLED",
    "CANCELED",
    "LATER",
    "SOMEDAY",
    "IDEA",
];
/// The deepest level that a heading is said to have.
const LEVEL_MAX: u8 = 6;

/// Whether a file is one of org-mode, by its name.
pub(super) fn is_org(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("org"))
}

/// Reads the keywords at the beginning, and the outline of what follows.
pub(super) fn read(
    text: &str,
    lines: &LineIndex,
    date_keys: &[String],
    warnings: &mut Vec<Warning>,
) -> Result<(FrontMatter, Outline), Skip> {
    let front_matter = keywords(text, lines, date_keys, warnings)?;
    let outline = outline(text, lines, front_matter.body_line_index, date_keys);
    Ok((front_matter, outline))
}

/// The lines `#+key: value` and the drawer that a file begins with.
fn keywords(
    text: &str,
    lines: &LineIndex,
    date_keys: &[String],
    warnings: &mut Vec<Warning>,
) -> Result<FrontMatter, Skip> {
    let mut keys = Vec::new();
    let mut last = None;
    for line_index in 0..lines.count() {
        let line = lines.line(text, line_index).trim();
        if let Some((key, value)) = keyword(line).or_else(|| property(line)) {
            let (name, value) = (key.to_owned(), value.to_owned());
            keys.push(Key { name, line_number: number(line_index), value });
            last = Some(line_index);
        } else if !line.is_empty() && !line.starts_with("# ") {
            break;
        }
    }
    let Some(last) = last else { return Ok(FrontMatter::default()) };
    let end = lines.bytes(last).start + lines.line(text, last).len();
    let mut front_matter = FrontMatter {
        preamble: Some((Lines { first: 1, last: number(last) }, 0..end)),
        body_line_index: last + 1,
        ..FrontMatter::default()
    };
    front_matter.take_keys(&keys, date_keys, warnings)?;
    Ok(front_matter)
}

/// `#+title: A title`.
fn keyword(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.strip_prefix("#+")?.split_once(':')?;
    (!key.is_empty() && !key.contains(char::is_whitespace)).then(|| (key, value.trim()))
}

/// `:CREATED: [2022-03-14 Mon]`, and the marks `:PROPERTIES:` and `:END:` around such lines.
fn property(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.strip_prefix(':')?.split_once(':')?;
    let is_key = !key.is_empty() && !key.contains(char::is_whitespace);
    (is_key && (value.is_empty() || value.starts_with(' '))).then(|| (key, value.trim()))
}

fn outline(text: &str, lines: &LineIndex, first_line: usize, date_keys: &[String]) -> Outline {
    let mut outline = Outline::default();
    let mut block: Option<usize> = None;
    let mut item: Option<usize> = None;
    let mut is_in_drawer = false;
    for line_index in first_line..lines.count() {
        let line = lines.line(text, line_index);
        let bytes = lines.bytes(line_index);
        let is_heading = line.trim_start_matches('*').starts_with(' ') && line.starts_with('*');
        let ends_item = is_heading || line.starts_with(|first: char| !first.is_whitespace());
        if ends_item && block.is_none() {
            outline.items.extend(item.take().map(|start| start..bytes.start));
        }
        if is_heading {
            block = None;
            heading(line, line_index, bytes, &mut outline);
            is_in_drawer = false;
            continue;
        }
        let trimmed = line.trim();
        if let Some(start) = block {
            if starts_with(trimmed, "#+end_") {
                outline.code.push(start..bytes.end);
                block = None;
            }
            continue;
        }
        if starts_with(trimmed, "#+begin_") {
            block = Some(bytes.start);
        } else if trimmed.eq_ignore_ascii_case(":PROPERTIES:") {
            is_in_drawer = true;
        } else if trimmed.eq_ignore_ascii_case(":END:") {
            is_in_drawer = false;
        } else if is_in_drawer && !outline.headings.is_empty() {
            if let Some((key, value)) = property(trimmed)
                && date_keys.iter().any(|known| known.eq_ignore_ascii_case(key))
            {
                outline.properties.push(Property {
                    heading_index: outline.headings.len() - 1,
                    line_number: number(line_index),
                    value: value.to_owned(),
                });
            }
        } else if is_item(line) {
            item = Some(bytes.start);
        }
    }
    let end = text.len();
    outline.items.extend(item.map(|start| start..end));
    outline
}

/// Takes a heading in, without what org-mode keeps around its text.
fn heading(line: &str, line_index: usize, bytes: std::ops::Range<usize>, outline: &mut Outline) {
    let stars = line.len() - line.trim_start_matches('*').len();
    let mut text = line[stars..].trim();
    if let Some((word, rest)) = text.split_once(' ')
        && TASK_WORDS.contains(&word)
    {
        text = rest.trim_start();
    }
    if text.starts_with("[#")
        && let Some((_, rest)) = text.split_once("] ")
    {
        text = rest.trim_start();
    }
    if let Some((before, tags)) = tags(text) {
        let tags = tags.split(':').filter(|tag| !tag.is_empty());
        outline.tags.extend(tags.map(|tag| (bytes.start, tag.to_lowercase())));
        text = before;
    }
    outline.headings.push(Heading {
        level: u8::try_from(stars).unwrap_or(LEVEL_MAX).min(LEVEL_MAX),
        text: text.to_owned(),
        line_number: number(line_index),
        bytes,
    });
}

/// A heading's text and the tags `:a:b:` at its end.
fn tags(text: &str) -> Option<(&str, &str)> {
    let (before, word) = text.rsplit_once(char::is_whitespace)?;
    let inner = word.strip_prefix(':')?.strip_suffix(':')?;
    let is_tag = |character: char| character.is_alphanumeric() || "_@#%:-".contains(character);
    (!inner.is_empty() && inner.chars().all(is_tag)).then(|| (before.trim_end(), inner))
}

/// Whether a line begins an item of a list that is not nested.
fn is_item(line: &str) -> bool {
    let rest = line.trim_start_matches(|first: char| first.is_ascii_digit());
    let numbered = rest.len() < line.len() && rest.starts_with([')', '.']);
    let marked = line.starts_with(['-', '+']);
    let after = if numbered { &rest[1..] } else { line.get(1..).unwrap_or_default() };
    (numbered || marked) && after.starts_with(' ')
}

fn starts_with(line: &str, start: &str) -> bool {
    line.get(..start.len()).is_some_and(|found| found.eq_ignore_ascii_case(start))
}

#[cfg(test)]
mod tests {
    use super::super::{Note, ReadOptions, read};

    fn note(path: &str, text: &str) -> Note {
        read(path, text.as_bytes(), &ReadOptions::default()).unwrap()
    }

    fn check(path: &str, text: &str, expected: &[&str]) {
        let entries: Vec<String> = note(path, text)
            .entries
            .iter()
            .map(|entry| {
                let span = entry.dating.as_ref().map(|dating| dating.span.to_string());
                let span = span.unwrap_or("undated".to_owned());
                format!("{} | {span} | {} | {}", entry.lines, entry.title, entry.tags.join(" "))
            })
            .collect();
        assert_eq!(entries, expected, "{text}");
    }

    #[test]
    fn headings_date_what_is_below_them() {
        check(
            "log.org",
            "* 2022-03-14\na\n* <2022-03-15 Tue> Bread :home:baking:\nb\n* TODO [#A] [2022-03-16 Wed 10:00] Run\nc\n",
            &[
                "1-2 | 2022-03-14 | log › 2022-03-14 | ",
                "3-4 | 2022-03-15 | <2022-03-15 Tue> Bread | home baking",
                "5-6 | 2022-03-16 | [2022-03-16 Wed 10:00] Run | ",
            ],
        );
        check(
            "tree.org",
            "* 2022\n** 2022-03 March\n*** 2022-03-14 Monday\na\n**** Idea\nb\n** Mai\nc\n* Ideas\nd\n",
            &[
                "1-6 | 2022-03-14 | tree › 2022-03-14 Monday | ",
                "7-8 | 2022-05 | tree › Mai | ",
                "9-10 | undated | Ideas | ",
            ],
        );
        check(
            "2022.org",
            "* Monday, 14/03/2022\n** 13:56 a\ntext\n",
            &["1-3 | 2022-03-14 | Monday, 14/03/2022 | "],
        );
    }

    #[test]
    fn keywords_are_the_front_matter() {
        let text = ":PROPERTIES:\n:ID: 1\n:END:\n#+TITLE: Bread\n#+date: <2022-03-14 Mon>\n#+filetags: :Home:\n\nText.\n";
        check("a.org", text, &["8 | 2022-03-14 | Bread | home"]);
        let note = note("a.org", text);
        assert_eq!(note.preamble.unwrap().0.to_string(), "1-6");
        let twin = read("a.org", b"#+twin: false\n\na\n", &ReadOptions::default());
        assert!(twin.unwrap_err().intended);
        check("a.org", "#+title: Only\n", &["1 | undated | Only | "]);
    }

    #[test]
    fn properties_date_the_heading_above_them() {
        check(
            "a.org",
            "* Bread\n:PROPERTIES:\n:CREATED: [2022-03-14 Mon 09:15]\n:END:\na\n* Other\nb\n",
            &["1-5 | 2022-03-14 | Bread | ", "6-7 | undated | Other | "],
        );
    }

    #[test]
    fn items_are_entries_and_blocks_are_none() {
        check(
            "runs.org",
            "- 2022-03-14: 8 km\n  wind\n\n  rain\n- [2022-03-15 Tue] 9 km\n- shoes\n#+begin_src sh\n- 2022-03-16: x\n#+end_src\n",
            &[
                "1-4 | 2022-03-14 | runs › 2022-03-14 | ",
                "5 | 2022-03-15 | runs › 2022-03-15 | ",
                "6-9 | undated | runs | ",
            ],
        );
    }

    /// Fault 36: a weekday that is not that of its date.
    #[test]
    fn a_weekday_that_disagrees_is_reported() {
        let note = note("a.org", "* <2022-03-14 Tue> Bread\na\n");
        assert_eq!(note.warnings[0].reason, "`2022-03-14` was a Monday, not a Tuesday");
        assert_eq!(note.warnings[0].line_number, Some(1));
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_strange(text in "([*:#+\\[\\]<>a-z0-9 -]{0,12}\n){0,12}") {
            let _ = read("a.org", text.as_bytes(), &ReadOptions::default());
        }
    }
}
