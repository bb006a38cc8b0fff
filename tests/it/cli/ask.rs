//! `twin ask` and `twin chat` without a language model.

use std::fs;

use insta::assert_snapshot;

use super::{LOGBOOK, Twin};

#[test]
fn a_year_is_answered_with_its_sources() {
    let twin = Twin::ingested(&LOGBOOK);
    assert_snapshot!(twin.run(&["ask", "what did I learn in 2022?"]), @"
    exit 0
    ── stdout
    1. **Beans** (14 May 2022): I learned to ask who owns a thing before I build it. [1]
    2. **Vélo** (2 September 2022): J'ai appris à réparer une chambre à air : il faut trouver la fuite dans l'eau, puis poncer avant de coller. [2]

    Covers 2 entries, 14 May 2022 to 2 September 2022.

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    [1] daily/2022-05-14.md:10  2022-05-14  Beans
    [2] daily/2022-09-02.md:3   2022-09-02  Vélo
    ── stderr
    2022 · recap
    1 entry without a date is in no period.
    ");
}

#[test]
fn a_fact_is_answered_with_its_source() {
    let twin = Twin::ingested(&LOGBOOK);
    assert_snapshot!(twin.run(&["ask", "who did I plant beans with?"]), @r#"
    exit 0
    ── stdout
    - 14 May 2022: Planted beans and tomatoes with Lena. [1]

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    [1] daily/2022-05-14.md:6  2022-05-14  Beans
    ── stderr
    any time · lookup · "plant beans"
    "#);
}

#[test]
fn a_question_in_french_is_answered_in_french() {
    let twin = Twin::ingested(&LOGBOOK);
    assert_snapshot!(twin.run(&["ask", "qu'est-ce que j'ai appris en 2022 ?"]), @"
    exit 0
    ── stdout
    1. **Beans** (14 mai 2022) : I learned to ask who owns a thing before I build it. [1]
    2. **Vélo** (2 septembre 2022) : J'ai appris à réparer une chambre à air : il faut trouver la fuite dans l'eau, puis poncer avant de coller. [2]

    Couvre 2 entrées, 14 mai 2022 au 2 septembre 2022.

    _Extrait de vos notes sans modèle de langage : les phrases sont les vôtres, mot pour mot._

    [1] daily/2022-05-14.md:10  2022-05-14  Beans
    [2] daily/2022-09-02.md:3   2022-09-02  Vélo
    ── stderr
    2022 · recap
    1 entrée sans date n’est dans aucune période.
    ");
    assert_snapshot!(twin.run(&["ask", "qu'ai-je fait en 2019 ?"]), @"
    exit 4
    ── stdout
    Rien sur 2019 : le journal couvre du 2021-03-08 au 2023-11-24.

    Entrées les plus proches :
    - 8 mars 2021 · A loaf · `daily/2021-03-08.md:1`
    ── stderr
    2019 · recap
    1 entrée sans date n’est dans aucune période.
    ");
}

#[test]
fn a_year_with_nothing_says_what_is_covered_and_what_is_nearest() {
    let twin = Twin::ingested(&LOGBOOK);
    assert_snapshot!(twin.run(&["ask", "what did I do in 2019?"]), @"
    exit 4
    ── stdout
    Nothing about 2019: the logbook covers 2021-03-08 to 2023-11-24.

    Nearest entries:
    - 8 March 2021 · A loaf · `daily/2021-03-08.md:1`
    ── stderr
    2019 · recap
    1 entry without a date is in no period.
    ");
}

#[test]
fn a_topic_that_is_not_there_is_said_not_to_be() {
    let twin = Twin::ingested(&LOGBOOK);
    assert_snapshot!(twin.run(&["ask", "what did I write about Napoleon?"]), @r#"
    exit 4
    ── stdout
    Nothing on "Napoleon". None of 6 entries speaks of it. The logbook covers 2021-03-08 to 2023-11-24.
    ── stderr
    any time · lookup · "Napoleon"
    "#);
    assert_snapshot!(twin.run(&["ask", "when did I bake sourdough in 2022?"]), @r#"
    exit 4
    ── stdout
    Nothing on "bake sourdough". None of 2 entries speaks of it. The logbook covers 2021-03-08 to 2023-11-24.

    Nearest entries:
    - 8 March 2021 · A loaf · `daily/2021-03-08.md:1`
    ── stderr
    2022 · when · "bake sourdough"
    "#);
}

#[test]
fn a_slip_of_the_keyboard_is_repaired_and_told() {
    let twin = Twin::ingested(&LOGBOOK);
    assert_snapshot!(twin.run(&["ask", "when did I bake sourdouhg?"]), @r#"
    exit 0
    ── stdout
    **8 March 2021**: Learned to bake sourdough: the starter wants 24 degrees and a night of rest. [1]

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    [1] daily/2021-03-08.md:3  2021-03-08  A loaf
    ── stderr
    any time · when · "bake sourdouhg"
    “sourdouhg” is in no note; it was read as “sourdough”.
    "#);
    // What is all of the topic may be what the logbook does not speak of.
    assert_snapshot!(twin.run(&["ask", "what did I learn about sourdouhg?"]), @r#"
    exit 4
    ── stdout
    Nothing on "sourdouhg". None of 6 entries speaks of it. The logbook covers 2021-03-08 to 2023-11-24.
    ── stderr
    any time · lookup · "sourdouhg"
    "#);
}

#[test]
fn a_word_that_every_entry_has_is_there() {
    let twin = Twin::ingested(&LOGBOOK[..1]);
    assert_snapshot!(twin.run(&["ask", "when did I bake sourdough?"]), @r#"
    exit 0
    ── stdout
    **8 March 2021**: Learned to bake sourdough: the starter wants 24 degrees and a night of rest. [1]

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    [1] daily/2021-03-08.md:3  2021-03-08  A loaf
    ── stderr
    any time · when · "bake sourdough"
    "#);
    assert_snapshot!(twin.run(&["ask", "when did I bake cakes?"]), @r#"
    exit 0
    ── stdout
    **8 March 2021**: Learned to bake sourdough: the starter wants 24 degrees and a night of rest. [1]

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    [1] daily/2021-03-08.md:3  2021-03-08  A loaf
    ── stderr
    any time · when · "bake cakes"
    "#);
}

#[test]
fn a_question_is_taken_on_from_the_one_before() {
    let twin = Twin::ingested(&LOGBOOK);
    twin.run(&["ask", "what did I learn in 2022?"]);
    assert_snapshot!(twin.run(&["ask", "--continue", "and in 2023?"]), @"
    exit 0
    ── stdout
    1. **11 February 2023**: The moon pulls twice a day. [1]
    2. **24 November 2023**: Closed the garden for the winter and mulched the beds with leaves. [2]

    Covers 2 entries, 11 February 2023 to 24 November 2023.

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    [1] log.md:5  2023-02-11  Log
    [2] log.md:9  2023-11-24  Log
    ── stderr
    2023 · recap
    1 entry without a date is in no period.
    ");
}

#[test]
fn chat_takes_each_line_on_from_the_one_before() {
    let twin = Twin::ingested(&LOGBOOK);
    assert_snapshot!(twin.run_with("what did I do in 2021?\n\n?\nand in 2019?\n", &["chat"]), @"
    exit 0
    ── stdout
    1. **A loaf** (8 March 2021): Learned to bake sourdough: the starter wants 24 degrees and a night of rest. [1]

    Covers 1 entry, 8 March 2021.

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    [1] daily/2021-03-08.md:3  2021-03-08  A loaf

    Nothing about 2019: the logbook covers 2021-03-08 to 2023-11-24.

    Nearest entries:
    - 8 March 2021 · A loaf · `daily/2021-03-08.md:1`
    ── stderr
    2021 · recap
    1 entry without a date is in no period.
    2019 · recap
    1 entry without a date is in no period.
    ");
}

#[test]
fn a_question_is_read_from_standard_input() {
    let twin = Twin::ingested(&LOGBOOK);
    assert_snapshot!(twin.run_with("what did I do\nin 2021?\n", &["ask", "-"]), @"
    exit 0
    ── stdout
    1. **A loaf** (8 March 2021): Learned to bake sourdough: the starter wants 24 degrees and a night of rest. [1]

    Covers 1 entry, 8 March 2021.

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    [1] daily/2021-03-08.md:3  2021-03-08  A loaf
    ── stderr
    2021 · recap
    1 entry without a date is in no period.
    ");
    assert_snapshot!(twin.run_with("", &["ask", "-"]), @r#"
    exit 2
    ── stderr
    error: the question has no words

    hint: ask something: `twin ask "what did I learn last year?"`
    "#);
}

#[test]
fn a_question_without_words_is_refused() {
    let twin = Twin::ingested(&LOGBOOK);
    assert_snapshot!(twin.run(&["ask", "?!"]), @r#"
    exit 2
    ── stderr
    error: the question has no words

    hint: ask something: `twin ask "what did I learn last year?"`
    "#);
    assert_snapshot!(twin.run(&["ask"]), @"
    exit 2
    ── stderr
    error: the following required arguments were not provided:
      <QUESTION>...

    Usage: twin ask <QUESTION>...

    For more information, try '--help'.
    ");
}

#[test]
fn without_an_index_the_way_to_one_is_told() {
    let twin = Twin::new(&LOGBOOK);
    assert_snapshot!(twin.run(&["ask", "what did I learn?"]), @"
    exit 10
    ── stderr
    error: no index yet

    hint: make one with `twin ingest FOLDER`
    ");
}

#[test]
fn flags_narrow_a_question_down() {
    let twin = Twin::ingested(&LOGBOOK);
    assert_snapshot!(twin.run(&["ask", "what did I do?", "--tag", "garden"]), @"
    exit 0
    ── stdout
    1. **Beans** (14 May 2022): I learned to ask who owns a thing before I build it. [1]

    Covers 1 entry, 14 May 2022.

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    [1] daily/2022-05-14.md:10  2022-05-14  Beans
    ── stderr
    any time · recap
    ");
    assert_snapshot!(twin.run(&["ask", "what did I do?", "--from", "2023-06-01"]), @"
    exit 0
    ── stdout
    1. **24 November 2023**: Closed the garden for the winter and mulched the beds with leaves. [1]

    Covers 1 entry, 24 November 2023.

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    [1] log.md:9  2023-11-24  Log
    ── stderr
    2023-06-01.. · recap
    1 entry without a date is in no period.
    ");
    assert_snapshot!(twin.run(&["ask", "what did I do?", "--from", "2023-06-01", "--to", "2023-01-01"]), @"
    exit 2
    ── stderr
    error: --from 2023-06-01 lies after --to

    hint: name the earlier day with --from; the day of --to is included
    ");
    assert_snapshot!(twin.run(&["ask", "what did I do?", "--year", "twenty"]), @"
    exit 2
    ── stderr
    error: --year twenty: this is no year that a logbook covers

    hint: write it in full, such as 2022
    ");
}

#[test]
fn a_day_that_is_none_is_refused_in_plain_words() {
    let twin = Twin::new(&[]);
    assert_snapshot!(twin.run(&["ask", "what did I do?", "--from", "2022-13-01"]), @"
    exit 2
    ── stderr
    error: --from 2022-13-01: there is no such day

    hint: the months are 01 to 12
    ");
}

#[test]
fn a_source_that_has_changed_since_is_said_to_have() {
    let twin = Twin::ingested(&LOGBOOK);
    twin.write("daily/2021-03-08.md", "# A loaf\n\nBought bread.\n");
    assert_snapshot!(twin.run(&["ask", "what did I do in 2021?"]), @"
    exit 4
    ── stdout
    The index is older than the notes that would answer this; `twin ingest` reads them again:
    - `daily/2021-03-08.md` says something else by now
    ── stderr
    2021 · recap
    1 entry without a date is in no period.
    ");
    fs::remove_file(twin.note("daily/2021-03-08.md")).unwrap();
    assert_snapshot!(twin.run(&["ask", "what did I do in 2021?"]), @"
    exit 4
    ── stdout
    The index is older than the notes that would answer this; `twin ingest` reads them again:
    - `daily/2021-03-08.md` is gone
    ── stderr
    2021 · recap
    1 entry without a date is in no period.
    ");
}

/// Faults 42 and 126: marks that turn the direction of text around; escapes of a terminal from
/// anywhere.
#[test]
fn escapes_in_a_note_are_shown_and_not_obeyed() {
    let twin = Twin::ingested(&[(
        "2022-01-01.md",
        "Learned that \u{1b}]0;owned\u{7}titles and \u{202e}directions lie.\n",
    )]);
    assert_snapshot!(twin.run(&["ask", "what did I learn in 2022?"]), @r"
    exit 0
    ── stdout
    1. **1 January 2022**: Learned that \u{1b}]0;owned\u{7}titles and \u{202e}directions lie. [1]

    Covers 1 entry, 1 January 2022.

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    [1] 2022-01-01.md:1  2022-01-01
    ── stderr
    2022 · recap
    ");
    assert_snapshot!(twin.run(&["search", "titles"]), @r#"
    exit 0
    ── stdout
    2022-01-01.md:1  2022-01-01  2022-01-01
        Learned that \u{1b}]0;owned\u{7}titles and \u{202e}directions lie.
    ── stderr
    any time · lookup · "titles"
    "#);
}
