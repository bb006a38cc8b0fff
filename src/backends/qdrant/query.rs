//! The order of what a search gives back.

use uuid::Uuid;

use crate::services::{Query, Search};

/// Whether a search can find anything: no point matches a vector without terms.
pub(super) fn is_empty(search: &Search) -> bool {
    let has_terms = match &search.query {
        Query::Dense(_) => true,
        Query::Sparse(sparse) => !sparse.indices.is_empty(),
    };
    search.limit == 0 || !has_terms
}

/// What was found, best first, equal scores by id.
pub(super) fn best_first(mut ranked: Vec<(Uuid, f32)>) -> Vec<(Uuid, f32)> {
    ranked.sort_by(|(left_id, left), (right_id, right)| {
        right.total_cmp(left).then_with(|| left_id.cmp(right_id))
    });
    ranked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_scores_are_ordered_by_id() {
        let id = Uuid::from_u128;
        let ranked = vec![(id(3), 0.5), (id(2), 0.5), (id(9), 0.9), (id(1), 0.1)];
        assert_eq!(best_first(ranked), [(id(9), 0.9), (id(2), 0.5), (id(3), 0.5), (id(1), 0.1)]);
    }
}
