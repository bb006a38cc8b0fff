//! `twin ingest`: brings the index up to date with the notes.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use super::{
    cli::IngestArgs,
    workspace::{Workspace, now_nanoseconds},
};
use crate::{
    error::{Context as _, Error, Exit, Result},
    index::{Identity, State},
    ingest::{self, Ingest, Report, Root},
    ui,
};

/// Runs the command.
pub(super) fn run(workspace: &Workspace, arguments: &IngestArgs) -> Result<Exit> {
    let began = Instant::now();
    let report = bring_up_to_date(workspace, arguments)?;
    if workspace.json {
        workspace.print_json("logtwin/ingest/1", &report)?;
    } else {
        let text = ui::ingest_report(&report, began.elapsed(), arguments.dry_run);
        workspace.terminal.print(&text)?;
    }
    Ok(if report.skipped.is_empty() { Exit::Done } else { Exit::Partial })
}

/// Reads, embeds and commits what is new; the only writer while it runs.
pub(super) fn bring_up_to_date(workspace: &Workspace, arguments: &IngestArgs) -> Result<Report> {
    let lock = if arguments.dry_run { None } else { Some(workspace.lock()?) };
    let mut state = match lock {
        Some(_) => State::create(&workspace.state_file()?)?,
        None => workspace.state().or_else(|error| match error.exit() {
            Exit::NoIndex => State::in_memory(),
            _ => Err(error),
        })?,
    };
    let roots = roots(workspace, &arguments.folders, Some(&state))?;
    let logbook = workspace.logbook(&roots);
    let embedder = workspace.embedder()?;
    let identity = workspace.identity(embedder.as_deref());
    settle_identity(workspace, arguments, &mut state, &identity)?;
    let ticker = workspace.terminal.ticker("notes", 0);
    let open_index = || workspace.open_index(identity.dimension);
    let settings = Ingest {
        logbook: &logbook,
        chunk: workspace.chunk_size(),
        embedder: embedder.as_deref(),
        open_index: &open_index,
        dry_run: arguments.dry_run,
        allow_mass_delete: arguments.allow_mass_delete,
        started: now_nanoseconds(),
    };
    ingest::ingest(&mut state, &settings, &mut |progress| {
        ticker.at(progress.done as u64, progress.total as u64);
    })
}

/// The folders that were typed, else those of the configuration, else those of the last time.
pub(super) fn roots(
    workspace: &Workspace,
    typed: &[PathBuf],
    state: Option<&State>,
) -> Result<Vec<Root>> {
    let configured = &workspace.config().logbook.folders;
    let folders: Vec<PathBuf> = if !typed.is_empty() {
        typed.to_vec()
    } else if !configured.is_empty() {
        configured.clone()
    } else {
        let known = state.map(State::roots).transpose()?.unwrap_or_default();
        known.into_iter().map(|(_, path)| PathBuf::from(path)).collect()
    };
    if folders.is_empty() {
        return Err(Error::usage("no folder of notes was named")
            .hint("name one: `twin ingest ~/notes`, or set logbook.folders"));
    }
    Root::several(&folders)
}

/// Makes sure that what is stored was made with the same model, schema and chunker.
fn settle_identity(
    workspace: &Workspace,
    arguments: &IngestArgs,
    state: &mut State,
    identity: &Identity,
) -> Result<()> {
    let stored = state.identity()?;
    let dimension = stored.as_ref().and_then(|stored| stored.dimension).or(identity.dimension);
    if arguments.dry_run {
        return Ok(());
    }
    if stored.as_ref() == Some(identity) && !arguments.rebuild {
        // Notes that have not changed are not stored again, so what was stored has to be there.
        return workspace.check_committed(dimension, state.point_count()?);
    }
    if let Some(stored) = stored.filter(|_| !arguments.rebuild) {
        return Err(other_index(&stored, identity));
    }
    state.forget_notes()?;
    workspace.drop_index(dimension)?;
    state.set_identity(identity)
}

/// The error of an index that was made with something else.
pub(super) fn other_index(stored: &Identity, wanted: &Identity) -> Error {
    let message = if stored.schema == wanted.schema {
        format!(
            "the index was made with {} and {}, not with {} and {}",
            stored.model, stored.chunker, wanted.model, wanted.chunker
        )
    } else {
        format!(
            "the index has the form {} of another version of twin; this one needs {}",
            stored.schema, wanted.schema
        )
    };
    Error::new(Exit::OtherIndex, message).hint(
        "make it anew with `twin ingest --rebuild`; texts embedded before are not embedded again",
    )
}

/// The lock of the only writer, with its process in it; let go of when dropped.
#[derive(Debug)]
pub(super) struct WriterLock(#[expect(dead_code, reason = "holds the lock")] fs::File);

impl WriterLock {
    /// Takes the lock of a folder.
    ///
    /// # Errors
    /// With [`Exit::Locked`], naming the holder, when another process has it.
    pub(super) fn take(path: &Path) -> Result<Self> {
        let mut file = fs::OpenOptions::new()
            .create(true)
            .read(true)
            .write(true)
            .truncate(false)
            .open(path)
            .context(|| format!("can't open {}", path.display()))?;
        if file.try_lock().is_err() {
            let holder = fs::read_to_string(path).unwrap_or_default();
            return Err(Error::new(
                Exit::Locked,
                format!("process {} is writing to the index", holder.trim()),
            )
            .hint("wait until it has finished; questions can be asked meanwhile"));
        }
        std::io::Write::write_all(&mut file, format!("{:<10}", std::process::id()).as_bytes())
            .context(|| format!("can't write {}", path.display()))?;
        Ok(Self(file))
    }
}
