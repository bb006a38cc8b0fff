//! `twin ask --batch`: many questions in one run.

use std::{
    fs::{self, File},
    path::PathBuf,
    sync::{Arc, Mutex},
};

use insta::assert_snapshot;
use logtwin::backends::chat::Provider;
use serde_json::Value;
use wiremock::{Request, Respond, ResponseTemplate};

use super::{LOGBOOK, Twin};
use crate::servers::{Server, events, stop, stream};

/// A model that looks, while it is asked, whether somebody holds the index.
struct Watching {
    lock: PathBuf,
    seen: Arc<Mutex<Vec<bool>>>,
}

impl Respond for Watching {
    fn respond(&self, _: &Request) -> ResponseTemplate {
        let lock = File::open(&self.lock).unwrap();
        self.seen.lock().unwrap().push(lock.try_lock().is_ok());
        stream(&events(Provider::OpenAi, &["Beans [1]."], stop(Provider::OpenAi)))
    }
}

#[test]
fn while_a_model_is_asked_others_can_ask_too() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let twin = Twin::ingested(&LOGBOOK);
    let lock = twin.collection().join("index/lock");
    let server = Server::answering(Watching { lock, seen: Arc::clone(&seen) });
    let twin = twin
        .with("llm.provider=openai")
        .with("llm.model=small")
        .with(format!("llm.url={}", server.base_url()));
    let questions = "what did I do in 2021?\nwhat did I do in 2022?\n";
    let printed = twin.run_with(questions, &["ask", "--batch", "-", "--jsonl"]);
    assert!(printed.starts_with("exit 0\n"), "{printed}");
    assert_eq!(*seen.lock().unwrap(), [true, true]);
}

/// Questions that are answered, denied, refused, and taken on.
const QUESTIONS: &str = "# of the garden
what did I do in 2021?
> and in 2019?

?!
> and in 2023?
when did I plant beans?
";

#[test]
fn each_question_of_a_batch_has_its_line_and_its_exit_code() {
    let twin = Twin::ingested(&LOGBOOK);
    fs::write(twin.home().join("questions.txt"), QUESTIONS).unwrap();
    let printed = twin.run(&["ask", "--batch", "questions.txt", "--jsonl"]);
    let (before, after) = printed.split_once("── stdout\n").unwrap();
    let (lines, said) = after.split_once("── stderr\n").unwrap();
    assert_eq!((before, said), ("exit 3\n", "warning: failed questions: 2 of 5\n"));
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told = lines.iter().map(|line| {
        let words = ["answer", "error"].map(|of| match of {
            "answer" => line[of]["citations"][0]["path"].as_str().unwrap_or_default(),
            _ => line[of]["message"].as_str().unwrap_or_default(),
        });
        format!("{} {}: {} · {}", line["line"], line["exit"], line["question"], words.concat())
    });
    assert_snapshot!(told.collect::<Vec<_>>().join("\n"), @r#"
    2 0: "what did I do in 2021?" · daily/2021-03-08.md
    3 4: "and in 2019?" · 
    5 2: "?!" · the question has no words
    6 2: "and in 2023?" · the question that this one follows on failed
    7 0: "when did I plant beans?" · daily/2022-05-14.md
    "#);
}

#[test]
fn a_batch_for_people_has_each_question_above_its_answer() {
    let twin = Twin::ingested(&LOGBOOK);
    let questions = "what did I do in 2021?\n> and in 2019?\n";
    assert_snapshot!(twin.run_with(questions, &["ask", "--batch", "-", "--quiet"]), @"
    exit 0
    ── stdout
    ## what did I do in 2021?

    1. **A loaf** (8 March 2021): Learned to bake sourdough: the starter wants 24 degrees and a night of rest. [1]

    Covers 1 entry, 8 March 2021.

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    [1] daily/2021-03-08.md:3  2021-03-08  A loaf

    ## and in 2019?

    Nothing about 2019: the logbook covers 2021-03-08 to 2023-11-24.

    Nearest entries:
    - 8 March 2021 · A loaf · `daily/2021-03-08.md:1`
    ");
}

#[test]
fn a_batch_that_can_not_be_read_is_refused() {
    let twin = Twin::ingested(&LOGBOOK);
    assert_snapshot!(twin.run(&["ask", "--batch", "none.txt"]), @"
    exit 2
    ── stderr
    error: can't read none.txt: No such file or directory (os error 2)
    ");
    assert_snapshot!(twin.run_with("# nothing\n", &["ask", "--batch", "-"]), @"
    exit 2
    ── stderr
    error: no question in standard input

    hint: write one question a line; lines that begin with # are comments
    ");
    assert_snapshot!(twin.run_with("> and in 2023?\n", &["ask", "--batch", "-"]), @"
    exit 3
    ── stdout
    ## and in 2023?

    ── stderr
    error: there is no question that this one follows on

    hint: leave out the > before the first question
    warning: failed questions: 1 of 1
    ");
    assert_snapshot!(twin.run(&["ask", "--jsonl", "what?"]), @"
    exit 2
    ── stderr
    error: the argument '--jsonl' cannot be used with '[QUESTION]...'

    Usage: twin ask --batch <FILE> --jsonl [QUESTION]...

    For more information, try '--help'.
    ");
}
