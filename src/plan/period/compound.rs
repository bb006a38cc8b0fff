//! Phrases of several periods: ranges, lists, open ends and what is left out.

use std::ops::Range;

use jiff::ToSpan as _;

use super::{
    atom::{Atom, atom},
    context::{self, Verdict},
    days::days,
    glue,
    lapse::{Lapse, lapse},
    named,
    series::series,
    shape::{Named, Shape, Today},
    token::{Kind, Text},
    vocabulary as words,
};
use crate::logbook::{Precision, Span, weekday_named};

/// A phrase about time.
#[derive(Clone, Debug)]
pub(super) struct Phrase {
    /// What it says, each with its tokens.
    pub(super) items: Vec<(Item, Range<usize>)>,
    /// All its tokens, the words that bind it included.
    pub(super) tokens: Range<usize>,
    /// Whether it is left out of the rest.
    pub(super) excluded: bool,
    /// Whether it is a period.
    pub(super) verdict: Verdict,
    /// Whether the words give only a rough period.
    pub(super) vague: bool,
    /// Whether day and month could stand the other way round.
    pub(super) day_first: bool,
}

/// One period of a phrase.
#[derive(Clone, Copy, Debug)]
pub(super) enum Item {
    /// It alone.
    One(Shape),
    /// From the first to the last, both included.
    Through(Shape, Shape),
    /// From its first day on.
    Since(Shape),
    /// From the day after it on.
    After(Shape),
    /// Up to its first day, without it.
    Before(Shape),
    /// Up to its last day.
    Until(Shape),
}

const BETWEEN: &[&str] = &["between", "entre"];
const FROM: &[&str] = &["from", "de", "du", "d'"];
const TO: &[&str] = &["to", "until", "till", "through", "thru", "til", "a", "au", "aux", "jusqu'"];
const COMPARING: &[&str] = &[
    "difference",
    "differences",
    "compare",
    "comparison",
    "comparer",
    "compares",
    "comparaison",
    "choose",
];

/// The phrase that begins at a place.
pub(super) fn phrase(text: &Text, at: usize, today: Today) -> Option<Phrase> {
    let first = text.get(at)?;
    // Of all marks, only these begin a period: `'21`, `..2020`.
    if first.kind == Kind::Mark && !matches!(first.raw, "." | "…" | "'" | "’") {
        return None;
    }
    excluded(text, at, today)
        .or_else(|| between(text, at, today))
        .or_else(|| open(text, at, today))
        .or_else(|| days(text, at, today))
        .or_else(|| series(text, at, today))
        .filter(|phrase| glue::stands_free(text, &phrase.tokens))
}

/// The place behind words that leave something out.
pub(super) fn except(text: &Text, at: usize) -> Option<usize> {
    const EXCEPT: &[&str] = &[
        "except",
        "except for",
        "excepting",
        "excluding",
        "apart from",
        "aside from",
        "other than",
        "but not",
        "without",
        "not counting",
        "leaving out",
        "minus",
        "outside",
        "outside of",
        "save for",
        "barring",
        "sauf",
        "hormis",
        "excepte",
        "a part",
        "en dehors de",
        "en dehors d'",
        "en dehors du",
        "mais pas",
        "hors",
        "sans",
        "sans compter",
        "a l' exception de",
        "a l' exception d'",
        "a l' exception du",
    ];
    text.any_phrase(at, EXCEPT).or_else(|| denied(text, at))
}

/// `except August`, `sauf en août`.
fn excluded(text: &Text, at: usize, today: Today) -> Option<Phrase> {
    let cue = except(text, at)?;
    let inner = lead(text, cue);
    let phrase = between(text, inner, today)
        .or_else(|| open(text, inner, today))
        .or_else(|| days(text, inner, today))
        .or_else(|| series(text, inner, today))?;
    let verdict = if context::is_modal(text, inner) { Verdict::Topic } else { Verdict::Period };
    Some(Phrase { tokens: at..phrase.tokens.end, excluded: true, verdict, ..phrase })
}

/// `not in 2021`, `pas en août`, `everything but 2020`: the word alone denies only a period at once.
fn denied(text: &Text, at: usize) -> Option<usize> {
    const ALL: &[&str] = &[
        "everything",
        "all",
        "anything",
        "always",
        "years",
        "months",
        "days",
        "weeks",
        "year",
        "month",
        "day",
        "week",
        "anytime",
    ];
    let not =
        text.is(at, &["not", "pas"]) && !text.is(at + 1, &["before", "after", "avant", "apres"]);
    let but = text.is(at, &["but"]) && text.is(at.wrapping_sub(1), ALL);
    (not || but).then_some(at + 1)
}

/// `between March and May 2021`, `from 2020 to 2022`, `du 3 au 9 mai 2021`.
fn between(text: &Text, at: usize, today: Today) -> Option<Phrase> {
    let pair = text.is(at, BETWEEN);
    if !pair && !text.is(at, FROM) {
        return None;
    }
    let first_at = lead(text, at + 1);
    let first = endpoint(text, first_at, today)?;
    let joined = if pair {
        text.is(first.end, &["and", "et", "to"]) || text.mark(first.end, &['&', '-', '–'])
    } else {
        text.is(first.end, TO) || text.mark(first.end, &['-', '–'])
    };
    if !joined {
        return None;
    }
    let second_at = lead(text, first.end + 1);
    let second = now(text, second_at, today).or_else(|| endpoint(text, second_at, today))?;
    let second = after_first(text, &first, second_at, second, today);
    let compared = text.word_before(at);
    let tokens = at..second.end;
    let bare = |atom: &Atom| matches!(atom.shape.named, Named::Day { month: None, .. });
    if bare(&first) && bare(&second) {
        return None;
    }
    let items = if pair && (COMPARING.contains(&compared) || text.is(at.wrapping_sub(2), COMPARING))
    {
        let (a, b) = neighbours(first.shape, second.shape);
        vec![(Item::One(a), first_at..first.end), (Item::One(b), second_at..second.end)]
    } else {
        vec![(Item::Through(first.shape, second.shape), tokens.clone())]
    };
    let verdict = context::range_verdict(text, first_at, &second);
    Some(Phrase {
        items,
        vague: first.vague || second.vague,
        day_first: first.day_first,
        ..simple(tokens, verdict)
    })
}

/// One end of a range: any period, or the bare number of a day.
fn endpoint(text: &Text, at: usize, today: Today) -> Option<Atom> {
    atom(text, at, today).or_else(|| {
        let (day, end) = named::day(text, at)?;
        Some(Atom::loose(Shape::new(Named::Day { month: None, day }), end))
    })
}

/// `until now`, `to the present`, `à ce jour`: today as the end of a range.
pub(super) fn now(text: &Text, at: usize, today: Today) -> Option<Atom> {
    const NOW: &[&str] =
        &["now", "present", "the present", "this day", "date", "maintenant", "ce jour"];
    let end = text.any_phrase(at, NOW)?;
    Some(Atom::sure(Shape::fixed(Span::day(today.date)?, Precision::Day), end))
}

/// The weekday that ends a range is the first one after its start: `from Monday to Wednesday`.
pub(super) fn after_first(
    text: &Text,
    first: &Atom,
    second_at: usize,
    second: Atom,
    today: Today,
) -> Atom {
    let bare = second.end == second_at + 1;
    let Some(weekday) = weekday_named(text.word(second_at)).filter(|_| bare) else { return second };
    let day = first.shape.resolve(today).and_then(|(span, _)| {
        let days = i64::from(weekday.since(span.start().weekday()));
        Span::day(span.start().checked_add(days.days()).ok()?)
    });
    day.map_or(second, |day| Atom { shape: Shape::fixed(day, Precision::Day), ..second })
}

/// `since 2021`, `before March 2022`, `jusqu'en mai`, `depuis deux semaines`.
fn open(text: &Text, at: usize, today: Today) -> Option<Phrase> {
    type Make = fn(Shape) -> Item;
    const CUES: [(Make, &[&str]); 4] = [
        (
            Item::Since,
            &[
                "since",
                "no earlier than",
                "not earlier than",
                "not before",
                "pas avant",
                "ever since",
                "starting",
                "starting in",
                "beginning in",
                "depuis",
                "des",
                "a partir de",
                "a partir du",
                "a partir d'",
                "a compter de",
            ],
        ),
        (Item::After, &["after", "later than", "post -", "apres"]),
        (Item::Before, &["before", "prior to", "earlier than", "pre -", "avant"]),
        (
            Item::Until,
            &[
                "until",
                "till",
                "til",
                "up to",
                "up until",
                "as of",
                "through",
                "by",
                "no later than",
                "not later than",
                "not after",
                "jusqu'",
                "jusque",
                "d' ici",
                "d' ici a",
                "pas apres",
            ],
        ),
    ];
    let (make, cue) = CUES
        .into_iter()
        .filter_map(|(make, phrases)| Some((make, text.any_phrase(at, phrases)?)))
        .max_by_key(|(_, end)| *end)?;
    // `dès 2021`, but not `des 2021 pages`.
    if text.is(at, &["des"]) && text.get(at)?.raw.is_ascii() {
        return None;
    }
    let start = lead(text, cue);
    // `all through 2021`.
    if text.is(at, &["through"]) && text.is(at.wrapping_sub(1), &["all", "right"]) {
        return None;
    }
    // `what have I been up to in 2021`.
    let busy = text.is(at, &["up"])
        && text.is(
            at.wrapping_sub(1),
            &["be", "been", "i", "we", "you", "he", "she", "they", "get", "got", "gotten"],
        );
    if busy {
        return None;
    }
    if text.is(at, &["since", "depuis"])
        && let Some((span, end)) = duration(text, start, today)
    {
        return Some(Phrase {
            items: vec![(Item::Since(span), at..end)],
            ..simple(at..end, Verdict::Period)
        });
    }
    let atom = atom(text, start, today)?;
    let verdict =
        if atom.sure { Verdict::Period } else { context::open_verdict(text, at, start, &atom) };
    let tokens = at..atom.end;
    Some(Phrase {
        items: vec![(make(atom.shape), tokens.clone())],
        vague: atom.vague,
        day_first: atom.day_first,
        ..simple(tokens, verdict)
    })
}

/// `depuis deux semaines`: the day that far back.
fn duration(text: &Text, at: usize, today: Today) -> Option<(Shape, usize)> {
    let Lapse { count, unit, end } = lapse(text, at)?;
    let span = Span::day(unit.step(today.date, -count.number)?)?;
    (!text.is(end, &["ago"])).then_some((Shape::fixed(span, Precision::Day), end))
}

/// Two neighbours share what one of them lacks: a month, a year.
pub(super) fn neighbours(first: Shape, second: Shape) -> (Shape, Shape) {
    let (mut first, mut second) = (first, second);
    if let (Named::Day { month: None, day }, Named::Day { month, .. }) = (first.named, second.named)
    {
        first.named = Named::Day { month, day };
    }
    if let (Named::Day { month, .. }, Named::Day { month: None, day }) = (first.named, second.named)
    {
        second.named = Named::Day { month, day };
    }
    if let Some(year) = second.year {
        first = first.in_year(year);
    }
    if let Some(year) = first.year {
        second = second.in_year(year);
    }
    (first, second)
}

pub(super) fn simple(tokens: Range<usize>, verdict: Verdict) -> Phrase {
    Phrase { items: Vec::new(), tokens, excluded: false, verdict, vague: false, day_first: false }
}

/// The place behind the prepositions and articles before a period.
pub(super) fn lead(text: &Text, at: usize) -> usize {
    let behind = text.skip(at, words::PREPOSITIONS);
    // `the year 2021` and `a year ago` are periods as a whole.
    text.skip(behind, words::ARTICLES)
}

impl Text<'_> {
    /// The place behind the dots of a range (`..`, `...`, `…`).
    pub(super) fn dots(&self, at: usize) -> Option<usize> {
        if self.mark(at, &['…']) {
            return Some(at + 1);
        }
        let dot = |place: usize| self.mark(place, &['.']) && (place == at || self.glued(place));
        match (dot(at), dot(at + 1), dot(at + 2)) {
            (true, true, true) => Some(at + 3),
            (true, true, false) => Some(at + 2),
            _ => None,
        }
    }
}
