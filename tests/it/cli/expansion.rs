//! A question with other words for its topic, which a model behind HTTP names.

use logtwin::backends::chat::Provider;
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use super::{LOGBOOK, Twin};
use crate::servers::{self, BOTH, Server, status};

const QUESTION: &str = "do I know anything about the garden?";
const REPLY: &str = r#"{"words": ["tides", "moon"]}"#;

fn twin(provider: Provider, base_url: &str) -> Twin {
    Twin::ingested(&LOGBOOK).asking(provider, base_url)
}

fn says(provider: Provider, text: &str) -> ResponseTemplate {
    servers::says(provider, &[text])
}

/// The bodies of the requests that a server got.
fn bodies(server: &Server) -> Vec<String> {
    let requests = server.requests();
    requests.iter().map(|request| String::from_utf8_lossy(&request.body).into_owned()).collect()
}

#[test]
fn other_words_are_searched_for_beside_the_questions_own() {
    for provider in BOTH {
        let server = Server::new([says(provider, "Beans [1].")]);
        twin(provider, &server.base_url()).run(&["ask", QUESTION]);
        let [alone] = bodies(&server).try_into().unwrap();
        assert!(alone.contains("Planted beans") && !alone.contains("moon pulls"), "{alone}");

        let server = Server::new([says(provider, REPLY), says(provider, "Beans [1].")]);
        let twin = twin(provider, &server.base_url()).with("search.ask_model=true");
        let printed = twin.run(&["ask", QUESTION]);
        let [first, second] = bodies(&server).try_into().unwrap();
        assert!(first.contains("Topic: garden"), "{first}");
        assert!(!first.contains("Planted"), "{first}");
        assert!(second.contains("Planted beans") && second.contains("moon pulls"), "{second}");
        assert!(printed.contains("also searched for: tides, moon\n"), "{printed}");
    }
}

#[test]
fn other_words_do_not_make_a_topic_that_is_not_there() {
    let provider = Provider::OpenAi;
    let server = Server::new([says(provider, REPLY)]);
    let twin = twin(provider, &server.base_url()).with("search.ask_model=true");
    let printed = twin.run(&["ask", "do I know anything about volcanoes?"]);
    assert!(printed.starts_with("exit 4\n"), "{printed}");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn other_words_are_given_as_json() {
    let provider = Provider::OpenAi;
    let server = Server::new([says(provider, REPLY), says(provider, "Beans [1].")]);
    let twin = twin(provider, &server.base_url()).with("search.ask_model=true");
    let printed = twin.run(&["ask", "--json", QUESTION]);
    let (_, printed) = printed.split_once("── stdout\n").unwrap();
    let asked: Value = serde_json::from_str(printed).unwrap();
    assert_eq!(asked["plan"]["other_words"], json!(["tides", "moon"]));
}

#[test]
fn a_model_that_names_none_leaves_the_question_as_it_is() {
    let provider = Provider::OpenAi;
    for (reply, doubt) in [
        (says(provider, "Tides!"), "named no other words in a form that can be read"),
        (status(400, &json!({"error": {"message": "no"}})), "could not be asked for other words"),
    ] {
        let server = Server::new([reply, says(provider, "Beans [1].")]);
        let twin = twin(provider, &server.base_url()).with("search.ask_model=true");
        let printed = twin.run(&["ask", QUESTION]);
        assert!(printed.contains(doubt) && printed.contains("Beans [1]."), "{printed}");
        assert!(!printed.contains("also searched for"), "{printed}");
    }
}

#[test]
fn a_dry_run_shows_what_would_be_asked_first() {
    let server = Server::new([says(Provider::OpenAi, "No.")]);
    let twin = twin(Provider::OpenAi, &server.base_url()).with("search.ask_model=true");
    let printed = twin.run(&["ask", "--dry-run", QUESTION]);
    assert!(printed.contains("You know how people write in their own logbooks"), "{printed}");
    assert!(printed.contains("before the rest, the model would be asked what is meant"));
    assert_eq!(server.requests().len(), 0);
}
