//! Rows of the state's tables, and the columns of theirs that hold JSON or the ids of points.

use rusqlite::{Row, types::Type};
use serde::{Deserialize, Serialize, de::value::BorrowedStrDeserializer};
use serde_json::Value;
use uuid::Uuid;

use super::EntryRecord;
use crate::logbook::{Lines, Span};

/// How many bytes an id has.
pub(super) const ID_BYTES: usize = 16;

/// The entry of a row.
pub(super) fn entry_of_row(row: &Row<'_>) -> rusqlite::Result<EntryRecord> {
    let start: Option<i32> = row.get(6)?;
    let end: Option<i32> = row.get(7)?;
    Ok(EntryRecord {
        root: row.get(0)?,
        path: row.get(1)?,
        ordinal: row.get(2)?,
        title: row.get(3)?,
        lines: Lines { first: row.get(4)?, last: row.get(5)? },
        span: start.zip(end).and_then(|(start, end)| Span::from_numbers(start, end)),
        precision: named(row, 8)?,
        source: named(row, 9)?,
        tags: from_json(row, 10)?,
    })
}

/// The ids of points as a column holds them: one after the other, [`ID_BYTES`] each.
pub(super) fn bytes_of_ids(ids: &[Uuid]) -> Vec<u8> {
    ids.iter().flat_map(|id| id.into_bytes()).collect()
}

/// The ids of points of a column.
pub(super) fn ids_of_row(row: &Row<'_>, column: usize) -> rusqlite::Result<Vec<Uuid>> {
    let bytes = row.get_ref(column)?.as_blob()?;
    let (ids, _) = bytes.as_chunks::<ID_BYTES>();
    Ok(ids.iter().copied().map(Uuid::from_bytes).collect())
}

/// A value as a column holds it.
pub(super) fn json<T: Serialize>(value: &T) -> rusqlite::Result<String> {
    serde_json::to_string(value)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

/// The name of a value that has one, as a column holds it.
pub(super) fn name<T: Serialize>(value: &T) -> rusqlite::Result<String> {
    match serde_json::to_value(value) {
        Ok(Value::String(name)) => Ok(name),
        Ok(other) => {
            Err(rusqlite::Error::ToSqlConversionFailure(format!("{other} is no name").into()))
        }
        Err(error) => Err(rusqlite::Error::ToSqlConversionFailure(error.into())),
    }
}

/// The value of a column that holds its name; none when it is null.
fn named<'a, T: Deserialize<'a>>(row: &'a Row<'_>, column: usize) -> rusqlite::Result<Option<T>> {
    let name = row.get_ref(column)?.as_str_or_null()?;
    let read = |name: &'a str| {
        let deserializer = BorrowedStrDeserializer::<serde::de::value::Error>::new(name);
        T::deserialize(deserializer).map_err(|error| unreadable(column, error))
    };
    name.map(read).transpose()
}

/// The value of a column that holds JSON.
fn from_json<T: Default + for<'a> Deserialize<'a>>(
    row: &Row<'_>,
    column: usize,
) -> rusqlite::Result<T> {
    match row.get_ref(column)?.as_str()? {
        // Most notes have none, and reading JSON takes a while.
        "[]" => Ok(T::default()),
        value => serde_json::from_str(value).map_err(|error| unreadable(column, error)),
    }
}

fn unreadable(
    column: usize,
    error: impl std::error::Error + Send + Sync + 'static,
) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, error.into())
}
