//! What a theme is called: its tags, then names and nouns that its entries share.

#![expect(clippy::cast_precision_loss, reason = "counts of entries and words are small")]

use std::collections::{BTreeMap, BTreeSet};

use super::{
    document::Document,
    themes::{Seed, terms_of},
    words::Surfaces,
};
use crate::{index::Term, logbook::Language};

/// How names are written, and which are left out.
pub(super) struct Naming<'a> {
    pub surfaces: &'a Surfaces,
    pub asked: &'a BTreeSet<Term>,
    pub language: Language,
}

impl Naming<'_> {
    /// Whether a term can title a theme: a noun or a name, and not what all is about.
    pub(super) fn can_title(&self, term: &str) -> bool {
        term.chars().all(char::is_alphabetic)
            && !self.asked.contains(term)
            && self.surfaces.can_title(term)
    }

    /// Whether two terms can title a theme together: a noun or a name, and what goes with it.
    pub(super) fn can_title_together(&self, one: &str, other: &str) -> bool {
        let [noun, beside] = match self.language {
            Language::English => [other, one],
            Language::French => [one, other],
        };
        self.surfaces.can_title(noun) && !self.surfaces.is_verb(beside)
    }
}

/// How much better a tag is than a word that is as telling.
const TAG: f32 = 1.5;

/// The names of a theme: its seeds, then its most telling tags and words, three at the most.
pub(super) fn labels(
    seeds: &[Seed],
    members: &BTreeSet<usize>,
    terms: &BTreeMap<Term, f32>,
    documents: &[Document],
    naming: &Naming<'_>,
) -> Vec<String> {
    let Naming { surfaces, language, .. } = *naming;
    let mut labels: Vec<(String, Vec<Term>)> = Vec::new();
    let mut add = |label: String, of: Vec<Term>| {
        let is_known = labels.iter().any(|(known, terms)| {
            terms.iter().any(|term| of.contains(term)) || alike_words(known, &label)
        });
        let is_short = label.chars().count() < 3 && label.chars().any(char::is_lowercase);
        if labels.len() < 3 && !is_known && !is_short {
            labels.push((label, of));
        }
    };
    for seed in seeds.iter().take(2) {
        add(named(seed, surfaces), terms_of(seed));
    }
    let is_tag = |term: &str| {
        let tagged =
            members.iter().filter(|place| documents[**place].tags.iter().any(|tag| tag == term));
        tagged.count() > 1
    };
    let mut telling: Vec<(String, Vec<Term>, f32)> = terms
        .iter()
        .filter(|(term, _)| naming.can_title(term) || is_tag(term))
        .filter(|(term, _)| surfaces.is_name(term) || !surfaces.is_foreign(term, language))
        .filter(|(term, _)| {
            let having =
                members.iter().filter(|place| documents[**place].counts.contains_key(*term));
            having.count() * 2 >= members.len()
        })
        .map(|(term, weight)| {
            let weight = if is_tag(term) { TAG * weight } else { *weight };
            (surfaces.of(term).to_owned(), vec![term.clone()], weight)
        })
        .collect();
    for ((one, other), count) in shared_pairs(members, documents) {
        if let (Some(first), Some(second)) = (terms.get(one), terms.get(other))
            && naming.can_title_together(one, other)
        {
            let weight = (first + second) * 0.7 * (count as f32 / members.len() as f32).sqrt();
            let pair = [one.to_owned(), other.to_owned()];
            telling.push((surfaces.of_pair(&pair[0], &pair[1]), pair.to_vec(), weight));
        }
    }
    telling.sort_by(|one, other| other.2.total_cmp(&one.2).then_with(|| one.0.cmp(&other.0)));
    for (label, of, _) in telling {
        add(label, of);
    }
    labels.into_iter().map(|(label, _)| label).collect()
}

/// What entries share, as the notes write it.
pub(super) fn named(seed: &Seed, surfaces: &Surfaces) -> String {
    match seed {
        Seed::Tag(name) => tag_as_written(name, surfaces),
        Seed::Home(name) => name.clone(),
        Seed::Pair(one, other) => surfaces.of_pair(one, other),
        Seed::Word(term) => surfaces.of(term).to_owned(),
    }
}

fn shared_pairs<'a>(
    members: &BTreeSet<usize>,
    documents: &'a [Document],
) -> BTreeMap<(&'a str, &'a str), usize> {
    let mut pairs: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for place in members {
        let own: BTreeSet<(&str, &str)> = documents[*place]
            .pairs
            .iter()
            .map(|(one, other)| (one.as_str(), other.as_str()))
            .collect();
        for pair in own {
            *pairs.entry(pair).or_default() += 1;
        }
    }
    pairs.retain(|_, count| *count >= 2);
    pairs
}

/// A tag as the word is written in the text, where it is.
fn tag_as_written(tag: &str, surfaces: &Surfaces) -> String {
    let spaced = tag.replace(['-', '_'], " ");
    let written = surfaces.of(tag);
    let is_initials =
        tag.len() <= 4 && tag.chars().all(|c| c.is_ascii_alphabetic() && !"aeiouy".contains(c));
    if written.eq_ignore_ascii_case(&spaced) && written != tag {
        written.to_owned()
    } else if is_initials {
        tag.to_uppercase()
    } else {
        spaced
    }
}

/// Whether two names are of the same thing, as far as their letters tell.
pub(super) fn alike_words(one: &str, other: &str) -> bool {
    let (one, other) = (one.to_lowercase(), other.to_lowercase());
    let shorter = one.chars().count().min(other.chars().count());
    let is_begun = shorter >= 3 && (one.starts_with(&other) || other.starts_with(&one));
    let same = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    is_begun
        || one.split(' ').any(|word| other.split(' ').any(|w| w == word))
        || same >= 4 && same * 3 >= shorter * 2
}
