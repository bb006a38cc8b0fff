//! SentencePiece's unigram tokenizer: the most probable division of a text into known pieces.
//!
//! Normalisation and division follow the packages that the models come from, to the id.

use super::{
    double_array::{DoubleArray, build},
    model_file::{ModelFile, Sections},
};
use crate::error::Result;

/// Divides texts into pieces.
#[derive(Debug)]
pub(crate) struct Unigram {
    characters: DoubleArray,
    replacements: Vec<u8>,
    pieces: DoubleArray,
    scores: Vec<f32>,
    unknown: u32,
    unknown_score: f64,
    spaces: Spaces,
}

/// What becomes of spaces; all of them end as [`SPACE`], and one is put before the text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Spaces {
    /// One for each run inside the text, none at its end.
    Trimmed,
    /// One for each run.
    Collapsed,
}

impl Unigram {
    /// Reads the tokenizer of a model.
    pub(crate) fn open(model: &ModelFile, unknown: u32, spaces: Spaces) -> Result<Self> {
        let scores = model.floats("tokenizer.scores")?;
        let lowest = scores.iter().copied().fold(0.0, f32::min);
        Ok(Self {
            characters: DoubleArray::new(model.words("tokenizer.characters")?),
            replacements: model.bytes("tokenizer.replacements")?,
            pieces: DoubleArray::new(model.words("tokenizer.pieces")?),
            scores,
            unknown,
            unknown_score: f64::from(lowest) - 10.0,
            spaces,
        })
    }

    /// The ids of a text's pieces, at least one.
    pub(crate) fn ids(&self, text: &str) -> Vec<u32> {
        let normalized = self.normalize(text);
        if normalized.is_empty() { vec![self.unknown] } else { self.divide(&normalized) }
    }

    /// Viterbi's best path; of equal paths the one whose last piece starts first.
    fn divide(&self, text: &[u8]) -> Vec<u32> {
        let start = Step { score: 0.0, from: 0, id: 0 };
        let mut best = vec![Step { score: f64::NEG_INFINITY, ..start }; text.len() + 1];
        best[0] = start;
        let mut from = 0;
        while from < text.len() {
            let width = character_width(text[from]);
            let base = best[from].score;
            let mut has_single = false;
            self.pieces.prefixes(&text[from..], |length, id| {
                has_single |= length == width;
                let score = base + f64::from(self.scores.get(id as usize).copied().unwrap_or(0.0));
                improve(&mut best[from + length], Step { score, from, id });
            });
            if !has_single {
                let score = base + self.unknown_score;
                improve(&mut best[from + width], Step { score, from, id: self.unknown });
            }
            from += width;
        }
        let mut ids = Vec::new();
        while from > 0 {
            ids.push(best[from].id);
            from = best[from].from;
        }
        ids.reverse();
        ids
    }

    fn normalize(&self, text: &str) -> Vec<u8> {
        let mut normalized = SPACE.to_vec();
        let mut after_space = true;
        let mut rest = text.as_bytes();
        while !rest.is_empty() {
            let (replacement, width) = self.replace(rest);
            for byte in replacement {
                if *byte != b' ' {
                    normalized.push(*byte);
                } else if !after_space {
                    normalized.extend(SPACE);
                }
                after_space = *byte == b' ';
            }
            rest = &rest[width..];
        }
        if self.spaces == Spaces::Trimmed {
            while normalized.ends_with(SPACE) {
                normalized.truncate(normalized.len() - SPACE.len());
            }
        }
        normalized
    }

    /// What the longest known start of the bytes becomes, and its length.
    fn replace<'a>(&'a self, bytes: &'a [u8]) -> (&'a [u8], usize) {
        let mut longest = None;
        self.characters.prefixes(bytes, |length, value| longest = Some((length, value)));
        let replacement = longest.and_then(|(length, value)| {
            let start = self.replacements.get(value as usize..)?;
            Some((start.split(|byte| *byte == 0).next()?, length))
        });
        let width = character_width(bytes[0]);
        replacement.unwrap_or((&bytes[..width.min(bytes.len())], width))
    }
}

/// What SentencePiece writes for a space, U+2581.
pub(crate) const SPACE: &[u8] = "\u{2581}".as_bytes();

/// The parts of a tokenizer, on their way into a model's file.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary<'a> {
    /// Each piece and its score, by id.
    pub(crate) pieces: Vec<(&'a [u8], f32)>,
    /// The trie of what is replaced, from keys to offsets into the replacements.
    pub(crate) characters: Vec<u32>,
    /// The replacements, each ended by a zero byte.
    pub(crate) replacements: Vec<u8>,
}

impl Vocabulary<'_> {
    /// Adds the sections that [`Unigram::open`] reads; `left_out` is never a piece of a text.
    pub(crate) fn push_to(self, sections: &mut Sections, left_out: Option<u32>) {
        let mut keys: Vec<_> = (0..)
            .zip(&self.pieces)
            .filter(|(id, _)| Some(*id) != left_out)
            .map(|(id, (piece, _))| (*piece, id))
            .collect();
        keys.sort_unstable();
        let scores: Vec<f32> = self.pieces.iter().map(|(_, score)| *score).collect();
        sections.push_words("tokenizer.pieces", &build(&keys));
        sections.push_floats("tokenizer.scores", &scores);
        sections.push_words("tokenizer.characters", &self.characters);
        sections.push("tokenizer.replacements", self.replacements);
    }
}

/// The best way to a place: the score until there, the place before, and the piece between.
#[derive(Clone, Copy)]
struct Step {
    score: f64,
    from: usize,
    id: u32,
}

fn improve(step: &mut Step, other: Step) {
    if other.score > step.score {
        *step = other;
    }
}

/// The length of a character in UTF-8 by its first byte.
fn character_width(first: u8) -> usize {
    match first {
        0xC0..0xE0 => 2,
        0xE0..0xF0 => 3,
        0xF0.. => 4,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(spaces: Spaces, text: &str, expected: &[u32]) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model.bin");
        let pieces = ["<unk>", "▁", "a", "b", "ab", "▁a", "é"];
        let vocabulary = Vocabulary {
            pieces: pieces.iter().map(|piece| (piece.as_bytes(), -1.0)).collect(),
            characters: build(&[(b"\t", 0), ("É".as_bytes(), 2)]),
            replacements: " \0é\0".as_bytes().to_vec(),
        };
        let mut sections = Sections::default();
        vocabulary.push_to(&mut sections, None);
        sections.write(&path).unwrap();
        let model = ModelFile::open(&path).unwrap();
        let unigram = Unigram::open(&model, 0, spaces).unwrap();
        assert_eq!(unigram.ids(text), expected, "{text:?}");
    }

    #[test]
    fn the_fewest_pieces_win_when_all_weigh_the_same() {
        check(Spaces::Trimmed, "ab", &[1, 4]);
        check(Spaces::Trimmed, "a b", &[5, 1, 3]);
        check(Spaces::Trimmed, "aé", &[5, 6]);
    }

    #[test]
    fn an_unknown_character_is_one_piece() {
        check(Spaces::Trimmed, "a\u{1F600}b", &[5, 0, 3]);
    }

    #[test]
    fn characters_are_replaced_before_they_are_divided() {
        check(Spaces::Trimmed, "a\tÉ", &[5, 1, 6]);
    }

    #[test]
    fn spaces_are_folded() {
        check(Spaces::Trimmed, "  a \t b  ", &[5, 1, 3]);
        check(Spaces::Collapsed, "  a \t b  ", &[5, 1, 3, 1]);
        check(Spaces::Trimmed, " ", &[0]);
        check(Spaces::Trimmed, "", &[0]);
    }
}
