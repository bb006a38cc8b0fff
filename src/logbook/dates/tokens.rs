//! The pieces of a short text: numbers, words, spaces and marks.
//!
//! Only the first pieces of a text are looked at, so that a heading of a megabyte costs no more
//! than one of a line.

use std::ops::Range;

const TOKENS_MAX: usize = 32;
const BYTES_MAX: usize = 256;

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kind {
    Number { value: u32, digits: usize },
    Word,
    Space,
    Mark(char),
}

/// The first pieces of a text.
pub(super) struct Tokens<'text> {
    text: &'text str,
    tokens: Vec<(Kind, Range<usize>)>,
}

impl<'text> Tokens<'text> {
    pub(super) fn new(text: &'text str) -> Self {
        let mut tokens = Vec::new();
        let mut start = 0;
        while start < text.len().min(BYTES_MAX) && tokens.len() < TOKENS_MAX {
            let (kind, length) = token(&text[start..]);
            tokens.push((kind, start..start + length));
            start += length;
        }
        Self { text, tokens }
    }

    /// A number and how many digits it is written with.
    pub(super) fn number(&self, at: usize) -> Option<(u32, usize)> {
        match self.tokens.get(at)?.0 {
            Kind::Number { value, digits } => Some((value, digits)),
            _ => None,
        }
    }

    /// A number of one or two digits.
    pub(super) fn small(&self, at: usize) -> Option<i8> {
        let (value, digits) = self.number(at)?;
        if digits <= 2 { i8::try_from(value).ok() } else { None }
    }

    /// A number of four digits that can be a year, 1000 to 9998: the day after the last of 9999
    /// can't be written.
    pub(super) fn year(&self, at: usize) -> Option<i16> {
        let (value, digits) = self.number(at)?;
        let year = i16::try_from(value).ok()?;
        (digits == 4 && (1000..=9998).contains(&year)).then_some(year)
    }

    pub(super) fn word(&self, at: usize) -> Option<&'text str> {
        match self.tokens.get(at)? {
            (Kind::Word, bytes) => Some(&self.text[bytes.clone()]),
            _ => None,
        }
    }

    /// Whether a word is one of some, whatever its case.
    pub(super) fn is_word(&self, at: usize, words: &[&str]) -> bool {
        self.word(at).is_some_and(|word| {
            let word = word.to_lowercase();
            words.contains(&&*word)
        })
    }

    pub(super) fn mark(&self, at: usize) -> Option<char> {
        match self.tokens.get(at)?.0 {
            Kind::Mark(mark) => Some(mark),
            _ => None,
        }
    }

    pub(super) fn is_space(&self, at: usize) -> bool {
        matches!(self.tokens.get(at), Some((Kind::Space, _)))
    }

    /// Whether a letter or a digit stands there.
    pub(super) fn is_alphanumeric(&self, at: usize) -> bool {
        matches!(self.tokens.get(at), Some((Kind::Word | Kind::Number { .. }, _)))
    }

    /// After the space, if there is one.
    pub(super) fn after_space(&self, at: usize) -> usize {
        if self.is_space(at) { at + 1 } else { at }
    }

    /// After what may stand between the parts of a date in words: `14 March, 2022`, `mars-2020`.
    pub(super) fn after_gap(&self, at: usize) -> Option<usize> {
        let is_gap = |at: &usize| {
            self.is_space(*at) || matches!(self.mark(*at), Some(',' | '.' | '-' | '_' | '/'))
        };
        let end = (at..at + 3).find(|at| !is_gap(at)).unwrap_or(at + 3);
        (end > at).then_some(end)
    }

    /// Whether nothing is left there.
    pub(super) fn is_end(&self, at: usize) -> bool {
        at >= self.tokens.len() && self.byte(at) == self.text.len()
    }

    /// The byte that a token begins at.
    pub(super) fn byte(&self, at: usize) -> usize {
        match self.tokens.get(at) {
            Some((_, bytes)) => bytes.start,
            None => self.tokens.last().map_or(0, |(_, bytes)| bytes.end),
        }
    }

    /// After what a date may be wrapped in: brackets, emphasis, pictographs.
    pub(super) fn after_opening(&self) -> usize {
        let opens = |at: &usize| {
            self.is_space(*at)
                || self.mark(*at).is_some_and(|mark| {
                    matches!(mark, '[' | '(' | '*' | '_' | '`' | '<')
                        || (u32::from(mark) >= 0x2190 && !matches!(mark, '\u{3000}'..='\u{303f}'))
                        || matches!(mark, '\u{200d}' | '\u{feff}')
                })
        };
        (0..self.tokens.len()).find(|at| !opens(at)).unwrap_or(self.tokens.len())
    }

    /// After what closes such a wrapping.
    pub(super) fn after_closing(&self, at: usize) -> usize {
        let closes = |at: &usize| matches!(self.mark(*at), Some(']' | ')' | '*' | '_' | '`' | '>'));
        (at..self.tokens.len()).find(|at| !closes(at)).unwrap_or(self.tokens.len().max(at))
    }
}

fn token(text: &str) -> (Kind, usize) {
    let run = |belongs: fn(char) -> bool| {
        text.find(|character| !belongs(character)).unwrap_or(text.len())
    };
    match text.chars().next() {
        None => (Kind::Space, 0),
        Some(first) if first.is_ascii_digit() => {
            let length = run(|character| character.is_ascii_digit());
            let value = text[..length].parse().unwrap_or(u32::MAX);
            (Kind::Number { value, digits: length }, length)
        }
        Some(first) if first.is_alphabetic() => (Kind::Word, run(is_word_character)),
        Some(first) if first.is_whitespace() => (Kind::Space, run(char::is_whitespace)),
        Some('‑' | '‐' | '−') => (Kind::Mark('-'), 3),
        Some(first) => (Kind::Mark(first), first.len_utf8()),
    }
}

/// Letters and the combining marks of a decomposed one.
fn is_word_character(character: char) -> bool {
    character.is_alphabetic() || ('\u{300}'..='\u{36f}').contains(&character)
}
