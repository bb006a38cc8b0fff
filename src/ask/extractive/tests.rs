//! The extract of a dozen entries, as a whole.

use jiff::civil::Date;

use super::extract;
use crate::{
    ask::{Passage, Retrieved, Score, test_passage},
    index::TermReader,
    logbook::{Language, Lines, Precision, Span},
    plan::{Asked, Intent, Plan},
};

const YEAR: [(&str, &str, &str, &str); 14] = [
    (
        "2022-01-16",
        "Running",
        "running",
        "- 2022-01-16: 13 km along the river, water frozen in the bottle",
    ),
    (
        "2022-02-03",
        "2022-02-03",
        "pricing",
        "Today we bill per sensor, so customers buy fewer sensors. #pricing",
    ),
    ("2022-02-20", "Running", "running", "- 2022-02-20: 15 km, left heel stiff in the morning"),
    (
        "2022-03-08",
        "Retention by cohort",
        "sql",
        "# Retention by cohort\n\nWe found that sites with a report in week one stay.\n\n```sql\nSELECT 1;\n```",
    ),
    (
        "2022-03-14",
        "2022-03-14",
        "sql",
        "- Window functions in SQL replace five subqueries\n- TODO read the manual",
    ),
    ("2022-04-12", "2022-04-12", "", "Lou wrote her first program, eight lines of Python."),
    ("2022-05-02", "New job", "", "Started today as product manager of the whole team."),
    (
        "2022-06-21",
        "2022-06-21",
        "sql",
        "The SQL course ended; a robot had inflated our cohort figures since January.",
    ),
    (
        "2022-07-06",
        "2022-07-06",
        "pricing",
        "Five conversations about the price per site: nobody knows what they pay.",
    ),
    ("2022-08-22", "2022-08-22", "", "Three weeks by the sea, nine books and no screen."),
    (
        "2022-09-11",
        "Running",
        "running",
        "- 2022-09-11: 18 km, dress rehearsal with gels, strawberry is a mistake",
    ),
    (
        "2022-10-02",
        "Half marathon!",
        "running",
        "Finished my first half marathon in 2:04:37, with no pain at all.",
    ),
    (
        "2022-11-15",
        "Three tiers",
        "pricing",
        "| a | b |\n|---|---|\n\nDecided: a price per site in three tiers, sensors included.",
    ),
    (
        "2022-12-28",
        "2022-12-28",
        "",
        "A week of snow between the holidays; the cat hated the sledge.",
    ),
];

fn passages() -> Vec<Passage> {
    YEAR.iter()
        .enumerate()
        .map(|(index, (day, title, tag, text))| Passage {
            root: "notes".to_owned(),
            path: if *title == "Running" { "running.md".to_owned() } else { format!("{day}.md") },
            lines: Lines { first: 1, last: 1 },
            text: (*text).to_owned(),
            breadcrumb: vec![(*title).to_owned()],
            title: (*title).to_owned(),
            entry: u32::try_from(index).unwrap(),
            chunk: 0,
            tags: if tag.is_empty() { Vec::new() } else { vec![(*tag).to_owned()] },
            span: Span::day(day.parse::<Date>().unwrap()),
            precision: Some(Precision::Day),
            score: Score::default(),
            also: Vec::new(),
        })
        .collect()
}

fn told(intent: Intent, language: Language, topic: &str) -> String {
    told_of(passages(), intent, language, topic)
}

/// What is told of some passages for the year 2022.
fn told_of(passages: Vec<Passage>, intent: Intent, language: Language, topic: &str) -> String {
    let plan = Plan {
        intent,
        language,
        topic: topic.to_owned(),
        resolved: topic.to_owned(),
        spans: vec![Asked {
            span: Span::year(2022).unwrap(),
            precision: Precision::Year,
            text: "2022".to_owned(),
            bytes: None,
        }],
        ..Plan::default()
    };
    let retrieved = Retrieved {
        entries: passages.len(),
        undated: 0,
        passages,
        measured: Vec::new(),
        more: Vec::new(),
        absence: None,
        evidence: crate::ask::Evidence::default(),
    };
    let extract = extract(&retrieved, &plan, &TermReader::default(), &|_| None);
    let numbers: Vec<usize> = extract.citations.iter().map(|citation| citation.number).collect();
    assert_eq!(numbers, (1..=numbers.len()).collect::<Vec<_>>());
    extract.text
}

#[test]
fn a_year_is_told_in_numbered_themes() {
    insta::assert_snapshot!(told(Intent::Recap, Language::English, ""), @"
    1. **Running** (January to October, 4 entries): 15 km, left heel stiff in the morning. [1] 18 km, dress rehearsal with gels, strawberry is a mistake. [2]

    2. **Pricing and site** (February to November, 3 entries): Five conversations about the price per site: nobody knows what they pay. [3] Decided: a price per site in three tiers, sensors included. [4]

    3. **SQL and cohort** (March to June, 3 entries): Window functions in SQL replace five subqueries. [5] The SQL course ended; a robot had inflated our cohort figures since January. [6]

    4. **Also.** Lou wrote her first program, eight lines of Python. [7] *New job*: Started today as product manager of the whole team. [8] Three weeks by the sea, nine books and no screen. [9] A week of snow between the holidays; the cat hated the sledge. [10]

    Covers 14 entries in 12 months, 16 January 2022 to 28 December 2022; 10 sentences of them are quoted here.

    _Extracted from your notes without a language model: the sentences are yours, word for word._
    ");
}

#[test]
fn a_theme_is_not_called_what_another_one_is_called_first() {
    let mut passages = passages();
    for (place, passage) in passages.iter_mut().take(8).enumerate() {
        let (tag, text) = if place < 4 {
            ("ada", format!("A long walk in the hills, {place} of us."))
        } else {
            ("work", format!("Tuned the queue with Ada, run {place}."))
        };
        passage.path = format!("{place}.md");
        passage.title = passage.span.unwrap().to_string();
        passage.breadcrumb = vec![passage.title.clone()];
        passage.tags = vec![tag.to_owned()];
        passage.text = text;
    }
    let told = told_of(passages, Intent::Recap, Language::English, "");
    let titles: Vec<&str> = told.lines().filter_map(|line| line.split("**").nth(1)).collect();
    let named = titles.iter().filter(|title| title.contains("Ada")).count();
    assert!(titles.len() > 1 && named <= 1, "{titles:?}: {told}");
}

#[test]
fn a_year_is_told_in_french() {
    insta::assert_snapshot!(told(Intent::Recap, Language::French, ""), @"
    1. **Running** (janvier à octobre, 4 entrées) : 15 km, left heel stiff in the morning. [1] 18 km, dress rehearsal with gels, strawberry is a mistake. [2]

    2. **Pricing** (février à novembre, 3 entrées) : Five conversations about the price per site: nobody knows what they pay. [3] Decided: a price per site in three tiers, sensors included. [4]

    3. **SQL** (mars à juin, 3 entrées) : Window functions in SQL replace five subqueries. [5] The SQL course ended; a robot had inflated our cohort figures since January. [6]

    4. **Et aussi.** Lou wrote her first program, eight lines of Python. [7] *New job* : Started today as product manager of the whole team. [8] Three weeks by the sea, nine books and no screen. [9] A week of snow between the holidays; the cat hated the sledge. [10]

    Couvre 14 entrées sur 12 mois, 16 janvier 2022 au 28 décembre 2022 ; 10 phrases en sont citées ici.

    _Extrait de vos notes sans modèle de langage : les phrases sont les vôtres, mot pour mot._
    ");
}

#[test]
fn a_count_is_exact_and_shows_the_first_entries() {
    insta::assert_snapshot!(told(Intent::Count, Language::English, ""), @r##"
    **14 entries** in 2022.

    1. **Running** (16 January 2022): 13 km along the river, water frozen in the bottle. [1]
    2. **3 February 2022**: Today we bill per sensor, so customers buy fewer sensors. [2]
    3. **Running** (20 February 2022): 15 km, left heel stiff in the morning. [3]
    4. **Retention by cohort** (8 March 2022): We found that sites with a report in week one stay. [4]
    5. **14 March 2022**: Window functions in SQL replace five subqueries. [5]

    … and 9 more.

    _Extracted from your notes without a language model: the sentences are yours, word for word._
    "##);
}

#[test]
fn the_date_of_a_fact_comes_first() {
    let text = told(Intent::When, Language::English, "half marathon");
    assert!(text.starts_with("**2 October 2022**: Finished my first half marathon"), "{text}");
}

#[test]
fn the_last_entry_is_the_latest() {
    let text = told(Intent::Last, Language::French, "");
    assert!(text.starts_with("**28 décembre 2022**"), "{text}");
}

#[test]
fn months_are_ranked_by_their_entries() {
    let text = told(Intent::Most, Language::English, "");
    assert!(
        text.starts_with("1. **February 2022**: 2 entries\n2. March 2022: 2 entries"),
        "{text}"
    );
}

#[test]
fn what_is_quoted_for_a_topic_speaks_of_it() {
    let text = "We decided to close the dock, and told all of our customers on Monday. The dough \
        rose for hours in the cold kitchen.";
    for intent in [Intent::List, Intent::Count, Intent::First] {
        let passages = vec![test_passage("a.md", "2022-02-03", text)];
        let told = told_of(passages, intent, Language::English, "dough");
        assert!(told.contains("The dough rose") && !told.contains("dock"), "{told}");
    }
}

#[test]
fn entries_without_a_theme_are_told_one_by_one() {
    let things = [
        "A heron stood in the river",
        "Granite is heavier than it looks",
        "Snow fell on the roof",
        "Julien mended the lamp",
        "My bicycle lost its bell",
        "Chess is played by the fountain",
        "A violin came by post",
        "The lift broke again",
        "Fog hid the whole bridge",
        "Honey was sold out everywhere",
        "Some pigeon nested above us",
        "Paint dried on my sleeve",
        "The cinema closed for good",
    ];
    let passages = (1..=28)
        .zip(things)
        .map(|(day, thing)| {
            let day = format!("2022-02-{day:02}");
            test_passage(&format!("{day}.md"), &day, &format!("{thing}, and that was all of it."))
        })
        .collect();
    let told = told_of(passages, Intent::Recap, Language::English, "");
    assert!(told.contains("\n13. **13 February 2022**: The cinema closed"), "{told}");
    assert!(told.contains("\n\nCovers 13 entries, 1 February 2022 to"), "{told}");
}

#[test]
fn the_first_entry_has_the_words_asked_for_and_says_its_day_once() {
    let entry = |day: &str, text: &str, coverage: f32| Passage {
        score: Score { coverage, ..Score::default() },
        ..test_passage(&format!("{day}.md"), day, text)
    };
    let passages = vec![
        entry("2022-02-03", "Tried three ways of pairing with Rafael this month.", 0.42),
        entry("2022-03-07", "Everybody sends screenshots of ChatGPT.", 0.58),
    ];
    let told = told_of(passages, Intent::First, Language::English, "try ChatGPT");
    let expected = "**7 March 2022**: Everybody sends screenshots of ChatGPT. [1]\n\n_Extracted";
    assert!(told.starts_with(expected), "{told}");
}

#[test]
fn facts_outside_of_the_period_are_told_apart() {
    let before = test_passage("a.md", "2021-04-14", "The price per site was a mistake, they say.");
    let within = test_passage("b.md", "2022-07-06", "Nobody knows the price that they pay us.");
    let (french, english) = (Language::French, Language::English);
    let told = [
        told_of(vec![before.clone(), within], Intent::Lookup, english, "price"),
        told_of(vec![before.clone()], Intent::Lookup, french, "price"),
        told_of(vec![before], Intent::When, english, "price"),
    ];
    let answers: Vec<&str> = told.iter().filter_map(|text| text.split("\n\n_").next()).collect();
    insta::assert_snapshot!(answers.join("\n\n"), @"
    - 6 July 2022: Nobody knows the price that they pay us. [1]

    At other times:
    - 14 April 2021: The price per site was a mistake, they say. [2]

    Rien là-dessus en 2022. À d’autres moments :
    - 14 avril 2021 : The price per site was a mistake, they say. [1]

    Nothing on it in 2022. At other times:
    - 14 April 2021: The price per site was a mistake, they say. [1]
    ");
}

#[test]
fn one_entry_is_counted_in_the_singular() {
    let passage = || vec![test_passage("a.md", "2022-04-14", "The price per site was a mistake.")];
    let told = told_of(passage(), Intent::Count, Language::English, "price");
    assert!(told.starts_with("**1 entry** in 2022 that speaks of \"price\"."), "{told}");
    let told = told_of(passage(), Intent::Count, Language::French, "price");
    assert!(told.starts_with("**1 entrée** en 2022 qui parle de « price »."), "{told}");
}
