//! Models as they are published: folders, and the hub.

use insta::assert_snapshot;
use serde_json::json;
use wiremock::ResponseTemplate;

use super::{LOGBOOK, Twin};
use crate::{
    servers::{Server, status},
    tiny::Tiny,
};

fn with_folder(tiny: Tiny) -> Twin {
    let twin = Twin::new(&LOGBOOK);
    tiny.write(&twin.home().join("tiny"));
    twin.with("embedding.model=./tiny")
}

#[test]
fn a_model_in_a_folder_embeds_and_another_one_makes_another_index() {
    let twin = with_folder(Tiny::embedding("bert"));
    assert_snapshot!(twin.run(&["ingest", "notes"]), @"
    exit 0
    ── stdout
    5 notes added, 0 changed, 0 removed, 0 unchanged
    7 chunks stored, 7 embedded, in [TIME]
    the index holds 5 notes, 6 entries, 1 of them undated
    by year: 2021: 1, 2022: 2, 2023: 2
    ");
    assert_snapshot!(twin.run(&["search", "sourdough", "--limit", "1"]), @r#"
    exit 0
    ── stdout
    daily/2022-09-02.md:1  2022-09-02  Vélo
        # Vélo

        J'ai appris à réparer une chambre à air : il faut trouver la fuite dans l'eau, puis poncer avant de coller.
    ── stderr
    any time · lookup · "sourdough"
    "#);
    assert_snapshot!(twin.run(&["models", "path"]), @"
    exit 0
    ── stdout
    [HOME]/tiny
    ");
    Tiny::embedding("xlm-roberta").write(&twin.home().join("tiny"));
    assert_snapshot!(twin.run(&["ask", "what did I learn?"]), @"
    exit 12
    ── stderr
    error: the index was made with dir:tiny#d6b2847f3312e808 and markdown 160-480, not with dir:tiny#f7d47ae3b86b57ba and markdown 160-480

    hint: make it anew with `twin ingest --rebuild`; texts embedded before are not embedded again
    ");
    assert_snapshot!(twin.run(&["ingest", "--rebuild"]), @"
    exit 0
    ── stdout
    5 notes added, 0 changed, 0 removed, 0 unchanged
    7 chunks stored, 7 embedded, in [TIME]
    the index holds 5 notes, 6 entries, 1 of them undated
    by year: 2021: 1, 2022: 2, 2023: 2
    ");
}

#[test]
fn a_folder_that_holds_no_model_is_refused() {
    let twin = Twin::new(&LOGBOOK).with("embedding.model=dir:nowhere");
    assert_snapshot!(twin.run(&["ingest", "notes"]), @"
    exit 2
    ── stderr
    error: there is no model folder [HOME]/nowhere

    hint: name the folder that has config.json, tokenizer.json and model.safetensors, as the model was published; a model of the hub is named hf:OWNER/NAME
    ");
    std::fs::create_dir(twin.home().join("nowhere")).unwrap();
    assert_snapshot!(twin.run(&["ingest", "notes"]), @"
    exit 2
    ── stderr
    error: [HOME]/nowhere has no config.json

    hint: name the folder that has config.json, tokenizer.json and model.safetensors, as the model was published; a model of the hub is named hf:OWNER/NAME
    ");
}

#[test]
fn a_network_that_is_not_known_is_named() {
    let twin = with_folder(Tiny::embedding("modernbert"));
    assert_snapshot!(twin.run(&["ingest", "notes"]), @r#"
    exit 2
    ── stderr
    error: [HOME]/tiny/config.json: models of the type modernbert can't be run

    hint: the types are bert, roberta, xlm-roberta, camembert, distilbert; take another model of the BERT family, or serve this one and set embedding.model or rerank.provider to "http"
    "#);
    assert_snapshot!(twin.run(&["models", "list"]), @"
    exit 0
    ── stdout
    use-multilingual    512 dimensions  Apache-2.0     32 MB to fetch  not here
    e5-small            384 dimensions  MIT            91 MB to fetch  not here
    dir:[HOME]/tiny  unusable: [HOME]/tiny/config.json: models of the type modernbert can't be run
    ");
}

#[test]
fn a_model_of_the_hub_is_fetched_once() {
    let twin = Twin::new(&LOGBOOK[..1]).with("embedding.model=hf:a/tiny");
    let folder = twin.home().join("published");
    Tiny::embedding("bert").write(&folder);
    let names = ["config.json", "tokenizer.json", "model.safetensors"];
    let files = names.map(|name| std::fs::read(folder.join(name)).unwrap());
    let siblings: Vec<_> = names
        .iter()
        .zip(&files)
        .map(|(name, bytes)| json!({"rfilename": name, "size": bytes.len()}))
        .collect();
    let listing = status(200, &json!({"sha": "c0ffee", "siblings": siblings}));
    let files = files.map(|bytes| ResponseTemplate::new(200).set_body_bytes(bytes));
    let hub = Server::new([listing].into_iter().chain(files));
    let run = |arguments: &[&str], offline: &str| {
        let mut command = twin.command(arguments);
        command.env("HF_ENDPOINT", hub.server.uri()).env("HF_HUB_OFFLINE", offline);
        twin.transcript(&command.output().unwrap())
    };
    assert_snapshot!(run(&["ingest", "notes"], "1"), @"
    exit 13
    ── stderr
    error: the model hf:a/tiny is not here, and it is offline

    hint: fetch it once without --offline and HF_HUB_OFFLINE, or name a folder that has the model
    ");
    assert_snapshot!(run(&["ingest", "notes"], "0"), @"
    exit 0
    ── stdout
    1 note added, 0 changed, 0 removed, 0 unchanged
    1 chunk stored, 1 embedded, in [TIME]
    the index holds 1 note, 1 entry
    by year: 2021: 1
    ── stderr
    fetching the model hf:a/tiny once from 127.0.0.1, 0 MB
    ");
    assert_snapshot!(run(&["models", "path"], "1"), @"
    exit 0
    ── stdout
    [HOME]/cache/logtwin/models/hub/models--a--tiny/snapshots/c0ffee
    ");
    assert_snapshot!(run(&["models", "list"], "1"), @"
    exit 0
    ── stdout
    use-multilingual    512 dimensions  Apache-2.0     32 MB to fetch  not here
    e5-small            384 dimensions  MIT            91 MB to fetch  not here
    hf:a/tiny  32 dimensions  here
    ");
    assert_snapshot!(run(&["search", "sourdough"], "1"), @r#"
    exit 0
    ── stdout
    daily/2021-03-08.md:1  2021-03-08  A loaf
        # A loaf

        Learned to bake sourdough: the starter wants 24 degrees and a night of rest.
    ── stderr
    any time · lookup · "sourdough"
    "#);
    assert_eq!(hub.requests().len(), 4);
}

#[test]
fn a_hub_that_has_no_such_model_is_named() {
    let twin = Twin::new(&LOGBOOK[..1]);
    let hub = Server::new([status(401, &json!({"error": "Invalid username or password."}))]);
    let mut command = twin.command(&["models", "pull", "hf:a/nothing"]);
    command.env("HF_ENDPOINT", hub.server.uri());
    assert_snapshot!(twin.transcript(&command.output().unwrap()), @"
    exit 2
    ── stderr
    error: 127.0.0.1 shows no model hf:a/nothing (401)

    hint: look at its name and revision; for a model that is not for everyone, accept its terms there and set HF_TOKEN to your token
    ");
    assert_snapshot!(twin.run(&["models", "pull", "hf:a/b/c"]), @"
    exit 2
    ── stderr
    error: hf:a/b/c names no model of the hub

    hint: write hf:OWNER/NAME, such as hf:intfloat/multilingual-e5-base, perhaps with a revision behind it: hf:OWNER/NAME@v1.0
    ");
}
