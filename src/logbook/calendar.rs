//! The names of months and weekdays, English and French.

use jiff::civil::Weekday;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

/// A language that logtwin reads and answers in.
#[derive(
    Clone, Copy, Debug, Default, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize,
)]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
    /// French.
    #[serde(rename = "fr")]
    French,
}

const MONTHS: [(&[&str], &[&str]); 12] = [
    (&["january", "jan"], &["janvier", "janv"]),
    (&["february", "feb"], &["fevrier", "fevr", "fev"]),
    (&["march", "mar"], &["mars"]),
    (&["april", "apr"], &["avril", "avr"]),
    (&["may"], &["mai"]),
    (&["june", "jun"], &["juin"]),
    (&["july", "jul"], &["juillet", "juil"]),
    (&["august", "aug"], &["aout"]),
    (&["september", "sept", "sep"], &["septembre", "sept"]),
    (&["october", "oct"], &["octobre", "oct"]),
    (&["november", "nov"], &["novembre", "nov"]),
    (&["december", "dec"], &["decembre", "dec"]),
];

/// The months as they are written, English and French.
const MONTH_NAMES: [(&str, &str); 12] = [
    ("January", "janvier"),
    ("February", "février"),
    ("March", "mars"),
    ("April", "avril"),
    ("May", "mai"),
    ("June", "juin"),
    ("July", "juillet"),
    ("August", "août"),
    ("September", "septembre"),
    ("October", "octobre"),
    ("November", "novembre"),
    ("December", "décembre"),
];

const WEEKDAYS: [(Weekday, &[&str], &[&str]); 7] = [
    (Weekday::Monday, &["monday", "mon"], &["lundi", "lun"]),
    (Weekday::Tuesday, &["tuesday", "tues", "tue"], &["mardi", "mar"]),
    (Weekday::Wednesday, &["wednesday", "wed"], &["mercredi", "mer"]),
    (Weekday::Thursday, &["thursday", "thurs", "thur", "thu"], &["jeudi", "jeu"]),
    (Weekday::Friday, &["friday", "fri"], &["vendredi", "ven"]),
    (Weekday::Saturday, &["saturday", "sat"], &["samedi", "sam"]),
    (Weekday::Sunday, &["sunday", "sun"], &["dimanche", "dim"]),
];

/// The month of a word, from 1 to 12, in either language; case, accents and a final dot are nothing.
#[must_use]
pub fn month_named(word: &str) -> Option<i8> {
    let word = folded(word);
    let place = MONTHS
        .iter()
        .position(|(english, french)| english.contains(&&*word) || french.contains(&&*word))?;
    i8::try_from(place + 1).ok()
}

/// The name of a month, from 1 to 12.
#[must_use]
pub fn month_name(language: Language, month: i8) -> &'static str {
    let index = usize::try_from(month - 1).unwrap_or_default().min(11);
    let (english, french) = MONTH_NAMES[index];
    match language {
        Language::English => english,
        Language::French => french,
    }
}

/// The weekday of a word, in either language; case, accents and a final dot are nothing.
#[must_use]
pub fn weekday_named(word: &str) -> Option<Weekday> {
    let word = folded(word);
    WEEKDAYS
        .iter()
        .find(|(_, english, french)| english.contains(&&*word) || french.contains(&&*word))
        .map(|(weekday, ..)| *weekday)
}

/// The name of a weekday as it is written in a sentence.
#[must_use]
pub fn weekday_name(language: Language, weekday: Weekday) -> &'static str {
    const ENGLISH: [&str; 7] =
        ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    let place = usize::try_from(weekday.to_monday_zero_offset()).unwrap_or_default();
    match language {
        Language::English => ENGLISH[place],
        Language::French => WEEKDAYS[place].2[0],
    }
}

/// The name of a weekday where it is stored.
#[must_use]
pub fn weekday_key(weekday: Weekday) -> &'static str {
    WEEKDAYS[usize::try_from(weekday.to_monday_zero_offset()).unwrap_or_default()].1[0]
}

/// A word without case, accents and a final dot.
fn folded(word: &str) -> String {
    word.trim_end_matches('.')
        .nfkd()
        .filter(|character| !('\u{300}'..='\u{36f}').contains(character))
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_known_in_both_languages() {
        for (word, month) in
            [("March", 3), ("févr.", 2), ("AOÛT", 8), ("aout", 8), ("Sept", 9), ("mai", 5)]
        {
            assert_eq!(month_named(word), Some(month), "{word}");
        }
        assert_eq!(month_named("marching"), None);
    }

    #[test]
    fn weekdays_are_known_in_both_languages() {
        assert_eq!(weekday_named("Lundi"), Some(Weekday::Monday));
        assert_eq!(weekday_named("tue."), Some(Weekday::Tuesday));
        assert_eq!(weekday_named("day"), None);
    }
}
