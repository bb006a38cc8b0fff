//! `twin search`: the passages themselves.

use super::{
    ask,
    cli::SearchArgs,
    narrow,
    workspace::{Services, Workspace},
};
use crate::{
    ask::{Filters, phrases},
    error::{Error, Exit, Result},
    index::TermReader,
    plan::plan,
    ui,
};

/// Runs the command.
pub(super) fn run(workspace: &Workspace, arguments: &SearchArgs) -> Result<Exit> {
    let query = arguments.query.join(" ");
    if !ask::has_words(&query) {
        return Err(Error::usage("there is no word to look for")
            .hint("name one or several: `twin search sourdough`"));
    }
    let services = Services::open(workspace)?;
    let mut plan = plan(&query, workspace.today, workspace.config().time.week_start, None);
    let filters = narrow::narrow(&mut plan, &arguments.period)?;
    let mut retrieved = services.retriever().find(&plan, &filters)?;
    retrieved.passages.truncate(arguments.limit);
    if workspace.json {
        workspace.print_json("logtwin/search/1", &retrieved)?;
    } else {
        workspace.terminal.note(&plan.to_string());
        let words = TermReader::default().query_words(&plan.topic).len();
        if words > 0 && retrieved.is_by_meaning_alone() {
            let is_narrowed = !plan.spans.is_empty() || filters != Filters::default();
            let says = phrases::by_meaning_alone(plan.language, words, is_narrowed);
            workspace.terminal.note(&says);
        }
        for passage in &retrieved.passages {
            workspace.terminal.print(&ui::passage_block(passage, arguments.explain))?;
        }
        if let Some(absence) = &retrieved.absence {
            workspace.terminal.note(&absence.words(plan.language));
        }
    }
    Ok(if retrieved.passages.is_empty() { Exit::Nothing } else { Exit::Done })
}
