//! How long and how far: the times and the distances that a text names.

use serde::Serialize;

use super::figures::number_named;
use crate::{index::folded, plan::Measure};

/// A time in seconds, or a distance in metres.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(super) struct Quantity {
    /// What is measured.
    pub(super) measure: Measure,
    /// How much of it.
    pub(super) amount: f64,
}

/// How far a rounded quantity may be from the exact one, as a share of it.
const ROUNDING: f64 = 0.01;

impl Quantity {
    /// Whether it is the same as another, but for rounding.
    pub(super) fn is_about(self, other: Self) -> bool {
        self.measure == other.measure
            && (self.amount - other.amount).abs() <= ROUNDING * other.amount.abs()
    }
}

/// The units, folded; what each is in seconds or in metres.
const UNITS: [(Measure, f64, &[&str]); 9] = [
    (Measure::Time, 1.0, &["s", "sec", "secs", "second", "seconds", "seconde", "secondes"]),
    (Measure::Time, 60.0, &["min", "mins", "mn", "minute", "minutes"]),
    (Measure::Time, 3_600.0, &["h", "hr", "hrs", "hour", "hours", "heure", "heures"]),
    (Measure::Time, 86_400.0, &["day", "days", "jour", "jours"]),
    (Measure::Time, 604_800.0, &["week", "weeks", "semaine", "semaines"]),
    (Measure::Time, 2_629_746.0, &["month", "months", "mois"]),
    (Measure::Distance, 1.0, &["m", "metre", "metres", "meter", "meters"]),
    (
        Measure::Distance,
        1_000.0,
        &["km", "kms", "kilometre", "kilometres", "kilometer", "kilometers"],
    ),
    // The international mile. Source: NIST Special Publication 811, appendix B.
    (Measure::Distance, 1_609.344, &["mi", "mile", "miles"]),
];

/// The quantities of a text, in order; `1 h 30` and `2 hours 5 minutes` are one.
pub(super) fn quantities(text: &str) -> Vec<Quantity> {
    let words = words(text);
    let mut quantities: Vec<Quantity> = Vec::new();
    let mut before: Option<(usize, f64)> = None;
    let mut at = 0;
    while at < words.len() {
        let Some((measure, unit, amount, end)) = quantity(&words, at) else {
            // `1 h 30`: what follows hours without a unit are minutes.
            if let (Some((end, 3_600.0)), Some(minutes)) = (before, number(&words[at]))
                && end == at
                && minutes < 60.0
                && let Some(last) = quantities.last_mut()
            {
                last.amount += 60.0 * minutes;
            }
            at += 1;
            continue;
        };
        match (before, quantities.last_mut()) {
            (Some((end, larger)), Some(last))
                if end == at && larger > unit && last.measure == measure =>
            {
                last.amount += amount;
            }
            _ => quantities.push(Quantity { measure, amount }),
        }
        before = Some((end, unit));
        at = end;
    }
    quantities
}

/// The quantity that begins at a word, with its unit and where it ends.
fn quantity(words: &[String], at: usize) -> Option<(Measure, f64, f64, usize)> {
    let is_lapse = at > 0 && ["in", "en"].contains(&words[at - 1].as_str());
    if let Some(seconds) = by_clock(&words[at], is_lapse) {
        return Some((Measure::Time, 1.0, seconds, at + 1));
    }
    let number = number(&words[at])?;
    let name = words.get(at + 1)?;
    let (measure, unit, _) = UNITS.iter().find(|(_, _, names)| names.contains(&name.as_str()))?;
    Some((*measure, *unit, number * unit, at + 2))
}

/// The seconds of `1:10:20`, and of `52:10` where that is no time of day: what is done in a time, or
/// more than a day has hours.
fn by_clock(word: &str, is_lapse: bool) -> Option<f64> {
    let parts: Vec<&str> = word.split(':').collect();
    let is_number = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
    if parts.len() < 2 || parts[0].is_empty() || !parts.iter().all(is_number) {
        return None;
    }
    let amounts: Vec<f64> = parts.iter().map(|part| part.parse().ok()).collect::<Option<_>>()?;
    if parts[1..].iter().any(|part| part.len() != 2) || amounts[1..].iter().any(|it| *it >= 60.0) {
        return None;
    }
    match amounts[..] {
        [hours, minutes, seconds] => Some(3_600.0 * hours + 60.0 * minutes + seconds),
        [minutes, seconds] if is_lapse || minutes > 24.0 => Some(60.0 * minutes + seconds),
        _ => None,
    }
}

/// The number that a word is, in digits or by name.
fn number(word: &str) -> Option<f64> {
    if word.starts_with(|character: char| character.is_ascii_digit()) {
        return word.replace(',', ".").parse().ok();
    }
    number_named(word).map(f64::from)
}

/// The words of a text, folded; digits and letters are words of their own, and what stands around a
/// date or a fraction keeps it from being a number.
fn words(text: &str) -> Vec<String> {
    let folded = folded(text);
    let runs = folded.split(|character: char| {
        !character.is_alphanumeric() && !matches!(character, '.' | ',' | '/' | ':' | '-')
    });
    let mut words = Vec::new();
    for run in runs.map(|run| run.trim_matches(['.', ',', '/', ':', '-'])) {
        let mut kind = None;
        for character in run.chars() {
            let is_letter = character.is_alphabetic() || character == '-' && kind == Some(true);
            match (kind, words.last_mut()) {
                (Some(same), Some(word)) if same == is_letter => String::push(word, character),
                _ => words.push(character.to_string()),
            }
            kind = Some(is_letter);
        }
    }
    words.iter().map(|word| word.trim_matches('-').to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, expected: &[(Measure, f64)]) {
        let found: Vec<(Measure, f64)> =
            quantities(text).iter().map(|it| (it.measure, it.amount)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn times_are_read() {
        use Measure::Time;
        check("Read for 55 minutes today.", &[(Time, 3_300.0)]);
        check("1h30 de vélo", &[(Time, 5_400.0)]);
        check("2 hours 5 minutes, then 10 min", &[(Time, 7_500.0), (Time, 600.0)]);
        check("two weeks in Rome, trois jours à Lyon", &[(Time, 1_209_600.0), (Time, 259_200.0)]);
        check("1,5 h", &[(Time, 5_400.0)]);
        check("a 45-minute nap", &[(Time, 2_700.0)]);
    }

    #[test]
    fn times_of_a_watch_are_read() {
        use Measure::{Distance, Time};
        check("11.3 km in 1:10:20", &[(Distance, 11_300.0), (Time, 4_220.0)]);
        check("8 km en 52:10, pas mal", &[(Distance, 8_000.0), (Time, 3_130.0)]);
        check("5 km in 19:40", &[(Distance, 5_000.0), (Time, 1_180.0)]);
        check("41:05. A record.", &[(Time, 2_465.0)]);
        check("at 19:40 we left, 3:75, 12:5, 1:2:3:4", &[]);
    }

    #[test]
    fn distances_are_read() {
        use Measure::Distance;
        check("Ran 10.5km, then 800 m.", &[(Distance, 10_500.0), (Distance, 800.0)]);
        check("two miles", &[(Distance, 3_218.688)]);
    }

    #[test]
    fn dates_and_times_of_day_are_no_quantities() {
        check("On 2019/03/24 at 10:30, 5 friends and 3 bikes", &[]);
        check("2022-03-14 days", &[]);
    }

    proptest! {
        #[test]
        fn any_text_can_be_read(text in "[0-9a-zéè .,:/hm-]{0,40}") {
            for quantity in quantities(&text) {
                prop_assert!(quantity.amount >= 0.0);
            }
        }
    }
}
