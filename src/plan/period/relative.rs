//! Periods counted from today: `last year`, `two weeks ago`, `ces trois derniers mois`, `hier`.

use jiff::{ToSpan as _, civil::Date};

use super::{
    atom::Atom,
    lapse::lapse,
    shape::{Named, Shape, Today},
    spans::{Unit, back_to},
    token::Text,
    vocabulary as words,
};
use crate::logbook::{Precision, Span, weekday_named};

const LAST: &[&str] = &["last", "previous", "past", "dernier", "derniere"];
const THIS: &[&str] = &["this", "current", "ce", "cet", "cette", "present"];
const NEXT: &[&str] = &["next", "coming", "following", "prochain", "prochaine"];
const LAST_BEHIND: &[&str] = &["dernier", "derniere", "passe", "passee"];
const NEXT_BEHIND: &[&str] = &["prochain", "prochaine"];
const ROLLING: &[&str] = &["last", "past", "previous", "derniers", "dernieres", "latest"];

/// Words for the day itself and its parts.
const TODAY: &[&str] = &[
    "today",
    "aujourd'hui",
    "tonight",
    "this morning",
    "this afternoon",
    "this evening",
    "ce matin",
    "ce midi",
    "cet apres - midi",
    "ce soir",
    "cette nuit",
];

/// Words that mean a time that is just over, and no more than that.
pub(super) const LATELY: &[&str] =
    &["lately", "recently", "recemment", "dernierement", "ces derniers temps", "these days"];
/// How many days those words reach back.
const LATELY_DAYS: i32 = 30;

/// The longest relative period at a place.
pub(super) fn read(text: &Text, at: usize, today: Today) -> Option<Atom> {
    [
        fixed_day(text, at, today),
        before_last(text, at, today),
        english_unit(text, at, today),
        french_unit(text, at, today),
        rolling(text, at, today),
        to_date(text, at, today),
        ahead(text, at, today),
        ago(text, at, today),
        il_y_a(text, at, today),
        named_last(text, at, today),
        weekday(text, at, today),
        lately(text, at, today),
    ]
    .into_iter()
    .flatten()
    .max_by_key(|atom| atom.end)
}

/// `today`, `yesterday`, `avant-hier`, `this day last year`.
fn fixed_day(text: &Text, at: usize, today: Today) -> Option<Atom> {
    const DAYS: [(i32, &[&str]); 5] = [
        (-2, &["the day before yesterday", "day before yesterday", "avant - hier", "avant hier"]),
        (-1, &["yesterday", "hier", "last night", "la nuit derniere"]),
        (0, TODAY),
        (1, &["tomorrow", "demain"]),
        (2, &["day after tomorrow", "the day after tomorrow", "apres - demain", "apres demain"]),
    ];
    if let Some(end) = text.any_phrase(at, &["this day last year", "same day last year"]) {
        return around(Unit::Year.step(today.date, -1)?, Unit::Day, end, today);
    }
    // `un jour comme aujourd'hui` is that of every year.
    if text.is(at, &["aujourd'hui"]) && text.is(at.wrapping_sub(1), &["comme"]) {
        return None;
    }
    DAYS.into_iter()
        .filter_map(|(days, phrases)| Some((days, text.any_phrase(at, phrases)?)))
        .max_by_key(|(_, end)| *end)
        .and_then(|(days, end)| around(Unit::Day.step(today.date, days)?, Unit::Day, end, today))
}

/// `the year before last`.
fn before_last(text: &Text, at: usize, today: Today) -> Option<Atom> {
    let (unit, behind) = words::unit(text, at)?;
    let end = text.phrase(behind, "before last")?;
    around(unit.step(today.date, -2)?, unit, end, today)
}

/// `last month`, `this year`, `next week`.
fn english_unit(text: &Text, at: usize, today: Today) -> Option<Atom> {
    let steps = steps(text, at)?;
    let (unit, end) = words::unit(text, at + 1)?;
    let plural = text.word(end - 1).ends_with('s') && !text.is(end - 1, &["mois"]);
    let french = text.is(at, &["ce", "cet", "cette"]);
    let there = text.mark(end, &['-']) && text.is(end + 1, &["la"]);
    if plural || unit == Unit::Day || there {
        return None;
    }
    let here = text.mark(end, &['-']) && text.is(end + 1, &["ci"]);
    let end = if french && here { end + 2 } else { end };
    if steps == -1 && text.is(at, &["past"]) && unit != Unit::Weekend {
        return back(unit, 1, end, today);
    }
    let from = if unit == Unit::Weekend && steps == -1 {
        last_weekend(today)?
    } else {
        unit.step(today.date, steps)?
    };
    around(from, unit, end, today)
}

/// The Saturday of the last weekend that is over.
fn last_weekend(today: Today) -> Option<Date> {
    back_to(today.date.checked_sub(2.days()).ok()?, jiff::civil::Weekday::Saturday)
}

/// `le mois dernier`, `l'an passé`, `la semaine prochaine`.
fn french_unit(text: &Text, at: usize, today: Today) -> Option<Atom> {
    let (unit, behind) = words::unit(text, at)?;
    let steps = steps_behind(text, behind)?;
    let from = if unit == Unit::Weekend && steps == -1 {
        last_weekend(today)?
    } else {
        unit.step(today.date, steps)?
    };
    around(from, unit, behind + 1, today)
}

fn steps(text: &Text, at: usize) -> Option<i32> {
    if text.is(at, LAST) {
        Some(-1)
    } else if text.is(at, THIS) {
        Some(0)
    } else if text.is(at, NEXT) {
        Some(1)
    } else {
        None
    }
}

fn steps_behind(text: &Text, at: usize) -> Option<i32> {
    if text.is(at, LAST_BEHIND) {
        Some(-1)
    } else if text.is(at, NEXT_BEHIND) {
        Some(1)
    } else {
        None
    }
}

/// `the last 3 months`, `past few weeks`, `ces trois derniers mois`, `les derniers jours`.
fn rolling(text: &Text, at: usize, today: Today) -> Option<Atom> {
    let (count, behind) = if text.is(at, ROLLING) {
        words::count(text, at + 1).or_else(|| {
            let vague = text.is(at, &["derniers", "dernieres"]);
            vague.then_some((words::Count { number: 3, vague }, at + 1))
        })?
    } else {
        let (count, behind) = words::count(text, at)?;
        (count, text.is(behind, ROLLING).then_some(behind + 1)?)
    };
    let (unit, end) = words::unit(text, behind)?;
    Some(Atom { vague: count.vague, ..back(unit, count.number, end, today)? })
}

/// `year to date`: from the unit's first day up to today.
fn to_date(text: &Text, at: usize, today: Today) -> Option<Atom> {
    let (unit, behind) = words::unit(text, at)?;
    let end = text.phrase(behind, "to date")?;
    let start = unit.around(today.date, today.week_start)?.start();
    let span = Span::new(start, today.date.checked_add(1.day()).ok()?)?;
    Some(Atom::sure(Shape::fixed(span, Precision::Range), end))
}

/// `three days from now`, `a week from today`, `dans deux semaines`: ahead of today.
fn ahead(text: &Text, at: usize, today: Today) -> Option<Atom> {
    let french = text.any_phrase(at, &["dans", "d' ici"]);
    let lapse = lapse(text, french.unwrap_or(at))?;
    let day = lapse.unit.step(today.date, lapse.count.number)?;
    if french.is_some() {
        return around(day, lapse.unit, lapse.end, today);
    }
    if let Some(end) = text.phrase(lapse.end, "from today") {
        return around(day, Unit::Day, end, today);
    }
    around(day, lapse.unit, text.phrase(lapse.end, "from now")?, today)
}

/// `two weeks ago`, `a few days ago`, `a year and a half ago`, `a week ago today`.
fn ago(text: &Text, at: usize, today: Today) -> Option<Atom> {
    let lapse = lapse(text, at)?;
    let end = text.is(lapse.end, &["ago", "back"]).then_some(lapse.end + 1)?;
    if text.is(end, &["today"]) {
        return around(
            lapse.unit.step(today.date, -lapse.count.number)?,
            Unit::Day,
            end + 1,
            today,
        );
    }
    distant(lapse.count, lapse.unit, end, today)
}

/// `il y a deux semaines`, `voilà un an et demi`.
fn il_y_a(text: &Text, at: usize, today: Today) -> Option<Atom> {
    let behind = text.any_phrase(at, &["il y a", "voici", "voila", "y a", "ca fait"])?;
    let lapse = lapse(text, behind)?;
    // `il y a deux ans que je cours` is a length of time.
    let lasts = text.is(lapse.end, &["que", "qu'"]);
    (!lasts).then(|| distant(lapse.count, lapse.unit, lapse.end, today))?
}

/// The unit around the day that far back; a rough stretch of days when the count is rough.
fn distant(count: words::Count, unit: Unit, end: usize, today: Today) -> Option<Atom> {
    let day = |number: i32| unit.step(today.date, -number);
    if count.vague {
        let span = Span::new(day(count.number + 3)?, day(count.number - 1)?)?;
        let shape = Shape::fixed(span, Precision::Range);
        return Some(Atom { vague: true, ..Atom::sure(shape, end) });
    }
    around(day(count.number)?, unit, end, today)
}

/// `last March`, `this spring`, `l'été dernier`, `last Christmas`, `mars prochain`.
fn named_last(text: &Text, at: usize, today: Today) -> Option<Atom> {
    let (steps, shape, end) = if let Some(steps) = steps(text, at) {
        let (named, end) = name(text, at + 1)?;
        // `this may be`.
        let modal = steps == 0 && text.is(at + 1, &["may"]) && !text.capital(at + 1);
        (!modal).then_some((steps, Shape::new(named), end))?
    } else {
        // `a été passé`.
        let verb = text.is(at, &["ete"]) && !text.is(at.wrapping_sub(1), &["l'", "d'"]);
        (!verb).then_some(())?;
        let (named, behind) = name(text, at)?;
        (steps_behind(text, behind)?, Shape::new(named), behind + 1)
    };
    let year = today.date.year();
    let span = match steps {
        -1 => (0..=2).find_map(|back| {
            let (span, _) = shape.in_year(year - back).resolve(today)?;
            (span.end() <= today.date).then_some(span)
        }),
        0 => shape.in_year(year).resolve(today).map(|(span, _)| span),
        _ => (0..=2).find_map(|on| {
            let (span, _) = shape.in_year(year + on).resolve(today)?;
            (span.start() > today.date).then_some(span)
        }),
    }?;
    let (_, precision) = shape.in_year(year).resolve(today)?;
    Some(Atom::sure(Shape::fixed(span, precision), end))
}

/// A month, season or feast.
pub(super) fn name(text: &Text, at: usize) -> Option<(Named, usize)> {
    if let Some((feast, end)) = words::feast(text, at) {
        return Some((Named::Feast(feast), end));
    }
    if let Some(season) = words::season(text.word(at)) {
        return Some((Named::Season(season), at + 1));
    }
    let (month, end) = words::month(text, at)?;
    words::is_whole_month(text.word(at)).then_some((Named::Month(month), end))
}

/// `last Monday`, `lundi dernier`, `Monday`: the last one before today.
fn weekday(text: &Text, at: usize, today: Today) -> Option<Atom> {
    let steps = steps(text, at);
    let name = if steps.is_some() { at + 1 } else { at };
    let weekday = weekday_named(text.word(name)).filter(|_| text.word(name).len() > 4)?;
    let behind = steps_behind(text, name + 1);
    let sure = steps.is_some() || behind.is_some();
    let end = if behind.is_some() { name + 2 } else { name + 1 };
    let ahead = steps.or(behind) == Some(1) || (today.ahead && !sure);
    let yesterday = today.date.checked_sub(1.day()).ok()?;
    let day = match (ahead, steps) {
        (true, _) => back_to(today.date.checked_add(7.days()).ok()?, weekday)?,
        (false, Some(0)) => {
            let week = Unit::Week.around(today.date, today.week_start)?;
            back_to(week.last(), weekday)?
        }
        (false, _) => back_to(yesterday, weekday)?,
    };
    let atom = around(day, Unit::Day, end, today)?;
    Some(Atom { sure, ..atom })
}

/// `recently`, `ces derniers temps`: the last thirty days, roughly.
fn lately(text: &Text, at: usize, today: Today) -> Option<Atom> {
    let end = text.any_phrase(at, LATELY)?;
    Some(Atom { vague: true, ..back(Unit::Day, LATELY_DAYS, end, today)? })
}

fn around(day: Date, unit: Unit, end: usize, today: Today) -> Option<Atom> {
    let span = unit.around(day, today.week_start)?;
    Some(Atom::sure(Shape::fixed(span, unit.precision()), end))
}

/// The days from that many units ago up to today.
fn back(unit: Unit, count: i32, end: usize, today: Today) -> Option<Atom> {
    let span = Span::new(unit.step(today.date, -count)?, today.date.checked_add(1.day()).ok()?)?;
    Some(Atom::sure(Shape::fixed(span, Precision::Range), end))
}
