//! The words of the logbook, as they are kept.

use std::collections::HashSet;

use rusqlite::params;

use super::{
    super::{
        terms::Term,
        vocabulary::{Direction, Vocabulary},
    },
    State,
};
use crate::error::{Context as _, Result};

impl State {
    /// The terms whose words have an embedding under a model.
    ///
    /// # Errors
    /// When the state can't be read.
    pub fn known_terms(&self, model: &str) -> Result<HashSet<Term>> {
        self.connection
            .prepare("SELECT term FROM vocabulary WHERE model = ?1")
            .and_then(|mut statement| statement.query_map([model], |row| row.get(0))?.collect())
            .context(|| "can't read the words of the logbook".to_owned())
    }

    /// Keeps words by their terms, each with the direction of its embedding.
    ///
    /// # Errors
    /// When the state can't be written.
    pub fn keep_words(&mut self, model: &str, words: &[(Term, Direction)]) -> Result<()> {
        let failed = || "can't keep the words of the logbook".to_owned();
        let transaction = self.connection.transaction().context(failed)?;
        for (term, direction) in words {
            let bytes: Vec<u8> = direction.iter().map(|it| it.cast_unsigned()).collect();
            transaction
                .prepare_cached(
                    "INSERT OR REPLACE INTO vocabulary (model, term, direction) VALUES (?1, ?2, ?3)",
                )
                .and_then(|mut statement| statement.execute(params![model, term, bytes]))
                .context(failed)?;
        }
        transaction.commit().context(failed)
    }

    /// Forgets every word but those of these terms.
    ///
    /// # Errors
    /// When the state can't be written.
    pub fn forget_words_but(&self, kept: &HashSet<Term>) -> Result<()> {
        let failed = || "can't forget the words of the logbook".to_owned();
        let known: HashSet<Term> = self
            .rows("SELECT DISTINCT term FROM vocabulary", |row| row.get(0))?
            .into_iter()
            .collect();
        for term in known.difference(kept) {
            self.connection
                .execute("DELETE FROM vocabulary WHERE term = ?1", [term])
                .context(failed)?;
        }
        Ok(())
    }

    /// The words of the logbook under a model, as they are kept.
    ///
    /// # Errors
    /// When the state can't be read.
    pub fn words(&self, model: &str) -> Result<Vec<(Term, Direction)>> {
        self.connection
            .prepare("SELECT term, direction FROM vocabulary WHERE model = ?1 ORDER BY term")
            .and_then(|mut statement| {
                let words = statement.query_map([model], |row| {
                    let bytes: Vec<u8> = row.get(1)?;
                    Ok((row.get(0)?, bytes.into_iter().map(u8::cast_signed).collect()))
                })?;
                words.collect()
            })
            .context(|| "can't read the words of the logbook".to_owned())
    }

    /// The words of the logbook under a model.
    ///
    /// # Errors
    /// When the state can't be read.
    pub fn vocabulary(&self, model: &str) -> Result<Vocabulary> {
        self.words(model).map(Vocabulary::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::direction;

    #[test]
    fn words_are_kept_for_each_model() {
        let mut state = State::in_memory().unwrap();
        let word = |term: &str, embedding| (term.to_owned(), direction(embedding));
        let words = [word("sea", &[0.6, -0.8]), word("ship", &[1.0, 0.0])];
        state.keep_words("one", &words).unwrap();
        state.keep_words("other", &[word("sea", &[0.0, 1.0])]).unwrap();
        assert_eq!(state.known_terms("one").unwrap(), ["sea", "ship"].map(str::to_owned).into());
        let embedding =
            |model: &str| state.vocabulary(model).unwrap().embedding(&["sea".to_owned()]).unwrap();
        assert!((embedding("one")[1] + 0.8).abs() < 0.01);
        assert!((embedding("other")[1] - 1.0).abs() < 0.01);
        assert!(state.vocabulary("none").unwrap().is_empty());
        state.forget_words_but(&["ship".to_owned()].into()).unwrap();
        assert_eq!(state.known_terms("one").unwrap(), ["ship".to_owned()].into());
        assert!(state.known_terms("other").unwrap().is_empty());
    }
}
