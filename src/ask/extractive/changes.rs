//! What one period has that another has not, and what both have: tags, names and nouns, counted
//! over every entry, each with the places of its first and its last mention.
//!
//! A matter is new only if no entry of the earlier period has its tag or its word at all.

#![expect(clippy::cast_precision_loss, reason = "counts of entries are small")]

use std::collections::BTreeSet;

use serde::Serialize;

use super::{
    document::{Document, documents},
    naming::{Naming, alike_words, named},
    themes::{Seed, titles},
    words::asked_for,
    writer::Writer,
};
use crate::{
    ask::{
        Passage,
        citation::{Citation, CurrentText},
        phrases::{self, phrase},
    },
    index::{Term, TermReader},
    logbook::{Language, Span},
};

/// What is told of each kind at the most.
const MATTERS_MAX: usize = 12;
/// Where two periods have more entries than this, a matter is what more than one of them has.
const FEW: usize = 12;

/// Two periods that are compared, and how.
#[derive(Clone, Copy, Debug)]
pub struct Compared<'a> {
    /// The earlier period and its passages.
    pub earlier: (Span, &'a [Passage]),
    /// The later period and its passages.
    pub later: (Span, &'a [Passage]),
    /// What all of it is about, which is no news; empty for everything.
    pub topic: &'a str,
    /// The language that it is told in.
    pub language: Language,
}

/// What changed from one period to another.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Changes {
    /// What only the later period has, the weightiest first.
    pub new: Matters,
    /// What only the earlier period has.
    pub dropped: Matters,
    /// What both have.
    pub recurring: Matters,
}

/// Matters of one kind.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Matters {
    /// The weightiest, in order.
    pub matters: Vec<Matter>,
    /// How many more there are.
    pub more: usize,
}

/// A tag, a name or a noun that entries share.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Matter {
    /// What it is called, as the notes write it.
    pub name: String,
    /// How many entries of the earlier period have it.
    pub earlier: usize,
    /// How many entries of the later period have it.
    pub later: usize,
    /// Its first mention.
    pub first: Mention,
    /// Its last mention.
    pub last: Mention,
}

/// Where a matter is spoken of.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Mention {
    /// The days of the entry.
    pub span: Option<Span>,
    /// Where it stands: `path:line`.
    pub place: String,
    /// The number of its citation.
    pub number: usize,
    /// The place of its passage among those of the earlier period, then the later.
    #[serde(skip)]
    pub passage: usize,
}

/// Finds what changed, and the citations of the first and last mentions by number.
#[must_use]
pub fn changes(
    compared: &Compared<'_>,
    reader: &TermReader,
    current: &CurrentText<'_>,
) -> (Changes, Vec<Citation>) {
    let passages = [compared.earlier.1, compared.later.1].concat();
    let asked = asked_for(compared.topic, reader);
    let (documents, surfaces) = documents(&passages, reader, &asked);
    let naming = Naming { surfaces: &surfaces, asked: &asked, language: compared.language };
    let mut finding = Finding {
        later_from: compared.earlier.1.len(),
        documents: &documents,
        reader,
        writer: Writer::new(&passages),
    };
    let mut kinds: [Vec<Found>; 3] = Default::default();
    for found in finding.found(&naming) {
        let kind = match finding.counts(&found.2) {
            (0, _) => 0,
            (_, 0) => 1,
            _ => 2,
        };
        kinds[kind].push(found);
    }
    let [new, dropped, recurring] = kinds.map(|kind| finding.matters(&kind));
    let mut changes = Changes { new, dropped, recurring };
    let (_, citations) = finding.writer.finish(current);
    let kinds = [&mut changes.new, &mut changes.dropped, &mut changes.recurring];
    for matter in kinds.into_iter().flat_map(|kind| &mut kind.matters) {
        for mention in [&mut matter.first, &mut matter.last] {
            if let Some(citation) = citations.get(mention.number - 1) {
                mention.place = citation.place();
            }
        }
    }
    (changes, citations)
}

/// What a matter is called, what it was found by, and the entries that have it.
type Found = (String, Seed, BTreeSet<usize>);

/// Looking for what entries share.
struct Finding<'a> {
    /// The first passage of the later period.
    later_from: usize,
    documents: &'a [Document],
    reader: &'a TermReader,
    writer: Writer<'a>,
}

impl Finding<'_> {
    /// Everything that can be told, by its name, the weightiest first; of what is called alike, the
    /// weightiest alone.
    fn found(&self, naming: &Naming<'_>) -> Vec<Found> {
        let least = if self.documents.len() > FEW { 2 } else { 1 };
        let mut found: Vec<(f32, String, Seed, BTreeSet<usize>)> = titles(self.documents, naming)
            .into_iter()
            .map(|(seed, members)| {
                let members = self.with_its_word(&seed, members);
                (self.weight(&seed, &members, naming), named(&seed, naming.surfaces), seed, members)
            })
            .filter(|(_, name, _, members)| members.len() >= least && name.chars().count() > 2)
            .filter(|(_, _, seed, _)| match seed {
                Seed::Word(term) => {
                    let surfaces = naming.surfaces;
                    surfaces.is_name(term) || !surfaces.is_foreign(term, naming.language)
                }
                _ => true,
            })
            .collect();
        found.sort_by(|one, other| other.0.total_cmp(&one.0).then_with(|| one.1.cmp(&other.1)));
        let mut told: Vec<Found> = Vec::new();
        for (_, name, seed, members) in found {
            let is_told =
                |(other, _, others): &Found| alike_words(other, &name) || *others == members;
            if !told.iter().any(is_told) {
                told.push((name, seed, members));
            }
        }
        told
    }

    /// The weightiest of what was found, with their mentions.
    fn matters(&mut self, found: &[Found]) -> Matters {
        let mut matters = Vec::new();
        for (name, seed, members) in found.iter().take(MATTERS_MAX) {
            let (earlier, later) = self.counts(members);
            if let (Some(first), Some(last)) = (members.first(), members.last()) {
                let first = self.mention(*first, seed, false);
                let last = self.mention(*last, seed, true);
                matters.push(Matter { name: name.clone(), earlier, later, first, last });
            }
        }
        Matters { matters, more: found.len().saturating_sub(MATTERS_MAX) }
    }

    /// The entries of a tag, with those that have it as a word.
    fn with_its_word(&self, seed: &Seed, mut members: BTreeSet<usize>) -> BTreeSet<usize> {
        if let Seed::Tag(tag) = seed {
            let terms = self.terms_of(tag);
            let has = |document: &Document| {
                !terms.is_empty() && terms.iter().all(|term| document.counts.contains_key(term))
            };
            let places = (0..self.documents.len()).filter(|place| has(&self.documents[*place]));
            members.extend(places);
        }
        members
    }

    fn terms_of(&self, tag: &str) -> Vec<Term> {
        self.reader.terms(&tag.replace(['-', '_'], " "), Language::English)
    }

    /// How much a matter says: how many have it in each period, and what it is.
    fn weight(&self, seed: &Seed, members: &BTreeSet<usize>, naming: &Naming<'_>) -> f32 {
        let (earlier, later) = self.counts(members);
        let many = (1.0 + earlier as f32).ln() + (1.0 + later as f32).ln();
        many * match seed {
            Seed::Tag(_) => 1.5,
            Seed::Pair(..) => 1.3,
            Seed::Word(term) if naming.surfaces.is_name(term) => 1.2,
            Seed::Home(_) | Seed::Word(_) => 1.0,
        }
    }

    /// How many of some entries are of the earlier and of the later period; one may be of both.
    fn counts(&self, members: &BTreeSet<usize>) -> (usize, usize) {
        let of = |is_later: bool| {
            let is_of = |place: &&usize| {
                self.passages(**place).any(|it| (it >= self.later_from) == is_later)
            };
            members.iter().filter(is_of).count()
        };
        (of(false), of(true))
    }

    fn passages(&self, place: usize) -> impl Iterator<Item = usize> {
        self.documents[place].passages.iter().copied()
    }

    /// The first or the last place in an entry where a matter is spoken of.
    fn mention(&mut self, place: usize, seed: &Seed, is_last: bool) -> Mention {
        let documents = self.documents;
        let document = &documents[place];
        let terms = match seed {
            Seed::Tag(tag) => self.terms_of(tag),
            Seed::Pair(one, other) => vec![one.clone(), other.clone()],
            Seed::Word(term) => vec![term.clone()],
            Seed::Home(_) => Vec::new(),
        };
        let mut quotes = document.quotes.iter().filter(|quote| {
            !terms.is_empty() && terms.iter().all(|term| quote.terms.contains(term))
        });
        let quote = if is_last { quotes.next_back() } else { quotes.next() };
        let (sentence, passage) = match quote {
            Some(quote) => (quote.sentence.text.as_str(), quote.passage),
            None => (document.title.as_str(), document.passages[0]),
        };
        let number = self.writer.number(sentence, passage);
        Mention { span: document.span, place: String::new(), number, passage }
    }
}

/// Tells what changed, in lists under headings.
#[must_use]
pub fn changes_told(changes: &Changes, compared: &Compared<'_>) -> String {
    let language = compared.language;
    let mut text = String::new();
    let headings = headings(compared);
    for (heading, kind) in headings.iter().zip([&changes.new, &changes.dropped, &changes.recurring])
    {
        text.push_str(&format!("## {heading}\n\n"));
        for (number, matter) in (1..).zip(&kind.matters) {
            text.push_str(&format!("{number}. {}\n", told(matter, compared)));
        }
        if kind.matters.is_empty() {
            text.push_str(phrase(language, "Nothing.\n", "Rien.\n"));
        }
        if kind.more > 0 {
            let more = phrases::number(language, kind.more);
            text.push_str(&match language {
                Language::English => format!("\n… and {more} more.\n"),
                Language::French => format!("\n… et {more} de plus.\n"),
            });
        }
        text.push('\n');
    }
    text.push_str(&format!(
        "_{}_",
        phrase(
            language,
            "Counted in every entry of both periods, without a language model.",
            "Compté dans chaque entrée des deux périodes, sans modèle de langage.",
        )
    ));
    text
}

/// What stands above what is new, dropped and recurring.
#[must_use]
pub fn headings(compared: &Compared<'_>) -> [String; 3] {
    let language = compared.language;
    let (earlier, later) = (compared.earlier.0, compared.later.0);
    let (earlier, later) = (phrases::span(language, earlier), phrases::span(language, later));
    match language {
        Language::English => {
            [format!("New in {later}"), format!("Only in {earlier}"), "In both".to_owned()]
        }
        Language::French => {
            [format!("Nouveau : {later}"), format!("Seulement : {earlier}"), "Les deux".to_owned()]
        }
    }
}

/// `**Marathon** (12 entries): first 3 January 2022 [1], last 2 October 2022 [2]`
fn told(matter: &Matter, compared: &Compared<'_>) -> String {
    let language = compared.language;
    let period = |span: Span| phrases::span(language, span);
    let count = match (matter.earlier, matter.later) {
        (0, count) | (count, 0) => phrases::entries(language, count),
        (earlier, later) => format!(
            "{}: {earlier}, {}: {later}",
            period(compared.earlier.0),
            period(compared.later.0)
        ),
    };
    let date = |mention: &Mention| {
        format!("{} [{}]", phrases::dated(language, mention.span, None), mention.number)
    };
    let (first, last) = (date(&matter.first), date(&matter.last));
    let name = phrases::capitalised(&matter.name);
    let colon = phrase(language, ":", " :");
    if first == last {
        return format!("**{name}** ({count}){colon} {first}");
    }
    match language {
        Language::English => format!("**{name}** ({count}){colon} first {first}, last {last}"),
        Language::French => {
            format!("**{name}** ({count}){colon} d’abord {first}, en dernier {last}")
        }
    }
}

#[cfg(test)]
#[path = "changes_tests.rs"]
mod tests;
