//! Points from one index to another, as they are.

use std::collections::HashSet;

use uuid::Uuid;

use crate::{
    error::{Error, Result},
    index::{Term, TermReader},
    services::{Index, Point},
};

/// How many points are carried at once.
const PAGE: usize = 256;
/// From so many points on, the new index is compacted.
const COMPACT_FROM: usize = 1_024;

/// What was carried over.
#[derive(Clone, Debug, Default)]
pub struct Copied {
    /// How many points.
    pub points: usize,
    /// The BLAKE3 sums of their embeddings, by which a cache knows them.
    pub embeddings: HashSet<[u8; 32]>,
    /// The terms of their texts and of what stands over them.
    pub terms: HashSet<Term>,
}

/// Carries these points over, and brings them to the disk.
///
/// # Errors
/// When one of them is missing, or an index can't be read or written.
pub fn copy(
    ids: &[Uuid],
    from: &dyn Index,
    to: &mut dyn Index,
    progress: &mut dyn FnMut(usize),
) -> Result<Copied> {
    let mut copied = Copied::default();
    let reader = TermReader::default();
    for page in ids.chunks(PAGE) {
        let points = from.points(page)?;
        if points.len() != page.len() {
            let missing = page.len() - points.len();
            return Err(Error::failed(format!(
                "the index lacks {missing} chunks that were stored"
            ))
            .hint("repair it first: `twin check --repair`"));
        }
        copied.embeddings.extend(points.iter().filter_map(sum));
        for Point { payload, .. } in &points {
            copied.terms.extend(reader.terms(&payload.whole_text(), payload.language));
        }
        to.upsert(&points)?;
        copied.points += points.len();
        progress(copied.points);
    }
    if copied.points >= COMPACT_FROM {
        to.compact()?;
    }
    to.flush()?;
    Ok(copied)
}

fn sum(point: &Point) -> Option<[u8; 32]> {
    let dense = point.dense.as_ref()?;
    let bytes: Vec<u8> = dense.iter().flat_map(|value| value.to_le_bytes()).collect();
    Some(*blake3::hash(&bytes).as_bytes())
}
