use super::*;

/// Checks the span of the name and that of the folders, each empty for none.
fn check(path: &str, name: &str, folder: &str) {
    let mut warnings = Vec::new();
    let dates = read_path(path, &[], true, &mut warnings);
    let shown =
        |dating: Option<Dating>| dating.map(|dating| dating.span.to_string()).unwrap_or_default();
    assert_eq!((&*shown(dates.name), &*shown(dates.folder)), (name, folder), "{path}");
    assert_eq!(warnings, [], "{path}");
}

#[test]
fn names_of_days_are_dates() {
    for path in [
        "2022-03-14.md",
        "2022_03_14.md",
        "20220314.md",
        "202203141530 title.md",
        "2022-03-14 Title.md",
        "2022-03-14-title.md",
        "daily.journal.2022.03.14.md",
        "standup-2022-03-14.md",
        "March 14th, 2022.md",
        "14 mars 2022.md",
        "14-03-2022.md",
        "20220314T1530.md",
        "2022-03-14.en.md",
        "202203141530.md",
        "20220314153000 title.md",
        "Monday, March 14, 2022.md",
        "standup.2022.03.14.md",
    ] {
        check(path, "2022-03-14", "");
    }
    check("_posts/2022-03-14-title.md", "2022-03-14", "");
    check("_posts/2022-3-14-title.markdown", "2022-03-14", "");
    check("posts/2022-03-14-slug.qmd", "2022-03-14", "");
    check("journals/2022_03_14.md", "2022-03-14", "");
    check("2022/2022-03-14.md", "2022-03-14", "2022");
}

#[test]
fn names_of_longer_spans_are_dates() {
    check("2022-W11.md", "2022-03-14..2022-03-20", "");
    check("2022-W11 review.md", "2022-03-14..2022-03-20", "");
    check("2022-03.md", "2022-03", "");
    check("2022-Q1.md", "2022-01-01..2022-03-31", "");
    check("2022.md", "2022", "");
    check("2018-april.md", "2018-04", "");
    check("april 2018.md", "2018-04", "");
    check("2022W11.md", "2022-03-14..2022-03-20", "");
    check("2022-Q1 review.md", "2022-01-01..2022-03-31", "");
    check("2022/Q1.md", "2022-01-01..2022-03-31", "2022");
    check("mars-2020.md", "2020-03", "");
    check("Mars 2020.md", "2020-03", "");
}

#[test]
fn folders_complete_each_other_and_the_file() {
    check("2022/03/14.md", "2022-03-14", "2022-03");
    check("2022/03.md", "2022-03", "2022");
    check("2022/03-14.md", "2022-03-14", "2022");
    check("2022/avril.md", "2022-04", "2022");
    check("2022/03-March/Lundi 14.md", "2022-03-14", "2022-03");
    check("2022/03 - March/14 - Monday.md", "2022-03-14", "2022-03");
    check("2022/03-March/ideas.md", "", "2022-03");
    check("2022-03/14.md", "2022-03-14", "2022-03");
    check("2022/W11.md", "2022-03-14..2022-03-20", "2022");
    check("2022/work/ideas.md", "", "2022");
    check("posts/2022-07-25-slug/index.qmd", "", "2022-07-25");
}

#[test]
fn numbers_in_titles_are_no_dates() {
    for path in [
        "postgres-15-notes.md",
        "1984-review.md",
        "iso-8601.md",
        "12.md",
        "notes/12.md",
        "12-13.md",
        "176.md",
        "3-things.md",
        "may.md",
        "12345678.md",
        "4096.md",
        "v1.2.3.md",
        "20220314x.md",
        "2022-21.md",
        "10-rules-for-2022.md",
        "march-15-retro.md",
        "2022.5.md",
        "2022-year-in-review.md",
        "99991231.md",
    ] {
        check(path, "", "");
    }
    check("2022/work/03.md", "", "2022");
}

/// Fault 23: a day that no calendar has.
#[test]
fn a_name_with_an_impossible_day_is_a_warning() {
    let mut warnings = Vec::new();
    let dates = read_path("2022/2022-02-30.md", &[], true, &mut warnings);
    assert!(dates.name.is_none() && dates.folder.is_some());
    assert_eq!(warnings[0].reason, "there is no such day: `2022-02-30`");
}

/// Fault 36: a weekday that is not that of its date.
#[test]
fn a_name_with_another_weekday_is_a_warning() {
    for (path, expected) in [
        ("2022-03-14 Tuesday.md", "`2022-03-14` was a Monday, not a Tuesday"),
        ("2022-03/Mardi 14.md", "`2022-03-14` was a Monday, not a Tuesday"),
        ("2022-03-14 Monday.md", ""),
        ("2022-03-14 Tuesday club.md", ""),
    ] {
        let mut warnings = Vec::new();
        let dates = read_path(path, &[], true, &mut warnings);
        assert_eq!(dates.name.unwrap().span.to_string(), "2022-03-14", "{path}");
        let reasons: Vec<String> = warnings.into_iter().map(|warning| warning.reason).collect();
        assert_eq!(reasons.join(""), expected, "{path}");
    }
}

#[test]
fn the_format_of_an_editor_comes_first() {
    let formats = crate::logbook::logseq_journals("", ":journal/file-name-format \"MM-dd-yyyy\"");
    let mut warnings = Vec::new();
    let mut name = |path| {
        let dates = read_path(path, &formats, true, &mut warnings);
        dates.name.map(|dating| dating.span.to_string()).unwrap_or_default()
    };
    assert_eq!(name("journals/03-04-2022.md"), "2022-03-04");
    assert_eq!(name("pages/03-04-2022.md"), "2022-04-03");
    assert_eq!(name("journals/02-30-2022.md"), "");
    assert_eq!(warnings[0].reason, "there is no such day: `02-30-2022`");
}

proptest::proptest! {
    #[test]
    fn no_path_is_too_strange(path in "([0-9A-Za-z./_ é-]{0,12}/?){0,5}") {
        read_path(&path, &[], true, &mut Vec::new());
    }
}
