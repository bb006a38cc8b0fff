//! Entries without a date: no period has them, and none of them vanishes without being counted.

use std::collections::{BTreeSet, HashSet};

use super::{
    candidate::{Wanted, entry_of},
    retrieve::{Retriever, at_any_time, passes},
};
use crate::{
    error::Result,
    index::EntryRecord,
    plan::{Intent, Plan},
    services::Filter,
};

impl Retriever<'_> {
    /// How many entries a plan leaves out for nothing but that they have no date; where something is
    /// wanted, those that are about it, given the best share of its words that an entry has.
    pub(super) fn undated(
        &self,
        plan: &Plan,
        filter: &Filter,
        wanted: Option<(&Wanted<'_>, f32)>,
    ) -> Result<usize> {
        if !needs_dates(plan, filter) {
            return Ok(0);
        }
        let any_time = at_any_time(filter);
        let undated: Vec<&EntryRecord> = self
            .entries
            .iter()
            .filter(|entry| entry.span.is_none() && passes(entry, &any_time))
            .collect();
        if undated.is_empty() || wanted.is_none() && filter.mentions.is_empty() {
            return Ok(undated.len());
        }
        let notes: BTreeSet<(String, String)> =
            undated.iter().map(|entry| (entry.root.clone(), entry.path.clone())).collect();
        let among = Filter { notes: notes.into_iter().collect(), ..any_time };
        let Some((wanted, best_coverage)) = wanted else {
            let found = self.index.scroll(&among)?;
            let payloads = found.iter().map(|(_, payload)| payload);
            let payloads = payloads.filter(|it| it.span().is_none() && self.is_committed(it));
            return Ok(payloads.map(entry_of).collect::<HashSet<_>>().len());
        };
        let (found, _) = self.all_about(wanted, &among, best_coverage, 0)?;
        let payloads = found.iter().map(|candidate| &candidate.payload);
        let payloads = payloads.filter(|payload| payload.span().is_none());
        Ok(payloads.map(entry_of).collect::<HashSet<_>>().len())
    }
}

/// Whether an entry without a date can't be part of what a plan asks for.
fn needs_dates(plan: &Plan, filter: &Filter) -> bool {
    let is_ranked =
        matches!(plan.intent, Intent::First | Intent::Last | Intent::Most | Intent::Compare);
    is_ranked || !filter.spans.is_empty() || !filter.weekdays.is_empty()
}
