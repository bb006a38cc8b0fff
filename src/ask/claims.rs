//! The sentences of a model that claim something, each with what becomes of it when it is held
//! against its sources, and the mark that those get in a text which do not stand in them.

use std::ops::Range;

use serde::Serialize;

use super::{
    citation::{citation_length, taken_apart},
    support::{Sources, Support},
};

/// The mark behind a sentence that cites nothing, or that its sources do not say.
pub const MARK: &str = "[?]";

/// A sentence that claims something.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Claim {
    /// The sentence.
    pub text: String,
    /// The numbers that it cites.
    pub citations: Vec<usize>,
    /// Whether they say so.
    pub support: Support,
    /// The words and numbers that none of them has.
    pub missing: Vec<String>,
    /// Where it ends in the text, in bytes.
    #[serde(skip)]
    end: usize,
}

impl Claim {
    /// Whether it is not to be trusted.
    #[must_use]
    pub fn is_marked(&self) -> bool {
        matches!(self.support, Support::Unsupported | Support::Uncited)
    }
}

/// The claims of a text whose citations were checked; headings, tables, code, and what leads over
/// to a list claim nothing.
#[must_use]
pub fn claims(text: &str, sources: &Sources<'_>) -> Vec<Claim> {
    let mut claims = Vec::new();
    let mut line_is_code = false;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_start();
        let is_fence = trimmed.starts_with("```") || trimmed.starts_with("~~~");
        if !is_fence && !line_is_code && !trimmed.starts_with(['#', '|']) {
            let item = start + line.len() - without_marker(trimmed).len();
            for sentence in sentences(&text[item..start + line.len()]) {
                let end = item + sentence.end;
                let sentence = &text[item..][sentence];
                claims.extend(claim(sentence, end, sources));
            }
        }
        line_is_code ^= is_fence;
        start += line.len();
    }
    claims
}

/// The share of the claims that their sources bear out, of those of which words can tell; none when
/// there is no such claim.
#[must_use]
pub fn supported(claims: &[Claim]) -> Option<f64> {
    let told = claims.iter().filter(|claim| claim.support != Support::Unknown).count();
    let held = claims.iter().filter(|claim| claim.support == Support::Supported).count();
    (told > 0).then(|| (1000.0 * held as f64 / told as f64).round() / 1000.0)
}

/// The text with a mark behind each claim that is not to be trusted.
#[must_use]
pub fn marked(text: &str, claims: &[Claim]) -> String {
    let mut marked = String::with_capacity(text.len());
    let mut from = 0;
    for claim in claims.iter().filter(|claim| claim.is_marked()) {
        marked.push_str(&text[from..claim.end]);
        marked.push_str(&format!(" {MARK}"));
        from = claim.end;
    }
    marked.push_str(&text[from..]);
    marked
}

/// The text as far as it has come, with the marks of the claims that nothing can follow.
#[must_use]
pub(super) fn marked_so_far(text: &str, sources: &Sources<'_>) -> String {
    let mut claims = claims(text, sources);
    claims.retain(|claim| claim.end < text.trim_end().len());
    marked(text, &claims)
}

/// The claim of a sentence, where it makes one.
fn claim(sentence: &str, end: usize, sources: &Sources<'_>) -> Option<Claim> {
    let is_bold = sentence.len() > 4 && sentence.starts_with("**") && sentence.ends_with("**");
    if sentence.ends_with(':') || is_bold {
        return None;
    }
    let verdict = sources.verdict(sentence)?;
    let (_, citations) = taken_apart(sentence);
    let (support, missing) = (verdict.support, verdict.missing);
    Some(Claim { text: sentence.to_owned(), citations, support, missing, end })
}

/// A line without the marks that make it a quotation or an item of a list.
fn without_marker(line: &str) -> &str {
    let line = line.trim_start_matches(['>', ' ']);
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let rest = match digits {
        0 => line.strip_prefix(['-', '*', '+']),
        _ => line[digits..].strip_prefix(['.', ')']),
    };
    rest.filter(|rest| rest.starts_with(char::is_whitespace)).map_or(line, str::trim_start)
}

/// Where the sentences of a line stand; the citations behind a full stop belong to the one before.
pub(super) fn sentences(line: &str) -> Vec<Range<usize>> {
    let words = words(line);
    let mut sentences: Vec<Range<usize>> = Vec::new();
    let mut open: Option<Range<usize>> = None;
    for (index, word) in words.iter().enumerate() {
        let text = &line[word.clone()];
        if open.is_none()
            && citation_length(text).is_some()
            && let Some(last) = sentences.last_mut()
        {
            last.end = word.end;
            continue;
        }
        let start = open.take().map_or(word.start, |open| open.start);
        let next = words.get(index + 1).map(|next| &line[next.clone()]);
        let goes_on = next.is_some_and(|next| next.starts_with(char::is_lowercase));
        if ends_a_sentence(text) && !goes_on {
            sentences.push(start..word.end);
        } else {
            open = Some(start..word.end);
        }
    }
    sentences.extend(open);
    sentences
}

/// Where the words of a line stand; a citation is one word, with what it touches.
fn words(line: &str) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut open: Option<usize> = None;
    let mut at = 0;
    while let Some(character) = line[at..].chars().next() {
        if character.is_whitespace() {
            words.extend(open.take().map(|start| start..at));
        } else {
            open.get_or_insert(at);
        }
        at += citation_length(&line[at..]).unwrap_or(character.len_utf8());
    }
    words.extend(open.map(|start| start..at));
    words
}

fn ends_a_sentence(word: &str) -> bool {
    let mut word = word;
    loop {
        word = word.trim_end_matches(['"', ')', '*', '”', '»', '_']);
        let Some(open) = word.rfind('[').filter(|_| word.ends_with(']')) else { break };
        if citation_length(&word[open..]) != Some(word.len() - open) {
            break;
        }
        word = &word[..open];
    }
    word.ends_with(['.', '!', '?', '…'])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{ask::test_passage, index::TermReader, logbook::Language};

    const SOURCE: &str = "We moved out of the old house, and the cat came home late.";

    #[track_caller]
    fn check(text: &str, expected: &str, share: Option<f64>) {
        let passages = [test_passage("a.md", "2022-03-08", SOURCE)];
        let reader = TermReader::default();
        let sources = Sources::new(&passages, "", Language::English, &reader);
        let claims = claims(text, &sources);
        assert_eq!(
            (marked(text, &claims).as_str(), supported(&claims)),
            (expected, share),
            "{text}"
        );
    }

    #[test]
    fn claims_are_marked_where_nothing_bears_them_out() {
        check("We moved the old house. [1]", "We moved the old house. [1]", Some(1.0));
        check(
            "We moved the old house [1]. Then we sold the boat. Fine.",
            "We moved the old house [1]. Then we sold the boat. [?] Fine.",
            Some(0.5),
        );
        check(
            "- The cat came home late.[1]\n2) A dog ate my red hat [1]",
            "- The cat came home late.[1]\n2) A dog ate my red hat [1] [?]",
            Some(0.5),
        );
        check(
            "1. **The cat.** The cat came, e.g. home [1, 1] late.",
            "1. **The cat.** The cat came, e.g. home [1, 1] late.",
            Some(1.0),
        );
    }

    #[test]
    fn what_is_no_sentence_claims_nothing() {
        for text in [
            "# Heading of the whole thing",
            "These are the things that happened there:",
            "| a table | of several | telling words |",
            "```\nlet code be what code is here\n```",
            "**A title of several telling words.**",
            "",
        ] {
            check(text, text, None);
        }
    }

    proptest! {
        #[test]
        fn what_was_marked_stays_as_more_comes(
            pieces in proptest::collection::vec("(The cat|came home|a boat sailed|[.] |\\[1\\]|\n|: |# |- ){0,6}", 1..8),
        ) {
            let passages = [test_passage("a.md", "2022-03-08", SOURCE)];
            let reader = TermReader::default();
            let sources = Sources::new(&passages, "", Language::English, &reader);
            let mut text = String::new();
            let mut given = String::new();
            for piece in pieces {
                text.push_str(&piece);
                let marked = marked_so_far(text.trim(), &sources);
                prop_assert!(marked.starts_with(&given), "{given:?} {marked:?}");
                given = marked;
            }
        }
    }
}
