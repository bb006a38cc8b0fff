//! Lines folded between words, as the words come.

use unicode_width::UnicodeWidthStr as _;

/// The narrowest terminal that anything is folded for.
const COLUMNS_MIN: usize = 20;

/// A line that is being written, and how its continuation is indented.
pub(super) struct Fold {
    columns: usize,
    column: usize,
    indent: usize,
    has_word: bool,
}

impl Fold {
    /// The beginning of a line on a terminal of so many columns.
    pub(super) fn new(columns: usize) -> Self {
        Self { columns: columns.max(COLUMNS_MIN), column: 0, indent: 0, has_word: false }
    }

    /// Begins another line.
    pub(super) fn begin_line(&mut self) {
        *self = Self::new(self.columns);
    }

    /// Writes what a line begins with; what is folded stands under what follows it.
    pub(super) fn hang(&mut self, lead: &str, out: &mut String) {
        out.push_str(lead);
        self.column += lead.width();
        // So deep an indent would leave too little room.
        self.indent = self.column.min(self.columns / 2);
    }

    /// Writes a word after a space, or on another line where it does not fit any more; `styled` is
    /// how it is written.
    pub(super) fn word(&mut self, plain: &str, styled: &str, out: &mut String) {
        if plain.is_empty() {
            return;
        }
        let width = plain.width();
        if self.has_word && self.column + 1 + width > self.columns {
            out.push('\n');
            out.push_str(&" ".repeat(self.indent));
            self.column = self.indent;
        } else if self.has_word {
            out.push(' ');
            self.column += 1;
        }
        out.push_str(styled);
        self.column += width;
        self.has_word = true;
    }
}
