//! The dates that a text mentions, as the keys that they are searched by.
//!
//! A mention never dates an entry. Each is stored by its year, its month and its day, as far as it
//! says them, so that the mentions of a year are those of all its days.

use std::collections::BTreeSet;

use jiff::civil::{Date, Weekday};

use crate::{
    logbook::Span,
    plan::{Found, Hemisphere, Today, periods},
};

/// The keys of the dates that a text mentions. `yesterday` is that of the day on which it was
/// written; where that is not known, only what names its year is a mention.
#[must_use]
pub(super) fn mentions(text: &str, written: Option<Date>) -> Vec<String> {
    let written = written.unwrap_or(Span::MIN);
    let today = Today::new(written, Weekday::Monday, Hemisphere::North);
    let named = periods(text, today).into_iter().filter(|found| !found.excluded);
    let keys: BTreeSet<String> = named
        .filter(|found| found.span.start().year() >= YEAR_MIN)
        .flat_map(|Found { span, .. }| keys(span))
        .collect();
    keys.into_iter().collect()
}

/// No year before it is a mention.
const YEAR_MIN: i16 = 1000;

/// The keys of what lies in a span: one of them is enough.
#[must_use]
pub fn mention_keys(span: Span) -> Vec<String> {
    key(span).map_or_else(|| months(span), |key| vec![key])
}

/// What a day, a month or a year is written as; a longer span has no key of its own.
fn key(span: Span) -> Option<String> {
    let start = span.start();
    let whole =
        [Span::day(start), Span::month(start.year(), start.month()), Span::year(start.year())];
    whole.contains(&Some(span)).then(|| span.to_string())
}

/// A date by itself and by all that it lies in; of a longer span, its years.
fn keys(span: Span) -> Vec<String> {
    match key(span) {
        Some(key) => {
            let around = key.match_indices('-').map(|(end, _)| key[..end].to_owned());
            around.chain([key.clone()]).collect()
        }
        None if span.start() == Span::MIN || span.end() == Span::MAX => Vec::new(),
        None => {
            let years = span.start().year()..=span.last().year();
            years.take(YEARS_MAX).map(|year| year.to_string()).collect()
        }
    }
}

/// A longer span mentions so many of its years at the most.
const YEARS_MAX: usize = 50;
/// A search looks for the mentions of so many months at the most.
const MONTHS_MAX: usize = 600;

/// The months of a span.
fn months(span: Span) -> Vec<String> {
    let first = span.start().first_of_month();
    let months = first.series(jiff::Span::new().months(1)).take_while(|month| *month < span.end());
    months.take(MONTHS_MAX).map(|month| month.strftime("%Y-%m").to_string()).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn check(text: &str, expected: &[&str]) {
        assert_eq!(mentions(text, Some(date(2023, 5, 10))), expected, "{text}");
    }

    #[test]
    fn a_date_is_kept_by_all_that_it_lies_in() {
        check("Deadline on 14 March 2024.", &["2024", "2024-03", "2024-03-14"]);
        check("Rendez-vous le 2 avril 2024 à Lyon.", &["2024", "2024-04", "2024-04-02"]);
        check("We want it in June 2024, not before.", &["2024", "2024-06"]);
        check("The plan for 2024 and in 2025", &["2024", "2025"]);
        check("From 2019 to 2021 we had none.", &["2019", "2020", "2021"]);
    }

    #[test]
    fn what_is_near_the_day_of_writing_is_a_date_too() {
        check("Talked to Ada yesterday.", &["2023", "2023-05", "2023-05-09"]);
        assert_eq!(mentions("Talked to Ada yesterday.", None), Vec::<String>::new());
        assert_eq!(mentions("Due in June 2024.", None), ["2024", "2024-06"]);
    }

    #[test]
    fn a_number_or_a_name_is_no_date() {
        check("See RFC 2822, in room 2020.", &[]);
        check("May I ask? It took 404 ms.", &[]);
    }

    #[test]
    fn a_period_is_searched_by_its_widest_keys() {
        let keys = |start: Date, end: Date| mention_keys(Span::new(start, end).unwrap());
        assert_eq!(keys(date(2024, 1, 1), date(2025, 1, 1)), ["2024"]);
        assert_eq!(keys(date(2024, 2, 1), date(2024, 3, 1)), ["2024-02"]);
        assert_eq!(keys(date(2024, 2, 3), date(2024, 2, 4)), ["2024-02-03"]);
        assert_eq!(keys(date(2024, 2, 3), date(2024, 4, 4)), ["2024-02", "2024-03", "2024-04"]);
    }
}
