//! Lengths of time in words: `two weeks`, `half a year`, `un an et demi`, `a decade`.

use super::{
    spans::Unit,
    token::Text,
    vocabulary::{self as words, Count},
};

/// A length of time.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Lapse {
    /// How many units.
    pub(super) count: Count,
    /// The unit.
    pub(super) unit: Unit,
    /// The token behind it.
    pub(super) end: usize,
}

/// The length of time that begins at a place.
pub(super) fn lapse(text: &Text, at: usize) -> Option<Lapse> {
    half(text, at).or_else(|| {
        let (count, behind) = words::count(text, at)?;
        and_a_half(text, count, behind).or_else(|| counted(text, count, behind))
    })
}

/// `two weeks`, `a year and a half`, `trois décennies`.
fn counted(text: &Text, count: Count, behind: usize) -> Option<Lapse> {
    if text.is(behind, &["decade", "decades", "decennie", "decennies"]) {
        let count = Count { number: count.number.checked_mul(10)?, ..count };
        return Some(Lapse { count, unit: Unit::Year, end: behind + 1 });
    }
    let (unit, end) = words::unit(text, behind)?;
    let half = text.any_phrase(end, &["and a half", "et demi", "et demie"]);
    match half.and_then(|half| Some((halved(unit)?, half))) {
        Some(((halves, of), end)) => {
            let number = count.number.checked_mul(2 * halves)?.checked_add(halves)?;
            Some(Lapse { count: Count { number, ..count }, unit: of, end })
        }
        None => Some(Lapse { count, unit, end }),
    }
}

/// `half a year`, `une demi-année`.
fn half(text: &Text, at: usize) -> Option<Lapse> {
    let behind = text.any_phrase(at, &["half a", "half an", "une demi -", "un demi -"])?;
    let (unit, end) = words::unit(text, behind)?;
    let (number, unit) = halved(unit)?;
    Some(Lapse { count: Count { number, vague: false }, unit, end })
}

/// `one and a half years`.
fn and_a_half(text: &Text, count: Count, behind: usize) -> Option<Lapse> {
    let behind = text.phrase(behind, "and a half")?;
    let (unit, end) = words::unit(text, behind)?;
    let (halves, of) = halved(unit)?;
    let number = count.number.checked_mul(2 * halves)?.checked_add(halves)?;
    Some(Lapse { count: Count { number, ..count }, unit: of, end })
}

/// What half of a unit is.
fn halved(unit: Unit) -> Option<(i32, Unit)> {
    match unit {
        Unit::Year => Some((6, Unit::Month)),
        Unit::Month => Some((15, Unit::Day)),
        Unit::Half => Some((3, Unit::Month)),
        Unit::Fortnight => Some((1, Unit::Week)),
        _ => None,
    }
}
