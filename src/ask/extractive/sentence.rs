//! Where sentences end, and how well one stands on its own.

use std::{collections::HashSet, sync::LazyLock};

use super::prose::{Block, blocks};

/// A whole sentence of a passage, or a list item.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sentence {
    /// The text, without markup, with its final mark.
    pub text: String,
    /// Which sentence of its passage it is, from zero.
    pub order: usize,
    /// How well it reads away from what stands around it, from 0 to about 1.5.
    pub quality: f32,
}

/// The longest sentence that is quoted, in characters.
const LENGTH_MAX: usize = 300;
/// A sentence that leans on the one before is quoted with it up to this length.
const PAIR_MAX: usize = 280;

/// The sentences of a passage that can be quoted, in order; those that lean on the one before them
/// come with it.
pub(super) fn sentences(text: &str) -> Vec<Sentence> {
    let mut sentences = Vec::new();
    for block in blocks(text) {
        let parts = split(&block.text);
        let mut before: Option<(String, bool)> = None;
        for part in parts {
            let order = sentences.len();
            let whole = finished(part, &block);
            let leans = leans(&whole);
            let text = match &before {
                Some((before, false)) if leans && length(before) + length(&whole) < PAIR_MAX => {
                    format!("{before} {whole}")
                }
                _ => whole.clone(),
            };
            let is_alone = leans && text == whole;
            let mut quality = quality(&text, order);
            if is_alone {
                quality *= 0.5;
            }
            sentences.push(Sentence { text, order, quality });
            before = Some((whole, leans));
        }
    }
    sentences
}

fn length(text: &str) -> usize {
    text.chars().count()
}

/// A list item gets the full stop that it was spared, and any sentence its capital.
fn finished(part: &str, block: &Block) -> String {
    let mut text = without_date(part).to_owned();
    if let Some(first) = text.chars().next()
        && first.is_lowercase()
    {
        text = first.to_uppercase().chain(text.chars().skip(1)).collect();
    }
    let ends = text.trim_end_matches(['"', '»', '”', ')', '`', ' ', '\u{a0}', '*']);
    if block.is_item && !ends.ends_with(['.', '!', '?', '…', ':', ';']) {
        text.push('.');
    }
    if text.ends_with(';') {
        text.pop();
        text = text.trim_end().to_owned();
        text.push('.');
    }
    text
}

/// A text without the date that dates its bullet.
fn without_date(text: &str) -> &str {
    let is_date = text.get(..10).is_some_and(|head| {
        head.bytes().enumerate().all(|(index, byte)| match index {
            4 | 7 => matches!(byte, b'-' | b'/' | b'_'),
            _ => byte.is_ascii_digit(),
        })
    });
    if is_date { text[10..].trim_start_matches([':', ' ', '-', '–', '—', ',']) } else { text }
}

/// The sentences of a block; none ends within quotation marks or brackets.
fn split(text: &str) -> Vec<&str> {
    let minds_marks = is_balanced(text);
    let mut depth = 0_i32;
    let mut in_quotes = false;
    let mut in_code = false;
    let mut start = 0;
    let mut parts = Vec::new();
    let mut characters = text.char_indices().peekable();
    while let Some((offset, character)) = characters.next() {
        match character {
            '`' => in_code = !in_code,
            '"' => in_quotes = !in_quotes,
            '(' | '«' | '“' => depth += 1,
            ')' | '»' | '”' => depth -= 1,
            _ => {}
        }
        let is_inside = minds_marks && (depth > 0 || in_quotes || in_code);
        let next = characters.peek().map(|(_, next)| *next);
        let ends_here = matches!(character, '.' | '!' | '?' | '…')
            || matches!(character, '"' | '»' | '”' | ')')
                && text[..offset].trim_end().ends_with(['.', '!', '?', '…']);
        if ends_here && !is_inside && next.is_some_and(char::is_whitespace) {
            let end = offset + character.len_utf8();
            let after = text[end..].trim_start();
            if begins(after) && !is_abbreviation(&text[start..end]) {
                parts.push(text[start..end].trim());
                start = end;
            }
        }
    }
    parts.push(text[start..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}

fn is_balanced(text: &str) -> bool {
    let count = |mark: char| text.matches(mark).count();
    count('"') % 2 == 0
        && count('`') % 2 == 0
        && count('(') == count(')')
        && count('«') == count('»')
        && count('“') == count('”')
}

/// Whether a sentence may begin so.
fn begins(after: &str) -> bool {
    after
        .chars()
        .find(|c| !matches!(c, '"' | '«' | '“' | '(' | '`' | '\u{a0}' | ' ' | '\'' | '’'))
        .is_some_and(|c| c.is_uppercase() || c.is_numeric() || !c.is_alphanumeric())
}

const ABBREVIATIONS: [&str; 24] = [
    "mr", "mrs", "ms", "dr", "mme", "mm", "st", "vs", "etc", "e.g", "i.e", "p", "pp", "no", "nr",
    "fig", "approx", "ca", "cf", "av", "ex", "env", "art", "vol",
];

fn is_abbreviation(sentence: &str) -> bool {
    let Some(bare) = sentence.strip_suffix('.') else { return false };
    let word = bare.rsplit([' ', '(', '\u{a0}', '\'', '’']).next().unwrap_or_default();
    let is_initial = word.chars().count() == 1 && word.chars().all(char::is_uppercase);
    is_initial || ABBREVIATIONS.contains(&word.to_lowercase().as_str())
}

/// Openings that point back to what was said before.
const LEANING: &str = "it its it's he she they them this that these those there then so but and or also \
    hence thus therefore because since both neither one another same his her their such which who \
    instead otherwise however still yet his again wrong result cost first second third \
    il elle ils elles on ça ca cela ce cet cette ces c'est donc mais et ou car puis alors aussi ensuite \
    enfin son sa ses leur leurs celui celle ceux lui eux pourtant sinon depuis ensuite deuxième \
    troisième justement voilà résultat";

static LEANING_SET: LazyLock<HashSet<&str>> =
    LazyLock::new(|| LEANING.split_whitespace().collect());

static TELLING_SET: LazyLock<HashSet<&str>> =
    LazyLock::new(|| TELLING.split_whitespace().collect());

fn leans(sentence: &str) -> bool {
    let first: String = sentence
        .chars()
        .skip_while(|c| !c.is_alphanumeric())
        .take_while(|c| c.is_alphanumeric() || matches!(c, '\'' | '’'))
        .flat_map(char::to_lowercase)
        .map(|c| if c == '’' { '\'' } else { c })
        .collect();
    let head = first.split('\'').next().unwrap_or_default();
    LEANING_SET.contains(first.as_str())
        || head.len() > 1 && LEANING_SET.contains(head)
        || sentence.starts_with(['"', '«', '“', '('])
}

/// Words by which people say what mattered: what was learned, decided, begun or ended.
const TELLING: &str = "learn learned learnt lesson decided decision decide finding found understood \
    realised realized discovered conclusion proof works worked shipped launched released started \
    finished stopped moved joined hired first finally record longest best promoted \
    married born died appris leçon décidé décision compris \
    découvert constat trouvé conclusion commencé terminé arrêté livré publié embauché premier \
    première enfin record retiens signé";

fn quality(text: &str, order: usize) -> f32 {
    let characters = length(text);
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    if words.len() < 6 || characters > LENGTH_MAX || text.ends_with(':') || text.contains("://") {
        return 0.0;
    }
    let mut quality = match characters {
        0..40 => 0.5,
        40..60 => 0.75,
        60..=220 => 1.0,
        _ => 0.8,
    };
    if text.trim_end_matches(['"', '»', ' ', '\u{a0}']).ends_with('?') {
        quality *= 0.4;
    }
    if text.matches('`').count() >= 6 || !is_balanced(text) {
        quality *= 0.4;
    }
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    if letters * 10 < characters * 6 {
        quality *= 0.4;
    }
    if order == 0 {
        quality *= 1.15;
    }
    if words.iter().any(|word| TELLING_SET.contains(word.as_str())) {
        quality *= 1.25;
    }
    quality
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, expected: &[&str]) {
        assert_eq!(split(text), expected, "{text}");
    }

    #[test]
    fn a_sentence_ends_where_the_next_one_begins() {
        check("One thing. Two things! A third?", &["One thing.", "Two things!", "A third?"]);
        check("We met Mr. Lefebvre at 5.30 a day.", &["We met Mr. Lefebvre at 5.30 a day."]);
        check("Version 3.2 e.g. of this.", &["Version 3.2 e.g. of this."]);
    }

    #[test]
    fn quotations_stay_whole() {
        check(
            "She said: \"No. Never again.\" Then left.",
            &["She said: \"No. Never again.\"", "Then left."],
        );
        check(
            "« Et qui pilote ? » a-t-elle demandé. Personne.",
            &["« Et qui pilote ? » a-t-elle demandé.", "Personne."],
        );
    }

    #[test]
    fn a_sentence_that_leans_comes_with_the_one_before() {
        let found = sentences("We measured the queue for a week. It was the clock that was wrong.");
        assert_eq!(
            found[1].text,
            "We measured the queue for a week. It was the clock that was wrong."
        );
    }

    #[test]
    fn fragments_and_links_are_not_quoted() {
        for text in [
            "Not sure yet.",
            "The three surprises of this long year:",
            "See https://x.y/z for all of it.",
        ] {
            assert!(sentences(text).iter().all(|sentence| sentence.quality <= 0.0), "{text}");
        }
    }

    proptest! {
        #[test]
        fn splitting_keeps_every_word(text in "[A-Za-z.!?\"«»() é]{0,120}") {
            let whole: Vec<&str> = text.split_whitespace().collect();
            let joined = split(&text).join(" ");
            prop_assert_eq!(joined.split_whitespace().collect::<Vec<_>>(), whole);
        }
    }
}
