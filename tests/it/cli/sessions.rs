//! `twin chat` with its commands, and `twin sessions`.

use std::fs;

use insta::assert_snapshot;

use super::{LOGBOOK, Twin};

#[test]
fn a_line_that_begins_with_a_slash_is_a_command() {
    let twin = Twin::ingested(&LOGBOOK);
    let lines = "/sources\n/year 2022\nwhat did I learn?\n/sources\n/explain\n/clear\n/from 2023-01-01\n\
                 /sing\n/to 2023-02-30\n/quit\nwhat did I do?\n";
    assert_snapshot!(twin.run_with(lines, &["chat"]), @r#"
    exit 0
    ── stdout
    1. **Beans** (14 May 2022): I learned to ask who owns a thing before I build it. [1]
    2. **Vélo** (2 September 2022): J'ai appris à réparer une chambre à air : il faut trouver la fuite dans l'eau, puis poncer avant de coller. [2]

    Covers 2 entries, 14 May 2022 to 2 September 2022.

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    [1] daily/2022-05-14.md:10  2022-05-14  Beans
    [2] daily/2022-09-02.md:3   2022-09-02  Vélo
    [1] daily/2022-05-14.md:4  2022-05-14  Beans
        # Beans

        Planted beans and tomatoes with Lena. The soil is heavy clay.

        ## Work

        The release slipped because nobody owned the migration. I learned to ask who owns a thing before I build it.
    [2] daily/2022-09-02.md:1  2022-09-02  Vélo
        # Vélo

        J'ai appris à réparer une chambre à air : il faut trouver la fuite dans l'eau, puis poncer avant de coller.
    ── stderr
    error: nothing was asked yet
    asking about 2022
    2022 · recap
    1 entry without a date is in no period.
    2022 · recap
    period: "--year 2022" → 2022, a flag
    intent: "learn" → recap
    ignored: "what did I"
    daily/2022-05-14.md:4  2022-05-14  Beans
        score 0.000: words 0.00, meaning 0.000, share of the words 0%, of the title 0%, period 0%
        # Beans

        Planted beans and tomatoes with Lena. The soil is heavy clay.

        ## Work

        The release slipped because nobody owned the migration. I learned to ask who owns a thing before I build it.

    daily/2022-09-02.md:1  2022-09-02  Vélo
        score 0.000: words 0.00, meaning 0.000, share of the words 0%, of the title 0%, period 0%
        # Vélo

        J'ai appris à réparer une chambre à air : il faut trouver la fuite dans l'eau, puis poncer avant de coller.

    asking about any time
    asking about 2023-01-01..
    error: there is no /sing

    hint: `/help` lists what is
    error: there is no such day

    hint: that month has 28 days
    "#);
    assert_snapshot!(twin.run_with("/help\n", &["chat"]), @"
    exit 0
    ── stderr
    /help           list what can be typed
    /explain        how the last question was understood, and why its passages were found
    /sources        the passages that the last answer cites
    /year YEAR…     ask about these years from now on
    /from DATE      ask about what comes from this day on
    /to DATE        ask about what comes up to this day
    /clear          ask about any time again
    /save FILE.md   write the conversation so far to a new file
    /quit           end, as does Ctrl-D
    ");
}

#[test]
fn a_conversation_is_saved_to_a_new_file() {
    let twin = Twin::ingested(&LOGBOOK);
    let lines =
        "/save talk.md\nwhat did I do in 2021?\n/save talk.md\nand in 2019?\n/save talk.md\n";
    let printed = twin.run_with(lines, &["chat", "--quiet"]);
    assert_snapshot!(printed.split_once("── stderr\n").unwrap().1, @"error: nothing was asked yet");
    assert_snapshot!(fs::read_to_string(twin.home().join("talk.md")).unwrap(), @"
    ## what did I do in 2021?

    _2024-06-15_

    1. **A loaf** (8 March 2021): Learned to bake sourdough: the starter wants 24 degrees and a night of rest. [1]

    Covers 1 entry, 8 March 2021.

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    - [1] 2021-03-08 · A loaf · `daily/2021-03-08.md:3`

    > 1 entry without a date is in no period.

    ## and in 2019?

    _2024-06-15_

    Nothing about 2019: the logbook covers 2021-03-08 to 2023-11-24.

    Nearest entries:
    - 8 March 2021 · A loaf · `daily/2021-03-08.md:1`

    > 1 entry without a date is in no period.
    ");
    let printed = twin.run_with("what did I do in 2021?\n/save talk.md\n", &["chat", "--quiet"]);
    assert_snapshot!(printed.split_once("── stderr\n").unwrap().1, @"
    error: talk.md is there already

    hint: name a new file
    ");
}

#[test]
fn a_conversation_with_a_name_is_gone_on_with() {
    let twin = Twin::ingested(&LOGBOOK);
    assert_snapshot!(twin.run(&["sessions", "list"]), @"
    exit 0
    ── stderr
    no conversation yet
    ");
    twin.run_with("what did I do in 2021?\n", &["chat", "--session", "garden"]);
    twin.run_with("what did I learn in 2022?\n", &["chat"]);
    let printed = twin.run_with("and in 2019?\n", &["chat", "--session", "garden"]);
    assert_snapshot!(printed.split_once("── stderr\n").unwrap().1, @"
    2019 · recap
    1 entry without a date is in no period.
    ");
    assert_snapshot!(twin.run(&["sessions", "list"]), @"
    exit 0
    ── stdout
    garden  2024-06-15  2 questions
    last    2024-06-15  1 question
    ");
    assert_snapshot!(twin.run(&["sessions", "list", "--json"]), @r#"
    exit 0
    ── stdout
    {
      "sessions": [
        {
          "name": "garden",
          "questions": 2,
          "day": "2024-06-15"
        },
        {
          "name": "last",
          "questions": 1,
          "day": "2024-06-15"
        }
      ],
      "schema": "logtwin/sessions/1"
    }
    "#);
    assert_snapshot!(twin.run(&["sessions", "export", "garden"]), @"
    exit 0
    ── stdout
    # garden

    ## what did I do in 2021?

    _2024-06-15_

    1. **A loaf** (8 March 2021): Learned to bake sourdough: the starter wants 24 degrees and a night of rest. [1]

    Covers 1 entry, 8 March 2021.

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    - [1] 2021-03-08 · A loaf · `daily/2021-03-08.md:3`

    > 1 entry without a date is in no period.

    ## and in 2019?

    _2024-06-15_

    Nothing about 2019: the logbook covers 2021-03-08 to 2023-11-24.

    Nearest entries:
    - 8 March 2021 · A loaf · `daily/2021-03-08.md:1`

    > 1 entry without a date is in no period.
    ");
    assert_snapshot!(twin.run(&["sessions", "show", "last", "--json"]), @r#"
    exit 0
    ── stdout
    {
      "name": "last",
      "turns": [
        {
          "question": "what did I learn in 2022?",
          "understood": "2022 · recap",
          "day": "2024-06-15",
          "answer": "1. **Beans** (14 May 2022): I learned to ask who owns a thing before I build it. [1]\n2. **Vélo** (2 September 2022): J'ai appris à réparer une chambre à air : il faut trouver la fuite dans l'eau, puis poncer avant de coller. [2]\n\nCovers 2 entries, 14 May 2022 to 2 September 2022.\n\n_Extracted from your notes without a language model: the sentences are yours, word for word._\n\n- [1] 2022-05-14 · Beans · `daily/2022-05-14.md:10`\n- [2] 2022-09-02 · Vélo · `daily/2022-09-02.md:3`\n\n> 1 entry without a date is in no period.\n"
        }
      ],
      "schema": "logtwin/session/1"
    }
    "#);
    assert_snapshot!(twin.run(&["sessions", "delete", "garden"]), @"
    exit 0
    ── stderr
    1 conversation deleted
    ");
    assert_snapshot!(twin.run(&["sessions", "show", "garden"]), @"
    exit 2
    ── stderr
    error: no conversation is called garden

    hint: `twin sessions list` shows those that there are
    ");
    assert_snapshot!(twin.run(&["sessions", "delete", "--all"]), @"
    exit 0
    ── stderr
    1 conversation deleted
    ");
    assert_snapshot!(twin.run(&["chat", "--session", " "]), @"
    exit 2
    ── stderr
    error: --session  : this is no name

    hint: name it with a word or two
    ");
}
