//! The earlier period in another year: `the same month of 2022`, `la même période en 2020`.

use std::ops::Range;

use super::{
    period::{Reading, token::Text},
    types::{Asked, Plan},
    yearly::moved,
};
use crate::logbook::Precision;

const SAME: &[&str] = &[
    "same month",
    "same months",
    "same day",
    "same days",
    "same week",
    "same quarter",
    "same season",
    "same period",
    "same time",
    "meme mois",
    "memes mois",
    "meme jour",
    "meme semaine",
    "meme trimestre",
    "meme saison",
    "meme periode",
    "meme moment",
    "memes dates",
];

/// The earlier periods in the years that are named, and the bytes that say so.
pub(super) fn same(
    text: &Text<'_>,
    reading: &Reading,
    previous: &Plan,
) -> Option<(Vec<Asked>, Range<usize>)> {
    let (at, end) = (0..text.len()).find_map(|at| Some((at, text.any_phrase(at, SAME)?)))?;
    let years = || {
        reading.found.iter().filter(|found| {
            found.precision == Precision::Year && found.bytes.start >= text.bytes(&(at..end)).end
        })
    };
    let last = years().next_back()?;
    let start = at - usize::from(text.is(at.wrapping_sub(1), &["the", "la", "le", "les"]));
    let bytes = text.bytes(&(start..end)).start..last.bytes.end;
    let words = text.source.get(bytes.clone()).unwrap_or_default();
    let asked = years().flat_map(|year| {
        previous.spans.iter().filter_map(|earlier| {
            let span = moved(earlier.span, year.span.start().year())?;
            let precision = earlier.precision;
            Some(Asked { span, precision, text: words.to_owned(), bytes: Some(bytes.clone()) })
        })
    });
    let asked: Vec<Asked> = asked.collect();
    (!asked.is_empty()).then_some((asked, bytes))
}
