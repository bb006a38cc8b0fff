//! What is to be told: the periods that were typed, their parts, or a day of each year.

use jiff::civil::Date;

use super::super::{
    cli::{EveryPart, RecapArgs},
    workspace::Workspace,
};
use crate::{
    error::{Error, Result},
    index::State,
    logbook::{Language, Span, Weekdays, language_of, language_said},
    plan::{Plan, plan},
    recap::{Every, Wanted, parts_of},
};

/// The period as typed: a year, a month, a range, or words such as `last year`.
pub(super) fn period(workspace: &Workspace, arguments: &RecapArgs) -> Result<Plan> {
    let typed = arguments.period.join(" ");
    let read = |text: &str| plan(text, workspace.calendar(), None);
    let is_period = |word: &String| read(word).spans.len() == 1 && read(word).topic.is_empty();
    // `recap 2021 2023` names two; the words of `recap last year` are one together, and so are those
    // of `recap May 2022`, each of which could be one alone.
    let several =
        arguments.period.len() > 1 && arguments.period.iter().all(is_period) && !is_period(&typed);
    let mut plan = read(&typed);
    if several {
        plan.spans = arguments.period.iter().flat_map(|word| read(word).spans).collect();
    }
    if plan.spans.is_empty() && !arguments.on_this_day {
        return Err(Error::usage(format!("{typed} is no period"))
            .hint("name one such as 2022, 2022-03, 2022-Q3, 2021..2023 or 'last year'"));
    }
    if let Some(other) = &arguments.compare {
        let spans = read(other).spans;
        let (1, 1) = (plan.spans.len(), spans.len()) else {
            return Err(Error::usage(format!("{typed} and {other} are not two periods"))
                .hint("compare one with one, such as `twin recap 2022 --compare 2021`"));
        };
        plan.spans.extend(spans);
        plan.spans.sort_by_key(|asked| asked.span);
    }
    let about = arguments.about.as_deref().unwrap_or_default();
    if language_of(about) == Language::French {
        plan.language = Language::French;
    }
    Ok(plan)
}

/// Whether the settings or the words that were typed say in which language it is told; else the
/// entries do.
pub(super) fn names_language(workspace: &Workspace, arguments: &RecapArgs) -> bool {
    let about = arguments.about.as_deref().unwrap_or_default();
    let typed = format!("{} {about}", arguments.period.join(" "));
    workspace.config().answer.language.is_some() || language_said(&typed).is_some()
}

/// The recaps that are wanted: one for each period, or for each part of it.
pub(super) fn wanted(
    workspace: &Workspace,
    arguments: &RecapArgs,
    plan: &Plan,
    state: &State,
) -> Result<Vec<Wanted>> {
    let entries = state.entries()?;
    let days = || entries.iter().filter_map(|entry| entry.span);
    if arguments.on_this_day {
        return Ok(vec![on_this_day(workspace, arguments, plan.language, days())?]);
    }
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
            days: Vec::new(),
            about: arguments.about.clone(),
            language,
        })
        .collect())
}

/// Today in each year that the logbook covers; a 29 February is in leap years alone.
fn on_this_day(
    workspace: &Workspace,
    arguments: &RecapArgs,
    language: Language,
    entries: impl Iterator<Item = Span>,
) -> Result<Wanted> {
    let today = workspace.today;
    let years = entries.fold((today.year(), today.year()), |(first, last), span| {
        (first.min(span.start().year()), last.max(span.last().year()))
    });
    let in_year = |year| Span::day(Date::new(year, today.month(), today.day()).ok()?);
    let days: Vec<Span> = (years.0..=years.1).filter_map(in_year).collect();
    let ends = days.first().zip(days.last()).map(|(first, last)| (first.start(), last.end()));
    let period = ends.and_then(|(start, end)| Span::new(start, end));
    Ok(Wanted {
        period: period.ok_or_else(|| Error::usage(format!("no logbook covers {today}")))?,
        weekdays: Weekdays::default(),
        days,
        about: arguments.about.clone(),
        language: workspace.config().answer.language.unwrap_or(language),
    })
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
