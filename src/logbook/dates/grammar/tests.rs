use super::*;

/// What is read, as `span`, `--month-day`, `--month`, `---day`, `year..` or `impossible`.
fn shown(text: &str, day_first: bool) -> Option<String> {
    let reading = read(text, day_first)?;
    Some(match reading.form {
        None => "impossible".to_owned(),
        Some(Form::Complete(span, _)) => span.to_string(),
        Some(Form::Since(year)) => format!("{year}.."),
        Some(Form::MonthDay(month, day)) => format!("--{month:02}-{day:02}"),
        Some(Form::Month(month)) => format!("--{month:02}"),
        Some(Form::Day(day)) => format!("---{day:02}"),
    })
}

fn check(text: &str, expected: &str) {
    assert_eq!(shown(text, true).as_deref(), Some(expected), "{text:?}");
}

fn check_none(text: &str) {
    assert_eq!(shown(text, true), None, "{text:?}");
}

#[test]
fn days_are_read_in_numbers() {
    for text in [
        "2022-03-14",
        "2022_03_14",
        "2022/03/14",
        "2022.03.14",
        "2022 03 14",
        "2022‑03‑14",
        "14/03/2022",
        "14.3.2022",
        "14-03-2022",
        "03/14/2022",
        "2022-03-14 13:56",
        "2022-03-14T13:56:00Z",
        "2022-03-14 — title",
        "2022-03-14: title",
        "2022-03-14 title",
        "[[2022-03-14]]",
        "**2022-03-14**: title",
        "📅 2022-03-14",
        "(2022-03-14) title",
        "2022-03-14-title",
        "2022-03-14_title",
    ] {
        check(text, "2022-03-14");
    }
}

#[test]
fn which_comes_first_is_a_setting_where_both_could() {
    check("02/03/2020", "2020-03-02");
    assert_eq!(shown("02/03/2020", false).as_deref(), Some("2020-02-03"));
    assert_eq!(shown("2.3.2020", false).as_deref(), Some("2020-03-02"));
    assert_eq!(shown("14/03/2020", false).as_deref(), Some("2020-03-14"));
}

#[test]
fn days_are_read_in_words() {
    for text in [
        "March 14th, 2022",
        "March 14 2022",
        "March 14th  2022",
        "Mar. 14, 2022",
        "14 March 2022",
        "14th of March, 2022",
        "14 mars 2022",
        "le 14 mars 2022",
        "Lundi 14 mars 2022",
        "Monday, March 14, 2022",
        "lun. 14 mars 2022",
        "14-Mar-2022",
        "2022 mars 14",
        "Mon 2022-03-14",
        "14 MARS 2022 à Lyon",
    ] {
        check(text, "2022-03-14");
    }
    check("1er mars 2020", "2020-03-01");
    check("1er août 2020", "2020-08-01");
    check("1 aou\u{302}t 2020", "2020-08-01");
    check("15 fevr. 2020", "2020-02-15");
}

#[test]
fn parts_of_a_date_are_read() {
    check("Monday 12 April", "--04-12");
    check("Mercredi 14 avril", "--04-14");
    check("Mercredi 14 avril au bureau", "--04-14");
    check("mar 14 avril", "--04-14");
    check("14 mars – à Lyon", "--03-14");
    check("Lundi 12", "---12");
    check("12", "---12");
    check("3rd", "---03");
    check("14: title", "---14");
    check("March", "--03");
    check("Août : retour", "--08");
}

#[test]
fn longer_spans_are_read() {
    check("Avril 2021", "2021-04");
    check("2018-april", "2018-04");
    check("mars-2020", "2020-03");
    check("2022-03", "2022-03");
    check("2022-03-March", "2022-03");
    check("2022-W11", "2022-03-14..2022-03-20");
    check("2020W53: the last", "2020-12-28..2021-01-03");
    check("2022-Q1", "2022-01-01..2022-03-31");
    check("Q3 2022", "2022-07-01..2022-09-30");
    check("2022", "2022");
    check("2012: a year off", "2012");
    check("2012 – a year off", "2012");
    check("2012 | a year off", "2012");
    check("2012 - a year off", "2012");
    check("2008–2011", "2008..2011");
    check("2008-2011: the bank", "2008..2011");
    check("2016 and 2017: on my own", "2016..2017");
    check("2018 to 2020", "2018..2020");
    check("de 2012 à 2014", "2012..2014");
    check("2019 et après", "2019..");
    check("2019 and after: Kelvane", "2019..");
    check("Since 2019", "2019..");
    check("2022-03-14 – 2022-03-16: Ghent", "2022-03-14..2022-03-16");
    check("March–May 2021", "2021-03-01..2021-05-31");
}

#[test]
fn numbers_and_words_that_are_no_date_are_left() {
    for text in [
        "1984 and me",
        "3 things I learned",
        "10 rules",
        "Top 2020 albums",
        "May the force",
        "13:56 – Joanna and Nate",
        "13:56",
        "12h30",
        "Monday 12:30",
        "3 may be enough",
        "March on",
        "2016 and 2019: elections",
        "2nd brain",
        "2022 in review",
        "",
        "-",
        "2022-21",
        "20220314",
        "1.2.3",
        "10000-01-01",
        "0999-01-01",
        "999",
        "Sun",
        "Mon café",
        "14 marsouins",
        "2022-03-14th",
        "2011-12 season",
        "#2022",
        "~2022",
        "9999",
        "Marche 12",
    ] {
        check_none(text);
    }
}

#[test]
fn days_that_do_not_exist_are_told_from_what_is_no_date() {
    for text in ["2022-02-30", "31/02/2022", "30 February 2022", "2022-W54", "2021-W53", "2022-Q5"]
    {
        check(text, "impossible");
    }
}

#[test]
fn weekdays_are_kept_to_be_compared() {
    let weekday = |text| read(text, true).and_then(|reading| reading.weekday);
    assert_eq!(weekday("Lundi 12 avril 2021"), Some(Weekday::Monday));
    assert_eq!(weekday("2019-02-10 (Sunday)"), Some(Weekday::Sunday));
    assert_eq!(weekday("2019-02-10 Sunday"), Some(Weekday::Sunday));
    assert_eq!(weekday("2019-02-10 Sun was shining"), None);
}

#[test]
fn only_what_is_read_is_given_back() {
    let check = |text: &str, read_text: &str, is_whole: bool| {
        let reading = read(text, true).unwrap();
        assert_eq!((&text[reading.bytes], reading.is_whole), (read_text, is_whole));
    };
    check("2023-10-05 — title", "2023-10-05", false);
    check("[[2023-10-05]]", "2023-10-05", true);
    check("2019-02-10 (Sunday)", "2019-02-10", true);
    check("Lundi 12", "Lundi 12", true);
}

proptest::proptest! {
    #[test]
    fn no_text_is_too_strange(text in "\\PC*", day_first: bool) {
        if let Some(reading) = read(&text, day_first) {
            assert!(text.get(reading.bytes).is_some());
        }
    }

    #[test]
    fn every_day_is_read_back(days in 0i32..2_900_000) {
        let day = Span::from_numbers(days - 354_000, days - 353_999).unwrap();
        assert_eq!(shown(&day.to_string(), true), Some(day.to_string()));
    }
}
