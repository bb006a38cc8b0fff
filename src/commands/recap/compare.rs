//! `twin recap … --compare …`: what changed from one period to another.

use super::{
    super::{cli::RecapArgs, notes::Notes, privacy, workspace::Workspace},
    budget, is_json,
};
use crate::{
    error::{Error, Exit, Result},
    recap::{self, Recapping, Told, comparison, comparison_preview},
};

/// Compares the two periods that are wanted, the earlier first.
pub(super) fn run(
    workspace: &Workspace,
    arguments: &RecapArgs,
    wanted: &[Told],
    recapping: &Recapping<'_>,
    notes: &Notes,
) -> Result<Exit> {
    let terminal = &workspace.terminal;
    let [earlier, later] = wanted else {
        return Err(Error::usage("a comparison is of two periods"));
    };
    let preview = match recapping.chat {
        Some(chat) => comparison_preview(earlier, later, recapping, chat),
        None => Ok(None),
    };
    if arguments.answer.dry_run {
        if let Some((chat, asked)) = recapping.chat.zip(preview?) {
            let periods = format!("{} to {}", earlier.0.period, later.0.period);
            budget::show_comparison(workspace, &periods, chat, &asked)?;
        } else {
            terminal.note("nothing would be sent");
            drop(workspace.kept());
        }
        return Ok(Exit::Done);
    }
    // What can't be asked costs nothing, and is said where the lists stand instead.
    if let Ok(Some(preview)) = preview {
        budget::hold(workspace, arguments, preview.cost)?;
    }
    let comparison = comparison(earlier, later, recapping)?;
    let withheld = workspace.guard.kept();
    if is_json(workspace, arguments) {
        terminal.print(&format!("{}\n", recap::comparison_json(&comparison)?))?;
    } else {
        let links = notes.links(&comparison.citations);
        terminal.print_markdown(&recap::comparison_markdown(&comparison), &links)?;
    }
    if !is_json(workspace, arguments) {
        privacy::tell(workspace.terminal, &withheld);
    }
    for note in &comparison.notes {
        terminal.note(note);
    }
    if let Some(failure) = &comparison.failure {
        terminal.error(failure);
    }
    Ok(comparison.exit())
}
