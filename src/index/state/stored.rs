//! What the state holds of one note.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension as _, params};

use super::{NoteState, State, entry_of_row};
use crate::{
    error::{Context as _, Result},
    logbook::{Source, Span},
};

/// The notes with entries that nothing in them dates, by root and path, each with the days that
/// these entries have from outside of it.
pub type WeakDates = BTreeMap<(String, String), Option<Span>>;

impl State {
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
        Ok(NoteState {
            entries,
            points: self.points(root, path)?,
            warnings: warnings.unwrap_or_default(),
        })
    }
}
