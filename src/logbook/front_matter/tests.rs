use super::*;

fn read_text(text: &str) -> (Result<FrontMatter, Skip>, Vec<Warning>) {
    let mut warnings = Vec::new();
    let keys = ["date", "created"].map(str::to_owned);
    let read = read(text, &LineIndex::new(text), &keys, &mut warnings);
    (read, warnings)
}

/// Checks the warnings and the line that the body begins with, from zero.
fn check_warned(text: &str, expected: &[(u32, &str)], body_line_index: usize) {
    let (read, warnings) = read_text(text);
    let warnings: Vec<_> =
        warnings.iter().map(|warning| (warning.line_number.unwrap(), &*warning.reason)).collect();
    assert_eq!(warnings, expected, "{text}");
    assert_eq!(read.unwrap().body_line_index, body_line_index, "{text}");
}

fn check_skipped(text: &str, expected: &str, intended: bool) {
    let skip = read_text(text).0.unwrap_err();
    assert_eq!((skip.reason.as_str(), skip.intended), (expected, intended));
}

#[test]
fn title_tags_and_dates_are_read() {
    let (read, warnings) = read_text(
        "---\r\ntitle: \"A: b\"\r\ntags: [Rust, 2022, '#Bread']\r\ncreated: 2022-03-14\r\nDate: 20220315\r\nauthor: x\r\n---\r\nbody",
    );
    let read = read.unwrap();
    assert_eq!(warnings, []);
    assert_eq!(read.title.as_deref(), Some("A: b"));
    assert_eq!(read.tags, ["rust", "2022", "bread"]);
    assert_eq!(read.dates, [(5, "20220315".to_owned()), (4, "2022-03-14".to_owned())]);
    let (lines, bytes) = read.preamble.unwrap();
    assert_eq!((lines.to_string().as_str(), bytes.start, read.body_line_index), ("1-7", 0, 7));
}

#[test]
fn dates_may_be_quoted_or_not() {
    let dates = |value: &str| {
        let (read, warnings) = read_text(&format!("---\ndate: {value}\n---\n"));
        assert_eq!(warnings, [], "{value}");
        read.unwrap().dates.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join("|")
    };
    for value in [
        "2022-03-14T13:56:00+01:00",
        "2015-01-02 12:34",
        "9.9.2020",
        "1647216000",
        "1647216000000",
        "Tuesday, May 13th 2025, 2:16:40 pm",
        "Mon, 14 Mar 2022 23:30:00 -0500",
        "2022",
    ] {
        assert_eq!(dates(value), value);
        assert_eq!(dates(&format!("'{value}'")), value);
        assert_eq!(dates(&format!("\"{value}\" # a comment")), value);
    }
    assert_eq!(dates("[[2022-03-14]]"), "2022-03-14");
    assert_eq!(dates("\"[[2022-03-14]]\""), "[[2022-03-14]]");
    assert_eq!(dates(""), "");
}

#[test]
fn tags_may_be_a_text() {
    let tags = |text: &str| read_text(text).0.unwrap().tags;
    assert_eq!(tags("---\ntags: a, B c ,#d\n---\n"), ["a", "b c", "d"]);
    assert_eq!(tags("---\ntags: a B #d\n---\n"), ["a", "b"]);
    assert_eq!(tags("---\ntags:\n- a\n- a\n---\n"), ["a"]);
    assert_eq!(tags("---\ntags:\n---\n"), [""; 0]);
}

/// Fault 16: front matter that nothing closes.
#[test]
fn front_matter_that_is_never_closed_is_text() {
    let (read, warnings) = read_text("---\ntitle: a\n\nbody\n");
    let read = read.unwrap();
    assert_eq!((read.body_line_index, warnings.as_slice()), (0, &[][..]));
    assert_eq!(read.unread, Some(warning(1, "front matter is never closed; read as text")));
}

/// Fault 17: front matter that is no YAML.
#[test]
fn bad_yaml_is_a_warning_with_its_line() {
    let (read, warnings) = read_text("---\ntitle: a\ntags: [a, b\nother: c\n---\nbody");
    let read = read.unwrap();
    assert_eq!((read.body_line_index, warnings.as_slice()), (5, &[][..]));
    let unread = read.unread.unwrap();
    assert!(unread.reason.starts_with("front matter is no YAML: "), "{unread:?}");
    assert!((3..=5).contains(&unread.line_number.unwrap()), "{unread:?}");
}

/// Fault 18: what bounds the time is the limit on what is replayed.
#[test]
fn an_alias_bomb_is_refused() {
    let level = |level: usize| {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        format!("a{level}: &a{level} [{aliases}]\n")
    };
    let levels: String = (1..12).map(level).collect();
    let yaml = format!("---\na0: &a0 [x, x, x, x, x, x, x, x, x]\n{levels}---\nbody");
    let reason = "front matter is too deeply nested, too long, or repeats itself";
    check_skipped(&yaml, reason, false);
}

/// Fault 19: ten thousand levels of nesting.
#[test]
fn ten_thousand_levels_are_refused() {
    let reason = "front matter is too deeply nested, too long, or repeats itself";
    let deep = 10_000;
    check_skipped(
        &format!("---\na: {}{}\n---\n", "[".repeat(deep), "]".repeat(deep)),
        reason,
        false,
    );
    check_skipped(&format!("---\na: {}\n---\n", "{a: ".repeat(deep)), reason, false);
    check_skipped(&format!("---\n{}a\n---\n", "- ".repeat(deep)), reason, false);
}

/// Fault 20: a key that is given twice.
#[test]
fn of_duplicate_keys_the_last_counts() {
    check_warned(
        "---\ntitle: a\ntitle: b\n---\n",
        &[(3, "`title` stands twice; the last one counts")],
        4,
    );
    assert_eq!(read_text("---\ntitle: a\ntitle: b\n---\n").0.unwrap().title.as_deref(), Some("b"));
}

/// Fault 21: front matter that is a list or a word.
#[test]
fn front_matter_that_is_no_mapping_is_text() {
    let expected = [(1, "front matter is no mapping; read as text")];
    check_warned("---\n- a\n- b\n---\nbody", &expected, 0);
    check_warned("---\nA line between two rules.\n---\nbody", &expected, 0);
}

/// Fault 22: a date or tags of the wrong type.
#[test]
fn values_of_the_wrong_shape_are_warnings() {
    check_warned("---\ntags: 3\n---\n", &[(2, "`tags` is neither a list nor a text")], 3);
    check_warned("---\na: b\ndate: [1, 2]\n---\n", &[(3, "`date` is no date")], 4);
    check_warned("---\ntitle: {a: b}\n---\n", &[(2, "`title` is no text")], 3);
    check_warned("---\ntags: [a, [b]]\n---\n", &[(2, "some of `tags` are no text")], 3);
}

#[test]
fn a_note_may_ask_to_be_left_out() {
    check_skipped("---\ntwin: false\n---\nbody", "`twin: false`", true);
    check_skipped("---\ntwin: no\n---\nbody", "`twin: false`", true);
    check_skipped("---\ndate: {{date}}\n---\nbody", "is a template", true);
    assert!(read_text("---\ntwin: true\n---\nbody").0.is_ok());
}

#[test]
fn a_note_may_say_how_far_it_may_go() {
    let check = |text: &str, expected: &[&str], warnings: usize| {
        let (front_matter, found) = read_text(text);
        assert_eq!(front_matter.unwrap().tags, expected, "{text}");
        assert_eq!(found.len(), warnings, "{text}: {found:?}");
        assert_eq!(restriction(text).as_slice(), expected, "{text}");
    };
    check("---\ntwin: local\n---\nbody", &["twin-local"], 0);
    check("---\ntwin: Private\n---\nbody", &["twin-private"], 0);
    check("---\ntwin: \"private\" # mine\n---\nbody", &["twin-private"], 0);
    check("---\ntwin: secret\n---\nbody", &["twin-private"], 1);
    check("---\ntwin: yes\n---\ntwin: local", &[], 0);
    check("---\na: [\ntwin: local\n---\nbody", &["twin-local"], 0);
    assert_eq!(restriction("---\ntwin: false\n---\nbody"), Some(TAG_PRIVATE));
    assert_eq!(restriction("twin:: local\n\nbody"), Some(TAG_LOCAL));
    assert_eq!(restriction("The twin: private matters."), None);
}

#[test]
fn empty_front_matter_says_nothing() {
    check_warned("---\n---\nbody", &[], 2);
    check_warned("---\r# comment\r---\rbody", &[], 3);
}

proptest::proptest! {
    #[test]
    fn no_front_matter_is_too_strange(yaml in "[-:,a-z0-9 \\[\\]{}&*<>|!%@`'\"#~?\r\n\t]{0,80}") {
        let _ = read_text(&format!("---\n{yaml}\n---\nbody"));
    }
}
