//! Passages that may be sent to a model, and what was kept back of all that were found.
//!
//! A prompt is made of these alone, so that no passage reaches a model past its guard.

use super::Passage;
use crate::{
    privacy::{Entry, Guard, GuardedChat},
    services::Destination,
};

/// Passages that may go to the model that a prompt is for.
#[derive(Clone, Debug)]
pub struct Sending {
    passages: Vec<Passage>,
    refused: Vec<(Passage, String)>,
}

impl Sending {
    /// Those of some passages that a model may read.
    #[must_use]
    pub fn to(chat: &GuardedChat<'_>, passages: Vec<Passage>) -> Self {
        let mut sending =
            Self { passages: Vec::with_capacity(passages.len()), refused: Vec::new() };
        for passage in passages {
            match refusal(chat.guard(), &passage, chat.destination()) {
                Some(rule) => sending.refused.push((passage, rule)),
                None => sending.passages.push(passage),
            }
        }
        sending
    }

    /// All of some passages, for a prompt that is sent to nobody.
    #[must_use]
    pub fn to_nobody(passages: Vec<Passage>) -> Self {
        Self { passages, refused: Vec::new() }
    }

    /// The passages that may go.
    #[must_use]
    pub fn passages(&self) -> &[Passage] {
        &self.passages
    }

    /// The passages that may not, each with the rule that says so.
    #[must_use]
    pub fn refused(&self) -> &[(Passage, String)] {
        &self.refused
    }

    /// Whether there were passages, and none of them may go.
    #[must_use]
    pub fn is_all_refused(&self) -> bool {
        self.passages.is_empty() && !self.refused.is_empty()
    }
}

/// The rule that keeps a passage from going there; none when it may. Both what is kept back and what
/// will be masked are kept account of.
pub(super) fn refusal(guard: &Guard, passage: &Passage, to: Destination<'_>) -> Option<String> {
    let entry = Entry { root: &passage.root, path: &passage.path, tags: &passage.tags };
    let line = passage.lines.first;
    let refusal = guard.refusal(entry, line, to);
    if refusal.is_none() {
        guard.will_mask(entry, (&passage.text, line), to);
    }
    refusal
}
