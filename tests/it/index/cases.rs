//! The cases of the suite; each gets an empty index whose embeddings have [`DIMENSION`] components.

use std::collections::BTreeSet;

use jiff::civil::{Date, Weekday, date};
use logtwin::{
    error::Exit,
    logbook::{Language, Lines, Precision, Source, Span, Weekdays},
    services::{Filter, Index, Payload, PayloadLines, Point, Query, Search, SparseVector},
};
use uuid::Uuid;

/// The number of components of the embeddings in these tests.
pub(super) const DIMENSION: usize = 4;

/// A point that is found by `text` alone.
pub(super) fn point(number: u128) -> Point {
    Point {
        id: Uuid::from_u128(number),
        dense: Some(vec![1.0, 0.0, 0.0, 0.0]),
        sparse: SparseVector { indices: vec![1], values: vec![1.0] },
        payload: Payload {
            text: format!("text {number}"),
            breadcrumb: vec!["Title".to_owned(), "Été".to_owned()],
            root: "home".to_owned(),
            path: format!("{number}.md"),
            version: "0123".to_owned(),
            entry: 7,
            chunk: 0,
            title: "2022-03-14".to_owned(),
            lines: PayloadLines { first: 3, last: 5 },
            entry_lines: Lines { first: 1, last: 9 },
            span_start: None,
            span_end: None,
            weekday: None,
            precision: None,
            provenance: None,
            tags: Vec::new(),
            mentions: Vec::new(),
            language: Language::default(),
        },
    }
}

fn dated(number: u128, start: Date, end: Date) -> Point {
    let span = Span::new(start, end).unwrap();
    let mut point = point(number);
    point.payload.span_start = Some(span.start_number());
    point.payload.span_end = Some(span.end_number());
    point.payload.precision = Some(Precision::Range);
    point.payload.provenance = Some(Source::FileName);
    point
}

fn tagged(number: u128, tags: &[&str]) -> Point {
    let mut point = point(number);
    point.payload.tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
    point
}

fn with_vectors(number: u128, dense: [f32; DIMENSION], terms: &[(u32, f32)]) -> Point {
    let (indices, values) = terms.iter().copied().unzip();
    let sparse = SparseVector { indices, values };
    Point { dense: Some(dense.to_vec()), sparse, ..point(number) }
}

/// A search by meaning without a filter that gives back ten points.
pub(super) fn by_meaning(dense: [f32; DIMENSION]) -> Search {
    Search { query: Query::Dense(dense.to_vec()), filter: Filter::default(), limit: 10 }
}

/// A search by words without a filter that gives back ten points.
pub(super) fn by_words(terms: &[(u32, f32)]) -> Search {
    let (indices, values) = terms.iter().copied().unzip();
    let query = Query::Sparse(SparseVector { indices, values });
    Search { query, filter: Filter::default(), limit: 10 }
}

fn found(index: &dyn Index, search: &Search) -> Vec<u128> {
    index.search(search).unwrap().into_iter().map(|(id, _)| id.as_u128()).collect()
}

/// The points that pass, by scroll, and by count the same.
fn passing(index: &dyn Index, filter: &Filter) -> Vec<u128> {
    let mut numbers: Vec<_> =
        index.scroll(filter).unwrap().into_iter().map(|(id, _)| id.as_u128()).collect();
    numbers.sort_unstable();
    assert_eq!(index.count(filter).unwrap(), numbers.len() as u64, "{filter:?}");
    numbers
}

pub(super) fn a_stored_point_is_found_as_it_was(index: &mut dyn Index) {
    let mut stored = dated(1, date(2022, 3, 14), date(2022, 3, 15));
    stored.payload.tags = vec!["work".to_owned(), "été".to_owned()];
    stored.payload.language = Language::French;
    index.upsert(&[stored.clone(), point(2)]).unwrap();
    assert_eq!(passing(index, &Filter::default()), [1, 2]);
    let ranked = index.search(&by_meaning([1.0, 0.0, 0.0, 0.0])).unwrap();
    let (_, cosine) = ranked.iter().find(|(id, _)| *id == stored.id).unwrap();
    assert!((cosine - 1.0).abs() < 1e-5, "the cosine is {cosine}");
    let payloads = index.payloads(&[stored.id, Uuid::from_u128(99)]).unwrap();
    assert_eq!(payloads, [(stored.id, stored.payload.clone())]);
    let scrolled = index.scroll(&Filter::default()).unwrap();
    assert!(scrolled.contains(&(stored.id, stored.payload)));
    assert!(scrolled.contains(&(Uuid::from_u128(2), point(2).payload)));
}

/// Fault 99: it answers too late, but has written, so that the same is written again.
pub(super) fn a_point_takes_the_place_of_the_one_with_its_id(index: &mut dyn Index) {
    index.upsert(&[with_vectors(1, [1.0, 0.0, 0.0, 0.0], &[(1, 1.0)]), point(2)]).unwrap();
    let mut replaced = with_vectors(1, [0.0, 1.0, 0.0, 0.0], &[(9, 1.0)]);
    replaced.payload.text = String::from("new");
    index.upsert(&[replaced]).unwrap();
    assert_eq!(passing(index, &Filter::default()), [1, 2]);
    assert_eq!(found(index, &by_words(&[(9, 1.0)])), [1]);
    assert_eq!(index.payloads(&[Uuid::from_u128(1)]).unwrap()[0].1.text, "new");
    assert_eq!(found(index, &by_words(&[(1, 1.0)])), [2]);
    assert_eq!(found(index, &by_meaning([0.0, 1.0, 0.0, 0.0]))[0], 1);
}

pub(super) fn a_deleted_point_is_gone(index: &mut dyn Index) {
    index.upsert(&[point(1), point(2), point(3)]).unwrap();
    index.delete(&[Uuid::from_u128(2), Uuid::from_u128(99)]).unwrap();
    index.delete(&[]).unwrap();
    assert_eq!(passing(index, &Filter::default()), [1, 3]);
    assert_eq!(found(index, &by_meaning([1.0, 0.0, 0.0, 0.0])), [1, 3]);
    assert_eq!(found(index, &by_words(&[(1, 1.0)])), [1, 3]);
    assert_eq!(index.payloads(&[Uuid::from_u128(2)]).unwrap(), []);
}

pub(super) fn a_rare_term_weighs_more_than_a_common_one(index: &mut dyn Index) {
    let mut points: Vec<_> =
        (1..=20).map(|number| with_vectors(number, [1.0; DIMENSION], &[(1, 1.5)])).collect();
    points.push(with_vectors(21, [1.0; DIMENSION], &[(2, 1.0)]));
    index.upsert(&points).unwrap();
    assert_eq!(found(index, &by_words(&[(1, 1.0), (2, 1.0)]))[0], 21);
}

pub(super) fn each_vector_has_an_order_of_its_own(index: &mut dyn Index) {
    let points = [
        with_vectors(1, [1.0, 0.0, 0.0, 0.0], &[(1, 1.0)]),
        with_vectors(2, [1.0, 1.0, 0.0, 0.0], &[(1, 2.0)]),
        with_vectors(3, [0.0, 1.0, 0.0, 0.0], &[(1, 3.0)]),
    ];
    index.upsert(&points).unwrap();
    assert_eq!(found(index, &by_meaning([1.0, 0.0, 0.0, 0.0])), [1, 2, 3]);
    assert_eq!(found(index, &by_words(&[(1, 1.0)])), [3, 2, 1]);
}

pub(super) fn equal_scores_come_in_the_same_order_each_time(index: &mut dyn Index) {
    let points: Vec<_> =
        (1..=8).map(|number| with_vectors(number, [1.0, 0.0, 0.0, 0.0], &[(1, 1.0)])).collect();
    index.upsert(&points).unwrap();
    for _ in 0..10 {
        assert_eq!(found(index, &by_meaning([1.0, 0.0, 0.0, 0.0])), [1, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(found(index, &by_words(&[(1, 1.0)])), [1, 2, 3, 4, 5, 6, 7, 8]);
    }
}

pub(super) fn a_search_for_nothing_finds_nothing(index: &mut dyn Index) {
    index.upsert(&[point(1)]).unwrap();
    assert_eq!(found(index, &by_words(&[])), []);
    let none = Search { limit: 0, ..by_meaning([1.0, 0.0, 0.0, 0.0]) };
    assert_eq!(found(index, &none), []);
    assert_eq!(found(index, &by_words(&[(42, 1.0)])), []);
    assert_eq!(index.payloads(&[]).unwrap(), []);
}

/// Points 1 to 3 are the days from 30 December 2021 to 1 January 2022, 4 is the year 2022,
/// 5 is 31 December 2022, 6 the first day after that, 7 has no date.
fn year(index: &mut dyn Index) {
    let points = [
        dated(1, date(2021, 12, 30), date(2021, 12, 31)),
        dated(2, date(2021, 12, 31), date(2022, 1, 1)),
        dated(3, date(2022, 1, 1), date(2022, 1, 2)),
        dated(4, date(2022, 1, 1), date(2023, 1, 1)),
        dated(5, date(2022, 12, 31), date(2023, 1, 1)),
        dated(6, date(2023, 1, 1), date(2023, 1, 2)),
        point(7),
    ];
    index.upsert(&points).unwrap();
}

fn within(spans: &[Option<Span>]) -> Filter {
    Filter { spans: spans.iter().map(|span| span.unwrap()).collect(), ..Filter::default() }
}

fn without(spans: &[Option<Span>]) -> Filter {
    Filter { without: within(spans).spans, ..Filter::default() }
}

pub(super) fn a_span_is_half_open_on_both_sides(index: &mut dyn Index) {
    year(index);
    let check = |span: Option<Span>, expected: &[u128]| {
        assert_eq!(passing(index, &within(&[span])), expected, "{}", span.unwrap());
    };
    check(Span::year(2022), &[3, 4, 5]);
    check(Span::year(2021), &[1, 2]);
    check(Span::year(2023), &[6]);
    check(Span::day(date(2021, 12, 31)), &[2]);
    check(Span::day(date(2022, 6, 1)), &[4]);
    check(Span::new(date(2021, 12, 31), date(2022, 1, 2)), &[2, 3, 4]);
    check(Span::new(Span::MIN, date(2022, 1, 1)), &[1, 2]);
    check(Span::new(date(2023, 1, 1), Span::MAX), &[6]);
    check(Span::year(1999), &[]);
}

pub(super) fn several_spans_are_alternatives(index: &mut dyn Index) {
    year(index);
    assert_eq!(passing(index, &within(&[Span::year(2021), Span::year(2023)])), [1, 2, 6]);
    let overlapping = within(&[Span::year(2022), Span::month(2022, 12)]);
    assert_eq!(passing(index, &overlapping), [3, 4, 5]);
}

pub(super) fn an_undated_point_passes_no_span(index: &mut dyn Index) {
    year(index);
    let ever = within(&[Span::new(Span::MIN, Span::MAX)]);
    assert_eq!(passing(index, &ever), [1, 2, 3, 4, 5, 6]);
    assert_eq!(passing(index, &Filter::default()), [1, 2, 3, 4, 5, 6, 7]);
}

pub(super) fn a_left_out_span_leaves_out_what_overlaps_it(index: &mut dyn Index) {
    year(index);
    assert_eq!(passing(index, &without(&[Span::year(2022)])), [1, 2, 6, 7]);
    assert_eq!(passing(index, &without(&[Span::year(2021), Span::year(2023)])), [3, 4, 5, 7]);
    let both = Filter {
        without: within(&[Span::month(2022, 12)]).spans,
        ..within(&[Span::years(2021, 2022)])
    };
    assert_eq!(passing(index, &both), [1, 2, 3]);
}

pub(super) fn only_a_single_day_is_on_a_weekday(index: &mut dyn Index) {
    let on = |number: u128, start: Date, end: Date, weekday: Option<&str>| {
        let mut point = dated(number, start, end);
        point.payload.weekday = weekday.map(str::to_owned);
        point
    };
    let points = [
        on(1, date(2022, 3, 14), date(2022, 3, 15), Some("monday")),
        on(2, date(2022, 3, 19), date(2022, 3, 20), Some("saturday")),
        on(3, date(2022, 3, 20), date(2022, 3, 21), Some("sunday")),
        on(4, date(2022, 3, 1), date(2022, 4, 1), None),
        point(5),
    ];
    index.upsert(&points).unwrap();
    let check = |weekdays: Weekdays, expected: &[u128]| {
        assert_eq!(passing(index, &Filter { weekdays, ..Filter::default() }), expected);
    };
    check(Weekday::Monday.into(), &[1]);
    check(Weekday::Tuesday.into(), &[]);
    check(Weekdays::WEEKEND, &[2, 3]);
    check(Weekdays::default(), &[1, 2, 3, 4, 5]);
}

pub(super) fn every_tag_must_be_there(index: &mut dyn Index) {
    index.upsert(&[tagged(1, &["rust", "été"]), tagged(2, &["rust"]), point(3)]).unwrap();
    let check = |tags: &[&str], expected: &[u128]| {
        let tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
        assert_eq!(passing(index, &Filter { tags, ..Filter::default() }), expected);
    };
    check(&["rust"], &[1, 2]);
    check(&["rust", "été"], &[1]);
    check(&["rus"], &[]);
}

pub(super) fn one_mention_of_those_asked_for_is_enough(index: &mut dyn Index) {
    let mentioning = |number: u128, dates: &[&str]| {
        let mut point = point(number);
        point.payload.mentions = dates.iter().map(|date| (*date).to_owned()).collect();
        point
    };
    let points = [mentioning(1, &["2024", "2024-03"]), mentioning(2, &["2023"]), point(3)];
    index.upsert(&points).unwrap();
    let check = |dates: &[&str], expected: &[u128]| {
        let mentions = dates.iter().map(|date| (*date).to_owned()).collect();
        assert_eq!(passing(index, &Filter { mentions, ..Filter::default() }), expected);
    };
    check(&["2024"], &[1]);
    check(&["2024-03", "2023"], &[1, 2]);
    check(&["2022"], &[]);
}

pub(super) fn a_note_is_its_root_and_its_path(index: &mut dyn Index) {
    let note = |number: u128, root: &str, path: &str| {
        let mut point = point(number);
        point.payload.root = String::from(root);
        point.payload.path = String::from(path);
        point
    };
    let points = [
        note(1, "home", "a.md"),
        note(2, "home", "b c/é.md"),
        note(3, "work", "a.md"),
        note(4, "work", "b c/é.md"),
    ];
    index.upsert(&points).unwrap();
    let check = |notes: &[(&str, &str)], expected: &[u128]| {
        let notes =
            notes.iter().map(|(root, path)| ((*root).to_owned(), (*path).to_owned())).collect();
        assert_eq!(passing(index, &Filter { notes, ..Filter::default() }), expected);
    };
    check(&[("home", "a.md")], &[1]);
    check(&[("home", "a.md"), ("work", "b c/é.md")], &[1, 4]);
    check(&[("home", "a.md"), ("home", "b c/é.md")], &[1, 2]);
    check(&[("home", "missing.md")], &[]);
}

pub(super) fn a_filter_holds_inside_the_search(index: &mut dyn Index) {
    let mut points: Vec<_> = (1..=50)
        .map(|number| {
            let mut point = with_vectors(number, [1.0, 0.0, 0.0, 0.0], &[(1, 2.0)]);
            point.payload.tags = vec!["near".to_owned()];
            point
        })
        .collect();
    let mut far = with_vectors(99, [0.1, 1.0, 0.0, 0.0], &[(1, 0.1)]);
    far.payload.tags = vec!["far".to_owned()];
    points.push(far);
    index.upsert(&points).unwrap();
    for mut search in [by_meaning([1.0, 0.0, 0.0, 0.0]), by_words(&[(1, 1.0)])] {
        search.filter.tags = vec!["far".to_owned()];
        search.limit = 5;
        assert_eq!(found(index, &search), [99]);
    }
}

pub(super) fn a_scroll_gives_back_every_point_once(index: &mut dyn Index) {
    const POINTS: u128 = 3000;
    let points: Vec<_> = (1..=POINTS)
        .map(|number| tagged(number, if number % 3 == 0 { &["third"] } else { &[] }))
        .collect();
    index.upsert(&points).unwrap();
    let ids: BTreeSet<_> = passing(index, &Filter::default()).into_iter().collect();
    assert_eq!(ids, (1..=POINTS).collect());
    let third = Filter { tags: vec!["third".to_owned()], ..Filter::default() };
    assert_eq!(passing(index, &third).len(), 1000);
}

/// Fault 88: another dimension.
pub(super) fn a_vector_of_another_dimension_is_refused(index: &mut dyn Index) {
    let other = Point { dense: Some(vec![1.0; DIMENSION + 1]), ..point(1) };
    assert_eq!(index.upsert(&[other]).unwrap_err().exit(), Exit::OtherIndex);
    let query = Query::Dense(vec![1.0; DIMENSION - 1]);
    let other = Search { query, ..by_words(&[]) };
    assert_eq!(index.search(&other).unwrap_err().exit(), Exit::OtherIndex);
    assert_eq!(passing(index, &Filter::default()), []);
}

pub(super) fn a_point_without_vectors_is_still_counted(index: &mut dyn Index) {
    let bare = Point { dense: None, sparse: SparseVector::default(), ..point(1) };
    index.upsert(&[bare, point(2)]).unwrap();
    assert_eq!(passing(index, &Filter::default()), [1, 2]);
    assert_eq!(found(index, &by_meaning([1.0, 0.0, 0.0, 0.0])), [2]);
    assert_eq!(found(index, &by_words(&[(1, 1.0)])), [2]);
}

pub(super) fn a_point_is_given_back_whole(index: &mut dyn Index) {
    let mut first = with_vectors(1, [0.6, 0.8, 0.0, 0.0], &[(3, 0.25), (4_000_000_000, 2.0)]);
    first.payload.mentions = vec!["2022".to_owned()];
    let bare = Point { dense: None, sparse: SparseVector::default(), ..point(2) };
    index.upsert(&[first.clone(), bare.clone(), point(3)]).unwrap();
    let mut found = index.points(&[first.id, bare.id, Uuid::from_u128(9)]).unwrap();
    found.sort_by_key(|point| point.id);
    assert_eq!(found, [first, bare]);
    assert_eq!(index.points(&[]).unwrap(), []);
}

pub(super) fn every_id_is_named_once(index: &mut dyn Index) {
    let points: Vec<_> = (1..=2500).map(point).collect();
    index.upsert(&points).unwrap();
    index.upsert(&points[..10]).unwrap();
    index.delete(&[point(7).id]).unwrap();
    let mut ids = index.ids().unwrap();
    ids.sort_unstable();
    let expected: Vec<Uuid> =
        points.iter().map(|point| point.id).filter(|id| *id != point(7).id).collect();
    assert_eq!(ids, expected);
}
