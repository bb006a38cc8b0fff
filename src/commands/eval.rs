//! `twin eval`: measures planning and retrieval on questions with known answers.

mod asking;
mod dry_run;
mod generating;
mod trial;

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde::Serialize;

use self::{
    asking::{WordCounts, predictions},
    trial::{Trial, remove, trials},
};
use super::{
    cli::Common,
    eval_flags::{EvalArgs, TableFormat},
    workspace::Workspace,
};
use crate::{
    error::{Context as _, Error, Exit, Result},
    eval::{Comparison, Pair, Prediction, Question, Scores, compare, questions, score},
    ui,
};

/// Runs the command.
pub(super) fn run(workspace: &Workspace, common: &Common, arguments: &EvalArgs) -> Result<Exit> {
    let notes = notes(workspace, arguments)?;
    if let Some(file) = &arguments.generate {
        return generating::run(workspace, common, arguments, &notes, file);
    }
    let path = arguments.questions.clone().unwrap_or_default();
    let name = path.display().to_string();
    let text = fs::read_to_string(&path).context(|| format!("can't read {name}"))?;
    let questions = questions(&name, &text)?;
    let trials = trials(common, arguments)?;
    if arguments.dry_run {
        return dry_run::run(workspace, &trials, &notes, &questions);
    }
    let outcome = evaluate(&trials, arguments, &notes, &questions);
    if arguments.index.is_none() {
        remove(&trials)?;
    }
    show(workspace, arguments, &outcome?)?;
    Ok(Exit::Done)
}

/// The folder of notes: the one that was typed, else the one that was ingested.
fn notes(workspace: &Workspace, arguments: &EvalArgs) -> Result<PathBuf> {
    if let Some(folder) = &arguments.notes {
        return Ok(folder.clone());
    }
    let roots = match workspace.state() {
        Ok(state) => state.roots()?,
        Err(error) if error.exit() == Exit::NoIndex => Vec::new(),
        Err(error) => return Err(error),
    };
    match &roots[..] {
        [(_, folder)] => Ok(PathBuf::from(folder)),
        [] => Err(Error::usage("no folder of notes was named").hint("name one with --notes")),
        _ => {
            Err(Error::usage("the logbook has several folders")
                .hint("name one of them with --notes"))
        }
    }
}

/// What an evaluation measured.
#[derive(Serialize)]
struct Measured {
    /// With the settings as they are.
    #[serde(flatten)]
    scores: Scores,
    /// What each change of them does.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    comparisons: Vec<Comparison>,
}

fn evaluate(
    trials: &[Trial],
    arguments: &EvalArgs,
    notes: &Path,
    questions: &[Question],
) -> Result<Measured> {
    let counts = WordCounts::new(notes);
    let words = |file: &str, line_number: u32| counts.on_line(file, line_number);
    let (first, others) = (&trials[0], &trials[1..]);
    let before = predictions(&first.workspace, notes, questions)?;
    if let Some(path) = &arguments.predictions {
        write_predictions(path, &before)?;
    }
    let mut comparisons = Vec::with_capacity(others.len());
    for trial in others {
        let after = predictions(&trial.workspace, notes, questions)?;
        let pair = Pair { before: before.as_slice(), after: after.as_slice() };
        comparisons.push(compare(&trial.settings, questions, pair, &words));
    }
    Ok(Measured { scores: score(questions, &before, &words), comparisons })
}

fn write_predictions(path: &Path, predictions: &[Prediction]) -> Result<()> {
    let mut lines = String::new();
    for prediction in predictions {
        lines.push_str(&serde_json::to_string(prediction).context(|| prediction.id.clone())?);
        lines.push('\n');
    }
    fs::write(path, lines).context(|| format!("can't write {}", path.display()))
}

fn show(workspace: &Workspace, arguments: &EvalArgs, measured: &Measured) -> Result<()> {
    let Measured { scores, comparisons } = measured;
    let format = if workspace.json { TableFormat::Json } else { arguments.format };
    let listed = arguments.differences;
    let terminal = workspace.terminal;
    match format {
        TableFormat::Json => return workspace.print_json("logtwin/eval/1", measured),
        TableFormat::Md => {
            terminal.print(&ui::scores_markdown(scores))?;
            for comparison in comparisons {
                terminal.print(&format!("\n{}", ui::comparison_markdown(comparison, listed)))?;
            }
        }
        // The settings as they are stand in each comparison.
        TableFormat::Text if comparisons.is_empty() => terminal.print(&ui::scores_text(scores))?,
        TableFormat::Text => {
            for (place, comparison) in comparisons.iter().enumerate() {
                let gap = if place > 0 { "\n" } else { "" };
                terminal.print(&format!("{gap}{}", ui::comparison_text(comparison, listed)))?;
            }
        }
    }
    Ok(())
}
