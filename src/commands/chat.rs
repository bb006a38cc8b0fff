//! `twin chat`: question after question, each taken on from the one before.

use std::io::{BufRead as _, IsTerminal as _};

use super::{
    ask::{self, Asking},
    cli::ChatArgs,
    workspace::Workspace,
};
use crate::error::{Context as _, Exit, Result};

/// Runs the command.
pub(super) fn run(workspace: &Workspace, arguments: &ChatArgs) -> Result<Exit> {
    // A model that can't be asked is no matter of any one question.
    drop(workspace.chat(&arguments.answer)?);
    let state = workspace.state()?;
    let mut before = if arguments.follow { ask::last_plan(&state)? } else { None };
    let stdin = std::io::stdin();
    let is_terminal = stdin.is_terminal();
    if is_terminal {
        workspace.terminal.note("Ask; an empty line or Ctrl-D ends.");
    }
    loop {
        if is_terminal {
            workspace.terminal.print("\n> ")?;
        }
        let mut line = String::new();
        let read = stdin
            .lock()
            .read_line(&mut line)
            .context(|| "can't read from standard input".to_owned())?;
        let question = line.trim();
        if read == 0 || (is_terminal && question.is_empty()) {
            return Ok(Exit::Done);
        }
        if !ask::has_words(question) {
            continue;
        }
        if before.is_some() && !is_terminal && !workspace.json {
            workspace.terminal.print("\n")?;
        }
        let asking = Asking {
            question,
            before: before.as_ref(),
            period: arguments.period.clone(),
            answer: arguments.answer.clone(),
            explain: false,
        };
        match ask::answer(workspace, None, &asking) {
            Ok(asked) => {
                asked.finish(workspace)?;
                ask::remember(&state, &asked.plan, before.is_none())?;
                before = Some(asked.plan);
            }
            Err(error) if error.exit() == Exit::Done => return Err(error),
            Err(error) => workspace.terminal.error(&error),
        }
    }
}
