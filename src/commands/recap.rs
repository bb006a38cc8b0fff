//! `twin recap`: an account of a whole period, with proof of what was read.

mod budget;
mod compare;
mod files;
mod form;
mod wanted;

use form::Form;

use super::{
    ask,
    cli::{AnswerArgs, Format, RecapArgs},
    notes::Notes,
    places, privacy,
    workspace::{Services, Workspace},
};
use crate::{
    ask::{Filters, Retriever},
    error::{Error, Exit, Result},
    index::State,
    plan::Plan,
    recap::{self, Gathered, Gathering, Recap, RecapSettings, Recapping, Wanted, gather},
    ui,
};

/// Runs the command.
pub(super) fn run(workspace: &Workspace, arguments: &RecapArgs) -> Result<Exit> {
    let chat = workspace.chat(&arguments.answer)?;
    let plan = wanted::period(workspace, arguments)?;
    let state = workspace.state()?;
    let wanted = wanted::wanted(workspace, arguments, &plan, &state)?;
    let is_language_named = wanted::names_language(workspace, arguments);
    let form = Form::of(workspace, arguments)?;
    let folder = match &arguments.out {
        Some(folder) => Some(files::Folder::new(workspace, arguments, folder, (&state, &form))?),
        None => None,
    };
    let (gathered, notes) = gathered(workspace, plan, &wanted, (&state, &arguments.answer))?;
    let recapping = Recapping {
        state: &state,
        chat: chat.as_ref(),
        current: &|passage| notes.text(passage),
        settings: &RecapSettings {
            prompt: ask::prompt_settings(workspace),
            concurrency: workspace.config().llm.map_concurrency,
        },
    };
    // All that is told in one run is told in one language.
    let most = recap::language_of_most(&gathered).filter(|_| !is_language_named);
    let told_in = |(wanted, gathered): (Wanted, Gathered)| match most {
        Some(language) => (Wanted { language, ..wanted }, gathered.told_in(language)),
        None => (wanted, gathered),
    };
    let wanted: Vec<_> = wanted.into_iter().zip(gathered).map(told_in).collect();
    if arguments.compare.is_some() {
        return compare::run(workspace, arguments, &wanted, &recapping, &notes);
    }
    if arguments.answer.dry_run {
        return budget::dry_run(workspace, &wanted, &recapping);
    }
    budget::keep(workspace, arguments, &wanted, &recapping)?;
    if let Some(folder) = folder {
        return folder.fill(wanted, &recapping);
    }
    let mut exits = Vec::new();
    for (page, (wanted, gathered)) in wanted.into_iter().enumerate() {
        if page > 0 && !is_json(workspace, arguments) {
            workspace.terminal.print("\n")?;
        }
        let recap = told(workspace, &wanted, gathered, &recapping)?;
        show(workspace, &form, &recap, &notes)?;
        let withheld = workspace.guard.kept();
        if !is_json(workspace, arguments) {
            privacy::tell(workspace.terminal, &withheld);
        }
        exits.push(recap.exit());
    }
    Ok(worst(&exits))
}

/// What each period holds, and the notes that it stands in; the index is let go of before a model
/// is asked.
fn gathered(
    workspace: &Workspace,
    plan: Plan,
    wanted: &[Wanted],
    (state, answer): (&State, &AnswerArgs),
) -> Result<(Vec<Gathered>, Notes)> {
    let services =
        if answer.dry_run { Services::open_unsent(workspace)? } else { Services::open(workspace)? };
    let notes = services.notes();
    let retriever = services.retriever();
    let filters = parts(plan, &retriever)?;
    let gathering = Gathering {
        retriever: &retriever,
        state,
        filters: &filters,
        current: &|passage| notes.text(passage),
    };
    let gathered = wanted.iter().map(|wanted| gather(wanted, &gathering)).collect::<Result<_>>()?;
    Ok((gathered, notes))
}

/// The parts of the logbook that are named beside the period: `2022 in my work notes`.
fn parts(plan: Plan, retriever: &Retriever<'_>) -> Result<Filters> {
    let named = plan.within.clone();
    let flags = Filters::default();
    let (plan, filters) = places::resolved(plan, &flags, retriever.entries, &retriever.reader);
    if let Some(missing) = named.iter().find(|within| !plan.within.contains(within)) {
        return Err(Error::usage(format!("no folder and no tag is called {}", missing.name))
            .hint("`twin status` shows what the logbook has; leave the part out for all of it"));
    }
    Ok(filters)
}

/// Tells a period, with a bar on a terminal while a model is asked.
fn told(
    workspace: &Workspace,
    wanted: &Wanted,
    gathered: Gathered,
    recapping: &Recapping<'_>,
) -> Result<Recap> {
    let ticker = workspace.terminal.ticker("reading", 0);
    if recapping.chat.is_some() {
        ticker.at(0, 1);
    }
    recap::recap(
        wanted,
        gathered,
        recapping,
        &mut |progress| ticker.at(progress.done as u64, progress.total as u64),
        &mut |_| {},
    )
}

fn is_json(workspace: &Workspace, arguments: &RecapArgs) -> bool {
    workspace.json || arguments.format == Format::Json
}

fn show(workspace: &Workspace, form: &Form, recap: &Recap, notes: &Notes) -> Result<()> {
    let terminal = &workspace.terminal;
    let page = form.page(recap)?;
    if form.ending() == "md" {
        terminal.print_markdown(&page, &notes.links(&recap.citations))?;
    } else {
        terminal.print(&ui::shown(&page))?;
    }
    for note in &recap.notes {
        terminal.note(note);
    }
    if let Some(failure) = &recap.failure {
        terminal.error(failure);
    }
    Ok(())
}

/// Of several periods, one that could be told is enough for 0, unless something failed.
fn worst(exits: &[Exit]) -> Exit {
    let is = |exit: &Exit| matches!(exit, Exit::Done | Exit::Nothing);
    match exits.iter().find(|exit| !is(exit)) {
        Some(exit) => *exit,
        None if exits.contains(&Exit::Done) => Exit::Done,
        None => Exit::Nothing,
    }
}
