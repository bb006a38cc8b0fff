//! `twin demo`: the logbook that comes with it, ingested into a folder of its own and asked.

use std::fs;

use super::{
    ask,
    cli::{Common, DemoArgs, IngestArgs, RecapArgs},
    ingest, recap,
    workspace::Workspace,
};
use crate::{
    config::Provider,
    error::{Context as _, Error, Exit, Result},
};

/// The questions, each taken on from the one before.
const QUESTIONS: [&str; 5] = [
    "What did I learn in 2021?",
    "and in 2022?",
    "and now 2023?",
    "and in 2024?",
    "What did I do in 2009?",
];

/// The month that is told at the end: the author wrote it in French.
const MONTH: &str = "juin 2022";

/// Runs the command.
pub(super) fn run(common: &Common, arguments: &DemoArgs) -> Result<Exit> {
    if !arguments.corpus.is_dir() {
        return Err(Error::usage(format!("no demo logbook at {}", arguments.corpus.display()))
            .hint("run it in the project's folder, or name one with --corpus"));
    }
    let home = std::env::temp_dir().join(format!("twin-demo-{}", std::process::id()));
    let mut workspace = Workspace::apart(common, &home)?;
    // The logbook came with the program: the day of that says nothing of when it was written.
    workspace.settings.config.logbook.git.get_or_insert(false);
    // It shows the same on every machine, unless a model is named.
    let llm = &mut workspace.settings.config.llm;
    if llm.provider == Provider::Auto && llm.url.is_none() {
        llm.provider = Provider::None;
    }
    let outcome = show(&workspace, arguments);
    fs::remove_dir_all(&home).context(|| format!("can't remove {}", home.display()))?;
    outcome
}

fn show(workspace: &Workspace, arguments: &DemoArgs) -> Result<Exit> {
    // Beside JSON, what was typed would be no JSON.
    let say = |line: &str| {
        if workspace.json {
            workspace.terminal.note(line.trim());
            return Ok(());
        }
        workspace.terminal.print(line)
    };
    say(&format!("$ twin ingest {}\n", arguments.corpus.display()))?;
    let ingest_arguments =
        IngestArgs { folders: vec![arguments.corpus.clone()], ..IngestArgs::default() };
    ingest::run(workspace, &ingest_arguments)?;
    let mut before = None;
    for question in QUESTIONS {
        let flag = if before.is_some() { "--continue " } else { "" };
        say(&format!("\n$ twin ask {flag}\"{question}\"\n"))?;
        let asked = ask::Asking { question, before: before.as_ref(), ..ask::Asking::default() };
        let asked = ask::answer(workspace, None, &asked)?;
        asked.finish(workspace)?;
        before = Some(asked.plan);
    }
    say(&format!("\n$ twin recap {MONTH}\n"))?;
    let recap_arguments = RecapArgs { period: vec![MONTH.to_owned()], ..RecapArgs::default() };
    recap::run(workspace, &recap_arguments)?;
    say(
        "\nYour own notes: `twin ingest FOLDER`, then `twin ask \"what did I learn last year?\"`\n",
    )?;
    Ok(Exit::Done)
}
