//! `twin search`: the passages themselves.

use super::{
    cli::SearchArgs,
    found::found,
    narrow,
    workspace::{Services, Workspace},
};
use crate::{
    error::{Exit, Result},
    plan::plan,
    ui,
};

/// Runs the command.
pub(super) fn run(workspace: &Workspace, arguments: &SearchArgs) -> Result<Exit> {
    let services = Services::open(workspace)?;
    let query = arguments.query.join(" ");
    let mut plan = plan(&query, workspace.calendar(), None);
    let filters = narrow::narrow(&mut plan, &arguments.period)?;
    let (plan, mut retrieved) =
        found(&services, plan, &filters, |retriever, plan, filters| retriever.find(plan, filters))?;
    retrieved.passages.truncate(arguments.limit);
    if workspace.json {
        workspace.print_json("logtwin/search/1", &retrieved)?;
    } else {
        workspace.terminal.note(&plan.to_string());
        for doubt in &plan.doubts {
            workspace.terminal.note(doubt);
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
