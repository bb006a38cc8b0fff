//! How a question is understood, and what is said where it has no answer.

use insta::assert_snapshot;

use super::Twin;

const NOTES: [(&str, &str); 6] = [
    (
        "work/2022-03-08.md",
        "# Retries\n\nLearned that retries need a cap, or they become the outage.\n",
    ),
    ("work/2022-03-21.md", "# Queues\n\nLearned that a queue needs an owner and a limit.\n"),
    (
        "home/2022-04-02.md",
        "---\ntags: [garden]\n---\n# Beans\n\nPlanted two rows of beans along the warm south wall.\n",
    ),
    ("home/2021-06-15.md", "# The lake\n\nSwam all the way across the lake with Nora.\n"),
    ("home/2023-06-15.md", "# The sea\n\nSwam in the cold sea before breakfast with Nora.\n"),
    ("recipes.md", "# Recipes\n\nSourdough wants a night of rest.\n"),
];

#[test]
fn a_folder_or_a_tag_in_the_question_narrows_it_and_is_kept() {
    let twin = Twin::ingested(&NOTES);
    assert_snapshot!(twin.run(&["ask", "what did I do in my work notes in 2022?"]), @"
    exit 0
    ── stdout
    1. **Retries** (8 March 2022): Learned that retries need a cap, or they become the outage. [1]
    2. **Queues** (21 March 2022): Learned that a queue needs an owner and a limit. [2]

    Covers 2 entries, 8 March 2022 to 21 March 2022.

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    [1] work/2022-03-08.md:3  2022-03-08  Retries
    [2] work/2022-03-21.md:3  2022-03-21  Queues
    ── stderr
    2022, in work · recap
    ");
    assert_snapshot!(twin.run(&["ask", "--continue", "and in March?"]), @"
    exit 0
    ── stdout
    1. **Retries** (8 March 2022): Learned that retries need a cap, or they become the outage. [1]
    2. **Queues** (21 March 2022): Learned that a queue needs an owner and a limit. [2]

    Covers 2 entries, 8 March 2022 to 21 March 2022.

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    [1] work/2022-03-08.md:3  2022-03-08  Retries
    [2] work/2022-03-21.md:3  2022-03-21  Queues
    ── stderr
    2022-03, in work · recap
    ");
    assert_snapshot!(twin.run(&["recap", "2022 in my home notes"]), @"
    exit 0
    ── stdout
    # 2022

    1. **Beans** (2 April 2022): Planted two rows of beans along the warm south wall. [1]

    Covers 1 entry, 2 April 2022.

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    ## Sources

    - [1] 2022-04-02 · Beans · `home/2022-04-02.md:6`

    ## Coverage

    - 1 entry in the period, 1 read
    - nothing was written in January to March 2022 and May to December 2022
    ");
    assert_snapshot!(twin.run(&["ask", "qu'ai-je fait en 2022, tagué #garden ?"]), @"
    exit 0
    ── stdout
    1. **Beans** (2 avril 2022) : Planted two rows of beans along the warm south wall. [1]

    Couvre 1 entrée, 2 avril 2022.

    _Extrait de vos notes sans modèle de langage : les phrases sont les vôtres, mot pour mot._

    [1] home/2022-04-02.md:6  2022-04-02  Beans
    ── stderr
    2022, in garden · recap
    ");
}

#[test]
fn a_part_of_the_logbook_that_is_not_there_or_has_nothing_is_dropped_and_that_is_said() {
    let twin = Twin::ingested(&NOTES);
    assert_snapshot!(twin.run(&["ask", "what did I do in 2021 in my work notes?"]), @"
    exit 0
    ── stdout
    1. **The lake** (15 June 2021): Swam all the way across the lake with Nora. [1]

    Covers 1 entry, 15 June 2021.

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    [1] home/2021-06-15.md:3  2021-06-15  The lake
    ── stderr
    2021, in work · recap
    “work” has nothing on this; all notes were searched.
    1 entry without a date is in no period.
    ");
    assert_snapshot!(twin.run(&["ask", "what did I plant in my beans notes?"]), @r#"
    exit 0
    ── stdout
    - 2 April 2022: Planted two rows of beans along the warm south wall. [1]

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    [1] home/2022-04-02.md:6  2022-04-02  Beans
    ── stderr
    any time, in beans · lookup · "plant"
    No folder or tag is called “beans”; it was searched for as a word instead.
    "#);
    assert_snapshot!(twin.run(&["search", "beans under yoga/"]), @r#"
    exit 0
    ── stdout
    home/2022-04-02.md:4  2022-04-02  Beans
        # Beans

        Planted two rows of beans along the warm south wall.
    ── stderr
    any time · lookup · "beans yoga"
    No folder is called “yoga/”; it was searched for as a word instead.
    "#);
    assert_snapshot!(twin.run(&["recap", "2022 in my yoga notes"]), @"
    exit 2
    ── stderr
    error: no folder and no tag is called yoga

    hint: `twin status` shows what the logbook has; leave the part out for all of it
    ");
}

#[test]
fn what_only_undated_notes_speak_of_is_said_to_be_there() {
    let twin = Twin::ingested(&NOTES);
    assert_snapshot!(twin.run(&["ask", "when did I make sourdough in 2022?"]), @r#"
    exit 4
    ── stdout
    No dated entry of that period speaks of "make sourdough", but undated notes do:
    - `recipes.md:1`
    ── stderr
    2022 · when · "make sourdough"
    "#);
    assert_snapshot!(twin.run(&["ask", "quand ai-je mentionné sourdough en 2022 ?"]), @r#"
    exit 4
    ── stdout
    Aucune entrée datée de cette période ne parle de « sourdough », mais des notes sans date le font :
    - `recipes.md:1`
    ── stderr
    2022 · when · "sourdough"
    "#);
}

#[test]
fn what_is_not_there_is_told_with_the_nearest_that_is() {
    let twin = Twin::ingested(&NOTES);
    assert_snapshot!(twin.run(&["ask", "who swam in the sea or lake with me in 2022?"]), @r#"
    exit 4
    ── stdout
    Nothing on "swam sea lake". None of 3 entries speaks of it. The logbook covers 2021-06-15 to 2023-06-15.

    Nearest entries:
    - 15 June 2021 · The lake · `home/2021-06-15.md:1`
    - 15 June 2023 · The sea · `home/2023-06-15.md:1`
    ── stderr
    2022 · lookup · "swam sea lake"
    "#);
}

#[test]
fn notes_that_are_not_indexed_as_they_are_are_named() {
    let twin = Twin::ingested(&NOTES);
    twin.write("home/2024-02-03.md", "# Snow\n\nBuilt a snowman.\n");
    assert_snapshot!(twin.run(&["ask", "what did I do in 2024?"]), @"
    exit 4
    ── stdout
    The index is older than the notes that would answer this; `twin ingest` reads them again:
    - `home/2024-02-03.md` is not indexed yet
    ── stderr
    2024 · recap
    1 entry without a date is in no period.
    ");
    twin.write("home/2022-04-02.md", "# Beans\n\nDug up the wall and found an amphora.\n");
    assert_snapshot!(twin.run(&["ask", "amphora"]), @r#"
    exit 4
    ── stdout
    The index is older than the notes that would answer this; `twin ingest` reads them again:
    - `home/2022-04-02.md` says something else by now
    ── stderr
    any time · lookup · "amphora"
    "#);
    assert_snapshot!(twin.run(&["ask", "avons-nous un zèbre ?"]), @r#"
    exit 4
    ── stdout
    Rien sur « zèbre ». Parmi 6 entrées, aucune n’en parle. Le journal couvre du 2021-06-15 au 2023-06-15.
    ── stderr
    any time · lookup · "zèbre"
    "#);
}

#[test]
fn this_day_is_told_of_every_year() {
    let twin = Twin::ingested(&NOTES);
    assert_snapshot!(twin.run(&["ask", "what did I do on this day?"]), @"
    exit 0
    ── stdout
    1. **The lake** (15 June 2021): Swam all the way across the lake with Nora. [1]
    2. **The sea** (15 June 2023): Swam in the cold sea before breakfast with Nora. [2]

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    [1] home/2021-06-15.md:3  2021-06-15  The lake
    [2] home/2023-06-15.md:3  2023-06-15  The sea
    ── stderr
    06-15 of every year · on-this-day
    1 entry without a date is in no period.
    ");
}

#[test]
fn the_most_is_counted_by_the_unit_that_is_asked_for() {
    let twin = Twin::ingested(&NOTES);
    assert_snapshot!(twin.run(&["ask", "which month of 2022 has the most notes?"]), @"
    exit 0
    ── stdout
    1. **March 2022**: 2 entries
    2. April 2022: 1 entry

    - **Retries** (8 March 2022): Learned that retries need a cap, or they become the outage. [1]
    - **Queues** (21 March 2022): Learned that a queue needs an owner and a limit. [2]

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    [1] work/2022-03-08.md:3  2022-03-08  Retries
    [2] work/2022-03-21.md:3  2022-03-21  Queues
    ── stderr
    2022 · most
    1 entry without a date is in no period.
    ");
    assert_snapshot!(twin.run(&["ask", "in which year did I write the most?"]), @"
    exit 0
    ── stdout
    1. **2022**: 3 entries
    2. 2021: 1 entry
    3. 2023: 1 entry

    - **Retries** (8 March 2022): Learned that retries need a cap, or they become the outage. [1]
    - **Queues** (21 March 2022): Learned that a queue needs an owner and a limit. [2]
    - **Beans** (2 April 2022): Planted two rows of beans along the warm south wall. [3]

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    [1] work/2022-03-08.md:3  2022-03-08  Retries
    [2] work/2022-03-21.md:3  2022-03-21  Queues
    [3] home/2022-04-02.md:6  2022-04-02  Beans
    ── stderr
    any time · most
    1 entry without a date is in no period.
    ");
}

#[test]
fn the_seasons_are_those_of_the_hemisphere_that_is_set() {
    let twin = Twin::ingested(&NOTES).with("time.hemisphere=south");
    assert_snapshot!(twin.run(&["ask", "what did I do last summer?"]), @"
    exit 4
    ── stdout
    Nothing about 1 December 2023 to 29 February 2024: the logbook covers 2021-06-15 to 2023-06-15.

    Nearest entries:
    - 15 June 2023 · The sea · `home/2023-06-15.md:1`
    ── stderr
    2023-12-01..2024-02-29 · recap
    1 entry without a date is in no period.
    ");
}

#[test]
fn each_word_is_explained() {
    let twin = Twin::ingested(&NOTES);
    let question = "and what did I learn about queues in my work notes in March 2022?";
    assert_snapshot!(twin.run(&["ask", "--explain", question]), @r#"
    exit 0
    ── stdout
    1. **Queues** (21 March 2022): Learned that a queue needs an owner and a limit. [1]

    Covers 1 entry, 21 March 2022.

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    [1] work/2022-03-21.md:3  2022-03-21  Queues
    ── stderr
    2022-03, in work · recap · "queues"
    period: "March 2022" → 2022-03, as written
    where: "in my work notes" → the folder or tag work
    intent: "learn" → recap
    topic: "queues"
    ignored: "and what did I" · "about" · "in"
    work/2022-03-21.md:1  2022-03-21  Queues
        score 1.700: words 2.72, meaning 0.000, share of the words 100%, of the title 100%, period 100%
        # Queues

        Learned that a queue needs an owner and a limit.
    "#);
}
