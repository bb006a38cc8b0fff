//! `twin ingest`: brings the index up to date with the notes.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use serde::Serialize;

use super::{
    cli::IngestArgs,
    workspace::{Workspace, now_nanoseconds},
};
use crate::{
    error::{Context as _, Error, Exit, Result},
    index::{Identity, State},
    ingest::{self, Ingest, Report, Root},
    privacy::Kept,
    services::{Destination, Embedder},
    ui,
};

/// What a run did, as JSON.
#[derive(Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    report: &'a Report,
    withheld: Vec<Kept>,
}

/// Runs the command.
pub(super) fn run(workspace: &Workspace, arguments: &IngestArgs) -> Result<Exit> {
    let began = Instant::now();
    let named = arguments.model.as_deref().map(|model| workspace.with_model(model)).transpose()?;
    let workspace = named.as_ref().unwrap_or(workspace);
    let report = bring_up_to_date(workspace, arguments)?;
    let withheld = workspace.kept();
    if workspace.json {
        workspace.print_json("logtwin/ingest/1", &Told { report: &report, withheld })?;
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
    if let Some(stored) = state.identity()?.filter(|_| !arguments.rebuild && !arguments.dry_run) {
        workspace.check_identity(&stored)?;
    }
    let embedder = if arguments.dry_run { None } else { workspace.embedder()? };
    let identity = workspace.identity(embedder.as_deref());
    if !arguments.dry_run {
        workspace.warn_of_server()?;
        settle_identity(workspace, arguments, &mut state, &identity)?;
        settle_rules(workspace, embedder.as_deref(), arguments.rebuild, &state)?;
    }
    let ticker = workspace.terminal.ticker("notes", 0);
    let open_index = || workspace.open_index(identity.dimension);
    let index_host = workspace.remote_index()?;
    let settings = Ingest {
        guard: &workspace.guard,
        index_at: Destination { host: index_host.as_deref(), is_remote: index_host.is_some() },
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

/// The folders that were typed, else those of the configuration, else those of the last time: they
/// are the whole logbook from now on.
pub(super) fn roots(
    workspace: &Workspace,
    typed: &[PathBuf],
    state: Option<&State>,
) -> Result<Vec<Root>> {
    let configured = &workspace.config().logbook.folders;
    if !typed.is_empty() {
        return Root::several(typed);
    }
    if !configured.is_empty() {
        return Root::several(configured);
    }
    let known = state.map(State::roots).transpose()?.unwrap_or_default();
    let known: Vec<PathBuf> = known.into_iter().map(|(_, path)| PathBuf::from(path)).collect();
    if known.is_empty() {
        return Err(Error::usage("no folder of notes was named")
            .hint("name one: `twin ingest ~/notes`, or set logbook.folders"));
    }
    Root::several(&known).map_err(|error| error.hint(without_a_folder(&known)))
}

/// The remedy when one of the folders of the last time is not there.
fn without_a_folder(known: &[PathBuf]) -> String {
    let here = known.iter().filter(|folder| folder.is_dir());
    let here: Vec<String> = here.map(|folder| folder.display().to_string()).collect();
    let here = if here.is_empty() { "FOLDER".to_owned() } else { here.join(" ") };
    format!(
        "mount it, or name the logbook without it: `twin ingest {here}`; nothing was removed from \
         the index"
    )
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

/// The fact of the state that tells by which rules what is stored was sent to other machines.
const RULES: &str = "sent by the rules";

/// Says when what is stored was sent by other rules of privacy, since that stays as it was.
fn settle_rules(
    workspace: &Workspace,
    embedder: Option<&dyn Embedder>,
    is_anew: bool,
    state: &State,
) -> Result<()> {
    let host = embedder.and_then(|embedder| embedder.destination().host);
    let index_host = workspace.remote_index()?;
    if host.is_none() && index_host.is_none() {
        return Ok(());
    }
    let rules = format!("{:?} {host:?} {index_host:?}", workspace.guard.rules());
    let before = state.fact(RULES)?;
    if is_anew || before.is_none() || state.point_count()? == 0 {
        return state.set_fact(RULES, &rules);
    }
    if before != Some(rules) {
        workspace.terminal.warn(
            "[privacy] is not what it was when the index was made, and what was stored then stays: \
             `twin ingest --rebuild` makes it anew",
        );
    }
    Ok(())
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
