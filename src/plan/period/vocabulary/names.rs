//! The names of the calendar in English and French: units, numbers, ordinals, seasons, feasts.
//!
//! Words are folded, without case and accents. Where a word is also something else (`may`, `été`),
//! the rule that reads it asks for more than the word.

use super::numbers::{cardinal, ordinal_word};
use crate::logbook::month_named;
use crate::plan::period::{
    shape::{Feast, Part},
    spans::{Season, Unit},
    token::Text,
};

/// The unit that begins at a place, and the place behind it.
pub(in crate::plan::period) fn unit(text: &Text, at: usize) -> Option<(Unit, usize)> {
    if let Some(end) = text.any_phrase(at, &["week - end", "week - ends"]) {
        return Some((Unit::Weekend, end));
    }
    let unit = match text.word(at) {
        "day" | "days" | "jour" | "jours" | "journee" => Unit::Day,
        "week" | "weeks" | "semaine" | "semaines" => Unit::Week,
        "weekend" | "weekends" => Unit::Weekend,
        "fortnight" | "fortnights" | "quinzaine" => Unit::Fortnight,
        "month" | "months" | "mois" => Unit::Month,
        "quarter" | "quarters" | "trimestre" | "trimestres" => Unit::Quarter,
        "semester" | "semestre" | "semestres" => Unit::Half,
        "year" | "years" | "an" | "ans" | "annee" | "annees" => Unit::Year,
        _ => return None,
    };
    Some((unit, at + 1))
}

/// How many of something.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::plan::period) struct Count {
    /// The number.
    pub(in crate::plan::period) number: i32,
    /// Whether the words give no exact number (`a few`).
    pub(in crate::plan::period) vague: bool,
}

/// The count that begins at a place, and the place behind it.
pub(in crate::plan::period) fn count(text: &Text, at: usize) -> Option<(Count, usize)> {
    if let Some((number, digits)) = text.number(at) {
        return (digits <= 3).then(|| (exact(number.into()), at + 1));
    }
    if let Some(end) = text.any_phrase(at, &["a couple of", "couple of", "a couple"]) {
        return Some((exact(2), end));
    }
    if let Some(end) = text.any_phrase(at, &["a few", "few", "several", "quelques", "plusieurs"]) {
        return Some((Count { number: 3, vague: true }, end));
    }
    if let Some((number, end)) = cardinal(text, at) {
        return Some((exact(number), end));
    }
    text.is(at, &["a", "an"]).then(|| (exact(1), at + 1))
}

fn exact(number: i32) -> Count {
    Count { number, vague: false }
}

/// The ordinal that begins at a place (−1 is the last), and the place behind it.
pub(in crate::plan::period) fn ordinal(text: &Text, at: usize) -> Option<(i8, usize)> {
    if let Some((number, 1 | 2)) = text.number(at) {
        let end = ordinal_ending(text, at + 1);
        return (end > at + 1).then_some((i8::try_from(number).ok()?, end));
    }
    if text.is(at, &["last", "final", "dernier", "derniere"]) {
        return Some((-1, at + 1));
    }
    let (number, end) = ordinal_word(text, at)?;
    Some((i8::try_from(number).ok()?, end))
}

/// The place behind the ending of an ordinal in digits, when one stands there.
pub(in crate::plan::period) fn ordinal_ending(text: &Text, at: usize) -> usize {
    let endings = ["st", "nd", "rd", "th", "er", "re", "ere", "e", "eme", "ieme"];
    if text.glued(at) && text.is(at, &endings) { at + 1 } else { at }
}

/// The month that begins at a place, and the place behind it; the dot of `Sept.` is part of it.
pub(in crate::plan::period) fn month(text: &Text, at: usize) -> Option<(i8, usize)> {
    let word = text.word(at);
    let month = month_named(word)?;
    let dot = word.len() <= 5
        && !is_whole_month(word)
        && text.glued(at + 1)
        && text.mark(at + 1, &['.'])
        && text.get(at + 2).is_some_and(|next| !next.glued);
    Some((month, if dot { at + 2 } else { at + 1 }))
}

/// Whether a month's name is written out.
pub(in crate::plan::period) fn is_whole_month(word: &str) -> bool {
    word.len() > 5
        || ["march", "april", "may", "june", "july", "mars", "avril", "mai", "juin", "aout"]
            .contains(&word)
}

/// Whether a month's name is a common word or name as well.
pub(in crate::plan::period) fn is_month_in_doubt(word: &str) -> bool {
    ["march", "may", "april", "june", "august", "mars", "avril", "mai"].contains(&word)
        || !is_whole_month(word)
}

/// The season that a word names.
pub(in crate::plan) fn season(word: &str) -> Option<Season> {
    Some(match word {
        "spring" | "springs" | "springtime" | "printemps" => Season::Spring,
        "summer" | "summers" | "summertime" | "ete" | "etes" => Season::Summer,
        "autumn" | "autumns" | "fall" | "automne" => Season::Autumn,
        "winter" | "winters" | "wintertime" | "hiver" | "hivers" => Season::Winter,
        _ => return None,
    })
}

/// The feast that begins at a place, and the place behind it.
pub(in crate::plan::period) fn feast(text: &Text, at: usize) -> Option<(Feast, usize)> {
    const FEASTS: [(Feast, &[&str]); 11] = [
        (
            Feast::ChristmasEve,
            &["christmas eve", "xmas eve", "reveillon de noel", "veille de noel"],
        ),
        (Feast::Christmas, &["christmas day", "christmas", "xmas", "jour de noel", "noel"]),
        (Feast::BoxingDay, &["boxing day"]),
        (
            Feast::NewYearsEve,
            &[
                "new year 's eve",
                "new years eve",
                "new year eve",
                "saint - sylvestre",
                "saint sylvestre",
                "st sylvestre",
                "reveillon du nouvel an",
                "reveillon du jour de l' an",
                "reveillon de la saint - sylvestre",
            ],
        ),
        (
            Feast::NewYear,
            &[
                "new year 's day",
                "new years day",
                "new year day",
                "nouvel an",
                "jour de l' an",
                "new year",
            ],
        ),
        (
            Feast::Valentine,
            &["valentine 's day", "valentines day", "saint - valentin", "saint valentin"],
        ),
        (Feast::Halloween, &["halloween"]),
        (Feast::AllSaints, &["all saints day", "all saints ' day", "toussaint"]),
        (Feast::GoodFriday, &["good friday", "vendredi saint"]),
        (Feast::EasterMonday, &["easter monday", "lundi de paques"]),
        (Feast::Easter, &["easter sunday", "easter", "dimanche de paques", "paques"]),
    ];
    FEASTS
        .iter()
        .filter_map(|(feast, phrases)| Some((*feast, text.any_phrase(at, phrases)?)))
        .max_by_key(|(_, end)| *end)
}

/// The part of a period that begins at a place, the words that bind it included.
pub(in crate::plan::period) fn part(text: &Text, at: usize) -> Option<(Part, usize)> {
    const PARTS: [(Part, &[&str]); 5] = [
        (
            Part::Early,
            &[
                "early",
                "early in",
                "start of",
                "beginning of",
                "debut",
                "debut de",
                "au debut de",
                "debut d'",
                "debut du",
            ],
        ),
        (
            Part::Middle,
            &[
                "mid",
                "mid -",
                "middle of",
                "mi",
                "mi -",
                "milieu",
                "milieu de",
                "milieu d'",
                "milieu du",
            ],
        ),
        (
            Part::Late,
            &["late", "late in", "end of", "tail end of", "fin", "fin de", "fin d'", "fin du"],
        ),
        (
            Part::Half(1),
            &["first half of", "premiere moitie de", "premiere moitie d'", "premiere moitie du"],
        ),
        (
            Part::Half(2),
            &[
                "second half of",
                "seconde moitie de",
                "deuxieme moitie de",
                "seconde moitie du",
                "deuxieme moitie du",
                "seconde moitie d'",
            ],
        ),
    ];
    PARTS
        .iter()
        .filter_map(|(part, phrases)| Some((*part, text.any_phrase(at, phrases)?)))
        .max_by_key(|(_, end)| *end)
}
