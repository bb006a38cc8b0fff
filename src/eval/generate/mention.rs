//! What a sentence speaks of, as one would say it in a question: names, and nouns with their article.
//!
//! Only what the words beside it tell for sure is taken: a name inside a sentence, and a word between
//! an article and whatever is no noun or adjective.

use crate::{
    ask::is_colourless,
    index::{Term, TermReader, folded},
    logbook::{Language, month_named, weekday_named},
};

/// The shortest noun that is taken, in characters.
const NOUN_MIN: usize = 4;
/// The shortest name that is taken, in characters.
const NAME_MIN: usize = 3;
/// The most words of a name.
const NAME_WORDS_MAX: usize = 4;
/// Words of the calendar that are no months and no days.
const SEASONS: [&str; 4] = ["automne", "ete", "hiver", "printemps"];
/// The ends of French verbs: after `le` and `les`, such a word is more likely one than a noun.
const VERB_ENDS: [&str; 5] = ["aient", "ait", "er", "ez", "ons"];
/// What may stand inside of a name in small letters.
const PARTICLES: [&str; 4] = ["de", "des", "du", "d"];

/// Something that a sentence speaks of.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Mention {
    /// How one says it: `the trampoline`, `Plovdiv`.
    pub(super) phrase: String,
    /// Whether it is a name.
    pub(super) is_name: bool,
    /// Its terms.
    pub(super) terms: Vec<Term>,
}

impl Mention {
    /// The article of its phrase, and the rest.
    pub(super) fn parted(&self) -> (&str, &str) {
        let space = self.phrase.split_once(' ').filter(|(article, _)| is_article(article));
        let elided = self.phrase.split_once('\'').filter(|(article, _)| *article == "l");
        space.or(elided).unwrap_or(("", &self.phrase))
    }
}

/// What a sentence speaks of, in order, each once.
pub(super) fn mentions(sentence: &str, language: Language, reader: &TermReader) -> Vec<Mention> {
    let words = words(sentence);
    let mut mentions: Vec<Mention> = Vec::new();
    let mut place = 0;
    while place < words.len() {
        let (mention, next) = match name_at(&words, place, language, reader) {
            Some((mention, next)) => (mention, next),
            None => (noun_at(&words, place, language, reader), place + 1),
        };
        if let Some(mention) = mention
            && !mentions.iter().any(|known| known.terms == mention.terms)
        {
            mentions.push(mention);
        }
        place = next;
    }
    mentions
}

/// A word of a sentence.
#[derive(Debug)]
struct Word<'a> {
    text: &'a str,
    folded: String,
    /// Whether only a space, or the apostrophe of an elision, stands before it.
    follows: bool,
    /// Whether it is the first of a sentence or of a quotation, where any word has a capital.
    opens: bool,
    is_code: bool,
}

fn words(sentence: &str) -> Vec<Word<'_>> {
    let mut words: Vec<Word<'_>> = Vec::new();
    let mut end = 0;
    let mut is_code = false;
    let mut characters = sentence.char_indices().peekable();
    while let Some((start, character)) = characters.next() {
        if !character.is_alphanumeric() {
            continue;
        }
        let mut word_end = start + character.len_utf8();
        while let Some((offset, next)) = characters.peek().copied() {
            let joins = next == '-'
                && sentence[offset + 1..].starts_with(|after: char| after.is_alphanumeric());
            if !next.is_alphanumeric() && !joins {
                break;
            }
            word_end = offset + next.len_utf8();
            characters.next();
        }
        let between = &sentence[end..start];
        is_code ^= between.matches('`').count() % 2 == 1;
        let elides = matches!(between, "'" | "’");
        let opens = words.is_empty()
            || between.contains(['.', '!', '?', '…', ':', '"', '“', '«', '(', '—', '–', '*']);
        let text = &sentence[start..word_end];
        let follows = !words.is_empty() && (between == " " || elides);
        words.push(Word { text, folded: folded(text), follows, opens, is_code });
        end = word_end;
    }
    words
}

/// The name that begins at a word, if one does, and the place after it.
///
/// A name that begins a sentence can't be told from any word there: it is passed over whole.
fn name_at(
    words: &[Word<'_>],
    start: usize,
    language: Language,
    reader: &TermReader,
) -> Option<(Option<Mention>, usize)> {
    if !is_capital(&words[start], reader) {
        return None;
    }
    let mut end = start + 1;
    while end < words.len() && words[end].follows {
        let is_particle = PARTICLES.contains(&words[end].text);
        let after = words.get(end + 1).filter(|after| after.follows);
        if is_capital(&words[end], reader) {
            end += 1;
        } else if is_particle && after.is_some_and(|after| is_capital(after, reader)) {
            end += 2;
        } else {
            break;
        }
    }
    let run = &words[start..end];
    let is_sure = !run.iter().any(|word| word.opens || word.is_code)
        && run.len() <= NAME_WORDS_MAX
        && run.iter().any(|word| is_telling(word) && word.text.chars().count() >= NAME_MIN);
    if !is_sure {
        return Some((None, end));
    }
    let name = run.iter().enumerate().map(|(place, word)| match (place, word.text) {
        (0, text) => text.to_owned(),
        (_, text) if run[place - 1].text == "d" => format!("'{text}"),
        (_, text) => format!(" {text}"),
    });
    let name: String = name.collect();
    let article = (start > 0 && words[start].follows)
        .then(|| definite(words[start - 1].folded.as_str(), language))
        .flatten();
    let phrase = match article {
        Some("l") => format!("l'{name}"),
        Some(article) => format!("{article} {name}"),
        None => name.clone(),
    };
    let terms = reader.terms(&name, language);
    Some((Some(Mention { phrase, is_name: true, terms }), end))
}

/// The noun at a place, when an article before it and what follows say that it is one.
fn noun_at(
    words: &[Word<'_>],
    place: usize,
    language: Language,
    reader: &TermReader,
) -> Option<Mention> {
    let word = &words[place];
    let before = place.checked_sub(1).map(|before| &words[before])?;
    let is_plain = word.text.chars().all(|c| c.is_alphabetic() && c.is_lowercase());
    if !word.follows || word.is_code || !is_plain || word.text.chars().count() < NOUN_MIN {
        return None;
    }
    let is_last = words.get(place + 1).is_none_or(|next| {
        !next.follows || reader.terms(next.text, language).is_empty() && !next.is_code
    });
    if !is_last || !is_telling(word) {
        return None;
    }
    let terms = reader.terms(word.text, language);
    let phrase = said(before.folded.as_str(), word, language)?;
    (!terms.is_empty()).then_some(Mention { phrase, is_name: false, terms })
}

fn is_capital(word: &Word<'_>, reader: &TermReader) -> bool {
    word.text.starts_with(char::is_uppercase)
        && word.text.chars().all(|c| c.is_alphabetic() || c == '-')
        && !reader.terms(word.text, Language::English).is_empty()
}

/// Whether a word says something of what it stands in.
fn is_telling(word: &Word<'_>) -> bool {
    !is_colourless(&word.folded)
        && !SEASONS.contains(&word.folded.as_str())
        && !word.folded.ends_with("ieme")
        && month_named(&word.folded).is_none()
        && weekday_named(&word.folded).is_none()
}

/// The article that a name has for good.
fn definite(before: &str, language: Language) -> Option<&'static str> {
    match (language, before) {
        (Language::English, "the") => Some("the"),
        (Language::French, "le" | "du" | "au") => Some("le"),
        (Language::French, "la") => Some("la"),
        (Language::French, "les" | "aux") => Some("les"),
        (Language::French, "l") => Some("l"),
        _ => None,
    }
}

fn is_article(word: &str) -> bool {
    ["the", "my", "our", "le", "la", "les", "mon", "ma", "mes", "notre", "nos"].contains(&word)
}

/// A noun as one says it who knows which is meant: `a trampoline` becomes `the trampoline`.
fn said(before: &str, word: &Word<'_>, language: Language) -> Option<String> {
    let noun = word.text;
    if language == Language::English {
        return match before {
            "the" | "a" | "an" => Some(format!("the {noun}")),
            "my" | "our" => Some(format!("{before} {noun}")),
            _ => None,
        };
    }
    let article = match before {
        "le" | "un" | "du" | "au" | "ce" | "cet" => "le",
        "la" | "une" | "cette" => "la",
        "les" | "des" | "aux" | "ces" => "les",
        "l" => "l",
        "mon" | "ma" | "mes" | "notre" | "nos" => before,
        _ => return None,
    };
    let first = word.folded.chars().next()?;
    let may_be_a_pronoun = ["le", "la", "les", "l"].contains(&before);
    if may_be_a_pronoun && VERB_ENDS.iter().any(|end| word.folded.ends_with(end)) {
        return None;
    }
    let is_new = !["le", "la", "les", "l", "mon", "ma", "mes", "notre", "nos"].contains(&before);
    match (article, first) {
        ("l", _) => Some(format!("l'{noun}")),
        // Whether one says `le` or `l'` before an h is known of each word alone.
        ("le" | "la", 'h') if is_new => None,
        ("le" | "la", 'a' | 'e' | 'i' | 'o' | 'u' | 'y') if is_new => Some(format!("l'{noun}")),
        _ => Some(format!("{article} {noun}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sentence: &str, language: Language, expected: &[&str]) {
        let found = mentions(sentence, language, &TermReader::default());
        let phrases: Vec<&str> = found.iter().map(|mention| mention.phrase.as_str()).collect();
        assert_eq!(phrases, expected, "{sentence}");
    }

    #[test]
    fn names_inside_a_sentence_are_mentions() {
        let check = |sentence, expected: &[&str]| check(sentence, Language::English, expected);
        check("Call with Laiteries Montbrisac on Monday.", &["Laiteries Montbrisac"]);
        check("Fog over the Saône, and I met Mr Lefebvre.", &["the Saône", "Mr Lefebvre"]);
        check("Rafael says no. Tomasz agrees.", &[]);
        check("She met Fournil des Dombes, who signed.", &["Fournil des Dombes"]);
        check("In the spring of Ghent.", &["Ghent"]);
        check("It needs `SET Timeout` first.", &[]);
    }

    #[test]
    fn nouns_come_with_their_article() {
        let english = |sentence, expected: &[&str]| check(sentence, Language::English, expected);
        english("The neighbours have bought a trampoline.", &["the neighbours", "the trampoline"]);
        english("He fixed the old trampoline with my hammer!", &["my hammer"]);
        english("We closed the deal in an hour.", &["the deal"]);
        let french = |sentence, expected: &[&str]| check(sentence, Language::French, expected);
        french("Lou voulait me montrer un escargot.", &["l'escargot"]);
        french("On a noté la température du levain.", &["la température", "le levain"]);
        french("Envie de le convoquer, puis de les voir.", &[]);
        french("Il pose un haricot sur l'étagère.", &["l'étagère"]);
    }
}
