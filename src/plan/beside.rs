//! A period beside that of an earlier question: `the year after`, `le mois d'avant`.

use std::ops::Range;

use super::{
    period::{
        Today,
        spans::Unit,
        token::{Kind, Text},
    },
    types::{Asked, Plan},
};

type Beside = (Vec<Asked>, Range<usize>);

/// The period that is said to be beside the earlier one, and the bytes that say so.
pub(super) fn beside(text: &Text<'_>, previous: &Plan, today: Today) -> Option<Beside> {
    let anchor = previous.spans.first()?;
    let last = previous.spans.last()?;
    (0..text.len()).find_map(|at| {
        let (count, unit_at) = number(text, at);
        let (unit, steps, end) = step(text, unit_at)?;
        let steps = steps.checked_mul(count)?;
        let span = if steps < 0 { anchor.span } else { last.span };
        let span = unit.beside(span, steps, today.week_start)?;
        let start =
            if at > 0 && text.is(at - 1, &["the", "l'", "le", "la", "that"]) { at - 1 } else { at };
        let bytes = text.bytes(&(start..end));
        let words = text.source.get(bytes.clone()).unwrap_or_default().to_owned();
        let asked =
            Asked { span, precision: unit.precision(), text: words, bytes: Some(bytes.clone()) };
        Some((vec![asked], bytes))
    })
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

/// A unit with `after` or `before`, how many steps that is, and the place behind.
fn step(text: &Text<'_>, at: usize) -> Option<(Unit, i32, usize)> {
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

fn unit(text: &Text<'_>, at: usize) -> Option<(Unit, usize)> {
    let unit = match text.word(at) {
        "day" | "days" | "jour" | "jours" => Unit::Day,
        "week" | "weeks" | "semaine" | "semaines" => Unit::Week,
        "month" | "months" | "mois" => Unit::Month,
        "quarter" | "quarters" | "trimestre" | "trimestres" => Unit::Quarter,
        "year" | "years" | "an" | "ans" | "annee" | "annees" => Unit::Year,
        _ => return None,
    };
    Some((unit, at + 1))
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
