//! Where the lines of a text begin and end.
//!
//! A line ends with `\n`, `\r\n` or a lone `\r`, as in `CommonMark`; the three may be mixed.

use std::ops::Range;

use super::Lines;

/// The beginnings of the lines of a text.
pub(super) struct LineIndex {
    starts: Vec<usize>,
    text_length: usize,
}

impl LineIndex {
    /// Finds the lines of a text, in one pass.
    pub(super) fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (offset, byte) in bytes.iter().enumerate() {
            let ends = match byte {
                b'\n' => true,
                b'\r' => bytes.get(offset + 1) != Some(&b'\n'),
                _ => false,
            };
            if ends && offset + 1 < bytes.len() {
                starts.push(offset + 1);
            }
        }
        Self { starts, text_length: bytes.len() }
    }

    /// How many lines there are; an empty text has one.
    pub(super) fn count(&self) -> usize {
        self.starts.len()
    }

    /// The line that a byte stands on, from zero.
    pub(super) fn line_index(&self, byte: usize) -> usize {
        self.starts.partition_point(|start| *start <= byte).saturating_sub(1)
    }

    /// The line that a byte stands on, from one.
    pub(super) fn line_number(&self, byte: usize) -> u32 {
        number(self.line_index(byte))
    }

    /// The bytes of a line, with its ending.
    pub(super) fn bytes(&self, line_index: usize) -> Range<usize> {
        let start = self.starts.get(line_index).copied().unwrap_or(self.text_length);
        let end = self.starts.get(line_index + 1).copied().unwrap_or(self.text_length);
        start..end
    }

    /// The text of a line, without its ending.
    pub(super) fn line<'text>(&self, text: &'text str, line_index: usize) -> &'text str {
        text[self.bytes(line_index)].trim_end_matches(['\r', '\n'])
    }

    /// The part of some lines, from the first to before `end`, that lies between blank lines: its
    /// line numbers, and its bytes without the last line's ending. None when all are blank.
    pub(super) fn trimmed(&self, text: &str, lines: Range<usize>) -> Option<(Lines, Range<usize>)> {
        let is_filled = |line_index: &usize| !self.line(text, *line_index).trim().is_empty();
        let first = lines.clone().find(is_filled)?;
        let last = lines.rev().find(is_filled)?;
        let start = self.bytes(first).start;
        let last_line = self.bytes(last);
        let end = last_line.start + self.line(text, last).len();
        Some((Lines { first: number(first), last: number(last) }, start..end))
    }
}

/// A line's number, from its index.
pub(super) fn number(line_index: usize) -> u32 {
    u32::try_from(line_index + 1).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let index = LineIndex::new(text);
        let lines: Vec<_> = (0..index.count()).map(|line| index.line(text, line)).collect();
        assert_eq!(lines, expected, "{text:?}");
        for (line_index, _) in lines.iter().enumerate() {
            for byte in index.bytes(line_index) {
                assert_eq!(index.line_index(byte), line_index, "byte {byte} of {text:?}");
            }
        }
    }

    /// Fault 7: lines that end in CRLF.
    #[test]
    fn lines_may_end_with_crlf() {
        check("a\r\n\r\nb\r\n", &["a", "", "b"]);
    }

    /// Fault 8: lines that end in a lone CR.
    #[test]
    fn lines_may_end_with_a_lone_cr() {
        check("a\r\rb\r", &["a", "", "b"]);
    }

    /// Fault 9: several kinds of line ends in one file.
    #[test]
    fn line_endings_may_be_mixed() {
        check("a\nb\r\nc\rd\n\re", &["a", "b", "c", "d", "", "e"]);
    }

    /// Fault 10: no line end at the end.
    #[test]
    fn the_last_line_needs_no_ending() {
        check("a\nb", &["a", "b"]);
        check("", &[""]);
    }

    #[test]
    fn blank_lines_around_are_trimmed() {
        let text = "\n  \r\nä\n\nb\r\n\n";
        let index = LineIndex::new(text);
        let (lines, bytes) = index.trimmed(text, 0..index.count()).unwrap();
        assert_eq!((lines.to_string().as_str(), &text[bytes]), ("3-5", "ä\n\nb"));
        assert_eq!(index.trimmed(text, 0..2), None);
    }
}
