//! The forms that name their month in words.

use jiff::civil::Date;

use super::{super::tokens::Tokens, Form, Match, after_until, month_named};
use crate::logbook::{Precision, Span};

/// A date with the name of a month: `14 mars 2022`, `March 14th, 2022`, `2018 april`, `Avril`.
pub(super) fn date_at(tokens: &Tokens<'_>, at: usize) -> Option<Match> {
    match month(tokens, at) {
        Some(month) => month_first(tokens, month, at + 1),
        None if tokens.year(at).is_some() => year_first(tokens, at),
        None => day_first(tokens, at),
    }
}

/// After the ending of an ordinal number, where one stands.
pub(super) fn after_ordinal(tokens: &Tokens<'_>, at: usize) -> usize {
    let endings = ["st", "nd", "rd", "th", "er", "ère", "ere", "e", "eme", "ème"];
    if tokens.is_word(at, &endings) { at + 1 } else { at }
}

fn month(tokens: &Tokens<'_>, at: usize) -> Option<i8> {
    month_named(tokens.word(at)?)
}

/// `14 mars 2022`, `1er mars`, `14th of March, 2022`.
fn day_first(tokens: &Tokens<'_>, at: usize) -> Option<Match> {
    let day = tokens.small(at)?;
    let mut at = tokens.after_gap(after_ordinal(tokens, at + 1))?;
    if tokens.is_word(at, &["of", "de"]) {
        at = tokens.after_space(at + 1);
    }
    let month = month(tokens, at)?;
    Some(with_year(tokens, month, day, at + 1))
}

/// `March 14th, 2022`, `Avril 2021`, `mars-2020`, `March`, `March–May 2021`.
fn month_first(tokens: &Tokens<'_>, month: i8, at: usize) -> Option<Match> {
    if let Some(months) = months(tokens, month, at) {
        return Some(months);
    }
    let Some(after) = tokens.after_gap(at) else {
        return Some(Match::set_off(Some(Form::Month(month)), at));
    };
    if let Some(year) = tokens.year(after) {
        return Some(Match::plain(Form::month(year, month), after + 1))
            .filter(|_| !tokens.is_alphanumeric(after + 1));
    }
    let day_end = after_ordinal(tokens, after + 1);
    match tokens.small(after) {
        Some(day) if !tokens.is_alphanumeric(day_end) => {
            Some(with_year(tokens, month, day, day_end))
        }
        _ => Some(Match::set_off(Some(Form::Month(month)), at)),
    }
}

/// `2018 april`, `2022-mars-14`.
fn year_first(tokens: &Tokens<'_>, at: usize) -> Option<Match> {
    let year = tokens.year(at)?;
    let at = tokens.after_gap(at + 1)?;
    let month = month(tokens, at)?;
    let day = tokens.after_gap(at + 1).filter(|at| !tokens.is_alphanumeric(at + 1));
    match day.and_then(|at| tokens.small(at)) {
        Some(number) => {
            let form = Date::new(year, month, number).ok().and_then(Form::day);
            Some(Match::plain(form, day? + 1))
        }
        None => Some(Match::set_off(Form::month(year, month), at + 1)),
    }
}

/// A month and a day, with the year that follows them or without any.
fn with_year(tokens: &Tokens<'_>, month: i8, day: i8, end: usize) -> Match {
    let year_at = tokens.after_gap(end).filter(|at| !tokens.is_alphanumeric(at + 1));
    match year_at.and_then(|at| Some((tokens.year(at)?, at + 1))) {
        Some((year, end)) => {
            Match::plain(Date::new(year, month, day).ok().and_then(Form::day), end)
        }
        None if Date::new(2000, month, day).is_ok() => {
            Match::set_off(Some(Form::MonthDay(month, day)), end)
        }
        None => Match::set_off(None, end),
    }
}

/// The months from one to another of the same year: `March–May 2021`, `de mars à mai 2021`.
fn months(tokens: &Tokens<'_>, first: i8, at: usize) -> Option<Match> {
    let last_at = after_until(tokens, at)?;
    let last = month(tokens, last_at)?;
    let year_at = tokens.after_gap(last_at + 1)?;
    let year = tokens.year(year_at)?;
    let span = Span::new(Span::month(year, first)?.start(), Span::month(year, last)?.end())?;
    Some(Match::plain(Some(Form::Complete(span, Precision::Range)), year_at + 1))
}
