//! The one schema of both engines: the vectors of a point and the fields that are filtered on.

use std::fmt;

use serde_json::{Map, Value};

use crate::{
    error::{Context as _, Error, Exit, Result},
    services::{Payload, Point, Query, Search},
};

/// What the points of an index look like.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Schema {
    /// The number of components of the dense vectors; none when the index has no model.
    pub dimension: Option<usize>,
}

/// The name of the embedding, compared by its cosine.
pub(super) const DENSE: &str = "dense";
/// The name of the term weights, which the engine multiplies by the inverse document frequency.
pub(super) const SPARSE: &str = "sparse";

/// The first day of the entry.
pub(super) const SPAN_START: &str = "span_start";
/// The day after the entry's last.
pub(super) const SPAN_END: &str = "span_end";
/// What else a point is found by, as the texts of [`Key`]: one field, since the engine reads some files of
/// each whenever it opens the index.
pub(super) const KEYS: &str = "keys";

/// A text that a point is found by.
#[derive(Clone, Copy, Debug)]
pub(super) enum Key<'a> {
    /// The weekday of an entry of one day.
    Weekday(&'a str),
    /// A tag of the entry.
    Tag(&'a str),
    /// A date that the chunk mentions.
    Mention(&'a str),
    /// The note, by its logbook folder and its path below it.
    Note(&'a str, &'a str),
}

impl fmt::Display for Key<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Weekday(name) => write!(formatter, "weekday:{name}"),
            Self::Tag(tag) => write!(formatter, "tag:{tag}"),
            Self::Mention(date) => write!(formatter, "mention:{date}"),
            // A path has no two slashes in a row.
            Self::Note(root, path) => write!(formatter, "note:{root}//{path}"),
        }
    }
}

/// How a field is indexed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Field {
    /// Whole numbers, for ranges.
    Integer,
    /// Texts, for equality.
    Keyword,
}

/// The fields that are filtered on.
pub(super) const FIELDS: [(&str, Field); 3] =
    [(SPAN_START, Field::Integer), (SPAN_END, Field::Integer), (KEYS, Field::Keyword)];

impl Schema {
    /// Refuses points whose embedding is not of this schema.
    pub(super) fn check_points(self, points: &[Point]) -> Result<()> {
        points.iter().filter_map(|point| point.dense.as_deref()).try_for_each(|dense| {
            self.check_dimension(dense.len(), "the index was asked to store a vector")
        })
    }

    /// Refuses a search whose embedding is not of this schema.
    pub(super) fn check_search(self, search: &Search) -> Result<()> {
        match &search.query {
            Query::Dense(dense) => {
                self.check_dimension(dense.len(), "the index was asked for a vector")
            }
            Query::Sparse(_) => Ok(()),
        }
    }

    fn check_dimension(self, found: usize, what: &str) -> Result<()> {
        if self.dimension == Some(found) {
            return Ok(());
        }
        let expected = describe_dimension(self.dimension);
        Err(Error::new(
            Exit::OtherIndex,
            format!("{what} of {found} components, but holds {expected}"),
        ))
    }
}

/// The error of an index whose vectors are not those of the configuration.
pub(super) fn other_dimension(
    index: &str,
    found: Option<usize>,
    configured: Option<usize>,
) -> Error {
    Error::new(
        Exit::OtherIndex,
        format!(
            "{index} holds {}, and the configured model needs {}",
            describe_dimension(found),
            describe_dimension(configured)
        ),
    )
    .hint("set the model that the index was made with, or build the index anew")
}

fn describe_dimension(dimension: Option<usize>) -> String {
    dimension.map_or_else(
        || "no embeddings".to_owned(),
        |dimension| format!("embeddings of {dimension} components"),
    )
}

/// The payload as the engine stores it.
pub(super) fn payload_to_json(payload: &Payload) -> Result<Map<String, Value>> {
    let value = serde_json::to_value(payload)
        .context(|| format!("the payload of {} can't be stored", payload.path))?;
    match value {
        Value::Object(mut fields) => {
            fields.insert(KEYS.to_owned(), keys(payload).into());
            Ok(fields)
        }
        other => Err(Error::failed(format!("a payload is no object but {other}"))),
    }
}

/// What a point is found by.
fn keys(payload: &Payload) -> Vec<String> {
    let note = Key::Note(&payload.root, &payload.path);
    let weekday = payload.weekday.as_deref().map(Key::Weekday);
    let tags = payload.tags.iter().map(|tag| Key::Tag(tag));
    let mentions = payload.mentions.iter().map(|date| Key::Mention(date));
    let keys = [note].into_iter().chain(weekday).chain(tags).chain(mentions);
    keys.map(|key| key.to_string()).collect()
}

/// A payload as the engine gives it back.
pub(super) fn payload_from_json(fields: Map<String, Value>) -> Result<Payload> {
    serde_json::from_value(Value::Object(fields)).map_err(|source| {
        Error::new(Exit::OtherIndex, "a stored payload is not of this version's schema")
            .caused_by(source)
            .hint("build the index anew")
    })
}
