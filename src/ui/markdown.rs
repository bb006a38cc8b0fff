//! Markdown on a terminal, written as it comes.
//!
//! Headings, lists, bold, italics and code are styled, and lines are folded between words. Links and
//! images are shown as they stand, so that what an answer points to can be seen.

use anstyle::{AnsiColor, Effects, Style};
use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::{escape::shown, fold::Fold, links::Links};

const HEADING: Style = Style::new().effects(Effects::BOLD);
const CODE: Style = AnsiColor::Cyan.on_default();
const CITATION: Effects = Effects::DIMMED;

/// What keeps a piece of a line from being read as anything but text.
const GUARD: &str = ". ";

/// A page of markdown, of which some was written.
pub(super) struct Page {
    fold: Fold,
    links: Links,
    /// What has come of a line and is not written yet.
    line: String,
    kind: Kind,
    is_in_code: bool,
}

/// What a line is, as far as that is known.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kind {
    /// Too little of it has come.
    Unknown,
    /// Text, or an item of a list.
    Text,
    /// A heading.
    Heading,
    /// Shown as it stands once it is whole: code, or a row of a table.
    Raw,
}

/// A part of a word, in one style.
struct Part {
    text: String,
    style: Style,
    url: Option<String>,
}

impl Page {
    /// An empty page, so many columns wide.
    pub(super) fn new(columns: usize) -> Self {
        let (fold, links) = (Fold::new(columns), Links::default());
        Self { fold, links, line: String::new(), kind: Kind::Unknown, is_in_code: false }
    }

    /// Links the places and citations that have a link, in what is written from now on.
    pub(super) fn link(&mut self, links: Links) {
        self.links = links;
    }

    /// Takes more markdown, and gives what can be shown by now.
    pub(super) fn push(&mut self, markdown: &str) -> String {
        let mut out = String::new();
        for piece in shown(markdown).split_inclusive('\n') {
            match piece.strip_suffix('\n') {
                Some(rest) => {
                    self.line.push_str(rest);
                    self.end_line(&mut out);
                    out.push('\n');
                    self.fold.begin_line();
                }
                None => self.line.push_str(piece),
            }
        }
        self.write_what_is_certain(&mut out);
        out
    }

    /// Gives what was held back of a line that does not go on.
    pub(super) fn finish(&mut self) -> String {
        let mut out = String::new();
        self.end_line(&mut out);
        out
    }

    fn end_line(&mut self, out: &mut String) {
        self.begin(out);
        let line = std::mem::take(&mut self.line);
        match std::mem::replace(&mut self.kind, Kind::Unknown) {
            Kind::Raw => out.push_str(&format!("{CODE}{line}{CODE:#}")),
            kind => self.write(&line, kind, out),
        }
    }

    /// Writes the words up to a mark that may still find its other half.
    fn write_what_is_certain(&mut self, out: &mut String) {
        if self.kind == Kind::Unknown && self.line.trim_start().contains(char::is_whitespace) {
            self.begin(out);
        }
        if matches!(self.kind, Kind::Text | Kind::Heading) {
            let piece: String = self.line.drain(..certain(&self.line)).collect();
            self.write(&piece, self.kind, out);
        }
    }

    /// Finds out what a line is, and writes what it begins with.
    fn begin(&mut self, out: &mut String) {
        if self.kind != Kind::Unknown {
            return;
        }
        let text = self.line.trim_start();
        let indent = self.line.len() - text.len();
        if text.starts_with("```") || text.starts_with("~~~") {
            self.is_in_code = !self.is_in_code;
            self.kind = Kind::Raw;
        } else if self.is_in_code || text.starts_with('|') {
            self.kind = Kind::Raw;
        } else if let Some(length) = heading(text) {
            self.kind = Kind::Heading;
            self.line.drain(..indent + length);
        } else {
            self.kind = Kind::Text;
            let marker = marker(text);
            let lead = match &text[..marker] {
                "- " | "* " | "+ " => "• ",
                marker => marker,
            };
            let lead = format!("{}{lead}", " ".repeat(indent));
            self.line.drain(..indent + marker);
            self.fold.hang(&lead, out);
        }
    }

    fn write(&mut self, piece: &str, kind: Kind, out: &mut String) {
        let base = if kind == Kind::Heading { HEADING } else { Style::new() };
        let mut word: Vec<Part> = Vec::new();
        for part in parts(piece, base, &self.links) {
            for (place, text) in part.text.split(char::is_whitespace).enumerate() {
                if place > 0 {
                    self.end_word(&mut word, out);
                }
                if !text.is_empty() {
                    let (style, url) = (part.style, part.url.clone());
                    word.push(Part { text: text.to_owned(), style, url });
                }
            }
        }
        self.end_word(&mut word, out);
    }

    fn end_word(&mut self, word: &mut Vec<Part>, out: &mut String) {
        let plain: String = word.iter().map(|part| part.text.as_str()).collect();
        let styled = word.drain(..).map(|part| {
            let style = part.style;
            let text = format!("{style}{}{style:#}", part.text);
            part.url.map_or_else(|| text.clone(), |url| Links::wrapped(&url, &text))
        });
        self.fold.word(&plain, &styled.collect::<String>(), out);
    }
}

/// The length of the marks of a heading.
fn heading(text: &str) -> Option<usize> {
    let marks = text.len() - text.trim_start_matches('#').len();
    ((1..=6).contains(&marks) && text[marks..].starts_with(' ')).then_some(marks)
}

/// The length of the mark of a list's item or of a quotation, its space included.
fn marker(text: &str) -> usize {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let end = if (1..=9).contains(&digits) { digits } else { 0 };
    let marks: &[char] = if end > 0 { &['.', ')'] } else { &['-', '*', '+', '>'] };
    if text[end..].starts_with(marks) && text[end + 1..].starts_with(' ') { end + 2 } else { 0 }
}

/// The length of what comes before the last space that no mark stands around, nor one before it
/// whose other half may still come.
fn certain(line: &str) -> usize {
    let (mut end, mut at) = (0, 0);
    loop {
        let from = line[at..].find(['*', '_', '`', '\\']).map(|offset| at + offset);
        let until = from.unwrap_or(line.len());
        end = line[at..until].rfind(' ').map_or(end, |space| at + space + 1);
        let Some(from) = from else { return end };
        let mark = &line[from..=from];
        let run = line[from..].len() - line[from..].trim_start_matches(mark).len();
        let after = &line[from + run..];
        at = from + run;
        if mark == "`" || (mark != "\\" && !after.starts_with(char::is_whitespace)) {
            let Some(length) = after.find(&line[from..at]) else { return end };
            at += length + run;
        } else if mark == "\\" {
            at += after.chars().next().map_or(0, char::len_utf8);
        }
    }
}

/// A piece of a line by styles, its marks left out.
fn parts(piece: &str, base: Style, links: &Links) -> Vec<Part> {
    let source = format!("{GUARD}{piece}");
    let (mut effects, mut parts) = (Vec::new(), Vec::new());
    let mut raw_until = 0;
    for (event, range) in Parser::new(&source).into_offset_iter() {
        if range.start < raw_until {
            continue;
        }
        let style =
            effects.iter().fold(base, |style, effect| style.effects(style.get_effects() | *effect));
        let mut add = |text: &str, style: Style, url: Option<String>| {
            let text = shown(text);
            match parts.last_mut() {
                Some(Part { text: before, style: same, url: None })
                    if *same == style && url.is_none() =>
                {
                    before.push_str(&text);
                }
                _ => parts.push(Part { text, style, url }),
            }
        };
        match event {
            Event::Start(Tag::Emphasis) => effects.push(Effects::ITALIC),
            Event::Start(Tag::Strong) => effects.push(Effects::BOLD),
            Event::End(TagEnd::Emphasis | TagEnd::Strong) => drop(effects.pop()),
            Event::Start(Tag::Link { .. } | Tag::Image { .. }) => {
                raw_until = range.end;
                add(&source[range], style, None);
            }
            Event::Code(code) => add(&code, CODE, links.of(&code).map(str::to_owned)),
            Event::SoftBreak | Event::HardBreak => add(" ", style, None),
            Event::Text(text) | Event::InlineHtml(text) | Event::Html(text) => {
                add(&text, style, None);
            }
            _ => {}
        }
    }
    // The guard is the beginning of the first part, which is always text.
    if let Some(first) = parts.first_mut() {
        first.text.drain(..GUARD.len().min(first.text.len()));
    }
    parts.into_iter().flat_map(|part| with_citations(part, links)).collect()
}

/// A part with the citations in it, such as `[3]`, each by itself.
fn with_citations(part: Part, links: &Links) -> Vec<Part> {
    if part.style == CODE || part.url.is_some() {
        return vec![part];
    }
    let mut parts = Vec::new();
    let mut add = |text: &str, style: Style, url: Option<&str>| {
        if !text.is_empty() {
            parts.push(Part { text: text.to_owned(), style, url: url.map(str::to_owned) });
        }
    };
    let mut rest = part.text.as_str();
    let mut at = 0;
    while let Some(open) = rest[at..].find('[').map(|offset| at + offset) {
        let digits = rest[open + 1..].bytes().take_while(u8::is_ascii_digit).count();
        let end = open + 1 + digits;
        let number = rest[open + 1..end].parse().ok().filter(|_| rest[end..].starts_with(']'));
        let Some(number) = number else {
            at = open + 1;
            continue;
        };
        add(&rest[..open], part.style, None);
        let style = part.style.effects(part.style.get_effects() | CITATION);
        add(&rest[open..=end], style, links.of_citation(number));
        (rest, at) = (&rest[end + 1..], 0);
    }
    add(rest, part.style, None);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page with its styles written as marks that can be read.
    fn read(text: &str) -> String {
        let italic = Style::new().effects(Effects::ITALIC);
        let strong_italic = Style::new().effects(Effects::BOLD | Effects::ITALIC);
        let dim = Style::new().effects(CITATION);
        [(strong_italic, "BI"), (HEADING, "B"), (italic, "I"), (CODE, "C"), (dim, "D")]
            .into_iter()
            .fold(text.to_owned(), |text, (style, name)| {
                text.replace(&style.to_string(), &format!("<{name}>"))
            })
            .replace("\u{1b}[0m", "</>")
    }

    #[track_caller]
    fn check(markdown: &str, expected: &str) {
        let mut whole = Page::new(24);
        let at_once = format!("{}{}", whole.push(markdown), whole.finish());
        assert_eq!(read(&at_once), expected, "{markdown:?}");
        let mut page = Page::new(24);
        let pieces = markdown.chars().map(|character| page.push(&character.to_string()));
        let by_piece: String = pieces.collect();
        assert_eq!(format!("{by_piece}{}", page.finish()), at_once, "{markdown:?} piece by piece");
    }

    #[test]
    fn marks_become_styles() {
        check("a **b** c", "a <B>b</> c");
        check(
            "read *Accelerate* and _Shape Up_.",
            "read <I>Accelerate</> and\n<I>Shape</> <I>Up</>.",
        );
        check("***b*** `a_b *c*`", "<BI>b</> <C>a_b</> <C>*c*</>");
        check("## The *b*", "<B>The</> <BI>b</>");
        check(
            "x\n\n```\n# a **b**\n```\n**y**",
            "x\n\n<C>```</>\n<C># a **b**</>\n<C>```</>\n<B>y</>",
        );
    }

    #[test]
    fn what_is_no_mark_stays() {
        check("2 * 3 ** 4", "2 * 3 ** 4");
        check("#tag snake_case_name", "#tag snake_case_name");
        check("an *open one", "an *open one");
        check("cited [1, 2].", "cited [1, 2].");
        check("| a | **b** |", "<C>| a | **b** |</>");
        check("1984 was read", "1984 was read");
    }

    #[test]
    fn a_citation_is_dim() {
        check("So it is [12][3].", "So it is <D>[12]</><D>[3]</>.");
        check("**So [1]** a[2", "<B>So</> <B><D>[1]</> a[2");
        check("`[1]` [1", "<C>[1]</> [1");
    }

    #[test]
    fn lines_are_folded_under_their_text() {
        check("one two three four five six", "one two three four five\nsix");
        check("- one two three four five six", "• one two three four\n  five six");
        check("1. **One two** three four five", "1. <B>One</> <B>two</> three four\n   five");
        check("   more of the same item here", "   more of the same item\n   here");
        check("averyveryverylongwordindeed b", "averyveryverylongwordindeed\nb");
        check("[1] été été été été été x y", "<D>[1]</> été été été été été\nx y");
    }

    #[test]
    fn words_are_written_as_soon_as_they_are_certain() {
        let mut page = Page::new(80);
        assert_eq!(read(&page.push("To as")), "To");
        assert_eq!(read(&page.push("k **who ow")), " ask");
        assert_eq!(read(&page.push("ns** it")), " <B>who</> <B>owns</>");
        assert_eq!(read(&page.finish()), " it");
    }

    /// Faults 125 and 126: a foreign link and escapes of a terminal are plain text.
    #[test]
    fn nothing_in_an_answer_reaches_the_terminal_as_an_escape() {
        check("&#27;[2J", "\\u{1b}[2J");
        check("\u{1b}[2J", "\\u{1b}[2J");
        check("![x](https://a.b/?q=1)", "![x](https://a.b/?q=1)");
        check("<script> &amp;", "<script> &");
    }
}
