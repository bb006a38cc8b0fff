//! Asking the questions of an evaluation, as `twin ask` would.

use std::{
    cell::RefCell,
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use crate::{
    ask::{Filters, Passage},
    commands::{
        cli::IngestArgs,
        found::{Finding, found},
        ingest,
        workspace::{Services, Workspace},
    },
    error::Result,
    eval::{PredictedPassage, Prediction, Question},
    plan::{Plan, plan},
};

/// What is found for each question in these notes.
pub(super) fn predictions(
    workspace: &Workspace,
    notes: &Path,
    questions: &[Question],
) -> Result<Vec<Prediction>> {
    let folders = vec![notes.to_owned()];
    ingest::bring_up_to_date(workspace, &IngestArgs { folders, ..IngestArgs::default() })?;
    let services = Services::open(workspace)?.reranking(workspace)?;
    let mut predictions = Vec::with_capacity(questions.len());
    let ticker = workspace.terminal.ticker("questions", questions.len() as u64);
    for (done, question) in questions.iter().enumerate() {
        ticker.at(done as u64, questions.len() as u64);
        predictions.push(predict(workspace, &services, question)?);
    }
    Ok(predictions)
}

fn predict(workspace: &Workspace, services: &Services, question: &Question) -> Result<Prediction> {
    let began = Instant::now();
    let understood = understood(workspace, question);
    let (understood, found) = found(services, understood, &Filters::default(), Finding::Answers)?;
    Ok(Prediction {
        id: question.id.clone(),
        passages: found
            .passages
            .iter()
            .map(|passage| predicted(passage, false))
            .chain(found.more.iter().map(|passage| predicted(passage, true)))
            .collect(),
        abstained: found.absence.is_some(),
        evidence: found.evidence,
        plan: understood.to_string(),
        latency_ms: began.elapsed().as_secs_f64() * 1_000.0,
    })
}

/// How a question is understood, after those before it and on its day.
pub(super) fn understood(workspace: &Workspace, question: &Question) -> Plan {
    let today = workspace.calendar();
    let today = question.asked_on.map_or(today, |day| today.on(day));
    let mut before: Option<Plan> = None;
    for earlier in &question.previous {
        before = Some(plan(earlier, today, before.as_ref()));
    }
    plan(&question.question, today, before.as_ref())
}

fn predicted(passage: &Passage, beside: bool) -> PredictedPassage {
    PredictedPassage {
        file: passage.path.clone(),
        line_start: passage.lines.first,
        line_end: passage.lines.last,
        days: passage.span.map(|span| (span.start(), span.last())),
        beside,
    }
}

/// The number of words on each line of the notes, read once a note.
pub(super) struct WordCounts {
    notes: PathBuf,
    counts: RefCell<HashMap<String, Vec<usize>>>,
}

impl WordCounts {
    /// Of the notes below a folder.
    pub(super) fn new(notes: &Path) -> Self {
        Self { notes: notes.to_owned(), counts: RefCell::default() }
    }

    /// The number of words on a line of a note; zero where there is none.
    pub(super) fn on_line(&self, file: &str, line_number: u32) -> usize {
        let mut counts = self.counts.borrow_mut();
        let lines = counts.entry(file.to_owned()).or_insert_with(|| {
            let bytes = fs::read(self.notes.join(file)).unwrap_or_default();
            let text = String::from_utf8_lossy(&bytes);
            text.lines().map(|line| line.split_whitespace().count()).collect()
        });
        let line_index = usize::try_from(line_number).unwrap_or_default().saturating_sub(1);
        lines.get(line_index).copied().unwrap_or_default()
    }
}
