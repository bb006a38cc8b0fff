//! Writing an extract: text with citations numbered in the order in which they are first made.

use super::place::lines_of_quote;
use crate::ask::{
    Passage,
    citation::{Checked, Citation, CurrentText},
};

/// An extract while it is written.
pub(super) struct Writer<'a> {
    passages: &'a [Passage],
    cited: Vec<Cited>,
    text: String,
}

/// A sentence that is quoted, and the place of the passage that it stands in.
#[derive(Eq, PartialEq)]
struct Cited {
    passage: usize,
    sentence: String,
}

impl<'a> Writer<'a> {
    pub(super) fn new(passages: &'a [Passage]) -> Self {
        Self { passages, cited: Vec::new(), text: String::new() }
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

    /// A sentence with its citation behind it: `It works. [1]`.
    pub(super) fn quoted(&mut self, sentence: &str, passage: usize) -> String {
        format!("{sentence} [{}]", self.number(sentence, passage))
    }

    /// The number of the citation of a sentence.
    pub(super) fn number(&mut self, sentence: &str, passage: usize) -> usize {
        let cited = Cited { passage, sentence: sentence.to_owned() };
        let known = self.cited.iter().position(|other| *other == cited);
        let place = known.unwrap_or_else(|| {
            self.cited.push(cited);
            self.cited.len() - 1
        });
        place + 1
    }

    /// The text, and its citations: of the very lines that a sentence stands on, where the note
    /// still says it there.
    pub(super) fn finish(self, current: &CurrentText<'_>) -> (String, Vec<Citation>) {
        let citation = |(number, cited): (usize, &Cited)| {
            let passage = &self.passages[cited.passage];
            let mut citation = Citation::of(number, passage, current);
            if citation.state == Checked::Fresh
                && let Some(today) = current(passage)
                && let Some(lines) = lines_of_quote(&today, passage.lines, &cited.sentence)
            {
                citation.lines = lines;
            }
            citation
        };
        (self.text, (1..).zip(&self.cited).map(citation).collect())
    }
}
