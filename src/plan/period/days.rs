//! Several days of one month: `3 and 9 May 2021`, `du 3 au 9 mai`, `3–9 May`.

use std::ops::Range;

use super::{
    atom::{Atom, atom},
    compound::{Item, Phrase, simple},
    context::Verdict,
    named,
    shape::{Named, Shape, Today},
    token::Text,
};

/// A list or range of days of one month is not longer than this.
const DAYS_MAX: usize = 12;

/// `3 and 9 May 2021`, `3–9 May`, `May 3 to 9, 2021`: several days of one month.
pub(super) fn days(text: &Text, at: usize, today: Today) -> Option<Phrase> {
    let mut numbers = Vec::new();
    let mut place = at;
    let mut through = false;
    for _ in 0..DAYS_MAX {
        if !numbers.is_empty()
            && let Some(last) = atom(text, place, today)
                .filter(|last| matches!(last.shape.named, Named::Day { month: Some(_), .. }))
        {
            return days_of(&numbers, last, through, at, place);
        }
        let (day, end) = named::day(text, place)?;
        numbers.push((Named::Day { month: None, day }, place..end));
        let range = text.is(end, &["to", "through", "until", "au", "a"])
            || text.mark(end, &['-', '–', '—']);
        if range && numbers.len() > 1 {
            return None;
        }
        through |= range;
        let joined =
            range || text.is(end, &["and", "or", "et", "ou"]) || text.mark(end, &[',', '&']);
        place = joined.then_some(end + 1)?;
        place = text.skip(text.skip(place, &["and", "et"]), &["the", "le"]);
    }
    None
}

fn days_of(
    numbers: &[(Named, Range<usize>)],
    last: Atom,
    through: bool,
    at: usize,
    place: usize,
) -> Option<Phrase> {
    let tokens = at..last.end;
    let Named::Day { month, .. } = last.shape.named else { return None };
    let with_month = |named: &Named| match named {
        Named::Day { day, .. } => Shape { named: Named::Day { month, day: *day }, ..last.shape },
        _ => last.shape,
    };
    if through && numbers.len() > 1 {
        return None;
    }
    let items = if through {
        vec![(Item::Through(with_month(&numbers.first()?.0), last.shape), tokens.clone())]
    } else {
        let days =
            numbers.iter().map(|(named, tokens)| (Item::One(with_month(named)), tokens.clone()));
        days.chain([(Item::One(last.shape), place..last.end)]).collect()
    };
    Some(Phrase { items, ..simple(tokens, Verdict::Period) })
}
