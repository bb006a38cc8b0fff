//! Reading a period whole: its passages, and the proof that they are all of it.

use super::{
    Wanted,
    coverage::{Coverage, Times, coverage, entries_of, key},
    parts::closed,
};
use crate::{
    ask::{
        Absence, CurrentText, Filters, Passage, Retrieved, Retriever, in_order_of_time, phrases,
        widened,
    },
    error::Result,
    index::{EntryRecord, State},
    logbook::{Language, Precision, Span, language_said},
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
        intent: if wanted.days.is_empty() { Intent::Recap } else { Intent::OnThisDay },
        spans: if wanted.days.is_empty() {
            vec![asked(wanted.period)]
        } else {
            wanted.days.iter().copied().map(asked).collect()
        },
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
    let there = entries_of(&entries, Times::of(wanted), gathering.filters);
    let times = Times::of(wanted);
    // What is of a whole month overlaps a day of it, and is not of that day.
    retrieved.passages.retain(|passage| passage.span.is_some_and(|span| times.have(span)));
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
    if retrieved.passages.is_empty() && !wanted.days.is_empty() && !has_topic {
        retrieved.absence = Some(on_no_day(wanted, &entries));
    }
    let coverage = coverage(&entries, times, gathering.filters, &retrieved.passages, has_topic);
    Ok(Gathered { plan, retrieved, coverage, notes })
}

impl Gathered {
    /// The same, told in a language.
    #[must_use]
    pub fn told_in(mut self, language: Language) -> Self {
        self.plan.language = language;
        self
    }
}

/// The language of most entries of some periods; none where it can't be told of any.
#[must_use]
pub fn language_of_most(gathered: &[Gathered]) -> Option<Language> {
    let (mut english, mut french) = (0_usize, 0_usize);
    for gathered in gathered {
        let entries = gathered.retrieved.passages.chunk_by(Passage::shares_entry);
        for entry in entries {
            let text: Vec<&str> = entry.iter().map(|passage| passage.text.as_str()).collect();
            match language_said(&text.join("\n")) {
                Some(Language::English) => english += 1,
                Some(Language::French) => french += 1,
                None => {}
            }
        }
    }
    let most = if french > english { Language::French } else { Language::English };
    (english + french > 0).then_some(most)
}

/// Says that no year has an entry of the day.
fn on_no_day(wanted: &Wanted, entries: &[EntryRecord]) -> Absence {
    let always = Span::new(Span::MIN, Span::MAX);
    let spans = entries.iter().filter_map(|entry| entry.span);
    Absence::NothingInPeriod {
        asked: wanted.days.clone(),
        weekdays: wanted.weekdays,
        covered: always.and_then(|always| closed(always, spans)),
        nearest: Vec::new(),
    }
}

fn asked(span: Span) -> Asked {
    Asked { span, precision: Precision::Range, text: span.to_string(), bytes: None }
}
