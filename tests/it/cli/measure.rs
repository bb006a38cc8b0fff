//! `twin eval`.

use std::fs;

use insta::assert_snapshot;

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
