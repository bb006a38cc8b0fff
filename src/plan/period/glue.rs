//! Whether a date stands free, or is part of a longer word, number or path.

use std::ops::Range;

use super::token::{Kind, Text};

/// Whether no letter, digit or sign is joined to a phrase on either side.
pub(super) fn stands_free(text: &Text, tokens: &Range<usize>) -> bool {
    open_left(text, tokens.start) && open_right(text, tokens.end)
}

fn open_left(text: &Text, start: usize) -> bool {
    let Some(before) = start.checked_sub(1).and_then(|before| text.tokens.get(before)) else {
        return true;
    };
    let joined = match before.kind {
        Kind::Number => true,
        Kind::Word => !before.folded.ends_with('\''),
        Kind::Mark => {
            let dash = before.raw == "-" && !text.glued(start - 1);
            dash || !"([{,;:!?…—–\"«»“”„'’|*.>".contains(before.raw)
        }
    };
    let currency = !text.glued(start) && "$€£#".contains(before.raw);
    !(currency || (text.glued(start) && joined))
}

fn open_right(text: &Text, end: usize) -> bool {
    let Some(after) = text.tokens.get(end) else { return true };
    if after.kind == Kind::Mark && "%$€£°".contains(after.raw) {
        return false;
    }
    if !after.glued {
        return true;
    }
    match after.kind {
        Kind::Number => false,
        Kind::Word => after.folded == "'s",
        Kind::Mark if "?!,;:…)]}\"»”'’|*.<".contains(after.raw) => {
            let next = text.tokens.get(end + 1);
            let number = next.is_some_and(|next| next.glued && next.kind == Kind::Number);
            let name = next.is_some_and(|next| next.glued && next.kind == Kind::Word);
            !(number && ".,:".contains(after.raw) || name && after.raw == ".")
        }
        Kind::Mark => matches!(after.raw, "–" | "—"),
    }
}
