//! The proof that a recap reads every entry of its period once and none of another, from what a
//! model at a server was really asked, and that nothing is asked for twice.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use jiff::{ToSpan as _, civil::date};
use logtwin::backends::chat::Provider;
use serde_json::Value;
use wiremock::{Request, Respond, ResponseTemplate};

use super::Twin;
use crate::servers::{Server, events, status, stream};

/// The lines of the entry that is too long for any prompt.
const LONG_LINES: usize = 120;

/// A model that gives each answer a number of its own, `answer-7`, so that it can be followed through
/// what is put together later; from a call on it fails, if it is told to.
#[derive(Clone, Default)]
struct Model {
    calls: Arc<AtomicUsize>,
    fails_from: Option<usize>,
    delay: Duration,
}

impl Respond for Model {
    fn respond(&self, _: &Request) -> ResponseTemplate {
        let call = self.calls.fetch_add(1, Ordering::SeqCst);
        if self.fails_from.is_some_and(|from| call >= from) {
            return status(400, &serde_json::json!({"error": {"message": "no more"}}));
        }
        let answer =
            format!("- This is answer-{call}. {}[1].", "It says what was noted. ".repeat(16));
        stream(&events(Provider::OpenAi, &[&answer], "stop")).set_delay(self.delay)
    }
}

/// A logbook of three years: an entry every third day, each with a mark of its own; a week over the
/// turn of a year, a month as a whole, and a day that is too long for any prompt.
fn user(server: &Server) -> Twin {
    let mut notes: Vec<(String, String)> = date(2021, 1, 1)
        .series(3.days())
        .take_while(|day| day.year() < 2024)
        .map(|day| {
            let text =
                format!("# Work\n\nmark-{day} {}\n", "We measured the queue again. ".repeat(6));
            (format!("daily/{day}.md"), text)
        })
        .collect();
    let line = |line: usize| format!("- mark-long-{line} and some words beside it");
    let long = (0..LONG_LINES).map(line).collect::<Vec<_>>().join("\n");
    notes.push(("2022-05-05.md".to_owned(), format!("# Long\n\n{long}")));
    notes.push(("2021-W52.md".to_owned(), "# Week\n\nmark-week of the turn\n".to_owned()));
    notes.push(("2022-07.md".to_owned(), "# Month\n\nmark-month of July\n".to_owned()));
    let notes: Vec<(&str, &str)> =
        notes.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    Twin::ingested(&notes)
        .with("llm.provider=openai")
        .with("llm.model=small")
        .with(format!("llm.url={}", server.base_url()))
        .with("llm.context_tokens=1800")
        .with("llm.answer_tokens=300")
}

/// What each call was asked, in order.
fn asked(server: &Server) -> Vec<String> {
    let message = |request: Request| {
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        let messages = body["messages"].as_array().unwrap();
        messages.iter().map(|message| message["content"].as_str().unwrap()).collect()
    };
    server.requests().into_iter().map(message).collect()
}

/// Whether a prompt is about entries, and not about what was noted of them.
fn is_map(prompt: &str) -> bool {
    prompt.contains("<passage-")
}

/// How often each word that begins so is in some texts.
fn counts<'a>(start: &str, texts: impl Iterator<Item = &'a String>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for word in texts.flat_map(|text| text.split_whitespace()).filter(|it| it.starts_with(start)) {
        *counts.entry(word.trim_end_matches('.').to_owned()).or_default() += 1;
    }
    counts
}

/// The marks of what is of 2022.
fn marks() -> BTreeSet<String> {
    let days = date(2021, 1, 1).series(3.days()).filter(|day| day.year() == 2022);
    let days = days.take_while(|day| day.year() < 2023).map(|day| format!("mark-{day}"));
    let long = (0..LONG_LINES).map(|line| format!("mark-long-{line}"));
    days.chain(long).chain(["mark-week", "mark-month"].map(str::to_owned)).collect()
}

fn check_each_mark_is_asked_about_once(prompts: &[String]) {
    let given = counts("mark-", prompts.iter());
    let twice: Vec<_> = given.iter().filter(|(_, count)| **count != 1).collect();
    assert!(twice.is_empty(), "given more than once: {twice:?}");
    assert_eq!(given.into_keys().collect::<BTreeSet<_>>(), marks());
}

#[test]
fn every_entry_is_in_one_prompt_and_every_answer_goes_on_until_there_is_one_account() {
    let server = Server::answering(Model::default());
    let twin = user(&server);
    let printed = twin.run(&["recap", "2022", "--json"]);
    assert!(printed.starts_with("exit 0\n"), "{printed}");
    let prompts = asked(&server);
    let maps: Vec<String> = prompts.iter().filter(|prompt| is_map(prompt)).cloned().collect();
    check_each_mark_is_asked_about_once(&maps);

    // How many calls lie between an answer and the entries, itself included.
    let mut levels: BTreeMap<String, usize> = BTreeMap::new();
    for (call, prompt) in prompts.iter().enumerate() {
        let below = counts("answer-", [prompt].into_iter());
        assert_eq!(below.is_empty(), is_map(prompt), "{prompt}");
        let level = below.keys().map(|answer| levels[answer]).max().unwrap_or(0) + 1;
        levels.insert(format!("answer-{call}"), level);
    }
    assert!(levels.values().max() >= Some(&3), "{levels:?}");
    let reduces = prompts.iter().filter(|prompt| !is_map(prompt));
    let taken = counts("answer-", reduces);
    assert!(taken.values().all(|count| *count == 1), "{taken:?}");
    let last = format!("answer-{}", prompts.len() - 1);
    let untaken: Vec<_> = levels.keys().filter(|answer| !taken.contains_key(*answer)).collect();
    assert_eq!(untaken, [&last]);
    assert!(printed.contains(&last) && printed.contains("\"complete\": true"), "{printed}");
}

#[test]
fn after_a_failure_midway_no_prompt_is_answered_twice() {
    const ANSWERED: usize = 9;
    let server = Server::answering(Model { fails_from: Some(ANSWERED), ..Model::default() });
    let twin = user(&server);
    let printed = twin.run(&["recap", "2022"]);
    assert!(!printed.starts_with("exit 0\n"), "{printed}");
    let before = asked(&server);
    assert!(before.iter().all(|prompt| is_map(prompt)));

    let second = Server::answering(Model::default());
    let twin = twin.with(format!("llm.url={}", second.base_url()));
    let printed = twin.run(&["recap", "2022"]);
    assert!(printed.starts_with("exit 0\n"), "{printed}");
    let maps: Vec<String> = asked(&second).into_iter().filter(|it| is_map(it)).collect();
    // Which of the first prompts were answered shows in that they are not asked again.
    let again: BTreeSet<String> = maps.iter().cloned().collect();
    let answered: Vec<String> =
        before.into_iter().filter(|it| !again.contains(it.as_str())).collect();
    assert_eq!(answered.len(), ANSWERED);
    check_each_mark_is_asked_about_once(&[answered, maps].concat());
    twin.run(&["recap", "2022"]);
    assert_eq!(asked(&second).iter().filter(|it| is_map(it)).count(), again.len());
}

#[test]
fn what_was_answered_when_the_program_is_killed_is_not_asked_for_again() {
    let slow = Model { delay: Duration::from_millis(50), ..Model::default() };
    let server = Server::answering(slow.clone());
    let twin = user(&server).with("llm.map_concurrency=1");
    let mut running = twin.command(&["recap", "2022"]).spawn().unwrap();
    let began = Instant::now();
    while slow.calls.load(Ordering::SeqCst) < 8 && began.elapsed() < Duration::from_mins(1) {
        thread::sleep(Duration::from_millis(5));
    }
    running.kill().unwrap();
    running.wait().unwrap();
    let killed = asked(&server).len();
    let printed = twin.run(&["recap", "2022"]);
    assert!(printed.starts_with("exit 0\n"), "{printed}");
    let maps: Vec<String> = asked(&server).into_iter().filter(|it| is_map(it)).collect();
    let twice = maps.len() - maps.iter().collect::<BTreeSet<_>>().len();
    assert!(killed >= 8 && twice <= 1, "{twice} of {killed}: only the one under way may be lost");
}
