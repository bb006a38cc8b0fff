//! Days that are meant in every year, and in each year of the periods that limit them.

use jiff::{ToSpan as _, civil::Date};

use super::{
    types::{Asked, Intent, Plan},
    wording,
};
use crate::logbook::Span;

/// A period is not looked at for more years than this.
const YEARS_MAX: i16 = 60;

impl Asked {
    /// The same days of another year; none on 29 February where that year has none.
    #[must_use]
    pub fn in_year(&self, year: i16) -> Option<Self> {
        let span = moved(self.span, year)?;
        (span.start().day() == self.span.start().day()).then(|| Self { span, ..self.clone() })
    }
}

impl Plan {
    /// Narrows the plan to periods that replace those of its words; what is meant in every year is
    /// meant in each of theirs.
    pub fn narrow(&mut self, periods: Vec<Asked>, today: Date) {
        if periods.is_empty() {
            return;
        }
        let is_of_years = self.yearly || self.intent == Intent::OnThisDay;
        self.spans = if is_of_years { in_each_year(&self.spans, &periods, today) } else { periods };
        self.yearly = false;
        if self.follows && self.resolved != self.question {
            let is_whole = self.resolved.starts_with(self.question.trim());
            self.resolved =
                if is_whole { wording::with_spans(self) } else { wording::resolved(self) };
        }
    }
}

/// The same days in each year of some periods, with the words of the periods; a period in which they
/// do not lie stays as it is.
pub(super) fn in_each_year(days: &[Asked], periods: &[Asked], today: Date) -> Vec<Asked> {
    let mut asked: Vec<Asked> = Vec::new();
    for period in periods {
        let within = |span: &Span| span.overlaps(period.span);
        let years = years(period.span, today);
        let each = days.iter().flat_map(|day| {
            let once = |year: i16| Some((moved(day.span, year).filter(within)?, day.precision));
            years.clone().filter_map(once)
        });
        let each: Vec<Asked> =
            each.map(|(span, precision)| Asked { span, precision, ..period.clone() }).collect();
        if each.is_empty() {
            asked.push(period.clone());
        }
        asked.extend(each);
    }
    asked.sort_by_key(|asked| asked.span);
    asked.dedup_by_key(|asked| asked.span);
    asked
}

/// The years in which something of a period may begin, up to today where it has no end.
fn years(period: Span, today: Date) -> std::ops::RangeInclusive<i16> {
    let last = if period.end() == Span::MAX { today.year() } else { period.last().year() };
    // A winter begins in the year before.
    let first = period.start().year().saturating_sub(1);
    first.max(last.saturating_sub(YEARS_MAX)).max(Span::MIN.year())..=last
}

/// A span moved to begin in a year; none when it has no end or no start.
pub(super) fn moved(span: Span, year: i16) -> Option<Span> {
    if span.start() == Span::MIN || span.end() == Span::MAX {
        return None;
    }
    let years = i32::from(year) - i32::from(span.start().year());
    let day = |day: Date| day.checked_add(years.years()).ok();
    Span::new(day(span.start())?, day(span.end())?)
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Weekday, date};

    use super::*;
    use crate::{
        logbook::Precision,
        plan::{Hemisphere, Today, plan},
    };

    fn asked(start: Date, end: Date) -> Asked {
        let span = Span::new(start, end).unwrap();
        Asked { span, precision: Precision::Range, text: String::new(), bytes: None }
    }

    /// Fault 132: 29 February.
    #[test]
    fn days_are_moved_to_the_years_that_have_them() {
        let check = |first, end, year, expected: Option<&str>| {
            let moved = asked(first, end).in_year(year).map(|asked| asked.span.to_string());
            assert_eq!(moved.as_deref(), expected);
        };
        check(date(2024, 2, 29), date(2024, 3, 1), 2020, Some("2020-02-29"));
        check(date(2024, 2, 29), date(2024, 3, 1), 2023, None);
        check(date(2024, 2, 1), date(2024, 3, 1), 2023, Some("2023-02"));
        check(date(2023, 12, 1), date(2024, 3, 1), 2021, Some("2021-12-01..2022-02-28"));
    }

    #[test]
    fn what_a_follow_up_means_has_the_period_of_a_flag() {
        let today = Today::new(date(2024, 6, 15), Weekday::Monday, Hemisphere::North);
        let check = |question: &str, expected: &str| {
            let before = plan("what did I learn in 2022?", today, None);
            let mut plan = plan(question, today, Some(&before));
            plan.narrow(vec![asked(date(2021, 1, 1), date(2022, 1, 1))], today.date);
            assert_eq!(plan.resolved, expected);
        };
        check("and about sourdough?", "Recap: sourdough, in 2021");
        check("what did I read then?", "what did I read then? (in 2021)");
        check("what did I read?", "what did I read?");
    }

    #[test]
    fn what_is_meant_in_every_year_is_meant_in_each_that_a_flag_names() {
        let check = |intent, yearly, expected: &[&str]| {
            let spans = vec![asked(date(2024, 5, 15), date(2024, 5, 16))];
            let mut plan = Plan { intent, spans, yearly, ..Plan::default() };
            let years = [2020, 2022].map(|year| asked(date(year, 1, 1), date(year + 1, 1, 1)));
            plan.narrow(years.to_vec(), date(2024, 5, 15));
            let spans: Vec<String> =
                plan.spans.iter().map(|asked| asked.span.to_string()).collect();
            assert_eq!(
                (spans, plan.yearly),
                (expected.iter().map(ToString::to_string).collect(), false)
            );
        };
        check(Intent::OnThisDay, true, &["2020-05-15", "2022-05-15"]);
        check(Intent::Recap, true, &["2020-05-15", "2022-05-15"]);
        check(Intent::Recap, false, &["2020", "2022"]);
    }
}
