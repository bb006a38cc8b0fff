//! Gives a date that lacks its year or its month what the evidence around it says.

use jiff::civil::{Date, Weekday};

use super::grammar::Form;
use crate::logbook::{Precision, Span};

/// A date with nothing left open.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in super::super) enum Completed {
    /// These days.
    Span(Span, Precision),
    /// There is no such day.
    Impossible,
}

/// Completes a date by the spans around it, the nearest first; none when they do not say enough.
/// A span further out counts only while it lies within the nearer ones. `latest` is the last day
/// that the note is known to reach to, where one is known: an open range ends there.
pub(in super::super) fn complete(
    form: Form,
    around: &[(Span, Precision)],
    latest: Option<Date>,
) -> Option<Completed> {
    let (day, month, year) = match form {
        Form::Complete(span, precision) => return Some(Completed::Span(span, precision)),
        Form::Since(year) => return since(year, latest),
        Form::Month(month) => {
            let span = Span::month(year_of(around)?, month)?;
            return Some(Completed::Span(span, Precision::Month));
        }
        Form::MonthDay(month, day) => (day, month, year_of(around)?),
        Form::Day(day) => {
            let (month, _) = agreeing(around).find(|(_, found)| *found == Precision::Month)?;
            (day, month.start().month(), month.start().year())
        }
    };
    let span = Date::new(year, month, day).ok().and_then(Span::day);
    Some(span.map_or(Completed::Impossible, |span| Completed::Span(span, Precision::Day)))
}

/// What is wrong with the weekday that stands with a day.
pub(in super::super) fn wrong_weekday(
    weekday: Option<Weekday>,
    (span, precision): (Span, Precision),
) -> Option<String> {
    let real = span.start().weekday();
    let weekday = weekday.filter(|said| precision == Precision::Day && *said != real)?;
    Some(format!("`{}` was a {real:?}, not a {weekday:?}", span.start()))
}

fn since(year: i16, latest: Option<Date>) -> Option<Completed> {
    let start = Span::year(year)?.start();
    let latest = latest.and_then(|latest| Span::new(start, latest));
    let span = latest.or_else(|| Span::new(start, Span::MAX))?;
    Some(Completed::Span(span, Precision::Range))
}

/// The one year that the spans lie in.
fn year_of(around: &[(Span, Precision)]) -> Option<i16> {
    agreeing(around).map(|(span, _)| span).find_map(|span| {
        let year = span.start().year();
        (year == span.last().year()).then_some(year)
    })
}

/// The spans as long as each lies within those before it.
fn agreeing(around: &[(Span, Precision)]) -> impl Iterator<Item = (Span, Precision)> {
    let mut within = None;
    around.iter().copied().filter(move |(span, _)| {
        let agrees = within.is_none_or(|outer: Span| outer.contains(*span));
        if agrees {
            within = Some(*span);
        }
        agrees
    })
}
