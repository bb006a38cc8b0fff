//! A passage: a chunk that was retrieved, perhaps with those beside it.

use std::{cmp::Ordering, collections::HashMap};

use serde::Serialize;

use crate::{
    logbook::{Lines, Precision, Span, place},
    services::Payload,
};

/// A stretch of a note that was retrieved for a question.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Passage {
    /// The name of the logbook folder.
    pub root: String,
    /// The note's path below it.
    pub path: String,
    /// The lines.
    pub lines: Lines,
    /// The text as it stood in the note when it was indexed.
    pub text: String,
    /// The note's title and the headings above, outermost first.
    pub breadcrumb: Vec<String>,
    /// What the entry is called.
    pub title: String,
    /// Which entry of the note, from zero.
    pub entry: u32,
    /// Which chunk of the note it begins with, from zero.
    pub chunk: u32,
    /// The entry's tags.
    pub tags: Vec<String>,
    /// The days of the entry; none when it is undated.
    pub span: Option<Span>,
    /// How exactly they were given.
    pub precision: Option<Precision>,
    /// How well it fits, and why.
    pub score: Score,
    /// Where else the same stands, of the same days: `path:line`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
}

/// The parts of a passage's score.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Score {
    /// What passages are ordered by.
    pub total: f32,
    /// The score of its words: BM25.
    pub sparse: f32,
    /// The score of the words in it that mean about the same as the question's: BM25.
    pub related: f32,
    /// The similarity of its meaning: the cosine.
    pub dense: f32,
    /// What share of the question's words it has, each weighed by how rare it is.
    pub coverage: f32,
    /// The same share of what stands over it: its title, headings and tags.
    pub title: f32,
    /// How near it lies to the period asked for: 1 within it, 0 far from it.
    pub period: f32,
    /// What a reranker gave it, where one has read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rerank: Option<f32>,
}

impl Passage {
    /// The passage of one chunk.
    #[must_use]
    pub fn of_chunk(payload: Payload, score: Score) -> Self {
        let span = payload.span();
        Self {
            root: payload.root,
            path: payload.path,
            lines: Lines { first: payload.lines.first, last: payload.lines.last },
            text: payload.text,
            breadcrumb: payload.breadcrumb,
            title: payload.title,
            entry: payload.entry,
            chunk: payload.chunk,
            tags: payload.tags,
            span,
            precision: payload.precision,
            score,
            also: Vec::new(),
        }
    }

    /// Where it stands: `path:line`.
    #[must_use]
    pub fn place(&self) -> String {
        place(&self.path, self.lines.first)
    }

    /// Whether both are of the same entry.
    #[must_use]
    pub fn shares_entry(&self, other: &Self) -> bool {
        self.entry_key() == other.entry_key()
    }

    /// Which entry it is of.
    pub(super) fn entry_key(&self) -> (String, String, u32) {
        (self.root.clone(), self.path.clone(), self.entry)
    }
}

/// By day, then by place; undated passages last.
pub(super) fn sort_by_time(passages: &mut [Passage]) {
    passages.sort_by(|one, other| {
        let key = |passage: &Passage| {
            (passage.span.is_none(), passage.span, passage.root.clone(), passage.path.clone())
        };
        key(one)
            .cmp(&key(other))
            .then(one.entry.cmp(&other.entry))
            .then(one.chunk.cmp(&other.chunk))
    });
}

/// Whole entries in order of time, as far as their passages are there.
#[must_use]
pub fn in_order_of_time(mut passages: Vec<Passage>) -> Vec<Passage> {
    sort_by_time(&mut passages);
    join_entries(passages)
}

/// Whole entries, the latest first and the undated ones last.
pub(super) fn latest_first(passages: Vec<Passage>) -> Vec<Passage> {
    let mut entries = in_order_of_time(passages);
    let dated = entries.partition_point(|entry| entry.span.is_some());
    entries[..dated].reverse();
    entries
}

/// The first passage of every entry, then the second of each, and so on, in the order given: however
/// little is read, it is read of as many entries as there are.
#[must_use]
pub(super) fn breadth_first(passages: Vec<Passage>) -> Vec<Passage> {
    let mut seen: HashMap<(String, String, u32), usize> = HashMap::new();
    let mut by_depth: Vec<(usize, Passage)> = Vec::with_capacity(passages.len());
    for passage in passages {
        let depth = seen.entry(passage.entry_key()).or_default();
        by_depth.push((*depth, passage));
        *depth += 1;
    }
    by_depth.sort_by_key(|(depth, _)| *depth);
    by_depth.into_iter().map(|(_, passage)| passage).collect()
}

/// Joins passages that follow each other in one entry, in the order given.
#[must_use]
fn join_entries(passages: Vec<Passage>) -> Vec<Passage> {
    let mut joined: Vec<Passage> = Vec::with_capacity(passages.len());
    for passage in passages {
        match joined.last_mut() {
            Some(last)
                if last.shares_entry(&passage) && last.lines.first <= passage.lines.first =>
            {
                last.text.push_str(match passage.lines.first.cmp(&(last.lines.last + 1)) {
                    Ordering::Less => " ",
                    Ordering::Equal => "\n",
                    // What stood between them was a blank line at least.
                    Ordering::Greater => "\n\n",
                });
                last.text.push_str(&passage.text);
                last.lines.last = last.lines.last.max(passage.lines.last);
                last.score.total = last.score.total.max(passage.score.total);
            }
            _ => joined.push(passage),
        }
    }
    joined
}

/// A passage of one line for tests.
#[cfg(test)]
pub(crate) fn test_passage(path: &str, day: &str, text: &str) -> Passage {
    let lines = u32::try_from(text.lines().count().max(1)).unwrap();
    Passage {
        root: "notes".to_owned(),
        path: path.to_owned(),
        lines: Lines { first: 1, last: lines },
        text: text.to_owned(),
        breadcrumb: vec![day.to_owned()],
        title: day.to_owned(),
        entry: 0,
        chunk: 0,
        tags: Vec::new(),
        span: Span::day(day.parse().unwrap()),
        precision: Some(Precision::Day),
        score: Score::default(),
        also: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_that_share_a_line_are_joined_in_the_order_of_the_note() {
        let part =
            |chunk: u32, text: &str| Passage { chunk, ..test_passage("a.md", "2022-03-08", text) };
        let passages = vec![part(2, "third"), part(0, "first,"), part(1, "second,")];
        let joined = in_order_of_time(passages);
        assert_eq!(joined[0].text, "first, second, third");
        assert_eq!(joined.len(), 1);
    }

    #[test]
    fn chunks_that_lie_apart_stay_paragraphs() {
        let part = |chunk: u32, line: u32, text: &str| Passage {
            chunk,
            lines: Lines { first: line, last: line },
            ..test_passage("a.md", "2022-03-08", text)
        };
        let joined =
            in_order_of_time(vec![part(0, 1, "one"), part(1, 2, "two"), part(2, 4, "four")]);
        assert_eq!(joined[0].text, "one\ntwo\n\nfour");
    }

    #[test]
    fn the_beginning_of_each_entry_comes_before_the_rest_of_any() {
        let part = |path: &str, day: &str, chunk: u32| Passage {
            chunk,
            ..test_passage(path, day, &format!("{day} {chunk}"))
        };
        let passages = vec![
            part("a.md", "2022-03-08", 0),
            part("a.md", "2022-03-08", 1),
            part("a.md", "2022-03-08", 2),
            part("b.md", "2022-05-01", 0),
            part("b.md", "2022-05-01", 1),
        ];
        let ordered = breadth_first(passages);
        let texts: Vec<&str> = ordered.iter().map(|passage| passage.text.as_str()).collect();
        let expected =
            ["2022-03-08 0", "2022-05-01 0", "2022-03-08 1", "2022-05-01 1", "2022-03-08 2"];
        assert_eq!(texts, expected);
    }
}
