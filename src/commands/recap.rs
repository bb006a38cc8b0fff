//! `twin recap`: an account of a whole period, with proof of what was read.

mod budget;
mod files;

use super::{
    ask,
    cli::{EveryPart, Format, RecapArgs},
    notes::Notes,
    places,
    workspace::{Services, Workspace},
};
use crate::{
    ask::{Filters, Retriever},
    error::{Error, Exit, Result},
    index::State,
    logbook::{Language, Span, language_of},
    plan::{Plan, plan},
    recap::{
        self, Every, Gathered, Gathering, Recap, RecapSettings, Recapping, Wanted, gather, parts_of,
    },
};

/// Runs the command.
pub(super) fn run(workspace: &Workspace, arguments: &RecapArgs) -> Result<Exit> {
    let chat = workspace.chat(&arguments.answer)?;
    let plan = period(workspace, arguments)?;
    let state = workspace.state()?;
    let wanted = wanted(workspace, arguments, &plan, &state)?;
    let folder = match &arguments.out {
        Some(folder) => Some(files::Folder::new(workspace, arguments, folder, &state)?),
        None => None,
    };
    let (gathered, notes) = gathered(workspace, plan, &wanted, &state)?;
    let recapping = Recapping {
        state: &state,
        chat: chat.as_deref(),
        current: &|passage| notes.text(passage),
        settings: &RecapSettings {
            prompt: ask::prompt_settings(workspace),
            concurrency: workspace.config().llm.map_concurrency,
        },
    };
    let wanted: Vec<(Wanted, Gathered)> = wanted.into_iter().zip(gathered).collect();
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
        show(workspace, arguments, &recap, &notes)?;
        exits.push(recap.exit());
    }
    Ok(worst(&exits))
}

/// The recaps that are wanted: one for each period, or for each part of it.
fn wanted(
    workspace: &Workspace,
    arguments: &RecapArgs,
    plan: &Plan,
    state: &State,
) -> Result<Vec<Wanted>> {
    let entries = if arguments.every.is_some() { state.entries()? } else { Vec::new() };
    let days = || entries.iter().filter_map(|entry| entry.span);
    let parts = |period: Span| match arguments.every {
        None => vec![period],
        Some(every) => parts_of(period, every.into(), days()),
    };
    let language = workspace.config().answer.language.unwrap_or(plan.language);
    let periods = plan.spans.iter().flat_map(|asked| parts(asked.span));
    Ok(periods
        .map(|period| Wanted {
            period,
            weekdays: plan.on_weekdays(),
            about: arguments.about.clone(),
            language,
        })
        .collect())
}

impl From<EveryPart> for Every {
    fn from(part: EveryPart) -> Self {
        match part {
            EveryPart::Month => Self::Month,
            EveryPart::Quarter => Self::Quarter,
            EveryPart::Year => Self::Year,
        }
    }
}

/// What each period holds, and the notes that it stands in; the index is let go of before a model
/// is asked.
fn gathered(
    workspace: &Workspace,
    plan: Plan,
    wanted: &[Wanted],
    state: &State,
) -> Result<(Vec<Gathered>, Notes)> {
    let services = Services::open(workspace)?;
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

/// The period as typed: a year, a month, a range, or words such as `last year`.
fn period(workspace: &Workspace, arguments: &RecapArgs) -> Result<Plan> {
    let typed = arguments.period.join(" ");
    let read = |text: &str| plan(text, workspace.calendar(), None);
    let is_period = |word: &String| read(word).spans.len() == 1 && read(word).topic.is_empty();
    // `recap 2021 2023` names two; the words of `recap last year` are one together.
    let several = arguments.period.len() > 1 && arguments.period.iter().all(is_period);
    let mut plan = read(&typed);
    if several {
        plan.spans = arguments.period.iter().flat_map(|word| read(word).spans).collect();
    }
    if plan.spans.is_empty() {
        return Err(Error::usage(format!("{typed} is no period"))
            .hint("name one such as 2022, 2022-03, 2022-Q3, 2021..2023 or 'last year'"));
    }
    let about = arguments.about.as_deref().unwrap_or_default();
    if language_of(about) == Language::French {
        plan.language = Language::French;
    }
    Ok(plan)
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

fn show(workspace: &Workspace, arguments: &RecapArgs, recap: &Recap, notes: &Notes) -> Result<()> {
    let terminal = &workspace.terminal;
    if is_json(workspace, arguments) {
        terminal.print(&format!("{}\n", recap::json(recap)?))?;
    } else {
        terminal.print_markdown(&recap::markdown(recap), &notes.links(&recap.citations))?;
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
