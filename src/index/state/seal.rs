//! What was written, in sums, so that a byte that has changed since is found.
//!
//! SQLite checks how its file hangs together, not what stands in it, and the embedded engine checks
//! its log alone. So a run that ends well seals what it leaves: a sum of each file of the index, and
//! one of the tables of notes. The seal is broken before anything is written, and a run that was cut
//! off leaves none. The cache of embeddings has a sum of its own that goes with each row, since it is
//! written to while another index is made.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};

use super::State;
use crate::error::{Context as _, Result};

/// The BLAKE3 sum of each file of an index, by its path below the folder.
pub type Sums = BTreeMap<String, String>;

/// What a run left behind.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Seal {
    /// The files of the index; none when it is on a server.
    pub files: Option<Sums>,
    /// The sum of the tables of notes.
    pub tables: String,
}

/// The fact that holds the seal.
pub(super) const SEAL: &str = "seal";
/// The fact that holds the sum of the embeddings.
pub(super) const EMBEDDINGS: &str = "sum of embeddings";

impl State {
    /// The seal of the last run; none when that was cut off.
    ///
    /// # Errors
    /// When the state can't be read.
    pub fn seal(&self) -> Result<Option<Seal>> {
        let seal = self.fact(SEAL)?;
        seal.map(|seal| serde_json::from_str(&seal).context(|| "unreadable seal".to_owned()))
            .transpose()
    }

    /// Says that what is stored is about to be changed.
    ///
    /// # Errors
    /// When the state can't be written.
    pub fn break_seal(&self) -> Result<()> {
        self.drop_fact(SEAL)
    }

    /// Seals what is stored.
    ///
    /// # Errors
    /// When the state can't be read or written.
    pub fn set_seal(&self, files: Option<Sums>) -> Result<()> {
        let seal = Seal { files, tables: self.sum_of_tables()? };
        let seal = serde_json::to_string(&seal).context(|| "seal".to_owned())?;
        self.set_fact(SEAL, &seal)
    }

    /// The sum of the tables of notes.
    ///
    /// # Errors
    /// When the state can't be read.
    pub fn sum_of_tables(&self) -> Result<String> {
        let mut hasher = blake3::Hasher::new();
        for (table, order) in
            [("notes", "root, path"), ("entries", "root, path, ordinal"), ("unread", "root, path")]
        {
            let query = format!("SELECT * FROM {table} ORDER BY {order}");
            sum_rows(&self.connection, &query, &mut |row| {
                hasher.update(row);
            })
            .context(|| format!("can't read the {table} of the state"))?;
        }
        Ok(hasher.finalize().to_hex().to_string())
    }

    /// What is wrong with the file of the state itself, in sentences.
    ///
    /// # Errors
    /// When it can't be read at all.
    pub fn faults(&self) -> Result<Vec<String>> {
        let mut faults: Vec<String> = self.rows("PRAGMA integrity_check", |row| row.get(0))?;
        faults.retain(|fault| fault != "ok");
        if faults.is_empty() && !self.are_embeddings_whole()? {
            faults.push("an embedding is not the one that was kept".to_owned());
        }
        Ok(faults)
    }

    fn are_embeddings_whole(&self) -> Result<bool> {
        let Some(kept) = self.kept_fact::<Sum>(EMBEDDINGS)? else { return Ok(true) };
        let found = sum_of_embeddings(&self.connection)
            .context(|| "can't read the embeddings of the state".to_owned())?;
        Ok(kept == found)
    }

    /// Forgets every embedding, which can be made again.
    ///
    /// # Errors
    /// When the state can't be written; then nothing has changed.
    pub fn forget_embeddings(&mut self) -> Result<()> {
        let outcome = (|| {
            let transaction = self.connection.transaction()?;
            transaction.execute("DELETE FROM embeddings", [])?;
            write_sum(&transaction, &Sum::default())?;
            transaction.commit()
        })();
        outcome.context(|| "can't forget the embeddings".to_owned())
    }
}

/// The exclusive or of the sums of rows, so that one can be added and taken away.
#[derive(Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub(super) struct Sum([u8; 32]);

impl Sum {
    /// Adds a row, or takes it away.
    pub(super) fn toggle(&mut self, model: &str, content: &[u8], vector: &[u8]) {
        let mut hasher = blake3::Hasher::new();
        for part in [model.as_bytes(), content, vector] {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        for (byte, other) in self.0.iter_mut().zip(hasher.finalize().as_bytes()) {
            *byte ^= other;
        }
    }
}

/// The sum of the embeddings as it is kept; made of the rows where it was never kept.
pub(super) fn read_sum(connection: &Connection) -> rusqlite::Result<Sum> {
    let kept: Option<String> = connection
        .query_row("SELECT value FROM main.facts WHERE key = ?1", [EMBEDDINGS], |row| row.get(0))
        .optional()?;
    match kept.and_then(|kept| serde_json::from_str(&kept).ok()) {
        Some(sum) => Ok(sum),
        None => sum_of_embeddings(connection),
    }
}

/// Keeps the sum of the embeddings.
pub(super) fn write_sum(connection: &Connection, sum: &Sum) -> rusqlite::Result<()> {
    super::builds::keep_fact(connection, EMBEDDINGS, sum)
}

fn sum_of_embeddings(connection: &Connection) -> rusqlite::Result<Sum> {
    let mut sum = Sum::default();
    let mut statement = connection.prepare("SELECT model, content, vector FROM embeddings")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (model, content, vector): (String, Vec<u8>, Vec<u8>) =
            (row.get(0)?, row.get(1)?, row.get(2)?);
        sum.toggle(&model, &content, &vector);
    }
    Ok(sum)
}

/// Gives each row to `take`, as bytes that no other row has.
fn sum_rows(
    connection: &Connection,
    query: &str,
    take: &mut dyn FnMut(&[u8]),
) -> rusqlite::Result<()> {
    let mut statement = connection.prepare(query)?;
    let columns = statement.column_count();
    let mut rows = statement.query(params![])?;
    while let Some(row) = rows.next()? {
        for column in 0..columns {
            take(format!("{:?}\n", row.get_ref(column)?).as_bytes());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_holds_until_something_is_written() {
        let state = State::in_memory().unwrap();
        assert_eq!(state.seal().unwrap(), None);
        let files = Sums::from([("segment".to_owned(), "12".to_owned())]);
        state.set_seal(Some(files.clone())).unwrap();
        let seal = state.seal().unwrap().unwrap();
        assert_eq!((seal.files, seal.tables), (Some(files), state.sum_of_tables().unwrap()));
        state.break_seal().unwrap();
        assert_eq!(state.seal().unwrap(), None);
    }

    /// Fault 72: a flipped byte in any file of the index.
    #[test]
    fn a_change_in_any_column_of_a_note_changes_the_sum() {
        let state = State::in_memory().unwrap();
        let change = |query: &str| {
            let before = state.sum_of_tables().unwrap();
            state.connection.execute_batch(query).unwrap();
            assert_ne!(state.sum_of_tables().unwrap(), before, "{query}");
        };
        change("INSERT INTO notes VALUES ('r', 'p', 1, 2, 'v', '[]', x'00')");
        change("UPDATE notes SET points = x'01'");
        change("INSERT INTO entries VALUES ('r', 'p', 0, 't', 1, 2, 3, 4, NULL, NULL, '[]')");
        change("UPDATE entries SET span_end = 5");
        change("INSERT INTO unread VALUES ('r', 'p', 3, 'why')");
    }

    /// Fault 72: a flipped byte in any file of the index.
    #[test]
    fn an_embedding_that_was_changed_is_found() {
        let mut state = State::in_memory().unwrap();
        state.keep_embeddings("a", &[([1; 32], vec![1.0, 0.0]), ([2; 32], vec![0.0])]).unwrap();
        state.keep_embeddings("a", &[([1; 32], vec![0.0, 1.0])]).unwrap();
        state.keep_embeddings("b", &[([1; 32], vec![0.5])]).unwrap();
        assert_eq!(state.faults().unwrap(), Vec::<String>::new());
        let flip = "UPDATE embeddings SET vector = x'0000803e' WHERE model = 'b'";
        state.connection.execute_batch(flip).unwrap();
        assert_eq!(state.faults().unwrap(), ["an embedding is not the one that was kept"]);
        state.forget_embeddings().unwrap();
        assert_eq!(state.faults().unwrap(), Vec::<String>::new());
    }
}
