//! Cutting the entries of a note into chunks.
//!
//! A chunk never crosses an entry or a heading. A heading belongs to the chunk below it, so that
//! none stands alone while there is text for it to stand above.

use std::ops::Range;

use text_splitter::{Characters, ChunkConfig, MarkdownSplitter};
use unicode_segmentation::GraphemeCursor;

use super::{Chunk, Entry, Heading, Lines, Note, language_of, lines::LineIndex};

/// How large a chunk may be, in characters.
///
/// Small chunks are found more exactly and leave more of a budget to others; what stands around
/// them comes back when passages are joined.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ChunkSize {
    /// Pieces of text are put together up to this size.
    pub desired: usize,
    /// A piece that is whole may have up to this size.
    pub max: usize,
}

impl Default for ChunkSize {
    fn default() -> Self {
        Self { desired: 160, max: 480 }
    }
}

/// The chunks of all the entries of a note, in order.
#[must_use]
pub fn chunks(note: &Note, size: ChunkSize) -> Vec<Chunk> {
    let splitter = splitter(size);
    let lines = LineIndex::new(&note.text);
    let mut trail = Trail::default();
    let mut chunks = Vec::new();
    chunks.extend(preamble(note, &lines));
    for (entry_index, entry) in note.entries.iter().enumerate() {
        for section in sections(note, entry) {
            let breadcrumb = trail.breadcrumb(note, section.body);
            for bytes in pieces(note, &splitter, &section) {
                chunks.push(chunk(note, &lines, entry_index, breadcrumb.clone(), bytes));
            }
        }
    }
    chunks
}

/// Keys of front matter that stand with every chunk anyway, or say nothing of the day.
const KEYS_TOLD_ELSEWHERE: [&str; 15] = [
    "title",
    "date",
    "created",
    "created_at",
    "published",
    "publishDate",
    "timestamp",
    "updated",
    "tags",
    "tag",
    "filetags",
    "id",
    "slug",
    "layout",
    "draft",
];

/// The front matter as a chunk, when it says more than the title, the date and the tags.
fn preamble(note: &Note, lines: &LineIndex) -> Option<Chunk> {
    let (_, bytes) = note.preamble.clone()?;
    note.entries.first()?;
    let mut keys = note.text[bytes.clone()]
        .split(['\n', '\r'])
        .filter(|line| !line.starts_with([' ', '\t', '-']))
        .filter_map(|line| line.split_once(':'))
        .map(|(key, _)| key.trim().trim_start_matches("#+"))
        .filter(|key| !key.is_empty());
    let is_told = |key: &str| KEYS_TOLD_ELSEWHERE.iter().any(|told| told.eq_ignore_ascii_case(key));
    keys.find(|key| !is_told(key))?;
    Some(chunk(note, lines, 0, vec![note.title.clone()], bytes))
}

/// The chunk at these bytes.
fn chunk(
    note: &Note,
    lines: &LineIndex,
    entry_index: usize,
    breadcrumb: Vec<String>,
    bytes: Range<usize>,
) -> Chunk {
    let text = note.text[bytes.clone()].to_owned();
    Chunk {
        entry_index,
        breadcrumb,
        lines: Lines {
            first: lines.line_number(bytes.start),
            last: lines.line_number(bytes.end.saturating_sub(1)),
        },
        language: language_of(&text),
        text,
        bytes,
    }
}

fn splitter(size: ChunkSize) -> MarkdownSplitter<Characters> {
    let desired = size.desired.max(1);
    MarkdownSplitter::new(ChunkConfig::new(desired..=size.max.max(desired)))
}

/// A stretch of an entry below one heading.
struct Section {
    /// Where it starts, its headings included.
    start: usize,
    /// Where the text below its headings starts.
    body: usize,
    /// Where it ends.
    end: usize,
}

/// The sections of an entry; headings that follow each other share one.
fn sections(note: &Note, entry: &Entry) -> Vec<Section> {
    let mut sections = Vec::new();
    let mut open =
        Section { start: entry.bytes.start, body: entry.bytes.start, end: entry.bytes.end };
    for heading in headings_within(note, &entry.bytes) {
        // A heading reaches over the end of its line, an entry does not.
        let body = heading.bytes.end.min(entry.bytes.end);
        let has_text = !is_blank(&note.text[open.body..heading.bytes.start]);
        if has_text {
            let next = Section { start: heading.bytes.start, body, end: entry.bytes.end };
            open.end = heading.bytes.start;
            sections.push(std::mem::replace(&mut open, next));
        } else {
            open.body = body;
        }
    }
    sections.push(open);
    sections
}

/// The headings of an entry; those of a note are in order, so that none is looked at in vain.
fn headings_within<'a>(note: &'a Note, bytes: &Range<usize>) -> &'a [Heading] {
    let first = note.headings.partition_point(|heading| heading.bytes.start < bytes.start);
    let last = note.headings.partition_point(|heading| heading.bytes.start < bytes.end);
    &note.headings[first..last.max(first)]
}

/// The bytes of the chunks of one section: every byte that is not white space or data, once and in order.
fn pieces(
    note: &Note,
    splitter: &MarkdownSplitter<Characters>,
    section: &Section,
) -> Vec<Range<usize>> {
    let body = &note.text[section.body..section.end];
    let data = inline_data(body);
    let text = without(&data, unquoted(body));
    let mut pieces: Vec<Range<usize>> = stretches(&text)
        .into_iter()
        .flat_map(|stretch| {
            let cut = splitter.chunk_indices(&text[stretch.clone()]);
            cut.map(move |(offset, piece)| (stretch.start + offset, piece.len()))
        })
        .map(|(offset, length)| {
            in_whole(&data, offset, false)..in_whole(&data, offset + length, true)
        })
        .flat_map(|range| outside(&data, range))
        .filter(|range| !is_blank(&body[range.clone()]))
        .map(|range| trimmed(body, range))
        .map(|range| section.body + range.start..section.body + range.end)
        .collect();
    let heading = trimmed(&note.text, section.start..section.body);
    match pieces.first_mut() {
        Some(first) if !heading.is_empty() => first.start = heading.start,
        None if !heading.is_empty() => pieces.push(heading),
        _ => {}
    }
    pieces
}

/// The splitter looks at all that is left of a text for each chunk of it: it is given no more than so
/// many bytes at once.
const STRETCH_BYTES: usize = 16 << 10;

/// A text in stretches that the splitter can cut in good time: parted at the last empty line that is not
/// too early, else at the last line end, the last space, or wherever it has to be.
fn stretches(text: &str) -> Vec<Range<usize>> {
    let mut stretches = Vec::new();
    let mut start = 0;
    while text.len() - start > STRETCH_BYTES {
        let last = text.floor_char_boundary(start + STRETCH_BYTES);
        let first = text.ceil_char_boundary(start + STRETCH_BYTES / 2);
        let late = &text[first..last];
        let seam = late
            .rfind("\n\n")
            .or_else(|| late.rfind('\n'))
            .or_else(|| late.rfind(char::is_whitespace));
        let end = seam.map_or_else(|| before_a_character(text, first, last), |seam| first + seam);
        stretches.push(start..end);
        start = end;
    }
    stretches.push(start..text.len());
    stretches
}

/// The last place of some at which what is read as one character is not torn apart.
fn before_a_character(text: &str, first: usize, last: usize) -> usize {
    let mut cursor = GraphemeCursor::new(last, text.len(), true);
    if cursor.is_boundary(text, 0) == Ok(true) {
        return last;
    }
    let before = cursor.prev_boundary(text, 0).ok().flatten();
    before.filter(|before| *before >= first).unwrap_or(last)
}

/// The text with a letter in place of each straight quotation mark, at the same bytes.
///
/// The splitter reads markdown with typographic quotation marks, and takes each of them for a seam
/// that is stronger than the end of a sentence: it would part `s'y` and `don't`.
fn unquoted(text: &str) -> String {
    text.replace(['\'', '"'], "x")
}

/// Where a text holds data that is written as text, as pictures are: `data:image/png;base64,…`.
///
/// Source: RFC 2397.
fn inline_data(text: &str) -> Vec<Range<usize>> {
    const SCHEME: &[u8] = b"data:";
    const MARK: &str = ";base64,";
    const TYPE_BYTES_MAX: usize = 100;
    let bytes = text.as_bytes();
    let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=-_".contains(byte);
    let at = |(mark, _): (usize, &str)| {
        let near = mark.saturating_sub(TYPE_BYTES_MAX);
        let start = near + bytes[near..mark].windows(SCHEME.len()).rposition(|it| it == SCHEME)?;
        let data = mark + MARK.len();
        Some(start..data + bytes[data..].iter().take_while(|byte| is_base64(byte)).count())
    };
    let mut found: Vec<Range<usize>> = text.match_indices(MARK).filter_map(at).collect();
    // One that begins where another does is part of no data.
    found.dedup_by_key(|range| range.start);
    found
}

/// The text without these ranges.
fn without(ranges: &[Range<usize>], mut text: String) -> String {
    for range in ranges.iter().rev() {
        text.replace_range(range.clone(), "");
    }
    text
}

/// Where a place of the text without these ranges lies in the whole; at one of them, before or behind it.
fn in_whole(ranges: &[Range<usize>], mut place: usize, is_before: bool) -> usize {
    for range in ranges {
        if range.start < place || range.start == place && !is_before {
            place += range.len();
        }
    }
    place
}

/// What of a range lies in none of these.
fn outside(ranges: &[Range<usize>], of: Range<usize>) -> Vec<Range<usize>> {
    let mut start = of.start;
    let mut parts = Vec::new();
    for range in ranges.iter().filter(|range| range.start < of.end && range.end > of.start) {
        parts.push(start..range.start.max(start));
        start = range.end.max(start);
    }
    parts.push(start..of.end.max(start));
    parts
}

/// A range without the white space at its ends.
fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let slice = &text[range.clone()];
    let start = range.start + (slice.len() - slice.trim_start().len());
    let end = range.end - (slice.len() - slice.trim_end().len());
    start.min(end)..end
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

/// The headings that enclose a place of a note, kept while the note is passed through in order.
#[derive(Default)]
struct Trail<'a> {
    passed: usize,
    open: Vec<&'a Heading>,
}

impl<'a> Trail<'a> {
    /// The title of the note and the headings that enclose the text at `offset`, outermost first.
    fn breadcrumb(&mut self, note: &'a Note, offset: usize) -> Vec<String> {
        while let Some(heading) = note.headings.get(self.passed)
            && heading.bytes.end <= offset
        {
            while self.open.last().is_some_and(|last| last.level >= heading.level) {
                self.open.pop();
            }
            self.open.push(heading);
            self.passed += 1;
        }
        let mut breadcrumb = vec![note.title.clone()];
        for heading in &self.open {
            if breadcrumb.last() != Some(&heading.text) {
                breadcrumb.push(heading.text.clone());
            }
        }
        breadcrumb
    }
}

#[cfg(test)]
mod tests;
