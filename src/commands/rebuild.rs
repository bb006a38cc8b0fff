//! The build that is made beside the one that serves, and what is left over of others.
//!
//! The state names a build as left over before it is begun, and the one before it when another
//! takes over, so that whatever ends a process, the next writer knows what to remove.

use super::workspace::Workspace;
use crate::{
    error::{Error, Exit, Result},
    failpoint::{Step, reach},
    index::{Build, Placed, State},
};

/// How many names are tried for a build before giving up.
const NAMES_MAX: usize = 100;

/// A name that nothing has for a build beside the one that serves; it is removed again unless it
/// takes over.
pub(super) fn begin(workspace: &Workspace, state: &State) -> Result<Placed> {
    let mut left_over = state.left_over()?;
    let serving = state.build()?;
    let names = std::iter::successors(Some(serving.next()), |build: &Build| Some(build.next()));
    for build in names.take(NAMES_MAX) {
        let placed = workspace.placed(build);
        if left_over.contains(&placed) || workspace.is_taken(build)? {
            continue;
        }
        left_over.push(placed.clone());
        state.set_left_over(&left_over)?;
        reach(Step::BuildNamed);
        return Ok(placed);
    }
    let place = workspace.index_place(serving);
    Err(Error::failed(format!("there is no free name for an index beside {place}")))
}

/// Ends what was begun: what does not serve goes, whichever of the two that is.
pub(super) fn end<T>(workspace: &Workspace, state: &State, outcome: Result<T>) -> Result<T> {
    let removed = remove_left_over(workspace, state);
    outcome.and_then(|done| removed.map(|()| done))
}

/// Removes the builds that do not serve; one that another process still reads, or that is on another
/// server than the settings name, waits for the next time.
pub(super) fn remove_left_over(workspace: &Workspace, state: &State) -> Result<()> {
    let left_over = state.left_over()?;
    if left_over.is_empty() {
        return Ok(());
    }
    let mut in_use = Vec::new();
    for placed in left_over {
        match workspace.remove_build(&placed) {
            Err(error) if error.exit() == Exit::Locked => in_use.push(placed),
            outcome => outcome?,
        }
    }
    reach(Step::LeftOverRemoved);
    state.set_left_over(&in_use)?;
    reach(Step::NothingLeftOver);
    Ok(())
}
