//! A search as both engines run it, and the order of what they give back.

use uuid::Uuid;

use crate::services::{Search, SparseVector};

/// The vectors that a search has something to ask of.
#[derive(Clone, Copy, Debug)]
pub(super) enum Asked<'search> {
    /// Nothing to search by, or nothing wanted.
    Nothing,
    /// The embeddings alone.
    Dense(&'search [f32]),
    /// The term weights alone.
    Sparse(&'search SparseVector),
    /// Both, to be fused.
    Both(&'search [f32], &'search SparseVector),
}

impl<'search> Asked<'search> {
    /// Leaves out a vector without terms, which no point could match.
    pub(super) fn of(search: &'search Search) -> Self {
        if search.limit == 0 {
            return Self::Nothing;
        }
        let sparse = search.sparse.as_ref().filter(|sparse| !sparse.indices.is_empty());
        match (search.dense.as_deref(), sparse) {
            (Some(dense), Some(sparse)) => Self::Both(dense, sparse),
            (Some(dense), None) => Self::Dense(dense),
            (None, Some(sparse)) => Self::Sparse(sparse),
            (None, None) => Self::Nothing,
        }
    }
}

/// How many points a fusion can bring together at most.
///
/// All of them are asked for, since the engine leaves equal scores in random order, and cutting
/// them there would answer the same question differently from one run to the next.
pub(super) fn fused_max(search: &Search) -> u64 {
    prefetch(search).saturating_mul(2)
}

/// How many points of each vector's search are fused, at least one.
pub(super) fn prefetch(search: &Search) -> u64 {
    search.prefetch.max(1)
}

/// The best of them, best first, equal scores by id.
pub(super) fn best(mut ranked: Vec<(Uuid, f32)>, limit: u64) -> Vec<(Uuid, f32)> {
    ranked.sort_by(|(left_id, left), (right_id, right)| {
        right.total_cmp(left).then_with(|| left_id.cmp(right_id))
    });
    ranked.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    ranked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_scores_are_ordered_by_id() {
        let id = Uuid::from_u128;
        let ranked = vec![(id(3), 0.5), (id(2), 0.5), (id(9), 0.9), (id(1), 0.1)];
        assert_eq!(best(ranked, 3), [(id(9), 0.9), (id(2), 0.5), (id(3), 0.5)]);
    }
}
