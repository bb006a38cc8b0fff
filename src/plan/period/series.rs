//! A period with what follows on it: a range, a list, an open end.

use std::ops::Range;

use super::{
    atom::{Atom, atom},
    compound::{Item, Phrase, after_first, lead, now, simple},
    context::{self, Verdict},
    named, numeric,
    shape::{Named, Shape, Today},
    token::Text,
};

const AND: &[&str] = &[
    "and",
    "or",
    "et",
    "ou",
    "ou bien",
    "vs",
    "versus",
    "ni",
    "nor",
    "puis",
    "soit",
    "as well as",
    "and also",
    "ainsi que",
    "ainsi qu'",
    "et aussi",
    "then",
];

/// A list of periods is not longer than this.
const SERIES_MAX: usize = 24;

/// A period, a range without `from`, or a list: `2021 and 2023`, `March, April or May 2021`.
pub(super) fn series(text: &Text, at: usize, today: Today) -> Option<Phrase> {
    if let Some(cue) = text.mark(at, &['.']).then(|| text.dots(at)).flatten() {
        let atom = atom(text, cue, today).filter(|_| text.glued(cue))?;
        let tokens = at..atom.end;
        return Some(Phrase {
            items: vec![(Item::Until(atom.shape), tokens.clone())],
            ..simple(tokens, Verdict::Period)
        });
    }
    let first = atom(text, at, today)?;
    let mut phrase = Phrase {
        vague: first.vague,
        day_first: first.day_first,
        ..simple(at..first.end, context::verdict(text, at, &first, today))
    };
    if let Some((item, end)) = onwards(text, &first) {
        phrase.items.push((item, at..end));
        phrase.tokens.end = end;
        phrase.verdict = Verdict::Period;
        return Some(phrase);
    }
    let mut shapes = vec![next_item(text, at, first, today)];
    while shapes.len() < SERIES_MAX
        && let Some(next) = another(text, shapes.last()?.1.end, today)
    {
        shapes.push(next);
    }
    phrase.tokens.end = shapes.last()?.1.end;
    if phrase.tokens.end > first.end && phrase.verdict == Verdict::Doubtful && !first.sure {
        phrase.verdict = context::verdict_of_series(text, at);
    }
    let year_said = phrase.tokens.end > first.end
        && shapes.iter().any(|(item, _)| item.shapes().iter().any(|shape| shape.year.is_some()));
    if first.shape.named != Named::Year && year_said && !context::is_modal(text, at) {
        phrase.verdict = Verdict::Period;
    }
    share_name(&mut shapes);
    share_year(&mut shapes);
    phrase.items = shapes;
    Some(phrase)
}

/// The period itself, or the range that it begins: `2020-2022`, `March to May 2021`, `2021..2023`.
fn next_item(text: &Text, at: usize, first: Atom, today: Today) -> (Item, Range<usize>) {
    let alone = (Item::One(first.shape), at..first.end);
    if first.shape.named == Named::Year
        && let Some((year, end)) = short_year(text, first)
    {
        return (Item::Through(first.shape, Shape::of_year(year)), at..end);
    }
    let dash = text.mark(first.end, &['-', '–', '—', '→']);
    let worded =
        text.is(first.end, &["to", "through", "thru", "until", "till", "a", "au", "jusqu'"]);
    let behind = if let Some(dots) = text.dots(first.end) {
        dots
    } else if dash || worded {
        first.end + 1
    } else {
        return alone;
    };
    let second_at = lead(text, behind);
    if worded && let Some(second) = now(text, second_at, today) {
        return (Item::Through(first.shape, second.shape), at..second.end);
    }
    if let Some(second) = atom(text, second_at, today)
        .map(|second| after_first(text, &first, second_at, second, today))
        .filter(|second| second.sure || !context::is_modal(text, second_at))
    {
        let fits = second.end > second_at && (!worded || !context::is_label(text, second.end));
        if fits {
            return (Item::Through(first.shape, second.shape), at..second.end);
        }
    }
    if let Some(through) = weeks(text, at, first, second_at, today) {
        return through;
    }
    // `May 3 to 9, 2021`: the day's month and year are those of its neighbours.
    if let Named::Day { month, .. } = first.shape.named
        && first.shape.year.is_none()
        && let Some((day, end)) = named::day(text, second_at)
    {
        let shape = Shape::new(Named::Day { month, day });
        let year_at = if text.mark(end, &[',']) { end + 1 } else { end };
        let year = numeric::read(text, year_at).filter(|atom| atom.shape.named == Named::Year);
        return match year.and_then(|atom| Some((atom.shape.year?, atom.end))) {
            Some((year, end)) => {
                (Item::Through(first.shape.in_year(year), shape.in_year(year)), at..end)
            }
            None => (Item::Through(first.shape, shape), at..end),
        };
    }
    alone
}

/// `weeks 10 to 12 of 2022`: the second number is a week as well.
fn weeks(
    text: &Text,
    at: usize,
    first: Atom,
    second_at: usize,
    today: Today,
) -> Option<(Item, Range<usize>)> {
    let lacks_year = matches!(first.shape.named, Named::Week(_)) && first.shape.year.is_none();
    let (number, end) = named::week_number(text, second_at).filter(|_| lacks_year)?;
    let (shape, end) = named::with_year(text, Shape::new(Named::Week(number)), end, today);
    let first = shape.year.map_or(first.shape, |year| first.shape.in_year(year));
    Some((Item::Through(first, shape), at..end))
}

/// `2020-22`, `2020/21`.
fn short_year(text: &Text, first: Atom) -> Option<(i16, usize)> {
    let year = first.shape.year?;
    let joined = text.glued(first.end) && text.mark(first.end, &['-', '/', '–']);
    let (short, 2) = text.number(first.end + 1).filter(|_| joined && text.glued(first.end + 1))?
    else {
        return None;
    };
    let last = year - year % 100 + short;
    (last > year && !text.mark(first.end + 2, &['-', '/'])).then_some((last, first.end + 2))
}

/// `2021 onwards`, `2021..`, `2020 or later`, `2020 et après`.
fn onwards(text: &Text, first: &Atom) -> Option<(Item, usize)> {
    const ONWARDS: &[&str] = &[
        "onwards",
        "onward",
        "on",
        "or later",
        "and later",
        "and after",
        "et apres",
        "and on",
        "et au - dela",
    ];
    const EARLIER: &[&str] = &["or earlier", "and earlier", "and before", "et avant", "or before"];
    let is_last = |end: usize| atom_cannot_follow(text, end);
    if let Some(end) = text.any_phrase(first.end, ONWARDS).filter(|end| is_last(*end)) {
        return Some((Item::Since(first.shape), end));
    }
    if let Some(end) = text.any_phrase(first.end, EARLIER).filter(|end| is_last(*end)) {
        return Some((Item::Until(first.shape), end));
    }
    let dots = text.dots(first.end)?;
    let open = !text.glued(dots)
        && text.glued(first.end)
        && !text.mark(dots - 1, &['…'])
        && text.number(first.end - 1).is_some();
    open.then_some((Item::Since(first.shape), dots))
}

/// Whether the phrase ends here: `from 2021 on`, but not `in 2021 on my own`.
fn atom_cannot_follow(text: &Text, at: usize) -> bool {
    text.get(at).is_none_or(|token| token.kind == super::token::Kind::Mark)
}

/// The next item of a list.
fn another(text: &Text, at: usize, today: Today) -> Option<(Item, Range<usize>)> {
    let comma = text.mark(at, &[',', '&', '+']);
    let slash = text.glued(at) && text.mark(at, &['/']) && text.number(at + 1).is_some();
    let and = text.any_phrase(at, AND);
    if !comma && !slash && and.is_none() {
        return None;
    }
    let next =
        if comma { text.any_phrase(at + 1, AND).unwrap_or(at + 1) } else { and.unwrap_or(at + 1) };
    let led = lead(text, next);
    let next_atom = atom(text, led, today)?;
    let accepted = next_atom.sure || (context::continues(text, led, &next_atom));
    accepted.then(|| {
        let (item, tokens) = next_item(text, led, next_atom, today);
        (item, tokens)
    })
}

/// `the summers of 2020 and 2021`, `March 2020 or 2021`: the years are years of the same name.
fn share_name(items: &mut [(Item, Range<usize>)]) {
    let Some((Item::One(first), _)) = items.first() else { return };
    let first = *first;
    let repeats = first.year.is_some()
        && matches!(
            first.named,
            Named::Season(_) | Named::Month(_) | Named::Quarter(_) | Named::Feast(_)
        );
    for (item, _) in items.iter_mut().skip(1).filter(|_| repeats) {
        match item {
            Item::One(shape) if shape.named == Named::Year && shape.part.is_none() => {
                *shape = Shape { year: shape.year, ..first };
            }
            _ => return,
        }
    }
}

/// Items without a year take that of the next item that has one, else of the one before.
fn share_year(items: &mut [(Item, Range<usize>)]) {
    let year_of = |item: &Item| match item {
        Item::One(shape) if shape.named != Named::Year => shape.year,
        _ => None,
    };
    let mut year = None;
    for (item, _) in items.iter_mut().rev() {
        year = year_of(item).or(year);
        if let (Item::One(shape), Some(year)) = (&mut *item, year) {
            *shape = shape.in_year(year);
        }
    }
    let mut year = None;
    for (item, _) in items.iter_mut() {
        year = year_of(item).or(year);
        if let (Item::One(shape), Some(year)) = (&mut *item, year) {
            *shape = shape.in_year(year);
        }
    }
}
