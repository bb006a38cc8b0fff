//! A logbook as the questions are made from it: what each entry speaks of, and where.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{
    Written,
    mention::{Mention, mentions},
};
use crate::{
    ask::sentences,
    eval::Gold,
    index::{Term, TermReader},
    logbook::{Language, Lines, Span, language_of, language_said},
};

/// A logbook that was read.
pub(super) struct Reading<'a> {
    /// Its entries.
    pub(super) entries: Vec<Entry<'a>>,
    /// The entries that have each term.
    having: BTreeMap<Term, BTreeSet<usize>>,
    reader: TermReader,
}

/// An entry that was read.
pub(super) struct Entry<'a> {
    /// The entry.
    pub(super) written: &'a Written,
    /// The language that most of it is in.
    pub(super) language: Language,
    /// Its lines without headings, front matter and what is blank at the ends.
    pub(super) body: Lines,
    /// Its sentences that speak of something.
    pub(super) sentences: Vec<Told>,
}

/// A sentence that speaks of something.
pub(super) struct Told {
    /// Its language.
    pub(super) language: Language,
    /// The lines of the paragraph that it stands in.
    paragraph: Lines,
    /// What it speaks of, in order.
    pub(super) mentions: Vec<Mention>,
}

impl<'a> Reading<'a> {
    /// Reads entries; those that say nothing are left out.
    pub(super) fn of(written: &'a [Written]) -> Self {
        let reader = TermReader::default();
        let entries: Vec<Entry<'a>> =
            written.iter().filter_map(|written| Entry::of(written, &reader)).collect();
        let mut having: BTreeMap<Term, BTreeSet<usize>> = BTreeMap::new();
        for (place, entry) in entries.iter().enumerate() {
            let written = entry.written;
            let text = format!("{} {} {}", written.title, written.tags.join(" "), written.text);
            for language in [Language::English, Language::French] {
                for term in reader.terms(&text, language) {
                    having.entry(term).or_default().insert(place);
                }
            }
        }
        Self { entries, having, reader }
    }

    /// The terms of a few words.
    pub(super) fn terms(&self, text: &str, language: Language) -> Vec<Term> {
        self.reader.terms(text, language)
    }

    /// The entries that have all of these terms.
    pub(super) fn with_all<'t>(
        &self,
        terms: impl IntoIterator<Item = &'t Term>,
    ) -> BTreeSet<usize> {
        let mut terms = terms.into_iter();
        let Some(first) = terms.next() else { return BTreeSet::new() };
        let mut places = self.with(first).clone();
        for term in terms {
            places.retain(|place| self.with(term).contains(place));
        }
        places
    }

    /// The entries that have a term.
    pub(super) fn with(&self, term: &Term) -> &BTreeSet<usize> {
        static NONE: BTreeSet<usize> = BTreeSet::new();
        self.having.get(term).unwrap_or(&NONE)
    }

    /// The entries of a period, as far as they are dated.
    pub(super) fn within(&self, period: Span) -> BTreeSet<usize> {
        let entries = self.entries.iter().enumerate();
        let within = entries
            .filter(|(_, entry)| entry.written.span.is_some_and(|span| span.overlaps(period)));
        within.map(|(place, _)| place).collect()
    }

    /// The first and the last day that an entry is dated with.
    pub(super) fn days(&self) -> Option<(Date, Date)> {
        let spans = || self.entries.iter().filter_map(|entry| entry.written.span);
        Some((spans().map(Span::start).min()?, spans().map(Span::last).max()?))
    }

    /// The lines of an entry that have all of these terms, each on its own.
    pub(super) fn lines_with(&self, entry: &Entry<'_>, terms: &[Term]) -> Vec<u32> {
        let lines = entry.numbered().filter(|(_, line)| {
            let found = self.both(line);
            terms.iter().all(|term| found.contains(term))
        });
        lines.map(|(number, _)| number).collect()
    }

    /// The fewest lines of a sentence's paragraph that have all of these terms between them.
    pub(super) fn lines_of(&self, entry: &Entry<'_>, told: &Told, terms: &[Term]) -> Option<Lines> {
        let Lines { first, last } = told.paragraph;
        let lines: Vec<(u32, BTreeSet<Term>)> = entry
            .numbered()
            .filter(|(number, _)| (first..=last).contains(number))
            .map(|(number, line)| (number, self.both(line)))
            .collect();
        let mut windows: Vec<Lines> = Vec::new();
        for start in 0..lines.len() {
            let mut missing: BTreeSet<&Term> = terms.iter().collect();
            let end = lines[start..].iter().find(|(_, found)| {
                missing.retain(|term| !found.contains(*term));
                missing.is_empty()
            });
            windows.extend(end.map(|(last, _)| Lines { first: lines[start].0, last: *last }));
        }
        windows.into_iter().min_by_key(|lines| lines.last - lines.first)
    }

    /// The terms of a line as either language has them.
    fn both(&self, line: &str) -> BTreeSet<Term> {
        let languages = [Language::English, Language::French];
        languages.into_iter().flat_map(|language| self.reader.terms(line, language)).collect()
    }
}

impl<'a> Entry<'a> {
    fn of(written: &'a Written, reader: &TermReader) -> Option<Self> {
        let language = language_of(&written.text);
        let paragraphs = paragraphs(written);
        let body = Lines { first: paragraphs.first()?.0.first, last: paragraphs.last()?.0.last };
        let mut told = Vec::new();
        for (lines, text) in paragraphs {
            let language = language_said(&text).unwrap_or(language);
            for sentence in sentences(&text) {
                let mentions = mentions(&sentence.text, language, reader);
                if !mentions.is_empty() {
                    told.push(Told { language, paragraph: lines, mentions });
                }
            }
        }
        Some(Self { written, language, body, sentences: told })
    }

    /// Lines of its note as gold.
    pub(super) fn gold(&self, lines: Lines) -> Gold {
        Gold { file: self.written.file.clone(), line_start: lines.first, line_end: lines.last }
    }

    /// The year that it was written in; none when it is undated or spans more than one.
    pub(super) fn year(&self) -> Option<i16> {
        let span = self.written.span?;
        (span.start().year() == span.last().year()).then(|| span.start().year())
    }

    fn numbered(&self) -> impl Iterator<Item = (u32, &str)> {
        (self.written.lines.first..).zip(self.written.text.lines())
    }
}

/// The paragraphs and list items of an entry with their lines; what is fenced is left out, and so
/// are headings and front matter.
fn paragraphs(written: &Written) -> Vec<(Lines, String)> {
    let mut paragraphs: Vec<(Lines, String)> = Vec::new();
    let (mut is_open, mut is_fenced) = (false, false);
    let mut is_front_matter = written.lines.first == 1 && written.text.starts_with("---");
    for (number, line) in (written.lines.first..).zip(written.text.lines()) {
        let trimmed = line.trim();
        if is_front_matter {
            is_front_matter = number == 1 || !matches!(trimmed, "---" | "...");
            continue;
        }
        if trimmed.starts_with("```") || trimmed.starts_with("~~~") {
            (is_fenced, is_open) = (!is_fenced, false);
            continue;
        }
        let is_heading =
            trimmed.starts_with('#') && trimmed.trim_start_matches('#').starts_with(' ');
        if is_fenced || is_heading || !trimmed.contains(char::is_alphanumeric) {
            is_open = false;
            continue;
        }
        let is_item = ["- ", "* ", "+ "].iter().any(|mark| trimmed.starts_with(mark));
        match paragraphs.last_mut().filter(|_| is_open && !is_item) {
            Some((lines, text)) => {
                lines.last = number;
                text.push('\n');
                text.push_str(line);
            }
            None => paragraphs.push((Lines { first: number, last: number }, line.to_owned())),
        }
        is_open = true;
    }
    paragraphs
}
