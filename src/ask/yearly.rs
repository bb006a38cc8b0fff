//! A day of every year, in each year that the logbook covers.

use jiff::ToSpan as _;

use super::absence::covered;
use crate::{
    index::EntryRecord,
    logbook::Span,
    plan::{Asked, Plan},
};

/// A logbook is not looked at for more years than this.
const YEARS_MAX: i16 = 200;

/// The plan with the days that it means in every year; another plan as it is.
pub(super) fn yearly(plan: &Plan, entries: &[EntryRecord]) -> Plan {
    let covered = covered(entries).filter(|_| plan.yearly);
    let Some(covered) = covered else { return plan.clone() };
    let first = covered.start().year();
    let last = covered.last().year().min(first.saturating_add(YEARS_MAX));
    let spans = (first..=last)
        .flat_map(|year| plan.spans.iter().filter_map(move |asked| in_year(asked, year)))
        .collect();
    Plan { spans, ..plan.clone() }
}

/// The same days of another year; none on 29 February where the year has none.
fn in_year(asked: &Asked, year: i16) -> Option<Asked> {
    let start = asked.span.start();
    let years = i32::from(year) - i32::from(start.year());
    let moved = start.checked_add(years.years()).ok()?;
    let span = Span::new(moved, moved.checked_add(asked.span.days().days()).ok()?)?;
    (moved.day() == start.day()).then(|| Asked { span, ..asked.clone() })
}
