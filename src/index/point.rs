//! From the chunks of a note to the points that are stored of them.

use jiff::civil::Date;
use uuid::Uuid;

use super::mentions::mentions;
use super::terms::{Term, TermReader, passage_vector};
use crate::{
    logbook::{Chunk, Dating, Entry, Note, Precision, Weekdays, weekday_key},
    services::{Payload, PayloadLines, Point, SparseVector},
};

/// The namespace of point ids; an id is made from what it stands for, so that it is the same for
/// the same.
const NAMESPACE: Uuid = Uuid::from_u128(0x6c6f_6774_7769_6e00_a5c3_5f0e_1d2b_4a77);

/// How much a term of the chunk beside one counts, where the chunk's own count 1; that of the next
/// one counts so much of that again, and so on.
///
/// What a chunk is about often stands some lines before it, as in any dialogue. Measured on published
/// logbooks: from 0.4 to 0.6 is a plateau, the same on both sides.
const NEIGHBOUR_WEIGHT: f32 = 0.5;
/// How far the chunks may lie apart; measured, more are worth no more.
const REACH: usize = 3;

/// How much of a neighbour is embedded with a chunk.
const NEIGHBOUR_CHARACTERS: usize = 240;

/// A point that only lacks its embedding, with the text to embed for it.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The point.
    pub point: Point,
    /// What is embedded: the breadcrumb, and the chunk's text.
    pub text: String,
}

/// Where a note lies and in which version it was read.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The name of the logbook folder.
    pub root: &'a str,
    /// The BLAKE3 hash of the note's bytes, as hexadecimal digits.
    pub version: &'a str,
}

/// The points of a note's chunks, in order.
#[must_use]
pub fn drafts(place: Place<'_>, note: &Note, chunks: &[Chunk], reader: &TermReader) -> Vec<Draft> {
    let own: Vec<Vec<Term>> =
        chunks.iter().map(|chunk| reader.terms(&chunk.text, chunk.language)).collect();
    chunks
        .iter()
        .enumerate()
        .map(|(index, chunk)| {
            let entry = &note.entries[chunk.entry_index];
            let mut terms: Vec<(Term, f32)> =
                own[index].iter().map(|term| (term.clone(), 1.0)).collect();
            terms.extend(context_terms(note, entry, chunk, reader));
            for (neighbour, weight) in around(chunks, index) {
                terms.extend(own[neighbour].iter().map(|term| (term.clone(), weight)));
            }
            Draft {
                text: embedded_text(chunks, index),
                point: point(place, note, (index, chunk), passage_vector(terms)),
            }
        })
        .collect()
}

/// What is embedded for a chunk: what stands over it, and the chunk between its neighbours.
///
/// A small chunk alone says too little of what it is about. Measured on dialogues kept as notes,
/// its neighbours are worth four points of recall at 600 words.
fn embedded_text(chunks: &[Chunk], index: usize) -> String {
    let chunk = &chunks[index];
    let mut text = chunk.breadcrumb.join(" › ");
    if let Some(before) = before(chunks, index).next() {
        text.push('\n');
        text.push_str(last_characters(&chunks[before].text));
    }
    text.push('\n');
    text.push_str(&chunk.text);
    if let Some(after) = after(chunks, index).next() {
        text.push('\n');
        text.push_str(first_characters(&chunks[after].text));
    }
    text
}

fn first_characters(text: &str) -> &str {
    text.char_indices().nth(NEIGHBOUR_CHARACTERS).map_or(text, |(end, _)| &text[..end])
}

fn last_characters(text: &str) -> &str {
    let mut starts = text.char_indices().rev();
    starts.nth(NEIGHBOUR_CHARACTERS - 1).map_or(text, |(start, _)| &text[start..])
}

/// The chunks around one, each with how much its terms count for that one.
fn around(chunks: &[Chunk], index: usize) -> impl Iterator<Item = (usize, f32)> + use<'_> {
    let farther = |weight: &f32| Some(weight * NEIGHBOUR_WEIGHT);
    let weights = std::iter::successors(Some(NEIGHBOUR_WEIGHT), farther).take(REACH);
    before(chunks, index).zip(weights.clone()).chain(after(chunks, index).zip(weights))
}

/// The chunks of the same entry before one, the nearest first.
fn before(chunks: &[Chunk], index: usize) -> impl Iterator<Item = usize> + use<'_> {
    let entry = chunks[index].entry_index;
    (0..index).rev().take_while(move |before| chunks[*before].entry_index == entry)
}

/// The chunks of the same entry after one, the nearest first.
fn after(chunks: &[Chunk], index: usize) -> impl Iterator<Item = usize> + use<'_> {
    let entry = chunks[index].entry_index;
    (index + 1..chunks.len()).take_while(move |after| chunks[*after].entry_index == entry)
}

/// The terms of what stands over a chunk: its breadcrumb, its note's path, its tags and its date.
fn context_terms(
    note: &Note,
    entry: &Entry,
    chunk: &Chunk,
    reader: &TermReader,
) -> Vec<(Term, f32)> {
    let path = note.path.rsplit_once('.').map_or(note.path.as_str(), |(stem, _)| stem);
    let above = format!("{} {} {}", chunk.breadcrumb.join(" "), path, entry.tags.join(" "));
    let mut terms = reader.terms(&above, chunk.language);
    terms.extend(entry.dating.as_ref().into_iter().flat_map(date_terms));
    terms.sort_unstable();
    terms.dedup();
    terms.into_iter().map(|term| (term, 1.0)).collect()
}

/// The words of a date, as far as it is known.
fn date_terms(dating: &Dating) -> Vec<Term> {
    let start: Date = dating.span.start();
    let mut terms = vec![start.year().to_string()];
    if matches!(dating.precision, Precision::Day | Precision::Month | Precision::Week) {
        terms.push(start.strftime("%Y-%m").to_string());
    }
    if dating.precision == Precision::Day {
        terms.push(start.to_string());
    }
    terms
}

fn point(
    place: Place<'_>,
    note: &Note,
    (index, chunk): (usize, &Chunk),
    sparse: SparseVector,
) -> Point {
    let entry = &note.entries[chunk.entry_index];
    let name = format!(
        "{}\n{}\n{}\n{}-{}",
        place.root, note.path, place.version, chunk.bytes.start, chunk.bytes.end
    );
    let span = entry.dating.as_ref().map(|dating| dating.span);
    Point {
        id: Uuid::new_v5(&NAMESPACE, name.as_bytes()),
        dense: None,
        sparse,
        payload: Payload {
            text: chunk.text.clone(),
            breadcrumb: chunk.breadcrumb.clone(),
            root: place.root.to_owned(),
            path: note.path.clone(),
            version: place.version.to_owned(),
            entry: u32::try_from(chunk.entry_index).unwrap_or(u32::MAX),
            chunk: u32::try_from(index).unwrap_or(u32::MAX),
            title: entry.title.clone(),
            lines: PayloadLines { first: chunk.lines.first, last: chunk.lines.last },
            entry_lines: entry.lines,
            span_start: span.map(crate::logbook::Span::start_number),
            span_end: span.map(crate::logbook::Span::end_number),
            weekday: span.and_then(Weekdays::of).map(|weekday| weekday_key(weekday).to_owned()),
            precision: entry.dating.as_ref().map(|dating| dating.precision),
            provenance: entry.dating.as_ref().map(|dating| dating.provenance.source),
            tags: entry.tags.clone(),
            mentions: mentions(&chunk.text, span.map(crate::logbook::Span::start)),
            language: chunk.language,
        },
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::logbook::{
        ChunkSize, ReadOptions, chunks,
        generated::{path, text},
        read,
    };

    fn ids(place: Place<'_>, note: &Note) -> Vec<Uuid> {
        let chunks = chunks(note, ChunkSize { desired: 20, max: 40 });
        let drafts = drafts(place, note, &chunks, &TermReader::default());
        drafts.iter().map(|draft| draft.point.id).collect()
    }

    proptest! {
        #[test]
        fn ids_are_the_same_for_the_same_and_no_two_are_alike(path in path(), text in text()) {
            let read = |path: &str| read(path, text.as_bytes(), &ReadOptions::default());
            let (Ok(note), Ok(moved)) = (read(&path), read(&format!("x/{path}"))) else {
                return Ok(());
            };
            let place = Place { root: "notes", version: "1" };
            let here = ids(place, &note);
            prop_assert_eq!(&here, &ids(place, &note));
            let others = [
                ids(Place { root: "other", ..place }, &note),
                ids(Place { version: "2", ..place }, &note),
                ids(place, &moved),
            ];
            let all: Vec<&Uuid> = here.iter().chain(others.iter().flatten()).collect();
            let distinct: BTreeSet<&Uuid> = all.iter().copied().collect();
            prop_assert_eq!(all.len(), distinct.len());
        }
    }
}
