//! The words that only ask, in English and French; folded, without case and accents.

mod english;
mod frame;
mod french;
mod verbs;

pub(super) use english::ENGLISH;
pub(super) use frame::{AUXILIARIES, GENERIC, OPENINGS, QUESTION_WORDS, SUBJECTS};
pub(super) use french::FRENCH;
pub(super) use verbs::{ACCOUNT_VERBS, ASKING_VERBS, OPINION_VERBS};
