//! Questions about days that come again: this day of some years, weekdays, and which weekday it was.

use insta::assert_snapshot;

use super::Twin;

/// 15 June 2021 is a Tuesday, 15 June 2022 a Wednesday, 13 and 20 June 2022 are Mondays, 18 June 2022
/// is a Saturday; one entry is of all of June.
const NOTES: [(&str, &str); 6] = [
    ("2021-06-15.md", "# The lake\n\nSwam all the way across the lake with Nora.\n"),
    ("2022-06-15.md", "# The sea\n\nSwam in the cold sea before breakfast with Nora.\n"),
    ("2022-06-13.md", "# Queues\n\nLearned that a queue needs an owner and a limit.\n"),
    ("2022-06-20.md", "# Retries\n\nLearned that retries need a cap, or they become the outage.\n"),
    ("2022-06-18.md", "# Beans\n\nPlanted two rows of beans along the warm south wall.\n"),
    ("2022-06.md", "# June\n\nA dry month, and a long one.\n"),
];

#[test]
fn this_day_is_told_of_the_years_that_are_named() {
    let twin = Twin::ingested(&NOTES);
    let by_flags = ["ask", "what did I do on this day", "--year", "2020", "--year", "2022"];
    assert_snapshot!(twin.run(&by_flags), @"
    exit 0
    ── stdout
    1. **The sea** (15 June 2022): Swam in the cold sea before breakfast with Nora. [1]

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    [1] 2022-06-15.md:3  2022-06-15  The sea
    ── stderr
    2020-06-15, 2022-06-15 · on-this-day
    ");
    assert_snapshot!(twin.run(&["ask", "what did I do on this day in 2021?"]), @"
    exit 0
    ── stdout
    1. **The lake** (15 June 2021): Swam all the way across the lake with Nora. [1]

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    [1] 2021-06-15.md:3  2021-06-15  The lake
    ── stderr
    2021-06-15 · on-this-day
    ");
    assert_snapshot!(twin.run(&["ask", "qu'ai-je fait à cette date en 2020 et 2023 ?"]), @"
    exit 4
    ── stdout
    Rien sur le 15 juin 2020, le 15 juin 2023 : le journal couvre du 2021-06-15 au 2022-06-30.
    ── stderr
    2020-06-15, 2023-06-15 · on-this-day
    ");
}

#[test]
fn what_comes_every_week_is_found_on_its_weekday_alone() {
    let twin = Twin::ingested(&NOTES);
    assert_snapshot!(twin.run(&["ask", "--explain", "what did I learn every Monday in 2022?"]), @r#"
    exit 0
    ── stdout
    1. **Queues** (13 June 2022): Learned that a queue needs an owner and a limit. [1]
    2. **Retries** (20 June 2022): Learned that retries need a cap, or they become the outage. [2]

    Covers 2 entries, 13 June 2022 to 20 June 2022.

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    [1] 2022-06-13.md:3  2022-06-13  Queues
    [2] 2022-06-20.md:3  2022-06-20  Retries
    ── stderr
    2022, on Mondays · recap
    period: "2022" → 2022, as written · "every Monday" → entries of a single day, on Mondays
    intent: "learn" → recap
    ignored: "what did I" · "in"
    2022-06-13.md:1  2022-06-13  Queues
        score 0.000: words 0.00, meaning 0.000, share of the words 0%, of the title 0%, period 0%
        # Queues

        Learned that a queue needs an owner and a limit.

    2022-06-20.md:1  2022-06-20  Retries
        score 0.000: words 0.00, meaning 0.000, share of the words 0%, of the title 0%, period 0%
        # Retries

        Learned that retries need a cap, or they become the outage.
    "#);
    assert_snapshot!(twin.run(&["ask", "--continue", "and on weekends?"]), @"
    exit 0
    ── stdout
    1. **Beans** (18 June 2022): Planted two rows of beans along the warm south wall. [1]

    Covers 1 entry, 18 June 2022.

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    [1] 2022-06-18.md:3  2022-06-18  Beans
    ── stderr
    2022, on weekends · recap
    ");
    assert_snapshot!(twin.run(&["ask", "combien de notes ai-je écrites le mardi en 2022 ?"]), @"
    exit 4
    ── stdout
    Rien sur 2022, les mardis : le journal couvre du 2021-06-15 au 2022-06-30.

    Entrées les plus proches :
    - 15 juin 2021 · The lake · `2021-06-15.md:1`
    ── stderr
    2022, on Tuesdays · count
    ");
    assert_snapshot!(twin.run(&["search", "swam except on Wednesdays"]), @r#"
    exit 0
    ── stdout
    2021-06-15.md:1  2021-06-15  The lake
        # The lake

        Swam all the way across the lake with Nora.
    ── stderr
    any time, on Mondays, Tuesdays, Thursdays, Fridays, Saturdays and Sundays · lookup · "swam"
    "#);
    assert_snapshot!(twin.run(&["recap", "2022 on Mondays"]), @"
    exit 0
    ── stdout
    # 2022, on Mondays

    1. **Queues** (13 June 2022): Learned that a queue needs an owner and a limit. [1]
    2. **Retries** (20 June 2022): Learned that retries need a cap, or they become the outage. [2]

    Covers 2 entries, 13 June 2022 to 20 June 2022.

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    ## Sources

    - [1] 2022-06-13 · Queues · `2022-06-13.md:3`
    - [2] 2022-06-20 · Retries · `2022-06-20.md:3`

    ## Coverage

    - 2 entries in the period, 2 read
    - nothing was written in January to May 2022 and July to December 2022
    ");
}

#[test]
fn the_most_is_counted_by_weekday() {
    let twin = Twin::ingested(&NOTES);
    assert_snapshot!(twin.run(&["ask", "on which day of the week do I write most?"]), @"
    exit 0
    ── stdout
    1. **Monday**: 2 entries
    2. Tuesday: 1 entry
    3. Wednesday: 1 entry
    4. Saturday: 1 entry

    1 entry of a longer time is in none of them.

    - **Queues** (13 June 2022): Learned that a queue needs an owner and a limit. [1]
    - **Retries** (20 June 2022): Learned that retries need a cap, or they become the outage. [2]

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    [1] 2022-06-13.md:3  2022-06-13  Queues
    [2] 2022-06-20.md:3  2022-06-20  Retries
    ── stderr
    any time · most
    ");
    assert_snapshot!(twin.run(&["ask", "quel jour de la semaine ai-je le plus écrit en 2021 ?"]), @"
    exit 0
    ── stdout
    1. **Mardi** : 1 entrée

    - **The lake** (15 juin 2021) : Swam all the way across the lake with Nora. [1]

    _Extrait de vos notes sans modèle de langage : les phrases sont les vôtres, mot pour mot._

    [1] 2021-06-15.md:3  2021-06-15  The lake
    ── stderr
    2021 · most
    ");
}

#[test]
fn which_weekday_a_day_was_is_told_by_the_calendar() {
    let twin = Twin::ingested(&NOTES);
    assert_snapshot!(twin.run(&["ask", "which weekday was 14 March 2022?"]), @"
    exit 0
    ── stdout
    14 March 2022: **Monday**
    ── stderr
    2022-03-14 · weekday
    ");
    assert_snapshot!(twin.run(&["ask", "on which weekday did I plant the beans?"]), @r#"
    exit 0
    ── stdout
    **Saturday, 18 June 2022**: Planted two rows of beans along the warm south wall. [1]

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    [1] 2022-06-18.md:3  2022-06-18  Beans
    ── stderr
    any time · when · "plant beans"
    "#);
    assert_snapshot!(twin.run(&["ask", "quel jour de la semaine était le 1er mai 2021 ?"]), @"
    exit 0
    ── stdout
    1er mai 2021 : **samedi**
    ── stderr
    2021-05-01 · weekday
    ");
}

#[test]
fn what_is_of_a_whole_year_is_not_of_this_day() {
    let twin = Twin::ingested(&[
        ("2022-06-15.md", "The bees swarmed into the neighbour's plum tree.\n"),
        ("2019.md", "# 2019\n\nA year of long walks and short nights.\n"),
        ("2020-06.md", "# June 2020\n\nRain on most days, and a roof that leaked.\n"),
    ]);
    let printed = twin.run(&["ask", "--json", "what did I write on this day?"]);
    let json = printed.split("── stdout\n").nth(1).unwrap().split("── stderr").next().unwrap();
    let answer: serde_json::Value = serde_json::from_str(json).expect(&printed);
    let exact = serde_json::json!({
        "text": "2022: 1 entry.", "number": 1, "entries": ["2022-06-15.md:1"], "said": null,
    });
    assert_eq!((&answer["answer"]["exact"], &answer["entries"]), (&exact, &1.into()));
}
