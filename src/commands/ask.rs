//! `twin ask`: a question and its answer.

use std::{cell::RefCell, ffi::OsStr, io::Read as _, path::Path};

use serde::Serialize;

use super::{
    batch,
    cli::{AnswerArgs, AskArgs, PeriodArgs},
    dry_run::dry_run,
    found::{Finding, found},
    narrow,
    notes::Notes,
    pending::pending,
    sessions::{LAST, last_plan, remember},
    sizes::settings_for,
    workspace::{Services, Workspace},
};
use crate::{
    ask::{Answer, Answering, Expansion, Filters, MadeBy, Passage, Retrieved, Rewording, phrases},
    error::{Context as _, Error, Exit, Result},
    index::TermReader,
    plan::{Plan, Reworded, explained, explained_lines, plan},
    privacy::{GuardedChat, Kept},
    ui,
};

pub(super) use super::sizes::prompt_settings;

/// A question with all that is to be regarded.
#[derive(Clone, Debug, Default)]
pub(super) struct Asking<'a> {
    pub(super) question: &'a str,
    pub(super) before: Option<&'a Plan>,
    pub(super) period: PeriodArgs,
    pub(super) answer: AnswerArgs,
    pub(super) explain: bool,
    /// Whether the process ends with its answer.
    pub(super) is_last: bool,
}

/// What became of a question, as JSON has it.
#[derive(Serialize)]
pub(super) struct Asked {
    pub(super) plan: Plan,
    understood: String,
    entries: usize,
    undated: usize,
    /// What was kept back from models.
    withheld: Vec<Kept>,
    /// None when a dry run showed what would be sent.
    pub(super) answer: Option<Answer>,
}

impl Asked {
    /// The exit code of the question alone.
    pub(super) fn exit(&self) -> Exit {
        self.answer.as_ref().map_or(Exit::Done, Answer::exit)
    }

    /// Prints what was not printed as it came: the JSON, and what failed.
    pub(super) fn finish(&self, workspace: &Workspace) -> Result<Exit> {
        let Some(answer) = &self.answer else { return Ok(Exit::Done) };
        if workspace.json {
            workspace.print_json("logtwin/answer/1", self)?;
        }
        if let Some(failure) = &answer.failure {
            workspace.terminal.error(failure);
        }
        Ok(answer.exit())
    }
}

/// Runs the command.
pub(super) fn run(workspace: &Workspace, arguments: &AskArgs) -> Result<Exit> {
    if let Some(questions) = &arguments.batch {
        return batch::run(workspace, questions, arguments);
    }
    let question = question(arguments)?;
    let mut state = workspace.state()?;
    let before = if arguments.follow { last_plan(&state, LAST)? } else { None };
    let asking = Asking {
        question: &question,
        before: before.as_ref(),
        period: arguments.period.clone(),
        answer: arguments.answer.clone(),
        explain: arguments.explain,
        is_last: true,
    };
    let asked = answer(workspace, None, &asking)?;
    let exit = asked.finish(workspace)?;
    remember(workspace, &mut state, LAST, &asked, !arguments.follow)?;
    Ok(exit)
}

/// The question as typed, or as it stands on standard input.
fn question(arguments: &AskArgs) -> Result<String> {
    let mut question = arguments.question.join(" ");
    if question == "-" {
        question.clear();
        std::io::stdin()
            .read_to_string(&mut question)
            .context(|| "can't read the question from standard input".to_owned())?;
    }
    if has_words(&question) { Ok(question.trim().to_owned()) } else { Err(no_words()) }
}

/// The error of a question that is none.
pub(super) fn no_words() -> Error {
    Error::usage("the question has no words")
        .hint("ask something: `twin ask \"what did I learn last year?\"`")
}

/// Whether there is something to ask in a line.
pub(super) fn has_words(line: &str) -> bool {
    line.chars().any(char::is_alphanumeric)
}

/// Plans, retrieves, answers, and prints what is not JSON.
///
/// Without services of many questions, the index is opened for this one and let go of before a
/// model is asked, so that an ingest need not wait for an answer.
pub(super) fn answer(
    workspace: &Workspace,
    services: Option<&Services>,
    asking: &Asking<'_>,
) -> Result<Asked> {
    let chat = workspace.chat(&asking.answer)?;
    let mut plan = plan(asking.question, workspace.calendar(), asking.before);
    if chat.is_some() && is_reworded(workspace, &plan, asking) && !asking.answer.dry_run {
        plan = reworded(workspace, &plan, asking.before)?;
    }
    let filters = narrow::narrow(&mut plan, &asking.period, workspace.calendar().date)?;
    if let Some(language) = workspace.config().answer.language {
        plan.language = language;
    }
    if chat.is_some() && is_expanded(workspace, &plan) && !asking.answer.dry_run {
        plan = expanded(workspace, &plan)?;
    }
    let told = plan.doubts.len();
    let (mut plan, retrieved, notes) = if let Some(services) = services {
        retrieve(workspace, services, plan, &filters, asking)?
    } else {
        let services = opened(workspace, &asking.answer)?;
        let found = retrieve(workspace, &services, plan, &filters, asking)?;
        if asking.is_last && chat.is_none() {
            services.leave();
        }
        found
    };
    if !workspace.json {
        for doubt in &plan.doubts[told..] {
            workspace.terminal.note(doubt);
        }
    }
    if asking.explain {
        explain(workspace, &mut plan);
    }
    if asking.explain && !workspace.json {
        explain_passages(workspace, &retrieved.passages);
    }
    if asking.answer.dry_run {
        dry_run(workspace, &plan, (&retrieved, &notes), chat.as_ref(), asking)?;
        return Ok(asked(plan, &retrieved, Vec::new(), None));
    }
    let settings = settings_for(workspace, chat.as_ref());
    let answering = Answering {
        chat: chat.as_ref(),
        current: &|passage| notes.text(passage),
        reader: &TermReader::default(),
        settings: &settings,
        on_given: &|_| {},
    };
    let answer = speak(workspace, &plan, &retrieved, &answering, &notes)?;
    Ok(asked(plan, &retrieved, workspace.kept(), Some(answer)))
}

fn asked(plan: Plan, retrieved: &Retrieved, withheld: Vec<Kept>, answer: Option<Answer>) -> Asked {
    let understood = plan.to_string();
    let (entries, undated) = (retrieved.entries, retrieved.undated);
    Asked { plan, understood, entries, undated, withheld, answer }
}

/// Whether a model is to be asked what is meant: a time that no flag names was not understood.
pub(super) fn is_reworded(workspace: &Workspace, plan: &Plan, asking: &Asking<'_>) -> bool {
    workspace.config().time.ask_model && plan.unsure && !asking.period.names_period()
}

pub(super) fn rewording<'a>(
    workspace: &Workspace,
    plan: &'a Plan,
    before: Option<&'a Plan>,
) -> Rewording<'a> {
    Rewording { plan, before, today: workspace.calendar() }
}

/// The plan as a model reads its question, where that holds.
fn reworded(workspace: &Workspace, plan: &Plan, before: Option<&Plan>) -> Result<Plan> {
    read_by_model(workspace, plan, |chat| rewording(workspace, plan, before).ask(chat))
}

/// Whether a model is to be asked for other words for what a question asks about.
pub(super) fn is_expanded(workspace: &Workspace, plan: &Plan) -> bool {
    workspace.config().search.ask_model && !plan.topic.is_empty()
}

/// The plan with other words for its topic, where the model names some.
fn expanded(workspace: &Workspace, plan: &Plan) -> Result<Plan> {
    read_by_model(workspace, plan, |chat| Expansion { plan }.ask(chat))
}

/// The plan as a model that is asked before the answer has it; as it was, where there is none.
fn read_by_model(
    workspace: &Workspace,
    plan: &Plan,
    ask: impl FnOnce(&GuardedChat<'_>) -> Result<Plan>,
) -> Result<Plan> {
    let Some(chat) = workspace.rewording_chat()? else { return Ok(plan.clone()) };
    let ticker = workspace.terminal.ticker("reading", 0);
    ticker.at(0, 1);
    let read = ask(&chat);
    drop(ticker);
    read
}

/// How many passages are written out when they are explained.
const PASSAGES_EXPLAINED: usize = 20;

fn tell_plan(workspace: &Workspace, plan: &Plan, asking: &Asking<'_>) {
    workspace.terminal.note(&plan.to_string());
    // Without a topic, the period and what is wanted of it are all that is asked.
    let is_clear = plan.topic.is_empty() || plan.resolved == plan.question;
    if let Some(Reworded { question, by }) = &plan.reworded {
        workspace.terminal.note(&format!("as {by} puts it: {question}"));
    } else if asking.before.is_some() && !is_clear {
        workspace.terminal.note(&format!("understood as: {}", plan.resolved));
    }
    if !plan.other_words.is_empty() {
        workspace.terminal.note(&format!("also searched for: {}", plan.other_words.join(", ")));
    }
    for doubt in &plan.doubts {
        workspace.terminal.note(doubt);
    }
}

/// Shows how an answered question was understood, and why its passages were found.
pub(super) fn explain_again(workspace: &Workspace, asked: &Asked) {
    let passages = asked.answer.as_ref().map(|answer| answer.passages.as_slice());
    workspace.terminal.note(&asked.understood);
    for line in explained_lines(&explained(&asked.plan, workspace.calendar())) {
        workspace.terminal.note(&line);
    }
    explain_passages(workspace, passages.unwrap_or_default());
}

fn explain_passages(workspace: &Workspace, passages: &[Passage]) {
    for passage in passages.iter().take(PASSAGES_EXPLAINED) {
        workspace.terminal.note(&ui::passage_block(passage, true));
    }
}

/// How each word was read, a line for each kind of reading.
fn explain(workspace: &Workspace, plan: &mut Plan) {
    plan.explained = explained(plan, workspace.calendar());
    if !workspace.json {
        for line in explained_lines(&plan.explained) {
            workspace.terminal.note(&line);
        }
    }
}

/// What answers from the index; a dry run sends nothing, to no endpoint.
pub(super) fn opened(workspace: &Workspace, answer: &AnswerArgs) -> Result<Services> {
    if answer.dry_run {
        return Services::open_unsent(workspace);
    }
    Services::open(workspace)?.reranking(workspace)
}

/// What was found for a plan, as far as it held, and the notes that it was found in.
fn retrieve(
    workspace: &Workspace,
    services: &Services,
    plan: Plan,
    filters: &Filters,
    asking: &Asking<'_>,
) -> Result<(Plan, Retrieved, Notes)> {
    if !workspace.json {
        tell_plan(workspace, &plan, asking);
    }
    let (plan, mut retrieved) = found(services, plan, filters, Finding::Answers)?;
    if retrieved.absence.is_some()
        && let Some(absence) = pending(workspace, &plan)?
    {
        retrieved.absence = Some(absence);
    }
    Ok((plan, retrieved, services.notes()))
}

/// Which model text is sent to, and whether that is on this machine.
pub(super) fn destination(chat: &GuardedChat<'_>) -> String {
    place(chat.model(), chat.host(), chat.destination().is_remote)
}

/// A model at a host, and whether that is another machine.
pub(super) fn place(model: &str, host: &str, is_remote: bool) -> String {
    let machine = if is_remote { "another machine" } else { "this machine" };
    // llama.cpp names a model by its file.
    let path = Path::new(model);
    let is_file = path.extension().is_some_and(|extension| extension == "gguf");
    let file = path.file_name().and_then(OsStr::to_str).filter(|_| is_file);
    let model = if model.is_empty() { "the model" } else { file.unwrap_or(model) };
    format!("{model} at {host}, {machine}")
}

/// Answers, printing what a model says as it says it.
fn speak(
    workspace: &Workspace,
    plan: &Plan,
    retrieved: &Retrieved,
    answering: &Answering<'_>,
    notes: &Notes,
) -> Result<Answer> {
    let terminal = &workspace.terminal;
    let stream = RefCell::new(terminal.stream());
    let mut streamed = Ok(());
    let mut has_streamed = false;
    let on_given = |passages: &[Passage]| stream.borrow_mut().link(notes.links_to(passages));
    let answering = Answering { on_given: &on_given, ..*answering };
    let answer = crate::ask::answer(retrieved, plan, &answering, &mut |text| {
        has_streamed = true;
        if !workspace.json && streamed.is_ok() {
            streamed = stream.borrow_mut().push(text);
        }
    })?;
    streamed.and_then(|()| stream.into_inner().finish())?;
    if !workspace.json {
        workspace.kept();
        tell(workspace, plan, &answer, has_streamed, notes)?;
    }
    Ok(answer)
}

/// Prints an answer, as far as it was not printed as it came.
fn tell(
    workspace: &Workspace,
    plan: &Plan,
    answer: &Answer,
    has_streamed: bool,
    notes: &Notes,
) -> Result<()> {
    let terminal = &workspace.terminal;
    let sources = if answer.citations.is_empty() { &answer.given } else { &answer.citations };
    let links = notes.links(sources);
    if matches!(answer.made_by, MadeBy::Model { .. }) {
        terminal.print("\n")?;
    } else {
        if has_streamed {
            let broken_off = phrases::broken_off(plan.language);
            terminal.print_markdown(&format!(" …\n\n_{broken_off}_\n\n"), &links)?;
        }
        terminal.print_markdown(&format!("{}\n", answer.text), &links)?;
    }
    terminal.print_sources(sources, &links)?;
    for note in &answer.notes {
        terminal.note(note);
    }
    Ok(())
}
