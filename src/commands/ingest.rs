//! `twin ingest`: brings the index up to date with the notes.

pub(super) mod dry_run;

use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use serde::Serialize;

use self::dry_run::WouldSend;
use super::{
    cli::IngestArgs,
    indexes::IndexPlace,
    interrupts::Interrupts,
    network_disk, rebuild,
    workspace::{Workspace, now_nanoseconds},
};
use crate::{
    error::{Context as _, Error, Exit, Result},
    failpoint::{Step, reach},
    index::{Identity, State, Sums},
    ingest::{self, DryRun, Ingest, Report, Root},
    privacy::Kept,
    services::{Destination, Embedder},
    ui,
};

/// What a run did, as JSON.
#[derive(Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    report: &'a Report,
    #[serde(flatten)]
    would_send: Option<&'a WouldSend>,
    withheld: Vec<Kept>,
}

/// Runs the command.
pub(super) fn run(workspace: &Workspace, arguments: &IngestArgs) -> Result<Exit> {
    let began = Instant::now();
    let named = arguments.model.as_deref().map(|model| workspace.with_model(model)).transpose()?;
    let workspace = named.as_ref().unwrap_or(workspace);
    let (report, would_send) = if arguments.dry_run {
        let (report, would_send) = dry_run::run(workspace, arguments)?;
        (report, Some(would_send))
    } else {
        (bring_up_to_date(workspace, arguments)?, None)
    };
    let withheld = workspace.kept();
    let would_send = would_send.as_ref();
    if workspace.json {
        let told = Told { report: &report, would_send, withheld };
        workspace.print_json("logtwin/ingest/1", &told)?;
    } else {
        let text = ui::ingest_report(&report, began.elapsed(), arguments.dry_run);
        workspace.terminal.print(&text)?;
        would_send.map_or(Ok(()), |would_send| dry_run::tell(workspace, would_send))?;
    }
    Ok(if report.skipped.is_empty() { Exit::Done } else { Exit::Partial })
}

/// Reads, embeds and commits what is new; the only writer while it runs.
pub(super) fn bring_up_to_date(workspace: &Workspace, arguments: &IngestArgs) -> Result<Report> {
    let _lock = workspace.lock()?;
    let mut state = State::create(&workspace.state_file()?)?;
    reach(Step::StateMade);
    rebuild::remove_left_over(workspace, &state)?;
    let roots = roots(workspace, &arguments.folders, Some(&state))?;
    let stored = state.identity()?;
    if let Some(stored) = stored.as_ref().filter(|_| !arguments.rebuild) {
        workspace.check_identity(stored)?;
    }
    let embedder = workspace.embedder()?;
    let embedder = embedder.as_deref();
    let identity = workspace.identity(embedder);
    network_disk::warn(workspace);
    workspace.warn_of_server()?;
    let mut place = IndexPlace { build: state.build()?, dimension: identity.dimension };
    match stored {
        Some(_) if arguments.rebuild => {
            if !arguments.allow_mass_delete {
                ingest::refuse_mass_removal(&state, &workspace.logbook(&roots))?;
            }
            let before = state.serving()?.unwrap_or_else(|| workspace.placed(place.build));
            let new = rebuild::begin(workspace, &state)?;
            place.build = new.build;
            state.begin_beside()?;
            let outcome = (|| {
                begin_index(workspace, embedder, &state, &identity)?;
                let report =
                    read(workspace, arguments, &roots, (embedder, place), None, &mut state)?;
                state.take_over(&new, before)?;
                Ok(report)
            })();
            rebuild::end(workspace, &state, outcome)
        }
        Some(stored) if stored != identity => Err(other_index(&stored, &identity)),
        Some(_) => {
            // Notes that have not changed are not stored again, so what was stored has to be there.
            workspace.check_committed(place, state.has_points()?)?;
            warn_of_other_rules(workspace, embedder, &state)?;
            read(workspace, arguments, &roots, (embedder, place), None, &mut state)
        }
        None => {
            let serving = workspace.placed(place.build);
            workspace.remove_build(&serving)?;
            state.set_serving(&serving)?;
            reach(Step::ServingNamed);
            begin_index(workspace, embedder, &state, &identity)?;
            read(workspace, arguments, &roots, (embedder, place), None, &mut state)
        }
    }
}

/// Brings a state and an index up to date with the notes.
fn read(
    workspace: &Workspace,
    arguments: &IngestArgs,
    roots: &[Root],
    (embedder, place): (Option<&dyn Embedder>, IndexPlace),
    dry_run: Option<DryRun<'_>>,
    state: &mut State,
) -> Result<Report> {
    let interrupts = Interrupts::watch(workspace.terminal)?;
    let ticker = workspace.terminal.ticker("notes", 0);
    let open_index = || workspace.open_index(place);
    let index_host = workspace.remote_index()?;
    let settings = Ingest {
        guard: &workspace.guard,
        index_at: Destination { host: index_host.as_deref(), is_remote: index_host.is_some() },
        logbook: &workspace.logbook(roots),
        chunk: workspace.chunk_size(),
        embedder,
        open_index: &open_index,
        dry_run,
        rehash: arguments.rehash,
        allow_mass_delete: arguments.allow_mass_delete,
        started: now_nanoseconds(),
        is_interrupted: &|| interrupts.have_come(),
    };
    let report = ingest::ingest(state, &settings, &mut |progress| {
        ticker.at(progress.done as u64, progress.total as u64);
    })?;
    if dry_run.is_none() {
        seal_with(state, || workspace.settled_sums(place, state))?;
    }
    Ok(report)
}

/// Seals what is stored, unless nothing has changed since that was done. While a question holds the
/// files it stays undone.
pub(super) fn seal(workspace: &Workspace, state: &State, place: IndexPlace) -> Result<()> {
    seal_with(state, || workspace.index_sums(place.build))
}

/// The same with the sums of the files as they are given.
fn seal_with(state: &State, sums: impl FnOnce() -> Result<Option<Sums>>) -> Result<()> {
    if state.seal()?.is_some() {
        return Ok(());
    }
    match sums() {
        Ok(files) => {
            reach(Step::Unsealed);
            state.set_seal(files)?;
            reach(Step::Sealed);
            Ok(())
        }
        Err(error) if error.exit() == Exit::Locked => Ok(()),
        Err(error) => Err(error),
    }
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

/// Says what an index that has nothing yet is made with, and by which rules it is sent.
fn begin_index(
    workspace: &Workspace,
    embedder: Option<&dyn Embedder>,
    state: &State,
    identity: &Identity,
) -> Result<()> {
    state.set_identity(identity)?;
    reach(Step::IdentityNamed);
    match rules(workspace, embedder)? {
        Some(rules) => state.set_fact(RULES, &rules),
        None => Ok(()),
    }
}

/// The fact of the state that tells by which rules what is stored was sent to other machines.
const RULES: &str = "sent by the rules";

/// Forgets by which rules the index was sent, where that was done anew by those of today.
pub(super) fn forget_rules(state: &State) -> Result<()> {
    state.drop_fact(RULES)
}

/// The rules of privacy, and the hosts that they are about; none where there is no host.
fn rules(workspace: &Workspace, embedder: Option<&dyn Embedder>) -> Result<Option<String>> {
    let host = embedder.and_then(|embedder| embedder.destination().host);
    let index_host = workspace.remote_index()?;
    let has_host = host.is_some() || index_host.is_some();
    Ok(has_host.then(|| format!("{:?} {host:?} {index_host:?}", workspace.guard.rules())))
}

/// Says when what is stored was sent by other rules of privacy, since that stays as it was.
fn warn_of_other_rules(
    workspace: &Workspace,
    embedder: Option<&dyn Embedder>,
    state: &State,
) -> Result<()> {
    let Some(rules) = rules(workspace, embedder)? else { return Ok(()) };
    let before = state.fact(RULES)?;
    if before.is_none() || !state.has_points()? {
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
