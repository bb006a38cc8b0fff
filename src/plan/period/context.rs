//! Whether a date among its neighbours is a period, or part of what is asked about.

use super::{
    atom::Atom,
    compound::except,
    named::closes,
    shape::{Named, Shape, Today},
    spans::Season,
    token::{Kind, Text},
    vocabulary as words,
};
use crate::logbook::weekday_named;

/// What a date is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Verdict {
    /// A period.
    Period,
    /// Part of what is asked about, without doubt.
    Topic,
    /// More likely part of what is asked about; the user is told.
    Doubtful,
}

/// What the date at the head of a phrase is.
pub(super) fn verdict(text: &Text, start: usize, atom: &Atom, today: Today) -> Verdict {
    let shape = atom.shape;
    match shape.named {
        _ if atom.sure => Verdict::Period,
        _ if shape.part.is_some() && shape.named == Named::Year => Verdict::Period,
        Named::Year => match year(text, start, atom.end) {
            Verdict::Period if is_far(shape, today) && is_named(text, start) => Verdict::Doubtful,
            verdict => verdict,
        },
        Named::Month(_) => month(text, start, atom.end),
        Named::Season(season) => self::season(text, start, atom.end, season),
        Named::Feast(_) => feast(text, start, atom.end),
        Named::Fixed(..) => weekday(text, start, atom.end),
        _ => after_preposition(text, start, &["on", "this", "last", "of", "the"]),
    }
}

/// Whether a year lies so far ahead that nobody has notes or plans of it: `Cyberpunk 2077`.
fn is_far(shape: Shape, today: Today) -> bool {
    const YEARS_AHEAD: i16 = 20;
    shape.year.is_some_and(|year| year > today.date.year().saturating_add(YEARS_AHEAD))
}

/// Whether the word before a year is none of time, and so may be its name.
fn is_named(text: &Text, start: usize) -> bool {
    let before = text.word_before(start);
    !before.is_empty() && !led_by_time(before) && !words::PREPOSITIONS.contains(&before)
}

/// A year is a period after a preposition of time, and where nothing claims it as a name.
fn year(text: &Text, start: usize, end: usize) -> Verdict {
    let before = text.word_before(start);
    let earlier = start.checked_sub(2).map_or("", |earlier| text.word(earlier));
    if is_measured(text, end) || is_labelled(text, start) {
        return Verdict::Topic;
    }
    if words::TIME_PREPOSITIONS.contains(&before) || text.is(end, &["'s"]) {
        return Verdict::Period;
    }
    let marked = start
        .checked_sub(1)
        .is_none_or(|before| text.tokens[before].kind == Kind::Mark && !text.tokens[before].quoted);
    if start == 0 && (is_title(text, end) || !heads(text, end)) {
        return Verdict::Doubtful;
    }
    match before {
        "about" | "on" | "sur" | "regarding" | "concernant" | "called" | "named" => {
            if ["what", "how", "and", "et"].contains(&earlier) && before != "on" && start <= 3 {
                Verdict::Period
            } else {
                Verdict::Doubtful
            }
        }
        "of" | "de" | "d'" | "from" => {
            if words::EVENTS.contains(&earlier) {
                Verdict::Doubtful
            } else {
                Verdict::Period
            }
        }
        "for" | "pour" => {
            let account = words::ACCOUNTS.contains(&earlier) || start <= 2;
            if account { Verdict::Period } else { Verdict::Doubtful }
        }
        _ if words::DETERMINERS.contains(&before) && !closes(text, end) => Verdict::Doubtful,
        _ if words::EVENTS.contains(&before) => Verdict::Doubtful,
        _ if marked => Verdict::Period,
        _ if is_name(text, start - 1) => Verdict::Doubtful,
        _ if closes(text, end) || text.is(end, words::ACCOUNTS) => Verdict::Period,
        _ => Verdict::Doubtful,
    }
}

/// Whether a year at the head of a text stands for itself: `2022 recap`, not `2021 Main Street`.
fn heads(text: &Text, end: usize) -> bool {
    let notes = text.is(end, words::ACCOUNTS) || text.is(end, EACH);
    closes(text, end)
        || notes
        || text.number(end).is_some()
        || except(text, end).is_some()
        || text.tokens.get(end).is_some_and(|next| next.kind == Kind::Mark)
}

/// `2022 month by month`.
const EACH: &[&str] = &["year", "month", "week", "quarter", "mois", "annee", "par", "semaine"];

/// Whether what follows a year and a colon is the rest of a title: `2001: A Space Odyssey`.
fn is_title(text: &Text, end: usize) -> bool {
    text.mark(end, &[':'])
        && text.capital(end + 1)
        && text.capital(text.len() - 1)
        && end + 2 < text.len()
}

/// Whether a number is a measure: `2000 words`, `1920 by 1080`.
fn is_measured(text: &Text, end: usize) -> bool {
    let times = text.is(end, &["by", "x"]) || text.mark(end, &['×']);
    text.is(end, words::MEASURES) || (times && text.number(end + 1).is_some())
}

/// Whether a number is the label of what stands before it: `room 2020`, `n° 2020`, `C++ 2017`.
fn is_labelled(text: &Text, start: usize) -> bool {
    let Some(before) = start.checked_sub(1) else { return false };
    let sign = text.mark(before, &['°', 'º', '№', '#', '+', '*', '@', '_']);
    // The dot of an abbreviation: `no. 2020`.
    let word = if text.glued(before) && text.mark(before, &['.']) {
        text.word_before(before)
    } else {
        text.word(before)
    };
    sign || words::LABELS.contains(&word) || is_acronym(text, before)
}

/// A word in capitals among others that are not: `HTTP 2020`.
fn is_acronym(text: &Text, at: usize) -> bool {
    let shouted = |raw: &str| raw.len() > 1 && raw.chars().all(char::is_uppercase);
    let Some(token) = text.get(at) else { return false };
    let all = text.tokens.iter().filter(|token| token.kind == Kind::Word);
    shouted(token.raw)
        && !words::ACCOUNTS.contains(&&*token.folded)
        && !words::TIME_PREPOSITIONS.contains(&&*token.folded)
        && (text.tokens.len() <= 2 || !all.clone().all(|token| shouted(token.raw)))
}

/// Whether a word is a proper name, as far as its capital says.
fn is_name(text: &Text, at: usize) -> bool {
    at > 0
        && text.capital(at)
        && !text.is(at, &["i"])
        && !words::ACCOUNTS.contains(&text.word(at))
        && !text.mark(at - 1, &['.', '?', '!', ':'])
}

/// A month alone needs a preposition of time, the more so when it is another word as well.
fn month(text: &Text, start: usize, end: usize) -> Verdict {
    let word = text.word(start);
    let before = text.word_before(start);
    let french = ["mars", "avril", "mai"].contains(&word);
    if text.is(end, words::MEASURES)
        || is_modal(text, start) && !led_by_time(before)
        || is_subject(text, start, end)
    {
        return Verdict::Topic;
    }
    if word == "mar" || (word.len() <= 4 && !words::is_whole_month(word) && !text.capital(start)) {
        return Verdict::Topic;
    }
    let led = led_by_time(before)
        || (["early", "mid", "late", "this"].contains(&before))
        || (matches!(before, "of" | "from" | "de" | "d'") && is_plain(text, start))
        || (matches!(before, "of" | "de" | "d'") && french && !text.capital(start))
        || (matches!(before, "to" | "with" | "avec" | "a") && compares(text, start));
    if led && !(french && before == "in") {
        return Verdict::Period;
    }
    let first = start == 0 || text.mark(start - 1, &[',', ':', ';', '-', '–']);
    let about = ["about", "and", "et", "or", "only"].contains(&before) && start <= 2;
    let listed = text.is(end, &["and", "or", "et", "ou"]) && words::month(text, end + 1).is_some();
    let over =
        listed || end >= text.len() || text.get(end).is_some_and(|after| after.kind == Kind::Mark);
    let alone = (first || about) && over;
    let ends =
        is_plain(text, start) && (end >= text.len() || text.mark(end, &['?', '.', '!', ',']));
    if alone || (ends && !is_about(before)) { Verdict::Period } else { Verdict::Topic }
}

/// Whether a period is set beside another: `compared to February`.
fn compares(text: &Text, start: usize) -> bool {
    let verbs = ["compare", "compared", "comparing", "comparison", "comparer", "comparaison"];
    start.checked_sub(2).is_some_and(|verb| text.is(verb, &verbs))
}

/// Whether a name at the head is what something is said of: `Noël est mon oncle`.
fn is_subject(text: &Text, start: usize, end: usize) -> bool {
    start == 0
        && text.is(end, &["is", "was", "has", "had", "said", "est", "etait", "a", "m'", "s'"])
}

fn is_about(word: &str) -> bool {
    ["about", "on", "sur", "with", "avec", "to", "a", "for", "pour"].contains(&word)
        || words::DETERMINERS.contains(&word)
}

fn is_plain(text: &Text, at: usize) -> bool {
    !words::is_month_in_doubt(text.word(at))
}

fn led_by_time(before: &str) -> bool {
    words::TIME_PREPOSITIONS.contains(&before)
        || ["before", "after", "avant", "apres", "by"].contains(&before)
}

/// Whether a word is more likely a verb than a month: `may` and `march` without a capital.
pub(super) fn is_modal(text: &Text, at: usize) -> bool {
    text.is(at, &["may", "march", "mar", "second", "sept", "sep", "dec"]) && !text.capital(at)
}

/// A season alone: `in spring`, `this summer`, `en été`, `l'hiver`.
fn season(text: &Text, start: usize, end: usize, season: Season) -> Verdict {
    let word = text.word(start);
    let at = if text.is(start.wrapping_sub(1), words::ARTICLES) { start - 1 } else { start };
    let before = text.word_before(at);
    let name = text.capital(start) && text.capital(end) && !text.is(end, &["i"]);
    if name || (season == Season::Autumn && word == "fall" && text.is(end, &["of"])) {
        return Verdict::Topic;
    }
    let led = [
        "in",
        "during",
        "since",
        "over",
        "throughout",
        "until",
        "before",
        "after",
        "en",
        "pendant",
        "durant",
        "depuis",
        "au",
        "avant",
        "apres",
        "cet",
        "ce",
        "this",
    ]
    .contains(&before);
    let article = at < start && text.is(at, &["l'"]) && closes(text, end) && word == "ete";
    let about = ["about", "and", "et"].contains(&before) && at <= 2 && closes(text, end);
    if led || article || about || (at == 0 && end >= text.len()) {
        Verdict::Period
    } else {
        Verdict::Topic
    }
}

/// A feast alone: `at Christmas`, `à Noël`; `Christmas tree` is a thing.
fn feast(text: &Text, start: usize, end: usize) -> Verdict {
    let at = if text.is(start.wrapping_sub(1), words::ARTICLES) { start - 1 } else { start };
    let before = text.word_before(at);
    let led = [
        "at", "on", "over", "during", "since", "before", "after", "around", "until", "a", "au",
        "avant", "apres", "depuis", "pendant", "de", "du", "le",
    ]
    .contains(&before)
        || at < start;
    let start_of_question = ["and", "et", "about"].contains(&before) && at <= 2;
    // `le sapin de Noël` is a thing, `mes notes de Noël` are of a day.
    let of_thing = ["de", "du", "d'", "of"].contains(&before)
        && at.checked_sub(2).is_some_and(|thing| !words::ACCOUNTS.contains(&text.word(thing)));
    if of_thing || is_subject(text, start, end) {
        return Verdict::Topic;
    }
    if (led || start_of_question || start == 0) && closes(text, end) {
        Verdict::Period
    } else {
        Verdict::Topic
    }
}

/// A weekday alone: `on Monday`, `lundi` at the end; `the Monday meeting` is a thing.
fn weekday(text: &Text, start: usize, end: usize) -> Verdict {
    let before = text.word_before(start);
    if weekday_named(text.word(start)).is_none() {
        return Verdict::Period;
    }
    // `Ruby Tuesday`, alone.
    let is_title = start == 1
        && end == text.len()
        && text.capital(0)
        && text.capital(1)
        && !closes(text, 0)
        && !words::ACCOUNTS.contains(&before);
    let name = is_title
        || ["every", "each", "chaque"].contains(&before)
        || start > 0 && is_name(text, start - 1) && before != "on"
        || ["black", "good", "ash", "shrove", "cyber"].contains(&before)
        || ["'s", "is", "was", "est", "etait"].contains(&before);
    if name || words::DETERMINERS.contains(&before) || is_about(before) && before != "on" {
        return Verdict::Topic;
    }
    let led = ["on", "since", "until", "before", "after", "by", "depuis", "avant", "apres", "ce"]
        .contains(&before);
    if led || closes(text, end) { Verdict::Period } else { Verdict::Topic }
}

fn after_preposition(text: &Text, start: usize, more: &[&str]) -> Verdict {
    let at = if text.is(start.wrapping_sub(1), words::ARTICLES) { start - 1 } else { start };
    let before = text.word_before(at);
    let led = words::PREPOSITIONS.contains(&before) || more.contains(&before) || at == 0;
    if led && !is_name(text, at.wrapping_sub(1)) { Verdict::Period } else { Verdict::Topic }
}

/// What a loose date behind `since`, `before`, `until` is.
pub(super) fn open_verdict(text: &Text, cue: usize, start: usize, atom: &Atom) -> Verdict {
    if text.is(cue, &["by"]) || text.is(atom.end, words::MEASURES) || is_modal(text, start) {
        return Verdict::Topic;
    }
    let determined = text.is(start.wrapping_sub(1), words::ARTICLES) && !closes(text, atom.end);
    if determined || text.is(atom.end, words::EVENTS) {
        return Verdict::Doubtful;
    }
    match atom.shape.named {
        Named::Month(_) if text.is(start, &["may", "march", "mar"]) && !text.capital(start) => {
            Verdict::Topic
        }
        Named::Season(_)
            if text.is(start, &["ete"]) && !text.is(start.wrapping_sub(1), &["l'", "cet"]) =>
        {
            Verdict::Topic
        }
        Named::Year if !closes(text, atom.end) && text.is(cue, &["through"]) => Verdict::Doubtful,
        _ => Verdict::Period,
    }
}

/// What a range is: `between 2000 and 2010 words` counts words.
pub(super) fn range_verdict(text: &Text, first: usize, second: &Atom) -> Verdict {
    let counted = text.is(second.end, words::MEASURES);
    let label =
        first.checked_sub(2).is_some_and(|before| words::LABELS.contains(&text.word(before)));
    if counted || label { Verdict::Topic } else { Verdict::Period }
}

/// Whether a loose date behind `and` goes on with the list before it.
pub(super) fn continues(text: &Text, at: usize, atom: &Atom) -> bool {
    match atom.shape.named {
        Named::Year => !text.is(atom.end, words::MEASURES),
        Named::Month(_) => !is_modal(text, at),
        Named::Season(_) => !text.is(at, &["ete", "fall"]) || closes(text, atom.end),
        _ => closes(text, atom.end),
    }
}

/// What a list is whose first date alone would be in doubt.
pub(super) fn verdict_of_series(text: &Text, start: usize) -> Verdict {
    let determined = words::DETERMINERS.contains(&text.word_before(start));
    if determined || is_name(text, start.wrapping_sub(1)) {
        Verdict::Doubtful
    } else {
        Verdict::Period
    }
}

/// Whether the date ending here is counted or labelled.
pub(super) fn is_label(text: &Text, end: usize) -> bool {
    text.is(end, words::MEASURES)
}
