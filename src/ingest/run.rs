//! One run: what is new is read, embedded and committed, what is gone is removed.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::{
    Found, Logbook, NoteReader, Progress, Report, Skipped, Votes, Walk,
    finish::{finish, forget_folders, sweep},
    gone::{Known, gone, known, left},
    records::{entries, warnings},
    unsent::{DryRun, Rehearsed},
    vocabulary::Words,
};
use crate::{
    error::{Error, Exit, Result},
    failpoint::{Step, reach},
    index::{Draft, EntryRecord, NoteRecord, NoteState, Place, State, TermReader, Unread, drafts},
    logbook::{ChunkSize, DayOrder, DayVotes, Note, Skip, Warning, chunks},
    privacy::Guard,
    services::{Destination, Embedder, OpenIndex, Point, Role},
};

/// How many chunks are embedded and committed at once.
const CHUNKS_PER_COMMIT: usize = 1_024;
/// A file that was changed so shortly before the last run is read again, in nanoseconds.
const TIMESTAMP_DOUBT: i64 = 2_000_000_000;
/// After so many texts were embedded, their vectors are kept, and a run that is to end does so.
const TEXTS_AT_ONCE: usize = 256;
/// After so many chunks were stored, the index is compacted at the end.
const COMPACT_FROM: usize = 1_024;
/// After each so many of them it is compacted on the way: what is not is read anew by every commit.
const COMPACT_EACH: usize = 10_240;

/// What a run works with.
pub struct Ingest<'a> {
    /// The folders of the logbook.
    pub logbook: &'a Logbook<'a>,
    /// How entries are cut.
    pub chunk: ChunkSize,
    /// The embedding model; without one, search is by words alone.
    pub embedder: Option<&'a dyn Embedder>,
    /// What decides which entries the model and the index may have.
    pub guard: &'a Guard,
    /// Where the index is: the host only when that is another machine.
    pub index_at: Destination<'a>,
    /// Opens the index for as long as one commit takes.
    pub open_index: &'a OpenIndex<'a>,
    /// What is looked at where nothing is written and nothing sent.
    pub dry_run: Option<DryRun<'a>>,
    /// Whether every file is read, whatever its size and time say.
    pub rehash: bool,
    /// Whether over a fifth of the notes may be removed.
    pub allow_mass_delete: bool,
    /// When the run started, in nanoseconds since 1970.
    pub started: i64,
    /// Whether the run is to end, asked between two commits.
    pub is_interrupted: &'a dyn Fn() -> bool,
}

/// Brings the index up to date with the notes.
///
/// # Errors
/// When the index or the state can't be written or the model can't be asked. What was committed
/// until then stays; running again goes on from there.
pub fn ingest(
    state: &mut State,
    settings: &Ingest<'_>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Report> {
    let walked = settings.logbook.walk();
    let known = known(state)?;
    let last_started: i64 =
        state.fact("started")?.and_then(|value| value.parse().ok()).unwrap_or(i64::MIN);
    let roots = settings.logbook.roots;
    let left = left(state, roots)?;
    let gone = gone(roots, &left, &walked, &known, settings.allow_mass_delete)?;
    let changed: Vec<bool> = walked
        .notes
        .iter()
        .map(|found| {
            settings.rehash || may_have_changed(found, record_of(&known, found), last_started)
        })
        .collect();
    let (reader, votes) = reader(state, settings, &walked, &changed, &gone)?;
    let read_anew = read_anew(state, settings, &reader)?;
    let weak_dates = state.weak_dates()?;
    let was_cut_off = state.seal()?.is_none();

    let mut run = Run {
        settings,
        reader: &reader,
        terms: TermReader::default(),
        words: Words::default(),
        rehearsed: Rehearsed::default(),
        left_out: Vec::new(),
        unfinished: None,
        report: Report {
            skipped: walked.skipped.clone(),
            left: left.iter().map(|(_, path)| path.clone()).collect(),
            day_order: reader.day_order,
            ..Report::default()
        },
        unread: state.unread()?,
        batch: Vec::new(),
        batch_chunks: 0,
        has_read: false,
        is_sealed: true,
    };
    let total = walked.notes.len();
    for (done, found) in walked.notes.iter().enumerate() {
        progress(Progress { done, total });
        refuse_interrupted(settings)?;
        let is_anew = read_anew.contains(&found.root) || reader.is_redated(found, &weak_dates);
        if !changed[done] && !is_anew {
            run.leave(found);
            continue;
        }
        run.take(state, found, record_of(&known, found), is_anew)?;
    }
    run.commit(state)?;
    let gone: Vec<_> = gone.into_iter().chain(std::mem::take(&mut run.left_out)).collect();
    run.remove(state, &gone)?;
    let may_have_points = run.report.stored > 0 || !known.is_empty();
    if was_cut_off && may_have_points && settings.dry_run.is_none() {
        sweep(state, &mut *(settings.open_index)()?)?;
    }
    if settings.dry_run.is_none() && run.report.stored >= COMPACT_FROM {
        (settings.open_index)()?.compact()?;
    }
    progress(Progress { done: total, total });
    if settings.dry_run.is_none() {
        if run.has_read || run.report.removed > 0 {
            state.set_fact("started", &settings.started.to_string())?;
            reach(Step::RunRemembered);
        }
        remember(state, &reader, votes.as_ref(), &read_anew)?;
        forget_folders(state, &left)?;
    }
    let mut report = finish(state, settings, &walked, run.report)?;
    report.unsent = run.rehearsed.unsent;
    report.warnings.extend(reader.warnings());
    report.warnings.extend(run.unfinished);
    Ok(report)
}

/// # Errors
/// When the run is to end: what was committed stays, and nothing more is begun.
fn refuse_interrupted(settings: &Ingest<'_>) -> Result<()> {
    if !(settings.is_interrupted)() {
        return Ok(());
    }
    Err(Error::new(Exit::Interrupted, "interrupted; what was committed stays")
        .hint("run it again: it goes on from there"))
}

fn record_of<'a>(known: &'a Known, found: &Found) -> Option<&'a NoteRecord> {
    known.get(&(found.root.clone(), found.path.clone()))
}

/// Whether a note is new, or its file is not surely the one that was read.
fn may_have_changed(found: &Found, before: Option<&NoteRecord>, last_started: i64) -> bool {
    let is_certain = found.modified < last_started.saturating_sub(TIMESTAMP_DOUBT);
    before.is_none_or(|before| {
        !is_certain || (before.size, before.modified) != (found.size, found.modified)
    })
}

/// What reads the notes: the votes of those that may have changed are counted anew first.
fn reader(
    state: &State,
    settings: &Ingest<'_>,
    walked: &Walk,
    changed: &[bool],
    gone: &[(String, String)],
) -> Result<(NoteReader, Option<Votes>)> {
    let logbook = settings.logbook;
    let set = logbook.read.day_first;
    if set.is_some() {
        // The votes are then not kept up, and are counted from the beginning when they are needed.
        if settings.dry_run.is_none() {
            Votes::drop(state)?;
        }
        let day_order = DayOrder::new(set, DayVotes::default());
        return Ok((NoteReader::new(logbook, walked, day_order, Some(state))?, None));
    }
    let kept = Votes::load(state)?;
    let is_new = kept.is_none();
    let mut votes = kept.unwrap_or_default();
    let notes = walked.notes.iter().zip(changed);
    let mut to_count = notes.filter(|(_, changed)| is_new || **changed).map(|(found, _)| found);
    votes.count(&mut to_count, &logbook.read.date_keys);
    for (root, path) in gone {
        votes.forget(root, path);
    }
    let day_order = DayOrder::new(None, votes.sum());
    Ok((NoteReader::new(logbook, walked, day_order, Some(state))?, Some(votes)))
}

/// The roots whose notes were read in another way before, so that all of them are read again.
fn read_anew(
    state: &State,
    settings: &Ingest<'_>,
    reader: &NoteReader,
) -> Result<BTreeSet<String>> {
    let mut anew = BTreeSet::new();
    for root in settings.logbook.roots {
        if state.fact(&read_with(&root.name))? != Some(reader.fingerprint(&root.name)) {
            anew.insert(root.name.clone());
        }
    }
    Ok(anew)
}

/// Keeps what the run found out beside the notes.
fn remember(
    state: &State,
    reader: &NoteReader,
    votes: Option<&Votes>,
    read_anew: &BTreeSet<String>,
) -> Result<()> {
    for root in read_anew {
        state.set_fact(&read_with(root), &reader.fingerprint(root))?;
    }
    votes.map_or(Ok(()), |votes| votes.keep(state))?;
    reader.keep(state)
}

/// The fact of the state that tells how the notes of a root were read.
pub(super) fn read_with(root: &str) -> String {
    format!("read with {root}")
}

/// A note that waits for the next commit.
pub(super) struct Pending {
    record: NoteRecord,
    state: NoteState,
    pub(super) drafts: Vec<Draft>,
    replaced: Vec<Uuid>,
}

pub(super) struct Run<'a> {
    pub(super) settings: &'a Ingest<'a>,
    reader: &'a NoteReader,
    pub(super) terms: TermReader,
    pub(super) words: Words,
    pub(super) rehearsed: Rehearsed,
    left_out: Vec<(String, String)>,
    unfinished: Option<String>,
    report: Report,
    unread: Unread,
    batch: Vec<Pending>,
    batch_chunks: usize,
    has_read: bool,
    is_sealed: bool,
}

impl Run<'_> {
    /// Reads a note that is new or may have changed, and commits when enough have come together.
    fn take(
        &mut self,
        state: &mut State,
        found: &Found,
        before: Option<&NoteRecord>,
        is_anew: bool,
    ) -> Result<()> {
        let bytes = match found.bytes() {
            Ok(bytes) => bytes,
            Err(error) => {
                self.report.skipped.push(Skipped::new(found, None, error.to_string()));
                return Ok(());
            }
        };
        self.has_read = true;
        let version = blake3::hash(&bytes).to_hex().to_string();
        let record = NoteRecord {
            root: found.root.clone(),
            path: found.path.clone(),
            size: found.size,
            modified: found.modified,
            version,
        };
        let is_same = before.is_some_and(|before| before.version == record.version);
        if is_same && !is_anew {
            return self.touch(state, found, &record, before);
        }
        let note = match self.reader.read(found, &bytes) {
            Ok(note) => note,
            Err(Skip { intended: true, .. }) => {
                let place = before.map(|before| (before.root.clone(), before.path.clone()));
                self.left_out.extend(place);
                return Ok(());
            }
            Err(skip) => {
                self.report.skipped.extend(Skipped::unless_intended(found, skip));
                return Ok(());
            }
        };
        let stored = match before {
            Some(_) => state.stored(&found.root, &found.path)?,
            None => NoteState::default(),
        };
        let entries = entries(&note, &record.root);
        if is_same
            && (&stored.entries, &stored.warnings) == (&entries, &warnings(&note))
            && stored.unread == note.unread
        {
            return self.touch(state, found, &record, before);
        }
        if before.is_some() {
            self.report.changed += 1;
        } else {
            self.report.added += 1;
        }
        if let Some(Warning { line_number, reason }) = &note.unread {
            self.report.skipped.push(Skipped::new(found, *line_number, reason.clone()));
        }
        self.add(&note, record, entries, stored.points);
        if self.batch_chunks >= CHUNKS_PER_COMMIT {
            self.commit(state)?;
        }
        Ok(())
    }

    /// Leaves a note as it is stored; what could not be read of it is said again.
    fn leave(&mut self, found: &Found) {
        self.report.unchanged += 1;
        if let Some(unread) = self.unread.get(&(found.root.clone(), found.path.clone())) {
            let Warning { line_number, reason } = unread.clone();
            self.report.skipped.push(Skipped::new(found, line_number, reason));
        }
    }

    /// Says before the first write that what is stored is not what the last run left.
    fn break_seal(&mut self, state: &State) -> Result<()> {
        if self.is_sealed {
            state.break_seal()?;
            self.is_sealed = false;
            reach(Step::SealBroken);
        }
        Ok(())
    }

    /// Leaves a note as it is stored, but for its time.
    fn touch(
        &mut self,
        state: &State,
        found: &Found,
        record: &NoteRecord,
        before: Option<&NoteRecord>,
    ) -> Result<()> {
        self.leave(found);
        if before == Some(record) || self.settings.dry_run.is_some() {
            return Ok(());
        }
        self.break_seal(state)?;
        state.touch(record)
    }

    /// Makes a note's points, without their embeddings.
    fn add(
        &mut self,
        note: &Note,
        record: NoteRecord,
        entries: Vec<EntryRecord>,
        mut replaced: Vec<Uuid>,
    ) {
        let chunks = chunks(note, self.settings.chunk);
        let place = Place { root: &record.root, version: &record.version };
        let mut drafts = drafts(place, note, &chunks, &self.terms);
        drafts.retain(|draft| self.may_go(draft, self.settings.index_at));
        let points: Vec<Uuid> = drafts.iter().map(|draft| draft.point.id).collect();
        // The same lines of the same version are the same point, whatever their date.
        let stays: BTreeSet<&Uuid> = points.iter().collect();
        replaced.retain(|id| !stays.contains(id));
        let warnings = warnings(note);
        let state = NoteState { entries, points, warnings, unread: note.unread.clone() };
        self.batch_chunks += drafts.len();
        self.batch.push(Pending { record, state, drafts, replaced });
    }

    /// Embeds what waits, stores and flushes it, commits the state, then removes what it replaced.
    fn commit(&mut self, state: &mut State) -> Result<()> {
        let mut batch = std::mem::take(&mut self.batch);
        self.batch_chunks = 0;
        let stored: usize = batch.iter().map(|pending| pending.drafts.len()).sum();
        self.report.stored += stored;
        if let Some(dry_run) = self.settings.dry_run {
            return self.rehearse(state, dry_run, batch);
        }
        if batch.is_empty() {
            return Ok(());
        }
        self.embed(state, &mut batch)?;
        self.break_seal(state)?;
        let mut replaced: Vec<Uuid> = Vec::new();
        let mut points: Vec<Point> = Vec::with_capacity(stored);
        let mut commits = Vec::with_capacity(batch.len());
        for pending in batch {
            replaced.extend(pending.replaced);
            points.extend(pending.drafts.into_iter().map(|draft| draft.point));
            commits.push((pending.record, pending.state));
        }
        let mut index = (self.settings.open_index)()?;
        index.upsert(&points)?;
        reach(Step::PointsWritten);
        index.flush()?;
        reach(Step::PointsFlushed);
        state.commit(&commits, &[])?;
        reach(Step::StateCommitted);
        let all = self.report.stored;
        if (all - stored) / COMPACT_EACH < all / COMPACT_EACH {
            index.compact()?;
        }
        if !replaced.is_empty() {
            index.delete(&replaced)?;
            reach(Step::ReplacedDeleted);
            index.flush()?;
            reach(Step::ReplacedFlushed);
        }
        self.unfinished = index.unfinished().map(str::to_owned);
        Ok(())
    }

    /// Gives each waiting point its embedding: one from an earlier time, or a new one. What may not
    /// go to the model has none, and is found by its words.
    fn embed(&mut self, state: &mut State, batch: &mut [Pending]) -> Result<()> {
        let Some(embedder) = self.settings.embedder else { return Ok(()) };
        // A text that several have is embedded once.
        let mut missing: BTreeMap<[u8; 32], Vec<&mut Draft>> = BTreeMap::new();
        let to = embedder.destination();
        let drafts = batch.iter_mut().flat_map(|pending| pending.drafts.iter_mut());
        let drafts: Vec<&mut Draft> = drafts.filter(|draft| self.may_go(draft, to)).collect();
        let payloads = drafts.iter().map(|draft| &draft.point.payload);
        self.words.learn(state, embedder, &self.terms, payloads)?;
        for draft in drafts {
            let content = *blake3::hash(draft.text.as_bytes()).as_bytes();
            if let Some(vector) = state.embedding(embedder.identity(), &content)? {
                draft.point.dense = Some(vector);
                continue;
            }
            self.will_mask(draft, to);
            missing.entry(content).or_default().push(draft);
        }
        let mut missing: Vec<([u8; 32], Vec<&mut Draft>)> = missing.into_iter().collect();
        // Texts of like length share a batch, so that none waits for a longer one.
        missing.sort_by_key(|(_, drafts)| drafts[0].text.len());
        let texts: Vec<&str> = missing.iter().map(|(_, drafts)| drafts[0].text.as_str()).collect();
        let contents: Vec<[u8; 32]> = missing.iter().map(|(content, _)| *content).collect();
        let mut vectors = Vec::with_capacity(texts.len());
        for (texts, contents) in texts.chunks(TEXTS_AT_ONCE).zip(contents.chunks(TEXTS_AT_ONCE)) {
            refuse_interrupted(self.settings)?;
            let some = embedder.embed(Role::Passage, texts)?;
            let kept: Vec<_> = contents.iter().copied().zip(some.iter().cloned()).collect();
            state.keep_embeddings(embedder.identity(), &kept)?;
            reach(Step::EmbeddingsKept);
            self.report.embedded += some.len();
            vectors.extend(some);
        }
        for ((_, drafts), vector) in missing.into_iter().zip(vectors) {
            for draft in drafts {
                draft.point.dense = Some(vector.clone());
            }
        }
        Ok(())
    }

    /// Removes the notes that are gone: first from the state, so that nothing cites them, then
    /// their points.
    fn remove(&mut self, state: &mut State, gone: &[(String, String)]) -> Result<()> {
        self.report.removed = gone.len();
        if gone.is_empty() || self.settings.dry_run.is_some() {
            return Ok(());
        }
        let mut points = Vec::new();
        for (root, path) in gone {
            points.extend(state.points(root, path)?);
        }
        self.break_seal(state)?;
        let mut index = (self.settings.open_index)()?;
        state.commit(&[], gone)?;
        reach(Step::GoneForgotten);
        index.delete(&points)?;
        reach(Step::GoneDeleted);
        index.flush()
    }
}

#[cfg(test)]
mod tests;
