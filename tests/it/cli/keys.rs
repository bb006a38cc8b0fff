//! `twin keys`, with a program in the place of the keyring's own that keeps keys in files.

use std::{fs, os::unix::fs::PermissionsExt as _};

use insta::assert_snapshot;
use logtwin::backends::chat::Provider;

use super::{LOGBOOK, Twin};
use crate::servers::{KEY, Server, events, stream};

/// Does what secret-tool(1) does, with a file for each variable beside it.
const SECRET_TOOL: &str = r#"#!/bin/sh
folder="$(dirname "$0")/kept"
mkdir -p "$folder"
for variable; do :; done
case "$1" in
    store) cat > "$folder/$variable" ;;
    lookup) cat "$folder/$variable" ;;
    clear) rm "$folder/$variable" ;;
esac
"#;

/// A user whose system has a keyring.
fn twin() -> Twin {
    let twin = Twin::ingested(&LOGBOOK);
    let bin = twin.home().join("bin");
    fs::create_dir(&bin).unwrap();
    let program = bin.join("secret-tool");
    fs::write(&program, SECRET_TOOL).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    twin
}

fn run(twin: &Twin, input: &str, arguments: &[&str]) -> String {
    let mut command = twin.command(arguments);
    command.env("PATH", format!("{}:/usr/bin:/bin", twin.home().join("bin").display()));
    let mut command = assert_cmd::Command::from_std(command);
    twin.transcript(&command.write_stdin(input).output().unwrap())
}

#[test]
fn a_key_is_kept_used_and_forgotten() {
    let twin = twin();
    assert_snapshot!(run(&twin, "", &["keys", "list"]), @"
    exit 0
    ── stderr
    no key is known; `twin keys set PROVIDER` keeps one
    ");
    assert_snapshot!(run(&twin, &format!("{KEY}\n"), &["keys", "set", "groq"]), @"
    exit 0
    ── stdout
    GROQ_API_KEY is in the system's keyring
    ");
    assert_snapshot!(run(&twin, "", &["keys", "list"]), @"
    exit 0
    ── stdout
    GROQ_API_KEY             keyring
    ");
    let server = Server::new([stream(&events(Provider::Groq, &["So [1]."], "stop"))]);
    let url = format!("llm.url={}", server.base_url());
    let settings = ["--set", "llm.provider=groq", "--set", &url];
    let named = ["--set", "llm.key_variable=GROQ_API_KEY"];
    let question = ["ask", "what did I learn at work in 2022?"];
    run(&twin, "", &[&settings[..], &named, &question].concat());
    let authorization = server.requests()[0].headers["authorization"].to_str().unwrap().to_owned();
    assert_eq!(authorization, format!("Bearer {KEY}"));

    assert_snapshot!(run(&twin, "", &["keys", "remove", "GROQ_API_KEY"]), @"
    exit 0
    ── stdout
    GROQ_API_KEY is no longer in the system's keyring
    ");
    let left = fs::read_dir(twin.home().join("bin/kept")).unwrap().count();
    assert_eq!(left, 0);
    assert_snapshot!(run(&twin, "", &["keys", "remove", "groq"]), @"
    exit 2
    ── stderr
    error: GROQ_API_KEY was not put into the system's keyring

    hint: `twin keys list` lists what was
    ");
}

#[test]
fn what_is_no_provider_or_no_key_is_refused() {
    let twin = twin();
    assert_snapshot!(run(&twin, KEY, &["keys", "set", "ollama"]), @"
    exit 2
    ── stderr
    error: `ollama` is no provider with a key

    hint: name anthropic, gemini, groq, mistral, openai or openrouter, or the variable, such as QDRANT_API_KEY
    ");
    assert_snapshot!(run(&twin, "\n", &["keys", "set", "groq"]), @"
    exit 2
    ── stderr
    error: this is no key

    hint: copy it again, without line breaks
    ");
}

#[test]
fn a_system_without_a_keyring_says_what_else_there_is() {
    let twin = Twin::new(&[]);
    let mut command = twin.command(&["keys", "set", "groq"]);
    command.env("PATH", twin.home());
    let mut command = assert_cmd::Command::from_std(command);
    let output = command.write_stdin(KEY).output().unwrap();
    assert_snapshot!(twin.transcript(&output), @"
    exit 1
    ── stderr
    error: there is no keyring that can be used

    hint: install `secret-tool` (the package libsecret-tools) and a keyring such as GNOME's, or set GROQ_API_KEY in the environment
    ");
}
