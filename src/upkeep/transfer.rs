//! A whole index as lines of JSON, and back.
//!
//! The first line tells what the index was made with, each of the next has a note with its entries
//! and its chunks, and the last counts them, so that a file that was cut short is known for one.

use std::{collections::BTreeMap, io::BufRead};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    error::{Context as _, Error, Exit, Result},
    index::{Direction, EntryRecord, Identity, NoteRecord, NoteState, State, Term},
    logbook::Warning,
    services::{Index, Payload, Point, SparseVector},
};

/// The form of the lines.
const SCHEMA: &str = "logtwin/export/1";

/// A line.
#[derive(Deserialize, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Line {
    /// The first one.
    Index(Header),
    /// A note.
    Note(Box<NoteLine>),
    /// Some words of the logbook.
    Words(WordsLine),
    /// The last one.
    End(Counts),
}

/// What an exported index was made with.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Header {
    /// The form of the lines.
    schema: String,
    /// What the index was made with.
    pub identity: Identity,
    /// What is known of the logbook as a whole: where its folders were, and how they were read.
    facts: BTreeMap<String, String>,
}

/// How much there is.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Counts {
    /// How many notes.
    pub notes: usize,
    /// How many chunks.
    pub chunks: usize,
}

/// A note with everything that is stored of it.
#[derive(Deserialize, Serialize)]
struct NoteLine {
    root: String,
    path: String,
    size: u64,
    modified: i64,
    version: String,
    warnings: Vec<String>,
    unread: Option<Warning>,
    entries: Vec<EntryRecord>,
    chunks: Vec<ChunkLine>,
}

/// Some words of the logbook, each with the direction of its embedding.
#[derive(Deserialize, Serialize)]
struct WordsLine {
    words: Vec<(Term, Direction)>,
}

/// A chunk with its vectors.
#[derive(Deserialize, Serialize)]
struct ChunkLine {
    id: Uuid,
    dense: Option<Vec<f32>>,
    sparse: SparseVector,
    payload: Payload,
}

impl From<Point> for ChunkLine {
    fn from(Point { id, dense, sparse, payload }: Point) -> Self {
        Self { id, dense, sparse, payload }
    }
}

impl From<ChunkLine> for Point {
    fn from(ChunkLine { id, dense, sparse, payload }: ChunkLine) -> Self {
        Self { id, dense, sparse, payload }
    }
}

/// Gives each line of an export to `write`.
///
/// # Errors
/// When the index lacks something that was stored, or can't be read, and those of `write`.
pub fn export(
    state: &State,
    identity: &Identity,
    index: &dyn Index,
    write: &mut dyn FnMut(&str) -> Result<()>,
) -> Result<Counts> {
    let header =
        Header { schema: SCHEMA.to_owned(), identity: identity.clone(), facts: state.facts()? };
    write_line(write, &Line::Index(header))?;
    let mut counts = Counts::default();
    for note in state.notes()? {
        let NoteState { entries, points, warnings, unread } =
            state.stored(&note.root, &note.path)?;
        let mut chunks = index.points(&points)?;
        if chunks.len() != points.len() {
            let message = format!("the index lacks chunks of {}", note.path);
            return Err(Error::failed(message).hint("repair it first: `twin check --repair`"));
        }
        chunks.sort_by_key(|point| point.payload.chunk);
        counts.notes += 1;
        counts.chunks += chunks.len();
        let NoteRecord { root, path, size, modified, version } = note;
        let chunks = chunks.into_iter().map(ChunkLine::from).collect();
        let line =
            NoteLine { root, path, size, modified, version, warnings, unread, entries, chunks };
        write_line(write, &Line::Note(Box::new(line)))?;
    }
    for words in state.words(&identity.model)?.chunks(BATCH) {
        write_line(write, &Line::Words(WordsLine { words: words.to_vec() }))?;
    }
    write_line(write, &Line::End(counts))?;
    Ok(counts)
}

fn write_line(write: &mut dyn FnMut(&str) -> Result<()>, line: &Line) -> Result<()> {
    let text = serde_json::to_string(line).context(|| "can't write the export".to_owned())?;
    write(&format!("{text}\n"))
}

/// Lines of an export, from the second on.
pub struct Import<'a> {
    lines: &'a mut dyn BufRead,
    number: usize,
    /// What the first line says.
    pub header: Header,
}

impl<'a> Import<'a> {
    /// Begins to read.
    ///
    /// # Errors
    /// When the first line is not that of an export of this form.
    pub fn begin(lines: &'a mut dyn BufRead) -> Result<Self> {
        let mut number = 0;
        let Some(Line::Index(header)) = read_line(lines, &mut number)? else {
            return Err(foreign(1));
        };
        if header.schema != SCHEMA {
            let message = format!("the export has the form {}, not {SCHEMA}", header.schema);
            return Err(Error::new(Exit::OtherIndex, message));
        }
        Ok(Self { lines, number, header })
    }

    /// Stores everything in a state and an index that hold nothing yet; `may_go` decides which chunks.
    ///
    /// # Errors
    /// When a line can't be read or the last one is missing, or something can't be stored.
    pub fn store(
        self,
        state: &mut State,
        index: &mut dyn Index,
        may_go: &dyn Fn(&Payload) -> bool,
    ) -> Result<Counts> {
        let Self { lines, mut number, header } = self;
        state.set_identity(&header.identity)?;
        for (key, value) in &header.facts {
            state.set_fact(key, value)?;
        }
        let (mut read, mut stored) = (Counts::default(), Counts::default());
        let mut batch = Batch::default();
        loop {
            match read_line(lines, &mut number)? {
                Some(Line::Note(note)) => {
                    read.notes += 1;
                    read.chunks += note.chunks.len();
                    stored.chunks += batch.add(*note, may_go);
                    if batch.points.len() >= BATCH {
                        batch.store(state, index)?;
                    }
                }
                Some(Line::Words(WordsLine { words })) => {
                    state.keep_words(&header.identity.model, &words)?;
                }
                Some(Line::End(counts)) if counts == read => break,
                Some(_) => return Err(foreign(number)),
                None => {
                    return Err(Error::failed(format!("the export ends after line {number}"))
                        .hint("it was cut short: export again"));
                }
            }
        }
        batch.store(state, index)?;
        stored.notes = read.notes;
        if stored.chunks >= BATCH {
            index.compact()?;
        }
        Ok(stored)
    }
}

/// About how many chunks are stored at once.
const BATCH: usize = 1_024;

/// Notes that wait to be stored.
#[derive(Default)]
struct Batch {
    points: Vec<Point>,
    notes: Vec<(NoteRecord, NoteState)>,
}

impl Batch {
    /// Adds a note, and says how many chunks it has.
    fn add(&mut self, line: NoteLine, may_go: &dyn Fn(&Payload) -> bool) -> usize {
        let NoteLine { root, path, size, modified, version, warnings, unread, entries, chunks } =
            line;
        let chunks = chunks.into_iter().map(Point::from);
        let chunks: Vec<Point> = chunks.filter(|point| may_go(&point.payload)).collect();
        let points: Vec<Uuid> = chunks.iter().map(|point| point.id).collect();
        let count = points.len();
        self.points.extend(chunks);
        let record = NoteRecord { root, path, size, modified, version };
        self.notes.push((record, NoteState { entries, points, warnings, unread }));
        count
    }

    fn store(&mut self, state: &mut State, index: &mut dyn Index) -> Result<()> {
        index.upsert(&self.points)?;
        index.flush()?;
        state.commit(&self.notes, &[])?;
        *self = Self::default();
        Ok(())
    }
}

fn read_line(lines: &mut dyn BufRead, number: &mut usize) -> Result<Option<Line>> {
    let mut line = String::new();
    let read = lines.read_line(&mut line).context(|| "can't read the export".to_owned())?;
    if read == 0 {
        return Ok(None);
    }
    *number += 1;
    serde_json::from_str(&line).map(Some).map_err(|error| foreign(*number).caused_by(error))
}

fn foreign(number: usize) -> Error {
    Error::usage(format!("line {number} is not that of an export"))
        .hint("import what `twin export` wrote")
}
