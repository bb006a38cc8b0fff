//! Reading a period whole: its passages, and the proof that they are all of it.

use super::{
    Wanted,
    coverage::{Coverage, coverage, entries_of, key},
};
use crate::{
    ask::{CurrentText, Filters, Retrieved, Retriever, in_order_of_time, phrases, widened},
    error::Result,
    index::State,
    logbook::Precision,
    plan::{Asked, AskedWeekdays, Intent, Plan},
};

/// What a period is read with.
pub struct Gathering<'a> {
    /// Finds the passages.
    pub retriever: &'a Retriever<'a>,
    /// Knows the entries.
    pub state: &'a State,
    /// What the user narrows the period down to.
    pub filters: &'a Filters,
    /// Gives a note's text of today.
    pub current: &'a CurrentText<'a>,
}

/// What a period holds, read whole.
pub struct Gathered {
    pub(super) plan: Plan,
    pub(super) retrieved: Retrieved,
    pub(super) coverage: Coverage,
    pub(super) notes: Vec<String>,
}

/// Every passage of the period, none outside, against the entries that the state has.
///
/// The index is not needed after it, so that nobody waits for it while a model is asked.
///
/// # Errors
/// When the index or the state can't be read.
pub fn gather(wanted: &Wanted, gathering: &Gathering<'_>) -> Result<Gathered> {
    let topic = wanted.about.clone().unwrap_or_default();
    let plan = Plan {
        question: topic.clone(),
        resolved: topic.clone(),
        topic,
        intent: Intent::Recap,
        spans: vec![Asked {
            span: wanted.period,
            precision: Precision::Range,
            text: wanted.period.to_string(),
            bytes: None,
        }],
        weekdays: vec![AskedWeekdays {
            weekdays: wanted.weekdays,
            excluded: false,
            text: wanted.weekdays.to_string(),
            bytes: None,
        }],
        language: wanted.language,
        ..Plan::default()
    };
    let mut retrieved = gathering.retriever.retrieve(&plan, gathering.filters)?;
    let entries = gathering.state.entries()?;
    let there = entries_of(&entries, (wanted.period, plan.on_weekdays()), gathering.filters);
    let before = retrieved.passages.len();
    retrieved.passages.retain(|passage| there.contains_key(&key(passage)));
    let mut notes = Vec::new();
    if retrieved.passages.len() < before {
        let outside = before - retrieved.passages.len();
        notes.push(format!(
            "{outside} {}",
            phrases::phrase(
                wanted.language,
                "passages that the state does not place in the period were left out.",
                "passages que l’état ne situe pas dans la période ont été laissés de côté."
            )
        ));
    }
    let passages = in_order_of_time(std::mem::take(&mut retrieved.passages));
    retrieved.passages = widened(&passages, gathering.current);
    let has_topic = wanted.about.is_some();
    let time = (wanted.period, plan.on_weekdays());
    let coverage = coverage(&entries, time, gathering.filters, &retrieved.passages, has_topic);
    Ok(Gathered { plan, retrieved, coverage, notes })
}
