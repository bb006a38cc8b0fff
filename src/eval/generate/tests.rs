//! Questions made of a small logbook.

use super::*;
use crate::eval::{questions, written};

fn entry(file: &str, day: &str, first: u32, text: &str, tags: &[&str]) -> Written {
    let count = u32::try_from(text.lines().count()).unwrap();
    Written {
        file: file.to_owned(),
        lines: Lines { first, last: first + count - 1 },
        text: text.to_owned(),
        title: String::new(),
        span: Span::day(day.parse().unwrap()),
        precision: Some(Precision::Day),
        tags: tags.iter().map(ToString::to_string).collect(),
    }
}

fn logbook() -> Vec<Written> {
    vec![
        entry(
            "a.md",
            "2021-01-05",
            1,
            "# Bread\n\nA loaf for Odile, with\nthe rye from Savoie.",
            &["bread"],
        ),
        entry("a.md", "2021-02-05", 7, "The upstairs neighbours have bought a trampoline.", &[]),
        entry("b.md", "2021-03-05", 1, "Another loaf, baked with the lid on.", &["bread"]),
        entry("b.md", "2021-04-05", 5, "Went to see Odile about the accordion.", &[]),
        entry(
            "c.md",
            "2022-01-05",
            1,
            "---\ntags: [x]\n---\nOn a fêté Pâques avec une brioche.",
            &[],
        ),
        entry("c.md", "2022-02-05", 9, "Lou voulait me montrer un escargot.", &[]),
        entry("d.md", "2022-03-05", 1, "Il a plu sur le balcon.", &[]),
    ]
}

fn shown(category: &str) -> Vec<String> {
    let made = generate(&logbook(), 7, 1_000);
    let of_category = made.iter().filter(|question| question.category == category);
    let mut shown: Vec<String> = of_category
        .map(|question| {
            let evidence = question
                .evidence
                .iter()
                .map(|gold| format!(" {}:{}-{}", gold.file, gold.line_start, gold.line_end));
            format!("{}{}", question.question, evidence.collect::<String>())
        })
        .collect();
    shown.sort();
    shown
}

#[test]
fn each_kind_is_made_with_the_lines_that_answer_it() {
    let shown: Vec<String> = CATEGORIES
        .into_iter()
        .map(|category| format!("{category}\n{}\n", shown(category).join("\n")))
        .collect();
    insta::assert_snapshot!(shown.join("\n"), @"
    recap-year
    Que s'est-il passé pour moi en 2022 ? c.md:4-4 c.md:9-9 d.md:1-1
    What did I learn in 2021? a.md:3-4 a.md:7-7 b.md:1-1 b.md:5-5

    topic-year
    What did I write about Odile in 2021? a.md:3-4 b.md:5-5
    What did I write about bread in 2021? a.md:3-4 b.md:1-1
    What happened with the loaf in 2021? a.md:3-4 b.md:1-1

    when
    On which day did I write about the trampoline? a.md:7-7
    Quel jour ai-je mentionné Pâques ? c.md:4-4
    Quel jour ai-je mentionné l'escargot ? c.md:9-9
    Quel jour ai-je mentionné la brioche ? c.md:4-4
    Quel jour ai-je mentionné le balcon ? d.md:1-1
    When did I first mention the accordion? b.md:5-5
    When did I last mention Savoie? a.md:4-4

    lookup
    Que disais-je sur la brioche et Pâques ? c.md:4-4
    What did I say about the accordion and Odile? b.md:5-5
    What was it again about Savoie and the loaf? a.md:3-4

    unanswerable
    C'était quoi déjà, le balcon de Pâques ?
    Give me a recap of 2020.
    In 2022, what did I note about Odile?
    Qu'ai-je appris en 2023 ?
    Qu'ai-je appris en 2024 ?
    What did I do in 2019?
    What did I note about the Savoie accordion?
    What was 2018 about for me?
    What was 2025 about for me?
    ");
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_one_others() {
    let made = |seed| written(&generate(&logbook(), seed, 10)).unwrap();
    assert_eq!(made(1), made(1));
    assert_ne!(made(1), made(2));
    let read = questions("own.jsonl", &made(1)).unwrap();
    assert_eq!(read, generate(&logbook(), 1, 10));
}

#[test]
fn a_logbook_without_dates_or_without_text_gives_no_question() {
    let mut entries = logbook();
    for entry in &mut entries {
        entry.span = None;
    }
    assert_eq!(generate(&entries, 1, 10), []);
    let empty = entry("a.md", "2021-01-05", 1, "# 2021-01-05\n\n---", &[]);
    assert_eq!(generate(&[empty], 1, 10), []);
    assert_eq!(generate(&logbook(), 1, 0), []);
}
