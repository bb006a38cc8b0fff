//! `twin recap` without a language model.

use insta::assert_snapshot;

use super::{LOGBOOK, Twin};

#[test]
fn a_year_is_a_page_of_markdown_that_says_what_was_read() {
    let twin = Twin::ingested(&LOGBOOK);
    assert_snapshot!(twin.run(&["recap", "2022"]), @"
    exit 0
    ── stdout
    # 2022

    1. **Beans** (14 May 2022): I learned to ask who owns a thing before I build it. [1]
    2. **Vélo** (2 September 2022): J'ai appris à réparer une chambre à air : il faut trouver la fuite dans l'eau, puis poncer avant de coller. [2]

    Covers 2 entries, 14 May 2022 to 2 September 2022.

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    ## Sources

    - [1] 2022-05-14 · Beans · `daily/2022-05-14.md:10`
    - [2] 2022-09-02 · Vélo · `daily/2022-09-02.md:3`

    ## Coverage

    - 2 entries in the period, 2 read
    - nothing was written in January to April 2022, June to August 2022 and October to December 2022
    - 1 entry of the logbook without a date, in no period
    ");
}

#[test]
fn a_recap_is_given_as_json() {
    let twin = Twin::ingested(&LOGBOOK);
    let printed = twin.run(&["recap", "2021-03", "--format", "json"]);
    assert_eq!(printed, twin.run(&["recap", "2021-03", "--json"]));
    assert_snapshot!(printed, @r#"
    exit 0
    ── stdout
    {
      "schema": "logtwin/recap/1",
      "period": {
        "start": "2021-03-01",
        "end": "2021-04-01"
      },
      "weekdays": [],
      "days": [],
      "about": null,
      "language": "en",
      "text": "1. **A loaf** (8 March 2021): Learned to bake sourdough: the starter wants 24 degrees and a night of rest. [1]\n\nCovers 1 entry, 8 March 2021.\n\n_Extracted from your notes without a language model: the sentences are yours, word for word._",
      "themes": [
        {
          "number": 1,
          "title": "A loaf",
          "text": "(8 March 2021): Learned to bake sourdough: the starter wants 24 degrees and a night of rest. [1]",
          "citations": [
            1
          ]
        }
      ],
      "citations": [
        {
          "number": 1,
          "root": "notes",
          "path": "daily/2021-03-08.md",
          "lines": {
            "first": 3,
            "last": 3
          },
          "span": {
            "start": "2021-03-08",
            "end": "2021-03-09"
          },
          "title": "A loaf",
          "state": "fresh"
        }
      ],
      "coverage": {
        "entries_in_period": 1,
        "entries_read": 1,
        "entries_off_topic": 0,
        "skipped": [],
        "withheld": [],
        "empty_months": [],
        "undated": 1,
        "calls": 0,
        "cached_calls": 0,
        "tokens": {
          "input": 0,
          "output": 0
        }
      },
      "notes": [],
      "made_by": {
        "kind": "extract"
      },
      "absence": null,
      "claims": [],
      "supported": 1.0,
      "uncited": [],
      "foreign": [],
      "failure": null,
      "complete": true
    }
    "#);
}

#[test]
fn a_period_with_nothing_says_what_is_covered() {
    let twin = Twin::ingested(&LOGBOOK);
    assert_snapshot!(twin.run(&["recap", "2019"]), @"
    exit 4
    ── stdout
    # 2019

    Nothing about 2019: the logbook covers 2021-03-08 to 2023-11-24.

    Nearest entries:
    - 8 March 2021 · A loaf · `daily/2021-03-08.md:1`

    ## Coverage

    - 0 entries in the period, 0 read
    - 1 entry of the logbook without a date, in no period
    ");
}

#[test]
fn several_years_are_several_pages() {
    let twin = Twin::ingested(&LOGBOOK);
    assert_snapshot!(twin.run(&["recap", "2021", "2023"]), @"
    exit 0
    ── stdout
    # 2021

    1. **A loaf** (8 March 2021): Learned to bake sourdough: the starter wants 24 degrees and a night of rest. [1]

    Covers 1 entry, 8 March 2021.

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    ## Sources

    - [1] 2021-03-08 · A loaf · `daily/2021-03-08.md:3`

    ## Coverage

    - 1 entry in the period, 1 read
    - nothing was written in January to February 2021 and April to December 2021
    - 1 entry of the logbook without a date, in no period

    # 2023

    1. **11 February 2023**: The moon pulls twice a day. [1]
    2. **24 November 2023**: Closed the garden for the winter and mulched the beds with leaves. [2]

    Covers 2 entries, 11 February 2023 to 24 November 2023.

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    ## Sources

    - [1] 2023-02-11 · Log · `log.md:5`
    - [2] 2023-11-24 · Log · `log.md:9`

    ## Coverage

    - 2 entries in the period, 2 read
    - nothing was written in January 2023, March to October 2023 and December 2023
    - 1 entry of the logbook without a date, in no period
    ");
}

#[test]
fn a_range_of_years_is_one_page() {
    let twin = Twin::ingested(&LOGBOOK);
    assert_snapshot!(twin.run(&["recap", "2021..2022"]), @"
    exit 0
    ── stdout
    # 2021 to 2022

    1. **A loaf** (8 March 2021): Learned to bake sourdough: the starter wants 24 degrees and a night of rest. [1]
    2. **Beans** (14 May 2022): I learned to ask who owns a thing before I build it. [2]
    3. **Vélo** (2 September 2022): J'ai appris à réparer une chambre à air : il faut trouver la fuite dans l'eau, puis poncer avant de coller. [3]

    Covers 3 entries, 8 March 2021 to 2 September 2022.

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    ## Sources

    - [1] 2021-03-08 · A loaf · `daily/2021-03-08.md:3`
    - [2] 2022-05-14 · Beans · `daily/2022-05-14.md:10`
    - [3] 2022-09-02 · Vélo · `daily/2022-09-02.md:3`

    ## Coverage

    - 3 entries in the period, 3 read
    - nothing was written in January to February 2021, April 2021 to April 2022, June to August 2022 and October to December 2022
    - 1 entry of the logbook without a date, in no period
    ");
}

#[test]
fn one_of_several_years_may_be_empty() {
    let twin = Twin::ingested(&LOGBOOK);
    let printed = twin.run(&["recap", "2019", "2021"]);
    assert!(printed.starts_with("exit 0\n"), "{printed}");
}

#[test]
fn a_recap_may_be_about_one_thing() {
    let twin = Twin::ingested(&LOGBOOK);
    assert_snapshot!(twin.run(&["recap", "2023", "--about", "garden"]), @"
    exit 0
    ── stdout
    # 2023 · garden

    1. **24 November 2023**: Closed the garden for the winter and mulched the beds with leaves. [1]

    Covers 1 entry, 24 November 2023.

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    ## Sources

    - [1] 2023-11-24 · Log · `log.md:9`

    ## Coverage

    - 2 entries in the period, 1 read
    - 1 not about it
    - nothing was written in January 2023, March to October 2023 and December 2023
    - 1 entry of the logbook without a date, in no period
    ");
    assert_snapshot!(twin.run(&["recap", "2023", "--about", "jardin"]), @r#"
    exit 4
    ── stdout
    # 2023 · jardin

    Nothing on "jardin". None of 2 entries speaks of it. The logbook covers 2021-03-08 to 2023-11-24.

    ## Coverage

    - 2 entries in the period, 0 read
    - 2 not about it
    - nothing was written in January 2023, March to October 2023 and December 2023
    - 1 entry of the logbook without a date, in no period
    "#);
}

#[test]
fn what_is_no_period_is_refused() {
    let twin = Twin::ingested(&LOGBOOK);
    assert_snapshot!(twin.run(&["recap", "banana"]), @"
    exit 2
    ── stderr
    error: banana is no period

    hint: name one such as 2022, 2022-03, 2022-Q3, 2021..2023 or 'last year'
    ");
    assert_snapshot!(twin.run(&["recap", "2022", "--format", "pdf"]), @"
    exit 2
    ── stderr
    error: invalid value 'pdf' for '--format <FORMAT>'
      [possible values: md, json]

    For more information, try '--help'.
    ");
}

#[test]
fn a_dry_run_without_a_model_sends_nothing() {
    let twin = Twin::ingested(&LOGBOOK);
    assert_snapshot!(twin.run(&["recap", "2022", "--dry-run"]), @"
    exit 0
    ── stderr
    2022: nothing would be sent: no language model is set
    ");
}

#[test]
fn without_an_index_there_is_nothing_to_recap() {
    let twin = Twin::new(&LOGBOOK);
    assert_snapshot!(twin.run(&["recap", "2022"]), @"
    exit 10
    ── stderr
    error: no index yet

    hint: make one with `twin ingest FOLDER`
    ");
}

#[test]
fn today_in_each_year_is_told_with_what_was_written_on_that_day_alone() {
    let twin = Twin::ingested(&LOGBOOK);
    twin.write("2020-05-14.md", "# Rain\n\nThe cellar stood under water.\n");
    twin.write("month.md", "# May 2021\n\nA month of rain.\n");
    twin.run(&["ingest"]);
    assert_snapshot!(twin.run(&["--now", "2024-05-14", "recap", "--on-this-day"]), @"
    exit 0
    ── stdout
    # 14 May, 2020 to 2024

    1. **Rain** (14 May 2020): The cellar stood under water. [1]
    2. **Beans** (14 May 2022): I learned to ask who owns a thing before I build it. [2]

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    ## Sources

    - [1] 2020-05-14 · Rain · `2020-05-14.md:3`
    - [2] 2022-05-14 · Beans · `daily/2022-05-14.md:10`

    ## Coverage

    - 2 entries in the period, 2 read
    - 1 entry of the logbook without a date, in no period
    ");
    assert_snapshot!(twin.run(&["--now", "2024-02-29", "recap", "--on-this-day"]), @"
    exit 4
    ── stdout
    # 29 February, 2020 to 2024

    No entry of 29 February in any year: the logbook covers 14 May 2020 to 24 November 2023.

    ## Coverage

    - 0 entries in the period, 0 read
    - 1 entry of the logbook without a date, in no period
    ");
    assert_snapshot!(
        twin.run(&["--now", "2024-05-14", "recap", "--on-this-day", "--out", "out"]),
        @"
    exit 0
    ── stderr
    on-05-14.md: written
    "
    );
}

/// The words of `2022` are of no language: the entries tell it.
#[test]
fn a_recap_is_in_the_language_of_most_entries_of_its_period() {
    let french = [
        (
            "2022-03-08.md",
            "J’ai appris à réparer une chambre à air avec de la colle et du papier.\n",
        ),
        ("2022-04-01.md", "Nous avons planté des haricots dans une terre lourde, avec Léna.\n"),
        ("2022-05-02.md", "The cat came home late, and we were all very happy about it.\n"),
        ("2021-05-02.md", "We moved out of the old house and the cat came with us.\n"),
    ];
    let twin = Twin::ingested(&french);
    let told = |arguments: &[&str]| {
        let printed = twin.run(&[arguments, &["--json"]].concat());
        let json = printed.split("── stdout\n").nth(1).unwrap().split("── stderr").next().unwrap();
        let recap: serde_json::Value = serde_json::from_str(json).expect(&printed);
        recap["language"].as_str().unwrap().to_owned()
    };
    assert_eq!(told(&["recap", "2022"]), "fr");
    assert_eq!(told(&["recap", "2021"]), "en");
    assert_eq!(told(&["recap", "the", "year", "2022"]), "en");
    assert_eq!(told(&["--set", "answer.language=en", "recap", "2022"]), "en");
    assert_eq!(told(&["recap", "l’année", "2021"]), "fr");
}
