//! Dates in a format that somebody has set, whatever notation the format is written in.

use std::ops::Range;

use jiff::civil::{Date, ISOWeekDate, Weekday};

use super::{
    super::{Precision, Span, month_named, weekday_named},
    complete::Completed,
    grammar::{Form, Reading},
};

mod notation;

/// A format of dates.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DateFormat(Vec<Field>);

/// A part of a date, or of what stands around it.
#[derive(Clone, Debug, Eq, PartialEq)]
enum Field {
    /// This very text.
    Text(String),
    /// Four digits.
    Year,
    /// The last two digits of a year from 1970 to 2069.
    ShortYear,
    /// A month in digits; with two of them or with as many as it needs.
    Month(Digits),
    /// The name of a month, long or short.
    MonthName,
    /// A day in digits.
    Day(Digits),
    /// A day in digits with what makes it an ordinal number.
    OrdinalDay,
    /// The name of a weekday, long or short.
    WeekdayName,
    /// The number of a week, as ISO 8601 counts.
    Week(Digits),
    /// The number of a quarter.
    Quarter,
    /// Digits of the time of day, which say nothing of the date.
    Time,
    /// Letters that say nothing of the date: `PM`, `Mo`.
    Letters,
}

/// How many digits a number is written with.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Digits {
    One,
    Two,
}

/// What a text says in the format.
#[derive(Default)]
struct Parts {
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
    week: Option<i8>,
    quarter: Option<i8>,
    weekday: Option<Weekday>,
}

impl DateFormat {
    /// Reads the date that a text begins with; its form is none when there is no such day.
    pub(in super::super) fn read(&self, text: &str) -> Option<Reading> {
        let mut parts = Parts::default();
        let mut at = 0;
        for field in &self.0 {
            at += parts.take(field, &text[at..])?;
        }
        let form = match parts.span()? {
            Completed::Span(span, precision) => Some(Form::Complete(span, precision)),
            Completed::Impossible => None,
        };
        let bytes: Range<usize> = 0..at;
        Some(Reading { form, weekday: parts.weekday, bytes, is_whole: at == text.len() })
    }
}

impl Parts {
    /// Reads a field at the beginning of a text; gives back its length.
    fn take(&mut self, field: &Field, text: &str) -> Option<usize> {
        match field {
            Field::Text(expected) => text.starts_with(expected.as_str()).then_some(expected.len()),
            Field::Year => {
                let (year, length) = number(text, 4, 4)?;
                self.year = Some(year);
                Some(length)
            }
            Field::ShortYear => {
                let (year, length) = number(text, 2, 2)?;
                self.year = Some(if year < 70 { 2000 + year } else { 1900 + year });
                Some(length)
            }
            Field::Month(digits) => small(text, *digits, &mut self.month),
            Field::Day(digits) => small(text, *digits, &mut self.day),
            Field::Week(digits) => small(text, *digits, &mut self.week),
            Field::Quarter => {
                let (quarter, length) = number(text, 1, 1)?;
                self.quarter = i8::try_from(quarter).ok();
                Some(length)
            }
            Field::OrdinalDay => {
                let length = small(text, Digits::One, &mut self.day)?;
                Some(length + letters(&text[length..]))
            }
            Field::MonthName => {
                let length = letters(text);
                self.month = Some(month_named(&text[..length])?);
                Some(length)
            }
            Field::WeekdayName => {
                let length = letters(text);
                self.weekday = Some(weekday_named(&text[..length])?);
                Some(length)
            }
            Field::Time => number(text, 1, 6).map(|(_, length)| length),
            Field::Letters => Some(letters(text)).filter(|length| *length > 0),
        }
    }

    /// The days, when enough is said of them.
    fn span(&self) -> Option<Completed> {
        let year = self.year?;
        let (span, precision) = match (self.month, self.day, self.week, self.quarter) {
            (Some(month), Some(day), ..) => {
                (Date::new(year, month, day).ok().and_then(Span::day), Precision::Day)
            }
            (Some(month), None, ..) => (Span::month(year, month), Precision::Month),
            (None, None, Some(week), _) => (iso_week(year, week), Precision::Week),
            (None, None, None, Some(quarter)) => (Span::quarter(year, quarter), Precision::Quarter),
            (None, None, None, None) => (Span::year(year), Precision::Year),
            (None, Some(_), ..) => return None,
        };
        Some(span.map_or(Completed::Impossible, |span| Completed::Span(span, precision)))
    }
}

fn iso_week(year: i16, week: i8) -> Option<Span> {
    let monday = Date::from(ISOWeekDate::new(year, week, Weekday::Monday).ok()?);
    Span::new(monday, monday.checked_add(jiff::Span::new().weeks(1)).ok()?)
}

/// A number with so many digits, and its length.
fn number(text: &str, least: usize, most: usize) -> Option<(i16, usize)> {
    let length = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    let value = || text[..length].parse::<u32>().ok();
    (length >= least)
        .then(value)
        .flatten()
        .map(|value| (i16::try_from(value).unwrap_or(i16::MAX), length))
}

fn small(text: &str, digits: Digits, into: &mut Option<i8>) -> Option<usize> {
    let least = if digits == Digits::Two { 2 } else { 1 };
    let (value, length) = number(text, least, 2)?;
    *into = i8::try_from(value).ok();
    Some(length)
}

/// The length of the word that a text begins with, a full stop after it included.
fn letters(text: &str) -> usize {
    let is_letter =
        |character: char| character.is_alphabetic() || ('\u{300}'..='\u{36f}').contains(&character);
    let length = text.find(|character| !is_letter(character)).unwrap_or(text.len());
    let has_stop = length > 0 && text[length..].starts_with('.');
    length + usize::from(has_stop)
}

#[cfg(test)]
mod tests;
