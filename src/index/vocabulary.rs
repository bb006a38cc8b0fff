//! The words of a logbook with their embeddings, so that a word of a question finds those that mean
//! about the same: who asks for martial arts has written of kickboxing.
//!
//! Source of the method: Kuzi, Shtok and Kurland, *Query Expansion Using Word Embeddings*, 2016.
//! Before they are compared, what all words have in common is taken off their embeddings; without
//! that, a few words are near to every other.
//! Source: Mu, Bhat and Viswanath, *All-but-the-Top: Simple and Effective Postprocessing for Word
//! Representations*, 2017.

use std::collections::HashMap;

use super::terms::Term;

/// An embedding's direction in a byte a component.
pub type Direction = Vec<i8>;

/// So many words are known at most: the later ones of a larger logbook are rare, and found by
/// themselves alone.
pub const WORDS_MAX: usize = 50_000;

/// A word of a question has at most so many related ones.
const RELATED_MAX: usize = 12;
/// The least similarity of a related word.
const SIMILARITY_MIN: f32 = 0.45;
/// The similarity from which a related word begins to count, to 1 for the very same meaning.
const SIMILARITY_NONE: f32 = 0.3;
/// What the largest component of an embedding becomes.
const LARGEST: f32 = 127.0;

/// The words of a logbook under one model.
#[derive(Debug, Default)]
pub struct Vocabulary {
    words: Vec<Word>,
    places: HashMap<Term, usize>,
    /// What all words have in common.
    mean: Vec<f32>,
}

#[derive(Debug)]
struct Word {
    term: Term,
    direction: Direction,
    /// The length of the direction.
    length: f32,
    /// The length of the unit vector without what all words have in common.
    own_length: f32,
}

impl Vocabulary {
    /// The vocabulary of these terms, each with the direction of its embedding.
    #[must_use]
    pub fn new(words: Vec<(Term, Direction)>) -> Self {
        let mut words: Vec<Word> = words
            .into_iter()
            .map(|(term, direction)| {
                let length = (dot(&direction, &direction) as f32).sqrt().max(1.0);
                Word { term, direction, length, own_length: 1.0 }
            })
            .collect();
        let mean = mean(&words);
        let mean_square: f32 = mean.iter().map(|value| value * value).sum();
        for word in &mut words {
            let shared: f32 = word.unit().zip(&mean).map(|(own, mean)| own * mean).sum();
            word.own_length = (1.0 - 2.0 * shared + mean_square).max(f32::EPSILON).sqrt();
        }
        let places =
            words.iter().enumerate().map(|(place, word)| (word.term.clone(), place)).collect();
        Self { words, places, mean }
    }

    /// Whether it has no word.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The embedding of the first of these terms that is known.
    #[must_use]
    pub fn embedding(&self, terms: &[Term]) -> Option<Vec<f32>> {
        let place = terms.iter().find_map(|term| self.places.get(term))?;
        Some(self.words[*place].unit().collect())
    }

    /// The terms that mean about the same as a word, by its embedding, each with how much so.
    #[must_use]
    pub fn related(&self, embedding: &[f32]) -> Vec<(&Term, f32)> {
        let own: Vec<f32> =
            embedding.iter().zip(&self.mean).map(|(value, mean)| value - mean).collect();
        let sought = direction(&own);
        let length = (dot(&sought, &sought) as f32).sqrt().max(1.0);
        let shared = sought.iter().zip(&self.mean).map(|(own, mean)| f32::from(*own) * mean);
        let shared = shared.sum::<f32>() / length;
        let mut related: Vec<(&Term, f32)> = self
            .words
            .iter()
            .map(|word| {
                let cosine = dot(&word.direction, &sought) as f32 / (word.length * length);
                (&word.term, (cosine - shared) / word.own_length)
            })
            .filter(|(_, similarity)| *similarity >= SIMILARITY_MIN)
            .collect();
        related.sort_by(|(one_term, one), (other_term, other)| {
            other.total_cmp(one).then_with(|| one_term.cmp(other_term))
        });
        related.truncate(RELATED_MAX);
        let weight = |similarity| (similarity - SIMILARITY_NONE) / (1.0 - SIMILARITY_NONE);
        related.into_iter().map(|(term, similarity)| (term, weight(similarity))).collect()
    }
}

impl Word {
    /// The components of its embedding.
    fn unit(&self) -> impl Iterator<Item = f32> + use<'_> {
        self.direction.iter().map(|component| f32::from(*component) / self.length)
    }
}

/// The direction of an embedding.
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "a component is at most the largest one")]
pub fn direction(embedding: &[f32]) -> Direction {
    let largest = embedding.iter().fold(f32::EPSILON, |largest, value| largest.max(value.abs()));
    embedding.iter().map(|value| (value / largest * LARGEST).round() as i8).collect()
}

fn mean(words: &[Word]) -> Vec<f32> {
    let mut mean = vec![0.0; words.first().map_or(0, |word| word.direction.len())];
    for word in words {
        for (sum, value) in mean.iter_mut().zip(word.unit()) {
            *sum += value;
        }
    }
    for sum in &mut mean {
        *sum /= words.len() as f32;
    }
    mean
}

fn dot(one: &[i8], other: &[i8]) -> i32 {
    one.iter().zip(other).map(|(one, other)| i32::from(*one) * i32::from(*other)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three words of sport and three of cooking, all with the same large first component.
    fn vocabulary() -> Vocabulary {
        let words = [
            ("kickbox", [3.0, 1.0, 0.1]),
            ("judo", [3.0, 1.0, 0.0]),
            ("yoga", [3.0, 0.6, 0.3]),
            ("soup", [3.0, 0.0, 1.0]),
            ("bread", [3.0, 0.1, 1.0]),
            ("cake", [3.0, 0.2, 0.9]),
        ];
        Vocabulary::new(words.map(|(term, it)| (term.to_owned(), direction(&it))).to_vec())
    }

    #[test]
    fn a_word_is_related_to_those_that_share_more_than_all_words_do() {
        let vocabulary = vocabulary();
        let embedding = vocabulary.embedding(&["judo".to_owned()]).unwrap();
        let related = vocabulary.related(&embedding);
        let terms: Vec<&str> = related.iter().map(|(term, _)| term.as_str()).collect();
        assert_eq!(terms, ["judo", "kickbox", "yoga"]);
        assert!(related[0].1 > 0.99 && related[2].1 < related[1].1, "{related:?}");
    }

    #[test]
    fn an_embedding_keeps_its_direction_in_bytes() {
        let vocabulary = vocabulary();
        let embedding = vocabulary.embedding(&["bread".to_owned()]).unwrap();
        let length = (9.0_f32 + 0.01 + 1.0).sqrt();
        for (value, expected) in embedding.iter().zip([3.0, 0.1, 1.0]) {
            assert!((value - expected / length).abs() < 0.005, "{embedding:?}");
        }
    }

    #[test]
    fn an_empty_vocabulary_has_no_related_words() {
        assert_eq!(Vocabulary::default().related(&[1.0, 0.0]), []);
        assert_eq!(Vocabulary::default().embedding(&["judo".to_owned()]), None);
    }
}
