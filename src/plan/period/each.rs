//! A period in its parts: `from 2020 to 2024, year by year`, `2022 mois par mois`.

use std::ops::Range;

use super::{read::Found, shape::Today, spans::Unit, token::Text};
use crate::logbook::Span;

/// A period is not split into more parts than this.
const PARTS_MAX: usize = 60;

const EACH: [(Unit, &[&str]); 4] = [
    (
        Unit::Year,
        &[
            "year by year",
            "by year",
            "year for year",
            "one year at a time",
            "for each year",
            "for every year",
            "each year",
            "per year",
            "annee par annee",
            "an par an",
            "par annee",
            "par an",
            "pour chaque annee",
            "chaque annee",
        ],
    ),
    (
        Unit::Quarter,
        &[
            "quarter by quarter",
            "by quarter",
            "for each quarter",
            "each quarter",
            "per quarter",
            "trimestre par trimestre",
            "par trimestre",
            "pour chaque trimestre",
            "chaque trimestre",
        ],
    ),
    (
        Unit::Month,
        &[
            "month by month",
            "by month",
            "one month at a time",
            "for each month",
            "for every month",
            "each month",
            "per month",
            "mois par mois",
            "par mois",
            "pour chaque mois",
            "chaque mois",
        ],
    ),
    (
        Unit::Week,
        &[
            "week by week",
            "by week",
            "for each week",
            "each week",
            "per week",
            "semaine par semaine",
            "par semaine",
            "pour chaque semaine",
            "chaque semaine",
        ],
    ),
];

/// The unit that a text asks to be told one by one, and the tokens that say so.
pub(super) fn each(text: &Text) -> Option<(Unit, Range<usize>)> {
    (0..text.len()).find_map(|at| {
        let found = EACH.into_iter().filter_map(|(unit, phrases)| {
            let end = text.any_phrase(at, phrases)?;
            Some((unit, at..end))
        });
        found.max_by_key(|(_, tokens)| tokens.end)
    })
}

/// Each period in its parts of that unit, up to today where it has no end; one with no start, with a
/// single part or with far too many stays as it is.
pub(super) fn split(found: &[Found], unit: Unit, today: Today) -> Vec<Found> {
    let mut parts = Vec::new();
    for whole in found {
        match units(whole.span, unit, today).filter(|_| !whole.excluded) {
            Some(spans) => parts.extend(spans.into_iter().map(|span| Found {
                span,
                precision: unit.precision(),
                ..whole.clone()
            })),
            None => parts.push(whole.clone()),
        }
    }
    parts
}

/// The units of a span, the first and the last cut to it.
fn units(span: Span, unit: Unit, today: Today) -> Option<Vec<Span>> {
    if span.start() == Span::MIN {
        return None;
    }
    let end = if span.end() == Span::MAX { Span::day(today.date)?.end() } else { span.end() };
    let mut units = Vec::new();
    let mut start = span.start();
    while start < end {
        let whole = unit.around(start, today.week_start)?;
        units.push(Span::new(start, whole.end().min(end))?);
        start = whole.end();
        if units.len() > PARTS_MAX {
            return None;
        }
    }
    (units.len() > 1).then_some(units)
}
