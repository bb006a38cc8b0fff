//! Passages widened to the whole lines that they stand on, and restricted as their notes are today.
//!
//! A chunk may begin or end in mid-line; what is quoted and what a model reads should not. Only a
//! note that still says what was retrieved is widened.

use super::{
    Passage,
    citation::{Checked, CurrentText, lines_of, state},
};
use crate::logbook::restriction;

/// The passages on whole lines, in order; those that then share lines are one, at the place of the
/// first.
#[must_use]
pub fn widened(passages: &[Passage], current: &CurrentText<'_>) -> Vec<Passage> {
    let mut widened: Vec<Passage> = Vec::with_capacity(passages.len());
    for passage in passages {
        let Some(today) = current(passage) else {
            widened.push(passage.clone());
            continue;
        };
        let passage = &restricted(passage, &today);
        if state(passage, Some(&today)) != Checked::Fresh {
            widened.push(passage.clone());
            continue;
        }
        let shares = |other: &Passage| {
            other.shares_entry(passage)
                && other.lines.first <= passage.lines.last
                && passage.lines.first <= other.lines.last
        };
        let (place, mut lines) = match widened.iter().position(shares) {
            Some(place) => (Some(place), widened[place].lines),
            None => (None, passage.lines),
        };
        lines.first = lines.first.min(passage.lines.first);
        lines.last = lines.last.max(passage.lines.last);
        let Some(text) = lines_of(&today, lines) else {
            widened.push(passage.clone());
            continue;
        };
        match place {
            Some(place) => {
                widened[place].lines = lines;
                widened[place].text = text;
            }
            None => widened.push(Passage { lines, text, ..passage.clone() }),
        }
    }
    widened
}

/// A passage with the tag that its note of today restricts it by.
fn restricted(passage: &Passage, today: &str) -> Passage {
    let mut passage = passage.clone();
    let tag = restriction(today).filter(|tag| !passage.tags.iter().any(|known| known == tag));
    passage.tags.extend(tag.map(str::to_owned));
    passage
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ask::test_passage, logbook::Lines};

    #[test]
    fn a_passage_is_widened_to_its_lines_and_joined_with_those_that_share_them() {
        let note = "# Title\nOne sentence. Another one.\nLast line.";
        let part = |text: &str, first, last| Passage {
            lines: Lines { first, last },
            ..test_passage("a.md", "2022-03-08", text)
        };
        let passages =
            [part("Another one.", 2, 2), part("Last line.", 3, 3), part("One sentence.", 2, 2)];
        let found = widened(&passages, &|_| Some(note.to_owned()));
        let texts: Vec<&str> = found.iter().map(|passage| passage.text.as_str()).collect();
        assert_eq!(texts, ["One sentence. Another one.", "Last line."]);
    }

    #[test]
    fn a_note_that_has_changed_is_taken_as_it_was_retrieved() {
        let passages = [test_passage("a.md", "2022-03-08", "As it was.")];
        assert_eq!(widened(&passages, &|_| Some("As it is.".to_owned())), passages);
        assert_eq!(widened(&passages, &|_| None), passages);
    }

    #[test]
    fn a_note_that_was_restricted_since_it_was_indexed_is_restricted() {
        let passages = [test_passage("a.md", "2022-03-08", "body")];
        let tags =
            |note: &'static str| widened(&passages, &|_| Some(note.to_owned())).remove(0).tags;
        assert_eq!(tags("body"), Vec::<String>::new());
        assert_eq!(tags("---\ntwin: private\n---\nbody"), ["twin-private"]);
    }
}
