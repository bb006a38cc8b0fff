//! What the most is counted by: `which month of 2023 has the most notes`, `per year`.

use super::{types::By, words::Words};

/// The unit that a question for the most names.
pub(super) fn by(words: &Words<'_>) -> Option<By> {
    const UNITS: [(By, &[&str]); 4] = [
        (By::Year, &["year", "years", "annee", "annees", "an"]),
        (By::Month, &["month", "months", "mois"]),
        (By::Week, &["week", "weeks", "semaine", "semaines"]),
        (By::Day, &["day", "days", "date", "jour", "jours"]),
    ];
    const ASKING: &[&str] = &[
        "what", "which", "per", "by", "each", "every", "quel", "quelle", "quels", "quelles", "par",
        "chaque", "a",
    ];
    const WEEKDAY: &[&str] = &[
        "weekday",
        "weekdays",
        "day of the week",
        "days of the week",
        "jour de la semaine",
        "jours de la semaine",
    ];
    if (1..words.len())
        .any(|at| words.is(at - 1, ASKING) && words.any_phrase(at, WEEKDAY).is_some())
    {
        return Some(By::Weekday);
    }
    (1..words.len()).find_map(|at| {
        let (unit, _) = UNITS.into_iter().find(|(_, names)| words.is(at, names))?;
        words.is(at - 1, ASKING).then_some(unit)
    })
}
