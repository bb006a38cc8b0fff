//! Writing an extract: text with citations numbered in the order in which they are first made.

use crate::ask::{
    Passage,
    citation::{Citation, CurrentText},
};

/// An extract while it is written.
pub(super) struct Writer<'a> {
    passages: &'a [Passage],
    numbered: Vec<usize>,
    text: String,
}

impl<'a> Writer<'a> {
    pub(super) fn new(passages: &'a [Passage]) -> Self {
        Self { passages, numbered: Vec::new(), text: String::new() }
    }

    /// Adds a paragraph.
    pub(super) fn paragraph(&mut self, text: &str) {
        if !self.text.is_empty() {
            self.text.push_str("\n\n");
        }
        self.text.push_str(text);
    }

    /// Adds a line under the one before.
    pub(super) fn line(&mut self, text: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(text);
    }

    /// The citation of a passage: `[n]`.
    pub(super) fn cite(&mut self, passage: usize) -> String {
        let known = self.numbered.iter().position(|numbered| *numbered == passage);
        let place = known.unwrap_or_else(|| {
            self.numbered.push(passage);
            self.numbered.len() - 1
        });
        format!("[{}]", place + 1)
    }

    /// A sentence with its citation before the final mark's space: `It works. [1]`.
    pub(super) fn quoted(&mut self, sentence: &str, passage: usize) -> String {
        format!("{sentence} {}", self.cite(passage))
    }

    /// The text, and its citations.
    pub(super) fn finish(self, current: &CurrentText<'_>) -> (String, Vec<Citation>) {
        let citations = self
            .numbered
            .iter()
            .enumerate()
            .map(|(place, passage)| Citation::of(place + 1, &self.passages[*passage], current))
            .collect();
        (self.text, citations)
    }
}
