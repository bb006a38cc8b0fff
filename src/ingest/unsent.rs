//! What a run that only says what it would do would send, and where to.

use std::collections::HashSet;

use serde::Serialize;

use super::{
    run::{Pending, Run},
    vocabulary::new_words,
};
use crate::{
    error::Result,
    index::{Draft, State},
    logbook::place,
    services::{Destination, Payload, count_tokens},
};

/// A run that writes nothing and sends nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct DryRun<'a> {
    /// The endpoint that would embed, where there is one.
    pub endpoint: Option<Endpoint<'a>>,
    /// Whether what would be stored is kept, to be shown.
    pub shows_stored: bool,
}

/// An endpoint that would embed.
#[derive(Clone, Copy, Debug)]
pub struct Endpoint<'a> {
    /// What its model is called in an index.
    pub identity: &'a str,
    /// What is put before each text.
    pub prefix: &'a str,
    /// Where it is.
    pub at: Destination<'a>,
}

/// What would be sent.
#[derive(Clone, Debug, Default)]
pub struct Unsent {
    /// The texts that would be embedded, masked as they would be.
    pub to_embed: Vec<UnsentText>,
    /// The words of the logbook that would be embedded, each by itself.
    pub words: Vec<String>,
    /// The tokens of both.
    pub tokens: usize,
    /// What would be stored, where that is to be shown.
    pub to_store: Vec<Payload>,
}

/// A text that would be embedded.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct UnsentText {
    /// Where it stands: `path:line`.
    pub place: String,
    /// All of it.
    pub text: String,
}

/// What a dry run has found out so far.
#[derive(Default)]
pub(super) struct Rehearsed {
    pub unsent: Unsent,
    /// The texts that are no longer new, by their hash.
    seen: HashSet<[u8; 32]>,
}

impl Run<'_> {
    /// Notes what a commit would send.
    pub(super) fn rehearse(
        &mut self,
        state: &State,
        dry_run: DryRun<'_>,
        batch: Vec<Pending>,
    ) -> Result<()> {
        if let Some(endpoint) = dry_run.endpoint {
            self.rehearse_embedding(state, endpoint, &batch)?;
        }
        if dry_run.shows_stored {
            let drafts = batch.into_iter().flat_map(|pending| pending.drafts);
            self.rehearsed.unsent.to_store.extend(drafts.map(|draft| draft.point.payload));
        }
        Ok(())
    }

    fn rehearse_embedding(
        &mut self,
        state: &State,
        endpoint: Endpoint<'_>,
        batch: &[Pending],
    ) -> Result<()> {
        let Endpoint { identity, prefix, at } = endpoint;
        let guard = self.settings.guard;
        let drafts = batch.iter().flat_map(|pending| &pending.drafts);
        let drafts: Vec<&Draft> = drafts.filter(|draft| self.may_go(draft, at)).collect();
        if !at.is_remote {
            let known = self.words.known(state, identity)?;
            let payloads = drafts.iter().map(|draft| &draft.point.payload);
            let words = new_words(known, &self.terms, payloads).into_values();
            let words: Vec<String> = words.map(|word| format!("{prefix}{word}")).collect();
            let tokens: usize = words.iter().map(|word| count_tokens(word)).sum();
            self.rehearsed.unsent.tokens += tokens;
            self.rehearsed.unsent.words.extend(words);
        }
        for draft in drafts {
            let content = *blake3::hash(draft.text.as_bytes()).as_bytes();
            if self.rehearsed.seen.contains(&content)
                || state.embedding(identity, &content)?.is_some()
            {
                continue;
            }
            self.will_mask(draft, at);
            let text = format!("{prefix}{}", guard.masked(&draft.text, at));
            self.rehearsed.unsent.tokens += count_tokens(&text);
            let payload = &draft.point.payload;
            let place = place(&payload.path, payload.lines.first);
            self.rehearsed.unsent.to_embed.push(UnsentText { place, text });
            self.rehearsed.seen.insert(content);
        }
        Ok(())
    }
}
