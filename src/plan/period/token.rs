//! Splits a text into words, numbers and marks, each with its bytes.
//!
//! What stands in quotation marks is marked as quoted, and the grammar never reads it. One pass
//! over the text; nothing here knows what a word means.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization as _;

/// A text as the grammar reads it.
pub(in crate::plan) struct Text<'t> {
    /// The text itself.
    pub(in crate::plan) source: &'t str,
    /// Its tokens, in order.
    pub(in crate::plan) tokens: Vec<Token<'t>>,
    /// The bytes, in order, of words that say where to look, and nothing of what is asked.
    pub(in crate::plan) apart: Vec<Range<usize>>,
}

/// A word, a number or a mark.
#[derive(Clone, Debug)]
pub(in crate::plan) struct Token<'t> {
    /// As it stands in the text.
    pub(in crate::plan) raw: &'t str,
    /// Without case and accents; the apostrophe of an elision is kept and straight (`l'`, `'s`).
    pub(in crate::plan) folded: String,
    /// Where it stands.
    pub(in crate::plan) bytes: Range<usize>,
    /// What it is made of.
    pub(in crate::plan) kind: Kind,
    /// Whether no white space stands before it.
    pub(in crate::plan) glued: bool,
    /// Whether it stands in quotation marks.
    pub(in crate::plan) quoted: bool,
}

/// What a token is made of.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::plan) enum Kind {
    /// Letters.
    Word,
    /// ASCII digits.
    Number,
    /// One character of any other kind.
    Mark,
}

const ELISIONS: &[&str] =
    &["l", "d", "j", "m", "t", "s", "c", "n", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu"];

impl<'t> Text<'t> {
    /// Splits a text.
    pub(in crate::plan) fn new(source: &'t str) -> Self {
        let found = quotes(source);
        let mut quotes = found.iter().peekable();
        let mut tokens: Vec<Token<'t>> = Vec::new();
        let mut rest = source.trim_start();
        while !rest.is_empty() {
            let start = source.len() - rest.len();
            let (kind, length) = first_token(rest);
            let bytes = start..start + length;
            while quotes.next_if(|quote| quote.end <= start).is_some() {}
            let is_quoted = quotes.peek().is_some_and(|quote| quote.contains(&start));
            let raw = &source[bytes.clone()];
            let glued = tokens.last().is_some_and(|last| last.bytes.end == start);
            tokens.push(Token { raw, folded: folded(raw), bytes, kind, glued, quoted: is_quoted });
            rest = rest[length..].trim_start();
        }
        Self { source, tokens, apart: Vec::new() }
    }

    /// How many tokens there are.
    pub(in crate::plan) fn len(&self) -> usize {
        self.tokens.len()
    }

    /// A token; none behind the end, and none in quotation marks.
    pub(in crate::plan) fn get(&self, at: usize) -> Option<&Token<'t>> {
        self.tokens.get(at).filter(|token| !token.quoted)
    }

    /// The folded word at a place; empty when there is none.
    pub(in crate::plan) fn word(&self, at: usize) -> &str {
        self.get(at).filter(|token| token.kind == Kind::Word).map_or("", |token| &token.folded)
    }

    /// The folded word before a place; empty when there is none.
    pub(in crate::plan) fn word_before(&self, at: usize) -> &str {
        at.checked_sub(1).map_or("", |before| self.word(before))
    }

    /// Whether one of these words stands at a place.
    pub(in crate::plan) fn is(&self, at: usize, words: &[&str]) -> bool {
        let word = self.word(at);
        !word.is_empty() && words.contains(&word)
    }

    /// The place behind the word at a place, when it is one of these; else the place itself.
    pub(in crate::plan) fn skip(&self, at: usize, words: &[&str]) -> usize {
        if self.is(at, words) { at + 1 } else { at }
    }

    /// The place behind a sequence of words, when it stands there; `-` stands for a hyphen.
    pub(in crate::plan) fn phrase(&self, at: usize, phrase: &str) -> Option<usize> {
        phrase.split(' ').try_fold(at, |at, word| {
            let here = if word == "-" { self.mark(at, &['-']) } else { self.word(at) == word };
            here.then_some(at + 1)
        })
    }

    /// The longest of these phrases at a place, by the place behind it.
    pub(in crate::plan) fn any_phrase(&self, at: usize, phrases: &[&str]) -> Option<usize> {
        let first = self.get(at)?.folded.as_bytes().first();
        let like = phrases.iter().filter(|phrase| phrase.as_bytes().first() == first);
        like.filter_map(|phrase| self.phrase(at, phrase)).max()
    }

    /// The number at a place and how many digits it has, four at most.
    pub(in crate::plan) fn number(&self, at: usize) -> Option<(i16, usize)> {
        let token = self.get(at).filter(|token| token.kind == Kind::Number)?;
        (token.raw.len() <= 4).then_some(())?;
        Some((token.raw.parse().ok()?, token.raw.len()))
    }

    /// Whether one of these marks stands at a place.
    pub(in crate::plan) fn mark(&self, at: usize, marks: &[char]) -> bool {
        self.get(at).is_some_and(|token| {
            token.kind == Kind::Mark && token.raw.chars().all(|mark| marks.contains(&mark))
        })
    }

    /// Whether no white space stands before the token at a place.
    pub(in crate::plan) fn glued(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| token.glued)
    }

    /// Whether the word at a place begins with a capital letter.
    pub(in crate::plan) fn capital(&self, at: usize) -> bool {
        self.get(at).is_some_and(|token| token.raw.starts_with(char::is_uppercase))
    }

    /// The bytes that a range of tokens covers.
    pub(in crate::plan) fn bytes(&self, tokens: &Range<usize>) -> Range<usize> {
        let start = self.tokens.get(tokens.start).map_or(0, |token| token.bytes.start);
        let last = tokens.end.checked_sub(1).and_then(|last| self.tokens.get(last));
        start..last.map_or(start, |token| token.bytes.end).max(start)
    }
}

/// The kind and the length in bytes of what a text begins with; it begins with no white space.
fn first_token(text: &str) -> (Kind, usize) {
    let first = text.chars().next().unwrap_or(' ');
    if first.is_ascii_digit() {
        return (Kind::Number, run(text, |character| character.is_ascii_digit()));
    }
    if is_apostrophe(first) {
        let letters = run(&text[first.len_utf8()..], is_letter);
        let suffix = folded(&text[first.len_utf8()..first.len_utf8() + letters]);
        if ["s", "re", "ve", "ll", "d", "m", "t"].contains(&&*suffix) {
            return (Kind::Word, first.len_utf8() + letters);
        }
        return (Kind::Mark, first.len_utf8());
    }
    if !is_letter(first) {
        return (Kind::Mark, first.len_utf8());
    }
    let length = run(text, is_letter);
    let mut rest = text[length..].chars();
    let apostrophe = rest.next().filter(|next| is_apostrophe(*next));
    if let (Some(apostrophe), true) = (apostrophe, rest.next().is_some_and(char::is_alphanumeric)) {
        let through = length + apostrophe.len_utf8();
        let word = folded(&text[..length]);
        if word == "aujourd" {
            return (Kind::Word, through + run(&text[through..], is_letter));
        }
        if ELISIONS.contains(&&*word) {
            return (Kind::Word, through);
        }
    }
    (Kind::Word, length)
}

fn run(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|character| !belongs(character)).unwrap_or(text.len())
}

fn is_letter(character: char) -> bool {
    (character.is_alphanumeric() && !character.is_ascii_digit())
        || ('\u{300}'..='\u{36f}').contains(&character)
}

fn is_apostrophe(character: char) -> bool {
    matches!(character, '\'' | '’' | 'ʼ')
}

/// A word without case and accents, with straight apostrophes.
pub(in crate::plan) fn folded(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    word.nfkd()
        .filter(|character| !('\u{300}'..='\u{36f}').contains(character))
        .map(|character| if is_apostrophe(character) { '\'' } else { character })
        .flat_map(char::to_lowercase)
        .collect()
}

/// The bytes of what stands in quotation marks, the marks included.
///
/// Marks around the whole text are the shell's or the reader's, not the topic's, and don't count.
fn quotes(text: &str) -> Vec<Range<usize>> {
    let characters: Vec<(usize, char)> = text.char_indices().collect();
    let closes = |place: usize, closer: char| {
        let (_, character) = characters[place];
        let before = place.checked_sub(1).map_or(' ', |before| characters[before].1);
        let after = characters.get(place + 1).map_or(' ', |after| after.1);
        character == closer
            && (closer != '\'' || (!before.is_whitespace() && !after.is_alphanumeric()))
    };
    let last: Vec<(char, Option<usize>)> = ['"', '”', '»', '`', '\'']
        .into_iter()
        .map(|closer| (closer, (0..characters.len()).rfind(|&place| closes(place, closer))))
        .collect();
    let mut quotes = Vec::new();
    let mut place = 0;
    while place < characters.len() {
        let (start, character) = characters[place];
        let before = place.checked_sub(1).map_or(' ', |before| characters[before].1);
        let end_mark = closer(character, before);
        let reach =
            last.iter().find(|(mark, _)| Some(*mark) == end_mark).and_then(|(_, last)| *last);
        if let (Some(closer), Some(true)) = (end_mark, reach.map(|last| last > place)) {
            let end = (place + 1..characters.len()).find(|&end| closes(end, closer));
            let end = end.unwrap_or(place);
            quotes.push(start..characters[end].0 + characters[end].1.len_utf8());
            place = end;
        }
        place += 1;
    }
    let whole = text.trim();
    quotes.retain(|quote| quote.len() < whole.trim_end_matches(['?', '.', '!']).len());
    quotes
}

/// The mark that ends what this one begins; none when it begins nothing.
fn closer(character: char, before: char) -> Option<char> {
    let free = !before.is_alphanumeric();
    match character {
        '“' | '„' => Some('”'),
        '«' => Some('»'),
        '"' if free => Some('"'),
        '`' if free => Some('`'),
        '\'' if before.is_whitespace() || before == '(' => Some('\''),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let text = Text::new(text);
        let tokens: Vec<&str> = text.tokens.iter().map(|token| &*token.folded).collect();
        assert_eq!(tokens, expected);
    }

    #[test]
    fn words_numbers_and_marks_are_told_apart() {
        check("Qu’ai-je appris en 2021 ?", &["qu'", "ai", "-", "je", "appris", "en", "2021", "?"]);
        check("aujourd'hui, l'été", &["aujourd'hui", ",", "l'", "ete"]);
        check("New Year's Eve didn't", &["new", "year", "'s", "eve", "didn", "'t"]);
        check("Q3, 26th", &["q", "3", ",", "26", "th"]);
        check("e\u{301}te\u{301}", &["ete"]);
    }

    #[test]
    fn what_stands_in_quotation_marks_is_quoted() {
        let check = |text: &str, expected: &str| {
            let text = Text::new(text);
            let quoted =
                text.tokens.iter().filter(|token| token.quoted && token.kind != Kind::Mark);
            assert_eq!(quoted.map(|token| token.raw).collect::<Vec<_>>().join(" "), expected);
        };
        check("notes on \"in 2021\" here", "in 2021");
        check("mes notes sur « en 2021 » ici", "en 2021");
        check("the 'fresh start' of it's own", "fresh start");
        check("an unclosed \"quote in 2021", "");
        check("\"What did I learn in 2021?\"", "");
        check("a 27\" and a 24\" screen", "");
    }
}
