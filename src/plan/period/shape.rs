//! A period as it was said, before it is known which year it is in.

use jiff::{
    ToSpan as _,
    civil::{Date, Weekday},
};

use super::spans::{Season, Unit, easter, half, iso_week};
use crate::logbook::{Precision, Span};

/// What the periods of a question are counted from: its day, and how that day is surrounded.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Today {
    /// The day of the question.
    pub date: Date,
    /// The day that a week begins with.
    pub week_start: Weekday,
    /// Where the seasons are those of.
    pub hemisphere: Hemisphere,
    /// Whether a period without a year is the next one, not the last.
    pub(in crate::plan) ahead: bool,
}

impl Today {
    /// A day with the weeks and the seasons around it.
    #[must_use]
    pub fn new(date: Date, week_start: Weekday, hemisphere: Hemisphere) -> Self {
        Self { date, week_start, hemisphere, ahead: false }
    }

    /// Another day under the same conventions.
    #[must_use]
    pub fn on(self, date: Date) -> Self {
        Self { date, ..self }
    }
}

/// The half of the earth whose seasons are meant.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Hemisphere {
    /// Winter begins in December.
    #[default]
    North,
    /// Summer begins in December.
    South,
}

/// A period as it was said; what is missing is taken from its neighbours or from today.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Shape {
    /// What was named.
    pub(super) named: Named,
    /// Its year, where it was said.
    pub(super) year: Option<i16>,
    /// The part of it that is meant; none when all of it is.
    pub(super) part: Option<Part>,
}

/// What was named.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Named {
    /// A day of a month; the month may come from the neighbour in a range or a list.
    Day {
        month: Option<i8>,
        day: i8,
    },
    Month(i8),
    Quarter(i8),
    Half(i8),
    Season(Season),
    /// An ISO week.
    Week(i8),
    Feast(Feast),
    /// The year itself.
    Year,
    /// Days that need nothing more.
    Fixed(Span, Precision),
}

/// A feast that falls on the same day in every country.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Feast {
    NewYear,
    Valentine,
    GoodFriday,
    Easter,
    EasterMonday,
    Halloween,
    AllSaints,
    ChristmasEve,
    Christmas,
    BoxingDay,
    NewYearsEve,
}

/// A part of a period.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Part {
    Early,
    Middle,
    Late,
    Half(i8),
    /// The day of that number; −1 is the last.
    NthDay(i8),
    /// The seven days of that number.
    NthWeek(i8),
    /// The month of that number.
    NthMonth(i8),
    /// So many units at its start; at its end when negative.
    Edge(Unit, i32),
}

impl Shape {
    /// Something without a year.
    pub(super) fn new(named: Named) -> Self {
        Self { named, year: None, part: None }
    }

    /// A year.
    pub(super) fn of_year(year: i16) -> Self {
        Self { named: Named::Year, year: Some(year), part: None }
    }

    /// Days that need nothing more.
    pub(super) fn fixed(span: Span, precision: Precision) -> Self {
        Self::new(Named::Fixed(span, precision))
    }

    /// Whether a year is missing.
    pub(super) fn needs_year(self) -> bool {
        self.year.is_none() && !matches!(self.named, Named::Fixed(..))
    }

    /// The same with a year, unless it has one.
    pub(super) fn in_year(self, year: i16) -> Self {
        if self.needs_year() { Self { year: Some(year), ..self } } else { self }
    }

    /// The days; a missing year is the last one in which the period has begun, or the next one in
    /// which it has not ended when the text speaks of what is to come.
    pub(super) fn resolve(self, today: Today) -> Option<(Span, Precision)> {
        if let Named::Day { month: None, day } = self.named {
            return such_day(day, today);
        }
        if self.needs_year() {
            // A date such as 29 February has not stood in the calendar for up to eight years.
            return (0..=8).find_map(|years| {
                let year =
                    today.date.year().checked_add(if today.ahead { years } else { -years })?;
                let (span, precision) = self.in_year(year).resolve(today)?;
                let fits =
                    if today.ahead { span.end() > today.date } else { span.start() <= today.date };
                fits.then_some((span, precision))
            });
        }
        let (span, precision) = self.whole(today.hemisphere)?;
        match self.part {
            None => Some((span, precision)),
            Some(part) => Some((part.of(span, precision)?, part.precision())),
        }
    }

    fn whole(self, hemisphere: Hemisphere) -> Option<(Span, Precision)> {
        if let Named::Fixed(span, precision) = self.named {
            return Some((span, precision));
        }
        let year = self.year?;
        Some(match self.named {
            Named::Day { month, day } => {
                (Span::day(Date::new(year, month?, day).ok()?)?, Precision::Day)
            }
            Named::Month(month) => (Span::month(year, month)?, Precision::Month),
            Named::Quarter(quarter) => (Span::quarter(year, quarter)?, Precision::Quarter),
            Named::Half(number) => (half(year, number)?, Precision::Range),
            Named::Season(season) => (season.of(year, hemisphere)?, Precision::Season),
            Named::Week(week) => (iso_week(year, week)?, Precision::Week),
            Named::Feast(feast) => (Span::day(feast.day(year)?)?, Precision::Day),
            Named::Year => (Span::year(year)?, Precision::Year),
            Named::Fixed(span, precision) => (span, precision),
        })
    }
}

impl Feast {
    fn day(self, year: i16) -> Option<Date> {
        let (month, day) = match self {
            Self::NewYear => (1, 1),
            Self::Valentine => (2, 14),
            Self::GoodFriday => return easter(year)?.checked_sub(2.days()).ok(),
            Self::Easter => return easter(year),
            Self::EasterMonday => return easter(year)?.checked_add(1.day()).ok(),
            Self::Halloween => (10, 31),
            Self::AllSaints => (11, 1),
            Self::ChristmasEve => (12, 24),
            Self::Christmas => (12, 25),
            Self::BoxingDay => (12, 26),
            Self::NewYearsEve => (12, 31),
        };
        Date::new(year, month, day).ok()
    }
}

impl Part {
    fn precision(self) -> Precision {
        match self {
            Self::NthDay(_) => Precision::Day,
            Self::NthWeek(_) => Precision::Week,
            Self::NthMonth(_) => Precision::Month,
            _ => Precision::Range,
        }
    }

    /// This part of a span: of a year by quarters, of a month by tens of days, else by thirds.
    fn of(self, span: Span, precision: Precision) -> Option<Span> {
        let (start, end) = (span.start(), span.end());
        let months = |from: i32, to: i32| {
            Span::new(start.checked_add(from.months()).ok()?, start.checked_add(to.months()).ok()?)
        };
        let days = |from: i32, to: i32| {
            Span::new(start.checked_add(from.days()).ok()?, start.checked_add(to.days()).ok()?)
        };
        let length = span.days();
        match (self, precision) {
            (Self::Edge(unit, count), _) if count > 0 => {
                within(span, Span::new(start, unit.step(start, count)?)?)
            }
            (Self::Edge(unit, count), _) => within(span, Span::new(unit.step(end, count)?, end)?),
            (Self::Early, Precision::Year) => months(0, 3),
            (Self::Middle, Precision::Year) => months(4, 8),
            (Self::Late, Precision::Year) => months(9, 12),
            (Self::Half(1), Precision::Year) => months(0, 6),
            (Self::Half(_), Precision::Year) => months(6, 12),
            (Self::Half(1), Precision::Month) => days(0, 15),
            (Self::Half(_), Precision::Month) => days(15, length),
            (Self::Early, Precision::Month) => days(0, 10),
            (Self::Middle, Precision::Month) => days(10, 20),
            (Self::Late, Precision::Month) => days(20, length),
            (Self::Early, _) => days(0, (length / 3).max(1)),
            (Self::Middle, _) => days(length / 3, (length - length / 3).max(1)),
            (Self::Late, _) => days(length - (length / 3).max(1), length),
            (Self::Half(1), _) => days(0, (length / 2).max(1)),
            (Self::Half(_), _) => days(length / 2, length),
            (Self::NthDay(-1), _) => Span::day(span.last()),
            (Self::NthDay(number), _) => {
                let day = start.checked_add((i32::from(number) - 1).days()).ok()?;
                within(span, Span::day(day)?)
            }
            (Self::NthWeek(-1), _) => {
                within(span, Span::new(end.checked_sub(7.days()).ok()?, end)?)
            }
            (Self::NthWeek(number), _) => {
                let first = (i32::from(number) - 1) * 7;
                within(span, days(first, (first + 7).min(length))?)
            }
            (Self::NthMonth(-1), _) => {
                within(span, Span::month(span.last().year(), span.last().month())?)
            }
            (Self::NthMonth(number), _) => {
                within(span, months(i32::from(number) - 1, i32::from(number))?)
            }
        }
    }
}

/// The last day of that number in its month, or the next one ahead.
fn such_day(day: i8, today: Today) -> Option<(Span, Precision)> {
    (0..=2).find_map(|months| {
        let months = if today.ahead { months } else { -months };
        let month = today.date.first_of_month().checked_add(months.months()).ok()?;
        let date = Date::new(month.year(), month.month(), day).ok()?;
        let fits = if today.ahead { date >= today.date } else { date <= today.date };
        fits.then_some((Span::day(date)?, Precision::Day))
    })
}

fn within(whole: Span, part: Span) -> Option<Span> {
    whole.contains(part).then_some(part)
}
