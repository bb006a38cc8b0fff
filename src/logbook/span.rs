//! Spans of civil days.

use std::fmt;

use jiff::{
    ToSpan as _,
    civil::{Date, date},
};
use serde::{Deserialize, Serialize};

/// How exactly a span was given.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// One day.
    Day,
    /// One week.
    Week,
    /// One month.
    Month,
    /// Three months.
    Quarter,
    /// A season, which may pass over the new year.
    Season,
    /// One year.
    Year,
    /// From one date to another.
    Range,
}

impl fmt::Display for Precision {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Season => "season",
            Self::Year => "year",
            Self::Range => "range",
        })
    }
}

/// A half-open interval of civil days, `[start, end)`, never empty.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
pub struct Span {
    start: Date,
    end: Date,
}

impl Span {
    /// The first day that a span can hold; an open start is this day.
    pub const MIN: Date = date(1, 1, 1);
    /// The day after the last that a span can hold; an open end is this day.
    pub const MAX: Date = date(9999, 12, 31);

    /// The days from `start` up to, and without, `end`; none when that is empty.
    #[must_use]
    pub fn new(start: Date, end: Date) -> Option<Self> {
        (start < end).then_some(Self { start, end })
    }

    /// One day.
    #[must_use]
    pub fn day(day: Date) -> Option<Self> {
        Self::new(day, day.checked_add(1.day()).ok()?)
    }

    /// One month of a year.
    #[must_use]
    pub fn month(year: i16, month: i8) -> Option<Self> {
        let start = Date::new(year, month, 1).ok()?;
        Self::new(start, start.checked_add(1.month()).ok()?)
    }

    /// One quarter of a year, from 1 to 4.
    #[must_use]
    pub fn quarter(year: i16, quarter: i8) -> Option<Self> {
        let start = Date::new(year, quarter.checked_mul(3)?.checked_sub(2)?, 1).ok()?;
        Self::new(start, start.checked_add(3.months()).ok()?)
    }

    /// One year.
    #[must_use]
    pub fn year(year: i16) -> Option<Self> {
        Self::years(year, year)
    }

    /// The years from `first` to `last`, both of them whole.
    #[must_use]
    pub fn years(first: i16, last: i16) -> Option<Self> {
        let start = Date::new(first, 1, 1).ok()?;
        Self::new(start, Date::new(last.checked_add(1)?, 1, 1).ok()?)
    }

    /// The first day.
    #[must_use]
    pub fn start(self) -> Date {
        self.start
    }

    /// The day after the last.
    #[must_use]
    pub fn end(self) -> Date {
        self.end
    }

    /// The last day.
    #[must_use]
    pub fn last(self) -> Date {
        self.end.saturating_sub(1.day())
    }

    /// Whether the two share a day.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether every day of `other` lies within.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// How many days it holds.
    #[must_use]
    pub fn days(self) -> i32 {
        day_number(self.end) - day_number(self.start)
    }

    /// The first day as a number of days since 1970-01-01, as the index stores it.
    #[must_use]
    pub fn start_number(self) -> i32 {
        day_number(self.start)
    }

    /// The day after the last as a number of days since 1970-01-01.
    #[must_use]
    pub fn end_number(self) -> i32 {
        day_number(self.end)
    }

    /// The span between two numbers of days since 1970-01-01.
    #[must_use]
    pub fn from_numbers(start: i32, end: i32) -> Option<Self> {
        let epoch = date(1970, 1, 1);
        Self::new(epoch.checked_add(start.days()).ok()?, epoch.checked_add(end.days()).ok()?)
    }
}

/// The shortest usual way to write it: `2022`, `2022-03`, `2022-03-14` or `2022-03-14..2022-04-02`,
/// the last day included.
impl fmt::Display for Span {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (start, last) = (self.start, self.last());
        if self.start == Self::MIN {
            write!(formatter, "..{last}")
        } else if self.end == Self::MAX {
            write!(formatter, "{start}..")
        } else if Self::day(start) == Some(*self) {
            write!(formatter, "{start}")
        } else if Self::month(start.year(), start.month()) == Some(*self) {
            write!(formatter, "{:04}-{:02}", start.year(), start.month())
        } else if Self::years(start.year(), last.year()) == Some(*self) {
            if start.year() == last.year() {
                write!(formatter, "{:04}", start.year())
            } else {
                write!(formatter, "{:04}..{:04}", start.year(), last.year())
            }
        } else {
            write!(formatter, "{start}..{last}")
        }
    }
}

/// Days since 1970-01-01.
fn day_number(day: Date) -> i32 {
    (day - date(1970, 1, 1)).get_days()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_written_the_shortest_way() {
        let check = |span: Option<Span>, expected: &str| {
            assert_eq!(span.map(|span| span.to_string()).as_deref(), Some(expected));
        };
        check(Span::year(2022), "2022");
        check(Span::years(2019, 2021), "2019..2021");
        check(Span::month(2024, 2), "2024-02");
        check(Span::day(date(2024, 2, 29)), "2024-02-29");
        check(Span::quarter(2022, 3), "2022-07-01..2022-09-30");
        check(Span::new(Span::MIN, date(2021, 1, 1)), "..2020-12-31");
        check(Span::new(date(2021, 1, 1), Span::MAX), "2021-01-01..");
    }

    #[test]
    fn a_span_is_never_empty() {
        assert_eq!(Span::new(date(2022, 1, 1), date(2022, 1, 1)), None);
        assert_eq!(Span::years(2022, 2021), None);
        assert_eq!(Span::quarter(2022, 5), None);
    }

    #[test]
    fn day_numbers_round_trip() {
        for span in [Span::year(1900), Span::month(2024, 2), Span::new(Span::MIN, Span::MAX)] {
            let span = span.unwrap();
            assert_eq!(Span::from_numbers(span.start_number(), span.end_number()), Some(span));
        }
    }
}
