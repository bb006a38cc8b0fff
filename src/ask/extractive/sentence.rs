//! Where sentences end, and how well one stands on its own.

use std::{collections::HashSet, sync::LazyLock};

use super::prose::{Block, blocks};

/// A whole sentence of a passage, or a list item.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sentence {
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
pub(crate) fn sentences(text: &str) -> Vec<Sentence> {
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
                quality *= 0.4;
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

/// Whether a sentence has its final mark; one without it may go on in a block of code.
fn is_finished(text: &str) -> bool {
    let closing = ['"', '»', '”', ')', '`', '*', ' ', '\u{a0}', '\u{202f}'];
    text.trim_end_matches(closing).ends_with(['.', '!', '?', '…'])
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
    instead otherwise however still yet his mine yours hers ours theirs again wrong result cost first second third \
    il elle ils elles on ça ca cela ce cet cette ces c'est donc mais et ou car puis alors aussi ensuite \
    enfin son sa ses leur leurs celui celle ceux lui eux pourtant sinon depuis ensuite deuxième \
    troisième justement voilà résultat";

/// What belongs to somebody named before, after its article: *le mien*.
const OWNED: &str = "mien mienne miens miennes tien tienne tiens tiennes sien sienne siens siennes \
    nôtre nôtres vôtre vôtres leur leurs";

static LEANING_SET: LazyLock<HashSet<&str>> =
    LazyLock::new(|| LEANING.split_whitespace().collect());

static TELLING_SET: LazyLock<HashSet<&str>> =
    LazyLock::new(|| TELLING.split_whitespace().collect());

fn leans(sentence: &str) -> bool {
    let lower = sentence.to_lowercase().replace('’', "'");
    let mut words = lower
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|word| word.chars().any(char::is_alphanumeric));
    let first = words.next().unwrap_or_default();
    let second = words.next().unwrap_or_default();
    let head = first.split('\'').next().unwrap_or_default();
    LEANING_SET.contains(first)
        || head.len() > 1 && LEANING_SET.contains(head)
        || matches!(first, "le" | "la" | "les") && has(OWNED, second)
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
    let words = words(text);
    if words.len() < WORDS_MIN
        || characters > LENGTH_MAX
        || text.ends_with(':')
        || text.contains("://")
    {
        return 0.0;
    }
    let mut quality = match characters {
        _ if words.len() < WORDS_USUAL => 0.2,
        0..40 => 0.5,
        40..60 => 0.75,
        60..=220 => 1.0,
        _ => 0.8,
    };
    if text.trim_end_matches(['"', '»', ' ', '\u{a0}']).ends_with('?') {
        quality *= 0.4;
    }
    if text.matches('`').count() >= 6 || !is_balanced(text) || !is_finished(text) {
        quality *= 0.4;
    }
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    if letters * 10 < characters * 6 {
        quality *= 0.4;
    }
    if order == 0 {
        quality *= 1.15;
    }
    quality
        * match tells(text) {
            Some(true) => 1.25,
            Some(false) => 0.4,
            None if is_labelled(text) => 0.7,
            None => 1.0,
        }
        * if is_adjunct(&words) { 0.5 } else { 1.0 }
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

fn has(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|known| known == word)
}

const DENYING: &str = "not never nothing nobody cannot don doesn didn isn aren wasn weren haven hasn \
    hadn can couldn won wouldn shouldn rien pas jamais aucun aucune guère";
/// So many words before another, a denial denies it.
const DENIED_WITHIN: usize = 3;

/// Whether a sentence says what mattered, or that it did not: `Rien appris`, `never found out`.
fn tells(text: &str) -> Option<bool> {
    let mut told = None;
    for clause in text.split([',', ';', ':', '.', '—', '(']) {
        let words = words(clause);
        // The `can` of `can't` denies, `can` does not.
        let denies = |place: usize| {
            let is_cut = words.get(place + 1).is_some_and(|next| next == "t");
            has(DENYING, &words[place]) && (words[place] != "can" || is_cut)
        };
        for (place, word) in words.iter().enumerate() {
            if !TELLING_SET.contains(word.as_str()) {
                continue;
            }
            let is_denied = (place.saturating_sub(DENIED_WITHIN)..place).any(denies)
                || words.get(place + 1).is_some_and(|next| matches!(&**next, "nothing" | "rien"));
            told = Some(told.unwrap_or_default() || !is_denied);
        }
    }
    told
}

/// Whether a sentence opens with what it is a list of: `Things to remember: …`.
fn is_labelled(text: &str) -> bool {
    text.split_once(": ").is_some_and(|(label, rest)| {
        let is_speech = rest.starts_with(['"', '«', '“']);
        !is_speech && (1..=LABEL_MAX).contains(&words(label).len())
    })
}

/// A label has so many words at the most.
const LABEL_MAX: usize = 4;
/// What has fewer words says nothing by itself.
const WORDS_MIN: usize = 4;
/// A sentence of fewer words is quoted only where there is no better one.
const WORDS_USUAL: usize = 6;

const PREPOSITIONS: &str = "after before from with without in on at for until since during by under \
    over between near along behind across inside outside \
    depuis avec sans dans pour par sur sous avant après pendant chez vers dès";
/// Words that only a clause has: subjects, auxiliaries, and pasts that no ending shows.
const OF_CLAUSES: &str = "i we you he she it they who is are was were be been has have had do does \
    did will would can could should must might am ran went took gave came saw said told got made \
    wrote read found left met kept knew thought felt began ate slept brought bought lost won cost \
    sent built taught spent sold held stood cut set paid put fell grew \
    je j nous vous tu il elle ils elles ça c qui est sont était étaient ont avait avaient ai avons \
    suis sera faut fait peut";

/// Whether a sentence is a mere time, place or amount, without subject and verb.
fn is_adjunct(words: &[String]) -> bool {
    let opens = words.first().is_some_and(|first| {
        first.starts_with(|c: char| c.is_ascii_digit()) || has(PREPOSITIONS, first)
    });
    let is_past = |word: &str| {
        let ends = ["ed", "é", "és"].iter().any(|ending| word.ends_with(ending));
        ends && word.chars().count() > 4 && !word.ends_with("eed")
    };
    opens && !words.iter().any(|word| is_past(word) || has(OF_CLAUSES, word))
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
    fn what_belongs_to_somebody_named_before_leans_on_that() {
        for text in ["Mine was the same.", "Le mien a brûlé.", "La sienne tient encore."] {
            assert!(leans(text), "{text}");
        }
        assert!(!leans("Le pain a brûlé."));
    }

    /// The first is the better one to quote.
    fn check_better(better: &str, worse: &str) {
        let (better, worse) = (quality(better, 1), quality(worse, 1));
        assert!(better > worse, "{better} {worse}");
    }

    #[test]
    fn what_was_not_learned_is_not_quoted_as_learned() {
        let worse = "Rien appris de technique ce mois-ci, et je ne le cherche pas.";
        check_better("Le four du bas chauffe moins que celui du haut, de dix degrés.", worse);
        let worse = "We never found out who had sent all of it at night.";
        check_better("The lower oven is colder than the upper one by ten degrees.", worse);
        assert_eq!(tells("It wasn't cheap, and we decided to stop."), Some(true));
        assert_eq!(tells("I can decide that now, it is decided."), Some(true));
    }

    #[test]
    fn a_sentence_without_subject_and_verb_gives_way() {
        let better = "She came home before the others did.";
        check_better(better, "35 days after her arrival in the new house.");
        check_better(better, "From 1983, with a breakfast factory.");
    }

    #[test]
    fn a_sentence_that_goes_on_in_code_gives_way() {
        let worse = "The delay is set to 300 s, the query runs at five, and an alert on";
        check_better("The delay was set to 300 s, and it runs at five.", worse);
    }

    #[test]
    fn a_list_of_remarks_gives_way_to_a_sentence() {
        let better = "I finished it without pain, and my tendon said nothing.";
        check_better(better, "Things to keep: gel at km 12 was one too many; cut the tag out.");
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
