//! The questions of `tests/data/questions.tsv` and the dialogues of `tests/data/dialogues.tsv`.

use jiff::civil::{Weekday, date};
use proptest::prelude::*;

use super::{By, Hemisphere, Intent, Plan, Today, explained, explained_lines, plan};
use crate::logbook::Language;

const TODAY: Today = Today {
    date: date(2024, 5, 15),
    week_start: Weekday::Monday,
    hemisphere: Hemisphere::North,
    ahead: false,
};

fn planned(question: &str, previous: Option<&Plan>) -> Plan {
    plan(question, TODAY, previous)
}

/// Intent, topic and spans as the tables write them.
fn written(plan: &Plan) -> String {
    let intent = serde_json::to_value(plan.intent).unwrap();
    let spans = plan.spans.iter().map(|asked| asked.span.to_string());
    let without = plan.without.iter().map(|asked| format!("not {}", asked.span));
    let weekdays = Some(plan.on_weekdays()).filter(|weekdays| !weekdays.is_empty());
    let weekdays = weekdays.into_iter().map(|weekdays| weekdays.to_string());
    let within = plan.within.iter().map(|within| format!("in {}", within.name));
    let spans: Vec<String> = spans.chain(without).chain(weekdays).chain(within).collect();
    let or_none = |text: String| if text.is_empty() { "-".to_owned() } else { text };
    format!(
        "{}\t{}\t{}",
        intent.as_str().unwrap(),
        or_none(plan.topic.clone()),
        or_none(spans.join(", "))
    )
}

fn cases(table: &str) -> impl Iterator<Item = (&str, &str)> {
    table
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| line.split_once('\t').expect("a tab in each line"))
}

#[test]
fn questions_are_planned_as_the_table_says() {
    let wrong: Vec<String> = cases(include_str!("../../tests/data/questions.tsv"))
        .filter_map(|(question, expected)| {
            let actual = written(&planned(question, None));
            (actual != expected).then(|| format!("{question}\n  {expected}\n  {actual}"))
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn dialogues_are_planned_as_the_table_says() {
    let mut previous: Option<Plan> = None;
    let mut wrong = Vec::new();
    for (turn, expected) in cases(include_str!("../../tests/data/dialogues.tsv")) {
        let follows = turn.strip_prefix("> ");
        let plan =
            planned(follows.unwrap_or(turn), previous.as_ref().filter(|_| follows.is_some()));
        let language = if plan.language == Language::French { "fr" } else { "en" };
        let actual = format!("{}\t{language}", written(&plan));
        if actual != expected {
            wrong.push(format!("{turn}\n  {expected}\n  {actual}"));
        }
        previous = Some(plan);
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn a_follow_up_is_written_out_as_a_question_that_names_the_same_periods() {
    let mut previous: Option<Plan> = None;
    for (turn, _) in cases(include_str!("../../tests/data/dialogues.tsv")) {
        let follows = turn.strip_prefix("> ");
        let plan =
            planned(follows.unwrap_or(turn), previous.as_ref().filter(|_| follows.is_some()));
        let again = planned(&plan.resolved, None);
        let spans = |plan: &Plan| plan.spans.iter().map(|asked| asked.span).collect::<Vec<_>>();
        assert_eq!(spans(&again), spans(&plan), "{}", plan.resolved);
        assert_eq!(again.on_weekdays(), plan.on_weekdays(), "{}", plan.resolved);
        previous = Some(plan);
    }
}

#[test]
fn a_follow_up_is_written_out() {
    let check = |turns: &[&str], expected: &str| {
        let last = turns.iter().fold(None, |previous, turn| Some(planned(turn, previous.as_ref())));
        assert_eq!(last.unwrap().resolved, expected);
    };
    check(&["What did I learn in 2021?"], "What did I learn in 2021?");
    check(&["What did I learn in 2021?", "and about Rust?"], "Recap: Rust, in 2021");
    check(&["Qu'ai-je appris en 2021 ?", "et en 2022 ?"], "Bilan en 2022");
    check(&["Where did I go in 2021?", "who did I see then?"], "who did I see then? (in 2021)");
    check(&["Who is Anna?", "and since May 2021?"], "Anna, since 1 May 2021");
}

#[test]
fn what_is_not_certain_is_said() {
    let check = |question: &str, expected: &str| {
        let doubts = planned(question, None).doubts;
        assert!(doubts.iter().any(|doubt| doubt.contains(expected)), "{question}: {doubts:?}");
    };
    check("what did I write about the 2008 crisis", "“2008” was read as part of the topic");
    check("ma note sur la crise de 2008", "« 2008 » est compris comme partie du sujet");
    check("what did I do on 03/04/2021", "day first, as 3 April 2021");
    check("what did I read recently", "rough");
    check("between 2022 and 2020", "exchanged");
    check("what did I eat the week before my birthday", "not understood");
    check("what did I do on 30 February 2021", "not understood");
    check("records of the 1990s", "not understood");
    for sure in ["What did I learn in 2021?", "how many entries are there for 2021"] {
        let plan = planned(sure, None);
        assert_eq!((plan.doubts, plan.unsure), (Vec::<String>::new(), false), "{sure}");
    }
}

#[test]
fn a_plan_is_unsure_of_words_about_time_that_it_did_not_read() {
    let check = |question: &str, unsure| {
        assert_eq!(planned(question, None).unsure, unsure, "{question}");
    };
    check("what did I eat the week before my birthday", true);
    check("what did I write about the 2008 crisis", true);
    check("un lundi sur deux en 2022", true);
    check("what did I read recently", false);
    check("what did I do on 03/04/2021", false);
    check("between 2022 and 2020", false);
    check("who is Anna", false);
}

#[test]
fn each_word_is_told_how_it_was_read() {
    let check = |turns: &[&str], expected: &[&str]| {
        let last = turns.iter().fold(None, |previous, turn| Some(planned(turn, previous.as_ref())));
        let plan = last.unwrap();
        assert_eq!(explained_lines(&explained(&plan, TODAY)), expected, "{turns:?}");
    };
    check(
        &["And what did I learn about Rust in my work notes in March 2021?"],
        &[
            "period: \"March 2021\" → 2021-03, as written",
            "where: \"in my work notes\" → the folder or tag work",
            "intent: \"learn\" → recap",
            "topic: \"Rust\"",
            "ignored: \"And what did I\" · \"about\" · \"in\"",
        ],
    );
    check(
        &["Which books did I read last summer except in August?"],
        &[
            "period: \"last summer\" → 2023-06-01..2023-08-31, counted back from 2024-05-15",
            "left out: \"August\" → 2023-08, counted back from 2024-05-15",
            "intent: \"Which\" → list",
            "topic: \"books\" · \"read\"",
            "ignored: \"did I\" · \"except in\"",
        ],
    );
    check(
        &["In 2021, what did I do in March?"],
        &[
            "period: \"March\" → 2021-03, of 2021, which the question names",
            "intent: \"do\" → recap",
            "ignored: \"In 2021\" · \"what did I\" · \"in\"",
        ],
    );
    check(
        &["What did I note about bees in 2021?", "et en 2022 ?"],
        &[
            "period: \"2022\" → 2022, as written",
            "intent: recap, as before",
            "topic: \"bees\" → from the question before",
            "ignored: \"et en\"",
        ],
    );
    check(
        &["What did I do on Mondays in 2022 except in August?"],
        &[
            "period: \"2022\" → 2022, as written · \"on Mondays\" → entries of a single day, on Mondays",
            "left out: \"August\" → 2022-08, of 2022, which the question names",
            "intent: \"do\" → recap",
            "ignored: \"What did I\" · \"in\" · \"except in\"",
        ],
    );
    check(
        &["Who is Anna?"],
        &["intent: lookup, since no word says otherwise", "topic: \"Anna\"", "ignored: \"Who is\""],
    );
    check(
        &["what happened on this day"],
        &[
            "period: 2024-05-15, in every year",
            "intent: \"this day\" → on-this-day",
            "ignored: \"what happened on\"",
        ],
    );
}

#[test]
fn the_most_is_counted_by_the_unit_that_is_named() {
    let check = |question: &str, expected: Option<By>| {
        let plan = planned(question, None);
        assert_eq!((plan.intent, plan.by), (Intent::Most, expected), "{question}");
    };
    check("which month of 2023 has the most notes", Some(By::Month));
    check("in which year did I write the most?", Some(By::Year));
    check("En quelle année ai-je le plus écrit ?", Some(By::Year));
    check("quel mois de 2022 ai-je le plus couru ?", Some(By::Month));
    check("What week of 2021 did I run the most?", Some(By::Week));
    check("Which day did I write most in 2023?", Some(By::Day));
    check("on which day of the week do I write most?", Some(By::Weekday));
    check("Which weekday has the most notes in 2022?", Some(By::Weekday));
    check("quel jour de la semaine est-ce que j'écris le plus ?", Some(By::Weekday));
    check("Who did I see the most in 2022?", None);
}

#[test]
fn this_day_is_that_of_every_year_unless_one_is_named() {
    let check = |turns: &[&str], yearly: bool, expected: &str| {
        let last = turns.iter().fold(None, |previous, turn| Some(planned(turn, previous.as_ref())));
        let plan = last.unwrap();
        assert_eq!((plan.intent, plan.yearly), (Intent::OnThisDay, yearly), "{turns:?}");
        assert_eq!(plan.spans[0].span.to_string(), expected, "{turns:?}");
    };
    check(&["what did I do on this day"], true, "2024-05-15");
    check(&["what happened on this day in past years?"], true, "2024-05-15");
    check(&["qu'ai-je fait à cette date ?"], true, "2024-05-15");
    check(&["on this day in 2021"], false, "2021-05-15");
    check(&["on this day", "and in 2021?"], false, "2021-05-15");
    check(&["on this day", "more"], true, "2024-05-15");
    check(&["on this day in 2021", "more"], false, "2021-05-15");
}

/// A question of 100 kB takes a fraction of a second when optimized, whatever it is made of; if each
/// word were held against each other one, it would take minutes.
#[test]
fn the_time_to_plan_grows_with_the_question_alone() {
    const SECONDS_MAX: u64 = 10;
    let before = planned("What did I learn in 2021?", None);
    for word in ["March 2021 ", "in my \"a ", "quatre-vingt-", "1/"] {
        let question = word.repeat(100_000 / word.len());
        let began = std::time::Instant::now();
        planned(&question, Some(&before));
        let taken = began.elapsed();
        assert!(taken.as_secs() < SECONDS_MAX, "{word}: {taken:?}");
    }
}

proptest! {
    #[test]
    fn any_question_is_planned(
        question in "\\PC{0,60}",
        words in prop::collection::vec(prop::sample::select(WORDS), 0..10),
    ) {
        let first = planned(&question, None);
        let second = planned(&words.join(" "), Some(&first));
        let third = planned(&question, Some(&second));
        for (plan, text) in [(&second, words.join(" ")), (&third, question.clone())] {
            for asked in &plan.spans {
                prop_assert!(asked.span.start() < asked.span.end());
                if let Some(bytes) = asked.bytes.clone() {
                    prop_assert_eq!(text.get(bytes), Some(&*asked.text));
                }
            }
            for within in &plan.within {
                if let Some(bytes) = within.bytes.clone() {
                    prop_assert_eq!(text.get(bytes), Some(&*within.text));
                }
            }
            for explained in explained(plan, TODAY) {
                if let Some(bytes) = explained.bytes {
                    prop_assert!(text.get(bytes).is_some());
                }
            }
        }
    }
}

const WORDS: &[&str] = &[
    "and",
    "et",
    "about",
    "what",
    "did",
    "I",
    "learn",
    "qu'ai-je",
    "appris",
    "2021",
    "in",
    "the",
    "year",
    "before",
    "after",
    "then",
    "why",
    "?",
    "except",
    "August",
    "first",
    "last",
    "time",
    "\"quoted",
    "words\"",
    "most",
    "compare",
    "how many",
    "l'année",
    "d'avant",
    "C++",
    "état-major",
    "in my",
    "work",
    "notes",
    "tagged",
    "#garden",
    "under",
    "projects/",
    "year by year",
    "same month of",
    "on this day",
    "deux ans et demi",
    "not",
    "will",
    "Friday the 13th",
    "on Mondays",
    "chaque week-end",
    "le lundi",
    "every",
    "which weekday",
];
