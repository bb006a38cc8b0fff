//! `twin purge`: what is known of a note is gone for good, from every file and from the server.
//!
//! What an engine deletes stays in its segments and its log until they are rewritten, so that what is
//! to stay is carried into an index beside, and the old one is removed as a whole.

use std::{
    fs,
    io::IsTerminal as _,
    path::{Path, PathBuf},
};

use serde::Serialize;
use uuid::Uuid;

use super::{
    chat::HISTORY,
    indexes::IndexPlace,
    ingest, rebuild,
    upkeep_flags::PurgeArgs,
    workspace::{Workspace, current_folder},
};
use crate::{
    error::{Context as _, Error, Exit, Result},
    failpoint::{Step, reach},
    index::{State, no_index},
    ingest::NoteName,
    upkeep,
};

/// What was removed, as JSON.
#[derive(Debug, Default, Serialize)]
struct Purged {
    notes: Vec<NoteName>,
    chunks: usize,
    conversations: Vec<String>,
    still_there: Vec<PathBuf>,
}

/// Runs the command.
pub(super) fn run(workspace: &Workspace, arguments: &PurgeArgs) -> Result<Exit> {
    let lock = workspace.state().and_then(|_| workspace.lock())?;
    let Some(typed) = &arguments.path else {
        confirm(workspace, arguments, "everything that is known of the logbook goes")?;
        remove_all(workspace)?;
        drop(lock);
        return told(
            workspace,
            &Purged::default(),
            "everything is gone; your notes are as they were",
        );
    };
    let mut state = workspace.state()?;
    rebuild::remove_left_over(workspace, &state)?;
    let notes = named(&state, typed)?;
    let what = match notes.len() {
        0 => format!("no note in the index is {typed}; what is left of earlier ones goes"),
        1 => format!("everything that is known of {} goes", notes[0].path),
        count => format!("everything that is known of {count} notes goes"),
    };
    confirm(
        workspace,
        arguments,
        &format!("{what}, with the conversations that name it and the cache of recaps"),
    )?;
    let purged = purge(workspace, &mut state, typed, notes)?;
    if let Some(first) = purged.still_there.first() {
        let others = purged.still_there.len() - 1;
        let (others, are) = match others {
            0 => (String::new(), "is"),
            _ => (format!(" and {others} more"), "are"),
        };
        workspace.terminal.warn(&format!(
            "{}{others} {are} still there, to be read by the next ingest: delete what is to be \
             forgotten, name it in .twinignore, or write `twin: false` in its front matter",
            first.display()
        ));
    }
    let count = purged.notes.len();
    let notes = if count == 1 { "note" } else { "notes" };
    let chunks = if purged.chunks == 1 { "chunk" } else { "chunks" };
    told(workspace, &purged, &format!("{count} {notes} gone for good, {} {chunks}", purged.chunks))
}

fn told(workspace: &Workspace, purged: &Purged, text: &str) -> Result<Exit> {
    if workspace.json {
        workspace.print_json("logtwin/purge/1", purged)?;
    } else {
        workspace.terminal.print(&format!("{text}\n"))?;
    }
    Ok(Exit::Done)
}

/// Makes sure that it is meant.
fn confirm(workspace: &Workspace, arguments: &PurgeArgs, what: &str) -> Result<()> {
    if arguments.yes {
        return Ok(());
    }
    let refused = || Error::usage("nothing was removed").hint("to go on without a question: --yes");
    let stdin = std::io::stdin();
    if !stdin.is_terminal() {
        return Err(Error::usage(format!("{what}; nothing was removed yet"))
            .hint("if that is meant, add --yes"));
    }
    workspace.terminal.warn(&format!("{what}. Type `yes` to go on."));
    let mut line = String::new();
    stdin.read_line(&mut line).context(|| "can't read from standard input".to_owned())?;
    if line.trim() == "yes" { Ok(()) } else { Err(refused()) }
}

/// The notes that are called so: by their path as sources are shown, by their file, or by a folder
/// above them.
fn named(state: &State, typed: &str) -> Result<Vec<NoteName>> {
    let roots = state.roots()?;
    let here = current_folder()?;
    let file = here.join(typed);
    let is_meant = |NoteName { root, path }: &NoteName| {
        let below = |folder: &Path| Path::new(path).starts_with(folder);
        let root = roots.iter().find(|(name, _)| name == root).map(|(_, folder)| folder);
        below(Path::new(typed))
            || root.is_some_and(|root| Path::new(root).join(path).starts_with(&file))
    };
    let notes =
        state.notes()?.into_iter().map(|note| NoteName { root: note.root, path: note.path });
    Ok(notes.filter(is_meant).collect())
}

/// Carries everything but these notes into an index beside, which takes over.
fn purge(
    workspace: &Workspace,
    state: &mut State,
    typed: &str,
    notes: Vec<NoteName>,
) -> Result<Purged> {
    let identity = state.identity()?.ok_or_else(no_index)?;
    let mut place = IndexPlace { build: state.build()?, dimension: identity.dimension };
    let mut purged = Purged { notes, ..Purged::default() };
    for NoteName { root, path } in &purged.notes {
        purged.chunks += state.points(root, path)?.len();
        let folder = state.roots()?.into_iter().find(|(name, _)| name == root);
        let file = folder.map(|(_, folder)| Path::new(&folder).join(path));
        purged.still_there.extend(file.filter(|file| file.exists()));
    }
    let from = workspace.open_committed(place, state.has_points()?)?;
    let before = state.serving()?.unwrap_or_else(|| workspace.placed(place.build));
    let new = rebuild::begin(workspace, state)?;
    place.build = new.build;
    state.begin_copy()?;
    let outcome = (|| {
        let gone: Vec<_> = purged.notes.iter().map(NoteName::pair).collect();
        state.commit(&[], &gone)?;
        crate::ingest::forget_places(state)?;
        let ids: Vec<Uuid> = state.named_points()?.into_iter().flat_map(|(_, ids)| ids).collect();
        let ticker = workspace.terminal.ticker("chunks", ids.len() as u64);
        let mut to = workspace.open_index(place)?;
        let copied = upkeep::copy(&ids, &*from, &mut *to, &mut |done| {
            ticker.at(done as u64, ids.len() as u64);
        })?;
        drop((from, to));
        reach(Step::Copied);
        state.forget_embeddings_but(&identity.model, &copied.embeddings)?;
        state.forget_words_but(&copied.terms)?;
        reach(Step::EmbeddingsForgotten);
        state.forget_maps()?;
        let mut paths: Vec<&str> = purged.notes.iter().map(|note| note.path.as_str()).collect();
        // A note that is in the index no more may still be named.
        if paths.is_empty() {
            paths.push(typed);
        }
        let mut conversations = Vec::new();
        for path in paths {
            conversations.extend(state.forget_conversations_about(path)?);
        }
        reach(Step::ConversationsForgotten);
        ingest::seal(workspace, state, place)?;
        state.take_over(&new, before)?;
        Ok(conversations)
    })();
    purged.conversations = rebuild::end(workspace, state, outcome)?;
    if !state.left_over()?.is_empty() {
        return Err(Error::new(
            Exit::Locked,
            "another process still reads the old index, which is not gone",
        )
        .hint("let it end, and run this again"));
    }
    state.forget_for_good()?;
    reach(Step::ForgottenForGood);
    Ok(purged)
}

/// Removes the index and the state with everything in them.
fn remove_all(workspace: &Workspace) -> Result<()> {
    let state = workspace.state()?;
    let serving = state.serving()?.unwrap_or(workspace.placed(state.build()?));
    for placed in state.left_over()?.into_iter().chain([serving]) {
        workspace.remove_build(&placed)?;
    }
    drop(state);
    let (folder, history) = (workspace.folder(), workspace.settings.paths.data.join(HISTORY));
    fs::remove_dir_all(&folder).context(|| format!("can't remove {}", folder.display()))?;
    if history.exists() {
        fs::remove_file(&history).context(|| format!("can't remove {}", history.display()))?;
    }
    Ok(())
}
