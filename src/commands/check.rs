//! `twin check`: the state, the index, the model and the notes held against each other, and what of
//! it can be repaired.

use serde::Serialize;

use super::{
    cli::IngestArgs,
    findings::{self, Finding},
    indexes::IndexPlace,
    ingest, rebuild,
    upkeep_flags::CheckArgs,
    wiring,
    workspace::Workspace,
};
use crate::{
    error::{Context as _, Error, Exit, Result},
    failpoint::{Step, reach},
    index::{Identity, State, no_index},
    ingest::Differences,
    upkeep::{self, Comparison},
};

/// How many notes are named in a line.
const NAMED_MAX: usize = 3;
/// The remedy for what can be mended in place.
const REPAIR: &str = "repair it: `twin check --repair`";
/// The remedy for what has to be made again.
const REMAKE: &str =
    "make it anew beside this one: `twin check --repair`, or `twin ingest --rebuild`";

/// What was found, as JSON.
#[derive(Serialize)]
struct Told<'a> {
    findings: &'a [Finding],
    chunks: &'a Option<Comparison>,
    damaged_files: &'a [String],
    notes: &'a Option<Differences>,
    repaired: &'a [String],
}

/// Runs the command.
pub(super) fn run(workspace: &Workspace, arguments: CheckArgs) -> Result<Exit> {
    let mut checked = Checked::of(workspace)?;
    let mut repaired = Vec::new();
    if arguments.repair && checked.exit() != Exit::Done {
        repaired = repair(workspace, &checked)?;
        checked = Checked::of(workspace)?;
    }
    for done in &repaired {
        workspace.terminal.note(done);
    }
    if workspace.json {
        let told = Told {
            findings: &checked.findings,
            chunks: &checked.chunks,
            damaged_files: &checked.damaged_files,
            notes: &checked.notes,
            repaired: &repaired,
        };
        workspace.print_json("logtwin/check/1", &told)?;
    } else {
        findings::print(workspace, &checked.findings)?;
    }
    Ok(checked.exit())
}

/// What was found.
struct Checked {
    findings: Vec<Finding>,
    /// What the index holds; none when it can't be opened or read.
    chunks: Option<Comparison>,
    damaged_files: Vec<String>,
    /// Whether the tables of notes are as they were written.
    are_tables_whole: bool,
    /// What is wrong with the file of the state.
    faults: Vec<String>,
    notes: Option<Differences>,
}

impl Checked {
    /// Looks at everything, while nobody writes.
    fn of(workspace: &Workspace) -> Result<Self> {
        let state = workspace.state()?;
        let identity = state.identity()?.ok_or_else(no_index)?;
        let _lock = workspace.lock()?;
        let place = IndexPlace { build: state.build()?, dimension: identity.dimension };
        let faults = state.faults().unwrap_or_else(|error| vec![error.to_string()]);
        let seal = state.seal().unwrap_or_default();
        let are_tables_whole = match &seal {
            Some(seal) => seal.tables == state.sum_of_tables()?,
            None => true,
        };
        let sealed = seal.and_then(|seal| seal.files);
        let damaged = match sealed {
            Some(sealed) => {
                let found = workspace.index_sums(place.build)?;
                found.map(|found| upkeep::damaged_files(&sealed, &found))
            }
            None => None,
        };
        let count = state.point_count()?;
        let opened = workspace.open_committed(place, count > 0);
        let (chunks, of_index) = match opened.and_then(|index| upkeep::compare(&state, &*index)) {
            Ok(chunks) => (Some(chunks.clone()), of_chunks(&chunks)),
            Err(error) if error.exit() == Exit::Unreachable => return Err(error),
            Err(error) => (None, Err(error.hint(REMAKE))),
        };
        let notes = differences(workspace, &state);
        let is_on_server = workspace.config().qdrant.url.is_some();
        let findings = vec![
            Finding::of("state", of_state(&faults, are_tables_whole, &state)),
            Finding::of("index", of_index),
            Finding::of("files", of_files(damaged.as_deref(), is_on_server)),
            Finding::of("model", of_model(workspace, &identity)),
            Finding::of("notes", Ok(of_notes(&notes))),
        ];
        Ok(Self {
            findings,
            chunks,
            damaged_files: damaged.unwrap_or_default(),
            are_tables_whole,
            faults,
            notes: notes.ok(),
        })
    }

    fn exit(&self) -> Exit {
        findings::exit(&self.findings)
    }

    /// Whether the index has to be made anew; else what is wrong with it can be mended in place.
    fn needs_rebuild(&self) -> bool {
        let is_unreadable = self.chunks.as_ref().is_none_or(|chunks| chunks.unreadable > 0);
        is_unreadable || !self.are_tables_whole || !self.damaged_files.is_empty()
    }
}

fn of_state(faults: &[String], are_tables_whole: bool, state: &State) -> Result<String> {
    if let Some(fault) = faults.first() {
        let more = faults.len() - 1;
        let more = if more == 0 { String::new() } else { format!("; and {more} more") };
        return Err(Error::failed(format!("{fault}{more}")).hint(REPAIR));
    }
    if !are_tables_whole {
        let message = "what is known of the notes is not what was written";
        return Err(Error::failed(message).hint(REMAKE));
    }
    let (notes, entries) = (state.notes()?.len(), state.entries()?.len());
    Ok(format!("{notes} notes, {entries} entries"))
}

fn of_chunks(chunks: &Comparison) -> Result<String> {
    let Comparison { committed, lost, orphans, doubled, unreadable } = chunks;
    if chunks.is_clean() {
        return Ok(format!("{committed} chunks, each in its place"));
    }
    let mut says = Vec::new();
    if !lost.is_empty() {
        let paths: Vec<&str> = lost.keys().take(NAMED_MAX).map(|(_, path)| path.as_str()).collect();
        let more = if lost.len() > NAMED_MAX { " and others" } else { "" };
        let count = chunks.lost_count();
        says.push(format!("chunks lost: {count} of {committed}, of {}{more}", paths.join(", ")));
    }
    for (count, what) in [
        (orphans.len(), "chunks that no note has"),
        (*doubled, "chunks there more than once"),
        (*unreadable, "chunks that can't be read"),
    ] {
        if count > 0 {
            says.push(format!("{what}: {count}"));
        }
    }
    let remedy = if *unreadable > 0 { REMAKE } else { REPAIR };
    Err(Error::failed(says.join("; ")).hint(remedy))
}

fn of_files(damaged: Option<&[String]>, is_on_server: bool) -> Result<String> {
    let Some(damaged) = damaged else {
        let why = if is_on_server {
            "on a server, which looks after them"
        } else {
            "nothing to hold them against, since the last run was cut off; `twin ingest` ends it"
        };
        return Ok(why.to_owned());
    };
    let Some(first) = damaged.first() else {
        return Ok("as they were written".to_owned());
    };
    let more = damaged.len() - 1;
    let more = if more == 0 { String::new() } else { format!(", and {more} more") };
    Err(Error::failed(format!("not as it was written: {first}{more}")).hint(REMAKE))
}

/// Whether the model is the one that the index was made with, and its files are whole.
fn of_model(workspace: &Workspace, identity: &Identity) -> Result<String> {
    workspace.check_identity(identity)?;
    wiring::verify_model(&workspace.settings, &identity.model)?;
    Ok(identity.model.clone())
}

fn differences(workspace: &Workspace, state: &State) -> Result<Differences> {
    let roots = ingest::roots(workspace, &[], Some(state))?;
    crate::ingest::differences(state, &workspace.logbook(&roots))
}

/// What has become of the notes since they were read is no fault of the index.
fn of_notes(notes: &Result<Differences>) -> String {
    match notes {
        Ok(notes) if notes.is_empty() => "as they were read".to_owned(),
        Ok(Differences { changed, gone, new }) => format!(
            "{} changed, {} new and {} gone since they were read; `twin ingest` reads them",
            changed.len(),
            new.len(),
            gone.len()
        ),
        Err(error) => format!("can't be compared: {error}"),
    }
}

/// Mends what was found, and says what was done.
fn repair(workspace: &Workspace, checked: &Checked) -> Result<Vec<String>> {
    let mut done = Vec::new();
    if !checked.faults.is_empty() {
        let _lock = workspace.lock()?;
        workspace.state()?.forget_embeddings().context(|| {
            format!(
                "the state can't be repaired; move {} away and ingest again",
                workspace.folder().display()
            )
        })?;
        done.push("the cache of embeddings was emptied".to_owned());
    }
    if checked.needs_rebuild() {
        let anew = IngestArgs { rebuild: true, ..IngestArgs::default() };
        ingest::bring_up_to_date(workspace, &anew)?;
        done.push("the index was made anew".to_owned());
        return Ok(done);
    }
    let Some(chunks) = &checked.chunks else { return Ok(done) };
    let orphans = remove_orphans(workspace)?;
    if !chunks.lost.is_empty() {
        let notes: Vec<_> = chunks.lost.keys().cloned().collect();
        {
            let _lock = workspace.lock()?;
            let mut state = workspace.state()?;
            state.break_seal()?;
            state.commit(&[], &notes)?;
            reach(Step::LostForgotten);
        }
        ingest::bring_up_to_date(workspace, &IngestArgs::default())?;
        done.push(format!("notes read anew: {}", notes.len()));
    }
    if orphans > 0 {
        done.push(format!("chunks removed that no note has: {orphans}"));
    }
    Ok(done)
}

/// Removes the points that the state does not name.
fn remove_orphans(workspace: &Workspace) -> Result<usize> {
    let _lock = workspace.lock()?;
    let state = workspace.state()?;
    rebuild::remove_left_over(workspace, &state)?;
    let dimension = state.identity()?.and_then(|identity| identity.dimension);
    let place = IndexPlace { build: state.build()?, dimension };
    let mut index = workspace.open_committed(place, state.has_points()?)?;
    let orphans = upkeep::compare(&state, &*index)?.orphans;
    if !orphans.is_empty() {
        state.break_seal()?;
        crate::ingest::remove_orphans(&mut *index, &orphans)?;
        drop(index);
        ingest::seal(workspace, &state, place)?;
    }
    Ok(orphans.len())
}
