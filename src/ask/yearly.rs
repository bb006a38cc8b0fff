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
    // A winter begins in the year before.
    let first = covered.start().year().saturating_sub(1).max(Span::MIN.year());
    let last = covered.last().year().min(first.saturating_add(YEARS_MAX));
    let spans = (first..=last)
        .flat_map(|year| plan.spans.iter().filter_map(move |asked| in_year(asked, year)))
        .collect();
    Plan { spans, ..plan.clone() }
}

/// The same days of another year; none on 29 February where the year has none.
fn in_year(asked: &Asked, year: i16) -> Option<Asked> {
    let (start, end) = (asked.span.start(), asked.span.end());
    let years = i32::from(year) - i32::from(start.year());
    let moved = start.checked_add(years.years()).ok()?;
    let span = Span::new(moved, end.checked_add(years.years()).ok()?)?;
    (moved.day() == start.day()).then(|| Asked { span, ..asked.clone() })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::logbook::Precision;

    /// FAULTS 132.
    #[test]
    fn a_day_is_moved_to_the_years_that_have_it() {
        let check = |first, end, year, expected: Option<&str>| {
            let span = Span::new(first, end).unwrap();
            let (text, bytes) = (String::new(), None);
            let asked = Asked { span, precision: Precision::Day, text, bytes };
            let moved = in_year(&asked, year).map(|asked| asked.span.to_string());
            assert_eq!(moved.as_deref(), expected);
        };
        check(date(2024, 2, 29), date(2024, 3, 1), 2020, Some("2020-02-29"));
        check(date(2024, 2, 29), date(2024, 3, 1), 2023, None);
        check(date(2024, 2, 1), date(2024, 3, 1), 2023, Some("2023-02"));
        check(date(2023, 12, 1), date(2024, 3, 1), 2021, Some("2021-12-01..2022-02-28"));
    }
}
