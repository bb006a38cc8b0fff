//! `twin export`, `twin import` and `twin push`: an index is taken elsewhere without being embedded
//! again.

use std::{
    collections::HashSet,
    fs,
    io::{BufReader, BufWriter, Read, Write as _},
    path::{Path, PathBuf},
};

use uuid::Uuid;

use super::{
    indexes::IndexPlace,
    ingest, rebuild,
    upkeep_flags::{ExportArgs, ImportArgs},
    workspace::Workspace,
};
use crate::{
    error::{Context as _, Error, Exit, Result},
    index::{Placed, State, no_index},
    privacy::Entry,
    services::{Destination, Index, Payload},
    upkeep::{self, Counts, Import},
};

/// Writes the index to a file, or to standard output.
pub(super) fn export(workspace: &Workspace, arguments: &ExportArgs) -> Result<Exit> {
    let state = workspace.state()?;
    let identity = state.identity()?.ok_or_else(no_index)?;
    let _lock = workspace.lock()?;
    let place = IndexPlace { build: state.build()?, dimension: identity.dimension };
    let index = workspace.open_committed(place, state.has_points()?)?;
    let Some(file) = &arguments.file else {
        upkeep::export(&state, &identity, &*index, &mut |line| workspace.terminal.print(line))?;
        return Ok(Exit::Done);
    };
    // A file that is not whole never has the name that was asked for.
    let mut unfinished = file.clone().into_os_string();
    unfinished.push(".part");
    let unfinished = PathBuf::from(unfinished);
    let what = || format!("can't write {}", unfinished.display());
    let mut out = BufWriter::new(private_file(&unfinished).context(what)?);
    let counts = upkeep::export(&state, &identity, &*index, &mut |line| {
        out.write_all(line.as_bytes()).context(what)
    })?;
    out.flush()
        .and_then(|()| out.get_ref().sync_all())
        .and_then(|()| fs::rename(&unfinished, file))
        .context(what)?;
    told(workspace, "logtwin/exported/1", counts, &format!("written to {}", file.display()))
}

/// Makes a file that only its owner can read, since it holds all notes.
fn private_file(path: &Path) -> std::io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Reads an index out of a file, or from standard input, where there is none yet.
pub(super) fn import(workspace: &Workspace, arguments: &ImportArgs) -> Result<Exit> {
    let _lock = workspace.lock()?;
    let mut state = State::create(&workspace.state_file()?)?;
    if state.identity()?.is_some() {
        let place = workspace.index_place(state.build()?);
        return Err(Error::usage(format!("there is an index already, {place}"))
            .hint("name another, qdrant.collection, or remove it: `twin purge --all`"));
    }
    rebuild::remove_left_over(workspace, &state)?;
    let input: Box<dyn Read> = if arguments.file == Path::new("-") {
        Box::new(std::io::stdin())
    } else {
        let what = || format!("can't open {}", arguments.file.display());
        Box::new(fs::File::open(&arguments.file).context(what)?)
    };
    let mut lines = BufReader::new(input);
    let import = Import::begin(&mut lines)?;
    workspace.check_identity(&import.header.identity)?;
    let dimension = import.header.identity.dimension;
    let before = workspace.placed(state.build()?);
    let new = rebuild::begin(workspace, &state)?;
    let place = IndexPlace { build: new.build, dimension };
    state.begin_beside()?;
    let outcome = (|| {
        let host = workspace.remote_index()?;
        let mut index = workspace.open_index(place)?;
        let may_go = |payload: &Payload| may_go(workspace, payload, host.as_deref());
        let counts = import.store(&mut state, &mut *index, &may_go)?;
        drop(index);
        ingest::seal(workspace, &state, place)?;
        state.take_over(&new, before)?;
        Ok(counts)
    })();
    let counts = rebuild::end(workspace, &state, outcome)?;
    told(workspace, "logtwin/imported/1", counts, "read")
}

/// Moves the index of this program to the server that the settings name.
pub(super) fn push(workspace: &Workspace) -> Result<Exit> {
    let mut state = workspace.state()?;
    let identity = state.identity()?.ok_or_else(no_index)?;
    if workspace.config().qdrant.url.is_none() {
        return Err(Error::usage("no server is named").hint("name it: qdrant.url"));
    }
    let before = Placed { build: state.build()?, server: None };
    if let Some(url) = state.serving()?.and_then(|serving| serving.server) {
        return Err(Error::usage(format!("the index is not in this program but at {url}"))
            .hint("take it elsewhere with `twin export` and `twin import`"));
    }
    let _lock = workspace.lock()?;
    workspace.warn_of_server()?;
    rebuild::remove_left_over(workspace, &state)?;
    let mut place = IndexPlace { build: before.build, dimension: identity.dimension };
    let from = workspace.existing_embedded(place)?;
    let new = rebuild::begin(workspace, &state)?;
    place.build = new.build;
    state.begin_copy()?;
    let outcome = (|| {
        leave_out(workspace, &mut state, &*from)?;
        let ids: Vec<Uuid> = state.named_points()?.into_iter().flat_map(|(_, ids)| ids).collect();
        let ticker = workspace.terminal.ticker("chunks", ids.len() as u64);
        let mut to = workspace.open_index(place)?;
        let copied = upkeep::copy(&ids, &*from, &mut *to, &mut |done| {
            ticker.at(done as u64, ids.len() as u64);
        })?;
        drop((from, to));
        let counts = Counts { notes: state.notes()?.len(), chunks: copied.points };
        ingest::forget_rules(&state)?;
        ingest::seal(workspace, &state, place)?;
        state.take_over(&new, before)?;
        Ok(counts)
    })();
    let counts = rebuild::end(workspace, &state, outcome)?;
    let place = workspace.index_place(place.build);
    told(workspace, "logtwin/pushed/1", counts, &format!("moved to {place}"))
}

/// Leaves out of the state what may not go to the server.
fn leave_out(workspace: &Workspace, state: &mut State, from: &dyn Index) -> Result<()> {
    let Some(host) = workspace.remote_index()? else { return Ok(()) };
    for ((root, path), ids) in state.named_points()? {
        let payloads = from.payloads(&ids)?;
        let stay: HashSet<Uuid> = payloads
            .iter()
            .filter(|(_, payload)| !may_go(workspace, payload, Some(&host)))
            .map(|(id, _)| *id)
            .collect();
        if !stay.is_empty() {
            let go: Vec<Uuid> = ids.into_iter().filter(|id| !stay.contains(id)).collect();
            state.set_points(&root, &path, &go)?;
        }
    }
    Ok(())
}

/// Whether a chunk may go where the index is, by the rules of privacy.
fn may_go(workspace: &Workspace, payload: &Payload, host: Option<&str>) -> bool {
    let to = Destination { host, is_remote: host.is_some() };
    let entry = Entry { root: &payload.root, path: &payload.path, tags: &payload.tags };
    workspace.guard.refusal(entry, payload.lines.first, to).is_none()
}

fn told(workspace: &Workspace, schema: &str, counts: Counts, what: &str) -> Result<Exit> {
    workspace.kept();
    if workspace.json {
        workspace.print_json(schema, &counts)?;
    } else {
        let Counts { notes, chunks } = counts;
        workspace.terminal.print(&format!("{notes} notes and {chunks} chunks {what}\n"))?;
    }
    Ok(Exit::Done)
}
