//! What the state holds of each note beside its record.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension as _, Row, params};
use uuid::Uuid;

use super::{IDENTITY, NoteState, State, builds::INTERNAL, bytes_of_ids, entry_of_row, ids_of_row};
use crate::{
    error::{Context as _, Result},
    logbook::{Source, Span, Warning},
};

/// The notes with entries that nothing in them dates, by root and path, each with the days that
/// these entries have from outside of it.
pub type WeakDates = BTreeMap<(String, String), Option<Span>>;

/// The ids of the points of a note, with its root and its path.
pub type NamedPoints = ((String, String), Vec<Uuid>);

/// The notes of which a part could not be read, by root and path, each with the reason.
pub type Unread = BTreeMap<(String, String), Warning>;

impl State {
    /// What is wrong with notes that could be read all the same, as `path:line: reason`.
    ///
    /// # Errors
    /// When the state can't be read.
    pub fn warnings(&self) -> Result<Vec<String>> {
        let rows: Vec<(String, String)> = self.rows(
            "SELECT path, warnings FROM notes WHERE warnings <> '[]' ORDER BY path",
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        Ok(rows
            .into_iter()
            .flat_map(|(path, warnings)| {
                let warnings: Vec<String> = serde_json::from_str(&warnings).unwrap_or_default();
                warnings.into_iter().map(move |warning| format!("{path}:{warning}"))
            })
            .collect())
    }

    /// The notes of which a part could not be read.
    ///
    /// # Errors
    /// When the state can't be read.
    pub fn unread(&self) -> Result<Unread> {
        let rows = self.rows("SELECT root, path, line_number, reason FROM unread", |row| {
            let warning = Warning { line_number: row.get(2)?, reason: row.get(3)? };
            Ok(((row.get(0)?, row.get(1)?), warning))
        })?;
        Ok(rows.into_iter().collect())
    }

    /// The notes with entries that nothing in them dates.
    ///
    /// # Errors
    /// When the state can't be read.
    pub fn weak_dates(&self) -> Result<WeakDates> {
        let outside = [Source::History, Source::ModifiedTime];
        let entries = self.entries()?.into_iter();
        let weak = entries.filter(|entry| entry.source.is_none_or(|it| outside.contains(&it)));
        Ok(weak.map(|entry| ((entry.root, entry.path), entry.span)).collect())
    }

    /// The ids of the points of each note, by root and path.
    ///
    /// # Errors
    /// When the state can't be read.
    pub fn named_points(&self) -> Result<Vec<NamedPoints>> {
        self.rows("SELECT root, path, points FROM notes ORDER BY root, path", |row| {
            Ok(((row.get(0)?, row.get(1)?), ids_of_row(row, 2)?))
        })
    }

    /// Whether any point was committed.
    ///
    /// # Errors
    /// When the state can't be read.
    pub fn has_points(&self) -> Result<bool> {
        self.connection
            .query_row("SELECT EXISTS (SELECT 1 FROM notes WHERE points <> x'')", [], |row| {
                row.get(0)
            })
            .context(|| "can't read the state".to_owned())
    }

    /// Says which points a note has.
    ///
    /// # Errors
    /// When the state can't be written.
    pub fn set_points(&self, root: &str, path: &str, points: &[Uuid]) -> Result<()> {
        let set = "UPDATE notes SET points = ?3 WHERE root = ?1 AND path = ?2";
        self.connection
            .execute(set, params![root, path, bytes_of_ids(points)])
            .map(drop)
            .context(|| format!("can't write {path} to the state"))
    }

    /// What is known of the logbook as a whole, without what is said of this index alone.
    ///
    /// # Errors
    /// When the state can't be read.
    pub fn facts(&self) -> Result<BTreeMap<String, String>> {
        let rows: Vec<(String, String)> = self
            .rows("SELECT key, value FROM facts ORDER BY key", |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        let is_own = |key: &str| key == IDENTITY || INTERNAL.contains(&key);
        Ok(rows.into_iter().filter(|(key, _)| !is_own(key)).collect())
    }

    /// Everything that is stored of a note; nothing when it was never committed.
    ///
    /// # Errors
    /// When the state can't be read.
    pub fn stored(&self, root: &str, path: &str) -> Result<NoteState> {
        let entries = self
            .connection
            .prepare_cached(
                "SELECT root, path, ordinal, title, line_first, line_last, span_start, span_end,
                    precision, source, tags FROM entries
                 WHERE root = ?1 AND path = ?2 ORDER BY ordinal",
            )
            .and_then(|mut statement| {
                statement.query_map(params![root, path], entry_of_row)?.collect()
            })
            .context(|| format!("can't read the entries of {path}"))?;
        let warnings: Option<String> = self
            .connection
            .prepare_cached("SELECT warnings FROM notes WHERE root = ?1 AND path = ?2")
            .and_then(|mut statement| {
                statement.query_row(params![root, path], |row| row.get(0)).optional()
            })
            .context(|| format!("can't read {path} from the state"))?;
        let warnings = warnings.and_then(|warnings| serde_json::from_str(&warnings).ok());
        let unread = self
            .connection
            .prepare_cached("SELECT line_number, reason FROM unread WHERE root = ?1 AND path = ?2")
            .and_then(|mut statement| {
                let read =
                    |row: &Row<'_>| Ok(Warning { line_number: row.get(0)?, reason: row.get(1)? });
                statement.query_row(params![root, path], read).optional()
            })
            .context(|| format!("can't read {path} from the state"))?;
        Ok(NoteState {
            entries,
            points: self.points(root, path)?,
            warnings: warnings.unwrap_or_default(),
            unread,
        })
    }
}
