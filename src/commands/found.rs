//! What the logbook has for a plan, in the part of it that the plan names, or else anywhere.

use super::{places, workspace::Services};
use crate::{
    ask::{Filters, Retrieved, Retriever},
    error::Result,
    plan::Plan,
};

/// How passages are found for a plan.
#[derive(Clone, Copy)]
pub(super) enum Finding {
    /// Those that answer it, or why there are none.
    Answers,
    /// Those nearest to its topic.
    Nearest,
}

impl Finding {
    fn find(self, retriever: &Retriever<'_>, plan: &Plan, filters: &Filters) -> Result<Retrieved> {
        match self {
            Self::Answers => retriever.retrieve(plan, filters),
            Self::Nearest => retriever.find(plan, filters),
        }
    }
}

/// What is found for a plan, and the plan as far as it held.
///
/// A part of the logbook that was read from words is a guess: where it leaves nothing, it is dropped
/// and that is said. What was typed as a flag is none, and stays.
pub(super) fn found(
    services: &Services,
    plan: Plan,
    flags: &Filters,
    finding: Finding,
) -> Result<(Plan, Retrieved)> {
    let retriever = services.retriever();
    let plan = retriever.spelled(plan)?;
    let (plan, filters) = places::resolved(plan, flags, retriever.entries, &retriever.reader);
    let narrow = finding.find(&retriever, &plan, &filters)?;
    if narrow.absence.is_none() || plan.within.is_empty() {
        return Ok((plan, narrow));
    }
    let plan = plan.everywhere();
    let wide = finding.find(&retriever, &plan, flags)?;
    Ok((plan, wide))
}
