//! What of a chunk may go where, by the rules of privacy.

use super::run::Run;
use crate::{
    index::Draft,
    privacy::Entry,
    services::{Destination, Payload},
};

impl Run<'_> {
    /// Whether a chunk may go there, by the rules of privacy.
    pub(super) fn may_go(&self, draft: &Draft, to: Destination<'_>) -> bool {
        let payload = &draft.point.payload;
        let entry = Entry { root: &payload.root, path: &payload.path, tags: &payload.tags };
        self.settings.guard.refusal(entry, payload.lines.first, to).is_none()
    }

    /// Keeps account of what of a chunk will be masked there.
    pub(super) fn will_mask(&self, draft: &Draft, to: Destination<'_>) {
        let Payload { root, path, tags, text, lines, .. } = &draft.point.payload;
        self.settings.guard.will_mask(Entry { root, path, tags }, (text, lines.first), to);
    }
}
