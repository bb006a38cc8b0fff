//! An entry as the extract sees it: its sentences, its words, and what it is called.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{
    sentence::{Sentence, sentences},
    words::{Surfaces, WordReader, Words},
};
use crate::{
    ask::{Passage, without_date},
    index::{Term, TermReader, folded},
    logbook::{Language, Span, language_of},
};

/// A sentence that can be quoted, and the passage that it stands in.
#[derive(Clone, Debug)]
pub(super) struct Quote {
    /// The place of the passage in the list.
    pub passage: usize,
    /// The sentence.
    pub sentence: Sentence,
    /// Its terms, each once.
    pub terms: Vec<Term>,
    /// Its language.
    pub language: Language,
}

/// An entry.
#[derive(Clone, Debug)]
pub(super) struct Document {
    /// Its passages, as places in the list.
    pub passages: Vec<usize>,
    /// Its days.
    pub span: Option<Span>,
    /// Its own title without dates; empty when it is a date.
    pub title: String,
    /// The title of its note and the folder that the note lies in, without dates.
    pub homes: Vec<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// Its sentences.
    pub quotes: Vec<Quote>,
    /// How often each term occurs; those of its title and tags count more.
    pub counts: BTreeMap<Term, f32>,
    /// The terms that follow each other.
    pub pairs: Vec<(Term, Term)>,
}

/// The entries that the passages are of, in order of time, undated ones last, and how their words
/// are written; a word that is asked for always counts.
pub(super) fn documents(
    passages: &[Passage],
    reader: &TermReader,
    asked: &BTreeSet<Term>,
) -> (Vec<Document>, Surfaces) {
    let mut reader = WordReader::new(reader, asked);
    let mut places: HashMap<(&str, &str, u32), usize> = HashMap::new();
    let mut documents: Vec<Document> = Vec::new();
    for (index, passage) in passages.iter().enumerate() {
        let key = (passage.root.as_str(), passage.path.as_str(), passage.entry);
        let place = *places.entry(key).or_insert_with(|| {
            documents.push(of_entry(passage, &mut reader));
            documents.len() - 1
        });
        reader.entry = place;
        add(&mut documents[place], index, passage, &mut reader);
    }
    documents.sort_by_key(|document| {
        let passage = &passages[document.passages[0]];
        (document.span.is_none(), document.span, passage.path.clone(), passage.lines)
    });
    (documents, reader.surfaces)
}

fn of_entry(passage: &Passage, reader: &mut WordReader<'_>) -> Document {
    let title = title_of(passage);
    let note = passage.breadcrumb.first().map(|title| without_date(title)).unwrap_or_default();
    let folder = passage.path.rsplit_once('/').map_or("", |(folders, _)| folders);
    let folder = without_date(folder.rsplit('/').next().unwrap_or_default());
    let mut document = Document {
        passages: Vec::new(),
        span: passage.span,
        homes: [note, folder].into_iter().filter(|home| is_telling_home(home)).collect(),
        tags: passage.tags.iter().map(|tag| tag.trim_start_matches('#').to_owned()).collect(),
        quotes: Vec::new(),
        counts: BTreeMap::new(),
        pairs: Vec::new(),
        title,
    };
    let title = document.title.clone();
    let Words { terms, pairs } = reader.words(&title, language_of(&title));
    document.pairs.extend(pairs);
    for term in terms {
        *document.counts.entry(term).or_default() += 2.0;
    }
    for tag in document.tags.clone() {
        for term in reader.terms.terms(&tag, Language::English) {
            *document.counts.entry(term).or_default() += 2.0;
        }
    }
    document
}

/// What an entry is called, beside its date and the log that it stands in.
pub(super) fn title_of(passage: &Passage) -> String {
    let title = without_date(&passage.title);
    if is_telling_home(&title) { title } else { String::new() }
}

/// Whether a note's title or a folder's name says what stands in it, and not only that it is a log.
fn is_telling_home(home: &str) -> bool {
    const PLAIN: [&str; 24] = [
        "annual", "archive", "carnet", "daily", "diary", "entries", "inbox", "journal", "journals",
        "jrnl", "log", "logbook", "monthly", "notebook", "notes", "pages", "periodic", "posts",
        "src", "today", "weekly", "worklog", "year", "yearly",
    ];
    !home.is_empty() && !PLAIN.contains(&folded(home).as_str())
}

fn add(document: &mut Document, index: usize, passage: &Passage, reader: &mut WordReader<'_>) {
    document.passages.push(index);
    let language = language_of(&passage.text);
    for sentence in sentences(&passage.text) {
        let Words { mut terms, pairs } = reader.words(&sentence.text, language);
        document.pairs.extend(pairs);
        for term in &terms {
            *document.counts.entry(term.clone()).or_default() += 1.0;
        }
        terms.sort_unstable();
        terms.dedup();
        document.quotes.push(Quote { passage: index, sentence, terms, language });
    }
}
