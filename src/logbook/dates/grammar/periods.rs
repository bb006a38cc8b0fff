//! The forms of spans longer than a day, in numbers.

use jiff::civil::{Date, ISOWeekDate, Weekday};

use super::{super::tokens::Tokens, Form, Match, after_until, month_named};
use crate::logbook::{Precision, Span};

/// `2022-W11`, `2022W11`, `2022-Q1`, `2022-T1`, `Q1 2022`.
pub(super) fn week_or_quarter(tokens: &Tokens<'_>, at: usize) -> Option<Match> {
    if tokens.is_word(at, &["q", "t"])
        && let (Some(quarter), Some(year)) =
            (tokens.small(at + 1), tokens.after_gap(at + 2).and_then(|at| tokens.year(at)))
    {
        return Some(quarter_of(year, quarter, tokens.after_gap(at + 2)? + 1));
    }
    let year = tokens.year(at)?;
    let letter = tokens.after_gap(at + 1).unwrap_or(at + 1);
    let number = tokens.small(letter + 1)?;
    let end = letter + 2;
    if tokens.is_alphanumeric(end) {
        return None;
    }
    if tokens.is_word(letter, &["q", "t"]) {
        return Some(quarter_of(year, number, end));
    }
    tokens.is_word(letter, &["w"]).then(|| {
        let monday = ISOWeekDate::new(year, number, Weekday::Monday).ok().map(Date::from);
        let next = monday.and_then(|monday| monday.checked_add(jiff::Span::new().weeks(1)).ok());
        let span = monday.zip(next).and_then(|(monday, next)| Span::new(monday, next));
        Match::plain(span.map(|span| Form::Complete(span, Precision::Week)), end)
    })
}

fn quarter_of(year: i16, quarter: i8, end: usize) -> Match {
    let span = if (1..=4).contains(&quarter) { Span::quarter(year, quarter) } else { None };
    Match::plain(span.map(|span| Form::Complete(span, Precision::Quarter)), end)
}

/// `2008–2011`, `2018 to 2020`, `de 2012 à 2014`, `2016 and 2017`, `2019 et après`, `since 2019`.
pub(super) fn years(tokens: &Tokens<'_>, at: usize) -> Option<Match> {
    let is_open = tokens.is_word(at, &["since", "depuis"]);
    let is_range = tokens.is_word(at, &["from", "between", "de", "entre"]);
    let at = if is_open || is_range { tokens.after_space(at + 1) } else { at };
    let first = tokens.year(at)?;
    if is_open {
        return Some(Match::set_off(Some(Form::Since(first)), at + 1));
    }
    let between = tokens.after_space(at + 1);
    let is_and = tokens.mark(between) == Some('&') || tokens.is_word(between, &["and", "et"]);
    let onwards: &[&str] = &["onwards", "onward", "present", "now", "today", "maintenant"];
    if is_and || after_until(tokens, at + 1).is_some() {
        let next = tokens.after_space(between + 1);
        if let Some(last) = tokens.year(next) {
            let is_run = !is_and || last == first.saturating_add(1);
            let span = Span::years(first, last).filter(|_| is_run && first < last)?;
            return Some(Match::set_off(Some(Form::Complete(span, Precision::Range)), next + 1));
        }
        let is_after = is_and && tokens.is_word(next, &["after", "après", "apres", "later"]);
        let is_open = is_after || (!is_and && tokens.is_word(next, onwards));
        return is_open.then(|| Match::set_off(Some(Form::Since(first)), next + 1));
    }
    let is_open = tokens.is_word(between, onwards);
    is_open.then(|| Match::set_off(Some(Form::Since(first)), between + 1))
}

/// `2022-03`, `2022/03`, `2022_03`, `2022.03`.
pub(super) fn year_month(tokens: &Tokens<'_>, at: usize) -> Option<Match> {
    let year = tokens.year(at)?;
    let (month, digits) = tokens.number(at + 2)?;
    let month = i8::try_from(month).ok().filter(|_| digits == 2)?;
    let is_month = matches!(tokens.mark(at + 1)?, '-' | '/' | '_' | '.');
    let form = Form::month(year, month).filter(|_| is_month)?;
    // `2022-03-March` names its month twice.
    let named =
        tokens.after_gap(at + 3).filter(|at| tokens.word(*at).and_then(month_named) == Some(month));
    Some(Match::set_off(Some(form), named.map_or(at + 3, |named| named + 1)))
}

/// `2022`.
pub(super) fn year(tokens: &Tokens<'_>, at: usize) -> Option<Match> {
    let span = Span::year(tokens.year(at)?)?;
    Some(Match::set_off(Some(Form::Complete(span, Precision::Year)), at + 1))
}
