//! From a plan to passages: search for a fact, enumeration for a period.

use std::collections::{HashMap, HashSet};

use jiff::ToSpan as _;
use serde::Serialize;

use super::{
    absence::{Absence, covered, near, near_entry, nearest, nothing_in_period, places},
    candidate::{Candidate, Found, Preference, Wanted, entry_of, passages_of},
    duplicates::without_duplicates,
    evidence::{Evidence, Tuning, is_about},
    filters::Filters,
    hits::{Fusion, Hits},
    items::telling,
    largest::{Measured, by_quantity},
    passage::{Passage, Score, breadth_first, in_order_of_time, latest_first, sort_by_time},
    related::Meaning,
    rerank::Rerank,
    shelves::filed,
    words::Words,
    yearly::yearly,
};
use crate::{
    error::Result,
    index::{Committed, EntryRecord, TermReader, Vocabulary, mention_keys},
    logbook::{Precision, Span, Weekdays},
    plan::{Intent, Plan},
    services::{Embedder, Filter, Index, Payload},
};

/// What was found for a plan.
#[derive(Clone, Debug, Serialize)]
pub struct Retrieved {
    /// The passages: best first for a fact, in order of time for a period.
    pub passages: Vec<Passage>,
    /// What the passages measure, in their order, where the largest or the smallest is asked for and
    /// they do.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub measured: Vec<Measured>,
    /// What comes nearest beside them, best first: of another day than the one that is named, or not
    /// found to be about the topic. No exact answer counts it.
    pub more: Vec<Passage>,
    /// How many entries the period has.
    pub entries: usize,
    /// How many entries are in no period, since they have no date, and pass all else; those about the
    /// topic, where there is one.
    pub undated: usize,
    /// Why there is no answer, where there is none; passages may still be near it.
    pub absence: Option<Absence>,
    /// The best evidence that the topic is there.
    pub evidence: Evidence,
}

impl Retrieved {
    /// Whether nothing that was found has a word of the topic.
    #[must_use]
    pub fn is_by_meaning_alone(&self) -> bool {
        let Evidence { coverage_anywhere, similarity, .. } = self.evidence;
        !self.passages.is_empty() && coverage_anywhere <= 0.0 && similarity > 0.0
    }
}

/// Who names the very day means its page: the period counts so much more.
const DAY_WEIGHT: f32 = 4.0;

/// What a topic is searched by.
struct Topic {
    words: Words,
    meaning: Meaning,
}

/// Finds passages for plans.
pub struct Retriever<'a> {
    /// The index.
    pub index: &'a dyn Index,
    /// Every entry that was committed.
    pub entries: &'a [EntryRecord],
    /// Which version of each note was committed.
    pub committed: &'a Committed,
    /// How many chunks the index holds.
    pub chunks: u64,
    /// The embedding model, where there is one.
    pub embedder: Option<&'a dyn Embedder>,
    /// The words of the logbook under that model.
    pub vocabulary: &'a Vocabulary,
    /// What puts the best passages for a fact in order once more, where there is such a model.
    pub rerank: Option<&'a Rerank>,
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
        let plan = &yearly(plan, self.entries);
        let filter = self.filter(plan, filters);
        let entries = self.entries_of(&filter);
        let mut retrieved = Retrieved {
            passages: Vec::new(),
            measured: Vec::new(),
            more: Vec::new(),
            entries,
            undated: 0,
            absence: None,
            evidence: Evidence::default(),
        };
        if self.entries.is_empty() {
            retrieved.absence = Some(Absence::EmptyLogbook);
        } else if plan.topic.is_empty() {
            self.everything(plan, &filter, &mut retrieved)?;
        } else {
            self.on_topic(plan, &filter, &mut retrieved)?;
            // What is in order of time, or no answer, has no best first.
            if retrieved.absence.is_none() && !plan.intent.enumerates() {
                self.rerank(plan, &mut retrieved.passages, self.period_weight(plan));
            }
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
        let plan = &yearly(plan, self.entries);
        let filter = self.filter(plan, filters);
        let entries = self.entries_of(&filter);
        let topic = self.topic(plan, &filter)?;
        let wanted = self.wanted(&topic, plan, Preference::default());
        let found = self.search(&wanted, std::slice::from_ref(&filter))?;
        let absence = found
            .candidates
            .is_empty()
            .then(|| self.nothing_on_topic(plan, entries, &[], self.filed(plan)));
        let evidence = Evidence::of(&found, |_| true);
        let mut passages = without_duplicates(passages_of(found.candidates));
        self.rerank(plan, &mut passages, 0.0);
        let about = Some((&wanted, evidence.coverage_anywhere));
        let undated = self.undated(plan, &filter, about)?;
        let (measured, more) = (Vec::new(), Vec::new());
        Ok(Retrieved { passages, measured, more, entries, undated, absence, evidence })
    }

    /// What a plan and the filters leave of the logbook.
    fn filter(&self, plan: &Plan, filters: &Filters) -> Filter {
        Filter {
            spans: plan.spans.iter().map(|asked| asked.span).collect(),
            without: plan.without.iter().map(|asked| asked.span).collect(),
            weekdays: plan.on_weekdays(),
            tags: filters.tags.clone(),
            mentions: filters.mentions.iter().flat_map(|span| mention_keys(*span)).collect(),
            notes: self.notes(filters),
        }
    }

    /// How many entries a filter leaves.
    fn entries_of(&self, filter: &Filter) -> usize {
        self.entries.iter().filter(|entry| passes(entry, filter)).count()
    }

    /// The notes that the filters leave, where they leave out any.
    fn notes(&self, filters: &Filters) -> Vec<(String, String)> {
        if filters.paths.is_empty() && filters.roots.is_empty() {
            return Vec::new();
        }
        let left = self.entries.iter().filter(|it| filters.leave_note(&it.root, &it.path));
        let mut notes: Vec<_> = left.map(|it| (it.root.clone(), it.path.clone())).collect();
        notes.sort_unstable();
        notes.dedup();
        // No notes at all would mean every note.
        if notes.is_empty() {
            notes.push((String::new(), String::new()));
        }
        notes
    }

    /// Every entry of the period, in order of time.
    fn everything(&self, plan: &Plan, filter: &Filter, retrieved: &mut Retrieved) -> Result<()> {
        retrieved.undated = self.undated(plan, filter, None)?;
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
        if plan.intent == Intent::OnThisDay {
            // What is of a whole year overlaps each of its days, and is of none of them.
            let is_of_it = |days: Span| plan.spans.iter().any(|asked| asked.span.contains(days));
            passages.retain(|passage| passage.span.is_some_and(is_of_it));
            let entries: HashSet<_> = passages.iter().map(Passage::entry_key).collect();
            retrieved.entries = entries.len();
            if passages.is_empty() {
                retrieved.absence = Some(nothing_in_period(plan, self.entries));
            }
        }
        retrieved.passages = if plan.intent == Intent::Last {
            latest_first(passages)
        } else {
            sort_by_time(&mut passages);
            breadth_first(passages)
        };
        Ok(())
    }

    /// What the period, or the whole logbook, has on a topic.
    fn on_topic(&self, plan: &Plan, filter: &Filter, retrieved: &mut Retrieved) -> Result<()> {
        let topic = self.topic(plan, filter)?;
        let names_days = names_days(plan);
        let preference = Preference {
            spans: &filter.spans,
            edge_days: self.tuning.edge_days,
            weight: self.period_weight(plan),
        };
        let wanted = self.wanted(&topic, plan, preference);
        let around = self.around(&wanted, filter)?;
        let is_bound = !filter.spans.is_empty();
        let enumerates = plan.intent.enumerates();
        let within_only = enumerates || names_days && retrieved.entries > 0;
        retrieved.evidence = Evidence::of(&around, |candidate| {
            let nearness = candidate.score.period;
            !is_bound || if within_only { nearness >= 1.0 } else { nearness > 0.0 }
        });
        let best_coverage = retrieved.evidence.coverage_anywhere;
        retrieved.undated = self.undated(plan, filter, Some((&wanted, best_coverage)))?;
        if plan.intent == Intent::Most && best_coverage <= 0.0 {
            // `Which friend did I see most`: the word names a kind, and no note calls it by that.
            return self.everything(plan, filter, retrieved);
        }
        let evidence = retrieved.evidence;
        let filed = if is_bound || plan.intent == Intent::Most { self.filed(plan) } else { None };
        let suffices = match (&filed, is_bound, names_days) {
            // `Which friend did I talk to most`: of the words, the kind alone may be in no note.
            (None, ..) if plan.intent == Intent::Most => evidence.coverage > 0.0,
            (_, false, _) => evidence.suffices(&self.tuning),
            (Some(filed), true, _) => filed.iter().any(|entry| passes(entry, filter)),
            (None, true, false) => evidence.suffices_within(&self.tuning),
            (None, true, true) => evidence.suffices_on_a_day(&self.tuning),
        };
        if !suffices || (is_bound && retrieved.entries == 0 && enumerates) {
            let absence = self.nothing_on_topic(plan, retrieved.entries, &around.candidates, filed);
            retrieved.absence = Some(absence);
        }
        if enumerates && retrieved.absence.is_none() {
            return self.enumerate(plan, filter, &wanted, retrieved);
        }
        let found = without_duplicates(passages_of(around.candidates));
        let (passages, more) = found.into_iter().partition(|passage| {
            // Of what a period does not have, what comes nearest at any time is never counted; a day
            // that is named and has its page is answered from that page.
            !enumerates && (!is_bound || !within_only || passage.score.period >= 1.0)
        });
        (retrieved.passages, retrieved.more) = (passages, more);
        Ok(())
    }

    /// How much it counts, beside the most telling words, that a passage lies in the period.
    fn period_weight(&self, plan: &Plan) -> f32 {
        self.tuning.period_weight * if names_days(plan) { DAY_WEIGHT } else { 1.0 }
    }

    /// Puts the best passages in order once more, where there is a model for that.
    fn rerank(&self, plan: &Plan, passages: &mut [Passage], period_weight: f32) {
        if let Some(rerank) = self.rerank {
            rerank.apply(&plan.resolved, passages, period_weight);
        }
    }

    /// Every entry of the period that has the topic.
    fn enumerate(
        &self,
        plan: &Plan,
        filter: &Filter,
        wanted: &Wanted<'_>,
        retrieved: &mut Retrieved,
    ) -> Result<()> {
        let more_max = usize::try_from(2 * self.tuning.fusion.limit).unwrap_or(usize::MAX);
        let (found, best_coverage) = self.all_about(wanted, filter, 0.0, more_max)?;
        let (mut about, mut rest) = self.parted(found, best_coverage);
        if about.is_empty() {
            // There is evidence, and none of it stands out: what there is may all be meant.
            about = std::mem::take(&mut rest);
        }
        rest.truncate(more_max);
        let tells = |text: &str| wanted.coverage_of(text, wanted.language);
        let (passages, beside) = telling(passages_of(about), &tells);
        retrieved.more = passages_of(rest);
        retrieved.more.splice(0..0, beside);
        if matches!(plan.intent, Intent::Largest | Intent::Smallest) {
            let Some(found) = by_quantity(plan, passages, &tells) else {
                let plan = Plan { intent: Intent::Lookup, ..plan.clone() };
                return self.on_topic(&plan, filter, retrieved);
            };
            (retrieved.passages, retrieved.measured) = (found.passages, found.measured);
            retrieved.more.splice(0..0, found.others);
            return Ok(());
        }
        retrieved.passages = match plan.intent {
            Intent::First => in_order_of_time(passages),
            Intent::Last => latest_first(passages),
            _ => breadth_first(passages),
        };
        Ok(())
    }

    /// The chunks that speak of the topic, and the others, both best first.
    ///
    /// An entry is about the topic as a whole; of a long one, the chunks that are far less so than
    /// its best are kept apart.
    fn parted(
        &self,
        found: Vec<Candidate>,
        best_coverage: f32,
    ) -> (Vec<Candidate>, Vec<Candidate>) {
        let mut best_of_entry: HashMap<_, f32> = HashMap::new();
        for candidate in &found {
            let best = best_of_entry.entry(entry_of(&candidate.payload)).or_default();
            *best = best.max(candidate.score.total);
        }
        found.into_iter().partition(|candidate| {
            let best = best_of_entry.get(&entry_of(&candidate.payload));
            let share = self.tuning.share_of_entry;
            is_about(&candidate.score, best_coverage, &self.tuning)
                && best.is_none_or(|best| candidate.score.total >= share * best)
        })
    }

    /// What a plan's topic is searched by; its words are looked up at any time.
    fn topic(&self, plan: &Plan, filter: &Filter) -> Result<Topic> {
        let words = self.reader.query_words(&plan.topic);
        let words = Words::look_up(self.index, &words, &at_any_time(filter), self.chunks)?;
        Ok(Topic { words, meaning: self.meaning(plan)? })
    }

    /// What is searched for.
    fn wanted<'a>(
        &'a self,
        topic: &'a Topic,
        plan: &Plan,
        preference: Preference<'a>,
    ) -> Wanted<'a> {
        Wanted {
            words: &topic.words,
            reader: &self.reader,
            title_weight: self.tuning.title_weight,
            meaning: &topic.meaning,
            language: plan.language,
            preference,
        }
    }

    /// Every chunk of a filter that is about what is wanted, and the best of the others, up to so
    /// many, with the best share of its words that one has, at least the given one.
    pub(super) fn all_about(
        &self,
        wanted: &Wanted<'_>,
        filter: &Filter,
        least_best: f32,
        others_max: usize,
    ) -> Result<(Vec<Candidate>, f32)> {
        let fusion = Fusion { limit: self.chunks, ..self.tuning.fusion };
        let mut hits = Hits::search(self.index, wanted, std::slice::from_ref(filter), fusion)?;
        let best_coverage = least_best.max(hits.best_coverage());
        hits.keep(|score| is_about(score, best_coverage, &self.tuning), others_max);
        Ok((self.read(hits, wanted)?, best_coverage))
    }

    /// The best chunks for what is wanted, of those that were committed.
    fn search(&self, wanted: &Wanted<'_>, filters: &[Filter]) -> Result<Found> {
        let fusion = self.tuning.fusion;
        let mut hits = Hits::search(self.index, wanted, filters, fusion)?;
        let chance = hits.chance();
        // To read takes longer than to search; what lies beyond is in no budget.
        hits.keep(|_| false, usize::try_from(fusion.limit / 2).unwrap_or(usize::MAX));
        Ok(Found { candidates: self.read(hits, wanted)?, chance })
    }

    /// The chunks that were found, best first, of those that were committed.
    pub(super) fn read(&self, hits: Hits, wanted: &Wanted<'_>) -> Result<Vec<Candidate>> {
        let mut found = hits.read(self.index, wanted)?;
        found.retain(|candidate| self.is_committed(&candidate.payload));
        Ok(found)
    }

    /// The best chunks at any time, those in and just after the periods before the others.
    fn around(&self, wanted: &Wanted<'_>, filter: &Filter) -> Result<Found> {
        if filter.spans.is_empty() {
            return self.search(wanted, std::slice::from_ref(filter));
        }
        let elsewhen = Filter { weekdays: filter.weekdays, ..at_any_time(filter) };
        self.search(wanted, &[filter.clone(), self.after(filter), elsewhen])
    }

    /// Whether a point is of the version of its note that was committed.
    pub(super) fn is_committed(&self, payload: &Payload) -> bool {
        self.committed.has(&payload.root, &payload.path, &payload.version)
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

    /// Which "no" it is where no dated entry of the period speaks of the topic, told by what was
    /// found of any time, and by what is filed under it.
    fn nothing_on_topic(
        &self,
        plan: &Plan,
        entries: usize,
        around: &[Candidate],
        filed: Option<Vec<&EntryRecord>>,
    ) -> Absence {
        let best_coverage = around.iter().map(|it| it.score.coverage).fold(0.0, f32::max);
        let about = || around.iter().filter(|it| is_about(&it.score, best_coverage, &self.tuning));
        let payloads = || about().map(|candidate| &candidate.payload);
        let spans: Vec<Span> = plan.spans.iter().map(|asked| asked.span).collect();
        let undated = places(payloads().filter(|payload| payload.span().is_none()));
        let is_bound = !spans.is_empty() || !plan.on_weekdays().is_empty();
        if is_bound && !undated.is_empty() {
            return Absence::OnlyUndated { topic: plan.topic.clone(), places: undated };
        }
        if is_bound && entries == 0 {
            return nothing_in_period(plan, self.entries);
        }
        let is_within = |payload: &&Payload| {
            payload.span().is_some_and(|span| spans.iter().any(|asked| asked.overlaps(span)))
        };
        let (near, mentioned) = match filed {
            Some(filed) => {
                let filed = filed.into_iter().filter_map(near_entry);
                (nearest(&spans, filed), places(payloads().filter(is_within)))
            }
            None => (nearest(&spans, payloads().filter_map(near)), Vec::new()),
        };
        Absence::NothingOnTopic {
            topic: plan.topic.clone(),
            entries,
            covered: covered(self.entries),
            nearest: near,
            mentioned,
        }
    }

    /// What is filed under the topic of a plan, where the logbook is filed by topics.
    fn filed(&self, plan: &Plan) -> Option<Vec<&EntryRecord>> {
        filed(self.entries, &self.reader.query_words(&plan.topic), &self.reader)
    }
}

/// What a filter leaves of any time.
pub(super) fn at_any_time(filter: &Filter) -> Filter {
    let weekdays = Weekdays::default();
    Filter { spans: Vec::new(), without: Vec::new(), weekdays, ..filter.clone() }
}

/// Whether every period of a plan is a day.
fn names_days(plan: &Plan) -> bool {
    plan.spans.iter().all(|asked| asked.precision == Precision::Day)
}

/// Whether an entry lies in a filter's spans, on its weekdays, and has its tags.
pub(super) fn passes(entry: &EntryRecord, filter: &Filter) -> bool {
    let overlaps = |spans: &[Span]| {
        entry.span.is_some_and(|span| spans.iter().any(|other| span.overlaps(*other)))
    };
    (filter.spans.is_empty() || overlaps(&filter.spans))
        && !overlaps(&filter.without)
        && (filter.weekdays.is_empty()
            || entry.span.is_some_and(|span| filter.weekdays.contains_day(span)))
        && filter.tags.iter().all(|tag| entry.tags.contains(tag))
        && (filter.notes.is_empty()
            || filter.notes.iter().any(|(root, path)| (root, path) == (&entry.root, &entry.path)))
}
