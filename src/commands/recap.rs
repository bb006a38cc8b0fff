//! `twin recap`: an account of a whole period, with proof of what was read.

use super::{
    ask,
    cli::{Format, RecapArgs},
    notes::Notes,
    places, privacy,
    workspace::{Services, Workspace},
};
use crate::{
    ask::{Filters, Retriever},
    error::{Error, Exit, Result},
    index::State,
    logbook::{Language, Span, language_of},
    plan::{Plan, plan},
    privacy::GuardedChat,
    recap::{
        self, Gathered, Gathering, Preview, Recap, RecapSettings, Recapping, Wanted, gather,
        preview,
    },
    ui,
};

/// Runs the command.
pub(super) fn run(workspace: &Workspace, arguments: &RecapArgs) -> Result<Exit> {
    let chat = workspace.chat(&arguments.answer)?;
    let plan = period(workspace, arguments)?;
    let language = workspace.config().answer.language.unwrap_or(plan.language);
    let wanted: Vec<Wanted> = plan
        .spans
        .iter()
        .map(|asked| Wanted {
            period: asked.span,
            weekdays: plan.on_weekdays(),
            about: arguments.about.clone(),
            language,
        })
        .collect();
    let state = workspace.state()?;
    let (gathered, notes) = gathered(workspace, plan, &wanted, &state)?;
    let recapping = Recapping {
        state: &state,
        chat: chat.as_ref(),
        current: &|passage| notes.text(passage),
        settings: &RecapSettings {
            prompt: ask::prompt_settings(workspace),
            concurrency: workspace.config().llm.map_concurrency,
        },
    };
    let mut exits = Vec::new();
    for (page, (wanted, gathered)) in wanted.iter().zip(gathered).enumerate() {
        if page > 0 && !is_json(workspace, arguments) && !arguments.answer.dry_run {
            workspace.terminal.print("\n")?;
        }
        exits.push(one(workspace, arguments, wanted, gathered, &recapping, &notes)?);
    }
    Ok(worst(&exits))
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

fn one(
    workspace: &Workspace,
    arguments: &RecapArgs,
    wanted: &Wanted,
    gathered: Gathered,
    recapping: &Recapping<'_>,
    notes: &Notes,
) -> Result<Exit> {
    if arguments.answer.dry_run {
        return dry_run(workspace, wanted, gathered, recapping);
    }
    let ticker = workspace.terminal.ticker("reading", 0);
    if recapping.chat.is_some() {
        ticker.at(0, 1);
    }
    let recap = recap::recap(
        wanted,
        gathered,
        recapping,
        &mut |progress| ticker.at(progress.done as u64, progress.total as u64),
        &mut |_| {},
    )?;
    drop(ticker);
    tell(workspace, arguments, &recap, notes)?;
    let withheld = workspace.guard.kept();
    if !is_json(workspace, arguments) {
        privacy::tell(workspace.terminal, &withheld);
    }
    Ok(recap.exit())
}

fn is_json(workspace: &Workspace, arguments: &RecapArgs) -> bool {
    workspace.json || arguments.format == Format::Json
}

fn tell(workspace: &Workspace, arguments: &RecapArgs, recap: &Recap, notes: &Notes) -> Result<()> {
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

/// Shows what would be sent, and where to.
fn dry_run(
    workspace: &Workspace,
    wanted: &Wanted,
    gathered: Gathered,
    recapping: &Recapping<'_>,
) -> Result<Exit> {
    let terminal = &workspace.terminal;
    let Some(chat) = recapping.chat else {
        terminal
            .note(&format!("{}: nothing would be sent: no language model is set", wanted.period));
        return Ok(Exit::Done);
    };
    let preview = preview(wanted, gathered, recapping, chat)?;
    let withheld = workspace.kept();
    if workspace.json {
        let value = serde_json::json!({
            "period": wanted.period.to_string(),
            "to": ask::destination(chat),
            "tokens": preview.tokens,
            "cached_calls": preview.cached,
            "coverage": preview.coverage,
            "requests": preview.requests,
            "withheld": withheld,
        });
        workspace.print_json("logtwin/recap-dry-run/1", &value)?;
        return Ok(Exit::Done);
    }
    terminal.note(&summary(wanted.period, chat, &preview));
    for request in &preview.requests {
        terminal.print(&ui::shown(&format!("{}\n\n", request.system)))?;
        for message in &request.messages {
            terminal.print(&ui::shown(&format!("{}\n\n", message.content)))?;
        }
    }
    Ok(Exit::Done)
}

fn summary(period: Span, chat: &GuardedChat<'_>, preview: &Preview) -> String {
    let after = if preview.is_in_parts { ", and what they say is put together after" } else { "" };
    format!(
        "{period}: {} calls to {}, {} of them answered before, about {} tokens{after}",
        preview.requests.len(),
        ask::destination(chat),
        preview.cached,
        preview.tokens
    )
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
