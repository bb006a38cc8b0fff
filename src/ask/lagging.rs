//! Whether the notes still say what the index has of them.

use super::{
    Passage,
    absence::{Absence, Lag, Lagging},
    citation::{Checked, CurrentText, state, unspaced},
};
use crate::plan::Intent;

/// So many of the best passages decide about a fact.
const BEST: usize = 3;

/// Says that none of the best passages, or of all where all count, stands in its note any more; what
/// only moved still does.
pub(super) fn stale(
    passages: &[Passage],
    intent: Intent,
    current: &CurrentText<'_>,
) -> Option<Absence> {
    let counts = if intent.enumerates() { passages.len() } else { passages.len().min(BEST) };
    let best = &passages[..counts];
    let lags: Option<Vec<Lagging>> = best.iter().map(|passage| lag(passage, current)).collect();
    let mut notes = lags.filter(|lags| !lags.is_empty())?;
    notes.sort_unstable();
    notes.dedup();
    Some(Absence::Stale { notes })
}

/// How the index lags behind the note of a passage; not at all when its words stand there.
fn lag(passage: &Passage, current: &CurrentText<'_>) -> Option<Lagging> {
    let text = current(passage);
    let lag = match (state(passage, text.as_deref()), text) {
        (Checked::Fresh, _) => return None,
        (Checked::Gone, _) | (_, None) => Lag::Gone,
        (Checked::Stale, Some(text)) if says(&text, &passage.text) => return None,
        (Checked::Stale, Some(_)) => Lag::Changed,
    };
    Some(Lagging { path: passage.path.clone(), lag })
}

/// Whether each line of a passage stands somewhere in a text, white space apart.
fn says(text: &str, passage: &str) -> bool {
    let text = unspaced(text);
    passage.lines().all(|line| text.contains(&unspaced(line)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ask::test_passage;

    fn passage(path: &str) -> Passage {
        test_passage(path, "2022-03-08", "As it was.")
    }

    fn lags(passages: &[Passage], current: &CurrentText<'_>) -> Vec<(String, Lag)> {
        match stale(passages, Intent::Lookup, current) {
            Some(Absence::Stale { notes }) => {
                notes.into_iter().map(|note| (note.path, note.lag)).collect()
            }
            _ => Vec::new(),
        }
    }

    #[test]
    fn what_is_gone_from_every_best_note_answers_nothing() {
        let passages = [passage("a.md"), passage("b.md")];
        let current = |passage: &Passage| (passage.path == "a.md").then(|| "Changed.".to_owned());
        let expected = [("a.md".to_owned(), Lag::Changed), ("b.md".to_owned(), Lag::Gone)];
        assert_eq!(lags(&passages, &current), expected);
    }

    #[test]
    fn what_still_stands_or_only_moved_answers() {
        let passages = [passage("a.md"), passage("b.md")];
        let one = |passage: &Passage| (passage.path == "a.md").then(|| "As it was.".to_owned());
        assert_eq!(lags(&passages, &one), []);
        assert_eq!(lags(&passages, &|_| Some("# New\n\nAs it was.\n".to_owned())), []);
        assert_eq!(lags(&[], &|_| None), []);
    }
}
