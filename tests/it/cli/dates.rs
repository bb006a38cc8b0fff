//! `twin dates`: what dates each entry.

use insta::assert_snapshot;

use super::Twin;

const NOTES: [(&str, &str); 2] = [
    ("2021-04.md", "## Mardi 12\n\na\n\n## Ideas\n\nb\n"),
    ("ideas.md", "# Ideas\n\nc\n\n# 04/13/2021\n\nd\n"),
];

#[test]
fn a_logbook_is_told_in_numbers() {
    assert_snapshot!(Twin::ingested(&NOTES).run(&["dates"]), @"
    exit 0
    ── stdout
    logbook   notes at [HOME]/notes
    notes     2, 1 with warnings
    entries   4, 1 undated
    dated by  heading 2, file name 1
    exact to  day 2, month 1
    read as   02/03/2020 is 3 February, by the dates that can be read only one way: 0 with the day first, 1 with the month first

    the undated ones: `twin dates --undated`; one note: `twin dates FILE`
    ");
}

#[test]
fn an_entry_tells_what_dates_it() {
    let twin = Twin::ingested(&NOTES);
    assert_snapshot!(twin.run(&["dates", "2021-04.md:3"]), @"
    exit 0
    ── stdout
    2021-04.md
      1-3  2021-04-12 (day), heading on line 1: `Mardi 12` – 2021-04 › Mardi 12
           agrees: 2021-04 (month), file name: `2021-04`
           warning, line 1: `2021-04-12` was a Monday, not a Tuesday
    ");
    assert_snapshot!(twin.run(&["dates", "notes/other.md"]), @"
    exit 2
    ── stderr
    error: notes/other.md is no note of the logbook

    hint: name a file below one of its folders, by its path there or from here, and perhaps a line: `twin dates journal/2022-03.md:40`
    ");
    let json = twin.run(&["dates", "notes/ideas.md", "--json"]);
    assert!(json.contains("\"schema\": \"logtwin/dates-note/1\""), "{json}");
}

#[test]
fn undated_entries_are_listed() {
    let twin = Twin::new(&NOTES);
    assert_snapshot!(twin.run(&["dates", "--undated"]), @"
    exit 2
    ── stderr
    error: no folder of notes was named

    hint: name one: `twin ingest ~/notes`, or set logbook.folders
    ");
    let twin = twin.with("logbook.folders=[\"notes\"]");
    assert_snapshot!(twin.run(&["dates", "--undated"]), @"
    exit 0
    ── stdout
    ideas.md:1
    ");
    assert_snapshot!(twin.run(&["dates", "--undated", "--json"]), @r#"
    exit 0
    ── stdout
    {
      "undated": [
        {
          "root": "notes",
          "path": "ideas.md",
          "line_number": 1,
          "title": "Ideas"
        }
      ],
      "schema": "logtwin/dates-undated/1"
    }
    "#);
}
