//! The prose of a passage: its paragraphs and list items as plain text.
//!
//! Code blocks, tables, front matter, properties, open tasks and headings are left out; code spans
//! stay as they are. It reads line by line, since a passage may begin and end in mid-note.

use crate::ask::tag_characters;

/// A paragraph or a list item, on one line.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Block {
    /// The text without markup.
    pub text: String,
    /// Whether it is a list item.
    pub is_item: bool,
}

/// The paragraphs and list items of a passage, in order.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let mut reading = Reading::default();
    let mut lines = without_front_matter(text);
    let begins_in_code = begins_in_code(&lines);
    reading.fence = begins_in_code.then_some("```");
    for line in lines.drain(..) {
        reading.take(line);
    }
    reading.close();
    reading.blocks
}

#[derive(Default)]
struct Reading {
    blocks: Vec<Block>,
    open: String,
    is_item: bool,
    in_list: bool,
    fence: Option<&'static str>,
}

impl Reading {
    fn take(&mut self, line: &str) {
        let trimmed = line.trim();
        if let Some(mark) = ["```", "~~~"].into_iter().find(|mark| trimmed.starts_with(mark)) {
            self.close();
            self.fence = match self.fence {
                Some(open) if open == mark => None,
                Some(open) => Some(open),
                None => Some(mark),
            };
            return;
        }
        if self.fence.is_some() {
            return;
        }
        let trimmed = trimmed.trim_start_matches(['>', ' ']);
        if trimmed.is_empty() {
            self.close();
            return;
        }
        let indent = line.len() - line.trim_start().len();
        if let Some(rest) = list_item(trimmed) {
            self.close();
            self.in_list = true;
            if let Some(rest) = task(rest)
                && !is_apart(rest)
            {
                self.is_item = true;
                rest.clone_into(&mut self.open);
            }
        } else if is_apart(trimmed) {
            self.close();
        } else if self.open.is_empty() && indent >= 4 && !self.in_list {
            // An indented block outside a list is code.
        } else {
            if self.open.is_empty() && indent == 0 {
                self.in_list = false;
            }
            if !self.open.is_empty() {
                self.open.push(' ');
            }
            self.open.push_str(trimmed);
        }
    }

    fn close(&mut self) {
        let text = plain(&self.open);
        if text.chars().any(char::is_alphabetic) {
            self.blocks.push(Block { text, is_item: self.is_item });
        }
        self.open.clear();
        self.is_item = false;
    }
}

fn without_front_matter(text: &str) -> Vec<&str> {
    let lines: Vec<&str> = text.split(['\n', '\r']).collect();
    if lines.first().is_some_and(|line| line.trim_end() == "---")
        && let Some(end) = lines.iter().skip(1).position(|line| line.trim_end() == "---")
    {
        return lines[end + 2..].to_vec();
    }
    lines
}

/// Whether a passage starts within a code block: it has one fence too many, and the first is bare.
fn begins_in_code(lines: &[&str]) -> bool {
    let fences: Vec<&str> =
        lines.iter().map(|line| line.trim()).filter(|line| line.starts_with("```")).collect();
    fences.len() % 2 == 1 && fences.first().is_some_and(|first| first.trim_matches('`').is_empty())
}

/// The text of a list item, without its mark; what is said of a term, behind a colon, is one.
fn list_item(line: &str) -> Option<&str> {
    if let Some(rest) =
        ["- ", "* ", "+ ", "• ", ": "].iter().find_map(|mark| line.strip_prefix(mark))
    {
        return Some(rest.trim_start());
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    if (1..=3).contains(&digits) {
        let rest = &line[digits..];
        return rest.strip_prefix(". ").or_else(|| rest.strip_prefix(") ")).map(str::trim_start);
    }
    None
}

/// The text of a task that is done, or of an item that is none; open tasks tell of nothing that was.
fn task(item: &str) -> Option<&str> {
    let closed = ["[x] ", "[X] ", "DONE "].iter().find_map(|mark| item.strip_prefix(mark));
    let is_open = ["[ ] ", "TODO ", "LATER ", "NOW ", "DOING ", "WAITING "]
        .iter()
        .any(|mark| item.starts_with(mark));
    if is_open { None } else { Some(closed.unwrap_or(item)) }
}

/// Whether a line is no prose: a heading, a table row, a property, a footnote, the target of a
/// link, a jrnl header.
fn is_apart(line: &str) -> bool {
    let is_heading = line.starts_with('#')
        && line.trim_start_matches('#').starts_with(' ')
        && line.len() - line.trim_start_matches('#').len() <= 6;
    let is_rule = line.len() >= 3 && line.chars().all(|mark| matches!(mark, '-' | '=' | '*' | '_'));
    let is_property =
        line.split_once("::").is_some_and(|(key, _)| !key.is_empty() && !key.contains(' '));
    let is_bracketed = line.starts_with('[')
        && line.find(']').is_some_and(|end| {
            let within = &line[1..end];
            within.starts_with('^')
                || !within.is_empty()
                    && within.chars().all(|c| c.is_ascii_digit() || "-/:., TZ".contains(c))
        });
    // `[label]: https://…`, as CommonMark has it in its section 4.7; `[Ada]: yes.` is prose.
    let is_target = line.starts_with('[')
        && line.split_once("]: ").is_some_and(|(_, target)| {
            let target = target.trim_start();
            target.starts_with(['/', '#', '<', '.']) || {
                target.split_whitespace().next().is_some_and(|first| first.contains("://"))
            }
        });
    let is_html = line.starts_with('<') && line.contains('>');
    let is_only_tags = line.split_whitespace().all(is_tag);
    let is_row = line.starts_with('|') || line.matches(" | ").count() >= 2;
    let is_callout = line.starts_with("[!");
    let is_macro = line.starts_with("{{") || line.starts_with("%%");
    is_heading
        || is_rule
        || is_property
        || is_bracketed
        || is_target
        || is_html
        || is_only_tags
        || is_row
        || is_callout
        || is_macro
}

fn is_tag(word: &str) -> bool {
    word.strip_prefix('#').is_some_and(|tag| {
        tag.starts_with(char::is_alphabetic)
            && tag.chars().all(|c| c.is_alphanumeric() || "-_/".contains(c))
    })
}

/// A line of markdown without its markup and without what could pass for a citation.
pub(super) fn plain(markdown: &str) -> String {
    let markdown = tag_characters::removed(markdown);
    let mut line = markdown.trim();
    while let Some(last) = line.split_whitespace().next_back()
        && is_tag(last.trim_end_matches(['.', ',']))
    {
        line = line[..line.len() - last.len()].trim_end();
    }
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        rest = next(rest, first, &mut out);
    }
    out.truncate(out.trim_end().len());
    out
}

/// Closes the gap that markup leaves where nothing was written for it, and gives back what follows.
fn closed_up<'a>(rest: &'a str, out: &mut String) -> &'a str {
    if rest.starts_with(')') && out.ends_with('(') {
        out.pop();
        return closed_up(&rest[1..], out);
    }
    let rest = if is_open(out) { rest.trim_start() } else { rest };
    if rest.starts_with(['.', ',', ')']) {
        out.truncate(out.trim_end().len());
    }
    rest
}

/// Whether no space may follow.
fn is_open(out: &str) -> bool {
    out.is_empty() || out.ends_with('(') || out.ends_with(char::is_whitespace)
}

/// Writes what the first piece of markup or text stands for, and gives back what follows it.
fn next<'a>(rest: &'a str, first: char, out: &mut String) -> &'a str {
    let before = out.chars().next_back();
    let step = first.len_utf8();
    let after = rest[step..].chars().next();
    match first {
        '`' => {
            let ticks = rest.len() - rest.trim_start_matches('`').len();
            let mark = &rest[..ticks];
            match rest[ticks..].find(mark) {
                Some(end) => {
                    let end = ticks + end + ticks;
                    out.push_str(&rest[..end]);
                    return &rest[end..];
                }
                None => return &rest[ticks..],
            }
        }
        '\\' if after.is_some_and(|c| c.is_ascii_punctuation()) => {
            out.extend(after);
            return &rest[2..];
        }
        '!' if after == Some('[') => {
            let mut image = String::new();
            return closed_up(link(&rest[1..], &mut image), out);
        }
        '[' => {
            let length = out.len();
            let rest = link(rest, out);
            return if out.len() == length { closed_up(rest, out) } else { rest };
        }
        '<' if after.is_some_and(|c| c.is_ascii_alphabetic() || c == '/') => {
            if let Some(end) = rest.find('>') {
                // A tag may be all that parts two words.
                if !is_open(out) {
                    out.push(' ');
                }
                return closed_up(&rest[end + 1..], out);
            }
        }
        _ if first.is_whitespace() => {
            if !out.is_empty() && !out.ends_with(char::is_whitespace) {
                out.push(' ');
            }
            return &rest[step..];
        }
        '*' | '_' | '~' | '=' => {
            let run = rest.len() - rest.trim_start_matches(first).len();
            let following = rest[run..].chars().next();
            if is_markup(first, run, before, following) {
                return &rest[run..];
            }
            out.push_str(&rest[..run]);
            return &rest[run..];
        }
        '#' if before.is_none_or(char::is_whitespace) && after.is_some_and(char::is_alphabetic) => {
            return &rest[1..];
        }
        _ => {}
    }
    out.push(first);
    &rest[step..]
}

/// Whether a run of marks is emphasis, and not an operator, a name with underscores or a space.
fn is_markup(mark: char, run: usize, before: Option<char>, after: Option<char>) -> bool {
    let space = |c: Option<char>| c.is_none_or(char::is_whitespace);
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    if space(before) && space(after) {
        return false;
    }
    match mark {
        '*' => {
            !(before.is_some_and(|c| c.is_ascii_digit())
                && after.is_some_and(|c| c.is_ascii_digit()))
        }
        '_' => !(word(before) && word(after)),
        _ => run == 2,
    }
}

/// Writes the words of a link; a reference by number alone is left out.
fn link<'a>(rest: &'a str, out: &mut String) -> &'a str {
    if let Some(inner) = rest.strip_prefix("[[")
        && let Some(end) = inner.find("]]")
    {
        let target = &inner[..end];
        let shown = target.rsplit_once('|').map_or(target, |(_, alias)| alias);
        out.push_str(shown.trim_start_matches('#').trim());
        return &inner[end + 2..];
    }
    let Some(end) = rest.find(']') else {
        return &rest[1..];
    };
    let shown = &rest[1..end];
    let rest = &rest[end + 1..];
    let has_words = shown.chars().any(char::is_alphabetic) && !shown.starts_with('^');
    if has_words {
        out.push_str(shown.replace(['[', '*'], "").trim());
    }
    if rest.starts_with('(')
        && let Some(end) = rest.find(')')
    {
        return &rest[end + 1..];
    }
    rest
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<String> = blocks(text).into_iter().map(|block| block.text).collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn code_tables_and_headings_are_left_out() {
        check("# Title\n\nOne\nline.\n\n```sql\nSELECT 1;\n```\n\nTwo.", &["One line.", "Two."]);
        check("| a | b |\n|---|---|\n| 1 | 2 |\nAfter.", &["After."]);
        check("FROM reports\n```\nAfter.", &["After."]);
        check("Text.\n\n    indented code\n", &["Text."]);
    }

    #[test]
    fn front_matter_properties_and_tasks_are_left_out() {
        check("---\ntags: [a]\n---\nBody.", &["Body."]);
        check("- type:: note\n- TODO later\n- [ ] open\n- [x] done", &["done"]);
        check("[2020-03-17 22:10] Confinés\nMidi.", &["Midi."]);
        check("[1] https://example.org\nMidi.", &["Midi."]);
        check(
            "Seen [Ada].\n\n[Ada]: https://ada.co\n[Bo]: ../bo.md\nAfter.",
            &["Seen Ada.", "After."],
        );
        check("[Ada]: yes, of course.", &["Ada: yes, of course."]);
    }

    #[test]
    fn markup_is_taken_off_and_code_spans_stay() {
        check(
            "**Bold** and _it_ with `a * b` in [[Page|page]].",
            &["Bold and it with `a * b` in page."],
        );
        check(
            "See [the text](https://x.y) and ![i](j.png) 3 * 4 a_b.",
            &["See the text and 3 * 4 a_b."],
        );
        check("Learned #rust today. #rust #git", &["Learned rust today."]);
    }

    #[test]
    fn what_is_written_keeps_its_spaces() {
        for text in [
            "Learned `git worktree add ../hotfix  main`, then `ls .` and `f( x )`.",
            "Put it in the .env file, or in ,v files.",
        ] {
            check(text, &[text]);
        }
    }

    #[test]
    fn markup_that_stands_for_nothing_leaves_no_gap() {
        check("Seen [1], then ![i](j.png). And ([2]) so.", &["Seen, then. And so."]);
        check("Press <kbd>Ctrl</kbd>. One<br>two.", &["Press Ctrl. One two."]);
    }

    #[test]
    fn a_number_in_brackets_can_not_pass_for_a_citation() {
        check("As said [1] and [2, 3] there.", &["As said and there."]);
    }

    #[test]
    fn outlines_are_read_item_by_item() {
        check("Monday\n: Spoke with Ada.\n: Wrote.", &["Monday", "Spoke with Ada.", "Wrote."]);
        check("- One\n\t- two\n\t  goes on\n- three", &["One", "two goes on", "three"]);
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "[\\[\\]()`*_#|!<>\\-a-z0-9é \n]{0,200}") {
            for block in blocks(&text) {
                prop_assert!(!block.text.contains('\n'));
            }
        }
    }
}
