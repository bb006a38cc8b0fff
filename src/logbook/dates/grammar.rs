//! The forms of a date at the beginning of a text.
//!
//! A form that could be something else (a year, a month, the number of a day) counts only when it
//! is the whole text or when `:`, a dash or `|` sets it off from what follows: `1984` and
//! `1984: bank` are dates, `1984 and me` is none.

use jiff::civil::{Date, Weekday};

use super::{
    super::{Precision, Span, month_named, weekday_named},
    tokens::Tokens,
};

mod periods;
mod words;

/// What a text says of a date.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(in super::super) struct Reading {
    /// The date; none when it has the form of one and no such day exists.
    pub(in super::super) form: Option<Form>,
    /// The weekday that is said with it.
    pub(in super::super) weekday: Option<Weekday>,
    /// The bytes of the text that were read.
    pub(in super::super) bytes: std::ops::Range<usize>,
    /// Whether it is the whole text.
    pub(in super::super) is_whole: bool,
}

/// A date, or what is given of one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in super::super) enum Form {
    /// Everything is given.
    Complete(Span, Precision),
    /// From this year on.
    Since(i16),
    /// A month and its day, without a year.
    MonthDay(i8, i8),
    /// A month without a year.
    Month(i8),
    /// The number of a day, without a month.
    Day(i8),
}

impl Form {
    fn day(date: Date) -> Option<Self> {
        (date.year() >= 1000).then_some(())?;
        Span::day(date).map(|span| Self::Complete(span, Precision::Day))
    }

    fn month(year: i16, month: i8) -> Option<Self> {
        Span::month(year, month).map(|span| Self::Complete(span, Precision::Month))
    }
}

/// A form that was recognised: what it says, where it ends, and whether anything may follow.
struct Match {
    form: Option<Form>,
    end: usize,
    is_plain: bool,
}

impl Match {
    /// Unmistakable, whatever follows.
    fn plain(form: Option<Form>, end: usize) -> Self {
        Self { form, end, is_plain: true }
    }

    /// A date only when it is set off from what follows.
    fn set_off(form: Option<Form>, end: usize) -> Self {
        Self { form, end, is_plain: false }
    }
}

/// Reads the date at the beginning of a text. `day_first` says which of the two comes first in
/// `02/03/2020` where both could.
pub(in super::super) fn read(text: &str, day_first: bool) -> Option<Reading> {
    let tokens = Tokens::new(text);
    let start = tokens.after_opening();
    let accepted = |found: &Match| found.is_plain || is_set_off(&tokens, found.end);
    let without = date_at(&tokens, after_article(&tokens, start), day_first).filter(accepted);
    let with = with_weekday(&tokens, start, day_first).filter(|(_, found)| accepted(found));
    let (mut weekday, found) = match (without, with) {
        (Some(without), Some((weekday, with))) if with.end > without.end => (Some(weekday), with),
        (Some(without), _) => (None, without),
        (None, with) => with.map(|(weekday, found)| (Some(weekday), found))?,
    };
    let mut end = found.end;
    if let Some((following, after)) = weekday_after(&tokens, end)
        && weekday.is_none()
    {
        weekday = Some(following);
        end = after;
    }
    Some(Reading {
        form: found.form,
        weekday,
        bytes: tokens.byte(start)..tokens.byte(found.end),
        is_whole: tokens.is_end(tokens.after_space(tokens.after_closing(end))),
    })
}

fn after_article(tokens: &Tokens<'_>, at: usize) -> usize {
    let is_article = tokens.is_word(at, &["le", "the", "on", "du"]) && tokens.is_space(at + 1);
    if is_article && tokens.is_alphanumeric(at + 2) { at + 2 } else { at }
}

/// `Lundi 12`, `Tuesday, May 13th 2025`, `Mon. 2022-03-14`.
fn with_weekday(tokens: &Tokens<'_>, at: usize, day_first: bool) -> Option<(Weekday, Match)> {
    let at = after_article(tokens, at);
    let weekday = weekday_named(tokens.word(at)?)?;
    let at = after_article(tokens, tokens.after_gap(at + 1)?);
    let mut found = date_at(tokens, at, day_first)?;
    match found.form {
        None | Some(Form::Complete(_, Precision::Day) | Form::Day(_)) => {}
        Some(Form::MonthDay(..)) => found.is_plain = true,
        Some(_) => return None,
    }
    Some((weekday, found))
}

/// The weekday in `2019-02-10 (Sunday)` or `2019-02-10, dimanche`, when nothing else follows it.
fn weekday_after(tokens: &Tokens<'_>, at: usize) -> Option<(Weekday, usize)> {
    let is_between =
        |at: &usize| tokens.is_space(*at) || matches!(tokens.mark(*at), Some(',' | '(' | '-'));
    let start = (at..at + 4).find(|at| !is_between(at))?;
    let weekday = weekday_named(tokens.word(start)?)?;
    let is_closed = tokens.after_closing(start + 1) > start + 1;
    (start > at && (is_closed || is_set_off(tokens, start + 1))).then_some((weekday, start + 1))
}

/// Whether the text ends there, or `:`, a dash or `|` follows; the `:` of a time does not count.
fn is_set_off(tokens: &Tokens<'_>, at: usize) -> bool {
    let closed = tokens.after_closing(at);
    let closed = if tokens.mark(closed) == Some('.') { closed + 1 } else { closed };
    let spaced = tokens.after_space(closed);
    if tokens.is_end(spaced) {
        return true;
    }
    match tokens.mark(spaced) {
        Some(':') => tokens.number(spaced + 1).is_none(),
        Some('–' | '—' | '―' | '|') => true,
        Some('-') => spaced > closed && tokens.is_space(spaced + 1),
        _ => false,
    }
}

fn date_at(tokens: &Tokens<'_>, at: usize, day_first: bool) -> Option<Match> {
    year_month_day(tokens, at)
        .map(|(day, end)| day_or_days(tokens, day, end))
        .or_else(|| periods::week_or_quarter(tokens, at))
        .or_else(|| day_month_year(tokens, at, day_first))
        .or_else(|| words::date_at(tokens, at))
        .or_else(|| periods::years(tokens, at))
        .or_else(|| periods::year_month(tokens, at))
        .or_else(|| periods::year(tokens, at))
        .or_else(|| bare_day(tokens, at))
}

/// `2022-03-14`, `2022_03_14`, `2022/3/14`, `2022.03.14`, `2022 03 14`; the day is none when there
/// is no such day.
fn year_month_day(tokens: &Tokens<'_>, at: usize) -> Option<(Option<Date>, usize)> {
    let year = tokens.year(at)?;
    let is_spaced = tokens.is_space(at + 1);
    let separator = tokens.mark(at + 1);
    if !is_spaced && !matches!(separator, Some('-' | '_' | '.' | '/')) {
        return None;
    }
    let month = tokens.small(at + 2)?;
    if tokens.is_space(at + 3) != is_spaced || tokens.mark(at + 3) != separator {
        return None;
    }
    let day = tokens.small(at + 4)?;
    let end = at + 5;
    let goes_on = tokens.word(end).is_some_and(|word| word != "T" && word != "t")
        || (separator == Some('.')
            && tokens.mark(end) == Some('.')
            && tokens.number(end + 1).is_some())
        || (is_spaced && !is_set_off(tokens, end));
    (!goes_on).then(|| (Date::new(year, month, day).ok(), end))
}

/// One day, or the days up to another: `2022-03-14 – 2022-03-16`.
fn day_or_days(tokens: &Tokens<'_>, day: Option<Date>, end: usize) -> Match {
    let until = after_until(tokens, end).and_then(|at| year_month_day(tokens, at));
    if let (Some(first), Some((Some(last), until_end))) = (day, until)
        && let Some(after) = Span::day(last).map(Span::end)
        && first < last
        && let Some(span) = Span::new(first, after)
    {
        return Match::plain(Some(Form::Complete(span, Precision::Range)), until_end);
    }
    Match::plain(day.and_then(Form::day), end)
}

/// After what stands between the ends of a range.
fn after_until(tokens: &Tokens<'_>, at: usize) -> Option<usize> {
    let start = tokens.after_space(at);
    let is_between = matches!(tokens.mark(start), Some('-' | '–' | '—' | '→'))
        || tokens.is_word(start, &["to", "until", "à", "a", "au"]);
    is_between.then(|| tokens.after_space(start + 1))
}

/// `14/03/2022`, `14.3.2022`, `14-03-2022`, and `03/14/2022` where the month comes first.
fn day_month_year(tokens: &Tokens<'_>, at: usize, day_first: bool) -> Option<Match> {
    let (usual, american) = both_ways(tokens, at)?;
    let day = if day_first { usual.or(american) } else { american.or(usual) };
    Some(Match::plain(day.and_then(Form::day), at + 5))
}

/// What three numbers are with the day first, and with the month first. A date with full stops is
/// never written with the month first.
fn both_ways(tokens: &Tokens<'_>, at: usize) -> Option<(Option<Date>, Option<Date>)> {
    let (first, second) = (tokens.small(at)?, tokens.small(at + 2)?);
    let separator = tokens.mark(at + 1)?;
    if !matches!(separator, '/' | '.' | '-' | '_') || tokens.mark(at + 3) != Some(separator) {
        return None;
    }
    let year = tokens.year(at + 4)?;
    if tokens.is_alphanumeric(at + 5) {
        return None;
    }
    let usual = Date::new(year, second, first).ok();
    let american = Date::new(year, first, second).ok();
    Some((usual, american.filter(|_| separator != '.' || usual.is_none())))
}

/// The day that a text begins with in three numbers, with the day first and with the month first.
pub(in super::super) fn read_both_ways(text: &str) -> Option<(Option<Date>, Option<Date>)> {
    let tokens = Tokens::new(text);
    let start = tokens.after_opening();
    let after_weekday = || {
        weekday_named(tokens.word(start)?)?;
        tokens.after_gap(start + 1)
    };
    both_ways(&tokens, start).or_else(|| both_ways(&tokens, after_weekday()?))
}

/// `12`, `3rd`, `1er`.
fn bare_day(tokens: &Tokens<'_>, at: usize) -> Option<Match> {
    let day = tokens.small(at).filter(|day| (1..=31).contains(day))?;
    Some(Match::set_off(Some(Form::Day(day)), words::after_ordinal(tokens, at + 1)))
}

#[cfg(test)]
mod tests;
