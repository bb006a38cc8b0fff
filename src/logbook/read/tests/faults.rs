//! What a whole note may have wrong with it.

use super::*;

/// Faults 30, 32, 33 and 43: script, links in a circle or out of the logbook, and characters without
/// width are text like any other.
#[test]
fn what_other_programs_act_on_is_text() {
    for text in [
        "<script>alert(1)</script>",
        "[[b]] and [[a]]",
        "[[../../etc/passwd]] ![[/etc/passwd]]",
        "zero\u{200b}width\u{feff}\u{200d}",
    ] {
        let note = note("a.md", text);
        assert_eq!((note.text.as_str(), note.entries.len()), (text, 1));
    }
}

/// Fault 35: front matter and file name of two days.
#[test]
fn a_front_matter_that_disagrees_with_the_name_is_reported() {
    let text = "---\ndate: 2022-05-03\n---\na\n";
    let expected = [(Some(2), "`2022-05-03` disagrees with `2022-05-04`")];
    let note = check_warned("2022-05-04.md", text, &expected);
    assert_eq!(shown(&note), ["4 | 2022-05-04 | 2022-05-04"]);
    let expected = [(Some(1), "`2023-08-01` disagrees with `2024-08-01`")];
    check_warned("2024-08-01.md", "# 2023-08-01\na", &expected);
}

/// Fault 36: a weekday that is not that of its date.
#[test]
fn a_weekday_that_disagrees_is_reported() {
    let expected = [(Some(1), "`2021-04-12` was a Monday, not a Tuesday")];
    let note = check_warned("2021-04.md", "## Mardi 12\n\na\n", &expected);
    assert_eq!(shown(&note), ["1-3 | 2021-04-12 | 2021-04 › Mardi 12"]);
    check_warned("2021-04.md", "## Lundi 12\n\na\n", &[]);
}

/// Fault 23: a day that no calendar has.
#[test]
fn impossible_days_date_nothing() {
    let expected = [(Some(2), "there is no such day: `2022-02-30`")];
    let note = check_warned("a.md", "---\ndate: 2022-02-30\n---\na\n", &expected);
    assert_eq!(shown(&note), ["4 | undated | a"]);
    let expected = [(Some(1), "there is no such day: `2022-02-30`")];
    let note = check_warned("2022.md", "## 2022-02-30\n\na\n", &expected);
    assert_eq!(shown(&note), ["1-3 | 2022 | 2022"]);
    check_warned(
        "2021.md",
        "## 29 février\n\na\n",
        &[(Some(1), "there is no such day: `29 février`")],
    );
    let expected = [(Some(2), "`soon` is not understood as a date")];
    check_warned("a.md", "---\ndate: soon\n---\na\n", &expected);
}

/// Fault 24: the line of front matter within a block of code.
#[test]
fn rules_and_dates_in_code_are_no_structure() {
    let text = "# A\n\n```yaml\n---\ndate: 2022-03-14\n---\n## 2022-03-15\n- 2022-03-16: x\n```\n";
    let note = check_warned("a.md", text, &[]);
    assert_eq!(shown(&note), ["1-9 | undated | A"]);
    assert_eq!((note.headings.len(), note.preamble), (1, None));
}

/// Faults 7, 8 and 9: lines that end in CRLF; lines that end in a lone CR; several kinds of line
/// ends in one file.
#[test]
fn lines_are_right_whatever_ends_them() {
    let text = "# Log\n\na\n\n## 2022-03-14\n\nb\n- c\n\n## 2022-03-15\nd\n";
    let expected = shown(&note("log.md", text));
    assert_eq!(expected.len(), 3);
    for ending in ["\r\n", "\r"] {
        let note = note("log.md", &text.replace('\n', ending));
        assert_eq!(shown(&note), expected);
        assert_eq!(note.text[note.entries[2].bytes.clone()], format!("## 2022-03-15{ending}d"));
    }
}
