//! Arithmetic on spans: the week, month, quarter, season or year around a day, and steps of them.

use jiff::{
    Span as Step, ToSpan as _,
    civil::{Date, ISOWeekDate, Weekday},
};

use super::shape::Hemisphere;
use crate::logbook::{Precision, Span};

/// A unit of the calendar.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::plan) enum Unit {
    Day,
    Weekend,
    Week,
    Fortnight,
    Month,
    Quarter,
    Half,
    Year,
}

/// A season, in whole months.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::plan) enum Season {
    Spring,
    Summer,
    Autumn,
    Winter,
}

impl Unit {
    /// The unit around a day; a fortnight begins with the day's week.
    pub(in crate::plan) fn around(self, day: Date, week_start: Weekday) -> Option<Span> {
        match self {
            Self::Day => Span::day(day),
            Self::Weekend => {
                let saturday = back_to(day, Weekday::Saturday)?;
                let saturday = if day.weekday() == Weekday::Sunday || saturday == day {
                    saturday
                } else {
                    saturday.checked_add(7.days()).ok()?
                };
                Span::new(saturday, saturday.checked_add(2.days()).ok()?)
            }
            Self::Week | Self::Fortnight => {
                let start = back_to(day, week_start)?;
                let days = if self == Self::Week { 7 } else { 14 };
                Span::new(start, start.checked_add(days.days()).ok()?)
            }
            Self::Month => Span::month(day.year(), day.month()),
            Self::Quarter => Span::quarter(day.year(), (day.month() + 2) / 3),
            Self::Half => half(day.year(), if day.month() <= 6 { 1 } else { 2 }),
            Self::Year => Span::year(day.year()),
        }
    }

    /// A day moved by some units.
    pub(in crate::plan) fn step(self, day: Date, count: i32) -> Option<Date> {
        let step = match self {
            Self::Day => Step::new().try_days(count),
            Self::Week | Self::Weekend => Step::new().try_weeks(count),
            Self::Fortnight => Step::new().try_weeks(count.checked_mul(2)?),
            Self::Month => Step::new().try_months(count),
            Self::Quarter => Step::new().try_months(count.checked_mul(3)?),
            Self::Half => Step::new().try_months(count.checked_mul(6)?),
            Self::Year => Step::new().try_years(count),
        };
        day.checked_add(step.ok()?).ok()
    }

    /// The unit that many places after a span, or before it when negative.
    pub(in crate::plan) fn beside(
        self,
        span: Span,
        count: i32,
        week_start: Weekday,
    ) -> Option<Span> {
        let from = if count < 0 { span.start() } else { span.last() };
        let day = match self {
            Self::Month | Self::Quarter | Self::Half | Self::Year => {
                self.around(from, week_start)?.start()
            }
            _ => from,
        };
        self.around(self.step(day, count)?, week_start)
    }

    /// How exact a span of one unit is.
    pub(in crate::plan) fn precision(self) -> Precision {
        match self {
            Self::Day => Precision::Day,
            Self::Week => Precision::Week,
            Self::Month => Precision::Month,
            Self::Quarter => Precision::Quarter,
            Self::Year => Precision::Year,
            Self::Weekend | Self::Fortnight | Self::Half => Precision::Range,
        }
    }
}

impl Season {
    /// The season that begins in a year; the one of December ends in the next year.
    pub(in crate::plan) fn of(self, year: i16, hemisphere: Hemisphere) -> Option<Span> {
        let start = Date::new(year, self.first_month(hemisphere), 1).ok()?;
        Span::new(start, start.checked_add(3.months()).ok()?)
    }

    /// Whether it begins in one year and ends in the next.
    pub(in crate::plan) fn spans_new_year(self, hemisphere: Hemisphere) -> bool {
        self.first_month(hemisphere) == 12
    }

    fn first_month(self, hemisphere: Hemisphere) -> i8 {
        let month = match self {
            Self::Spring => 3,
            Self::Summer => 6,
            Self::Autumn => 9,
            Self::Winter => 12,
        };
        match hemisphere {
            Hemisphere::North => month,
            Hemisphere::South => (month + 5) % 12 + 1,
        }
    }
}

/// The first or the second half of a year.
pub(in crate::plan) fn half(year: i16, half: i8) -> Option<Span> {
    let start = Date::new(year, if half == 1 { 1 } else { 7 }, 1).ok()?;
    Span::new(start, start.checked_add(6.months()).ok()?)
}

/// An ISO week, from Monday.
pub(in crate::plan) fn iso_week(year: i16, week: i8) -> Option<Span> {
    let monday = ISOWeekDate::new(year, week, Weekday::Monday).ok()?.date();
    Span::new(monday, monday.checked_add(7.days()).ok()?)
}

/// The last such weekday up to a day, the day included.
pub(in crate::plan) fn back_to(day: Date, weekday: Weekday) -> Option<Date> {
    let days = day.weekday().since(weekday);
    day.checked_sub(i64::from(days).days()).ok()
}

/// Easter Sunday of the western churches, by the anonymous Gregorian computation
/// (J. Meeus, *Astronomical Algorithms*, chapter 8).
pub(in crate::plan) fn easter(year: i16) -> Option<Date> {
    let year = i32::from(year);
    let (golden, century, rest) = (year % 19, year / 100, year % 100);
    let moon =
        (19 * golden + century - century / 4 - (century - (century + 8) / 25 + 1) / 3 + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (rest / 4) - moon - rest % 4) % 7;
    let shift = (golden + 11 * moon + 22 * weekday) / 451;
    let number = moon + weekday - 7 * shift + 114;
    let (month, day) = (i8::try_from(number / 31).ok()?, i8::try_from(number % 31 + 1).ok()?);
    Date::new(i16::try_from(year).ok()?, month, day).ok()
}

/// A year that a person may write of by four digits alone.
pub(in crate::plan) fn is_usual_year(year: i16) -> bool {
    (1900..=2199).contains(&year)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn easter_falls_on_its_days() {
        for (year, month, day) in [(2019, 4, 21), (2021, 4, 4), (2024, 3, 31), (2038, 4, 25)] {
            assert_eq!(easter(year), Some(date(year, month, day)));
        }
    }

    /// Fault 133: week 53, and weeks across the new year.
    #[test]
    fn weeks_pass_the_edge_of_the_year() {
        assert_eq!(iso_week(2020, 53).unwrap().start(), date(2020, 12, 28));
        assert_eq!(iso_week(2021, 53), None);
        let week = Unit::Week.around(date(2021, 1, 1), Weekday::Monday).unwrap();
        assert_eq!(week.to_string(), "2020-12-28..2021-01-03");
        let week = Unit::Week.around(date(2021, 1, 1), Weekday::Sunday).unwrap();
        assert_eq!(week.to_string(), "2020-12-27..2021-01-02");
    }
}
