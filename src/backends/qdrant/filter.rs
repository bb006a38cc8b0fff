//! The translation of a filter: once into the few conditions that are used, then into the types
//! of each engine.
//!
//! A point without a span has no number to compare, so that no condition on days lets it pass.

use super::schema::{KEYS, Key, SPAN_END, SPAN_START};
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
    /// The point has one of these keys.
    OneOf(Vec<String>),
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
            must.push(one_of(filter.weekdays.iter().map(|it| Key::Weekday(weekday_key(it)))));
        }
        must.extend(filter.tags.iter().map(|tag| one_of([Key::Tag(tag)])));
        if !filter.mentions.is_empty() {
            must.push(one_of(filter.mentions.iter().map(|date| Key::Mention(date))));
        }
        if !filter.notes.is_empty() {
            must.push(one_of(filter.notes.iter().map(|(root, path)| Key::Note(root, path))));
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

fn one_of<'a>(keys: impl IntoIterator<Item = Key<'a>>) -> Condition {
    Condition::OneOf(keys.into_iter().map(|key| key.to_string()).collect())
}

/// The filter of Qdrant Edge.
#[cfg(feature = "embedded")]
pub(super) mod edge {
    use qdrant_edge::{
        Condition as EdgeCondition, FieldCondition, Filter, JsonPath, Match, Range,
        external::ordered_float::OrderedFloat,
    };

    use super::{Condition, Conditions, KEYS};

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
            Condition::OneOf(keys) => {
                EdgeCondition::Field(FieldCondition::new_match(json_path(KEYS), Match::from(keys)))
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

    use super::{Condition, Conditions, KEYS};

    pub(in super::super) fn filter(conditions: Conditions) -> Filter {
        Filter {
            must: conditions.must.into_iter().map(condition).collect(),
            must_not: conditions.must_not.into_iter().map(condition).collect(),
            ..Filter::default()
        }
    }

    fn condition(condition: Condition) -> ServerCondition {
        match condition {
            Condition::OneOf(keys) => ServerCondition::matches(KEYS, keys),
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
    fn what_a_filter_names_is_sought_by_its_keys() {
        let note = |root: &str, path: &str| (root.to_owned(), path.to_owned());
        let filter = Filter {
            tags: vec!["rust".to_owned(), "work".to_owned()],
            mentions: vec!["2022-03".to_owned()],
            notes: vec![note("home", "a.md"), note("work", "a.md")],
            ..Filter::default()
        };
        let one_of =
            |keys: &[&str]| Condition::OneOf(keys.iter().map(|key| (*key).to_owned()).collect());
        let must = vec![
            one_of(&["tag:rust"]),
            one_of(&["tag:work"]),
            one_of(&["mention:2022-03"]),
            one_of(&["note:home//a.md", "note:work//a.md"]),
        ];
        assert_eq!(Conditions::of(&filter), Some(Conditions::all(must)));
    }
}
