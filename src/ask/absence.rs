//! The kinds of "no", told apart before any model is asked.

use serde::Serialize;

use crate::{
    index::EntryRecord,
    logbook::Span,
    plan::{Asked, Plan},
};

/// Why the logbook does not answer a question.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Absence {
    /// There is no entry at all.
    EmptyLogbook,
    /// No entry is dated in the period.
    NothingInPeriod {
        /// The periods that were asked for.
        asked: Vec<Span>,
        /// From the first dated entry to the last.
        covered: Option<Span>,
        /// The entries next to the period.
        nearest: Vec<Nearest>,
    },
    /// There are entries, and none is about the topic.
    NothingOnTopic {
        /// What was looked for.
        topic: String,
        /// How many entries there are in the period.
        entries: usize,
        /// From the first dated entry to the last.
        covered: Option<Span>,
    },
    /// No dated entry of the period speaks of it, but undated notes do.
    OnlyUndated {
        /// What was looked for.
        topic: String,
        /// The notes that speak of it, as `path:line`.
        places: Vec<String>,
    },
}

/// An entry next to a period in which there is none.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Nearest {
    /// Its days.
    pub span: Span,
    /// What it is called.
    pub title: String,
    /// Where it stands: `path:line`.
    pub place: String,
}

/// From the first day of the first dated entry to the last day of the last.
#[must_use]
pub(super) fn covered(entries: &[EntryRecord]) -> Option<Span> {
    let spans = || entries.iter().filter_map(|entry| entry.span);
    let first = spans().map(Span::start).min()?;
    let end = spans().map(Span::end).max()?;
    Span::new(first, end)
}

/// Says that nothing is dated in the periods of a plan, with what lies next to them.
#[must_use]
pub(super) fn nothing_in_period(plan: &Plan, entries: &[EntryRecord]) -> Absence {
    let asked: Vec<Span> = plan.spans.iter().map(|asked: &Asked| asked.span).collect();
    let start = asked.iter().map(|span| span.start()).min();
    let end = asked.iter().map(|span| span.end()).max();
    let dated = || entries.iter().filter_map(|entry| Some((entry.span?, entry)));
    let before = dated()
        .filter(|(span, _)| start.is_some_and(|start| span.end() <= start))
        .max_by_key(|(span, _)| span.end());
    let after = dated()
        .filter(|(span, _)| end.is_some_and(|end| span.start() >= end))
        .min_by_key(|(span, _)| span.start());
    let nearest = [before, after]
        .into_iter()
        .flatten()
        .map(|(span, entry)| Nearest {
            span,
            title: entry.title.clone(),
            place: format!("{}:{}", entry.path, entry.lines.first),
        })
        .collect();
    Absence::NothingInPeriod { asked, covered: covered(entries), nearest }
}
