//! What comes every year: `every Christmas`, `chaque été`, `every March from 2019 to 2021`.

use std::ops::Range;

use super::{
    atom::atom,
    read::{Found, covered_years},
    relative,
    shape::{Named, Shape, Today},
    token::Text,
};

/// A day, month, season or feast of every year, with its tokens.
pub(super) fn yearly(text: &Text, at: usize, today: Today) -> Option<(Shape, Range<usize>)> {
    let name = text.any_phrase(at, &["every", "each", "chaque", "tous les", "toutes les"])?;
    if let Some((named, end)) = relative::name(text, name) {
        return Some((Shape::new(named), at..end));
    }
    let atom = atom(text, name, today)?;
    let is_day = matches!(atom.shape.named, Named::Day { month: Some(_), .. });
    (is_day && atom.shape.needs_year()).then_some((atom.shape, at..atom.end))
}

/// It in each year of the other periods that a text names; none when one of them has no end.
pub(super) fn in_each_year(
    found: &[Found],
    shape: Shape,
    bytes: &Range<usize>,
    today: Today,
) -> Vec<Found> {
    let others: Vec<&Found> =
        found.iter().filter(|found| !found.excluded && found.bytes != *bytes).collect();
    let years = covered_years(found.iter().filter(|found| found.bytes != *bytes));
    let once = years.into_iter().filter_map(|year| {
        let (span, precision) = shape.in_year(year).resolve(today)?;
        let within = others.iter().any(|other| other.span.overlaps(span));
        within.then(|| Found { span, precision, bytes: bytes.clone(), excluded: false })
    });
    once.collect()
}
