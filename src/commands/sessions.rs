//! `twin sessions`: the conversations that are kept, beside the index and nowhere else.

use serde::Serialize;

use super::{ask::Asked, cli::SessionsCommand, workspace::Workspace};
use crate::{
    error::{Context as _, Error, Exit, Result},
    index::{State, Turn},
    plan::Plan,
    ui::{self, Links},
};

/// The conversation without a name, which `--continue` goes on with.
pub(super) const LAST: &str = "last";

/// Runs the command.
pub(super) fn run(workspace: &Workspace, command: &SessionsCommand) -> Result<Exit> {
    let mut state = workspace.state()?;
    match command {
        SessionsCommand::List => list(workspace, &state)?,
        SessionsCommand::Show { name } => show(workspace, &state, name)?,
        SessionsCommand::Export { name } => export(workspace, &state, name)?,
        SessionsCommand::Delete { name, .. } => delete(workspace, &mut state, name.as_deref())?,
    }
    Ok(Exit::Done)
}

/// The plan of the last question of a conversation, where there was one.
pub(super) fn last_plan(state: &State, session: &str) -> Result<Option<Plan>> {
    state.turns(session)?.last().map(plan_of).transpose()
}

/// Keeps a question with its answer for those after it; a dry run has none.
pub(super) fn remember(
    workspace: &Workspace,
    state: &mut State,
    session: &str,
    asked: &Asked,
    begins: bool,
) -> Result<()> {
    let plan = Plan { explained: Vec::new(), ..asked.plan.clone() };
    let plan = serde_json::to_string(&plan).context(|| "can't keep the plan".to_owned())?;
    let answer = asked.answer.as_ref().map(ui::answer_markdown).unwrap_or_default();
    state.add_turn(session, &Turn { plan, answer, day: workspace.today.to_string() }, begins)
}

/// A conversation as a page of markdown.
pub(super) fn markdown(turns: &[Turn]) -> Result<String> {
    let section = |turn: &Turn| {
        let question = plan_of(turn)?.question;
        Ok(format!("## {question}\n\n_{}_\n\n{}\n", turn.day, turn.answer.trim()))
    };
    Ok(turns.iter().map(section).collect::<Result<Vec<_>>>()?.join("\n"))
}

fn plan_of(turn: &Turn) -> Result<Plan> {
    serde_json::from_str(&turn.plan).context(|| "unreadable conversation".to_owned())
}

fn list(workspace: &Workspace, state: &State) -> Result<()> {
    let sessions = state.sessions()?;
    if workspace.json {
        let sessions = serde_json::json!({ "sessions": sessions });
        return workspace.print_json("logtwin/sessions/1", &sessions);
    }
    if sessions.is_empty() {
        workspace.terminal.note("no conversation yet");
    }
    workspace.terminal.print(&ui::sessions(&sessions))
}

/// The turns of a conversation that is there.
fn turns(state: &State, name: &str) -> Result<Vec<Turn>> {
    let turns = state.turns(name)?;
    if turns.is_empty() {
        return Err(Error::usage(format!("no conversation is called {name}"))
            .hint("`twin sessions list` shows those that there are"));
    }
    Ok(turns)
}

fn show(workspace: &Workspace, state: &State, name: &str) -> Result<()> {
    let turns = turns(state, name)?;
    if workspace.json {
        return show_json(workspace, name, &turns);
    }
    workspace.terminal.print_markdown(&markdown(&turns)?, &Links::default())
}

/// The conversation as it goes into a file: as it stands, even on a terminal.
fn export(workspace: &Workspace, state: &State, name: &str) -> Result<()> {
    let turns = turns(state, name)?;
    if workspace.json {
        return show_json(workspace, name, &turns);
    }
    workspace.terminal.print(&ui::shown(&format!("# {name}\n\n{}", markdown(&turns)?)))
}

fn show_json(workspace: &Workspace, name: &str, turns: &[Turn]) -> Result<()> {
    #[derive(Serialize)]
    struct Shown<'a> {
        question: String,
        understood: String,
        day: &'a str,
        answer: &'a str,
    }
    let shown = |turn| {
        let Turn { day, answer, .. }: &Turn = turn;
        let plan = plan_of(turn)?;
        Ok(Shown { understood: plan.to_string(), question: plan.question, day, answer })
    };
    let shown = turns.iter().map(shown).collect::<Result<Vec<_>>>()?;
    let session = serde_json::json!({ "name": name, "turns": shown });
    workspace.print_json("logtwin/session/1", &session)
}

/// Forgets one conversation, or all of them where none is named.
fn delete(workspace: &Workspace, state: &mut State, name: Option<&str>) -> Result<()> {
    let names = match name {
        Some(name) => {
            turns(state, name)?;
            vec![name.to_owned()]
        }
        None => state.sessions()?.into_iter().map(|session| session.name).collect(),
    };
    for name in &names {
        state.forget_session(name)?;
    }
    if workspace.json {
        return workspace.print_json("logtwin/deleted/1", &serde_json::json!({ "deleted": names }));
    }
    let count = names.len();
    let forgotten = if count == 1 { "conversation" } else { "conversations" };
    workspace.terminal.note(&format!("{count} {forgotten} deleted"));
    Ok(())
}
