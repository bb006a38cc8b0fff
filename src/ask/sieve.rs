//! A model's words as they come, without citations of passages that are not there, and with a mark
//! behind what its sources do not bear out.

use super::{
    citation::check,
    claims::{claims, marked, marked_so_far},
    support::Sources,
};

/// Gives a text on, piece by piece, as it will stand once its citations are checked.
///
/// What may still become a citation, or code in which nothing is one, is held back until that is
/// known: a few characters, or the rest of a line with code.
pub(super) struct Sieve<'a> {
    sources: &'a Sources<'a>,
    on_text: &'a mut dyn FnMut(&str),
    whole: String,
    given: String,
}

impl<'a> Sieve<'a> {
    /// A sieve for what can be cited.
    pub(super) fn new(sources: &'a Sources<'a>, on_text: &'a mut dyn FnMut(&str)) -> Self {
        Self { sources, on_text, whole: String::new(), given: String::new() }
    }

    /// Takes the next piece.
    pub(super) fn take(&mut self, text: &str) {
        self.whole.push_str(text);
        let checked = marked_so_far(&self.checked(settled(&self.whole)), self.sources);
        if let Some(new) = checked.strip_prefix(&self.given)
            && !new.is_empty()
        {
            (self.on_text)(new);
            self.given = checked;
        }
    }

    /// Gives what was held back, when no piece follows.
    pub(super) fn finish(self) {
        let checked = self.checked(&self.whole);
        let checked = marked(&checked, &claims(&checked, self.sources));
        match checked.strip_prefix(&self.given) {
            Some("") => {}
            Some(new) => (self.on_text)(new),
            // Brackets within brackets made something else of what was given: all of it again.
            None => (self.on_text)(&format!("\n\n{checked}")),
        }
    }

    fn checked(&self, text: &str) -> String {
        check(text.trim(), &|number| self.sources.has(number)).text
    }
}

/// The part of a text that what follows can't change.
fn settled(text: &str) -> &str {
    let line = text.rfind('\n').map_or(0, |end| end + 1);
    let end = text[line..].find('`').or_else(|| {
        let open = text[line..].rfind('[')?;
        let within = &text[line + open + 1..];
        let may_be_numbers =
            |character: char| character.is_ascii_digit() || ", ;-–".contains(character);
        within.strip_suffix(']').unwrap_or(within).chars().all(may_be_numbers).then_some(open)
    });
    end.map_or(text, |end| &text[..line + end])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        ask::{Passage, test_passage},
        index::TermReader,
        logbook::Language,
    };

    fn passages() -> [Passage; 3] {
        ["a", "b", "c"].map(|text| test_passage("a.md", "2022-03-08", text))
    }

    /// The pieces that are given on, one for each that was taken.
    fn sieved(pieces: &[&str]) -> Vec<String> {
        let given = std::cell::RefCell::new(vec![String::new()]);
        let mut on_text = |text: &str| given.borrow_mut().last_mut().unwrap().push_str(text);
        let passages = passages();
        let reader = TermReader::default();
        let sources = Sources::new(&passages, "", Language::English, &reader);
        let mut sieve = Sieve::new(&sources, &mut on_text);
        for piece in pieces {
            sieve.take(piece);
            given.borrow_mut().push(String::new());
        }
        sieve.finish();
        given.into_inner()
    }

    /// Fault 128: a citation of a passage that was not given is removed.
    #[test]
    fn what_is_taken_out_was_never_given() {
        assert_eq!(
            sieved(&["So [1", "]. Then [", "9", "9]", "."]),
            ["So", "[1]. Then", "", "", ".", ""].map(|text| text.replace("[1]", " [1]"))
        );
        assert_eq!(sieved(&["a [2](x) `b[9", "]` c\nd"]), ["a [2](x)", " `b[9]` c\nd", ""]);
        assert_eq!(sieved(&[" a [", "b ", "[3"]), ["a", " [b", "", " [3"]);
    }

    #[test]
    fn a_sentence_is_marked_when_the_next_begins() {
        assert_eq!(
            sieved(&["We sold the old boat.", " ", "The", "n a dog ate it up."]),
            ["We sold the old boat.", "", " [?] The", "n a dog ate it up.", " [?]"]
        );
    }

    proptest! {
        #[test]
        fn what_is_given_is_the_checked_text(
            pieces in proptest::collection::vec("[\\[\\]`,0-9 \\-\nab.(é~]{0,12}", 0..12),
        ) {
            let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
            let given = sieved(&pieces).concat();
            let checked = check(pieces.concat().trim(), &|number| (1..=3).contains(&number)).text;
            let passages = passages();
            let reader = TermReader::default();
            let sources = Sources::new(&passages, "", Language::English, &reader);
            let checked = marked(&checked, &claims(&checked, &sources));
            prop_assert!(given.ends_with(&checked), "{given:?} {checked:?}");
        }
    }
}
