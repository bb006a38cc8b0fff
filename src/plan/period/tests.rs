//! The phrases of `tests/data/periods.tsv`, and what holds of any text.

use jiff::civil::{Date, Weekday, date};
use proptest::prelude::*;

use super::{Hemisphere, Today, periods, read, token::Text};
use crate::{
    logbook::{Language, Span},
    plan::wording,
};

const TODAY: Today = Today {
    date: date(2024, 5, 15),
    week_start: Weekday::Monday,
    hemisphere: Hemisphere::North,
    ahead: false,
};

/// The spans of a text as the table writes them.
fn written(text: &str) -> String {
    let spans = periods(text, TODAY);
    let spans = spans
        .iter()
        .map(|found| format!("{}{}", if found.excluded { "not " } else { "" }, found.span));
    let weekly = read(&Text::new(text), TODAY, None).weekly;
    let weekly = weekly
        .iter()
        .map(|weekly| format!("{}{}", if weekly.excluded { "not " } else { "" }, weekly.weekdays));
    let spans: Vec<String> = spans.chain(weekly).collect();
    if spans.is_empty() { "-".into() } else { spans.join(", ") }
}

#[test]
fn phrases_are_read_as_the_table_says() {
    let table = include_str!("../../../tests/data/periods.tsv");
    let cases = table.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let wrong: Vec<String> = cases
        .filter_map(|line| {
            let (phrase, expected) = line.split_once('\t').expect("a tab in each line");
            let actual = written(phrase);
            (actual != expected).then(|| format!("{phrase}: expected {expected}, read {actual}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The spans of a text on another day.
fn on(today: Date, text: &str) -> String {
    let spans = periods(text, Today { date: today, ..TODAY });
    spans.iter().map(|found| found.span.to_string()).collect::<Vec<_>>().join(", ")
}

/// Fault 132: 29 February.
#[test]
fn the_29_february_is_the_last_that_the_calendar_has() {
    let check = |today: Date, text: &str, expected: &str| assert_eq!(on(today, text), expected);
    check(date(2024, 2, 29), "on 29 February", "2024-02-29");
    check(date(2023, 12, 31), "on 29 February", "2020-02-29");
    check(date(2103, 5, 1), "on 29 February", "2096-02-29");
    check(date(2024, 2, 29), "last year", "2023");
    check(date(2024, 2, 29), "this day last year", "2023-02-28");
    check(date(2024, 2, 29), "a year ago today", "2023-02-28");
    check(date(2024, 5, 15), "29 February 2023", "");
    check(date(2024, 5, 15), "the last day of February 2023", "2023-02-28");
    check(date(2024, 5, 15), "fin février 2024", "2024-02-21..2024-02-29");
}

/// Fault 133: week 53, and weeks across the new year.
#[test]
fn weeks_pass_the_edge_of_the_year() {
    let check = |today: Date, text: &str, expected: &str| assert_eq!(on(today, text), expected);
    check(date(2024, 5, 15), "week 53 of 2020", "2020-12-28..2021-01-03");
    check(date(2024, 5, 15), "2020-W53", "2020-12-28..2021-01-03");
    check(date(2024, 5, 15), "week 53 of 2021", "");
    check(date(2024, 5, 15), "in week 53", "2020-12-28..2021-01-03");
    check(date(2021, 1, 3), "this week", "2020-12-28..2021-01-03");
    check(date(2021, 1, 4), "last week", "2020-12-28..2021-01-03");
    check(date(2021, 1, 1), "last month", "2020-12");
    check(date(2021, 1, 1), "yesterday", "2020-12-31");
    check(date(2021, 1, 1), "la semaine prochaine", "2021-01-04..2021-01-10");
}

/// Faults 134, 135, 136 and 139: the hour that a spring skips, the hour that an autumn has twice,
/// half
/// an hour of zone and a day's length of it: the day is the one that is written.
#[test]
fn no_zone_and_no_clock_shifts_a_day() {
    let check = |text: &str, expected: &str| assert_eq!(written(text), expected, "{text}");
    check("2021-03-28T02:30:00+01:00", "2021-03-28");
    check("2021-10-31T02:30:00+02:00", "2021-10-31");
    check("2021-10-31T02:30:00+01:00", "2021-10-31");
    check("2021-03-26T00:15:00+05:30", "2021-03-26");
    check("2021-03-26T23:45:00-03:30", "2021-03-26");
    check("2021-03-26T23:59:59-12:00", "2021-03-26");
    check("2021-03-26T00:00:00+14:00", "2021-03-26");
    check("2021-03-26T23:59:59.999Z", "2021-03-26");
    check("between 2021-03-27T23:30:00Z and 2021-03-28T03:30:00+02:00", "2021-03-27..2021-03-28");
}

/// Faults 137 and 138: what counts is the civil day that is given, whatever zone or clock it came
/// from.
#[test]
fn the_same_day_means_the_same_periods_and_an_earlier_one_counts_from_itself() {
    assert_eq!(on(date(2024, 5, 15), "yesterday"), on(date(2024, 5, 15), "yesterday"));
    assert_eq!(on(date(2024, 5, 15), "yesterday"), "2024-05-14");
    // The clock was set back by a day between two questions.
    assert_eq!(on(date(2024, 5, 14), "yesterday"), "2024-05-13");
    assert_eq!(on(date(2024, 5, 14), "on 15 May 2024"), "2024-05-15");
    assert_eq!(on(date(1970, 1, 1), "in 2021"), "2021");
}

/// Fault 140: "last week" near midnight.
#[test]
fn a_week_begins_on_the_day_that_is_set() {
    let check = |today: Date, week_start: Weekday, expected: &str| {
        let spans = periods("last week", Today { date: today, week_start, ..TODAY });
        assert_eq!(spans[0].span.to_string(), expected);
    };
    check(date(2024, 5, 12), Weekday::Monday, "2024-04-29..2024-05-05");
    check(date(2024, 5, 12), Weekday::Sunday, "2024-05-05..2024-05-11");
    check(date(2024, 5, 13), Weekday::Monday, "2024-05-06..2024-05-12");
    check(date(2024, 5, 13), Weekday::Saturday, "2024-05-04..2024-05-10");
    check(date(2024, 3, 4), Weekday::Monday, "2024-02-26..2024-03-03");
}

/// Fault 141: a year in the future.
#[test]
fn what_is_said_to_come_stays_in_the_future() {
    let check = |text: &str, expected: &str| assert_eq!(written(text), expected, "{text}");
    check("in 2031", "2031");
    check("goals for 2030", "2030");
    check("March 2025", "2025-03");
    check("entre 2025 et 2027", "2025..2027");
    check("next March", "2025-03");
    check("l'été prochain", "2024-06-01..2024-08-31");
    check("since 2030", "2030-01-01..");
    check("What will I do in March?", "2025-03");
    check("What will I plant in May?", "2024-05");
    check("Where am I going to travel in August?", "2024-08");
    check("Que ferai-je en août ?", "2024-08");
    check("où irons-nous lundi ?", "2024-05-20");
    check("what will I do on Friday", "2024-05-17");
    check("on the 20th, what shall I do", "2024-05-20");
    check("What did I do in August?", "2023-08");
}

#[test]
fn seasons_are_those_of_the_half_of_the_earth_that_is_set() {
    let check = |text: &str, expected: &str| {
        let south = Today { hemisphere: Hemisphere::South, ..TODAY };
        let spans = periods(text, south);
        let spans: Vec<String> = spans.iter().map(|found| found.span.to_string()).collect();
        assert_eq!(spans.join(", "), expected, "{text}");
    };
    check("spring 2021", "2021-09-01..2021-11-30");
    check("été 2021", "2021-12-01..2022-02-28");
    check("summer 2020/21", "2020-12-01..2021-02-28");
    check("l'été 2023-2024", "2023-12-01..2024-02-29");
    check("winter 2021", "2021-06-01..2021-08-31");
    check("last summer", "2023-12-01..2024-02-29");
    check("this autumn", "2024-03-01..2024-05-31");
    check("in winter", "2023-06-01..2023-08-31");
    check("l'hiver prochain", "2024-06-01..2024-08-31");
}

#[test]
fn a_period_is_told_in_its_parts_where_that_is_asked_for() {
    let check = |text: &str, expected: &str| assert_eq!(written(text), expected, "{text}");
    check("from 2020 to 2024, year by year", "2020, 2021, 2022, 2023, 2024");
    check("de 2020 à 2022, année par année", "2020, 2021, 2022");
    check("Q1 2021 month by month", "2021-01, 2021-02, 2021-03");
    check("since 2022 by year", "2022, 2023, 2024-01-01..2024-05-15");
    check(
        "2022 par trimestre",
        "2022-01-01..2022-03-31, 2022-04-01..2022-06-30, \
         2022-07-01..2022-09-30, 2022-10-01..2022-12-31",
    );
    check("from 2020 to 2022 except 2021, by year", "2020, 2021, 2022, not 2021");
    check(
        "in March 2021, week by week",
        "2021-03-01..2021-03-07, 2021-03-08..2021-03-14, \
         2021-03-15..2021-03-21, 2021-03-22..2021-03-28, 2021-03-29..2021-03-31",
    );
    check("before 2020, year by year", "..2019-12-31");
    check("from 1900 to 2000, week by week", "1900..2000");
    check("2021 year by year", "2021");
    check("what do I do every year", "-");
}

#[test]
fn bytes_name_the_words_that_were_read() {
    let check = |text: &str, expected: &[&str]| {
        let spans = periods(text, TODAY);
        let words: Vec<&str> = spans.iter().map(|found| &text[found.bytes.clone()]).collect();
        assert_eq!(words, expected);
    };
    check("What did I learn in March 2021?", &["March 2021"]);
    check("été 2021 et été 2022", &["été 2021", "été 2022"]);
    check("depuis l’été dernier, quoi", &["depuis l’été dernier"]);
    check("in 2021 except August", &["2021", "August"]);
}

fn span() -> impl Strategy<Value = Span> {
    let day = (1900_i16..2190, 1_i8..=12, 1_i8..=28)
        .prop_map(|(year, month, day)| Date::new(year, month, day).unwrap());
    prop_oneof![
        (1900_i16..2190, 1_i8..=12).prop_map(|(year, month)| Span::month(year, month).unwrap()),
        (1900_i16..2190, 0_i16..9).prop_map(|(year, more)| Span::years(year, year + more).unwrap()),
        day.clone().prop_map(|day| Span::day(day).unwrap()),
        day.clone().prop_map(|day| Span::new(Span::MIN, day).unwrap()),
        day.clone().prop_map(|day| Span::new(day, Span::MAX).unwrap()),
        (day.clone(), day)
            .prop_filter_map("start before end", |(start, end)| Span::new(start, end)),
    ]
}

proptest! {
    #[test]
    fn a_span_that_is_written_is_read_again(span in span()) {
        let found = periods(&span.to_string(), TODAY);
        prop_assert_eq!(found.len(), 1);
        prop_assert_eq!(found[0].span, span);
    }

    #[test]
    fn the_words_of_a_span_are_read_as_the_same_span(span in span(), is_french in any::<bool>()) {
        let language = if is_french { Language::French } else { Language::English };
        let words = wording::time(span, language);
        let found = periods(&words, TODAY);
        prop_assert_eq!(found.len(), 1, "{}", words);
        prop_assert_eq!(found[0].span, span, "{}", words);
    }

    #[test]
    fn any_text_is_read(text in "\\PC{0,80}") {
        hold(&text);
    }

    #[test]
    fn any_order_of_the_words_of_time_is_read(
        words in prop::collection::vec(prop::sample::select(WORDS), 0..12),
    ) {
        hold(&words.concat());
    }
}

const WORDS: &[&str] = &[
    "2021", "9999", "0000", "31", "00", "2", "-", "/", ".", "..", " ", " ", "–", "March", "mai",
    "été", "winter", "Easter", "last", "week", "two", "from ", "to ", "between ", "and ", "since ",
    "except ", "il y a ", "dernier", "the ", "first ", "of ", "Q", "W", "T10", "«", "\"", "l’",
    "'s", "999", "ago", "years ", "days ", ",", "e\u{301}",
];

fn hold(text: &str) {
    for found in periods(text, TODAY) {
        assert!(found.span.start() < found.span.end());
        assert!(text.get(found.bytes.clone()).is_some_and(|words| !words.is_empty()));
    }
}
