//! `twin eval`: measures planning and retrieval on questions with known answers.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use super::{
    cli::{EvalArgs, IngestArgs},
    found::{Finding, found},
    ingest,
    workspace::{Services, Workspace},
};
use crate::{
    ask::{Filters, Passage},
    error::{Context as _, Exit, Result},
    eval::{PredictedPassage, Prediction, Question, questions, score},
    plan::{Plan, plan},
    ui,
};

/// Runs the command.
pub(super) fn run(workspace: &Workspace, arguments: &EvalArgs) -> Result<Exit> {
    let name = arguments.questions.display().to_string();
    let text = fs::read_to_string(&arguments.questions).context(|| format!("can't read {name}"))?;
    let questions = questions(&name, &text)?;
    let home = match &arguments.index {
        Some(folder) => folder.clone(),
        None => std::env::temp_dir().join(format!("twin-eval-{}", std::process::id())),
    };
    let mut apart = workspace.at(&home);
    // A score is that of the notes, not of how they came onto this machine.
    apart.settings.config.logbook.git.get_or_insert(false);
    if let Some(model) = &arguments.model {
        apart.settings.config.embedding.model = model.parse()?;
    }
    let outcome = evaluate(&apart, arguments, &questions);
    if arguments.index.is_none() {
        fs::remove_dir_all(&home).context(|| format!("can't remove {}", home.display()))?;
    }
    outcome
}

fn evaluate(workspace: &Workspace, arguments: &EvalArgs, questions: &[Question]) -> Result<Exit> {
    let ingest_arguments =
        IngestArgs { folders: vec![arguments.notes.clone()], ..IngestArgs::default() };
    ingest::bring_up_to_date(workspace, &ingest_arguments)?;
    let services = Services::open(workspace)?.reranking(workspace)?;
    let mut predictions = Vec::with_capacity(questions.len());
    let ticker = workspace.terminal.ticker("questions", questions.len() as u64);
    for (done, question) in questions.iter().enumerate() {
        ticker.at(done as u64, questions.len() as u64);
        predictions.push(predict(workspace, &services, question)?);
    }
    drop(ticker);
    if let Some(path) = &arguments.predictions {
        write_predictions(path, &predictions)?;
    }
    let words = WordCounts::new(&arguments.notes);
    let scores = score(questions, &predictions, &|file, line| words.on_line(file, line));
    if workspace.json {
        workspace.print_json("logtwin/eval/1", &scores)?;
    } else {
        workspace.terminal.print(&ui::scores_table(&scores))?;
    }
    Ok(Exit::Done)
}

fn predict(workspace: &Workspace, services: &Services, question: &Question) -> Result<Prediction> {
    let began = Instant::now();
    let today = workspace.calendar();
    let today = question.asked_on.map_or(today, |day| today.on(day));
    let mut before: Option<Plan> = None;
    for earlier in &question.previous {
        before = Some(plan(earlier, today, before.as_ref()));
    }
    let understood = plan(&question.question, today, before.as_ref());
    let (understood, found) = found(services, understood, &Filters::default(), Finding::Answers)?;
    Ok(Prediction {
        id: question.id.clone(),
        passages: found.passages.iter().chain(&found.more).map(predicted).collect(),
        abstained: found.absence.is_some(),
        evidence: found.evidence,
        plan: understood.to_string(),
        latency_ms: began.elapsed().as_secs_f64() * 1_000.0,
    })
}

fn predicted(passage: &Passage) -> PredictedPassage {
    PredictedPassage {
        file: passage.path.clone(),
        line_start: passage.lines.first,
        line_end: passage.lines.last,
        days: passage.span.map(|span| (span.start(), span.last())),
    }
}

fn write_predictions(path: &Path, predictions: &[Prediction]) -> Result<()> {
    let mut lines = String::new();
    for prediction in predictions {
        lines.push_str(&serde_json::to_string(prediction).context(|| prediction.id.clone())?);
        lines.push('\n');
    }
    fs::write(path, lines).context(|| format!("can't write {}", path.display()))
}

/// The number of words on each line of the notes, read once a note.
struct WordCounts {
    notes: PathBuf,
    counts: std::cell::RefCell<HashMap<String, Vec<usize>>>,
}

impl WordCounts {
    fn new(notes: &Path) -> Self {
        Self { notes: notes.to_owned(), counts: std::cell::RefCell::default() }
    }

    fn on_line(&self, file: &str, line_number: u32) -> usize {
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
