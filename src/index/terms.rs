//! Sparse vectors: the terms of a text, and their weights as BM25 has them.
//!
//! The weight of a term saturates with its frequency and is normed by the length of the text; the
//! engine multiplies it by the inverse document frequency, which only it knows.
//! Source of the formula: Robertson and Zaragoza, *The Probabilistic Relevance Framework: BM25 and
//! Beyond*, 2009.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    ops::RangeInclusive,
};

use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

use super::irregular::Irregular;
use crate::{logbook::Language, services::SparseVector};

/// How fast the weight of a term saturates.
const K1: f32 = 1.2;
/// How much the length of a text counts.
const B: f32 = 0.6;
/// The length, in terms, that counts as usual; a constant, so that a chunk's vector does not depend
/// on the chunks that were stored before it.
const USUAL_LENGTH: f32 = 40.0;

/// How many letters a word has that is likely to mean something by itself.
const PLAIN_LENGTH: RangeInclusive<usize> = 3..=32;

/// Words that say nothing of what a text is about, folded.
const STOP_WORDS: &str = "
a about above after again against all also am an and any are as at be because been before being
below between both but by can could did do does doing done down during each few for from further
get got had has have having he her here hers him his how i if in into is it its just kind like ll
may me might more most must my no nor not now of off on once only or other our out over own re same
shall she should so some such than that the their them then there these they this those through to
too under until up us ve very was we were what when where which while who whom whose why will with
would you your yours
ai aie ainsi ait alors apres as au aucun aussi autre aux avait avant avec avoir avons c ca car ce
cela ces cet cette ceux chaque ci comme d dans de des deux dont du elle elles en encore est et etait
ete etes etre eu eux fait faire fois font fut ici il ils j je l la le les leur leurs lors lui m ma
mais me meme mes moi mon n ne ni nos notre nous on ont ou par pas pendant peu plus pour pourquoi qu
quand que quel quelle quelles quels qui quoi s sa sans se sera ses si soit son sont sous sur t ta te
tel tes toi ton tous tout toute toutes tres tu un une vers via vos votre vous y";

/// A term of a text: a folded, stemmed word, or an identifier kept whole.
pub type Term = String;

/// Reads terms; holds what is costly to make.
pub struct TermReader {
    stop_words: HashSet<&'static str>,
    english: Stems,
    french: Stems,
}

impl Default for TermReader {
    fn default() -> Self {
        Self {
            stop_words: STOP_WORDS.split_whitespace().collect(),
            english: Stems::new(Algorithm::English, Irregular::english()),
            french: Stems::new(Algorithm::French, Irregular::default()),
        }
    }
}

impl TermReader {
    /// The terms of a text in its language, in order.
    #[must_use]
    pub fn terms(&self, text: &str, language: Language) -> Vec<Term> {
        let stems = match language {
            Language::English => &self.english,
            Language::French => &self.french,
        };
        let mut terms = Vec::new();
        self.words(text, &mut |word| terms.push(stems.stem(word)));
        terms
    }

    /// The words of a question, each with the terms that either language would have stored for it.
    #[must_use]
    pub fn query_words(&self, text: &str) -> Vec<Vec<Term>> {
        let mut words: Vec<Vec<Term>> = Vec::new();
        self.words(text, &mut |word| {
            let mut variants = vec![self.english.stem(word)];
            let french = self.french.stem(word);
            if french != variants[0] {
                variants.push(french);
            }
            if !words.contains(&variants) {
                words.push(variants);
            }
        });
        words
    }

    /// The terms of a question, as either language would have stored them.
    #[must_use]
    pub fn query_terms(&self, text: &str) -> Vec<Term> {
        self.query_words(text).into_iter().flatten().collect()
    }

    /// The words of a text that are written with letters alone, folded, each once; no stop words, and
    /// none that is too short to mean much by itself.
    #[must_use]
    pub fn plain_words(&self, text: &str) -> BTreeSet<String> {
        let mut plain = BTreeSet::new();
        self.words(text, &mut |word| {
            let length = word.chars().count();
            if PLAIN_LENGTH.contains(&length) && word.chars().all(char::is_alphabetic) {
                plain.insert(word.to_owned());
            }
        });
        plain
    }

    /// Gives each word, folded, that is no stop word; words joined by marks are given whole too.
    fn words(&self, text: &str, give: &mut dyn FnMut(&str)) {
        let folded = folded(text);
        for run in folded.split(|character: char| !is_joined(character)) {
            let run = run.trim_matches(|character: char| !character.is_alphanumeric());
            let mut parts = 0;
            for word in run.split(|character: char| !character.is_alphanumeric()) {
                if !word.is_empty() {
                    parts += 1;
                    if !self.stop_words.contains(word) {
                        give(word);
                    }
                }
            }
            if parts > 1 && parts <= 6 {
                give(run);
            }
        }
    }
}

/// The stems of a language.
struct Stems {
    stemmer: Stemmer,
    irregular: Irregular,
}

impl Stems {
    fn new(algorithm: Algorithm, irregular: Irregular) -> Self {
        Self { stemmer: Stemmer::create(algorithm), irregular }
    }

    /// The stem of a word; what is joined by marks is no word of a language, and stays whole.
    fn stem(&self, word: &str) -> Term {
        if word.chars().all(char::is_alphanumeric) {
            self.stemmer.stem(self.irregular.base(word)).into_owned()
        } else {
            word.to_owned()
        }
    }
}

/// Whether a character can stand within an identifier, a path or a date.
fn is_joined(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '-' | '.' | '/' | ':' | '+')
}

/// A text without case and accents; an apostrophe parts words.
pub(crate) fn folded(text: &str) -> String {
    text.nfkd()
        .filter(|character| !is_combining_mark(*character))
        .flat_map(char::to_lowercase)
        .collect()
}

/// The sparse vector of a text to be found: its terms with how much each occurrence counts.
#[must_use]
pub fn passage_vector(terms: impl IntoIterator<Item = (Term, f32)>) -> SparseVector {
    let mut frequencies: BTreeMap<u32, f32> = BTreeMap::new();
    for (term, weight) in terms {
        *frequencies.entry(hash(&term)).or_default() += weight;
    }
    let length: f32 = frequencies.values().sum();
    let norm = K1 * (1.0 - B + B * length / USUAL_LENGTH);
    let (indices, values) = frequencies
        .into_iter()
        .map(|(index, frequency)| (index, frequency * (K1 + 1.0) / (frequency + norm)))
        .unzip();
    SparseVector { indices, values }
}

/// The sparse vector of a question: each term of its words once.
#[must_use]
pub fn query_vector(words: &[Vec<Term>]) -> SparseVector {
    let indices: BTreeSet<u32> = words.iter().flatten().map(|term| hash(term)).collect();
    SparseVector { values: vec![1.0; indices.len()], indices: indices.into_iter().collect() }
}

/// The sparse vector of terms that count differently.
#[must_use]
pub fn weighted_vector(terms: impl IntoIterator<Item = (Term, f32)>) -> SparseVector {
    let weights: BTreeMap<u32, f32> =
        terms.into_iter().map(|(term, weight)| (hash(&term), weight)).collect();
    let (indices, values) = weights.into_iter().unzip();
    SparseVector { indices, values }
}

/// FNV-1a, 32 bits. Source: RFC 9923, section 2.
fn hash(term: &str) -> u32 {
    term.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, language: Language, expected: &[&str]) {
        assert_eq!(TermReader::default().terms(text, language), expected, "{text}");
    }

    #[test]
    fn words_are_folded_and_stemmed_in_their_language() {
        check("Running the Migrations", Language::English, &["run", "migrat"]);
        check("J'ai évité les déploiements", Language::French, &["evit", "deploi"]);
    }

    #[test]
    fn irregular_forms_are_found_by_their_word() {
        check("the children bought knives", Language::English, &["child", "buy", "knife"]);
    }

    #[test]
    fn identifiers_are_split_and_kept() {
        check("max_connections", Language::English, &["max", "connect", "max_connections"]);
        check("see 2022-03-14.", Language::English, &["see", "2022", "03", "14", "2022-03-14"]);
    }

    #[test]
    fn a_question_has_the_terms_of_both_languages() {
        let words = TermReader::default().query_words("déploiements");
        let expected = ["deploiement", "deploi"].map(str::to_owned);
        assert_eq!(words, [expected]);
    }

    #[test]
    fn a_term_that_occurs_more_weighs_more_but_not_in_proportion() {
        let weight = |times: usize| {
            passage_vector(vec![("git".to_owned(), 1.0); times]).values.first().copied().unwrap()
        };
        assert!(weight(1) < weight(2) && weight(8) < 4.0 * weight(1));
    }

    #[test]
    fn a_vector_is_ascending_and_without_doubles() {
        let words = ["b", "a", "b", "c"].map(|term| vec![term.to_owned()]);
        let vector = query_vector(&words);
        assert!(vector.indices.is_sorted_by(|one, other| one < other));
        assert_eq!(vector.indices.len(), 3);
    }
}
