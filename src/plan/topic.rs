//! What a question is about: its words without those that only ask.

use std::ops::Range;

use super::{
    intent::{Wanted, is_how_to},
    period::token::{Kind, Text},
    types::Intent,
    vocabulary as words,
    words::Words,
};
use crate::logbook::Language;

/// The content words of a question, in their order and spelling.
///
/// `from` is the first word that counts; the words before it lead in a follow-up.
pub(super) fn topic(words: &Words<'_>, wanted: &Wanted, language: Language, from: usize) -> String {
    let mut kept = vec![false; words.text.len()];
    let opening = words.opening();
    let how_to = is_how_to(words, opening);
    for at in from..words.len() {
        let asks = at < opening
            || wanted.words.contains(&at)
            || only_asks(words, at, language)
            || (!how_to && is_asking_verb(words, at))
            || notes_speak(words, at)
            || is_generic(words, at, wanted.intent);
        let is_named = !wanted.words.contains(&at) && is_asked_about(words, at);
        kept[words.token(at)] = !asks || is_named || words.word(at).is_empty();
    }
    let mut parts = Vec::new();
    let mut at = 0;
    while at < words.text.len() {
        let end = run(words, at);
        if let Some(part) = part(words.text, &kept, at..end, from_token(words, from)) {
            parts.push(part);
        }
        at = end;
    }
    parts.join(" ")
}

fn from_token(words: &Words<'_>, from: usize) -> usize {
    if from == 0 { 0 } else { words.token(from).min(words.text.len()) }
}

/// What leads a period.
const LEADS: &[&str] =
    &["in", "on", "during", "for", "from", "since", "en", "au", "pendant", "depuis"];

/// Whether a word is all that is asked about, whatever it is elsewhere: `what did I learn about go`.
fn is_asked_about(words: &Words<'_>, at: usize) -> bool {
    const POINTING: &[&str] = &[
        "it",
        "that",
        "this",
        "them",
        "these",
        "those",
        "him",
        "her",
        "me",
        "you",
        "us",
        "all",
        "everything",
        "anything",
        "ca",
        "cela",
        "lui",
        "eux",
        "elle",
        "elles",
        "tout",
        "moi",
        "nous",
        "quoi",
        "what",
        "whom",
        "who",
        "qui",
    ];
    let about = ["about", "regarding", "concerning", "concernant"];
    // What leads a period may stand behind it.
    let ends = (at + 1..words.len()).all(|after| words.is(after, LEADS));
    at > 0
        && ends
        && words.is(at - 1, &about)
        && !words.is(at, POINTING)
        && !words.is(at, LEADS)
        && !words.is(at, words::GENERIC)
        && !words.is(at, words::SUBJECTS)
}

/// A word of the language's frame, unless its capital makes it a name (`Go`, `Will`).
fn only_asks(words: &Words<'_>, at: usize, language: Language) -> bool {
    let list = match language {
        Language::English => words::ENGLISH,
        Language::French => words::FRENCH,
    };
    let degree =
        words.is(at, &["long", "often", "far"]) && words.is(at.wrapping_sub(1), &["how", "so"]);
    if words.word(at).starts_with('\'') || degree {
        return true;
    }
    if !words.is(at, list) {
        return false;
    }
    let capital = words.raw(at).starts_with(char::is_uppercase) && !words.is(at, &["i"]);
    let shouted = !words.text.source.chars().any(char::is_lowercase);
    let moves = words.is(at, &["go"])
        && words.is(at + 1, &["to"])
        && at + 2 < words.len()
        && !words.is(at + 2, LEADS);
    !(moves || capital && at > 0 && !shouted && language == Language::English)
}

/// Whether a verb only asks what the notes say: `did I learn`, `ai-je noté`.
fn is_asking_verb(words: &Words<'_>, at: usize) -> bool {
    const REACH: usize = 4;
    let before = at.saturating_sub(REACH)..at;
    let helped = before
        .clone()
        .any(|before| words.is(before, words::AUXILIARIES) && !words.is(before, &["a", "'s"]));
    let command = words.is(at, &["give", "tell", "show", "find", "donne", "dis", "montre"])
        && words.is(at + 1, &["me", "us", "moi", "nous"]);
    let subject = at > 0
        && (words.is(at - 1, words::SUBJECTS)
            || words.is(at - 1, &["ever", "also", "just", "first", "last"])
            || words.is(at - 1, words::GENERIC))
        || inverted(words, at);
    let happened =
        words.is(at, &["happened", "happen", "happens"]) && words.is(at.wrapping_sub(1), &["what"]);
    let phrasal = [
        ("up", &["pick", "picked", "turn", "turned", "show", "showed"][..]),
        ("out", &["find", "found", "figure", "figured"]),
        ("across", &["come", "came"]),
    ];
    if phrasal.iter().any(|(particle, verbs)| {
        words.is(at, verbs) && words.is(at + 1, &[particle]) && (helped || subject)
    }) || changes(words, at)
        || is_light(words, at)
    {
        return true;
    }
    let made = words.is(at, &["make", "experience"])
        && !words.is(at + 1, &["note", "notes", "entry", "entries"]);
    let asks = words.is(at, words::ASKING_VERBS) && (helped || subject || happened);
    command || asks && !made && !is_said_to_someone(words, at)
}

/// `how did my running change`: what it did is asked, and the notes say it in other words.
fn changes(words: &Words<'_>, at: usize) -> bool {
    const CHANGE: &[&str] = &["change", "changed", "evolve", "evolved"];
    words.is(0, &["how"]) && at > 2 && words.is(at, CHANGE) && !words.is(at - 1, words::SUBJECTS)
}

/// `which trips did I make`: a verb says little of a thing that is named before it.
fn is_light(words: &Words<'_>, at: usize) -> bool {
    at > 3
        && words.is(0, &["which", "what"])
        && words.is(at, &["make", "take"])
        && words.is(at - 1, words::SUBJECTS)
        && words.is(at - 2, words::AUXILIARIES)
}

/// Whether something was said or written to somebody: `which friend did I talk to the most` asks for
/// what was done, not for what the notes say.
fn is_said_to_someone(words: &Words<'_>, at: usize) -> bool {
    const SAYING: &[&str] = &[
        "talk", "talked", "say", "said", "write", "wrote", "written", "parle", "parlais", "dit",
        "ecrit", "ecrivais",
    ];
    let whom = words.is(0, &["a", "avec"]) && words.is(1, &["qui"]);
    words.is(at, SAYING)
        && (words.is(at + 1, &["to", "with", "a", "avec"]) || whom && !words.is(at + 1, &["de"]))
}

/// `what do my notes say about bees`, `que disent mes notes`: the notes are where the answer stands.
fn notes_speak(words: &Words<'_>, at: usize) -> bool {
    const REACH: usize = 3;
    const NOTES: &[&str] =
        &["notes", "logbook", "journal", "diary", "log", "entries", "carnet", "entrees"];
    const SPEAK: &[&str] = &[
        "say",
        "says",
        "tell",
        "tells",
        "mention",
        "mentions",
        "disent",
        "dit",
        "racontent",
        "raconte",
        "parlent",
        "parle",
        "mentionnent",
        "mentionne",
    ];
    let near =
        |list: &[&str]| (at.saturating_sub(REACH)..=at + REACH).any(|other| words.is(other, list));
    (words.is(at, NOTES) && near(SPEAK)) || (words.is(at, SPEAK) && near(NOTES))
}

/// A French verb with its subject behind it: `que sais-je`.
fn inverted(words: &Words<'_>, at: usize) -> bool {
    let next = words.token(at).saturating_add(1);
    words.text.mark(next, &['-']) && words.is(at + 1, &["je", "tu", "nous", "vous"])
}

/// Whether a thing of no kind stands for the notes themselves.
pub(super) fn is_generic(words: &Words<'_>, at: usize, intent: Intent) -> bool {
    if !words.is(at, words::GENERIC) {
        return false;
    }
    let of_notes = words.is(at + 1, &["about", "on", "sur", "regarding", "de", "concernant"]);
    if words
        .is(at, &["new", "different", "various", "nouveau", "nouvelle", "nouvelles", "nouveaux"])
    {
        return words.is(at + 1, words::GENERIC);
    }
    if words.is(
        at,
        &["kind", "kinds", "type", "types", "sort", "sorts", "sorte", "sortes", "genre", "genres"],
    ) {
        let of_french = words.is(at + 1, &["de", "d'"]);
        return of_french || words.is(at + 1, &["of"]) && !words.is(at, &["genre", "genres"]);
    }
    intent.enumerates() || of_notes || intent == Intent::When
}

/// The end of the tokens that stand without white space, outside phrases about time.
fn run(words: &Words<'_>, start: usize) -> usize {
    let text = words.text;
    (start + 1..text.len())
        .find(|&at| {
            !text.tokens[at].glued
                || words.is_timed(at) != words.is_timed(start)
                || text.tokens[at].quoted != text.tokens[start].quoted
                || !text.tokens[at].quoted
                    && text.tokens[at - 1].raw.ends_with(['\'', '’'])
                    && text.tokens[at - 1].kind == Kind::Word
        })
        .unwrap_or(text.len())
}

/// What is kept of one run: all of a compound of which a word is kept, without its edges.
fn part<'t>(text: &Text<'t>, kept: &[bool], run: Range<usize>, from: usize) -> Option<&'t str> {
    const CLITICS: &[&str] = &[
        "je", "tu", "il", "elle", "on", "nous", "vous", "ils", "elles", "ce", "t", "moi", "ci",
        "la", "le", "les", "lui", "y", "en", "toi",
    ];
    let run = run.start.max(from)..run.end;
    let first = run.clone().find(|&at| kept[at])?;
    let mut last = run.clone().rfind(|&at| kept[at])?;
    let is_word = |at: usize| text.tokens[at].kind != Kind::Mark;
    let hyphen = |at: usize| text.tokens[at].raw == "-";
    let quoted = text.tokens[first].quoted;
    // `mother-in-law` is one word, `ai-je` and `réussi-t-il` are none.
    let mut start = first;
    while start >= run.start + 2 && hyphen(start - 1) && is_word(start - 2) && !quoted {
        start -= 2;
    }
    while last + 2 < run.end
        && hyphen(last + 1)
        && is_word(last + 2)
        && !CLITICS.contains(&&*text.tokens[last + 2].folded)
    {
        last += 2;
    }
    while last > first + 1
        && hyphen(last - 1)
        && CLITICS.contains(&&*text.tokens[last].folded)
        && !quoted
    {
        last -= 2;
    }
    let sign = |at: usize| matches!(text.tokens[at].raw, "#" | "." | "@" | "$" | "~" | "/" | "_");
    while start > run.start && sign(start - 1) && text.tokens[start].glued {
        start -= 1;
    }
    while last + 1 < run.end && matches!(text.tokens[last + 1].raw, "+" | "#" | "%" | "*") {
        last += 1;
    }
    let bytes = text.tokens[start].bytes.start..text.tokens[last].bytes.end;
    text.source.get(bytes)
}
