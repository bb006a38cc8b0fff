//! From the flags that narrow a question down to its plan and filters.

use jiff::civil::Date;

use super::cli::PeriodArgs;
use crate::{
    ask::Filters,
    error::{Error, Result},
    logbook::{Precision, Span},
    plan::{Asked, Plan},
};

/// Takes the flags over: a period that is typed as a flag replaces those of the words.
///
/// # Errors
/// When the first day lies after the last.
pub(super) fn narrow(plan: &mut Plan, arguments: &PeriodArgs, today: Date) -> Result<Filters> {
    let mut asked = Vec::new();
    for year in &arguments.year {
        let span = Span::year(*year)
            .ok_or_else(|| Error::usage(format!("{year} is no year that a logbook can cover")))?;
        asked.push(named(span, Precision::Year, format!("--year {year}")));
    }
    if let Some(day) = arguments.on {
        let span = Span::day(day).ok_or_else(|| Error::usage(format!("{day} is out of range")))?;
        asked.push(named(span, Precision::Day, format!("--on {day}")));
    }
    if arguments.from.is_some() || arguments.to.is_some() {
        asked.push(range(arguments.from, arguments.to)?);
    }
    plan.narrow(asked, today);
    Ok(Filters {
        tags: arguments.tag.iter().map(|tag| tag.trim_start_matches('#').to_lowercase()).collect(),
        mentions: Vec::new(),
        paths: arguments.path.clone(),
        roots: Vec::new(),
    })
}

fn range(from: Option<Date>, to: Option<Date>) -> Result<Asked> {
    let start = from.unwrap_or(Span::MIN);
    let end = match to {
        Some(day) => Span::day(day).map_or(Span::MAX, Span::end),
        None => Span::MAX,
    };
    let span = Span::new(start, end).ok_or_else(|| {
        Error::usage(format!("--from {start} lies after --to"))
            .hint("name the earlier day with --from; the day of --to is included")
    })?;
    let words = [from.map(|day| format!("--from {day}")), to.map(|day| format!("--to {day}"))];
    Ok(named(span, Precision::Range, words.into_iter().flatten().collect::<Vec<_>>().join(" ")))
}

fn named(span: Span, precision: Precision, text: String) -> Asked {
    Asked { span, precision, text, bytes: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn check(arguments: &PeriodArgs, expected: &[&str]) {
        let mut plan = Plan::default();
        narrow(&mut plan, arguments, date(2024, 6, 15)).unwrap();
        let spans: Vec<String> = plan.spans.iter().map(|asked| asked.span.to_string()).collect();
        assert_eq!(spans, expected, "{arguments:?}");
    }

    #[test]
    fn flags_name_periods() {
        check(&PeriodArgs { year: vec![2021, 2023], ..PeriodArgs::default() }, &["2021", "2023"]);
        check(
            &PeriodArgs { on: Some(date(2022, 3, 14)), ..PeriodArgs::default() },
            &["2022-03-14"],
        );
        check(
            &PeriodArgs { from: Some(date(2022, 3, 14)), ..PeriodArgs::default() },
            &["2022-03-14.."],
        );
        check(
            &PeriodArgs {
                from: Some(date(2022, 1, 1)),
                to: Some(date(2022, 12, 31)),
                ..PeriodArgs::default()
            },
            &["2022"],
        );
    }

    #[test]
    fn a_range_that_ends_before_it_begins_is_refused() {
        let arguments = PeriodArgs {
            from: Some(date(2022, 2, 1)),
            to: Some(date(2022, 1, 1)),
            ..PeriodArgs::default()
        };
        assert!(narrow(&mut Plan::default(), &arguments, date(2024, 6, 15)).is_err());
    }
}
