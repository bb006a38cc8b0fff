//! Dates in values, where a bare number may be a time stamp.

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::grammar::{Form, Reading, read};
use crate::logbook::{Precision, Span};

/// Reads a value of front matter: everything that a heading may begin with, `20220314`, and seconds
/// or milliseconds since 1970, which have no zone and are taken as UTC. A time of day and its zone
/// are passed over: the date stays as it is written.
pub(in super::super) fn read_value(text: &str, day_first: bool) -> Option<Reading> {
    let text = text.trim();
    if text.len() > 4 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let form = number(text)?;
        return Some(Reading {
            form: Some(form),
            weekday: None,
            bytes: 0..text.len(),
            is_whole: true,
        });
    }
    read(text, day_first).filter(|reading| {
        reading.is_whole
            || matches!(
                reading.form,
                None | Some(Form::Complete(_, Precision::Day | Precision::Range))
            )
    })
}

fn number(text: &str) -> Option<Form> {
    let day = match text.len() {
        8 => compact(text)?,
        9 | 10 => utc(Timestamp::from_second(text.parse().ok()?).ok()?),
        11..=13 => utc(Timestamp::from_millisecond(text.parse().ok()?).ok()?),
        _ => return None,
    };
    Span::day(day).map(|span| Form::Complete(span, Precision::Day))
}

/// The day that `20220314` writes.
fn compact(digits: &str) -> Option<Date> {
    let year = digits.get(..4)?.parse().ok().filter(|year| *year >= 1000)?;
    Date::new(year, digits.get(4..6)?.parse().ok()?, digits.get(6..)?.parse().ok()?).ok()
}

fn utc(timestamp: Timestamp) -> Date {
    timestamp.to_zoned(TimeZone::UTC).date()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: &str, expected: Option<&str>) {
        let form = read_value(value, true).and_then(|reading| reading.form);
        let span = form.map(|form| match form {
            Form::Complete(span, _) => span.to_string(),
            other => format!("{other:?}"),
        });
        assert_eq!(span.as_deref(), expected, "{value:?}");
    }

    #[test]
    fn values_are_read_in_the_forms_that_people_use() {
        check("2022-05-03", Some("2022-05-03"));
        check("2015-01-02 12:34", Some("2015-01-02"));
        check("9.9.2020", Some("2020-09-09"));
        check("Tuesday, May 13th 2025, 2:16:40 pm", Some("2025-05-13"));
        check("20220314", Some("2022-03-14"));
        check("2022-03-14T13:56:00Z", Some("2022-03-14"));
        check("2022-03-14 13:56:00.123+02:00", Some("2022-03-14"));
        check("14 Mar 2022 23:30:00 GMT", Some("2022-03-14"));
        check("[[2022-03-14]]", Some("2022-03-14"));
        check("<2022-03-14 Mon 13:56>", Some("2022-03-14"));
        check("Mon Mar 14 2022 13:56:00 GMT+0100", Some("2022-03-14"));
        check("March 2022", Some("2022-03"));
        check("2022", Some("2022"));
        check("2022-03", Some("2022-03"));
        check("some day", None);
        check("1984 and me", None);
    }

    #[test]
    fn the_date_is_never_shifted_by_a_zone() {
        check("2022-03-14T23:30:00-05:00", Some("2022-03-14"));
        check("2022-03-14T00:30:00+09:00", Some("2022-03-14"));
        check("Mon, 14 Mar 2022 23:30:00 -0500", Some("2022-03-14"));
    }

    #[test]
    fn seconds_and_milliseconds_are_time_stamps() {
        check("1647216000", Some("2022-03-14"));
        check("1647216000000", Some("2022-03-14"));
        check("99999999999999999999", None);
    }
}
