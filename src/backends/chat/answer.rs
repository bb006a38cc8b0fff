//! An answer as it comes in, and whether what came is a whole one.

use crate::services::{Completion, Tokens};

use super::complaint::Complaint;

/// A part of a reply, the same for every wire format.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Piece {
    /// Text of the answer.
    Text(String),
    /// The model's reasons for not answering.
    Refusal(String),
    /// A sign that the model is at work, such as its reasoning.
    Working,
    /// Why the model stopped.
    Stop(Stop),
    /// What the answer used, as far as it is known by now.
    Tokens { input: Option<u64>, output: Option<u64> },
    /// The end of the reply.
    End,
    /// An error in place of the rest.
    Error(Complaint),
}

/// Why a model stopped.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Stop {
    /// It had said everything.
    Finished,
    /// It came to the limit of tokens.
    Length,
    /// It, or a filter of its provider, refused to go on.
    Refused,
}

/// What has come of an answer.
#[derive(Debug, Default)]
pub(super) struct Answer {
    text: String,
    refusal: String,
    stop: Option<Stop>,
    tokens: Option<Tokens>,
    ended: bool,
    begun: bool,
}

/// Why the end of a reply is not the end of an answer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Unfinished {
    /// The reply ended in the middle.
    BrokenOff,
    /// The model refused, perhaps with its reasons.
    Refused(String),
    /// There is no text.
    Empty,
    /// The limit of tokens was reached before there was any text.
    Spent,
}

impl Answer {
    /// Adds a piece and gives its text to `on_text`.
    ///
    /// # Errors
    /// The endpoint's complaint, when that is what came.
    pub(super) fn take(
        &mut self,
        piece: Piece,
        on_text: &mut dyn FnMut(&str),
    ) -> Result<(), Complaint> {
        match piece {
            Piece::Text(text) => {
                self.begun = true;
                self.text.push_str(&text);
                on_text(&text);
            }
            Piece::Refusal(text) => {
                self.begun = true;
                self.refusal.push_str(&text);
            }
            Piece::Working => self.begun = true,
            Piece::Stop(stop) => self.stop = Some(stop),
            Piece::Tokens { input, output } => {
                let tokens = self.tokens.get_or_insert_default();
                tokens.input = input.unwrap_or(tokens.input);
                tokens.output = output.unwrap_or(tokens.output);
            }
            Piece::End => self.ended = true,
            Piece::Error(complaint) => return Err(complaint),
        }
        Ok(())
    }

    /// Whether the model has begun to work on it.
    pub(super) fn has_begun(&self) -> bool {
        self.begun
    }

    /// Whether any text was given.
    pub(super) fn has_text(&self) -> bool {
        !self.text.is_empty()
    }

    /// Whether nothing more is to come.
    pub(super) fn has_ended(&self) -> bool {
        self.ended
    }

    /// Whether the text is complete, though its count of tokens may still follow.
    pub(super) fn is_whole(&self) -> bool {
        self.ended || self.stop.is_some()
    }

    /// How many bytes of text have come.
    pub(super) fn size(&self) -> usize {
        self.text.len() + self.refusal.len()
    }

    /// The whole answer.
    ///
    /// # Errors
    /// When what came is none.
    pub(super) fn finish(self) -> Result<Completion, Unfinished> {
        if self.stop == Some(Stop::Refused) || !self.refusal.is_empty() {
            return Err(Unfinished::Refused(self.refusal));
        }
        if !self.is_whole() {
            return Err(Unfinished::BrokenOff);
        }
        let cut_off = self.stop == Some(Stop::Length);
        match (self.text.trim().is_empty(), cut_off) {
            (true, true) => Err(Unfinished::Spent),
            (true, false) => Err(Unfinished::Empty),
            (false, _) => Ok(Completion { text: self.text, cut_off, tokens: self.tokens }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pieces: &[Piece], expected: Result<(&str, bool), Unfinished>) {
        let mut answer = Answer::default();
        let mut given = String::new();
        for piece in pieces {
            answer.take(piece.clone(), &mut |text| given.push_str(text)).unwrap();
        }
        let finished = answer.finish().map(|completion| (completion.text, completion.cut_off));
        assert_eq!(finished, expected.map(|(text, cut_off)| (text.to_owned(), cut_off)));
        if let Ok((text, _)) = finished {
            assert_eq!(text, given);
        }
    }

    #[test]
    fn an_answer_is_whole_when_the_model_or_the_reply_says_so() {
        let text = || Piece::Text("a".into());
        check(&[text(), Piece::Stop(Stop::Finished)], Ok(("a", false)));
        check(&[text(), Piece::End], Ok(("a", false)));
        check(&[text(), text(), Piece::Stop(Stop::Length), Piece::End], Ok(("aa", true)));
        check(&[text()], Err(Unfinished::BrokenOff));
        check(&[], Err(Unfinished::BrokenOff));
    }

    /// Fault 117: an empty answer or a refusal is none.
    #[test]
    fn an_empty_answer_or_a_refusal_is_no_answer() {
        check(&[Piece::Text(" \n".into()), Piece::End], Err(Unfinished::Empty));
        check(&[Piece::Working, Piece::Stop(Stop::Length)], Err(Unfinished::Spent));
        check(
            &[Piece::Text("a".into()), Piece::Stop(Stop::Refused)],
            Err(Unfinished::Refused(String::new())),
        );
        check(
            &[Piece::Refusal("I can".into()), Piece::Refusal("not".into()), Piece::End],
            Err(Unfinished::Refused("I cannot".into())),
        );
    }
}
