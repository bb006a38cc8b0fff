//! One period in words or digits: the longest that begins at a place.

use jiff::{
    ToSpan as _,
    civil::{Date, Weekday},
};

use super::{
    named, numeric, relative,
    shape::{Named, Part, Shape, Today},
    spans::{Unit, back_to},
    token::Text,
    vocabulary as words,
};
use crate::logbook::{Precision, Span, weekday_named};

/// A period that was read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Atom {
    /// What was named.
    pub(super) shape: Shape,
    /// The token behind it.
    pub(super) end: usize,
    /// Whether it can only be a period, whatever stands around it.
    pub(super) sure: bool,
    /// Whether the words give only a rough period.
    pub(super) vague: bool,
    /// Whether day and month could stand the other way round.
    pub(super) day_first: bool,
}

impl Atom {
    /// A period that stands for itself.
    pub(super) fn sure(shape: Shape, end: usize) -> Self {
        Self { shape, end, sure: true, vague: false, day_first: false }
    }

    /// A word or number that is a period only among the right neighbours.
    pub(super) fn loose(shape: Shape, end: usize) -> Self {
        Self { sure: false, ..Self::sure(shape, end) }
    }
}

/// The longest period at a place.
pub(super) fn atom(text: &Text, at: usize, today: Today) -> Option<Atom> {
    text.get(at)?;
    [
        plain(text, at, today),
        part(text, at, today),
        beside(text, at, today),
        around_now(text, at, today),
        eve(text, at, today),
        nth_weekday(text, at, today),
        weekday_of_week(text, at, today),
    ]
    .into_iter()
    .flatten()
    .max_by_key(|atom| atom.end)
}

/// A period that holds no other.
fn plain(text: &Text, at: usize, today: Today) -> Option<Atom> {
    [numeric::read(text, at), named::read(text, at, today), relative::read(text, at, today)]
        .into_iter()
        .flatten()
        .max_by_key(|atom| atom.end)
}

/// A part of a period: `early 2022`, `fin mars 2021`, `the last week of March 2021`.
fn part(text: &Text, at: usize, today: Today) -> Option<Atom> {
    let (part, behind) =
        words::part(text, at).or_else(|| nth(text, at)).or_else(|| edge(text, at))?;
    let inner = text.skip(text.skip(behind, &["of", "de", "du", "d'"]), words::ARTICLES);
    let whole = plain(text, inner, today)?;
    let fits = match whole.shape.named {
        Named::Day { .. } | Named::Feast(_) => false,
        Named::Fixed(span, _) => span.days() > 1,
        _ => true,
    };
    let loose_word = text.is(at, &["last", "final", "dernier", "derniere", "late", "mi"]);
    let sure = whole.sure || !loose_word || whole.shape.year.is_some();
    (fits && whole.shape.part.is_none()).then_some(Atom {
        shape: Shape { part: Some(part), ..whole.shape },
        sure,
        ..whole
    })
}

/// `the last two weeks of`, `les trois premiers jours de`.
fn edge(text: &Text, at: usize) -> Option<(Part, usize)> {
    let side = |at: usize| match text.word(at) {
        "first" | "premiers" | "premieres" => Some(1),
        "last" | "final" | "derniers" | "dernieres" => Some(-1),
        _ => None,
    };
    let (sign, count, behind) = if let Some(sign) = side(at) {
        let (count, behind) = words::count(text, at + 1).or_else(|| several(text, at + 1))?;
        (sign, count, behind)
    } else {
        let (count, behind) = words::count(text, at)?;
        (side(behind)?, count, behind + 1)
    };
    let (unit, end) = words::unit(text, behind)?;
    let end = text.is(end, &["of", "de", "du", "d'", "in"]).then_some(end + 1)?;
    Some((Part::Edge(unit, sign * count.number), end))
}

/// `the first months of`: how many is not said, and so it is a few.
fn several(text: &Text, at: usize) -> Option<(words::Count, usize)> {
    words::unit(text, at)?;
    let plural = text.word(at).ends_with('s');
    plural.then_some((words::Count { number: 3, vague: true }, at))
}

/// `la veille du 3 mai 2021`, `le lendemain de Noël`, `the eve of 3 May`.
fn eve(text: &Text, at: usize, today: Today) -> Option<Atom> {
    const BEFORE: &[&str] = &["eve of", "veille de", "veille d'", "veille du"];
    const AFTER: &[&str] = &["morrow of", "lendemain de", "lendemain d'", "lendemain du"];
    let before = text.any_phrase(at, BEFORE);
    let inner = before.or_else(|| text.any_phrase(at, AFTER))?;
    let anchor = plain(text, text.skip(inner, words::ARTICLES), today)?;
    let (span, _) = anchor.shape.resolve(today)?;
    let day = match before {
        Some(_) => span.start().checked_sub(1.day()).ok()?,
        None => span.end(),
    };
    Some(Atom { shape: Shape::fixed(Span::day(day)?, Precision::Day), sure: true, ..anchor })
}

/// `the beginning of the year`, `fin du mois`: of the unit around today, or of the one before when
/// that part is still to come.
fn around_now(text: &Text, at: usize, today: Today) -> Option<Atom> {
    let (part, behind) = words::part(text, at)?;
    let article = text.skip(text.skip(behind, &["of", "de", "d'"]), words::ARTICLES);
    let (unit, end) = words::unit(text, article)?;
    let bound = article > behind || text.is(behind.wrapping_sub(1), &["du", "d'"]);
    if !bound || unit == Unit::Day || !named::closes(text, end) {
        return None;
    }
    [0, -1].into_iter().find_map(|steps| {
        let day = unit.step(today.date, steps)?;
        let whole = Shape::fixed(unit.around(day, today.week_start)?, unit.precision());
        let (span, precision) = Shape { part: Some(part), ..whole }.resolve(today)?;
        let begun = span.start() <= today.date;
        begun.then(|| Atom::sure(Shape::fixed(span, precision), end))
    })
}

/// `Monday of last week`, `lundi de la semaine dernière`.
fn weekday_of_week(text: &Text, at: usize, today: Today) -> Option<Atom> {
    let weekday = weekday_named(text.word(at))?;
    let inner = text.skip(text.skip(at + 1, &["of", "in", "de"]), words::ARTICLES);
    let week = plain(text, inner, today)?;
    let (span, precision) = week.shape.resolve(today)?;
    let is_week = precision == Precision::Week && span.days() == 7;
    let day = is_week.then(|| back_to(span.last(), weekday))??;
    Some(Atom { shape: Shape::fixed(Span::day(day)?, Precision::Day), sure: true, ..week })
}

/// `the first Monday of March 2021`, `le dernier dimanche de mai`.
fn nth_weekday(text: &Text, at: usize, today: Today) -> Option<Atom> {
    let (number, behind) = words::ordinal(text, at)?;
    let weekday = weekday_named(text.word(behind))?;
    let inner = text.is(behind + 1, &["of", "in", "de", "d'", "du"]).then_some(behind + 2)?;
    let whole = plain(text, text.skip(inner, words::ARTICLES), today)?;
    let (span, _) = whole.shape.resolve(today)?;
    let day = if number == -1 {
        back_to(span.last(), weekday)?
    } else {
        let first = back_to(span.start().checked_add(6.days()).ok()?, weekday)?;
        first.checked_add((i64::from(number) - 1).checked_mul(7)?.days()).ok()?
    };
    let day = Span::day(day).filter(|day| span.contains(*day))?;
    Some(Atom { shape: Shape::fixed(day, Precision::Day), sure: true, ..whole })
}

/// `the first week of`, `le dernier jour de`.
fn nth(text: &Text, at: usize) -> Option<(Part, usize)> {
    let (number, behind) = words::ordinal(text, at)?;
    let (unit, end) = words::unit(text, behind)?;
    let plural = text.word(behind).ends_with('s') && !text.is(behind, &["mois"]);
    let end =
        text.is(end, &["of", "de", "du", "d'", "in"]).then_some(end + 1).filter(|_| !plural)?;
    let part = match unit {
        Unit::Day => Part::NthDay(number),
        Unit::Week => Part::NthWeek(number),
        Unit::Fortnight => Part::Half(if number == 1 { 1 } else { 2 }),
        Unit::Month => Part::NthMonth(number),
        _ => return None,
    };
    Some((part, end))
}

/// A unit beside or around a period: `two weeks before Christmas 2021`, `la semaine du 3 mai 2021`,
/// `the Sunday before 25 October`.
fn beside(text: &Text, at: usize, today: Today) -> Option<Atom> {
    let led = text.skip(at, &["last", "next"]);
    let counted = words::count(text, led);
    let (count, unit_at) = counted.unwrap_or((words::Count { number: 1, vague: false }, led));
    let weekday = weekday_named(text.word(unit_at)).filter(|_| counted.is_none());
    let (unit, behind) = match weekday {
        Some(_) => (Unit::Day, unit_at + 1),
        None => words::unit(text, unit_at)?,
    };
    let (side, inner) = match text.word(behind) {
        "before" | "preceding" | "avant" => (-1, behind + 1),
        "after" | "following" | "apres" => (1, behind + 1),
        "of" | "du" | "de" if counted.is_none() && weekday.is_none() => (0, behind + 1),
        _ => return None,
    };
    let anchor = plain(text, text.skip(inner, words::ARTICLES), today)?;
    let (span, precision) = anchor.shape.resolve(today)?;
    if weekday.is_none() && side != 0 && is_stretch(text, at, unit_at, counted.is_some()) {
        let count = counted.map_or_else(|| few(unit), |(count, _)| count);
        let stretch = stretch_beside(span, unit, side * count.number)?;
        let shape = Shape::fixed(stretch, Precision::Range);
        return Some(Atom { shape, sure: true, vague: count.vague, ..anchor });
    }
    let (span, precision) = match (side, weekday) {
        (0, _) => {
            let around = precision == Precision::Day && unit != Unit::Day;
            let week = around.then(|| unit.around(span.start(), today.week_start))??;
            (week, unit.precision())
        }
        (_, Some(weekday)) => (Span::day(weekday_beside(span, side, weekday)?)?, Precision::Day),
        _ => steps_beside(span, precision, unit, side * count.number, today)?,
    };
    Some(Atom { shape: Shape::fixed(span, precision), sure: true, vague: count.vague, ..anchor })
}

/// Whether all of the units are meant, not the last of them: `the six weeks before`, `the days after`.
fn is_stretch(text: &Text, at: usize, unit_at: usize, is_counted: bool) -> bool {
    let led = text.is(at.wrapping_sub(1), &["the", "les", "ces", "those"]);
    let plural = text.word(unit_at).ends_with('s') && !text.is(unit_at, &["mois"]);
    led && (is_counted || plural) || text.is(at.wrapping_sub(1), &["les", "ces"])
}

/// How many units are meant where the words don't say.
fn few(unit: Unit) -> words::Count {
    words::Count { number: if unit == Unit::Day { 7 } else { 3 }, vague: true }
}

/// The days of that many units up to a span, or from it on.
fn stretch_beside(span: Span, unit: Unit, steps: i32) -> Option<Span> {
    if steps < 0 {
        Span::new(unit.step(span.start(), steps)?, span.start())
    } else {
        Span::new(span.end(), unit.step(span.end(), steps)?)
    }
}

/// That many units before or after a span; one unit beside a day ends or begins at that day.
fn steps_beside(
    span: Span,
    precision: Precision,
    unit: Unit,
    steps: i32,
    today: Today,
) -> Option<(Span, Precision)> {
    let beside = match (precision, unit, steps) {
        (Precision::Day, Unit::Week | Unit::Fortnight | Unit::Month | Unit::Year, -1) => {
            Span::new(unit.step(span.start(), -1)?, span.start())
        }
        (Precision::Day, Unit::Week | Unit::Fortnight | Unit::Month | Unit::Year, 1) => {
            Span::new(span.end(), unit.step(span.end(), 1)?)
        }
        _ => unit.beside(span, steps, today.week_start),
    };
    Some((beside?, unit.precision()))
}

fn weekday_beside(span: Span, side: i32, weekday: Weekday) -> Option<Date> {
    match side {
        -1 => back_to(span.start().checked_sub(1.day()).ok()?, weekday),
        _ => back_to(span.last().checked_add(7.days()).ok()?, weekday),
    }
}
