//! A day of every year, in each year that the logbook covers.

use super::absence::covered;
use crate::{index::EntryRecord, logbook::Span, plan::Plan};

/// A logbook is not looked at for more years than this.
const YEARS_MAX: i16 = 200;

/// The plan with the days that it means in every year; another plan as it is.
pub(super) fn yearly(plan: &Plan, entries: &[EntryRecord]) -> Plan {
    let covered = covered(entries).filter(|_| plan.yearly);
    let Some(covered) = covered else { return plan.clone() };
    // A winter begins in the year before.
    let first = covered.start().year().saturating_sub(1).max(Span::MIN.year());
    let last = covered.last().year().min(first.saturating_add(YEARS_MAX));
    let spans = (first..=last)
        .flat_map(|year| plan.spans.iter().filter_map(move |asked| asked.in_year(year)))
        .collect();
    Plan { spans, ..plan.clone() }
}
