//! `twin recap … --compare …`: what is new, dropped and recurring.

use insta::assert_snapshot;
use serde_json::Value;

use super::{LOGBOOK, Twin};

#[test]
fn two_years_are_compared_in_whichever_order_they_are_named() {
    let twin = Twin::ingested(&LOGBOOK);
    let printed = twin.run(&["recap", "2023", "--compare", "2022"]);
    assert_eq!(printed, twin.run(&["recap", "2022", "--compare", "2023"]));
    assert_snapshot!(printed, @"
    exit 0
    ── stdout
    # 2023, compared with 2022

    ## New in 2023

    Nothing.

    ## Only in 2022

    1. **Beans** (1 entry): 14 May 2022 [1]
    2. **Vélo** (1 entry): 2 September 2022 [2]

    ## In both

    1. **Garden** (2022: 1, 2023: 1): first 14 May 2022 [3], last 24 November 2023 [4]

    _Counted in every entry of both periods, without a language model._

    ## Sources

    - [1] 2022-05-14 · Beans · `daily/2022-05-14.md:6`
    - [2] 2022-09-02 · Vélo · `daily/2022-09-02.md:1`
    - [3] 2022-05-14 · Beans · `daily/2022-05-14.md:4`
    - [4] 2023-11-24 · Log · `log.md:9`

    ## Coverage · 2022

    - 2 entries in the period, 2 read
    - nothing was written in January to April 2022, June to August 2022 and October to December 2022
    - 1 entry of the logbook without a date, in no period

    ## Coverage · 2023

    - 2 entries in the period, 2 read
    - nothing was written in January 2023, March to October 2023 and December 2023
    - 1 entry of the logbook without a date, in no period
    ");
}

#[test]
fn a_comparison_is_given_as_json() {
    let twin = Twin::ingested(&LOGBOOK);
    let printed = twin.run(&["recap", "2023", "--compare", "2022", "--json"]);
    let value: Value = serde_json::from_str(printed.split_once("── stdout\n").unwrap().1).unwrap();
    assert_eq!(value["schema"], "logtwin/recap-comparison/1");
    assert_snapshot!(serde_json::to_string_pretty(&value["changes"]["recurring"]).unwrap(), @r#"
    {
      "matters": [
        {
          "name": "garden",
          "earlier": 1,
          "later": 1,
          "first": {
            "span": {
              "start": "2022-05-14",
              "end": "2022-05-15"
            },
            "place": "daily/2022-05-14.md:4",
            "number": 3
          },
          "last": {
            "span": {
              "start": "2023-11-24",
              "end": "2023-11-25"
            },
            "place": "log.md:9",
            "number": 4
          }
        }
      ],
      "more": 0
    }
    "#);
}

#[test]
fn a_period_without_entries_can_not_be_compared() {
    let twin = Twin::ingested(&LOGBOOK);
    assert_snapshot!(twin.run(&["recap", "2023", "--compare", "1999"]), @"
    exit 4
    ── stdout
    # 2023, compared with 1999

    Nothing to compare: no entry in 1999.

    ## Coverage · 1999

    - 0 entries in the period, 0 read
    - 1 entry of the logbook without a date, in no period

    ## Coverage · 2023

    - 2 entries in the period, 2 read
    - nothing was written in January 2023, March to October 2023 and December 2023
    - 1 entry of the logbook without a date, in no period
    ");
    assert_snapshot!(twin.run(&["recap", "2023", "--compare", "banana"]), @"
    exit 2
    ── stderr
    error: 2023 and banana are not two periods

    hint: compare one with one, such as `twin recap 2022 --compare 2021`
    ");
}
