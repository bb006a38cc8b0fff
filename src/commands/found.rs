//! What the logbook has for a plan, in the part of it that the plan names, or else anywhere.

use super::{places, workspace::Services};
use crate::{
    ask::{Filters, Retrieved, Retriever},
    error::Result,
    plan::Plan,
};

/// What is found for a plan, and the plan as far as it held.
///
/// A part of the logbook that was read from words is a guess: where it leaves nothing, it is dropped
/// and that is said. What was typed as a flag is none, and stays.
pub(super) fn found(
    services: &Services,
    plan: Plan,
    flags: &Filters,
    find: impl Fn(&Retriever<'_>, &Plan, &Filters) -> Result<Retrieved>,
) -> Result<(Plan, Retrieved)> {
    let retriever = services.retriever();
    let (plan, filters) = places::resolved(plan, flags, retriever.entries, &retriever.reader);
    let retrieved = find(&retriever, &plan, &filters)?;
    if retrieved.absence.is_none() || plan.within.is_empty() {
        return Ok((plan, retrieved));
    }
    let plan = plan.everywhere();
    let retrieved = find(&retriever, &plan, flags)?;
    Ok((plan, retrieved))
}
