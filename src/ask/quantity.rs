//! How long and how far: the times and the distances that a text names.

use super::figures::number_named;
use crate::{index::folded, plan::Measure};

/// A time in seconds, or a distance in metres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Quantity {
    /// What is measured.
    pub(super) measure: Measure,
    /// How much of it.
    pub(super) amount: f64,
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
    let number = number(&words[at])?;
    let name = words.get(at + 1)?;
    let (measure, unit, _) = UNITS.iter().find(|(_, _, names)| names.contains(&name.as_str()))?;
    Some((*measure, *unit, number * unit, at + 2))
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
