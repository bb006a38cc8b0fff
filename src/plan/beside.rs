//! A period beside that of an earlier question: `the year after`, `le mois d'avant`.

use std::ops::Range;

use super::{
    period::{
        Today, season_named,
        spans::{Season, Unit},
        token::{Kind, Text},
    },
    types::{Asked, Plan},
};
use crate::logbook::{Precision, Span};

type Beside = (Vec<Asked>, Range<usize>);

/// The period that is said to be beside the earlier one, and the bytes that say so.
pub(super) fn beside(text: &Text<'_>, previous: &Plan, today: Today) -> Option<Beside> {
    let anchor = previous.spans.first()?;
    let last = previous.spans.last()?;
    (0..text.len()).find_map(|at| {
        let (span, precision, end) = stepped(text, at, (anchor.span, last.span), today)
            .or_else(|| open(text, at, (anchor.span, last.span)))?;
        let start =
            if at > 0 && text.is(at - 1, &["the", "l'", "le", "la", "that"]) { at - 1 } else { at };
        let bytes = text.bytes(&(start..end));
        let words = text.source.get(bytes.clone()).unwrap_or_default().to_owned();
        let asked = Asked { span, precision, text: words, bytes: Some(bytes.clone()) };
        Some((vec![asked], bytes))
    })
}

/// `two months later`, `the winter before`: so many units or seasons beside.
fn stepped(
    text: &Text<'_>,
    at: usize,
    (first, last): (Span, Span),
    today: Today,
) -> Option<(Span, Precision, usize)> {
    let (count, unit_at) = number(text, at);
    let (named, steps, end) = step(text, unit_at)?;
    let steps = steps.checked_mul(count)?;
    let from = if steps < 0 { first } else { last };
    match named {
        Step::Unit(unit) => {
            Some((unit.beside(from, steps, today.week_start)?, unit.precision(), end))
        }
        Step::Season(season) => {
            let years = from.start().year().checked_sub(2)?..=from.last().year().checked_add(2)?;
            let mut seasons = years.filter_map(|year| season.of(year, today.hemisphere));
            let span = if steps < 0 {
                seasons.rfind(|span| span.end() <= from.start())
            } else {
                seasons.find(|span| span.start() >= from.end())
            };
            Some((span?, Precision::Season, end))
        }
    }
}

/// `since then`, `before that`: from the day after the earlier period on, or up to its first day.
fn open(
    text: &Text<'_>,
    at: usize,
    (first, last): (Span, Span),
) -> Option<(Span, Precision, usize)> {
    const SINCE: &[&str] =
        &["since then", "ever since", "after that", "depuis lors", "depuis cela", "apres cela"];
    const BEFORE: &[&str] = &["before that", "before then", "avant cela", "avant ca"];
    let alone = |end: usize| text.get(end).is_none_or(|token| token.kind == Kind::Mark);
    let ends_in = |phrases: &[&str]| text.any_phrase(at, phrases).filter(|end| alone(*end));
    let since = text.is(at, &["depuis"]) && alone(at + 1);
    if let Some(end) = ends_in(SINCE).or(since.then_some(at + 1)) {
        return Some((Span::new(last.end(), Span::MAX)?, Precision::Range, end));
    }
    let end = ends_in(BEFORE)?;
    Some((Span::new(Span::MIN, first.start())?, Precision::Range, end))
}

/// What is stepped over.
#[derive(Clone, Copy)]
enum Step {
    Unit(Unit),
    Season(Season),
}

fn number(text: &Text<'_>, at: usize) -> (i32, usize) {
    let spelled = match text.word(at) {
        "two" | "deux" => Some(2),
        "three" | "trois" => Some(3),
        "four" | "quatre" => Some(4),
        "a" | "one" | "un" | "une" => Some(1),
        _ => {
            text.number(at).filter(|(_, digits)| *digits <= 2).map(|(number, _)| i32::from(number))
        }
    };
    spelled.map_or((1, at), |count| (count, at + 1))
}

/// A unit or season with `after` or `before`, how many steps that is, and the place behind.
fn step(text: &Text<'_>, at: usize) -> Option<(Step, i32, usize)> {
    const AFTER: &[&str] = &[
        "after",
        "later",
        "following",
        "suivant",
        "suivante",
        "d' apres",
        "plus tard",
        "apres",
        "after that",
    ];
    const BEFORE: &[&str] = &[
        "before",
        "earlier",
        "before that",
        "prior",
        "precedent",
        "precedente",
        "d' avant",
        "plus tot",
        "auparavant",
        "avant",
    ];
    let ends = |at: usize| {
        text.get(at).is_none_or(|token| token.kind == Kind::Mark)
            || text.is(at, &["and", "et", "about", "sur"])
    };
    if let Some((unit, behind)) = unit(text, at) {
        let after = text.any_phrase(behind, AFTER).filter(|end| ends(*end));
        let before = text.any_phrase(behind, BEFORE).filter(|end| ends(*end));
        return match (after, before) {
            (Some(end), _) => Some((unit, 1, end)),
            (_, Some(end)) => Some((unit, -1, end)),
            _ => None,
        };
    }
    let led = text.is(at.wrapping_sub(1), &["the"]);
    let (unit, end) = unit(text, at + 1)?;
    match text.word(at) {
        "following" => Some((unit, 1, end)),
        "preceding" => Some((unit, -1, end)),
        "next" if led => Some((unit, 1, end)),
        "previous" if led => Some((unit, -1, end)),
        _ => None,
    }
}

fn unit(text: &Text<'_>, at: usize) -> Option<(Step, usize)> {
    if let Some(season) = season_named(text.word(at)) {
        return Some((Step::Season(season), at + 1));
    }
    let unit = match text.word(at) {
        "day" | "days" | "jour" | "jours" => Unit::Day,
        "week" | "weeks" | "semaine" | "semaines" => Unit::Week,
        "month" | "months" | "mois" => Unit::Month,
        "quarter" | "quarters" | "trimestre" | "trimestres" => Unit::Quarter,
        "year" | "years" | "an" | "ans" | "annee" | "annees" => Unit::Year,
        _ => return None,
    };
    Some((Step::Unit(unit), at + 1))
}

/// The phrases about time with one more, in order and without overlap.
pub(super) fn merge(phrases: Vec<Range<usize>>, more: Range<usize>) -> Vec<Range<usize>> {
    let mut merged: Vec<_> = phrases
        .into_iter()
        .filter(|phrase| phrase.end <= more.start || more.end <= phrase.start)
        .collect();
    merged.push(more);
    merged.sort_by_key(|phrase| phrase.start);
    merged
}
