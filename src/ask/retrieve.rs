//! From a plan to passages: search for a fact, enumeration for a period.

use std::collections::{HashMap, HashSet};

use jiff::ToSpan as _;
use serde::Serialize;

use super::{
    absence::{Absence, covered, nothing_in_period},
    candidate::{Candidate, Fusion, Wanted, candidates},
    passage::{Passage, Score, join_entries},
};
use crate::{
    error::Result,
    index::{EntryRecord, TermReader},
    logbook::Span,
    plan::{Intent, Plan},
    services::{Embedder, Filter, Index, Payload, Role},
};

/// How passages are searched for; the defaults were chosen by measurement.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tuning {
    /// How words and meaning are put together.
    pub fusion: Fusion,
    /// How many chunks an enumeration with a topic looks at.
    pub enumeration_limit: u64,
    /// For so many days after a period people still write about it.
    pub edge_days: i32,
    /// The share of the topic's words that an entry must have for the topic to be there at all.
    pub coverage_min: f32,
    /// Of the best share that an entry has, the part that another must have to be about it too.
    pub coverage_of_best: f32,
    /// The similarity of meaning from which a chunk is about the topic without sharing its words.
    pub similarity_min: f32,
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            fusion: Fusion { dense_weight: 0.5, limit: 256 },
            enumeration_limit: 4_096,
            edge_days: 7,
            coverage_min: 0.25,
            coverage_of_best: 0.6,
            similarity_min: 0.45,
        }
    }
}

/// What the user narrows a question down to, beside its words.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Filters {
    /// Entries with every one of these tags.
    pub tags: Vec<String>,
    /// Notes whose path begins with one of these.
    pub paths: Vec<String>,
}

/// What was found for a plan.
#[derive(Clone, Debug, Serialize)]
pub struct Retrieved {
    /// The passages: best first for a fact, in order of time for a period.
    pub passages: Vec<Passage>,
    /// What comes nearest of what was not found to be about the topic, best first; no exact answer
    /// counts it.
    pub more: Vec<Passage>,
    /// How many entries the period has.
    pub entries: usize,
    /// Why there is no answer, where there is none; passages may still be near it.
    pub absence: Option<Absence>,
    /// The best evidence that the topic is there.
    pub evidence: Evidence,
}

/// How strongly the chunks that were looked at speak of a topic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Evidence {
    /// The largest share of its words that an entry has, a rare word counting more.
    pub coverage: f32,
    /// The largest similarity of meaning.
    pub similarity: f32,
}

impl Evidence {
    fn of(candidates: &[Candidate]) -> Self {
        let best = |part: fn(&Score) -> f32| {
            candidates.iter().map(|candidate| part(&candidate.score)).fold(0.0, f32::max)
        };
        Self { coverage: best(|score| score.coverage), similarity: best(|score| score.dense) }
    }

    fn max(self, other: Self) -> Self {
        Self {
            coverage: self.coverage.max(other.coverage),
            similarity: self.similarity.max(other.similarity),
        }
    }
}

/// Finds passages for plans.
pub struct Retriever<'a> {
    /// The index.
    pub index: &'a dyn Index,
    /// Every entry that was committed.
    pub entries: &'a [EntryRecord],
    /// The version of each note that was committed, by (root, path).
    pub versions: &'a HashMap<(String, String), String>,
    /// How many chunks the index holds.
    pub chunks: u64,
    /// The embedding model, where there is one.
    pub embedder: Option<&'a dyn Embedder>,
    /// Reads terms.
    pub reader: TermReader,
    /// How passages are searched for.
    pub tuning: Tuning,
}

impl Retriever<'_> {
    /// The passages for a plan, or why there are none.
    ///
    /// # Errors
    /// When the index can't be searched or the model can't be asked.
    pub fn retrieve(&self, plan: &Plan, filters: &Filters) -> Result<Retrieved> {
        let filter = self.filter(plan, filters);
        let entries = self.entries_of(&filter);
        let mut retrieved = Retrieved {
            passages: Vec::new(),
            more: Vec::new(),
            entries,
            absence: None,
            evidence: Evidence::default(),
        };
        if self.entries.is_empty() {
            retrieved.absence = Some(Absence::EmptyLogbook);
        } else if plan.topic.is_empty() {
            self.everything(plan, &filter, &mut retrieved)?;
        } else {
            self.on_topic(plan, &filter, &mut retrieved)?;
        }
        Ok(retrieved)
    }

    /// The passages nearest to the topic of a plan, best first, of its period and of no other time;
    /// without a topic all of the period, in order of time.
    ///
    /// # Errors
    /// When the index can't be searched or the model can't be asked.
    pub fn find(&self, plan: &Plan, filters: &Filters) -> Result<Retrieved> {
        if plan.topic.is_empty() || self.entries.is_empty() {
            return self.retrieve(plan, filters);
        }
        let filter = self.filter(plan, filters);
        let entries = self.entries_of(&filter);
        let words = self.reader.query_words(&plan.topic);
        let dense = self.query_embedding(&plan.resolved)?;
        let wanted = Wanted { words: &words, dense: dense.as_deref(), chunks: self.chunks };
        let found = self.search(&wanted, &filter, self.tuning.fusion.limit)?;
        let absence = match (found.is_empty(), entries) {
            (false, _) => None,
            (true, 0) if !plan.spans.is_empty() => Some(nothing_in_period(plan, self.entries)),
            (true, _) => Some(self.nothing_on_topic(plan, entries)),
        };
        let evidence = Evidence::of(&found);
        let passages = passages_of(found);
        Ok(Retrieved { passages, more: Vec::new(), entries, absence, evidence })
    }

    /// What a plan and the filters leave of the logbook.
    fn filter(&self, plan: &Plan, filters: &Filters) -> Filter {
        Filter {
            spans: plan.spans.iter().map(|asked| asked.span).collect(),
            without: plan.without.iter().map(|asked| asked.span).collect(),
            tags: filters.tags.clone(),
            notes: self.notes(filters),
        }
    }

    /// How many entries a filter leaves.
    fn entries_of(&self, filter: &Filter) -> usize {
        self.entries.iter().filter(|entry| passes(entry, filter)).count()
    }

    /// The notes that the filters leave, where they leave out any.
    fn notes(&self, filters: &Filters) -> Vec<(String, String)> {
        if filters.paths.is_empty() {
            return Vec::new();
        }
        let mut notes: Vec<(String, String)> = self
            .versions
            .keys()
            .filter(|(_, path)| filters.paths.iter().any(|prefix| path.starts_with(prefix)))
            .cloned()
            .collect();
        notes.sort_unstable();
        notes
    }

    /// Every entry of the period, in order of time.
    fn everything(&self, plan: &Plan, filter: &Filter, retrieved: &mut Retrieved) -> Result<()> {
        if retrieved.entries == 0 {
            retrieved.absence = Some(nothing_in_period(plan, self.entries));
            return Ok(());
        }
        let mut passages: Vec<Passage> = self
            .index
            .scroll(filter)?
            .into_iter()
            .filter(|(_, payload)| self.is_committed(payload))
            .map(|(_, payload)| Passage::of_chunk(payload, Score::default()))
            .collect();
        sort_by_time(&mut passages);
        retrieved.passages = join_entries(passages);
        Ok(())
    }

    /// What the period, or the whole logbook, has on a topic.
    fn on_topic(&self, plan: &Plan, filter: &Filter, retrieved: &mut Retrieved) -> Result<()> {
        let words = self.reader.query_words(&plan.topic);
        let dense = self.query_embedding(&plan.resolved)?;
        let wanted = Wanted { words: &words, dense: dense.as_deref(), chunks: self.chunks };
        if plan.intent.enumerates() {
            return self.enumerate(plan, filter, &wanted, retrieved);
        }
        let within = self.search(&wanted, filter, self.tuning.fusion.limit)?;
        retrieved.evidence = Evidence::of(&within);
        let has_evidence = self.suffices(retrieved.evidence);
        if filter.spans.is_empty() {
            if !has_evidence {
                retrieved.absence = Some(self.nothing_on_topic(plan, retrieved.entries));
            }
            retrieved.passages = passages_of(within);
            return Ok(());
        }
        let mut passages = passages_of(within);
        let near = self.search(&wanted, &self.after(filter), self.tuning.fusion.limit)?;
        let near_evidence = Evidence::of(&near);
        let near_has_evidence = self.suffices(near_evidence);
        retrieved.evidence = retrieved.evidence.max(near_evidence);
        if retrieved.entries == 0 && !near_has_evidence {
            retrieved.absence = Some(nothing_in_period(plan, self.entries));
        } else if !has_evidence && !near_has_evidence {
            retrieved.absence = Some(self.nothing_on_topic(plan, retrieved.entries));
        }
        let anywhere = self.anywhere(&wanted, filter)?;
        extend(&mut passages, passages_of(near));
        if has_evidence || near_has_evidence {
            extend(&mut passages, anywhere);
        } else {
            passages = in_turn(passages, anywhere);
        }
        retrieved.passages = passages;
        Ok(())
    }

    /// Every entry of the period that has the topic.
    fn enumerate(
        &self,
        plan: &Plan,
        filter: &Filter,
        wanted: &Wanted<'_>,
        retrieved: &mut Retrieved,
    ) -> Result<()> {
        if retrieved.entries == 0 {
            retrieved.absence = Some(nothing_in_period(plan, self.entries));
            return Ok(());
        }
        let found = self.search(wanted, filter, self.tuning.enumeration_limit)?;
        retrieved.evidence = Evidence::of(&found);
        let best = retrieved.evidence.coverage;
        let (about, mut rest): (Vec<Candidate>, Vec<Candidate>) =
            found.into_iter().partition(|candidate| self.is_about(candidate, best));
        rest.truncate(usize::try_from(self.tuning.fusion.limit).unwrap_or(usize::MAX));
        retrieved.more = passages_of(rest);
        if about.is_empty() {
            retrieved.absence = Some(self.nothing_on_topic(plan, retrieved.entries));
            if !filter.spans.is_empty() {
                // People write of a thing at another time than it happened: what comes nearest may
                // lie outside, and is never counted.
                let within = std::mem::take(&mut retrieved.more);
                retrieved.more = in_turn(within, self.anywhere(wanted, filter)?);
            }
            return Ok(());
        }
        let mut passages = passages_of(about);
        match plan.intent {
            Intent::First => sort_by_time(&mut passages),
            Intent::Last => {
                sort_by_time(&mut passages);
                passages.reverse();
            }
            _ => {}
        }
        retrieved.passages = passages;
        Ok(())
    }

    /// The best chunks for what is wanted, of those that were committed.
    fn search(&self, wanted: &Wanted<'_>, filter: &Filter, limit: u64) -> Result<Vec<Candidate>> {
        let fusion = Fusion { limit, ..self.tuning.fusion };
        let mut found = candidates(self.index, &self.reader, wanted, filter, fusion)?;
        found.retain(|candidate| self.is_committed(&candidate.payload));
        Ok(found)
    }

    /// The best passages at any time, for what lies outside the periods asked for.
    fn anywhere(&self, wanted: &Wanted<'_>, filter: &Filter) -> Result<Vec<Passage>> {
        let filter = Filter { spans: Vec::new(), without: Vec::new(), ..filter.clone() };
        Ok(passages_of(self.search(wanted, &filter, self.tuning.fusion.limit)?))
    }

    fn query_embedding(&self, question: &str) -> Result<Option<Vec<f32>>> {
        let Some(embedder) = self.embedder else { return Ok(None) };
        Ok(embedder.embed(Role::Query, &[question])?.into_iter().next())
    }

    /// Whether a chunk is about the topic, by its words, where the best entry has so many of them,
    /// or by its meaning.
    fn is_about(&self, candidate: &Candidate, best_coverage: f32) -> bool {
        let Score { coverage, dense: similarity, .. } = candidate.score;
        let has_words = coverage >= self.tuning.coverage_of_best * best_coverage;
        let evidence = Evidence { coverage: if has_words { coverage } else { 0.0 }, similarity };
        self.suffices(evidence)
    }

    fn suffices(&self, evidence: Evidence) -> bool {
        evidence.coverage >= self.tuning.coverage_min
            || evidence.similarity >= self.tuning.similarity_min
    }

    /// Whether a point is of the version of its note that was committed.
    fn is_committed(&self, payload: &Payload) -> bool {
        self.versions
            .get(&(payload.root.clone(), payload.path.clone()))
            .is_some_and(|committed| *committed == payload.version)
    }

    /// The days just after the periods, when people still write about them.
    fn after(&self, filter: &Filter) -> Filter {
        let spans = filter
            .spans
            .iter()
            .filter_map(|span| {
                let end = span.end().checked_add(self.tuning.edge_days.days()).ok()?;
                Span::new(span.end(), end)
            })
            .collect();
        Filter { spans, ..filter.clone() }
    }

    fn nothing_on_topic(&self, plan: &Plan, entries: usize) -> Absence {
        Absence::NothingOnTopic {
            topic: plan.topic.clone(),
            entries,
            covered: covered(self.entries),
        }
    }
}

/// Whether an entry lies in a filter's spans and has its tags.
fn passes(entry: &EntryRecord, filter: &Filter) -> bool {
    let overlaps = |spans: &[Span]| {
        entry.span.is_some_and(|span| spans.iter().any(|other| span.overlaps(*other)))
    };
    (filter.spans.is_empty() || overlaps(&filter.spans))
        && !overlaps(&filter.without)
        && filter.tags.iter().all(|tag| entry.tags.contains(tag))
        && (filter.notes.is_empty()
            || filter.notes.iter().any(|(root, path)| (root, path) == (&entry.root, &entry.path)))
}

fn passages_of(candidates: Vec<Candidate>) -> Vec<Passage> {
    candidates
        .into_iter()
        .map(|candidate| Passage::of_chunk(candidate.payload, candidate.score))
        .collect()
}

/// One passage of each list after the other, for when neither list has the better evidence.
fn in_turn(one: Vec<Passage>, other: Vec<Passage>) -> Vec<Passage> {
    let mut all = Vec::with_capacity(one.len() + other.len());
    let (mut one, mut other) = (one.into_iter(), other.into_iter());
    loop {
        let before = all.len();
        all.extend([one.next(), other.next()].into_iter().flatten());
        if all.len() == before {
            let mut passages = Vec::with_capacity(before);
            extend(&mut passages, all);
            return passages;
        }
    }
}

/// Adds the passages that are not there yet.
fn extend(passages: &mut Vec<Passage>, more: Vec<Passage>) {
    let place = |passage: &Passage| (passage.root.clone(), passage.path.clone(), passage.chunk);
    let mut known: HashSet<_> = passages.iter().map(place).collect();
    passages.extend(more.into_iter().filter(|passage| known.insert(place(passage))));
}

/// By day, then by place; undated passages last.
pub fn sort_by_time(passages: &mut [Passage]) {
    passages.sort_by(|one, other| {
        let key = |passage: &Passage| {
            (passage.span.is_none(), passage.span, passage.root.clone(), passage.path.clone())
        };
        key(one)
            .cmp(&key(other))
            .then(one.entry.cmp(&other.entry))
            .then(one.chunk.cmp(&other.chunk))
    });
}
