//! The points that are in the index, against those that the state names.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use uuid::Uuid;

use crate::{
    error::{Exit, Result},
    index::State,
    services::Index,
};

/// How many ids are asked for at once.
const PAGE: usize = 1024;

/// What an index holds, compared with what the state says.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Comparison {
    /// How many chunks the state names.
    pub committed: usize,
    /// How many of them are not in the index, by root and path of their note.
    #[serde(serialize_with = "as_list")]
    pub lost: BTreeMap<(String, String), usize>,
    /// The points of the index that the state does not name.
    pub orphans: Vec<Uuid>,
    /// How many points the index gives more than once, or more than one note names.
    pub doubled: usize,
    /// How many chunks can't be read, or are another's than the state says.
    pub unreadable: usize,
}

impl Comparison {
    /// How many chunks are lost.
    #[must_use]
    pub fn lost_count(&self) -> usize {
        self.lost.values().sum()
    }

    /// Whether the index holds what it should, once, and nothing else.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.lost.is_empty() && self.orphans.is_empty() && self.doubled + self.unreadable == 0
    }
}

fn as_list<S: serde::Serializer>(
    lost: &BTreeMap<(String, String), usize>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Lost<'a> {
        root: &'a str,
        path: &'a str,
        chunks: usize,
    }
    serializer.collect_seq(lost.iter().map(|((root, path), chunks)| Lost {
        root,
        path,
        chunks: *chunks,
    }))
}

/// Compares an index with the state.
///
/// # Errors
/// When one of them can't be read at all.
pub fn compare(state: &State, index: &dyn Index) -> Result<Comparison> {
    let mut found: HashMap<Uuid, usize> = HashMap::new();
    for id in index.ids()? {
        *found.entry(id).or_default() += 1;
    }
    let mut comparison = Comparison {
        doubled: found.values().filter(|count| **count > 1).count(),
        ..Comparison::default()
    };
    let mut named: HashMap<Uuid, (String, String)> = HashMap::new();
    for (note, ids) in state.named_points()? {
        comparison.committed += ids.len();
        for id in ids {
            if !found.contains_key(&id) {
                *comparison.lost.entry(note.clone()).or_default() += 1;
            } else if named.insert(id, note.clone()).is_some() {
                comparison.doubled += 1;
            }
        }
    }
    comparison.orphans = found.into_keys().filter(|id| !named.contains_key(id)).collect();
    comparison.orphans.sort_unstable();
    let ids: Vec<Uuid> = named.keys().copied().collect();
    for page in ids.chunks(PAGE) {
        comparison.unreadable += unreadable(index, page, &named)?;
    }
    Ok(comparison)
}

/// How many of these points are not those of their notes. A page that can't be read is read again one
/// by one.
fn unreadable(
    index: &dyn Index,
    ids: &[Uuid],
    named: &HashMap<Uuid, (String, String)>,
) -> Result<usize> {
    let payloads = match index.payloads(ids) {
        Ok(payloads) => payloads,
        Err(error) if error.exit() == Exit::Unreachable => return Err(error),
        Err(_) if ids.len() == 1 => return Ok(1),
        Err(_) => {
            return ids.iter().map(|id| unreadable(index, std::slice::from_ref(id), named)).sum();
        }
    };
    let is_right = |id: &Uuid, root: &str, path: &str| {
        named.get(id).is_some_and(|note| (note.0.as_str(), note.1.as_str()) == (root, path))
    };
    let right =
        payloads.iter().filter(|(id, payload)| is_right(id, &payload.root, &payload.path)).count();
    Ok(ids.len() - right)
}
