//! `twin search`: the passages themselves.

use serde::Serialize;

use super::{
    ask,
    cli::SearchArgs,
    dry_run,
    found::{Finding, found},
    narrow,
    workspace::{Services, Workspace},
};
use crate::{
    ask::{Filters, Retrieved, phrases},
    error::{Error, Exit, Result},
    index::TermReader,
    logbook::Span,
    plan::plan,
    privacy::Kept,
    ui,
};

/// What was found, as JSON.
#[derive(Serialize)]
struct Found<'a> {
    #[serde(flatten)]
    retrieved: &'a Retrieved,
    withheld: Vec<Kept>,
}

/// Runs the command.
pub(super) fn run(workspace: &Workspace, arguments: &SearchArgs) -> Result<Exit> {
    let query = arguments.query.join(" ");
    if !ask::has_words(&query) && arguments.mentions.is_none() {
        return Err(Error::usage("there is no word to look for")
            .hint("name one or several: `twin search sourdough`"));
    }
    if arguments.dry_run {
        return dry_run::search(workspace, &plan(&query, workspace.calendar(), None));
    }
    let services = Services::open(workspace)?.reranking(workspace)?;
    let mut plan = plan(&query, workspace.calendar(), None);
    let mut filters = narrow::narrow(&mut plan, &arguments.period, workspace.calendar().date)?;
    if let Some(typed) = &arguments.mentions {
        filters.mentions = mentioned(workspace, typed)?;
    }
    let (plan, mut retrieved) = found(&services, plan, &filters, Finding::Nearest)?;
    services.leave();
    retrieved.passages.truncate(arguments.limit);
    let withheld = workspace.kept();
    if workspace.json {
        workspace.print_json("logtwin/search/1", &Found { retrieved: &retrieved, withheld })?;
    } else {
        workspace.terminal.note(&plan.to_string());
        for doubt in &plan.doubts {
            workspace.terminal.note(doubt);
        }
        let words = TermReader::default().query_words(&plan.topic).len();
        if words > 0 && retrieved.is_by_meaning_alone() {
            let is_narrowed = !plan.spans.is_empty() || filters != Filters::default();
            let says = phrases::by_meaning_alone(plan.language, words, is_narrowed);
            workspace.terminal.note(&says);
        }
        for passage in &retrieved.passages {
            workspace.terminal.print(&ui::passage_block(passage, arguments.explain))?;
        }
        if retrieved.passages.is_empty()
            && let Some(typed) = &arguments.mentions
        {
            workspace.terminal.note(&format!("no passage mentions {typed}"));
        } else if let Some(absence) = &retrieved.absence {
            workspace.terminal.note(&absence.words(plan.language));
        }
        let on_topic = !plan.topic.is_empty();
        if let Some(says) = phrases::undated(plan.language, retrieved.undated, on_topic) {
            workspace.terminal.note(&says);
        }
    }
    Ok(if retrieved.passages.is_empty() { Exit::Nothing } else { Exit::Done })
}

/// The periods of `--mentions`.
fn mentioned(workspace: &Workspace, typed: &str) -> Result<Vec<Span>> {
    let spans: Vec<Span> =
        plan(typed, workspace.calendar(), None).spans.iter().map(|asked| asked.span).collect();
    if spans.is_empty() {
        return Err(Error::usage(format!("--mentions {typed}: {typed} is no period"))
            .hint("name one such as 2024, 2024-03 or 2024-03-14"));
    }
    Ok(spans)
}
