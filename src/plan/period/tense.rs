//! Whether a text speaks of what is to come, so that `in August` means the next one.

use super::token::Text;

/// Whether a verb of the future stands with a person who asks.
pub(super) fn is_ahead(text: &Text) -> bool {
    const SUBJECTS: &[&str] = &["i", "we", "je", "j'", "nous", "on"];
    (0..text.len()).any(|at| {
        let beside = |distance: usize| {
            text.is(at + distance, SUBJECTS)
                || at.checked_sub(distance).is_some_and(|before| text.is(before, SUBJECTS))
        };
        let inverted = text.mark(at + 1, &['-']) && text.is(at + 2, SUBJECTS);
        let english = (text.is(at, &["will", "shall", "'ll"]) && beside(1))
            || (text.is(at, &["am", "are", "'m", "'re"])
                && text.any_phrase(at + 1, &["going to", "i going to", "we going to"]).is_some());
        english || (is_french_future(text.word(at)) && (beside(1) || inverted))
    })
}

/// The future of the first persons: `ferai`, `irons`.
fn is_french_future(word: &str) -> bool {
    const PRESENT: &[&str] = &["vrai", "serrons", "ouvrons", "courons", "entrons", "montrons"];
    word.len() > 3 && (word.ends_with("rai") || word.ends_with("rons")) && !PRESENT.contains(&word)
}
