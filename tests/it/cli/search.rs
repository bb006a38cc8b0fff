//! `twin search`.

use std::sync::Arc;

use insta::assert_snapshot;

use super::{
    LOGBOOK, Twin,
    rebuild::{embedded_by, embeds},
};
use crate::servers::Server;

#[test]
fn passages_are_shown_with_their_place_and_date() {
    let twin = Twin::ingested(&LOGBOOK);
    assert_snapshot!(twin.run(&["search", "garden", "beds"]), @r#"
    exit 0
    ── stdout
    log.md:7  2023-11-24  Log › 2023-11-24
        ## 2023-11-24

        Closed the garden for the winter and mulched the beds with leaves.
    daily/2022-05-14.md:4  2022-05-14  Beans
        # Beans

        Planted beans and tomatoes with Lena. The soil is heavy clay.
    daily/2022-05-14.md:8  2022-05-14  Beans › Work
        ## Work

        The release slipped because nobody owned the migration. I learned to ask who owns a thing before I build it.
    ── stderr
    any time · lookup · "garden beds"
    "#);
}

#[test]
fn nothing_is_shown_from_outside_the_period() {
    let twin = Twin::ingested(&LOGBOOK);
    assert_snapshot!(twin.run(&["search", "garden", "--year", "2022"]), @r#"
    exit 0
    ── stdout
    daily/2022-05-14.md:4  2022-05-14  Beans
        # Beans

        Planted beans and tomatoes with Lena. The soil is heavy clay.
    daily/2022-05-14.md:8  2022-05-14  Beans › Work
        ## Work

        The release slipped because nobody owned the migration. I learned to ask who owns a thing before I build it.
    ── stderr
    2022 · lookup · "garden"
    "#);
    assert_snapshot!(twin.run(&["search", "garden", "--year", "2021"]), @r#"
    exit 4
    ── stderr
    2021 · lookup · "garden"
    Nothing on "garden". The only entry there does not speak of it. The logbook covers 2021-03-08 to 2023-11-24.
    "#);
    assert_snapshot!(twin.run(&["search", "garden", "--year", "2019"]), @r#"
    exit 4
    ── stderr
    2019 · lookup · "garden"
    Nothing about 2019: the logbook covers 2021-03-08 to 2023-11-24.

    Nearest entries:
    - 8 March 2021 · A loaf · `daily/2021-03-08.md:1`
    "#);
    assert_snapshot!(twin.run(&["search", "garden in 2023"]), @r#"
    exit 0
    ── stdout
    log.md:7  2023-11-24  Log › 2023-11-24
        ## 2023-11-24

        Closed the garden for the winter and mulched the beds with leaves.
    ── stderr
    2023 · lookup · "garden"
    "#);
}

#[test]
fn what_is_nowhere_is_said_to_be() {
    let twin = Twin::ingested(&LOGBOOK);
    assert_snapshot!(twin.run(&["search", "zebra"]), @r#"
    exit 4
    ── stderr
    any time · lookup · "zebra"
    Nothing on "zebra". None of 6 entries speaks of it. The logbook covers 2021-03-08 to 2023-11-24.
    "#);
}

#[test]
fn what_no_note_has_is_shown_by_its_meaning_and_said_to_be() {
    let server = Server::answering(embeds(Arc::default()));
    let twin = embedded_by(&server, Twin::new(&LOGBOOK[..1]));
    twin.run(&["ingest", "notes"]);
    assert_snapshot!(twin.run(&["search", "zebra"]), @r#"
    exit 0
    ── stdout
    daily/2021-03-08.md:1  2021-03-08  A loaf
        # A loaf

        Learned to bake sourdough: the starter wants 24 degrees and a night of rest.
    ── stderr
    any time · lookup · "zebra"
    No note has that word; nearest in meaning:
    "#);
    assert_snapshot!(twin.run(&["search", "zebras", "giraffes", "--year", "2021"]), @r#"
    exit 0
    ── stdout
    daily/2021-03-08.md:1  2021-03-08  A loaf
        # A loaf

        Learned to bake sourdough: the starter wants 24 degrees and a night of rest.
    ── stderr
    2021 · lookup · "zebras giraffes"
    No note there has any of these words; nearest in meaning:
    "#);
    assert_snapshot!(twin.run(&["search", "sourdough"]), @r#"
    exit 0
    ── stdout
    daily/2021-03-08.md:1  2021-03-08  A loaf
        # A loaf

        Learned to bake sourdough: the starter wants 24 degrees and a night of rest.
    ── stderr
    any time · lookup · "sourdough"
    "#);
}

#[test]
fn a_search_for_nothing_is_refused() {
    let twin = Twin::ingested(&LOGBOOK[..1]);
    assert_snapshot!(twin.run(&["search", ""]), @"
    exit 2
    ── stderr
    error: there is no word to look for

    hint: name one or several: `twin search sourdough`
    ");
}

#[test]
fn the_examples_of_the_help_find_something_in_the_demos_logbook() {
    let twin = Twin::new(&[]);
    let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus");
    twin.run(&["ingest", corpus]);
    let help = twin.run(&["--help"]) + &twin.run(&["search", "--help"]);
    let examples = help.lines().filter_map(|line| line.trim().strip_prefix("twin "));
    let searches = examples.filter(|example| example.starts_with("search "));
    let mut count = 0;
    for example in searches {
        let typed: Vec<&str> = example.split("  ").next().unwrap().split(' ').collect();
        let printed = twin.run(&typed);
        assert!(printed.starts_with("exit 0\n"), "{example}: {printed}");
        count += 1;
    }
    assert_eq!(count, 5);
}

#[test]
fn an_undated_note_is_found_and_lies_in_no_period() {
    let twin = Twin::ingested(&LOGBOOK);
    assert_snapshot!(twin.run(&["search", "pancakes"]), @r#"
    exit 0
    ── stdout
    recipes.md:1  undated  Recipes
        # Recipes

        Pancakes: two eggs, flour, milk, a pinch of salt.
    ── stderr
    any time · lookup · "pancakes"
    "#);
    assert_snapshot!(twin.run(&["search", "pancakes", "--from", "2000-01-01"]), @r#"
    exit 4
    ── stderr
    2000-01-01.. · lookup · "pancakes"
    Nothing on "pancakes". None of 5 entries speaks of it. The logbook covers 2021-03-08 to 2023-11-24.
    1 entry without a date speaks of it too.
    "#);
}

#[test]
fn a_period_alone_shows_all_of_it() {
    let twin = Twin::ingested(&LOGBOOK);
    assert_snapshot!(twin.run(&["search", "2023", "--limit", "1"]), @"
    exit 0
    ── stdout
    log.md:1  2023-02-11  Log › 2023-02-11
        # Log

        ## 2023-02-11

        Read a book on tides. The moon pulls twice a day.
    ── stderr
    2023 · recap
    1 entry without a date is in no period.
    ");
}

#[test]
fn passages_are_given_as_json_with_their_scores() {
    let twin = Twin::ingested(&LOGBOOK[..1]);
    assert_snapshot!(twin.run(&["search", "--json", "sourdough"]), @r##"
    exit 0
    ── stdout
    {
      "passages": [
        {
          "root": "notes",
          "path": "daily/2021-03-08.md",
          "lines": {
            "first": 1,
            "last": 3
          },
          "text": "# A loaf\n\nLearned to bake sourdough: the starter wants 24 degrees and a night of rest.",
          "breadcrumb": [
            "A loaf"
          ],
          "title": "A loaf",
          "entry": 0,
          "chunk": 0,
          "tags": [],
          "span": {
            "start": "2021-03-08",
            "end": "2021-03-09"
          },
          "precision": "day",
          "score": {
            "total": 1.0,
            "sparse": 0.35083189606666565,
            "related": 0.0,
            "dense": 0.0,
            "coverage": 1.0,
            "title": 0.0,
            "period": 0.0
          }
        }
      ],
      "more": [],
      "entries": 1,
      "undated": 0,
      "absence": null,
      "evidence": {
        "coverage": 1.0,
        "coverage_anywhere": 1.0,
        "similarity": 0.0,
        "words_share": 1.0,
        "meaning_share": 0.0
      },
      "withheld": [],
      "schema": "logtwin/search/1"
    }
    "##);
}

#[test]
fn paths_and_tags_narrow_a_search_down() {
    let twin = Twin::ingested(&LOGBOOK);
    assert_snapshot!(twin.run(&["search", "garden", "--path", "log"]), @r#"
    exit 0
    ── stdout
    log.md:7  2023-11-24  Log › 2023-11-24
        ## 2023-11-24

        Closed the garden for the winter and mulched the beds with leaves.
    ── stderr
    any time · lookup · "garden"
    "#);
    assert_snapshot!(twin.run(&["search", "beans", "--tag", "#Garden", "--limit", "1"]), @r#"
    exit 0
    ── stdout
    daily/2022-05-14.md:4  2022-05-14  Beans
        # Beans

        Planted beans and tomatoes with Lena. The soil is heavy clay.
    ── stderr
    any time · lookup · "beans"
    "#);
    assert_snapshot!(twin.run(&["search", "beans", "--tag", "work"]), @r#"
    exit 4
    ── stderr
    any time · lookup · "beans"
    Nothing on "beans". The logbook covers 2021-03-08 to 2023-11-24.
    "#);
}

#[test]
fn passages_are_found_by_the_dates_that_they_mention() {
    let twin = Twin::ingested(&[
        ("2022-05-14.md", "The lease ends on 14 March 2024.\n"),
        ("2024-03-01.md", "Nothing was said.\n"),
        ("ideas.md", "A trip in June 2024, perhaps.\n"),
    ]);
    assert_snapshot!(twin.run(&["search", "--mentions", "2024"]), @"
    exit 0
    ── stdout
    2022-05-14.md:1  2022-05-14  2022-05-14
        The lease ends on 14 March 2024.
    ideas.md:1  undated  ideas
        A trip in June 2024, perhaps.
    ── stderr
    any time · lookup
    ");
    assert_snapshot!(twin.run(&["search", "lease", "--mentions", "March 2024"]), @r#"
    exit 0
    ── stdout
    2022-05-14.md:1  2022-05-14  2022-05-14
        The lease ends on 14 March 2024.
    ── stderr
    any time · lookup · "lease"
    "#);
    assert_snapshot!(twin.run(&["search", "--mentions", "2021"]), @"
    exit 4
    ── stderr
    any time · lookup
    no passage mentions 2021
    ");
    assert_snapshot!(twin.run(&["search", "--mentions", "soon"]), @"
    exit 2
    ── stderr
    error: --mentions soon: soon is no period

    hint: name one such as 2024, 2024-03 or 2024-03-14
    ");
}
