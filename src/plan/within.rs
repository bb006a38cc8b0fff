//! The words that narrow a question to a part of the logbook: `in my work notes`, `tagged #garden`,
//! `sous projets/`.
//!
//! The planner says what was said. Whether the logbook has such a folder or tag is found out by who
//! knows it, and a guess that proves wrong is taken back with [`Plan::without_place`].

use std::ops::Range;

use super::{
    period::{
        Reading,
        token::{Kind, Text},
    },
    types::{Place, Plan, Within},
    vocabulary as words, wording,
};
use crate::logbook::month_named;

/// A name has not more words than this.
const NAME_WORDS_MAX: usize = 3;

const IN: &[&str] = &[
    "in",
    "from",
    "within",
    "inside",
    "among",
    "across",
    "only in",
    "dans",
    "parmi",
    "a l' interieur de",
    "seulement dans",
];
const MY: &[&str] =
    &["my", "our", "the", "mes", "mon", "ma", "nos", "notre", "le", "la", "les", "l'"];
const NOTES: &[&str] = &[
    "notes",
    "note",
    "journal",
    "journals",
    "diary",
    "log",
    "logs",
    "logbook",
    "notebook",
    "folder",
    "directory",
    "vault",
    "files",
    "entries",
    "carnet",
    "dossier",
    "cahier",
    "fichiers",
    "entrees",
];
const FOLDERS: &[&str] = &["folder", "directory", "dossier", "repertoire"];
const UNDER: &[&str] = &["under", "below", "beneath", "sous"];
const TAGGED: &[&str] = &[
    "tagged",
    "tagged with",
    "tagged as",
    "with tag",
    "with tags",
    "with the tag",
    "with the tags",
    "having the tag",
    "under the tag",
    "labelled",
    "labeled",
    "avec le tag",
    "avec l' etiquette",
    "avec le mot - cle",
    "etiquete",
    "etiquetee",
    "etiquetes",
    "etiquetees",
    "tague",
    "taguee",
    "tagues",
    "taguees",
    "marque du tag",
    "sous le tag",
    "sous l' etiquette",
];

/// The parts of the logbook that a question names, outside what is about time.
pub(super) fn within(text: &Text<'_>, reading: &Reading) -> Vec<Within> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let place = tagged(text, at)
            .or_else(|| path(text, at))
            .or_else(|| folder(text, at))
            .or_else(|| notes_of(text, at))
            .or_else(|| named_notes(text, at))
            .filter(|(_, _, end)| is_free(text, reading, at..*end));
        let Some((place, name, end)) = place else {
            at += 1;
            continue;
        };
        let bytes = text.bytes(&(at..end));
        let words = text.source.get(bytes.clone()).unwrap_or_default().to_owned();
        found.push(Within { place, name, text: words, bytes: Some(bytes) });
        at = end;
    }
    found
}

/// Whether a question takes every limit to a part of the logbook back: `in all my notes`, `partout`.
pub(super) fn is_everywhere(text: &Text<'_>) -> bool {
    const EVERYWHERE: &[&str] = &[
        "everywhere",
        "in all notes",
        "in all my notes",
        "in all the notes",
        "in all folders",
        "in the whole logbook",
        "partout",
        "dans toutes mes notes",
        "dans toutes les notes",
        "dans tous les dossiers",
        "dans tout le journal",
    ];
    (0..text.len()).any(|at| text.any_phrase(at, EVERYWHERE).is_some())
}

type Said = (Place, String, usize);

/// `tagged #garden`, `with the tag garden`, `avec l'étiquette jardin`, `in #garden`.
fn tagged(text: &Text<'_>, at: usize) -> Option<Said> {
    if let Some(behind) = text.any_phrase(at, TAGGED) {
        let (name, end) = tag_name(text, behind)?;
        return Some((Place::Tag, name, end));
    }
    let behind = text.any_phrase(at, IN).or_else(|| text.any_phrase(at, UNDER))?;
    let hash = text.mark(behind, &['#']).then(|| tag_name(text, behind))??;
    Some((Place::Tag, hash.0, hash.1))
}

/// A tag with or without its `#`, its parts joined by `-`, `_` and `/`.
fn tag_name(text: &Text<'_>, at: usize) -> Option<(String, usize)> {
    let start = if text.mark(at, &['#']) { at + 1 } else { at };
    let first = text.tokens.get(start).filter(|token| token.kind != Kind::Mark)?;
    if start == at && is_frame(&first.folded) && !first.quoted {
        return None;
    }
    let end = glued_run(text, start);
    Some((text.source.get(text.bytes(&(start..end)))?.to_owned(), end))
}

/// `under projects/rust`, `in projects/`, `sous projets/`.
fn path(text: &Text<'_>, at: usize) -> Option<Said> {
    let under = text.any_phrase(at, UNDER);
    let start = under.or_else(|| text.any_phrase(at, IN))?;
    let first = text.tokens.get(start).filter(|token| token.kind != Kind::Mark)?;
    let end = glued_run(text, start);
    let name = text.source.get(first.bytes.start..text.bytes(&(start..end)).end)?;
    let is_path = name.ends_with('/') || (under.is_some() && name.contains('/'));
    is_path.then(|| (Place::Folder, name.to_owned(), end))
}

/// The place behind a run of words joined by marks without white space: `projects/rust-notes`.
fn glued_run(text: &Text<'_>, start: usize) -> usize {
    let joins = |at: usize| text.get(at).is_some_and(|token| matches!(token.raw, "/" | "-" | "_"));
    let mut end = start + 1;
    while text.glued(end) {
        let word = text.tokens[end].kind != Kind::Mark;
        let joined = joins(end - 1) && word;
        let next = joins(end) && (text.glued(end + 1) || text.tokens[end].raw == "/");
        // `2021_03`: a number stands against a word.
        let split = word && text.tokens[end - 1].kind != Kind::Mark;
        if !(joined || next || split) {
            break;
        }
        end += 1;
    }
    end
}

/// `in folder projects`, `dans le dossier projets`.
fn folder(text: &Text<'_>, at: usize) -> Option<Said> {
    let lead = text.any_phrase(at, IN).or_else(|| text.any_phrase(at, UNDER))?;
    let noun = text.skip(lead, MY);
    let start = text.is(noun, FOLDERS).then_some(noun + 1)?;
    let start = text.any_phrase(start, &["called", "named", "appele"]).unwrap_or(start);
    // `the folder of notes` is no folder's name.
    let first = text.tokens.get(start).filter(|token| token.kind != Kind::Mark)?;
    if is_frame(&first.folded) && !first.quoted {
        return None;
    }
    let end = if first.quoted { quoted_run(text, start) } else { glued_run(text, start) };
    Some((Place::Folder, text.source.get(text.bytes(&(start..end)))?.to_owned(), end))
}

fn quoted_run(text: &Text<'_>, start: usize) -> usize {
    let quoted = |at: usize| text.tokens.get(at).is_some_and(|token| token.quoted);
    (start..text.len()).find(|at| !quoted(*at)).unwrap_or(text.len())
}

/// `dans mes notes de travail`, `dans mon journal du jardin`.
fn notes_of(text: &Text<'_>, at: usize) -> Option<Said> {
    let lead = text.any_phrase(at, IN)?;
    let noun = text.is(lead, MY).then_some(lead + 1)?;
    let of = text.is(noun, NOTES).then_some(noun + 1)?;
    let start = text.is(of, &["de", "d'", "du", "des"]).then_some(of + 1)?;
    let start = text.skip(start, &["la", "l'", "le", "les"]);
    let end = name_end(text, start);
    (end > start).then(|| (Place::Named, name_of(text, start..end), end))
}

/// `in my work notes`, `from our garden journal`.
fn named_notes(text: &Text<'_>, at: usize) -> Option<Said> {
    let lead = text.any_phrase(at, IN)?;
    let start = text.is(lead, MY).then_some(lead + 1)?;
    let noun = (start + 1..=start + NAME_WORDS_MAX).find(|at| text.is(*at, NOTES))?;
    let named = (start..noun).all(|at| {
        let is_hyphen = text.mark(at, &['-']) && text.glued(at);
        is_hyphen || (!text.word(at).is_empty() && !is_frame(text.word(at)))
    });
    let place = if text.is(noun, FOLDERS) { Place::Folder } else { Place::Named };
    named.then(|| (place, name_of(text, start..noun), noun + 1))
}

/// The place behind a name that stands at the end of its phrase: one or two words.
fn name_end(text: &Text<'_>, start: usize) -> usize {
    let name = |at: usize| !text.word(at).is_empty() && !is_frame(text.word(at));
    if name(start) { glued_run(text, start) } else { start }
}

fn name_of(text: &Text<'_>, tokens: Range<usize>) -> String {
    text.source.get(text.bytes(&tokens)).unwrap_or_default().to_owned()
}

/// A word that names no folder and no tag.
fn is_frame(word: &str) -> bool {
    const QUALITIES: &[&str] = &[
        "old",
        "older",
        "oldest",
        "new",
        "recent",
        "latest",
        "last",
        "first",
        "next",
        "previous",
        "entire",
        "whole",
        "long",
        "short",
        "best",
        "paper",
        "same",
        "vieilles",
        "anciennes",
        "dernieres",
        "premieres",
        "recentes",
    ];
    let lists = [words::ENGLISH, words::FRENCH, words::GENERIC, QUALITIES, NOTES];
    lists.iter().any(|list| list.contains(&word)) || month_named(word).is_some()
}

/// Whether none of these tokens is about time.
fn is_free(text: &Text<'_>, reading: &Reading, tokens: Range<usize>) -> bool {
    let bytes = text.bytes(&tokens);
    let mut phrases = reading.phrases.iter();
    phrases.all(|phrase| phrase.end <= bytes.start || bytes.end <= phrase.start)
}

impl Plan {
    /// The plan without a part of the logbook that there is not: its name counts as a word instead.
    #[must_use]
    pub fn without_place(mut self, within: &Within) -> Self {
        self.within.retain(|other| other != within);
        let name = within.name.trim_matches(['/', '#', '"', '“', '”', '«', '»', ' ']);
        let name = name.replace(['/', '_'], " ");
        format!("{} {name}", self.topic).trim().clone_into(&mut self.topic);
        self.doubts.push(wording::no_such_place(within, self.language));
        self
    }

    /// The plan without the parts of the logbook that it was narrowed to, since they leave nothing.
    #[must_use]
    pub fn everywhere(mut self) -> Self {
        for within in std::mem::take(&mut self.within) {
            self.doubts.push(wording::nothing_within(&within, self.language));
        }
        self
    }
}
