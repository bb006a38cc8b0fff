//! The words of the logbook, each embedded once.

use std::collections::{BTreeMap, HashSet};

use crate::{
    error::Result,
    index::{State, Term, TermReader, WORDS_MAX, direction},
    services::{Embedder, Payload, Role},
};

/// What is known of the words of the logbook; read from the state when it is first needed.
#[derive(Default)]
pub(super) struct Words {
    known: Option<HashSet<Term>>,
}

impl Words {
    /// Embeds and keeps those words of some chunks that none had before.
    ///
    /// A model on another machine gets none: what is masked in a text could be among its words.
    ///
    /// # Errors
    /// When the state can't be read or written, or the model can't be asked.
    pub(super) fn learn<'a>(
        &mut self,
        state: &mut State,
        embedder: &dyn Embedder,
        reader: &TermReader,
        chunks: impl Iterator<Item = &'a Payload>,
    ) -> Result<()> {
        if embedder.destination().is_remote {
            return Ok(());
        }
        let known = self.known(state, embedder.identity())?;
        let new = new_words(known, reader, chunks);
        let words: Vec<&str> = new.values().map(String::as_str).collect();
        if words.is_empty() {
            return Ok(());
        }
        let directions = embedder.embed(Role::Passage, &words)?;
        let directions = directions.iter().map(|embedding| direction(embedding));
        let learnt: Vec<_> = new.into_keys().zip(directions).collect();
        state.keep_words(embedder.identity(), &learnt)
    }

    /// The terms whose words are known under a model.
    ///
    /// # Errors
    /// When the state can't be read.
    pub(super) fn known(&mut self, state: &State, model: &str) -> Result<&mut HashSet<Term>> {
        Ok(match &mut self.known {
            Some(known) => known,
            none => none.insert(state.known_terms(model)?),
        })
    }
}

/// The words of some chunks whose terms are not known, which they are from now on.
pub(super) fn new_words<'a>(
    known: &mut HashSet<Term>,
    reader: &TermReader,
    chunks: impl Iterator<Item = &'a Payload>,
) -> BTreeMap<Term, String> {
    let mut new = BTreeMap::new();
    for chunk in chunks {
        for word in reader.plain_words(&chunk.whole_text()) {
            let Some(term) = reader.terms(&word, chunk.language).pop() else { continue };
            if known.len() < WORDS_MAX && known.insert(term.clone()) {
                new.insert(term, word);
            }
        }
    }
    new
}
