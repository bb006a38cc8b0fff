//! The phrases of `tests/data/periods.tsv`, and what holds of any text.

use jiff::civil::{Date, Weekday, date};
use proptest::prelude::*;

use super::{Hemisphere, Today, periods};
use crate::logbook::Span;

const TODAY: Today =
    Today { date: date(2024, 5, 15), week_start: Weekday::Monday, hemisphere: Hemisphere::North };

/// The spans of a text as the table writes them.
fn written(text: &str) -> String {
    let spans = periods(text, TODAY);
    let spans = spans
        .iter()
        .map(|found| format!("{}{}", if found.excluded { "not " } else { "" }, found.span));
    let spans: Vec<String> = spans.collect();
    if spans.is_empty() { "-".into() } else { spans.join(", ") }
}

/// FAULTS 132, 133, 141.
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

/// FAULTS 140.
#[test]
fn a_week_begins_on_the_day_that_is_set() {
    let check = |today: Date, week_start: Weekday, expected: &str| {
        let spans = periods("last week", Today { date: today, week_start, ..TODAY });
        assert_eq!(spans[0].span.to_string(), expected);
    };
    check(date(2024, 5, 12), Weekday::Monday, "2024-04-29..2024-05-05");
    check(date(2024, 5, 12), Weekday::Sunday, "2024-05-05..2024-05-11");
    check(date(2024, 5, 13), Weekday::Monday, "2024-05-06..2024-05-12");
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
