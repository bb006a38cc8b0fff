//! What comes every week: `every Monday`, `on Saturdays and Sundays`, `le lundi`, `les week-ends`.

use std::ops::Range;

use super::{
    atom::atom,
    compound::except,
    named::closes,
    shape::Today,
    token::{Kind, Text},
    vocabulary as words,
};
use crate::logbook::{Weekdays, weekday_named};

/// Weekdays that recur, as they were read.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(in crate::plan) struct Weekly {
    /// The weekdays that are named.
    pub(in crate::plan) weekdays: Weekdays,
    /// Whether they are left out: `except on Mondays`.
    pub(in crate::plan) excluded: bool,
    /// The bytes that name them.
    pub(in crate::plan) bytes: Range<usize>,
}

/// How the name of a weekday stands that recurs.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Form {
    /// One of them: `every Monday`, `le lundi`.
    One,
    /// All of them: `on Mondays`, `les lundis`.
    All,
}

/// So many weekdays may stand in a list.
const LISTED_MAX: usize = 7;

/// Words that make one name stand for each of its days.
const EVERY: &[&str] = &["every", "each", "every single", "chaque"];
/// Words behind which the plural means all of its days.
const ALL: &[&str] = &[
    "on", "at", "over", "during", "only on", "all", "all my", "on my", "my", "our", "tous les",
    "les", "mes", "nos", "tous mes",
];

/// The part of each such day: `on Friday evenings`.
const DAYTIMES_ALL: &[&str] = &["mornings", "afternoons", "evenings", "nights", "matins", "soirs"];

/// The weekdays that recur from a place on, and the tokens that say so.
pub(super) fn weekly(text: &Text, at: usize, today: Today) -> Option<(Weekly, Range<usize>)> {
    let left_out = except(text, at);
    let (form, name) = lead(text, left_out.unwrap_or(at));
    let (mut weekdays, mut end) = named(text, name, form, today)?;
    for _ in 0..LISTED_MAX {
        let Some((more, behind)) = another(text, end, form, today) else { break };
        weekdays = weekdays.and(more);
        end = behind;
    }
    let is_led = left_out.is_some() || name > at && !text.is(at, &["le"]);
    let is_read = is_free(text, end, today) && (is_led || stands_alone(text, at));
    let (tokens, excluded) = (at..end, left_out.is_some());
    let bytes = text.bytes(&tokens);
    is_read.then_some((Weekly { weekdays, excluded, bytes }, tokens))
}

/// How the weekday that begins at a place recurs, and where its name stands.
fn lead(text: &Text, at: usize) -> (Form, usize) {
    if let Some(name) = text.any_phrase(at, EVERY) {
        return (Form::One, name);
    }
    match text.any_phrase(at, ALL) {
        Some(name) => (Form::All, name),
        None if text.is(at, &["le"]) => (Form::One, at + 1),
        None => (Form::All, at),
    }
}

/// The weekdays of a name; one that is part of a date or of another period is none.
fn named(text: &Text, at: usize, form: Form, today: Today) -> Option<(Weekdays, usize)> {
    let (weekdays, is_plural, end) = name(text, at)?;
    let fits = match form {
        Form::One => !is_plural,
        Form::All => is_plural || text.is(end, DAYTIMES_ALL),
    };
    let is_longer = atom(text, at, today).is_some_and(|atom| atom.end > end);
    (fits && !is_longer).then_some((weekdays, end))
}

/// A weekday, or several by one name, and whether the name is that of many.
fn name(text: &Text, at: usize) -> Option<(Weekdays, bool, usize)> {
    const GROUPS: [(Weekdays, bool, &[&str]); 4] = [
        (Weekdays::WEEKEND, false, &["weekend", "week - end"]),
        (Weekdays::WEEKEND, true, &["weekends", "week - ends"]),
        (Weekdays::WORKING, false, &["weekday", "workday", "working day", "jour ouvre"]),
        (
            Weekdays::WORKING,
            true,
            &[
                "weekdays",
                "workdays",
                "working days",
                "jours ouvres",
                "jours de semaine",
                "en semaine",
            ],
        ),
    ];
    let group = GROUPS.into_iter().find_map(|(weekdays, is_plural, phrases)| {
        Some((weekdays, is_plural, text.any_phrase(at, phrases)?))
    });
    group.or_else(|| {
        // Whole names alone: `sun`, `mar` and `sam` are other words as well.
        const LETTERS_MIN: usize = 5;
        let word = text.word(at);
        let whole = |word: &str| weekday_named(word).filter(|_| word.len() >= LETTERS_MIN);
        let single = whole(word).map(|weekday| (weekday, false));
        let many = || word.strip_suffix('s').and_then(whole).map(|weekday| (weekday, true));
        let (weekday, is_plural) = single.or_else(many)?;
        Some((weekday.into(), is_plural, at + 1))
    })
}

/// The next weekday of a list: `, Wednesdays and on Fridays`, `et le jeudi`.
fn another(text: &Text, at: usize, form: Form, today: Today) -> Option<(Weekdays, usize)> {
    let comma = text.mark(at, &[',', '&']);
    let and = text.any_phrase(at + usize::from(comma), &["and", "or", "et", "ou"]);
    let next = and.or(comma.then_some(at + 1))?;
    let led = text.any_phrase(next, EVERY).or_else(|| text.any_phrase(next, ALL));
    named(text, led.unwrap_or_else(|| text.skip(next, &["le"])), form, today)
}

/// Whether nothing behind the names makes them part of something else: `every Monday meeting`,
/// `le lundi de la réunion`, `Fridays for Future`.
fn is_free(text: &Text, end: usize, today: Today) -> bool {
    const DAYTIMES: &[&str] =
        &["morning", "afternoon", "evening", "night", "matin", "midi", "soir", "nuit"];
    if text.is(end, DAYTIMES) || text.is(end, DAYTIMES_ALL) {
        return true;
    }
    let is_bound = text.is(end, &["of", "de", "du", "d'"])
        && atom(text, text.skip(end + 1, words::ARTICLES), today).is_none();
    let is_told = text.is(end, &["que", "qu'", "qui", "is", "are", "was", "were", "est", "etait"]);
    let is_name = text.is(end, &["for"]) && text.capital(end + 1);
    let is_period = atom(text, end, today).is_some();
    (closes(text, end) || is_period) && !is_bound && !is_told && !is_name
}

/// Whether the name may be meant without a word such as `every` or `on` before it: at the head of a
/// text or of a list, and after a French article; not in `I hate Mondays` or `avant le lundi`.
fn stands_alone(text: &Text, at: usize) -> bool {
    const HEADS: &[&str] = &[
        "and",
        "et",
        "of",
        "de",
        "des",
        "from",
        "for",
        "the",
        "or",
        "ou",
        "only",
        "seulement",
        "mais",
        "compare",
        "comparer",
    ];
    const BOUND: &[&str] =
        &["avant", "apres", "depuis", "jusqu'", "sur", "pour", "entre", "a", "que", "c'", "est"];
    let Some(before) = at.checked_sub(1) else { return true };
    if text.is(at, &["le"]) {
        return !text.is(before, BOUND);
    }
    let is_account = text.is(before, words::ACCOUNTS);
    text.tokens[before].kind == Kind::Mark || is_account || text.is(before, HEADS)
}
