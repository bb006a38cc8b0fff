//! The state of a logbook's index, in SQLite: which notes are stored in which version, their
//! entries and points, the embeddings so far, the maps of recaps, and the turns of conversations.
//!
//! The notes are the truth and the index is derived from them; the state says what was committed.

use std::{path::Path, time::Duration};

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

mod builds;
mod purge;
mod seal;
mod sessions;
mod stored;
mod vocabulary;

pub use builds::{Build, Placed};
pub use seal::{Seal, Sums};
pub use sessions::{Session, Turn};
pub use stored::{NamedPoints, Unread, WeakDates};

use super::{
    Committed,
    rows::{ID_BYTES, bytes_of_ids, entry_of_row, ids_of_row, json, name},
};
use crate::{
    error::{Context as _, Error, Exit, Result},
    failpoint::{Step, reach},
    logbook::{Dating, Lines, Precision, Source, Span, Warning},
};

/// What an index was made with; two that differ are never mixed.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Identity {
    /// The version of the tables, the payload and the vectors.
    pub schema: u32,
    /// The embedding model; `none` without one.
    pub model: String,
    /// The number of components of its vectors; none without one.
    pub dimension: Option<usize>,
    /// How entries are cut into chunks.
    pub chunker: String,
}

/// A note as the state knows it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NoteRecord {
    /// The name of the logbook folder that it lies in.
    pub root: String,
    /// Its path below that folder.
    pub path: String,
    /// Its size in bytes.
    pub size: u64,
    /// When it was last changed, in nanoseconds since 1970.
    pub modified: i64,
    /// The BLAKE3 hash of its bytes, as hexadecimal digits.
    pub version: String,
}

/// A note with what was stored of it.
#[derive(Clone, Debug, Default)]
pub struct NoteState {
    /// Its entries.
    pub entries: Vec<EntryRecord>,
    /// The ids of its points.
    pub points: Vec<Uuid>,
    /// What is wrong with it, as `line: reason`.
    pub warnings: Vec<String>,
    /// Why a part of it could not be read, where one could not; that is among the warnings too.
    pub unread: Option<Warning>,
}

/// An entry as the state knows it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct EntryRecord {
    /// The name of the logbook folder.
    pub root: String,
    /// The path of its note.
    pub path: String,
    /// Which entry of the note, from zero.
    pub ordinal: u32,
    /// What it is called.
    pub title: String,
    /// Its lines.
    pub lines: Lines,
    /// Its days; none when it is undated.
    pub span: Option<Span>,
    /// How exactly they were given.
    pub precision: Option<Precision>,
    /// What they were read from.
    pub source: Option<Source>,
    /// Its tags.
    pub tags: Vec<String>,
}

impl EntryRecord {
    /// What entries are ordered by: their days, those without any last, then their place.
    fn in_order(&self) -> impl Ord + use<'_> {
        let days = self.span.map(|span| (span.start_number(), span.end_number()));
        (days.is_none(), days, &self.root, &self.path, self.ordinal)
    }

    /// Takes the days and their provenance over from a dating.
    #[must_use]
    pub fn dated(mut self, dating: Option<&Dating>) -> Self {
        self.span = dating.map(|dating| dating.span);
        self.precision = dating.map(|dating| dating.precision);
        self.source = dating.map(|dating| dating.provenance.source);
        self
    }
}

/// The error of a question before anything was ingested.
#[must_use]
pub fn no_index() -> Error {
    Error::new(Exit::NoIndex, "no index yet").hint("make one with `twin ingest FOLDER`")
}

/// The database.
pub struct State {
    connection: Connection,
}

/// The fact that tells what the index is made with.
const IDENTITY: &str = "identity";
/// The tables that a rebuild makes anew.
const BUILD_TABLES: &str = include_str!("build.sql");
/// The tables that every build shares.
const SHARED_TABLES: &str = include_str!("shared.sql");

impl State {
    /// Opens the state, and makes it when there is none.
    ///
    /// # Errors
    /// When the file can't be written, or is not a state.
    pub fn create(path: &Path) -> Result<Self> {
        let connection =
            Connection::open(path).context(|| format!("can't open {}", path.display()))?;
        let state = Self { connection };
        state.prepare().context(|| format!("can't prepare {}", path.display()))?;
        Ok(state)
    }

    /// A state that is nowhere kept, for a run that writes nothing.
    ///
    /// # Errors
    /// When there is no memory for it.
    pub fn in_memory() -> Result<Self> {
        let connection =
            Connection::open_in_memory().context(|| "can't make a state".to_owned())?;
        let state = Self { connection };
        state.prepare().context(|| "can't prepare a state".to_owned())?;
        Ok(state)
    }

    /// Opens the state that is there.
    ///
    /// # Errors
    /// With [`Exit::NoIndex`] when there is none.
    pub fn open(path: &Path) -> Result<Self> {
        if !path.exists() {
            return Err(no_index());
        }
        Self::create(path)
    }

    fn prepare(&self) -> rusqlite::Result<()> {
        self.connection.busy_timeout(Duration::from_secs(10))?;
        self.connection.pragma_update(None, "journal_mode", "wal")?;
        self.connection.pragma_update(None, "synchronous", "full")?;
        // What is deleted is the text of notes: titles, tags, answers.
        self.connection.pragma_update(None, "secure_delete", "on")?;
        self.connection.execute_batch(BUILD_TABLES)?;
        self.connection.execute_batch(SHARED_TABLES)
    }

    /// What the index was made with; none while nothing was committed.
    ///
    /// # Errors
    /// When the state can't be read.
    pub fn identity(&self) -> Result<Option<Identity>> {
        let value = self.fact(IDENTITY)?;
        value
            .map(|value| serde_json::from_str(&value).context(|| "unreadable identity".to_owned()))
            .transpose()
    }

    /// Says what the index is made with.
    ///
    /// # Errors
    /// When the state can't be written.
    pub fn set_identity(&self, identity: &Identity) -> Result<()> {
        let value = serde_json::to_string(identity).context(|| "identity".to_owned())?;
        self.set_fact(IDENTITY, &value)
    }

    /// A fact by its key.
    ///
    /// # Errors
    /// When the state can't be read.
    pub fn fact(&self, key: &str) -> Result<Option<String>> {
        self.connection
            .query_row("SELECT value FROM facts WHERE key = ?1", [key], |row| row.get(0))
            .optional()
            .context(|| format!("can't read {key} from the state"))
    }

    /// Sets a fact.
    ///
    /// # Errors
    /// When the state can't be written.
    pub fn set_fact(&self, key: &str, value: &str) -> Result<()> {
        self.connection
            .execute("INSERT OR REPLACE INTO facts (key, value) VALUES (?1, ?2)", [key, value])
            .map(drop)
            .context(|| format!("can't write {key} to the state"))
    }

    /// Drops a fact; one that is not there is no error.
    ///
    /// # Errors
    /// When the state can't be written.
    pub fn drop_fact(&self, key: &str) -> Result<()> {
        self.connection
            .execute("DELETE FROM facts WHERE key = ?1", [key])
            .map(drop)
            .context(|| format!("can't drop {key} from the state"))
    }

    /// Every note that was committed.
    ///
    /// # Errors
    /// When the state can't be read.
    pub fn notes(&self) -> Result<Vec<NoteRecord>> {
        self.rows(
            "SELECT root, path, size, modified, version FROM notes ORDER BY root, path",
            |row| {
                Ok(NoteRecord {
                    root: row.get(0)?,
                    path: row.get(1)?,
                    size: row.get::<_, i64>(2)?.unsigned_abs(),
                    modified: row.get(3)?,
                    version: row.get(4)?,
                })
            },
        )
    }

    /// Which version of each note was committed.
    ///
    /// # Errors
    /// When the state can't be read.
    pub fn committed(&self) -> Result<Committed> {
        let mut committed = Committed::default();
        self.rows("SELECT root, path, version FROM notes", |row| {
            let (root, path) = (row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_str()?);
            committed.insert(root, path, row.get_ref(2)?.as_str()?);
            Ok(())
        })?;
        Ok(committed)
    }

    /// Every entry, those without a date last.
    ///
    /// # Errors
    /// When the state can't be read.
    pub fn entries(&self) -> Result<Vec<EntryRecord>> {
        let mut entries = self.rows(
            "SELECT root, path, ordinal, title, line_first, line_last, span_start, span_end,
                precision, source, tags FROM entries",
            entry_of_row,
        )?;
        // Quicker here than in the database, which would sort whole rows.
        entries.sort_by(|one, other| one.in_order().cmp(&other.in_order()));
        Ok(entries)
    }

    /// The ids of the points of a note; none when it was never committed.
    ///
    /// # Errors
    /// When the state can't be read.
    pub fn points(&self, root: &str, path: &str) -> Result<Vec<Uuid>> {
        self.connection
            .query_row(
                "SELECT points FROM notes WHERE root = ?1 AND path = ?2",
                [root, path],
                |row| ids_of_row(row, 0),
            )
            .optional()
            .map(Option::unwrap_or_default)
            .context(|| format!("can't read {path} from the state"))
    }

    /// How many points were committed.
    ///
    /// # Errors
    /// When the state can't be read.
    pub fn point_count(&self) -> Result<u64> {
        self.connection
            .query_row("SELECT coalesce(sum(length(points)), 0) FROM notes", [], |row| {
                row.get::<_, i64>(0)
            })
            .map(|bytes| bytes.unsigned_abs() / ID_BYTES as u64)
            .context(|| "can't count the points of the state".to_owned())
    }

    /// Commits notes and forgets others, all of it or nothing.
    ///
    /// # Errors
    /// When the state can't be written; then nothing has changed.
    pub fn commit(
        &mut self,
        notes: &[(NoteRecord, NoteState)],
        gone: &[(String, String)],
    ) -> Result<()> {
        let transaction =
            self.connection.transaction().context(|| "can't begin to commit".to_owned())?;
        let outcome = (|| {
            for (root, path) in gone {
                forget(&transaction, root, path)?;
            }
            for (record, state) in notes {
                forget(&transaction, &record.root, &record.path)?;
                store(&transaction, record, state)?;
            }
            Ok::<_, rusqlite::Error>(())
        })();
        outcome.context(|| "can't write the state".to_owned())?;
        reach(Step::StateWritten);
        transaction.commit().context(|| "can't commit the state".to_owned())
    }

    /// Takes over the size and the time of a note whose content is as it was.
    ///
    /// # Errors
    /// When the state can't be written.
    pub fn touch(&self, note: &NoteRecord) -> Result<()> {
        self.connection
            .execute(
                "UPDATE notes SET size = ?3, modified = ?4 WHERE root = ?1 AND path = ?2",
                params![
                    note.root,
                    note.path,
                    i64::try_from(note.size).unwrap_or(i64::MAX),
                    note.modified
                ],
            )
            .map(drop)
            .context(|| format!("can't write {} to the state", note.path))
    }

    /// The folders of the logbook, as (name, path).
    ///
    /// # Errors
    /// When the state can't be read.
    pub fn roots(&self) -> Result<Vec<(String, String)>> {
        self.rows(
            "SELECT substr(key, 6), value FROM facts WHERE key LIKE 'root %' ORDER BY key",
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
    }

    /// The vector of a content under a model, from an earlier time.
    ///
    /// # Errors
    /// When the state can't be read.
    pub fn embedding(&self, model: &str, content: &[u8; 32]) -> Result<Option<Vec<f32>>> {
        let blob: Option<Vec<u8>> = self
            .connection
            .prepare_cached("SELECT vector FROM embeddings WHERE model = ?1 AND content = ?2")
            .and_then(|mut statement| {
                statement.query_row(params![model, content.as_slice()], |row| row.get(0)).optional()
            })
            .context(|| "can't read an embedding".to_owned())?;
        Ok(blob.map(|blob| {
            blob.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
        }))
    }

    /// Keeps vectors for another time.
    ///
    /// # Errors
    /// When the state can't be written.
    pub fn keep_embeddings(&mut self, model: &str, vectors: &[([u8; 32], Vec<f32>)]) -> Result<()> {
        let outcome = (|| {
            let transaction = self.connection.transaction()?;
            let mut sum = seal::read_sum(&transaction)?;
            for (content, vector) in vectors {
                let blob: Vec<u8> = vector.iter().flat_map(|value| value.to_le_bytes()).collect();
                let is_new = transaction
                    .prepare_cached(
                        "INSERT OR IGNORE INTO embeddings (model, content, vector)
                         VALUES (?1, ?2, ?3)",
                    )?
                    .execute(params![model, content.as_slice(), blob])?;
                if is_new > 0 {
                    sum.toggle(model, content, &blob);
                }
            }
            seal::write_sum(&transaction, &sum)?;
            transaction.commit()
        })();
        outcome.context(|| "can't keep embeddings".to_owned())
    }

    /// The completion of a recap's map, from an earlier time.
    ///
    /// # Errors
    /// When the state can't be read.
    pub fn map(&self, content: &str) -> Result<Option<String>> {
        self.connection
            .query_row("SELECT completion FROM maps WHERE content = ?1", [content], |row| {
                row.get(0)
            })
            .optional()
            .context(|| "can't read a cached map".to_owned())
    }

    /// Keeps the completion of a recap's map.
    ///
    /// # Errors
    /// When the state can't be written.
    pub fn keep_map(&self, content: &str, completion: &str) -> Result<()> {
        self.connection
            .execute(
                "INSERT OR REPLACE INTO maps (content, completion) VALUES (?1, ?2)",
                [content, completion],
            )
            .map(drop)
            .context(|| "can't keep a map".to_owned())
    }

    fn rows<T>(
        &self,
        query: &str,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        self.connection
            .prepare(query)
            .and_then(|mut statement| statement.query_map([], read)?.collect())
            .context(|| "can't read the state".to_owned())
    }
}

fn forget(connection: &Connection, root: &str, path: &str) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM notes WHERE root = ?1 AND path = ?2", [root, path])?;
    connection.execute("DELETE FROM entries WHERE root = ?1 AND path = ?2", [root, path])?;
    connection.execute("DELETE FROM unread WHERE root = ?1 AND path = ?2", [root, path])?;
    Ok(())
}

fn store(connection: &Connection, note: &NoteRecord, state: &NoteState) -> rusqlite::Result<()> {
    connection.prepare_cached("INSERT INTO notes VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?.execute(
        params![
            note.root,
            note.path,
            i64::try_from(note.size).unwrap_or(i64::MAX),
            note.modified,
            note.version,
            json(&state.warnings)?,
            bytes_of_ids(&state.points),
        ],
    )?;
    if let Some(Warning { line_number, reason }) = &state.unread {
        connection
            .prepare_cached("INSERT INTO unread VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![note.root, note.path, line_number, reason])?;
    }
    for entry in &state.entries {
        connection
            .prepare_cached(
                "INSERT INTO entries VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            )?
            .execute(params![
                entry.root,
                entry.path,
                entry.ordinal,
                entry.title,
                entry.lines.first,
                entry.lines.last,
                entry.span.map(Span::start_number),
                entry.span.map(Span::end_number),
                entry.precision.map(|precision| name(&precision)).transpose()?,
                entry.source.map(|source| name(&source)).transpose()?,
                json(&entry.tags)?,
            ])?;
    }
    Ok(())
}
