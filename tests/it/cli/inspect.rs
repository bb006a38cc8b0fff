//! `twin status`, `doctor`, `config`, `models` and `completions`: what the program says of itself.

use std::fs;

use insta::assert_snapshot;

use super::{LOGBOOK, Twin};

#[test]
fn status_says_what_is_indexed() {
    let twin = Twin::ingested(&LOGBOOK);
    assert_snapshot!(twin.run(&["status"]), @"
    exit 0
    ── stdout
    logbook   notes at [HOME]/notes
    notes     5
    entries   6, 1 undated
    covers    2021-03-08 to 2023-11-24
    dated by  file name 3, heading 2
    model     none
    index     [HOME]/data/logtwin/collections/logbook
    size      [SIZE]

          JFMAMJJASOND
     2021 ··█·········     1
     2022 ····█···█···     2
     2023 ·█········█·     2
    ");
}

#[test]
fn without_an_index_there_is_no_status() {
    assert_snapshot!(Twin::new(&[]).run(&["status"]), @"
    exit 10
    ── stderr
    error: no index yet

    hint: make one with `twin ingest FOLDER`
    ");
}

#[test]
fn the_doctor_finds_everything_well() {
    let twin = Twin::ingested(&LOGBOOK);
    assert_snapshot!(twin.run(&["doctor"]), @"
    exit 0
    ── stdout
    ok   settings   the defaults
    ok   folder     [HOME]/data/logtwin/collections/logbook can be written
    ok   model      none: search by words alone
    ok   logbook    [HOME]/notes
    ok   index      7 chunks, [HOME]/data/logtwin/collections/logbook
    ok   privacy    nothing goes to another machine
    ok   answers    extracts, without a language model
    ");
}

#[test]
fn the_doctor_names_what_is_missing_and_its_remedy() {
    let twin = Twin::new(&LOGBOOK);
    assert_snapshot!(twin.run(&["doctor"]), @"
    exit 1
    ── stdout
    ok   settings   the defaults
    ok   folder     [HOME]/data/logtwin/collections/logbook can be written
    ok   model      none: search by words alone
    FAIL logbook    no index yet
                    hint: make one with `twin ingest FOLDER`
    FAIL index      no index yet
                    hint: make one with `twin ingest FOLDER`
    ok   privacy    nothing goes to another machine
    ok   answers    extracts, without a language model
    ");
    twin.run(&["ingest", "notes"]);
    fs::rename(twin.home().join("notes"), twin.home().join("moved")).unwrap();
    assert_snapshot!(twin.run(&["doctor"]), @"
    exit 1
    ── stdout
    ok   settings   the defaults
    ok   folder     [HOME]/data/logtwin/collections/logbook can be written
    ok   model      none: search by words alone
    FAIL logbook    [HOME]/notes is not there
                    hint: mount it, or name the folder again: `twin ingest FOLDER`
    ok   index      7 chunks, [HOME]/data/logtwin/collections/logbook
    ok   privacy    nothing goes to another machine
    ok   answers    extracts, without a language model
    ");
}

#[test]
fn the_doctor_names_broken_settings_and_goes_on() {
    let twin = Twin::ingested(&LOGBOOK);
    fs::write(twin.home().join("twin.toml"), "[answer\n").unwrap();
    assert_snapshot!(twin.run(&["doctor"]), @"
    exit 1
    ── stdout
    FAIL settings   [HOME]/twin.toml:1: unclosed table, expected `]`
                    hint: the file is TOML: [section] on a line, then key = value on lines of their own
    ok   folder     [HOME]/data/logtwin/collections/logbook can be written
    ok   model      none: search by words alone
    ok   logbook    [HOME]/notes
    ok   index      7 chunks, [HOME]/data/logtwin/collections/logbook
    ok   privacy    nothing goes to another machine
    ok   answers    extracts, without a language model
    ");
    fs::remove_file(twin.home().join("twin.toml")).unwrap();
    let twin = twin.with("llm.temperature=9");
    let printed = twin.run(&["doctor"]);
    assert!(
        printed.starts_with("exit 1\n── stdout\nFAIL settings   flag: `llm.temperature`"),
        "{printed}"
    );
}

#[test]
fn settings_are_shown_with_where_they_come_from() {
    let twin = Twin::new(&[]).with("llm.temperature=0.7");
    fs::write(twin.home().join("twin.toml"), "[answer]\nlanguage = \"fr\"\n").unwrap();
    let printed = twin.run(&["config", "show"]);
    let changed: Vec<&str> = printed.lines().filter(|line| !line.ends_with("# default")).collect();
    assert_snapshot!(changed.join("\n"), @r#"
    exit 0
    ── stdout
    embedding.model = "none"                         # flag
    llm.provider = "none"                            # flag
    llm.temperature = 0.7                            # flag
    answer.language = "fr"                           # [HOME]/twin.toml:2
    "#);
    assert!(printed.contains("qdrant.collection = \"logbook\""), "{printed}");
}

#[test]
fn a_setting_that_there_is_not_is_refused() {
    let twin = Twin::new(&[]);
    assert_snapshot!(twin.run(&["status", "--set", "llm.modle=x"]), @"
    exit 2
    ── stderr
    error: flag: there is no setting `llm.modle`

    hint: did you mean `llm.model`?
    ");
    assert_snapshot!(twin.run(&["status", "--set", "llm.model"]), @"
    exit 2
    ── stderr
    error: `llm.model` sets nothing

    hint: write it as section.key=value, such as llm.temperature=0.5
    ");
    fs::write(twin.home().join("twin.toml"), "[answer]\nlanguage = \"de\"\n").unwrap();
    assert_snapshot!(twin.run(&["status"]), @r#"
    exit 2
    ── stderr
    error: [HOME]/twin.toml:2: `answer.language`: unknown variant `de`, expected `en` or `fr` or "auto"

    hint: the default is answer.language = "auto"
    "#);
    fs::write(twin.home().join("twin.toml"), "[answer\n").unwrap();
    assert_snapshot!(twin.run(&["status"]), @"
    exit 2
    ── stderr
    error: [HOME]/twin.toml:1: unclosed table, expected `]`

    hint: the file is TOML: [section] on a line, then key = value on lines of their own
    ");
}

#[test]
fn the_places_of_everything_are_shown() {
    let twin = Twin::new(&[]);
    assert_snapshot!(twin.run(&["config", "path"]), @"
    exit 0
    ── stdout
    index      [HOME]/data/logtwin/collections/logbook
    models     [HOME]/cache/logtwin/models
    settings   [HOME]/config/logtwin/config.toml
    ");
    assert_snapshot!(twin.run(&["config", "path", "--json"]), @r#"
    exit 0
    ── stdout
    {
      "index": "[HOME]/data/logtwin/collections/logbook",
      "models": "[HOME]/cache/logtwin/models",
      "settings": "[HOME]/config/logtwin/config.toml",
      "schema": "logtwin/paths/1"
    }
    "#);
}

#[cfg(feature = "local-embed")]
#[test]
fn the_models_are_listed_with_what_they_weigh() {
    let twin = Twin::new(&[]);
    assert_snapshot!(twin.run(&["models", "list"]), @"
    exit 0
    ── stdout
    use-multilingual    512 dimensions  Apache-2.0     32 MB to fetch  not here
    e5-small            384 dimensions  MIT            91 MB to fetch  not here
    ");
    assert_snapshot!(twin.run(&["models", "path", "use-multilingual"]), @"
    exit 0
    ── stdout
    [HOME]/cache/logtwin/models/use-multilingual/model.bin
    ");
    assert_snapshot!(twin.run(&["models", "path", "use-multilingual", "--json"]), @r#"
    exit 0
    ── stdout
    {
      "name": "use-multilingual",
      "path": "[HOME]/cache/logtwin/models/use-multilingual/model.bin",
      "schema": "logtwin/model-path/1"
    }
    "#);
    assert_snapshot!(twin.run(&["models", "path", "bert"]), @"
    exit 2
    ── stderr
    error: no model is called bert

    hint: the models are use-multilingual, e5-small; any other is a folder, dir:PATH, or one of the hub, hf:OWNER/NAME
    ");
    assert_snapshot!(twin.run(&["models", "path"]), @"
    exit 2
    ── stderr
    error: embedding.model is none, which is kept nowhere

    hint: name a model: use-multilingual, e5-small
    ");
}

#[test]
fn the_demo_prints_json_and_nothing_else_when_told_to() {
    let twin = Twin::new(&LOGBOOK);
    let printed = twin.run(&["demo", "--json", "--corpus", "notes"]);
    let (_, printed) = printed.split_once("── stdout\n").unwrap();
    let (json, said) = printed.split_once("── stderr\n").unwrap();
    let values = serde_json::Deserializer::from_str(json).into_iter::<serde_json::Value>();
    let schemas: Vec<String> =
        values.map(|value| value.unwrap()["schema"].as_str().unwrap().to_owned()).collect();
    let answers = ["logtwin/answer/1"; 5];
    let expected = [&["logtwin/ingest/1"][..], &answers, &["logtwin/recap/1"]].concat();
    assert_eq!(schemas, expected);
    assert!(said.contains("$ twin ask --continue \"and in 2022?\""), "{said}");
}

/// Fault 87: another model of the same dimension.
#[cfg(feature = "local-embed")]
#[test]
fn a_model_that_the_index_was_not_made_with_is_not_fetched() {
    let twin = Twin::ingested(&LOGBOOK[..1]).with("embedding.model=e5-small");
    assert_snapshot!(twin.run(&["ask", "what did I learn?"]), @"
    exit 12
    ── stderr
    error: the index was made with none and markdown 160-480, not with multilingual-e5-small-q4 and markdown 160-480

    hint: make it anew with `twin ingest --rebuild`; texts embedded before are not embedded again
    ");
    assert_snapshot!(twin.run(&["ingest"]), @"
    exit 12
    ── stderr
    error: the index was made with none and markdown 160-480, not with multilingual-e5-small-q4 and markdown 160-480

    hint: make it anew with `twin ingest --rebuild`; texts embedded before are not embedded again
    ");
    assert!(!twin.home().join("cache").exists());
}

#[test]
fn each_shell_has_its_completions() {
    let twin = Twin::new(&[]);
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let printed = twin.run(&["completions", shell]);
        assert!(printed.starts_with("exit 0\n── stdout\n"), "{printed}");
        assert!(printed.contains("recap") && printed.contains("allow-mass-delete"), "{shell}");
    }
    let printed = twin.run(&["completions", "bash", "--json"]);
    let (_, json) = printed.split_once("── stdout\n").unwrap();
    let json: serde_json::Value = serde_json::from_str(json).unwrap();
    assert_eq!(
        (&json["shell"], &json["schema"]),
        (&"bash".into(), &"logtwin/completions/1".into())
    );
    assert!(json["script"].as_str().unwrap().contains("allow-mass-delete"));
    assert_snapshot!(twin.run(&["completions", "cmd"]), @"
    exit 2
    ── stderr
    error: invalid value 'cmd' for '<SHELL>'
      [possible values: bash, elvish, fish, powershell, zsh]

    For more information, try '--help'.
    ");
}

#[test]
fn help_begins_with_what_it_is() {
    let twin = Twin::new(&[]);
    assert_snapshot!(twin.run(&["--help"]), @"
    exit 0
    ── stdout
    A digital twin over your logbook: ask your own dated notes, by year, with citations

    Usage: twin [OPTIONS] <COMMAND>

    Commands:
      ingest       Read folders of notes into the index; run again, it only touches what changed
      rebuild      Make the index anew beside the one that answers meanwhile, as `ingest --rebuild` does
      ask          Ask a question
      chat         Ask question after question
      sessions     Show, export or delete the conversations that were kept
      recap        Give an account of a whole period
      search       Find passages
      status       Show what is indexed
      dates        Show what dates each entry of a note, or of the whole logbook in numbers
      doctor       Check each part, with remedies
      check        Hold the index against the notes and against what was written, and repair it
      purge        Forget a note for good, in every file
      export       Write the index with its vectors as JSON lines
      import       Read what `export` wrote, without embedding it again
      push         Move the index to the Qdrant server of the settings, without embedding it again
      config       Show the settings, and where each comes from
      keys         Keep the keys of providers in the system's keyring
      models       Manage the embedding models on this machine
      demo         See it on the logbook that comes with it
      eval         Measure retrieval on questions with known answers
      completions  Print a completion script
      help         Print this message or the help of the given subcommand(s)

    Options:
      -h, --help
              Print help (see a summary with '-h')

      -V, --version
              Print version

    Common:
          --set <KEY=VALUE>
              Set a setting for this run, as section.key=value

          --json
              Print JSON

      -q, --quiet
              Print nothing but the result and errors

          --offline
              Make no connection at all, not even to this machine

          --color <COLOR>
              When to colour; else the setting output.color decides

              Possible values:
              - auto:   On a terminal, unless `NO_COLOR` is set
              - always: Always
              - never:  Never

          --now <DATE>
              The day that counts as today

    Examples:
      twin demo                                    see it on a logbook that comes with it
      twin ingest ~/notes                          read your own
      twin ask 'what did I learn in 2022?'         ask
      twin ask --continue 'and in 2023?'           ask on
      twin recap 2022 --format md > 2022.md        an account of a year
      twin search sourdough --year 2021            find passages
      twin dates notes/2022-03.md:40               see what dates an entry

    Exit codes: 0 done, 1 failed, 2 usage, 3 done in part, 4 the logbook does not say,
    10 no index yet, 11 locked, 12 index of another model, 13 unreachable, 14 over budget.
    ");
    assert_snapshot!(twin.run(&["aks"]), @"
    exit 2
    ── stderr
    error: unrecognized subcommand 'aks'

      tip: a similar subcommand exists: 'keys'

    Usage: twin [OPTIONS] <COMMAND>

    For more information, try '--help'.
    ");
}
