//! Themes of a period: entries grouped by their tags and by the words that set them apart.
//!
//! A group grows from a seed that several entries share (a tag, a note's title, a pair of words, a
//! word), takes in the entries that sound like it, and is named by what is most telling of it.

#![expect(clippy::cast_precision_loss, reason = "counts of entries and words are small")]

use std::collections::{BTreeMap, BTreeSet};

use super::{
    document::Document,
    naming::{Naming, labels},
    words::Surfaces,
};
use crate::{index::Term, logbook::Language};

/// Entries that belong together.
#[derive(Clone, Debug)]
pub(super) struct Theme {
    /// What it is called, most telling first, as written in the notes.
    pub labels: Vec<String>,
    /// Its entries, as places in the list, in order.
    pub documents: Vec<usize>,
    /// How telling each term is of it.
    pub terms: BTreeMap<Term, f32>,
}

/// What entries may share.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Seed {
    Tag(String),
    Home(String),
    Pair(Term, Term),
    Word(Term),
}

/// A tag or a place that so many entries share makes a theme; words need more of them in a long
/// period.
const SHARED_MIN: usize = 3;
/// A word has to be shared by one entry in so many.
const SHARED_ONE_IN: usize = 16;
/// Entries kept in one place belong together, however different they sound.
const HOME_COHESION_MIN: f32 = 0.4;
/// What over one entry in so many has sets none of them apart.
const SHARE_MAX_ONE_IN: usize = 3;
/// How much an entry must sound like a theme to be taken in.
const LIKENESS_MIN: f32 = 0.14;

/// The themes of a period, the largest first, and the entries that belong to none.
pub(super) fn themes(
    documents: &[Document],
    surfaces: &Surfaces,
    asked: &BTreeSet<Term>,
    language: Language,
    themes_max: usize,
) -> (Vec<Theme>, Vec<usize>) {
    let vectors = Vectors::new(documents);
    let naming = Naming { surfaces, asked, language };
    let seeds = seeds(documents, &naming);
    let mut free: BTreeSet<usize> = (0..documents.len()).collect();
    let mut groups: Vec<(Vec<Seed>, BTreeSet<usize>)> = Vec::new();
    while groups.len() < themes_max {
        let best = seeds
            .iter()
            .map(|(seed, members)| {
                let members: BTreeSet<usize> = members.intersection(&free).copied().collect();
                (worth(seed, &members, &vectors, surfaces, language), seed, members)
            })
            .filter(|(worth, seed, members)| {
                members.len() >= shared_min(seed, documents.len()) && *worth > 0.0
            })
            .max_by(|one, other| one.0.total_cmp(&other.0).then(other.1.cmp(one.1)));
        let Some((_, seed, members)) = best else { break };
        let names = alike(seed, &members, &seeds, &free);
        let mut group = members;
        for name in &names {
            group.extend(seeds[name].intersection(&free));
        }
        free.retain(|place| !group.contains(place));
        let mut labels = vec![seed.clone()];
        labels.extend(names);
        groups.push((labels, group));
    }
    absorb(&mut groups, &mut free, &vectors);
    groups.sort_by_key(|(_, group)| std::cmp::Reverse(group.len()));
    let firsts: Vec<Seed> = groups.iter().filter_map(|(seeds, _)| seeds.first().cloned()).collect();
    let themes = groups
        .into_iter()
        .map(|(seeds, group)| {
            let terms = vectors.telling(documents, &group);
            // What another theme is called by first would say of this one that it is the same.
            let elsewhere: BTreeSet<Term> =
                firsts.iter().filter(|seed| !seeds.contains(seed)).flat_map(terms_of).collect();
            let own: BTreeMap<Term, f32> = terms
                .iter()
                .filter(|(term, _)| !elsewhere.contains(*term))
                .map(|(term, weight)| (term.clone(), *weight))
                .collect();
            let labels = labels(&seeds, &group, &own, documents, &naming);
            Theme { labels, documents: group.into_iter().collect(), terms }
        })
        .collect();
    (themes, free.into_iter().collect())
}

/// The terms of a seed.
pub(super) fn terms_of(seed: &Seed) -> Vec<Term> {
    match seed {
        Seed::Tag(name) => vec![name.clone()],
        Seed::Home(name) => vec![name.to_lowercase()],
        Seed::Pair(one, other) => vec![one.clone(), other.clone()],
        Seed::Word(term) => vec![term.clone()],
    }
}

fn shared_min(seed: &Seed, documents: usize) -> usize {
    match seed {
        Seed::Tag(_) | Seed::Home(_) => SHARED_MIN,
        Seed::Pair(..) | Seed::Word(_) => SHARED_MIN.max(documents / SHARED_ONE_IN),
    }
}

/// What several entries share, but not so many that it sets none of them apart.
fn seeds(documents: &[Document], naming: &Naming<'_>) -> BTreeMap<Seed, BTreeSet<usize>> {
    let most = documents.len() / SHARE_MAX_ONE_IN;
    let mut seeds = titles(documents, naming);
    seeds.retain(|_, members| (SHARED_MIN..=most.max(SHARED_MIN)).contains(&members.len()));
    seeds
}

/// Everything in entries that can title a theme, with the entries that have it.
pub(super) fn titles(
    documents: &[Document],
    naming: &Naming<'_>,
) -> BTreeMap<Seed, BTreeSet<usize>> {
    let mut seeds: BTreeMap<Seed, BTreeSet<usize>> = BTreeMap::new();
    for (place, document) in documents.iter().enumerate() {
        let mut add = |seed| {
            seeds.entry(seed).or_default().insert(place);
        };
        document.tags.iter().for_each(|tag| add(Seed::Tag(tag.clone())));
        for home in &document.homes {
            // A note and a tag of the same name are about the same thing.
            let is_word = home.chars().all(char::is_alphanumeric);
            add(if is_word { Seed::Tag(home.to_lowercase()) } else { Seed::Home(home.clone()) });
        }
        for (one, other) in &document.pairs {
            add(Seed::Pair(one.clone(), other.clone()));
        }
        document.counts.keys().for_each(|term| add(Seed::Word(term.clone())));
    }
    seeds.retain(|seed, _| match seed {
        Seed::Word(term) => naming.can_title(term),
        Seed::Pair(one, other) => naming.can_title_together(one, other),
        Seed::Tag(tag) => !naming.asked.contains(tag),
        Seed::Home(_) => true,
    });
    seeds
}

/// How good a theme a seed would make: how many share it, and how alike they are.
fn worth(
    seed: &Seed,
    members: &BTreeSet<usize>,
    vectors: &Vectors<'_>,
    surfaces: &Surfaces,
    language: Language,
) -> f32 {
    let cohesion = vectors.cohesion(members);
    let fit = match seed {
        Seed::Tag(_) => 2.2 * cohesion,
        Seed::Home(_) => 1.6 * cohesion.max(HOME_COHESION_MIN),
        Seed::Pair(..) => 1.2 * cohesion,
        Seed::Word(term) if surfaces.is_foreign(term, language) => 0.5 * cohesion,
        Seed::Word(term) if surfaces.is_name(term) => 0.6 * cohesion,
        Seed::Word(_) => 0.7 * cohesion,
    };
    fit * (1.0 + members.len() as f32).ln()
}

/// Other tags that stand on nearly the same entries.
fn alike(
    seed: &Seed,
    members: &BTreeSet<usize>,
    seeds: &BTreeMap<Seed, BTreeSet<usize>>,
    free: &BTreeSet<usize>,
) -> Vec<Seed> {
    seeds
        .iter()
        .filter(|(other, _)| *other != seed && matches!(other, Seed::Tag(_)))
        .filter(|(_, others)| {
            let others: BTreeSet<usize> = others.intersection(free).copied().collect();
            let shared = others.intersection(members).count();
            shared >= 2 && shared * 2 >= others.len()
        })
        .map(|(other, _)| other.clone())
        .collect()
}

/// Gives free entries to the group that they sound like.
fn absorb(
    groups: &mut [(Vec<Seed>, BTreeSet<usize>)],
    free: &mut BTreeSet<usize>,
    vectors: &Vectors<'_>,
) {
    let centres: Vec<BTreeMap<&str, f32>> =
        groups.iter().map(|(_, group)| vectors.centre(group)).collect();
    free.retain(|place| {
        let best = centres
            .iter()
            .enumerate()
            .map(|(index, centre)| (vectors.likeness(*place, centre), index))
            .max_by(|one, other| one.0.total_cmp(&other.0));
        match best {
            Some((likeness, index)) if likeness >= LIKENESS_MIN => {
                groups[index].1.insert(*place);
                false
            }
            _ => true,
        }
    });
}

/// The entries as weighted terms of unit length.
struct Vectors<'a> {
    rarity: BTreeMap<&'a str, f32>,
    weights: Vec<BTreeMap<&'a str, f32>>,
}

impl<'a> Vectors<'a> {
    fn new(documents: &'a [Document]) -> Self {
        let mut frequency: BTreeMap<&str, f32> = BTreeMap::new();
        for term in documents.iter().flat_map(|document| document.counts.keys()) {
            *frequency.entry(term).or_default() += 1.0;
        }
        let total = documents.len() as f32 + 1.0;
        let rarity: BTreeMap<&str, f32> =
            frequency.into_iter().map(|(term, count)| (term, (total / count).ln())).collect();
        let weights = documents
            .iter()
            .map(|document| {
                let raw: BTreeMap<&str, f32> = document
                    .counts
                    .iter()
                    .map(|(term, count)| {
                        (term.as_str(), (1.0 + count.ln().max(0.0)) * rarity[term.as_str()])
                    })
                    .collect();
                unit(raw)
            })
            .collect();
        Self { rarity, weights }
    }

    fn centre(&self, members: &BTreeSet<usize>) -> BTreeMap<&'a str, f32> {
        let mut sum: BTreeMap<&str, f32> = BTreeMap::new();
        for place in members {
            for (term, weight) in &self.weights[*place] {
                *sum.entry(term).or_default() += weight;
            }
        }
        // A term of one entry is no trait of the group.
        sum.retain(|term, _| {
            members.iter().filter(|place| self.weights[**place].contains_key(term)).count() > 1
        });
        unit(sum)
    }

    fn likeness(&self, place: usize, centre: &BTreeMap<&str, f32>) -> f32 {
        self.weights[place]
            .iter()
            .filter_map(|(term, weight)| Some(weight * centre.get(term)?))
            .sum()
    }

    fn cohesion(&self, members: &BTreeSet<usize>) -> f32 {
        let centre = self.centre(members);
        let sum: f32 = members.iter().map(|place| self.likeness(*place, &centre)).sum();
        sum / members.len().max(1) as f32
    }

    /// How telling each term is of a group: the share of the group that has it, by its rarity.
    fn telling(&self, documents: &[Document], members: &BTreeSet<usize>) -> BTreeMap<Term, f32> {
        let mut having: BTreeMap<&str, f32> = BTreeMap::new();
        for place in members {
            for term in documents[*place].counts.keys() {
                *having.entry(term).or_default() += 1.0;
            }
        }
        let size = members.len() as f32;
        let least = if members.len() > 1 { 2.0 } else { 1.0 };
        having
            .into_iter()
            .filter(|(_, count)| *count >= least)
            .map(|(term, count)| (term.to_owned(), count / size * self.rarity[term]))
            .collect()
    }
}

fn unit(mut vector: BTreeMap<&str, f32>) -> BTreeMap<&str, f32> {
    let length = vector.values().map(|weight| weight * weight).sum::<f32>().sqrt();
    if length > 0.0 {
        for weight in vector.values_mut() {
            *weight /= length;
        }
    }
    vector
}
