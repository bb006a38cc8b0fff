//! The plan of a question.

use std::{fmt, ops::Range};

use serde::{Deserialize, Serialize};

use super::explain::Explained;
use crate::logbook::{Language, Precision, Span, Weekdays};

/// What is wanted of the logbook.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Intent {
    /// A fact, wherever it stands.
    #[default]
    Lookup,
    /// The day of something: when did it happen, when was it written.
    When,
    /// Each thing of a kind.
    List,
    /// An account of a whole period.
    Recap,
    /// How many.
    Count,
    /// The earliest.
    First,
    /// The latest.
    Last,
    /// What there is most of.
    Most,
    /// The one that took longest, or went farthest.
    Largest,
    /// The one that took the least time, or went the least far.
    Smallest,
    /// One period beside another.
    Compare,
    /// The same day of every year.
    OnThisDay,
    /// Which day of the week a day is; the calendar says it.
    Weekday,
}

impl Intent {
    /// Whether every entry of the period is read, rather than the best of it searched for.
    #[must_use]
    pub fn enumerates(self) -> bool {
        !matches!(self, Self::Lookup | Self::When | Self::Weekday)
    }
}

/// A period that a question names.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Asked {
    /// The days.
    pub span: Span,
    /// How exactly they were named.
    pub precision: Precision,
    /// The words that were read.
    pub text: String,
    /// The bytes of the question that they stand at; none when taken on from an earlier turn.
    pub bytes: Option<Range<usize>>,
}

/// Weekdays that a question names.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct AskedWeekdays {
    /// The weekdays.
    pub weekdays: Weekdays,
    /// Whether they are left out: `except on Mondays`.
    pub excluded: bool,
    /// The words that were read.
    pub text: String,
    /// The bytes of the question that they stand at; none when taken on from an earlier turn.
    pub bytes: Option<Range<usize>>,
}

/// A unit of the calendar that things are counted by.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// Years.
    Year,
    /// Months.
    Month,
    /// Weeks, from Monday.
    Week,
    /// Days.
    Day,
    /// The days of the week.
    Weekday,
}

/// What a thing is measured by.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// How long it took.
    Time,
    /// How far it went.
    Distance,
}

/// A part of the logbook that a question names.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Within {
    /// What kind of part it is said to be.
    pub place: Place,
    /// Its name, as it was written.
    pub name: String,
    /// The words that were read.
    pub text: String,
    /// The bytes of the question that they stand at; none when taken on from an earlier turn.
    pub bytes: Option<Range<usize>>,
}

impl Within {
    /// The same for a question whose words do not say it.
    #[must_use]
    pub fn taken_on(&self) -> Self {
        Self { bytes: None, ..self.clone() }
    }
}

/// What a part of the logbook is said to be.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// A folder.
    Folder,
    /// A tag.
    Tag,
    /// A folder or a tag, by its name alone: `in my work notes`.
    Named,
}

/// A question in other words than those of the user.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Reworded {
    /// The words; what stands at bytes stands at those of them.
    pub question: String,
    /// Who put it so.
    pub by: String,
}

/// What a question asks.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Plan {
    /// The question, as it was typed.
    pub question: String,
    /// The question with what it takes on from the turns before it, as it is searched for.
    pub resolved: String,
    /// What it is about: the question without its periods and without the words that only ask.
    /// Empty when it is about everything (`what did I learn in 2021?`).
    pub topic: String,
    /// What is wanted.
    pub intent: Intent,
    /// The periods, in the order named; none when any time will do.
    pub spans: Vec<Asked>,
    /// Periods that are left out.
    pub without: Vec<Asked>,
    /// Whether the periods are meant in every year: `on this day`.
    #[serde(default)]
    pub yearly: bool,
    /// The weekdays that it is narrowed to: only entries of one day are on one.
    #[serde(default)]
    pub weekdays: Vec<AskedWeekdays>,
    /// What the most is counted by: `which month has the most notes`.
    #[serde(default)]
    pub by: Option<By>,
    /// What the largest is measured by, where the question says so: `how far`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measure: Option<Measure>,
    /// The parts of the logbook that it is narrowed to, as they were said.
    #[serde(default)]
    pub within: Vec<Within>,
    /// Whether it takes something on from the turn before it.
    #[serde(default)]
    pub follows: bool,
    /// The language it is asked in.
    pub language: Language,
    /// What was not certain, in sentences for the user.
    pub doubts: Vec<String>,
    /// Whether words about time were not understood, or may be a period and were read as part of the
    /// topic. A period that is only rough is sure.
    #[serde(default)]
    pub unsure: bool,
    /// The question in the words that were read, where they are not the user's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reworded: Option<Reworded>,
    /// Other words for the topic, which a model named; they are searched for beside its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_words: Vec<String>,
    /// How each word was read, where that is to be shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub explained: Vec<Explained>,
}

impl Plan {
    /// All weekdays that an entry may lie on; none when any day will do.
    #[must_use]
    pub fn on_weekdays(&self) -> Weekdays {
        let of = |excluded: bool| {
            let named = self.weekdays.iter().filter(|asked| asked.excluded == excluded);
            named.fold(Weekdays::default(), |all, asked| all.and(asked.weekdays))
        };
        match (of(false), of(true)) {
            (named, left_out) if !named.is_empty() => named.without(left_out),
            (_, left_out) if !left_out.is_empty() => left_out.others(),
            (named, _) => named,
        }
    }

    /// The words that were read: the question as typed, or as it was put in other words.
    #[must_use]
    pub fn words(&self) -> &str {
        self.reworded.as_ref().map_or(&self.question, |reworded| &reworded.question)
    }

    /// The name of what is wanted, as it stands in JSON.
    #[must_use]
    pub fn intent_name(&self) -> String {
        let name = serde_json::to_value(self.intent).unwrap_or_default();
        name.as_str().unwrap_or_default().to_owned()
    }
}

/// An earlier question of the same conversation.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Turn {
    /// Its plan.
    pub plan: Plan,
}

/// One line: `2022 · recap · "rust"`.
impl fmt::Display for Plan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.spans.is_empty() {
            formatter.write_str("any time")?;
        }
        for (index, asked) in self.spans.iter().enumerate() {
            formatter.write_str(if index == 0 { "" } else { ", " })?;
            if self.yearly {
                write_yearly(formatter, asked.span)?;
            } else {
                write!(formatter, "{}", asked.span)?;
            }
        }
        for asked in &self.without {
            write!(formatter, ", not {}", asked.span)?;
        }
        let weekdays = self.on_weekdays();
        if !weekdays.is_empty() {
            write!(formatter, ", {}", weekdays.words(Language::English))?;
        }
        for within in &self.within {
            write!(formatter, ", in {}", within.name)?;
        }
        write!(formatter, " · {}", self.intent_name())?;
        if !self.topic.is_empty() {
            write!(formatter, " · \"{}\"", self.topic)?;
        }
        Ok(())
    }
}

/// `06-15 of every year`, `06-01..08-31 of every year`.
fn write_yearly(formatter: &mut fmt::Formatter<'_>, span: Span) -> fmt::Result {
    let (first, last) = (span.start(), span.last());
    write!(formatter, "{:02}-{:02}", first.month(), first.day())?;
    if first != last {
        write!(formatter, "..{:02}-{:02}", last.month(), last.day())?;
    }
    formatter.write_str(" of every year")
}
