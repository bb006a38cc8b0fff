//! What changed between two periods, against entries whose words are counted by hand.

use super::{Changes, Compared, Matters, changes, changes_told};
use crate::{
    ask::{Passage, test_passage},
    index::TermReader,
    logbook::{Language, Span},
};

/// Each matter with its counts and the places of its mentions: `Kafka 0+2 c.md:1 d.md:1`.
fn listed(matters: &Matters) -> Vec<String> {
    let line = |it: &super::Matter| {
        format!("{} {}+{} {} {}", it.name, it.earlier, it.later, it.first.place, it.last.place)
    };
    matters.matters.iter().map(line).collect()
}

fn year(year: i16) -> Span {
    Span::year(year).unwrap()
}

fn check(earlier: &[Passage], later: &[Passage], topic: &str) -> (Changes, String) {
    let compared = Compared {
        earlier: (year(2021), earlier),
        later: (year(2022), later),
        topic,
        language: Language::English,
    };
    let current = |passage: &Passage| Some(passage.text.clone());
    let (changes, citations) = changes(&compared, &TermReader::default(), &current);
    for matter in
        [&changes.new, &changes.dropped, &changes.recurring].iter().flat_map(|it| &it.matters)
    {
        assert!(matter.first.number <= citations.len() && matter.last.number <= citations.len());
    }
    let told = changes_told(&changes, &compared);
    (changes, told)
}

fn logbook() -> (Vec<Passage>, Vec<Passage>) {
    let earlier = [
        ("a.md", "2021-02-01", "We moved with Rafael.\nThe forecast was wrong."),
        ("b.md", "2021-03-01", "The forecast was right, says Rafael."),
    ];
    let later = [
        ("c.md", "2022-02-01", "Nothing new.\nMarianne asked for the forecast."),
        ("d.md", "2022-05-01", "I met Marianne again in Ghent."),
    ];
    let passages = |entries: [(&str, &str, &str); 2]| {
        entries.map(|(path, day, text)| test_passage(path, day, text)).to_vec()
    };
    (passages(earlier), passages(later))
}

#[test]
fn what_is_new_dropped_and_recurring_is_counted_with_its_first_and_last_line() {
    let (earlier, later) = logbook();
    let (changes, told) = check(&earlier, &later, "");
    assert_eq!(listed(&changes.new), ["Marianne 0+2 c.md:2 d.md:1", "Ghent 0+1 d.md:1 d.md:1"]);
    assert_eq!(listed(&changes.dropped), ["Rafael 2+0 a.md:1 b.md:1"]);
    assert_eq!(listed(&changes.recurring), ["forecast 2+1 a.md:2 c.md:2"]);
    insta::assert_snapshot!(told, @"
    ## New in 2022

    1. **Marianne** (2 entries): first 1 February 2022 [1], last 1 May 2022 [2]
    2. **Ghent** (1 entry): 1 May 2022 [2]

    ## Only in 2021

    1. **Rafael** (2 entries): first 1 February 2021 [3], last 1 March 2021 [4]

    ## In both

    1. **Forecast** (2021: 2, 2022: 1): first 1 February 2021 [5], last 1 February 2022 [1]

    _Counted in every entry of both periods, without a language model._
    ");
}

#[test]
fn what_all_is_about_is_no_news() {
    let (earlier, later) = logbook();
    let (changes, _) = check(&earlier, &later, "forecast");
    assert_eq!(listed(&changes.recurring), Vec::<String>::new());
}

#[test]
fn a_tag_that_another_period_has_as_a_word_is_not_new() {
    let (mut earlier, mut later) = logbook();
    later[0].tags = vec!["sailing".to_owned()];
    earlier[0].tags = vec!["bread".to_owned()];
    let (changes, _) = check(&earlier, &later, "");
    assert!(listed(&changes.new).contains(&"sailing 0+1 c.md:1 c.md:1".to_owned()), "{changes:?}");
    earlier[1].text = "I went sailing.".to_owned();
    let (changes, _) = check(&earlier, &later, "");
    assert!(listed(&changes.recurring).contains(&"sailing 1+1 b.md:1 c.md:1".to_owned()));
    assert!(listed(&changes.dropped).contains(&"bread 1+0 a.md:1 a.md:1".to_owned()));
}

#[test]
fn of_too_many_the_weightiest_are_named_and_the_rest_is_counted() {
    let names = [
        "Anna", "Boris", "Celia", "Dmitri", "Elena", "Farid", "Greta", "Hamid", "Iris", "Jonas",
        "Katja", "Lionel", "Mirko", "Nadja", "Oskar",
    ];
    let later: Vec<Passage> = names
        .iter()
        .enumerate()
        .map(|(index, name)| {
            let day = format!("2022-03-{:02}", index + 1);
            test_passage(
                &format!("{day}.md"),
                &day,
                &format!("Today with {name} again, and {name}."),
            )
        })
        .collect();
    let again: Vec<Passage> = later
        .iter()
        .map(|passage| Passage { path: format!("again-{}", passage.path), ..passage.clone() })
        .collect();
    let (changes, _) = check(&logbook().0, &later, "");
    assert_eq!(changes.new, Matters::default(), "one entry alone has each");
    let (changes, told) = check(&logbook().0, &[later, again].concat(), "");
    assert_eq!((changes.new.matters.len(), changes.new.more), (12, 3));
    assert!(told.contains("… and 3 more."), "{told}");
}
