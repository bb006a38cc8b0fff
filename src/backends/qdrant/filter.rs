//! The translation of a filter: once into the few conditions that are used, then into the types
//! of each engine.
//!
//! A point without a span has no number to compare, so that no condition on days lets it pass.

use std::collections::BTreeMap;

use super::schema::{MENTIONS, PATH, ROOT, SPAN_END, SPAN_START, TAGS, WEEKDAY};
use crate::{
    logbook::{Span, weekday_key},
    services::Filter,
};

/// Conditions of a filter: all of `must` hold and none of `must_not`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Conditions {
    must: Vec<Condition>,
    must_not: Vec<Condition>,
}

/// One condition on a point.
#[derive(Clone, Debug, PartialEq)]
enum Condition {
    /// The field has one of these texts.
    OneOf(&'static str, Vec<String>),
    /// The field is less than this.
    Less(&'static str, i32),
    /// The field is greater than this.
    Greater(&'static str, i32),
    /// Any of these holds.
    Any(Vec<Conditions>),
}

impl Conditions {
    /// The conditions of a filter; none when everything passes.
    pub(super) fn of(filter: &Filter) -> Option<Self> {
        let mut must = Vec::new();
        if !filter.spans.is_empty() {
            must.push(overlaps_any(&filter.spans));
        }
        if !filter.weekdays.is_empty() {
            let names = filter.weekdays.iter().map(|weekday| weekday_key(weekday).to_owned());
            must.push(Condition::OneOf(WEEKDAY, names.collect()));
        }
        for tag in &filter.tags {
            must.push(Condition::OneOf(TAGS, vec![tag.clone()]));
        }
        if !filter.mentions.is_empty() {
            must.push(Condition::OneOf(MENTIONS, filter.mentions.clone()));
        }
        if !filter.notes.is_empty() {
            must.push(any_note(&filter.notes));
        }
        let must_not: Vec<_> = (!filter.without.is_empty())
            .then(|| overlaps_any(&filter.without))
            .into_iter()
            .collect();
        (!must.is_empty() || !must_not.is_empty()).then_some(Self { must, must_not })
    }

    fn all(must: Vec<Condition>) -> Self {
        Self { must, must_not: Vec::new() }
    }
}

/// Two half-open intervals share a day when each begins before the other ends.
fn overlaps_any(spans: &[Span]) -> Condition {
    Condition::Any(
        spans
            .iter()
            .map(|span| {
                Conditions::all(vec![
                    Condition::Less(SPAN_START, span.end_number()),
                    Condition::Greater(SPAN_END, span.start_number()),
                ])
            })
            .collect(),
    )
}

fn any_note(notes: &[(String, String)]) -> Condition {
    let mut paths: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (root, path) in notes {
        paths.entry(root).or_default().push(path.clone());
    }
    Condition::Any(
        paths
            .into_iter()
            .map(|(root, paths)| {
                Conditions::all(vec![
                    Condition::OneOf(ROOT, vec![root.to_owned()]),
                    Condition::OneOf(PATH, paths),
                ])
            })
            .collect(),
    )
}

/// The filter of Qdrant Edge.
#[cfg(feature = "embedded")]
pub(super) mod edge {
    use qdrant_edge::{
        Condition as EdgeCondition, FieldCondition, Filter, JsonPath, Match, Range,
        external::ordered_float::OrderedFloat,
    };

    use super::{Condition, Conditions};

    pub(in super::super) fn filter(conditions: Conditions) -> Filter {
        let translate = |conditions: Vec<Condition>| {
            (!conditions.is_empty()).then(|| conditions.into_iter().map(condition).collect())
        };
        Filter {
            must: translate(conditions.must),
            must_not: translate(conditions.must_not),
            ..Filter::new()
        }
    }

    fn condition(condition: Condition) -> EdgeCondition {
        match condition {
            Condition::OneOf(key, texts) => {
                EdgeCondition::Field(FieldCondition::new_match(json_path(key), Match::from(texts)))
            }
            Condition::Less(key, number) => {
                range(key, Range { lt: Some(f64::from(number).into()), ..unbounded() })
            }
            Condition::Greater(key, number) => {
                range(key, Range { gt: Some(f64::from(number).into()), ..unbounded() })
            }
            Condition::Any(alternatives) => EdgeCondition::Filter(Filter {
                should: Some(
                    alternatives
                        .into_iter()
                        .map(|conditions| EdgeCondition::Filter(filter(conditions)))
                        .collect(),
                ),
                ..Filter::new()
            }),
        }
    }

    fn range(key: &str, range: Range<OrderedFloat<f64>>) -> EdgeCondition {
        EdgeCondition::Field(FieldCondition::new_range(json_path(key), range))
    }

    fn json_path(key: &str) -> JsonPath {
        JsonPath { first_key: key.to_owned(), rest: Vec::new() }
    }

    fn unbounded() -> Range<OrderedFloat<f64>> {
        Range { lt: None, gt: None, gte: None, lte: None }
    }
}

/// The filter of a Qdrant server.
pub(super) mod server {
    use qdrant_client::qdrant::{Condition as ServerCondition, Filter, Range};

    use super::{Condition, Conditions};

    pub(in super::super) fn filter(conditions: Conditions) -> Filter {
        Filter {
            must: conditions.must.into_iter().map(condition).collect(),
            must_not: conditions.must_not.into_iter().map(condition).collect(),
            ..Filter::default()
        }
    }

    fn condition(condition: Condition) -> ServerCondition {
        match condition {
            Condition::OneOf(key, texts) => ServerCondition::matches(key, texts),
            Condition::Less(key, number) => ServerCondition::range(
                key,
                Range { lt: Some(f64::from(number)), ..Range::default() },
            ),
            Condition::Greater(key, number) => ServerCondition::range(
                key,
                Range { gt: Some(f64::from(number)), ..Range::default() },
            ),
            Condition::Any(alternatives) => ServerCondition::from(Filter {
                should: alternatives
                    .into_iter()
                    .map(|conditions| ServerCondition::from(filter(conditions)))
                    .collect(),
                ..Filter::default()
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_filter_has_no_conditions() {
        assert_eq!(Conditions::of(&Filter::default()), None);
    }

    #[test]
    fn the_notes_of_a_root_are_one_condition() {
        let note = |root: &str, path: &str| (root.to_owned(), path.to_owned());
        let filter = Filter {
            notes: vec![note("home", "a.md"), note("work", "a.md"), note("home", "b.md")],
            ..Filter::default()
        };
        let one_of = |root: &str, paths: &[&str]| {
            Conditions::all(vec![
                Condition::OneOf(ROOT, vec![root.to_owned()]),
                Condition::OneOf(PATH, paths.iter().map(|path| (*path).to_owned()).collect()),
            ])
        };
        let any = vec![one_of("home", &["a.md", "b.md"]), one_of("work", &["a.md"])];
        assert_eq!(Conditions::of(&filter), Some(Conditions::all(vec![Condition::Any(any)])),);
    }
}
