//! Sets of weekdays.

use std::fmt;

use jiff::civil::Weekday;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::{
    Span,
    calendar::{Language, weekday_key, weekday_name, weekday_named},
};

/// Some weekdays; none at all stands for every day.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Weekdays {
    /// A bit a weekday, Monday the lowest.
    bits: u8,
}

impl Weekdays {
    /// From Monday to Friday.
    pub const WORKING: Self = Self { bits: 0b001_1111 };
    /// Saturday and Sunday.
    pub const WEEKEND: Self = Self { bits: 0b110_0000 };

    /// The one weekday that a day is, where a span is one day.
    #[must_use]
    pub fn of(span: Span) -> Option<Weekday> {
        (Span::day(span.start()) == Some(span)).then(|| span.start().weekday())
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.bits == 0
    }

    /// Whether a weekday is one of them.
    #[must_use]
    pub fn contains(self, weekday: Weekday) -> bool {
        self.bits & Self::from(weekday).bits != 0
    }

    /// Whether a span is one day that is one of them.
    #[must_use]
    pub fn contains_day(self, span: Span) -> bool {
        Self::of(span).is_some_and(|weekday| self.contains(weekday))
    }

    /// Those of both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { bits: self.bits | other.bits }
    }

    /// Those that are not among others.
    #[must_use]
    pub fn without(self, others: Self) -> Self {
        Self { bits: self.bits & !others.bits }
    }

    /// All that there are besides.
    #[must_use]
    pub fn others(self) -> Self {
        Self::WORKING.and(Self::WEEKEND).without(self)
    }

    /// `on Mondays and Fridays`, `on weekends`; `les lundis et vendredis`, `en semaine`.
    #[must_use]
    pub fn words(self, language: Language) -> String {
        let group = match (self, language) {
            (Self::WEEKEND, Language::English) => "on weekends",
            (Self::WEEKEND, Language::French) => "les week-ends",
            (Self::WORKING, Language::English) => "on weekdays",
            (Self::WORKING, Language::French) => "en semaine",
            _ => "",
        };
        if !group.is_empty() {
            return group.to_owned();
        }
        let (before, and) = match language {
            Language::English => ("on", " and "),
            Language::French => ("les", " et "),
        };
        let names: Vec<String> =
            self.iter().map(|weekday| format!("{}s", weekday_name(language, weekday))).collect();
        match names.as_slice() {
            [most @ .., last] if !most.is_empty() => {
                format!("{before} {}{and}{last}", most.join(", "))
            }
            _ => format!("{before} {}", names.concat()),
        }
    }

    /// Each of them, from Monday on.
    pub fn iter(self) -> impl Iterator<Item = Weekday> {
        Weekday::Monday.cycle_forward().take(7).filter(move |weekday| self.contains(*weekday))
    }
}

impl From<Weekday> for Weekdays {
    fn from(weekday: Weekday) -> Self {
        Self { bits: 1 << weekday.to_monday_zero_offset() }
    }
}

/// `monday`, `saturday, sunday`.
impl fmt::Display for Weekdays {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, weekday) in self.iter().enumerate() {
            formatter.write_str(if index == 0 { "" } else { ", " })?;
            formatter.write_str(weekday_key(weekday))?;
        }
        Ok(())
    }
}

impl Serialize for Weekdays {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(weekday_key))
    }
}

impl<'de> Deserialize<'de> for Weekdays {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let names = Vec::<String>::deserialize(deserializer)?;
        names.iter().try_fold(Self::default(), |weekdays, name| {
            let weekday = weekday_named(name)
                .ok_or_else(|| D::Error::custom(format!("`{name}` is no weekday")))?;
            Ok(weekdays.and(weekday.into()))
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn only_a_span_of_one_day_is_a_weekday() {
        let mondays = Weekdays::from(Weekday::Monday);
        let day = |day| Span::day(date(2022, 3, day)).unwrap();
        assert!(mondays.contains_day(day(14)));
        assert!(!mondays.contains_day(day(15)));
        assert!(!mondays.contains_day(Span::new(date(2022, 3, 14), date(2022, 3, 16)).unwrap()));
    }

    #[test]
    fn they_are_kept_by_their_names() {
        let weekend = serde_json::to_string(&Weekdays::WEEKEND).unwrap();
        assert_eq!(weekend, r#"["saturday","sunday"]"#);
        assert_eq!(serde_json::from_str::<Weekdays>(&weekend).unwrap(), Weekdays::WEEKEND);
        assert_eq!(Weekdays::WEEKEND.others(), Weekdays::WORKING);
        assert_eq!(Weekdays::WEEKEND.to_string(), "saturday, sunday");
    }
}
