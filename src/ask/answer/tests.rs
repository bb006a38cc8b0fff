//! An answer, with and without a model.

use std::sync::{Arc, Mutex};

use super::*;
use crate::{
    ask::{largest::by_quantity, test_passage},
    services::{Chat, ChatRequest, Completion},
};

/// Gives one scripted outcome a call, the last one first.
struct Scripted(Mutex<Vec<Result<Completion>>>, Mutex<Vec<ChatRequest>>);

impl Scripted {
    fn new(mut outcomes: Vec<Result<Completion>>) -> Self {
        outcomes.reverse();
        Self(Mutex::new(outcomes), Mutex::new(Vec::new()))
    }
}

impl Chat for &Scripted {
    fn model(&self) -> &'static str {
        "scripted"
    }

    fn host(&self) -> &'static str {
        "localhost"
    }

    fn is_remote(&self) -> bool {
        false
    }

    fn complete(&self, request: &ChatRequest, on_text: &mut dyn FnMut(&str)) -> Result<Completion> {
        self.1.lock().unwrap().push(request.clone());
        let outcome = self.0.lock().unwrap().pop().unwrap();
        if let Ok(completion) = &outcome {
            on_text(&completion.text);
        }
        outcome
    }
}

#[expect(clippy::unnecessary_wraps, reason = "a script holds failures too")]
fn says(text: &str) -> Result<Completion> {
    Ok(Completion { text: text.to_owned(), cut_off: false, tokens: None })
}

fn overflow() -> Result<Completion> {
    Err(Error::failed("too long").caused_by(ContextOverflow { says: "4096".to_owned() }))
}

fn answered(retrieved: &Retrieved, chat: Option<&Scripted>) -> Result<Answer> {
    answered_as(Intent::default(), retrieved, chat, &mut |_| {})
}

fn answered_as(
    intent: Intent,
    retrieved: &Retrieved,
    chat: Option<&Scripted>,
    on_text: &mut dyn FnMut(&str),
) -> Result<Answer> {
    let q = || "q".to_owned();
    let plan = Plan { question: q(), resolved: q(), intent, ..Plan::default() };
    let chat = chat.map(|chat| GuardedChat::new(Box::new(chat), Arc::default()));
    let answering = Answering {
        chat: chat.as_ref(),
        current: &|passage| Some(passage.text.clone()),
        reader: &TermReader::default(),
        settings: &PromptSettings::default(),
        on_given: &|_| {},
    };
    answer(retrieved, &plan, &answering, on_text)
}

fn retrieved() -> Retrieved {
    let passages = (1..=20)
        .map(|number| {
            let text = format!(
                "We measured the queue number {number} all day long. {}",
                "And so on. ".repeat(90)
            );
            test_passage(&format!("{number}.md"), "2022-03-08", &text)
        })
        .collect();
    Retrieved {
        passages,
        measured: Vec::new(),
        more: Vec::new(),
        entries: 20,
        undated: 0,
        absence: None,
        evidence: crate::ask::Evidence::default(),
    }
}

#[test]
fn a_model_answers_and_its_citations_are_checked() {
    let chat = Scripted::new(vec![says("We measured it [1]. Then more [77].")]);
    let answer = answered(&retrieved(), Some(&chat)).unwrap();
    assert_eq!(answer.text, "We measured it [1]. Then more.");
    assert_eq!(answer.foreign, ["77"]);
    assert_eq!(answer.citations[0].path, "1.md");
    assert_eq!(answer.exit(), Exit::Done);
}

#[test]
fn what_a_model_does_not_cite_is_said_not_to_be_checked() {
    let chat = Scripted::new(vec![says("We measured the queue all day. It was long.")]);
    let answer = answered(&retrieved(), Some(&chat)).unwrap();
    assert_eq!((answer.citations.len(), answer.given.len()), (0, answer.passages.len()));
    let shown = answer.passages.len();
    let says_so =
        format!("[?] The model cited none of the {shown} passages; what it says is not checked.");
    assert!(answer.notes.contains(&says_so), "{:?}", answer.notes);

    let chat = Scripted::new(vec![says("We measured it all day [1]. It was a long queue.")]);
    let answer = answered(&retrieved(), Some(&chat)).unwrap();
    assert_eq!((answer.citations.len(), answer.given.len()), (1, 0));
    let says_so = "[?] 1 sentence cites nothing and is not checked.".to_owned();
    assert!(answer.notes.contains(&says_so), "{:?}", answer.notes);
}

#[test]
fn what_is_not_there_is_said_without_asking_a_model() {
    let chat = Scripted::new(Vec::new());
    let absent = Retrieved { absence: Some(Absence::EmptyLogbook), ..retrieved() };
    let answer = answered(&absent, Some(&chat)).unwrap();
    assert_eq!((answer.exit(), chat.1.lock().unwrap().len()), (Exit::Nothing, 0));
    assert_eq!(answer.text, "The logbook has no entries yet.");
}

#[test]
fn without_a_model_the_answer_is_an_extract() {
    let answer = answered(&retrieved(), None).unwrap();
    assert_eq!((answer.made_by.clone(), answer.exit()), (MadeBy::Extract, Exit::Done));
    assert!(answer.text.contains("We measured the queue"), "{}", answer.text);
}

#[test]
fn a_model_that_fails_leaves_the_extract_and_its_exit_code() {
    let chat = Scripted::new(vec![Err(Error::new(Exit::Unreachable, "no connection"))]);
    let answer = answered(&retrieved(), Some(&chat)).unwrap();
    assert_eq!((answer.made_by.clone(), answer.exit()), (MadeBy::Extract, Exit::Unreachable));
    assert_eq!(answer.notes, ["The model gave no whole answer: this is an extract instead."]);
    let failure = serde_json::to_value(&answer).unwrap()["failure"].take();
    assert_eq!(failure["message"], "no connection");
}

/// Fault 112: a prompt that is too long is made shorter, and that is said.
#[test]
fn a_prompt_too_long_for_the_model_is_halved_and_said_to_be() {
    let chat = Scripted::new(vec![overflow(), says("So [1].")]);
    let answer = answered(&retrieved(), Some(&chat)).unwrap();
    let asked = chat.1.lock().unwrap();
    let length = |place: usize| asked[place].messages[0].content.len();
    assert!(length(1) * 3 < length(0) * 2, "{} {}", length(0), length(1));
    assert!(answer.notes.iter().any(|note| note.contains("was shortened")), "{:?}", answer.notes);
}

/// Fault 117: an empty answer or a refusal is none.
#[test]
fn an_empty_answer_is_a_failure() {
    let chat = Scripted::new(vec![says(" \n")]);
    let answer = answered(&retrieved(), Some(&chat)).unwrap();
    assert_eq!((answer.made_by.clone(), answer.exit()), (MadeBy::Extract, Exit::Failed));
}

/// Fault 118: an answer that was cut off says so.
#[test]
fn an_answer_that_was_cut_off_says_so() {
    let cut = Completion { text: "So [1]".to_owned(), cut_off: true, tokens: None };
    let answer = answered(&retrieved(), Some(&Scripted::new(vec![Ok(cut)]))).unwrap();
    assert!(answer.notes.iter().any(|note| note.contains("cut off")), "{:?}", answer.notes);
}

#[test]
fn an_interruption_is_passed_on() {
    let chat = Scripted::new(vec![Err(Error::new(Exit::Interrupted, "interrupted"))]);
    assert_eq!(answered(&retrieved(), Some(&chat)).unwrap_err().exit(), Exit::Interrupted);
}

/// Fault 112: a server that cuts a prompt without a word is found out by its count.
#[test]
fn a_prompt_that_the_server_cut_is_said_to_be() {
    let counted = |input| {
        let tokens = Some(Tokens { input, output: 5 });
        let reply = Completion { text: "So [1].".to_owned(), cut_off: false, tokens };
        answered(&retrieved(), Some(&Scripted::new(vec![Ok(reply)]))).unwrap().notes.join(" ")
    };
    assert!(counted(2_050).contains("read 2050 of about"), "{}", counted(2_050));
    for whole in [0, 6_000, 100_000] {
        assert!(!counted(whole).contains("of about"), "{}", counted(whole));
    }
    assert!(!is_cut_by_server(300, 999));
}

/// Three entries of two years.
fn dated() -> Retrieved {
    let passages = [("a.md", "2021-03-08"), ("b.md", "2022-04-01"), ("c.md", "2022-11-26")]
        .map(|(path, day)| test_passage(path, day, "We measured the queue all day long."));
    Retrieved { passages: passages.into(), entries: 3, ..retrieved() }
}

/// What becomes of a model's words: whether they say what the index does, the text with its marks,
/// and the same as it came.
#[track_caller]
fn check_exact(intent: Intent, says_this: &str, is_said: bool, expected: &str) {
    let chat = Scripted::new(vec![says(says_this)]);
    let mut came = String::new();
    let answer =
        answered_as(intent, &dated(), Some(&chat), &mut |text| came.push_str(text)).unwrap();
    let exact = answer.exact.as_ref().unwrap();
    assert_eq!((exact.said, answer.marked_text().as_str()), (Some(is_said), expected));
    assert_eq!(came, expected);
    let message = &chat.1.lock().unwrap()[0].messages[0].content;
    assert!(message.contains(&format!("Exact, from the index: {}", exact.text)), "{message}");
}

#[test]
fn a_number_of_entries_is_that_of_the_index() {
    let right = "There are 3 entries, all on the queue [1, 2].";
    check_exact(Intent::Count, right, true, right);
    let in_words = "Three entries measured the queue [1].";
    check_exact(Intent::Count, in_words, true, in_words);
    check_exact(
        Intent::Count,
        "There are 7 entries on the queue [1].",
        false,
        "There are 7 entries on the queue [1]. [?]\n\n**By the index:** 3 entries. [1, 2, 3]",
    );
    check_exact(
        Intent::Count,
        "You wrote seven entries. It was 3 times.",
        false,
        "You wrote seven entries. [?] It was 3 times.\n\n**By the index:** 3 entries. [1, 2, 3]",
    );
    check_exact(
        Intent::Count,
        "2022-03, on 3 March.",
        false,
        "2022-03, on 3 March.\n\n**By the index:** 3 entries. [1, 2, 3]",
    );
    check_exact(
        Intent::Count,
        "It is 3.",
        true,
        "It is 3.\n\n**By the index:** 3 entries. [1, 2, 3]",
    );
}

#[test]
fn a_first_and_a_last_day_are_those_of_the_index() {
    let right = "On 8 March 2021 you measured the queue [1].";
    check_exact(Intent::First, right, true, right);
    let iso = "2022-11-26: you measured the queue [3].";
    check_exact(Intent::Last, iso, true, iso);
    let wrong = "You measured the queue on 1 April 2022 [2].";
    let index = "**By the index:** The first entry: 8 March 2021. [1]";
    check_exact(Intent::First, wrong, false, &format!("{wrong}\n\n{index}"));
}

#[test]
fn the_most_and_the_years_of_a_day_are_those_of_the_index() {
    let right = "In 2022, with 2 entries on the queue [2, 3].";
    check_exact(Intent::Most, right, true, right);
    let wrong = "In 2021 you measured the queue [1].";
    let index = "**By the index:** 2022: 2 entries; 2021: 1 entry. [2, 3]";
    check_exact(Intent::Most, wrong, false, &format!("{wrong}\n\n{index}"));
    let index = "**By the index:** 2021: 1 entry; 2022: 2 entries. [1, 2, 3]";
    check_exact(Intent::OnThisDay, wrong, false, &format!("{wrong}\n\n{index}"));
}

/// Two runs, of which the second is the farther.
fn runs() -> Retrieved {
    let runs = [("a.md", "2021-03-08", "Ran 8 km in 48:00."), ("b.md", "2022-04-01", "Ran 12 km.")];
    let passages = runs.map(|(path, day, text)| test_passage(path, day, text)).to_vec();
    let plan = Plan { intent: Intent::Largest, ..Plan::default() };
    let found =
        by_quantity(&plan, passages, &|text| f32::from(u8::from(text.contains("Ran")))).unwrap();
    Retrieved { passages: found.passages, measured: found.measured, entries: 2, ..retrieved() }
}

#[test]
fn the_farthest_is_what_a_note_measures() {
    let check = |says_this: &str, is_said: bool| {
        let chat = Scripted::new(vec![says(says_this)]);
        let answer = answered_as(Intent::Largest, &runs(), Some(&chat), &mut |_| {}).unwrap();
        assert_eq!(answer.exact.unwrap().said, Some(is_said), "{says_this}");
        let told =
            "**By the index:** The most that a note measures: 1 April 2022, \"Ran 12 km\". [2]";
        assert_eq!(answer.text.ends_with(told), !is_said, "{}", answer.text);
    };
    check("You ran 12 km on 1 April 2022 [1].", true);
    check("You ran twelve kilometres [1].", true);
    check("It was on 1 April 2022 [1].", true);
    check("You ran 8 km on 1 April 2022 [1].", false);
    check("You ran very far [1].", false);
}

#[test]
fn the_farthest_comes_first_and_its_like_behind_it() {
    let answer = answered_as(Intent::Largest, &runs(), None, &mut |_| {}).unwrap();
    let expected =
        "**1 April 2022**: Ran 12 km. [1]\n\nNext to it:\n- 8 March 2021: Ran 8 km in 48:00. [2]";
    assert!(answer.text.starts_with(expected), "{}", answer.text);
    assert_eq!(answer.exact.unwrap().entries, ["b.md:1"]);
}

/// What nothing measures is a fact like any other: the best comes first, not the earliest.
#[test]
fn without_a_measure_the_best_passage_answers() {
    let best = test_passage("b.md", "2022-04-01", "We measured the queue for the longest time.");
    let passages = vec![best, test_passage("a.md", "2021-03-08", "A queue.")];
    let retrieved = Retrieved { passages, ..retrieved() };
    let answer = answered_as(Intent::Largest, &retrieved, None, &mut |_| {}).unwrap();
    assert!(answer.text.starts_with("- 1 April 2022: We measured"), "{}", answer.text);
    assert_eq!(answer.exact, None);
}

#[test]
fn what_is_nowhere_is_counted_too() {
    let nowhere = Absence::NothingOnTopic {
        topic: "whales".to_owned(),
        entries: 20,
        covered: None,
        nearest: Vec::new(),
        mentioned: Vec::new(),
    };
    let absent = Retrieved { absence: Some(nowhere), ..retrieved() };
    let answer = answered_as(Intent::Count, &absent, None, &mut |_| {}).unwrap();
    assert_eq!(answer.exact.unwrap().number, Some(0));
    assert_eq!(answered(&absent, None).unwrap().exact, None);
}

#[test]
fn an_exact_answer_names_the_entries_behind_it() {
    let answer = answered_as(Intent::Count, &dated(), None, &mut |_| {}).unwrap();
    let exact = serde_json::to_value(answer.exact).unwrap();
    let expected = serde_json::json!({
        "text": "3 entries.",
        "number": 3,
        "entries": ["a.md:1", "b.md:1", "c.md:1"],
        "said": null,
    });
    assert_eq!(exact, expected);
    assert_eq!(answered(&dated(), None).unwrap().exact, None);
}

/// Of many entries, those that the index's answer rests on are what a model reads first.
#[test]
fn what_the_index_answers_from_fits_before_the_rest() {
    let chat = Scripted::new(vec![says("It was 2022 [1].")]);
    let mut many = retrieved();
    let text = many.passages[0].text.clone();
    many.passages.push(test_passage("last.md", "2022-11-26", &text));
    let answer = answered_as(Intent::Last, &many, Some(&chat), &mut |_| {}).unwrap();
    assert!(answer.passages.len() < many.passages.len());
    assert!(answer.passages.iter().any(|passage| passage.path == "last.md"));
    let told = format!(
        "**By the index:** The last entry: 26 November 2022. [{}]",
        1 + answer.passages.iter().position(|passage| passage.path == "last.md").unwrap()
    );
    assert!(answer.text.ends_with(&told), "{}", answer.text);
}

/// An account is of all there is; a fact is in the best passages.
#[test]
fn what_did_not_fit_is_said_of_an_account_and_not_of_a_fact() {
    let check = |intent, is_said: bool| {
        let chat = Scripted::new(vec![says("We measured it [1].")]);
        let answer = answered_as(intent, &retrieved(), Some(&chat), &mut |_| {}).unwrap();
        assert_eq!(answer.left_out + answer.passages.len(), 20);
        let told = answer.notes.iter().any(|note| note.contains("of 20 passages were read"));
        assert_eq!((told, answer.left_out > 0), (is_said, true), "{intent:?}");
    };
    check(Intent::Lookup, false);
    check(Intent::Recap, true);
}
