//! `twin config prompts`, and prompts of the user's own.

use std::fs;

use insta::assert_snapshot;
use logtwin::backends::chat::Provider;

use super::{LOGBOOK, Twin};
use crate::servers::{Server, events, stream};

const QUESTION: [&str; 2] = ["ask", "what did I learn at work in 2022?"];

#[test]
fn prompts_are_listed_written_and_printed() {
    let twin = Twin::new(&[]);
    assert_snapshot!(twin.run(&["config", "prompts"]), @"
    exit 0
    ── stdout
    answer         built in
    answer-small   built in
    recap          built in
    map            built in
    reduce         built in
    compare        built in
    reword         built in
    expand         built in
    ");
    let written = twin.run(&["config", "prompts", "--write"]);
    assert!(written.contains("[HOME]/config/logtwin/prompts/answer.md\n"), "{written}");
    let folder = twin.home().join("config/logtwin/prompts");
    assert_eq!(fs::read_dir(&folder).unwrap().count(), written.lines().count() - 2);
    fs::write(folder.join("map.md"), "Mine.").unwrap();
    assert_snapshot!(twin.run(&["config", "prompts", "--write"]), @"exit 0");
    assert_eq!(fs::read_to_string(folder.join("map.md")).unwrap(), "Mine.");
    assert_snapshot!(twin.run(&["config", "prompts"]), @"
    exit 0
    ── stdout
    answer         [HOME]/config/logtwin/prompts/answer.md
    answer-small   [HOME]/config/logtwin/prompts/answer-small.md
    recap          [HOME]/config/logtwin/prompts/recap.md
    map            [HOME]/config/logtwin/prompts/map.md: no line `=====` parts the rules from the message
    reduce         [HOME]/config/logtwin/prompts/reduce.md
    compare        [HOME]/config/logtwin/prompts/compare.md
    reword         [HOME]/config/logtwin/prompts/reword.md
    expand         [HOME]/config/logtwin/prompts/expand.md
    ");
    assert_snapshot!(twin.run(&["config", "prompts", "map"]), @"
    exit 0
    ── stdout
    Mine.
    ");
    assert_snapshot!(twin.run(&["config", "prompts", "ansver"]), @"
    exit 2
    ── stderr
    error: there is no prompt `ansver`

    hint: the prompts are answer, answer-small, recap, map, reduce, compare, reword, expand
    ");
}

#[test]
fn a_prompt_of_ones_own_is_asked() {
    let server = Server::new([stream(&events(Provider::OpenAi, &["So [1]."], "stop"))]);
    let twin = Twin::ingested(&LOGBOOK)
        .with("llm.provider=openai")
        .with(format!("llm.url={}", server.base_url()))
        .with("llm.model=large");
    let own = twin.run(&["config", "prompts", "answer"]);
    let own = own.split_once("── stdout\n").unwrap().1;
    let file = twin.home().join("config/logtwin/prompts/answer.md");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, own.replace("Rules:", "Rules of mine:")).unwrap();
    twin.run(&QUESTION);
    let body = String::from_utf8(server.requests()[0].body.clone()).unwrap();
    assert!(body.contains("Rules of mine:"), "{body}");

    fs::write(&file, own.replace("{{passages}}", "")).unwrap();
    assert_snapshot!(twin.run(&QUESTION), @"
    exit 2
    ── stderr
    error: [HOME]/config/logtwin/prompts/answer.md: `{{passages}}` is missing

    hint: put it where its value is to stand
    ");
    assert_eq!(server.requests().len(), 1);
    assert!(twin.run(&[&QUESTION[..], &["--no-llm"]].concat()).starts_with("exit 0"));
}
