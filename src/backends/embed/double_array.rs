//! A trie in one array of words, which needs no building when it is loaded.
//!
//! The layout is that of darts-clone, so that the normalisation tables inside SentencePiece models
//! can be walked as they are. A word holds a label in its low eight bits, a mark for a value at
//! `0x100`, and the distance to its children above; a value has its highest bit set.
//! Keys have no zero bytes.

/// A trie from keys of bytes to numbers.
#[derive(Debug)]
pub(crate) struct DoubleArray {
    units: Vec<u32>,
}

impl DoubleArray {
    /// Takes an array that was built before.
    pub(crate) fn new(units: Vec<u32>) -> Self {
        Self { units }
    }

    /// Gives every key that the bytes start with, as its length and its value, shortest first.
    pub(crate) fn prefixes(&self, bytes: &[u8], mut found: impl FnMut(usize, u32)) {
        let Some(root) = self.units.first() else { return };
        let mut position = children(*root);
        for (index, byte) in bytes.iter().enumerate() {
            position ^= usize::from(*byte);
            let Some(unit) = self.units.get(position) else { return };
            if *byte == 0 || unit & (VALUE | 0xFF) != u32::from(*byte) {
                return;
            }
            position ^= children(*unit);
            if unit & HAS_VALUE != 0
                && let Some(value) = self.units.get(position)
            {
                found(index + 1, value & !VALUE);
            }
        }
    }
}

/// The bit that marks a word as a value.
const VALUE: u32 = 1 << 31;
const HAS_VALUE: u32 = 1 << 8;

fn children(unit: u32) -> usize {
    ((unit >> 10) << ((unit & 0x200) >> 6)) as usize
}

/// Builds the array of keys, which are sorted, differ, and have no zero bytes.
pub(crate) fn build(keys: &[(&[u8], u32)]) -> Vec<u32> {
    let mut builder = Builder { units: vec![0; BLOCK], blocks: vec![Block::default()] };
    builder.blocks[0].taken[0] = 1;
    let mut pending = vec![(keys, 0, 0)];
    while let Some((keys, depth, position)) = pending.pop() {
        let groups: Vec<_> =
            keys.chunk_by(|left, right| left.0.get(depth) == right.0.get(depth)).collect();
        let labels: Vec<u8> = groups.iter().map(|group| label(group[0].0, depth)).collect();
        if labels.is_empty() {
            continue;
        }
        let base = builder.place(&labels);
        builder.units[position] |= encode(position ^ base);
        for (group, label) in groups.into_iter().zip(labels) {
            let child = base ^ usize::from(label);
            if label == 0 {
                builder.units[position] |= HAS_VALUE;
                builder.units[child] = VALUE | group[0].1;
            } else {
                builder.units[child] = u32::from(label);
                pending.push((group, depth + 1, child));
            }
        }
    }
    builder.units
}

const BLOCK: usize = 256;

/// How many of the last blocks are searched for room.
const OPEN_BLOCKS: usize = 16;

/// An array in the making; children of one node always lie in one block.
struct Builder {
    units: Vec<u32>,
    blocks: Vec<Block>,
}

/// Which places of a block are taken, and which were a base; a bit a place.
#[derive(Clone, Copy, Default)]
struct Block {
    taken: [u64; 4],
    bases: [u64; 4],
}

impl Builder {
    /// Takes the places of a node's children and gives back their base.
    fn place(&mut self, labels: &[u8]) -> usize {
        let first_open = self.blocks.len().saturating_sub(OPEN_BLOCKS);
        let fit = (first_open..self.blocks.len())
            .find_map(|block| self.blocks[block].fit(labels).map(|base| (block, base)));
        let (block, base) = fit.unwrap_or_else(|| {
            self.blocks.push(Block::default());
            self.units.resize(self.units.len() + BLOCK, 0);
            (self.blocks.len() - 1, 0)
        });
        set(&mut self.blocks[block].bases, base);
        for label in labels {
            set(&mut self.blocks[block].taken, base ^ label);
        }
        block * BLOCK + usize::from(base)
    }
}

impl Block {
    fn fit(&self, labels: &[u8]) -> Option<u8> {
        let (first, rest) = labels.split_first()?;
        for (word, taken) in self.taken.iter().enumerate() {
            let mut free = !taken;
            while free != 0 {
                let place = u8::try_from(word * 64 + free.trailing_zeros() as usize).ok()?;
                free &= free - 1;
                let base = place ^ first;
                if !is_set(&self.bases, base)
                    && rest.iter().all(|label| !is_set(&self.taken, base ^ label))
                {
                    return Some(base);
                }
            }
        }
        None
    }
}

fn label(key: &[u8], depth: usize) -> u8 {
    key.get(depth).copied().unwrap_or(0)
}

fn set(bits: &mut [u64; 4], place: u8) {
    bits[usize::from(place / 64)] |= 1 << (place % 64);
}

fn is_set(bits: &[u64; 4], place: u8) -> bool {
    bits[usize::from(place / 64)] >> (place % 64) & 1 == 1
}

/// A distance as it stands in a word: in whole blocks once it is too long for its bits.
fn encode(distance: usize) -> u32 {
    let distance = u32::try_from(distance).unwrap_or(u32::MAX);
    if distance < 1 << 21 { distance << 10 } else { distance >> 8 << 10 | 0x200 }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn prefixes(trie: &DoubleArray, text: &[u8]) -> Vec<(usize, u32)> {
        let mut found = Vec::new();
        trie.prefixes(text, |length, value| found.push((length, value)));
        found
    }

    #[test]
    fn every_prefix_is_found_shortest_first() {
        let trie = DoubleArray::new(build(&[(b"a", 7), (b"ab", 0), (b"abcd", 3), (b"b", 4)]));
        assert_eq!(prefixes(&trie, b"abcde"), [(1, 7), (2, 0), (4, 3)]);
        assert_eq!(prefixes(&trie, b"abc"), [(1, 7), (2, 0)]);
        assert_eq!(prefixes(&trie, b"c"), []);
        assert_eq!(prefixes(&trie, b"\0"), []);
        assert_eq!(prefixes(&trie, b"a\0"), [(1, 7)]);
    }

    proptest! {
        #[test]
        fn it_finds_what_a_map_finds(
            keys in prop::collection::btree_map(
                prop::collection::vec(1u8..=255, 1..6), 0u32..1000, 0..400,
            ),
            text in prop::collection::vec(any::<u8>(), 0..8),
        ) {
            let sorted: Vec<_> = keys.iter().map(|(key, value)| (&key[..], *value)).collect();
            let trie = DoubleArray::new(build(&sorted));
            for start in keys.keys().chain([&text]) {
                let mut bytes = start.clone();
                bytes.extend(&text);
                prop_assert_eq!(prefixes(&trie, &bytes), expected(&keys, &bytes));
            }
        }
    }

    fn expected(keys: &BTreeMap<Vec<u8>, u32>, bytes: &[u8]) -> Vec<(usize, u32)> {
        (1..=bytes.len())
            .filter_map(|length| keys.get(&bytes[..length]).map(|value| (length, *value)))
            .collect()
    }
}
