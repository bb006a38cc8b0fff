//! The build that is made beside the one that serves, and what is left over of others.
//!
//! The state names a build as left over before it is begun, and the one before it when another
//! takes over, so that whatever ends a process, the next writer knows what to remove.

use super::workspace::Workspace;
use crate::{
    error::{Error, Exit, Result},
    index::{Build, State},
};

/// How many names are tried for a build before giving up.
const NAMES_MAX: usize = 100;

/// Begins a build beside the one that serves, under a name that nothing has.
pub(super) fn begin(workspace: &Workspace, state: &State, serving: Build) -> Result<Build> {
    let mut left_over = state.left_over()?;
    let names = std::iter::successors(Some(serving.next()), |build| Some(build.next()));
    for build in names.take(NAMES_MAX) {
        if left_over.contains(&build) || workspace.is_taken(build)? {
            continue;
        }
        left_over.push(build);
        state.set_left_over(&left_over)?;
        state.begin_beside()?;
        return Ok(build);
    }
    let place = workspace.index_place(serving);
    Err(Error::failed(format!("there is no free name for an index beside {place}")))
}

/// Ends what was begun: what does not serve goes, whichever of the two that is.
pub(super) fn end<T>(workspace: &Workspace, state: &State, outcome: Result<T>) -> Result<T> {
    let removed = remove_left_over(workspace, state);
    match (outcome, removed) {
        (Ok(done), removed) => removed.map(|()| done),
        (Err(error), _) => Err(error),
    }
}

/// Removes the builds that do not serve; one that another process still reads waits for the next
/// time.
pub(super) fn remove_left_over(workspace: &Workspace, state: &State) -> Result<()> {
    let left_over = state.left_over()?;
    if left_over.is_empty() {
        return Ok(());
    }
    let mut in_use = Vec::new();
    for build in left_over {
        match workspace.remove_build(build) {
            Err(error) if error.exit() == Exit::Locked => in_use.push(build),
            outcome => outcome?,
        }
    }
    state.set_left_over(&in_use)
}
