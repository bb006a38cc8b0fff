//! Forgetting for good: what is deleted leaves no trace in the file, nor in the log beside it.

use std::collections::HashSet;

use rusqlite::params;

use super::{
    State,
    builds::{INTERNAL, TABLES},
    seal::{Sum, write_sum},
};
use crate::error::{Context as _, Error, Result};

impl State {
    /// Begins a build beside the one that serves which holds the same, to take something out of it.
    ///
    /// # Errors
    /// When there is no memory for it.
    pub fn begin_copy(&self) -> Result<()> {
        self.begin_beside()?;
        let fill =
            TABLES.map(|table| format!("INSERT INTO temp.{table} SELECT * FROM main.{table};"));
        self.connection
            .execute_batch(&fill.concat())
            .and_then(|()| {
                let forget = "DELETE FROM temp.facts WHERE key = ?1";
                INTERNAL.iter().try_for_each(|key| self.connection.execute(forget, [key]).map(drop))
            })
            .context(|| "can't copy the state".to_owned())
    }

    /// Forgets every embedding but these of a model, each known by the BLAKE3 sum of its bytes.
    ///
    /// # Errors
    /// When the state can't be written; then nothing has changed.
    pub fn forget_embeddings_but(&mut self, model: &str, kept: &HashSet<[u8; 32]>) -> Result<()> {
        let outcome = (|| {
            let transaction = self.connection.transaction()?;
            let mut sum = Sum::default();
            let mut gone: Vec<(String, Vec<u8>)> = Vec::new();
            {
                let mut statement =
                    transaction.prepare("SELECT model, content, vector FROM embeddings")?;
                let mut rows = statement.query([])?;
                while let Some(row) = rows.next()? {
                    let (other, content, vector): (String, Vec<u8>, Vec<u8>) =
                        (row.get(0)?, row.get(1)?, row.get(2)?);
                    if other == model && kept.contains(blake3::hash(&vector).as_bytes()) {
                        sum.toggle(&other, &content, &vector);
                    } else {
                        gone.push((other, content));
                    }
                }
            }
            for (other, content) in gone {
                transaction
                    .prepare_cached("DELETE FROM embeddings WHERE model = ?1 AND content = ?2")?
                    .execute(params![other, content])?;
            }
            write_sum(&transaction, &sum)?;
            transaction.commit()
        })();
        outcome.context(|| "can't forget the embeddings".to_owned())
    }

    /// Forgets every map of a recap, since what a model made of a note can't be told from the rest.
    ///
    /// # Errors
    /// When the state can't be written.
    pub fn forget_maps(&self) -> Result<()> {
        self.connection
            .execute("DELETE FROM maps", [])
            .map(drop)
            .context(|| "can't forget the maps of recaps".to_owned())
    }

    /// Forgets the conversations in which a note is named, and gives back what they were called.
    ///
    /// # Errors
    /// When the state can't be written.
    pub fn forget_conversations_about(&mut self, path: &str) -> Result<Vec<String>> {
        // A backslash stands before what markdown would read as its own.
        let names: Vec<String> = self
            .connection
            .prepare(
                "SELECT DISTINCT session FROM turns LEFT JOIN answers USING (session, ordinal)
                 WHERE instr(replace(coalesce(text, ''), '\', ''), ?1) OR instr(plan, ?1)",
            )
            .and_then(|mut statement| statement.query_map([path], |row| row.get(0))?.collect())
            .context(|| "can't read the conversations".to_owned())?;
        names.iter().try_for_each(|name| self.forget_session(name))?;
        Ok(names)
    }

    /// Writes the file anew without what was deleted, and empties the log beside it.
    ///
    /// # Errors
    /// When the file can't be written, or another process reads it.
    pub fn forget_for_good(&self) -> Result<()> {
        let is_busy: i64 = self
            .connection
            .execute_batch("VACUUM")
            .and_then(|()| {
                let truncate = "PRAGMA wal_checkpoint(TRUNCATE)";
                self.connection.query_row(truncate, [], |row| row.get(0))
            })
            .context(|| "can't write the state anew".to_owned())?;
        if is_busy != 0 {
            return Err(Error::failed(
                "another process reads the state, whose log still has a copy",
            )
            .hint("let it end, and run this again"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{super::Turn, *};

    #[test]
    fn what_is_forgotten_for_good_is_in_no_file() {
        let home = tempfile::tempdir().unwrap();
        let mut state = State::create(&home.path().join("state")).unwrap();
        let say = |answer: &str| Turn {
            plan: "{}".to_owned(),
            answer: answer.to_owned(),
            day: "2024-06-15".to_owned(),
        };
        state.add_turn("about", &say("Quagga. - [a\\_b.md:3](a_b.md)"), true).unwrap();
        state.add_turn("other", &say("Nothing of it."), true).unwrap();
        state.keep_map("key", "a quagga").unwrap();
        let vectors = [([1; 32], vec![1.0, 0.0]), ([2; 32], vec![0.0, 1.0])];
        state.keep_embeddings("model", &vectors).unwrap();
        state.keep_embeddings("older", &vectors[..1]).unwrap();
        let bytes: Vec<u8> = [0.0_f32, 1.0].iter().flat_map(|it| it.to_le_bytes()).collect();
        let kept = HashSet::from([*blake3::hash(&bytes).as_bytes()]);

        state.forget_embeddings_but("model", &kept).unwrap();
        assert_eq!(state.forget_conversations_about("a_b.md").unwrap(), ["about"]);
        state.forget_maps().unwrap();
        state.forget_for_good().unwrap();
        assert_eq!(state.embedding("model", &[1; 32]).unwrap(), None);
        assert_eq!(state.embedding("older", &[1; 32]).unwrap(), None);
        assert_eq!(state.embedding("model", &[2; 32]).unwrap(), Some(vec![0.0, 1.0]));
        assert_eq!(state.faults().unwrap(), Vec::<String>::new());
        assert_eq!(state.turns("other").unwrap().len(), 1);
        for file in fs::read_dir(home.path()).unwrap() {
            let bytes = fs::read(file.unwrap().path()).unwrap();
            let text = String::from_utf8_lossy(&bytes).to_lowercase();
            assert!(!text.contains("quagga"), "{} bytes hold it", bytes.len());
        }
    }
}
