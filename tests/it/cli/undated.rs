//! No entry without a date vanishes without being counted, whatever narrows a question down.

use serde_json::Value;

use super::Twin;

/// Three entries without a date: two in the garden, of which one speaks of beans, and one at work.
const NOTES: [(&str, &str); 6] = [
    ("home/2021-06-15.md", "---\ntags: [garden]\n---\n# Rows\n\nPlanted beans in two rows.\n"),
    ("home/2022-06-13.md", "---\ntags: [garden]\n---\n# Poles\n\nBuilt poles for the beans.\n"),
    ("work/2022-06-14.md", "# Queues\n\nLearned that a queue needs an owner and a limit.\n"),
    ("home/seeds.md", "---\ntags: [garden]\n---\n# Seeds\n\nThe beans are in the blue tin.\n"),
    ("home/tools.md", "---\ntags: [garden]\n---\n# Tools\n\nThe spade is in the shed.\n"),
    ("work/people.md", "# People\n\nAda owns the migration.\n"),
];

/// What is typed, where its JSON counts the entries without a date, and how many those are.
const CASES: [(&[&str], &str, u64); 31] = [
    (&["ask", "what did I do in 2022?"], "/undated", 3),
    (&["ask", "what did I do?", "--year", "2022"], "/undated", 3),
    (&["ask", "what did I do?", "--from", "2022-01-01", "--to", "2022-12-31"], "/undated", 3),
    (&["ask", "what did I do since 2020"], "/undated", 3),
    (&["ask", "what did I do?", "--on", "2022-06-14"], "/undated", 3),
    (&["ask", "what did I do in 2022?", "--tag", "garden"], "/undated", 2),
    (&["ask", "what did I do in 2022, tagged #garden?"], "/undated", 2),
    (&["ask", "what did I do in 2022?", "--path", "work/"], "/undated", 1),
    (&["ask", "what did I do in 2022 in my work notes?"], "/undated", 1),
    (&["ask", "what did I do on this day?"], "/undated", 3),
    (&["ask", "what did I do on this day?", "--year", "2021"], "/undated", 3),
    (&["ask", "what did I do on Mondays?"], "/undated", 3),
    (&["ask", "what did I do in 2022 except on Mondays?"], "/undated", 3),
    (&["ask", "what did I learn about beans in 2022?"], "/undated", 1),
    (&["ask", "what did I write about beans on Mondays?"], "/undated", 1),
    (&["ask", "list the beans of 2021"], "/undated", 1),
    (&["ask", "how many notes did I write in 2022?"], "/undated", 3),
    (&["ask", "how many times did I mention beans in 2022?"], "/undated", 1),
    (&["ask", "which month has the most notes?"], "/undated", 3),
    (&["ask", "when did I first mention beans?"], "/undated", 1),
    (&["ask", "compare 2021 and 2022"], "/undated", 3),
    (&["ask", "what did I do in 1999?"], "/undated", 3),
    (&["ask", "what did I write about beans in 1999?"], "/undated", 1),
    (&["ask", "beans in 2021"], "/undated", 1),
    (&["recap", "2022"], "/coverage/undated", 3),
    (&["recap", "2022 in my work notes"], "/coverage/undated", 1),
    (&["recap", "2022 on Mondays"], "/coverage/undated", 3),
    (&["search", "beans", "--year", "2022"], "/undated", 1),
    (&["search", "2022", "--tag", "garden"], "/undated", 2),
    (&["status"], "/undated", 3),
    (&["dates"], "/undated", 3),
];

#[test]
fn an_entry_without_a_date_is_counted_by_every_command_that_leaves_it_out() {
    let twin = Twin::ingested(&NOTES);
    for (arguments, pointer, expected) in CASES {
        let printed = twin.run(&[arguments, &["--json"]].concat());
        let (_, json) = printed.split_once("── stdout\n").unwrap();
        let json = json.split_once("── stderr").map_or(json, |(json, _)| json);
        let json: Value = serde_json::from_str(json).unwrap();
        assert_eq!(json.pointer(pointer), Some(&expected.into()), "{arguments:?}: {json:#}");

        let text = twin.run(arguments);
        let counted = match (arguments[0], expected) {
            ("status" | "dates", _) => format!("entries   6, {expected} undated"),
            (_, 1) => "1 entry".to_owned(),
            _ => format!("{expected} entries"),
        };
        let is_told = text.lines().any(|line| {
            line.contains(&counted) && (line.contains("without a date") || line.contains("undated"))
        });
        assert!(is_told || text.contains("undated notes do"), "{arguments:?}:\n{text}");
    }
}

#[test]
fn what_leaves_nothing_out_counts_nothing() {
    let twin = Twin::ingested(&NOTES);
    for arguments in [
        ["ask", "what did I do?"],
        ["ask", "how many notes do I have?"],
        ["ask", "what did I write about beans?"],
        ["search", "beans"],
        ["ask", "what did I do except in 2022?"],
    ] {
        let printed = twin.run(&[&arguments[..], &["--json"]].concat());
        assert!(printed.contains("\"undated\": 0"), "{arguments:?}: {printed}");
        assert!(!twin.run(&arguments).contains("without a date"), "{arguments:?}");
    }
}
