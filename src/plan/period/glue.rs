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
            dash || chained(text, start) || !"([{,;:!?…—–\"«»“”„'’|*.>".contains(before.raw)
        }
    };
    let currency = !text.glued(start) && "$€£#".contains(before.raw);
    !(currency || (text.glued(start) && joined))
}

/// Whether a mark without white space on either side goes on with a number or a name in capitals:
/// `2.0.2021`, `27001:2022`, `SQL:2016`.
fn chained(text: &Text, start: usize) -> bool {
    let Some(earlier) = start.checked_sub(2).and_then(|earlier| text.tokens.get(earlier)) else {
        return false;
    };
    let name = earlier.raw.len() > 1 && earlier.raw.chars().all(char::is_uppercase);
    text.glued(start - 1)
        && text.mark(start - 1, &['.', ':'])
        && text.dots(start - 2).is_none()
        && (earlier.kind == Kind::Number || name)
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
