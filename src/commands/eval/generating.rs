//! `twin eval --generate`: questions made of the user's own notes.

use std::{collections::BTreeMap, fs, path::Path};

use super::trial::{Trial, by_words, remove};
use crate::{
    commands::{
        cli::{Common, IngestArgs},
        eval_flags::EvalArgs,
        ingest,
        workspace::Workspace,
    },
    error::{Context as _, Error, Exit, Result},
    eval::{Question, Written, generate, written},
    index::EntryRecord,
    logbook,
};

/// Makes the questions, writes them to a file and says how many there are of each kind.
pub(super) fn run(
    workspace: &Workspace,
    common: &Common,
    arguments: &EvalArgs,
    notes: &Path,
    file: &Path,
) -> Result<Exit> {
    let trial = by_words(common, arguments)?;
    let entries = entries(&trial, notes);
    if arguments.index.is_none() {
        remove(std::slice::from_ref(&trial))?;
    }
    let questions = generate(&entries?, arguments.seed, arguments.count);
    if questions.is_empty() {
        return Err(Error::failed("these notes give no question")
            .hint("`twin dates --undated` lists the entries without a date"));
    }
    fs::write(file, written(&questions)?).context(|| format!("can't write {}", file.display()))?;
    say(workspace, file, &questions)?;
    Ok(Exit::Done)
}

/// The entries of the notes, dated as an evaluation dates them.
fn entries(trial: &Trial, notes: &Path) -> Result<Vec<Written>> {
    let folders = vec![notes.to_owned()];
    ingest::bring_up_to_date(&trial.workspace, &IngestArgs { folders, ..IngestArgs::default() })?;
    let mut records = trial.workspace.state()?.entries()?;
    records.sort_by(|one, other| (&one.path, one.ordinal).cmp(&(&other.path, other.ordinal)));
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    let mut entries = Vec::with_capacity(records.len());
    for record in records {
        if !texts.contains_key(&record.path) {
            let path = notes.join(&record.path);
            let bytes = fs::read(&path).context(|| format!("can't read {}", path.display()))?;
            texts.insert(record.path.clone(), logbook::text(&bytes).unwrap_or_default());
        }
        entries.push(entry(record, &texts));
    }
    Ok(entries)
}

fn entry(record: EntryRecord, texts: &BTreeMap<String, String>) -> Written {
    let index = |line_number: u32| usize::try_from(line_number).unwrap_or_default();
    let first = index(record.lines.first);
    let lines: Vec<&str> = texts[&record.path]
        .lines()
        .skip(first.saturating_sub(1))
        .take((index(record.lines.last) + 1).saturating_sub(first))
        .collect();
    Written {
        text: lines.join("\n"),
        file: record.path,
        lines: record.lines,
        title: record.title,
        span: record.span,
        precision: record.precision,
        tags: record.tags,
    }
}

fn say(workspace: &Workspace, file: &Path, questions: &[Question]) -> Result<()> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for question in questions {
        *counts.entry(&question.category).or_default() += 1;
    }
    if workspace.json {
        let value = serde_json::json!({ "file": file, "questions": counts });
        return workspace.print_json("logtwin/eval-generate/1", &value);
    }
    let counts: Vec<String> =
        counts.into_iter().map(|(category, count)| format!("{count} {category}")).collect();
    let (count, file) = (questions.len(), file.display());
    workspace.terminal.print(&format!("{count} questions in {file}: {}\n", counts.join(", ")))
}
