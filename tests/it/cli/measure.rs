//! `twin eval`.

use std::fs;

use insta::{assert_snapshot, internals::SettingsBindDropGuard};

use super::{LOGBOOK, Twin};

const QUESTIONS: &str = r#"{"id": "a", "question": "who did I plant beans with?", "category": "fact", "evidence": [{"file": "daily/2022-05-14.md", "line_start": 6, "line_end": 6}]}
{"id": "b", "question": "what did I do in 2023?", "category": "period", "window": {"from": "2023-01-01", "to": "2023-12-31"}, "evidence": [{"file": "log.md", "line_start": 5, "line_end": 5}, {"file": "log.md", "line_start": 9, "line_end": 9}]}
{"id": "c", "question": "what did I do in 2019?", "category": "period", "answerable": false}
"#;

#[test]
fn questions_with_known_answers_are_scored() {
    let twin = Twin::new(&LOGBOOK);
    fs::write(twin.home().join("questions.jsonl"), QUESTIONS).unwrap();
    let printed = twin.run(&[
        "eval",
        "questions.jsonl",
        "--notes",
        "notes",
        "--predictions",
        "predictions.jsonl",
    ]);
    assert_snapshot!(printed, @"
    exit 0
    ── stdout
    recall, % at words        n    150    300    600   1200   2400    all  outside
    fact                      1  100.0  100.0  100.0  100.0  100.0  100.0
    period                    1  100.0  100.0  100.0  100.0  100.0  100.0      0.0
    ALL                       2  100.0  100.0  100.0  100.0  100.0  100.0      0.0
    said not to be there: 1 of 1 unanswerable, 0 of 2 answerable
    median time of a question: [TIME]
    ");
    let predictions = fs::read_to_string(twin.home().join("predictions.jsonl")).unwrap();
    assert_eq!(predictions.lines().count(), 3, "{predictions}");
}

/// A question on a day that a note says under a key of its own.
const OTHER_KEY: &str = r#"{"id": "d", "question": "what did I do in May 2023?", "category": "period", "evidence": [{"file": "tide.md", "line_start": 4, "line_end": 4}]}
"#;

/// The questions, and one more; their times are left out of the tables.
fn with_questions() -> (Twin, SettingsBindDropGuard) {
    let twin = Twin::new(&LOGBOOK);
    twin.write("tide.md", "---\nwritten: 2023-05-05\n---\nSaw the spring tide.\n");
    fs::write(twin.home().join("questions.jsonl"), format!("{QUESTIONS}{OTHER_KEY}")).unwrap();
    let mut filters = insta::Settings::clone_current();
    let rows = [
        r"(?m)^((?:\S.*|  with the change)(?: +\d+\.\d){6} ) +\d+\.\d$",
        r"(?m)^(\| [\w ]+ \|[ \d]+(?:\| \d+\.\d ){6}\| )\d+\.\d \|$",
    ];
    for row in rows {
        filters.add_filter(row, "$1[TIME]");
    }
    (twin, filters.bind_to_scope())
}

#[test]
fn settings_are_held_against_others() {
    let (twin, _filters) = with_questions();
    let eval = ["eval", "questions.jsonl", "--notes", "notes", "--index", "ix"];
    let change = ["--against", "logbook.front_matter_keys=written", "--differences"];
    let run = |more: &[&str]| twin.run(&[&eval[..], &change, more].concat());
    assert_snapshot!(run(&[]), @"
    exit 0
    ── stdout
    with logbook.front_matter_keys=written

    recall, % at words        n    150    300    600   1200   2400    all      ms
    fact                      1  100.0  100.0  100.0  100.0  100.0  100.0 [TIME]
      with the change            100.0  100.0  100.0  100.0  100.0  100.0 [TIME]
      difference                   0.0    0.0    0.0    0.0    0.0    0.0
      95%: from                    0.0    0.0    0.0    0.0    0.0    0.0
      95%: to                      0.0    0.0    0.0    0.0    0.0    0.0
      questions better               0      0      0      0      0      0
      questions worse                0      0      0      0      0      0
    period                    2   50.0   50.0   50.0   50.0   50.0   50.0 [TIME]
      with the change            100.0  100.0  100.0  100.0  100.0  100.0 [TIME]
      difference                 +50.0  +50.0  +50.0  +50.0  +50.0  +50.0
      95%: from                    0.0    0.0    0.0    0.0    0.0    0.0
      95%: to                   +100.0 +100.0 +100.0 +100.0 +100.0 +100.0
      questions better               1      1      1      1      1      1
      questions worse                0      0      0      0      0      0
    ALL                       3   66.7   66.7   66.7   66.7   66.7   66.7 [TIME]
      with the change            100.0  100.0  100.0  100.0  100.0  100.0 [TIME]
      difference                 +33.3  +33.3  +33.3  +33.3  +33.3  +33.3
      95%: from                    0.0    0.0    0.0    0.0    0.0    0.0
      95%: to                   +100.0 +100.0 +100.0 +100.0 +100.0 +100.0
      questions better               1      1      1      1      1      1
      questions worse                0      0      0      0      0      0
    said not to be there: 1 of 1 unanswerable, 1 of 3 answerable
    the same with the change: 1 of 1 unanswerable, 0 of 3 answerable

    1 question changed its recall at 600 words
       0.0 → 100.0  d  what did I do in May 2023?
    ");
    assert_snapshot!(run(&["--format", "md"]), @"
    exit 0
    ── stdout
    # Recall

    | recall, % at words | n | 150 | 300 | 600 | 1200 | 2400 | all | outside |
    |---|--:|--:|--:|--:|--:|--:|--:|--:|
    | fact | 1 | 100.0 | 100.0 | 100.0 | 100.0 | 100.0 | 100.0 |  |
    | period | 2 | 50.0 | 50.0 | 50.0 | 50.0 | 50.0 | 50.0 | [TIME]
    | ALL | 3 | 66.7 | 66.7 | 66.7 | 66.7 | 66.7 | 66.7 | [TIME]

    - said not to be there: 1 of 1 unanswerable, 1 of 3 answerable
    - median time of a question: [TIME]

    ## With `logbook.front_matter_keys=written`

    | recall, % at words | n | 150 | 300 | 600 | 1200 | 2400 | all | ms |
    |---|--:|--:|--:|--:|--:|--:|--:|--:|
    | fact | 1 | 100.0 | 100.0 | 100.0 | 100.0 | 100.0 | 100.0 | [TIME]
    | with the change |  | 100.0 | 100.0 | 100.0 | 100.0 | 100.0 | 100.0 | [TIME]
    | difference |  | 0.0 | 0.0 | 0.0 | 0.0 | 0.0 | 0.0 |  |
    | 95%: from |  | 0.0 | 0.0 | 0.0 | 0.0 | 0.0 | 0.0 |  |
    | 95%: to |  | 0.0 | 0.0 | 0.0 | 0.0 | 0.0 | 0.0 |  |
    | questions better |  | 0 | 0 | 0 | 0 | 0 | 0 |  |
    | questions worse |  | 0 | 0 | 0 | 0 | 0 | 0 |  |
    | period | 2 | 50.0 | 50.0 | 50.0 | 50.0 | 50.0 | 50.0 | [TIME]
    | with the change |  | 100.0 | 100.0 | 100.0 | 100.0 | 100.0 | 100.0 | [TIME]
    | difference |  | +50.0 | +50.0 | +50.0 | +50.0 | +50.0 | +50.0 |  |
    | 95%: from |  | 0.0 | 0.0 | 0.0 | 0.0 | 0.0 | 0.0 |  |
    | 95%: to |  | +100.0 | +100.0 | +100.0 | +100.0 | +100.0 | +100.0 |  |
    | questions better |  | 1 | 1 | 1 | 1 | 1 | 1 |  |
    | questions worse |  | 0 | 0 | 0 | 0 | 0 | 0 |  |
    | ALL | 3 | 66.7 | 66.7 | 66.7 | 66.7 | 66.7 | 66.7 | [TIME]
    | with the change |  | 100.0 | 100.0 | 100.0 | 100.0 | 100.0 | 100.0 | [TIME]
    | difference |  | +33.3 | +33.3 | +33.3 | +33.3 | +33.3 | +33.3 |  |
    | 95%: from |  | 0.0 | 0.0 | 0.0 | 0.0 | 0.0 | 0.0 |  |
    | 95%: to |  | +100.0 | +100.0 | +100.0 | +100.0 | +100.0 | +100.0 |  |
    | questions better |  | 1 | 1 | 1 | 1 | 1 | 1 |  |
    | questions worse |  | 0 | 0 | 0 | 0 | 0 | 0 |  |

    - said not to be there: 1 of 1 unanswerable, 1 of 3 answerable
    - the same with the change: 1 of 1 unanswerable, 0 of 3 answerable

    1 question changed its recall at 600 words

    | question | before | after |
    |---|--:|--:|
    | d: what did I do in May 2023? | 0.0 | 100.0 |
    ");
    assert!(run(&["--json"]).contains(r#""settings": "logbook.front_matter_keys=written""#));
    assert!(twin.home().join("ix").is_dir());
    assert!(twin.home().join("ix-logbook.front_matter_keys-written").is_dir());
}

#[test]
fn settings_that_change_nothing_say_so() {
    let (twin, _filters) = with_questions();
    let eval =
        ["eval", "questions.jsonl", "--notes", "notes", "--against", "time.week_start=sunday"];
    let printed = twin.run(&[&eval[..], &["--differences"]].concat());
    assert!(printed.contains("no question changed its recall at 600 words"), "{printed}");
}

#[test]
fn a_setting_to_compare_that_there_is_not_is_named() {
    let (twin, _filters) = with_questions();
    let with =
        |change| twin.run(&["eval", "questions.jsonl", "--notes", "notes", "--against", change]);
    assert_snapshot!(with("search.weight=0"), @"
    exit 2
    ── stderr
    error: flag: there is no setting `search.weight`

    hint: did you mean `search.dense_weight`?
    ");
    assert_snapshot!(with(" "), @"
    exit 2
    ── stderr
    error: --against sets nothing

    hint: write it as section.key=value, such as search.dense_weight=0
    ");
}

#[test]
fn what_is_no_question_is_named_with_its_line() {
    let twin = Twin::new(&LOGBOOK);
    fs::write(twin.home().join("questions.jsonl"), "\n{\"id\": 3}\n").unwrap();
    assert_snapshot!(twin.run(&["eval", "questions.jsonl", "--notes", "notes"]), @"
    exit 2
    ── stderr
    error: questions.jsonl:2: not a question: invalid type: integer `3`, expected a string at line 1 column 8
    ");
    fs::write(twin.home().join("questions.jsonl"), "\n").unwrap();
    assert_snapshot!(twin.run(&["eval", "questions.jsonl", "--notes", "notes"]), @"
    exit 2
    ── stderr
    error: questions.jsonl holds no question

    hint: one JSON object a line: id, question, category, answerable, evidence
    ");
    assert_snapshot!(twin.run(&["eval", "none.jsonl", "--notes", "notes"]), @"
    exit 1
    ── stderr
    error: can't read none.jsonl: No such file or directory (os error 2)
    ");
}

#[test]
fn questions_are_made_of_the_notes_themselves() {
    let twin = Twin::new(&LOGBOOK);
    let generate = ["eval", "--generate", "own.jsonl"];
    assert_snapshot!(twin.run(&generate), @"
    exit 2
    ── stderr
    error: no folder of notes was named

    hint: name one with --notes
    ");
    assert_snapshot!(twin.run(&[&generate[..], &["--notes", "notes"]].concat()), @"
    exit 0
    ── stdout
    19 questions in own.jsonl: 2 lookup, 3 recap-year, 7 unanswerable, 7 when
    ");
    let made = fs::read(twin.home().join("own.jsonl")).unwrap();
    // The folder that was ingested need not be named again, and the same seed gives the same bytes.
    twin.run(&["ingest", "notes"]);
    assert_snapshot!(twin.run(&[&generate[..], &["--json"]].concat()), @r#"
    exit 0
    ── stdout
    {
      "file": "own.jsonl",
      "questions": {
        "lookup": 2,
        "recap-year": 3,
        "unanswerable": 7,
        "when": 7
      },
      "schema": "logtwin/eval-generate/1"
    }
    "#);
    assert_eq!(fs::read(twin.home().join("own.jsonl")).unwrap(), made);
    assert_snapshot!(twin.run(&["eval", "own.jsonl"]), @"
    exit 0
    ── stdout
    recall, % at words        n    150    300    600   1200   2400    all  outside
    lookup                    2  100.0  100.0  100.0  100.0  100.0  100.0
    recap-year                3  100.0  100.0  100.0  100.0  100.0  100.0      0.0
    when                      7  100.0  100.0  100.0  100.0  100.0  100.0
    ALL                      12  100.0  100.0  100.0  100.0  100.0  100.0      0.0
    said not to be there: 6 of 7 unanswerable, 0 of 12 answerable
    median time of a question: [TIME]
    ");
    twin.run(&[&generate[..], &["--seed", "2", "--count", "5"]].concat());
    let other = fs::read_to_string(twin.home().join("own.jsonl")).unwrap();
    assert_eq!(other.lines().count(), 5, "{other}");
}

#[test]
fn questions_are_asked_or_made_and_not_both() {
    let twin = Twin::new(&LOGBOOK);
    assert_snapshot!(twin.run(&["eval", "a.jsonl", "--generate", "b.jsonl"]), @"
    exit 2
    ── stderr
    error: the argument '[QUESTIONS]' cannot be used with '--generate <FILE>'

    Usage: twin eval <QUESTIONS>

    For more information, try '--help'.
    ");
    assert_snapshot!(twin.run(&["eval", "a.jsonl", "--seed", "3"]), @"
    exit 2
    ── stderr
    error: the argument '[QUESTIONS]' cannot be used with '--seed <N>'

    Usage: twin eval <QUESTIONS>

    For more information, try '--help'.
    ");
}
