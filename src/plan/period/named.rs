//! Periods by name: days and months, quarters, weeks, seasons and feasts, with or without a year.

use jiff::{ToSpan as _, civil::Date};

use super::{
    atom::Atom,
    numeric,
    shape::{Named, Shape, Today},
    spans::{Unit, is_usual_year},
    token::Text,
    vocabulary as words,
};
use crate::logbook::{Precision, Span, weekday_named};

/// The longest named period at a place.
pub(super) fn read(text: &Text, at: usize, today: Today) -> Option<Atom> {
    [
        after_weekday(text, at, today),
        day_then_month(text, at, today),
        month_then_day(text, at, today),
        month(text, at, today),
        quarter(text, at, today),
        week(text, at, today),
        season(text, at, today),
        feast(text, at, today),
        said_year(text, at),
        day_alone(text, at),
        weekday_and_day(text, at, today),
    ]
    .into_iter()
    .flatten()
    .max_by_key(|atom| atom.end)
}

/// `Monday 26 March 2021`, `lundi, le 3 mai`: the weekday adds nothing.
fn after_weekday(text: &Text, at: usize, today: Today) -> Option<Atom> {
    weekday_named(text.word(at))?;
    let next = if text.mark(at + 1, &[',', '.']) { at + 2 } else { at + 1 };
    let next = text.skip(text.skip(next, &["on"]), &["the", "le"]);
    [
        day_then_month(text, next, today),
        month_then_day(text, next, today),
        numeric::read(text, next),
    ]
    .into_iter()
    .flatten()
    .find(|atom| atom.sure && matches!(atom.shape.named, Named::Day { .. }))
}

/// `26 March 2021`, `the 26th of March`, `1er mars 2020`.
fn day_then_month(text: &Text, at: usize, today: Today) -> Option<Atom> {
    let (day, behind) = day(text, at)?;
    let behind = text.skip(behind, &["of", "de", "d'"]);
    let (month, end) = words::month(text, behind)?;
    dated(text, Named::Day { month: Some(month), day }, end, today)
}

/// `March 26, 2021`, `March 26th`.
fn month_then_day(text: &Text, at: usize, today: Today) -> Option<Atom> {
    let (month, behind) = words::month(text, at)?;
    let behind = text.skip(behind, &["the"]);
    let (day, end) = day(text, behind)?;
    let atom = dated(text, Named::Day { month: Some(month), day }, end, today)?;
    let modal = text.is(at, &["may", "march", "mar"]) && !text.capital(at);
    let plain = end == behind + 1 && atom.shape.year.is_none();
    (!(modal && plain)).then_some(atom)
}

/// A day of a month with the year behind it, when there is one.
fn dated(text: &Text, named: Named, end: usize, today: Today) -> Option<Atom> {
    let shape = Shape::new(named);
    let (shape, end) = with_year(text, shape, end, today);
    shape.is_real().then(|| Atom::sure(shape, end))
}

/// The day of a month: a number with or without its ending, or in words.
pub(super) fn day(text: &Text, at: usize) -> Option<(i8, usize)> {
    let month_behind =
        |end: usize| words::month(text, text.skip(end, &["of", "de", "d'"])).is_some();
    if let Some((number, end)) = words::ordinal_word(text, at)
        && (number == 1 || month_behind(end) || words::month(text, at.wrapping_sub(2)).is_some())
    {
        return Some((day_number(number)?, end));
    }
    // `le trois mai`; no other language counts its days in words.
    if let Some((number, end)) = words::cardinal(text, at)
        && words::month(text, end).is_some()
        && text.is(at.wrapping_sub(1), &["le", "du", "au", "et", "les"])
    {
        return Some((day_number(number)?, end));
    }
    let (number, 1 | 2) = text.number(at)? else { return None };
    Some((day_number(number.into())?, words::ordinal_ending(text, at + 1)))
}

fn day_number(number: i32) -> Option<i8> {
    i8::try_from(number).ok().filter(|day| (1..=31).contains(day))
}

/// `March 2021`, `mars de l'année dernière`, `the month of March`, `March`.
fn month(text: &Text, at: usize, today: Today) -> Option<Atom> {
    let bare = text.any_phrase(at, &["month of", "mois de", "mois d'"]);
    let name = bare.unwrap_or(at);
    let (month, end) = words::month(text, name)?;
    let verb = words::is_month_in_doubt(text.word(name))
        && !text.capital(name)
        && text.is(name.wrapping_sub(1), &["i", "we", "you", "they", "he", "she", "it"]);
    if verb {
        return None;
    }
    // `30 February 2021` is no date, and so not February either.
    if at > 0 && text.number(at - 1).is_some_and(|(_, digits)| digits <= 2) {
        return None;
    }
    let (shape, behind) = with_year(text, Shape::new(Named::Month(month)), end, today);
    let sure = bare.is_some() || behind > end;
    Some(Atom { sure, ..Atom::loose(shape, behind) })
}

/// `Q3 2022`, `third quarter of 2022`, `premier semestre 2022`.
fn quarter(text: &Text, at: usize, today: Today) -> Option<Atom> {
    let (named, end) = numeric::lettered(text, at)
        .filter(|(named, _)| !matches!(named, Named::Week(_)))
        .or_else(|| ordinal_part(text, at))?;
    let (shape, behind) = with_year(text, Shape::new(named), end, today);
    Some(Atom { sure: behind > end, ..Atom::loose(shape, behind) })
}

fn ordinal_part(text: &Text, at: usize) -> Option<(Named, usize)> {
    // `quarter 3 of 2022`, `trimestre 3`.
    if let Some((unit, behind)) = words::unit(text, at)
        && let Some((number, 1)) = text.number(behind)
    {
        return part_of_year(unit, i8::try_from(number).ok()?, behind + 1);
    }
    let (number, behind) = words::ordinal(text, at)?;
    let (unit, end) = words::unit(text, behind)?;
    let is_final = number == -1 && !text.is(at, &["last"]);
    part_of_year(unit, if is_final { 4 } else { number }, end)
}

fn part_of_year(unit: Unit, number: i8, end: usize) -> Option<(Named, usize)> {
    match (unit, number) {
        (Unit::Quarter, 1..=4) => Some((Named::Quarter(number), end)),
        (Unit::Half, 1..=2) => Some((Named::Half(number), end)),
        _ => None,
    }
}

/// `week 11 of 2022`, `sem. 11 de 2022`, `W11 2022`.
fn week(text: &Text, at: usize, today: Today) -> Option<Atom> {
    let (named, end) = if text.is(at, &["week", "weeks", "wk", "cw", "semaine", "semaines", "sem"])
    {
        let dot = text.glued(at + 1) && text.mark(at + 1, &['.']);
        let (number, end) = week_number(text, if dot { at + 2 } else { at + 1 })?;
        (Named::Week(number), end)
    } else {
        numeric::lettered(text, at).filter(|(named, _)| matches!(named, Named::Week(_)))?
    };
    let (shape, behind) = with_year(text, Shape::new(named), end, today);
    Some(Atom { sure: behind > end, ..Atom::loose(shape, behind) })
}

/// The number of an ISO week.
pub(super) fn week_number(text: &Text, at: usize) -> Option<(i8, usize)> {
    let (number, 1 | 2) = text.number(at)? else { return None };
    let number = i8::try_from(number).ok().filter(|week| (1..=53).contains(week))?;
    Some((number, at + 1))
}

/// `spring 2021`, `summer of 2021`, `l'hiver 2020-2021`, `summer`.
fn season(text: &Text, at: usize, today: Today) -> Option<Atom> {
    let season = words::season(text.word(at))?;
    let verb = text.is(at, &["fall", "spring"])
        && text.is(
            at.wrapping_sub(1),
            &[
                "i", "we", "you", "they", "he", "she", "it", "to", "did", "may", "will", "can",
                "not",
            ],
        );
    if verb {
        return None;
    }
    let (mut shape, mut behind) = with_year(text, Shape::new(Named::Season(season)), at + 1, today);
    if let Some((first, _)) = text.number(behind.saturating_sub(1))
        && season.spans_new_year(today.hemisphere)
        && let Some((next, digits @ (2 | 4))) = text.number(behind + 1)
        && text.mark(behind, &['-', '/', '–'])
        && next == if digits == 4 { first + 1 } else { (first + 1) % 100 }
    {
        shape.year = Some(first);
        behind += 2;
    }
    Some(Atom { sure: behind > at + 1, ..Atom::loose(shape, behind) })
}

/// `Christmas 2021`, `New Year's Eve`.
fn feast(text: &Text, at: usize, today: Today) -> Option<Atom> {
    let (feast, end) = words::feast(text, at)?;
    let (shape, behind) = with_year(text, Shape::new(Named::Feast(feast)), end, today);
    Some(Atom { sure: behind > end, ..Atom::loose(shape, behind) })
}

/// `the year 2022`, `l'année 2022`, `the year of 2022`.
fn said_year(text: &Text, at: usize) -> Option<Atom> {
    text.is(at, &["year", "annee", "an"]).then_some(())?;
    let (year, end) = digits(text, text.skip(at + 1, &["of", "de"]))?;
    Some(Atom::sure(Shape::of_year(year), end))
}

/// `on the 14th`, `le 14`: the last such day.
fn day_alone(text: &Text, at: usize) -> Option<Atom> {
    let (day, end) = day(text, at).filter(|_| text.number(at).is_some())?;
    let ordinal = end > at + 1;
    let before = text.word_before(at);
    let led =
        (ordinal && before == "the" && text.is(at.wrapping_sub(2), &["on", "since", "until"]))
            || (before == "le" && !text.is(at.wrapping_sub(2), &["et"]));
    (led && closes(text, end)).then(|| Atom::sure(Shape::new(Named::Day { month: None, day }), end))
}

/// `Monday the 13th`, `vendredi 13`: the last day that is both.
fn weekday_and_day(text: &Text, at: usize, today: Today) -> Option<Atom> {
    const MONTHS_BACK: i32 = 24;
    let weekday = weekday_named(text.word(at)).filter(|_| text.word(at).len() > 4)?;
    let behind = text.skip(at + 1, &["the", "le"]);
    let (day, end) = day(text, behind).filter(|_| text.number(behind).is_some())?;
    let is_plain = end == behind + 1;
    let goes_on = text.is(end, &["to", "au", "a", "and", "et", "or", "ou", "until", "through"])
        || text.mark(end, &['-', '–', ',']);
    if !closes(text, end) || goes_on || (is_plain && !text.is(at, FRENCH_WEEKDAYS)) {
        return None;
    }
    let found = (0..=MONTHS_BACK).find_map(|back| {
        let month = today.date.first_of_month().checked_sub(back.months()).ok()?;
        let date = Date::new(month.year(), month.month(), day).ok()?;
        (date <= today.date && date.weekday() == weekday).then_some(date)
    })?;
    Some(Atom::sure(Shape::fixed(Span::day(found)?, Precision::Day), end))
}

const FRENCH_WEEKDAYS: &[&str] =
    &["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];

/// Adds the year that stands behind, in digits or as `last year`.
pub(super) fn with_year(text: &Text, shape: Shape, at: usize, today: Today) -> (Shape, usize) {
    match year_behind(text, at, today) {
        Some((year, end)) => (shape.in_year(year), end),
        None => (shape, at),
    }
}

fn year_behind(text: &Text, at: usize, today: Today) -> Option<(i16, usize)> {
    let comma = text.mark(at, &[',']);
    let at = if comma { at + 1 } else { at };
    if let Some(found) = digits(text, at) {
        return Some(found);
    }
    if !comma && text.mark(at, &['\'', '’']) && text.glued(at + 1) {
        let (year, 2) = text.number(at + 1)? else { return None };
        return Some((2000 + year, at + 2));
    }
    let said = text.skip(at, &["of", "de", "d'", "in", "en"]);
    let said = text.skip(said, words::ARTICLES);
    digits(text, said)
        .or_else(|| digits(text, text.skip(said, &["year", "annee", "an"])))
        .or_else(|| relative_year(text, said, today).filter(|_| !comma))
}

fn relative_year(text: &Text, at: usize, today: Today) -> Option<(i16, usize)> {
    let phrases: [(i32, &[&str]); 3] = [
        (
            -1,
            &[
                "last year",
                "previous year",
                "annee derniere",
                "annee passee",
                "an dernier",
                "an passe",
            ],
        ),
        (0, &["this year", "current year", "cette annee"]),
        (1, &["next year", "annee prochaine", "an prochain"]),
    ];
    phrases.into_iter().find_map(|(years, phrases)| {
        let end = text.any_phrase(at, phrases)?;
        let there = text.mark(end, &['-']) && text.is(end + 1, &["la"]);
        let year = today.date.checked_add(years.years()).ok()?.year();
        (!there).then_some((year, end))
    })
}

/// A usual year in four digits.
fn digits(text: &Text, at: usize) -> Option<(i16, usize)> {
    let (year, 4) = text.number(at)? else { return None };
    is_usual_year(year).then_some((year, at + 1))
}

/// Whether what stands here ends a phrase, so that the date before it is no adjective.
pub(super) fn closes(text: &Text, at: usize) -> bool {
    match text.get(at) {
        None => true,
        Some(token) if token.kind == super::token::Kind::Mark => !text.glued(at) || text.ends(at),
        Some(_) => text.is(at, words::FRAME),
    }
}

impl Text<'_> {
    /// Whether a mark ends what is before it, rather than joining it to what follows.
    pub(super) fn ends(&self, at: usize) -> bool {
        !self.glued(at + 1) || at + 1 >= self.len()
    }
}
