//! `twin eval --dry-run`: what would be sent, and where to.

use std::path::Path;

use serde::Serialize;

use super::{asking::understood, trial::Trial};
use crate::{
    commands::{
        cli::IngestArgs,
        dry_run::embedded_by,
        ingest::dry_run::{self as notes_unsent, WouldSend},
        reranking,
        workspace::Workspace,
    },
    error::{Exit, Result},
    eval::Question,
    privacy::Kept,
    ui,
};

/// What one way of asking the questions would send.
#[derive(Serialize)]
struct Unsent {
    settings: String,
    /// Of the notes.
    #[serde(flatten)]
    notes: WouldSend,
    embedded_by: Option<String>,
    reranked_by: Option<String>,
    /// The questions as they would be sent to either.
    questions: Vec<String>,
    withheld: Vec<Kept>,
}

/// Shows what would be sent; nothing is.
pub(super) fn run(
    workspace: &Workspace,
    trials: &[Trial],
    notes: &Path,
    questions: &[Question],
) -> Result<Exit> {
    let unsent: Vec<Unsent> =
        trials.iter().map(|trial| unsent(trial, notes, questions)).collect::<Result<_>>()?;
    if workspace.json {
        let value = serde_json::json!({ "trials": unsent });
        workspace.print_json("logtwin/eval-dry-run/1", &value)?;
        return Ok(Exit::Done);
    }
    unsent.iter().try_for_each(|unsent| tell(workspace, unsent))?;
    Ok(Exit::Done)
}

fn unsent(trial: &Trial, notes: &Path, questions: &[Question]) -> Result<Unsent> {
    let workspace = &trial.workspace;
    let folders = vec![notes.to_owned()];
    let arguments = IngestArgs { folders, dry_run: true, ..IngestArgs::default() };
    let (_, of_notes) = notes_unsent::run(workspace, &arguments)?;
    let reranked_by = reranking::destination(&workspace.settings)?;
    let mut embedder = None;
    let mut texts = Vec::new();
    for question in questions {
        let plan = understood(workspace, question);
        let place = embedded_by(workspace, &plan)?;
        if place.is_some() || reranked_by.is_some() {
            texts.push(plan.resolved);
        }
        embedder = embedder.or(place);
    }
    Ok(Unsent {
        settings: trial.settings.clone(),
        notes: of_notes,
        embedded_by: embedder,
        reranked_by,
        questions: texts,
        withheld: workspace.kept(),
    })
}

fn tell(workspace: &Workspace, unsent: &Unsent) -> Result<()> {
    let terminal = workspace.terminal;
    if !unsent.settings.is_empty() {
        terminal.note(&format!("with {}:", unsent.settings));
    }
    notes_unsent::tell(workspace, &unsent.notes)?;
    let count = ui::counted(unsent.questions.len(), "question");
    if let Some(place) = &unsent.embedded_by {
        terminal.note(&format!("{count} would be sent to {place}, for their meaning"));
    }
    if let Some(place) = &unsent.reranked_by {
        terminal.note(&format!("{count}, with passages to put in order, would be sent to {place}"));
    }
    if unsent.questions.is_empty() && unsent.notes.is_nothing() {
        terminal.note("nothing would be sent");
    }
    if unsent.questions.is_empty() {
        return Ok(());
    }
    notes_unsent::print(workspace, "questions", &unsent.questions.join("\n"))
}
