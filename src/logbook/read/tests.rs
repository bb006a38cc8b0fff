use proptest::prelude::*;

use super::*;
use crate::logbook::Source;

mod faults;
mod properties;

fn note(path: &str, text: &str) -> Note {
    read(path, text.as_bytes(), &ReadOptions::default()).unwrap()
}

/// The entries of a note, each as `lines | span | title`.
fn shown(note: &Note) -> Vec<String> {
    let span = |entry: &crate::logbook::Entry| {
        entry.dating.as_ref().map_or("undated".to_owned(), |dating| dating.span.to_string())
    };
    note.entries
        .iter()
        .map(|entry| format!("{} | {} | {}", entry.lines, span(entry), entry.title))
        .collect()
}

fn check(path: &str, text: &str, expected: &[&str]) {
    assert_eq!(shown(&note(path, text)), expected, "{path}: {text}");
}

fn check_source(path: &str, text: &str, expected: (Source, Option<u32>, &str)) {
    let note = note(path, text);
    let found = &note.entries[0].dating.as_ref().unwrap().provenance;
    assert_eq!((found.source, found.line_number, &*found.text), expected, "{path}: {text}");
}

fn check_warned(path: &str, text: &str, expected: &[(Option<u32>, &str)]) -> Note {
    let note = note(path, text);
    let warnings: Vec<_> =
        note.warnings.iter().map(|warning| (warning.line_number, &*warning.reason)).collect();
    assert_eq!(warnings, expected, "{path}: {text}");
    note
}

/// Faults 1 and 2: a file without a byte; nothing but spaces and line ends.
#[test]
fn an_empty_note_has_no_entries() {
    for text in ["", " ", "\n\t\n\r\n", "\u{feff}", "---\n---\n", "---\n# x\n---\n\n"] {
        let expected: &[&str] = if text.contains('x') { &["1-3 | 2022-03-14 | d"] } else { &[] };
        check("2022/03/14/d.md", text, expected);
    }
}

#[test]
fn a_page_of_a_diary_is_one_entry() {
    let text = "# 2022-08-14\n\n## 18:12 – Joanna\n\n- a\n\n## 2008–2011: the bank\n\ntext\n";
    check("2022-08-14.md", text, &["1-9 | 2022-08-14 | 2022-08-14"]);
    check(
        "2022-08-14.md",
        "# Day\n\n- 2022-03-01: a\n- 2022-03-02: b\n",
        &["1-4 | 2022-08-14 | Day"],
    );
    check(
        "2022-08-14.md",
        "text\n\n## 2022-08-10 call\n\ntext",
        &["1-5 | 2022-08-14 | 2022-08-14"],
    );
    check(
        "2022-08-14.md",
        "a\n## 2022-08-10\nb\n## 2022-08-11 — c\nd",
        &[
            "1 | 2022-08-14 | 2022-08-14",
            "2-3 | 2022-08-10 | 2022-08-14 › 2022-08-10",
            "4-5 | 2022-08-11 | 2022-08-11 — c",
        ],
    );
}

#[test]
fn dated_headings_begin_entries() {
    check(
        "log.md",
        "# Log\n\nintro\n\n## 2023-10-05 — title\n\na\n\n### Why\n\nb\n\n## 2023-10-04\n\nc\n\n## Recipes\n\nd\n\n## More\n\ne\n",
        &[
            "1-3 | undated | Log",
            "5-11 | 2023-10-05 | 2023-10-05 — title",
            "13-15 | 2023-10-04 | Log › 2023-10-04",
            "17-23 | undated | Recipes",
        ],
    );
}

#[test]
fn headings_complete_each_other() {
    check(
        "diary.md",
        "# 2022\n\n## March\n\n### 14\n\na\n\n### Ideas\n\nb\n\n## April\n\nc\n\n### Lundi 4\n\nd\n\n# 2023\n\ne\n",
        &[
            "1-7 | 2022-03-14 | diary › 14",
            "9-11 | 2022-03 | Ideas",
            "13-15 | 2022-04 | diary › April",
            "17-19 | 2022-04-04 | diary › Lundi 4",
            "21-23 | 2023 | diary › 2023",
        ],
    );
    check("2022.md", "## March\n\na\n", &["1-3 | 2022-03 | 2022 › March"]);
    check("2020-04.md", "## Lundi 13\na", &["1-2 | 2020-04-13 | 2020-04 › Lundi 13"]);
    check("notes.md", "## 14\na\n## March\nb", &["1-4 | undated | notes"]);
}

#[test]
fn a_year_is_taken_on_from_the_headings_beside() {
    // 9 March was a Wednesday in 2022, a Thursday in 2023 and a Tuesday in 2021.
    for (text, expected) in [
        ("## 2022-03-14\na\n## Mercredi 9 mars\nb\n", "2022-03-14 2022-03-09"),
        ("## 2022-03-14\na\n## Jeudi 9 mars\nb\n", "2022-03-14 2023-03-09"),
        ("## 2022-03-14\na\n## Vendredi 9 mars\nb\n", "2022-03-14"),
        (
            "## 2022-12-30\na\n## 2 January\nb\n## 2023-03-01\nc\n",
            "2022-12-30 2023-01-02 2023-03-01",
        ),
        (
            "## 2 January\na\n## 30 December\nb\n## 2022-12-01\nc\n",
            "2023-01-02 2022-12-30 2022-12-01",
        ),
        ("## 2022-12-30\na\n## 1 May\nb\n## 2023-03-01\nc\n", "2022-12-30 2023-03-01"),
        (
            "## 2022-03-14\na\n## 2023-01-01\nb\n## 2022-01-01\nc\n## 9 mars\nd\n",
            "2022-03-14 2023-01-01 2022-01-01",
        ),
        ("## November 2022\na\n## December\nb\n## January\nc\n", "2022-11 2022-12 2023-01"),
        ("# A\n## 2022-03-14\na\n# B\n## 9 mars\nb\n", "2022-03-14"),
        ("## 9 mars\na\n## 10 mars\nb\n", ""),
    ] {
        let note = note("a.md", text);
        let spans: Vec<String> = note
            .entries
            .iter()
            .filter_map(|entry| Some(entry.dating.as_ref()?.span.to_string()))
            .collect();
        assert_eq!(spans.join(" "), expected, "{text}");
    }
    check_warned(
        "a.md",
        "## 2022-03-14\na\n## Vendredi 9 mars\nb\n",
        &[(Some(3), "`Vendredi 9 mars` fits no year of the headings beside it")],
    );
    let note = note("a.md", "## 2022-03-14\na\n## 9 mars\nb\n");
    let dating = note.entries[1].dating.as_ref().unwrap();
    assert_eq!((dating.provenance.source, &*dating.provenance.text), (Source::Neighbour, "9 mars"));
}

#[test]
fn a_dated_heading_without_text_stands_for_itself() {
    check(
        "log.md",
        "## 2022-03-14 — thesis handed in\n\n## 2022-03-15\n\na\n",
        &["1 | 2022-03-14 | 2022-03-14 — thesis handed in", "3-5 | 2022-03-15 | log › 2022-03-15"],
    );
}

#[test]
fn headings_that_only_begin_like_a_date_are_undated() {
    for heading in ["1984 and me", "3 things I learned", "10 rules", "May the force", "13:56 – x"]
    {
        let text = format!("# 2022-03\n\n## {heading}\n\na\n");
        check("x.md", &text, &["1-5 | 2022-03 | 2022-03"]);
    }
}

#[test]
fn dated_bullets_are_entries_with_what_is_under_them() {
    check(
        "running.md",
        "# Running\n\nintro\n\n- 2021-03-07: 8.2 km\n  - wind\n- [x] 2021-03-28 – 9 km\n- shoes\n\nend\n",
        &[
            "1-3 | undated | Running",
            "5-6 | 2021-03-07 | Running › 2021-03-07",
            "7 | 2021-03-28 | Running › 2021-03-28",
            "8-10 | undated | Running",
        ],
    );
    check(
        "2022.md",
        "# Runs\n* 14 mars : 8 km\n* 12 eggs\n",
        &["1-2 | 2022-03-14 | Runs › 14 mars", "3 | 2022 | Runs"],
    );
    check("log.md", "## 2022-03-14\n- 2022-03-20: due\n", &["1-2 | 2022-03-14 | log › 2022-03-14"]);
}

#[test]
fn jrnl_headers_begin_entries() {
    check(
        "jrnl.txt",
        "[2020-05-12 21:40] Bread\nCrust.\n[1] a link\n\n[2020-05-30 09:15:00 PM]\n## no heading\n",
        &["1-3 | 2020-05-12 | Bread", "5-6 | 2020-05-30 | jrnl › 2020-05-30"],
    );
    check(
        "jrnl.txt",
        "2020-05-12 21:40 Bread\nCrust.\n\n2020-05-13 08:00 Run\n2020-05-14 21:00 is no header\n",
        &["1-2 | 2020-05-12 | Bread", "4-5 | 2020-05-13 | Run"],
    );
    check(
        "jrnl.txt",
        "[2020-05-12 21:40] Bread *\nCrust.\n[1] a link\n[2] 2020-05-13\n\n[2020-05-13 08:00] * Run\n- *x*\n[2020-05-14 08:00:00 AM] **Bold**\n",
        &["1-4 | 2020-05-12 | Bread", "6-7 | 2020-05-13 | Run", "8 | 2020-05-14 | **Bold**"],
    );
    check("notes.md", "Text.\n\n[2020-05-12 21:40] once\n", &["1-3 | undated | notes"]);
    check(
        "notes.md",
        "```\n[2020-05-12 21:40] a\n[2020-05-13 21:40] b\n```\n",
        &["1-4 | undated | notes"],
    );
}

#[test]
fn properties_in_the_text_are_read() {
    let page = "title:: Bread\ndate:: [[Mar 14th, 2022]]\ntags:: [[Home]], baking\n\n- crust\n";
    check("pages/a.md", page, &["1-5 | 2022-03-14 | Bread"]);
    assert_eq!(note("pages/a.md", page).tags, ["home", "baking"]);
    check_source("pages/a.md", page, (Source::FrontMatter, Some(2), "[[Mar 14th, 2022]]"));
    let blocks = "- intro\n- Bread\n  date:: 2022-03-14\n  - crust\n- date:: 15/03/2022\n- end\n";
    check(
        "a.md",
        blocks,
        &[
            "1 | undated | a",
            "2-4 | 2022-03-14 | a › 2022-03-14",
            "5 | 2022-03-15 | a › 15/03/2022",
            "6 | undated | a",
        ],
    );
    let asked = read("a.md", b"twin:: false\n\na", &ReadOptions::default());
    assert!(asked.unwrap_err().intended);
}

#[test]
fn a_text_file_is_a_note_only_when_jrnl_wrote_it() {
    check("2022/03/14.txt", "One line.\n", &["1 | 2022-03-14 | 14"]);
    check(
        "journal/2022/03/14.txt",
        "[2022-03-14 09:15:00 AM] Bread\nCrust.\n\n[2022-03-14 10:15:00 PM] Late *\n",
        &["1-4 | 2022-03-14 | 14"],
    );
    for (path, text) in [("list.txt", "milk\n"), ("2022-03-14.txt", "[1] a\n"), ("14.TXT", "")] {
        let skip = read(path, text.as_bytes(), &ReadOptions::default()).unwrap_err();
        assert!(skip.intended, "{path}");
    }
}

#[test]
fn the_time_format_of_jrnl_is_a_setting() {
    let text = "[14.03.22, 9h15] Bread\nCrust.\n\n[15.03.22, 21h05]\nRun\n";
    let jrnl_format = crate::logbook::DateFormat::strftime("%d.%m.%y, %-Hh%M");
    let options = ReadOptions { jrnl_format, ..ReadOptions::default() };
    let entries = ["1-2 | 2022-03-14 | Bread", "4-5 | 2022-03-15 | jrnl › 15.03.22, 21h05"];
    assert_eq!(shown(&read("jrnl.txt", text.as_bytes(), &options).unwrap()), entries);
    assert!(read("jrnl.txt", text.as_bytes(), &ReadOptions::default()).unwrap_err().intended);
}

#[test]
fn the_strongest_evidence_counts_and_weaker_completes_it() {
    let day = "---\ndate: 2022-05-03\n---\na\n";
    check("2022/a.md", day, &["4 | 2022-05-03 | a"]);
    check_source("2022/a.md", day, (Source::FrontMatter, Some(2), "2022-05-03"));
    check("2022.md", day, &["4 | 2022-05-03 | 2022"]);
    check("2022-05-04 x.md", day, &["4 | 2022-05-04 | 2022-05-04 x"]);
    check("reading/1984.md", day, &["4 | 2022-05-03 | 1984"]);
    check("a.md", "---\ndate: 2022-05-03\n---\n# 1984\n\na\n", &["4-6 | 2022-05-03 | 1984"]);
    check("a.md", "---\ncreated: 2021-01-01\ndate: 2022-05-03\n---\na\n", &["5 | 2022-05-03 | a"]);
    check_source("2022/03/14.md", "a", (Source::FileName, None, "2022/03/14"));
    check_source("2022/a.md", "a", (Source::Folder, None, "2022"));
    check_source("a.md", "# 2022\n## 2022-03-14\na", (Source::EntryHeading, Some(2), "2022-03-14"));
}

#[test]
fn an_open_range_ends_where_the_note_does() {
    let text = "# How\n\na\n\n## 2019 et après\n\nb\n";
    check("a.md", text, &["1-3 | undated | How", "5-7 | 2019-01-01.. | How › 2019 et après"]);
    let text = format!("---\ndate: 2023-04-30\n---\n{text}");
    let spans = ["4-6 | 2023-04-30 | How", "8-10 | 2019-01-01..2023-04-30 | How › 2019 et après"];
    check("a.md", &text, &spans);
}

#[test]
fn front_matter_is_searchable() {
    let text = "---\nwritten_in: Londres (UK)\n---\n\na\n";
    let read = note("a.md", text);
    let (lines, bytes) = read.preamble.clone().unwrap();
    assert_eq!((lines.to_string(), &read.text[bytes]), ("1-3".to_owned(), text[..32].trim_end()));
    let only = note("2022-03-14.md", &text[..32]);
    assert_eq!(
        (shown(&only), only.preamble),
        (vec!["1-3 | 2022-03-14 | 2022-03-14".to_owned()], None)
    );
}

#[test]
fn tags_are_those_of_the_note_and_of_the_text() {
    let note = note(
        "a.md",
        "---\ntags: [Log]\n---\n## 2022-03-14\nx #Rust #log\n## 2022-03-15\n`#no` #Été\n",
    );
    let tags: Vec<_> = note.entries.iter().map(|entry| entry.tags.join(" ")).collect();
    assert_eq!(tags, ["log rust", "log été"]);
}

#[test]
fn notes_that_ask_for_it_are_left_out() {
    for (path, text) in [
        ("a.md", "---\ntwin: false\n---\na"),
        ("templates/daily.md", "# {{date}}\n\n## Notes\n"),
        ("templates/{{date}}.md", "a"),
        ("Templates/daily.md", "Written on {{date:YYYY}}\n"),
    ] {
        let skip = read(path, text.as_bytes(), &ReadOptions::default()).unwrap_err();
        assert!(skip.intended, "{path}");
    }
}

#[test]
fn front_matter_with_nothing_in_it_stays_front_matter() {
    let note = read("a.md", b"---\n...\n", &ReadOptions::default()).unwrap();
    assert!(note.entries.is_empty() && note.preamble.is_some());
}

#[test]
fn settings_decide_what_may_be_read_two_ways() {
    let text = b"---\nday: 02/03/2020\n---\na";
    let options = ReadOptions {
        day_first: Some(false),
        date_keys: vec!["day".to_owned()],
        ..ReadOptions::default()
    };
    assert_eq!(shown(&read("a.md", text, &options).unwrap()), ["4 | 2020-02-03 | a"]);
    assert_eq!(shown(&read("a.md", text, &ReadOptions::default()).unwrap()), ["4 | undated | a"]);
}

#[test]
fn the_title_is_the_best_name_there_is() {
    let title = |path: &str, text: &str| note(path, text).title;
    assert_eq!(title("a.md", "---\ntitle: T\n---\n# H"), "T");
    assert_eq!(title("a.md", "## G\n# H"), "H");
    assert_eq!(title("a.md", "# 2022-03-14\n# 2022-03-15"), "a");
    assert_eq!(title("a.md", "# 2022-03-14\n## 2022-03-15"), "2022-03-14");
    assert_eq!(title("x/a.b.md", "text"), "a.b");
    assert_eq!(title("posts/2022-07-25-slug/index.qmd", "text"), "2022-07-25-slug");
}
