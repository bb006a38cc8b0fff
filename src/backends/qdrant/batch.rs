//! How points are divided for writing.

use crate::services::Point;

/// About how many bytes a point takes.
pub(super) fn bytes(point: &Point) -> usize {
    const OTHER_FIELDS: usize = 1024;
    4 * point.dense.as_ref().map_or(0, Vec::len)
        + 8 * point.sparse.indices.len()
        + point.payload.text.len()
        + OTHER_FIELDS
}

/// Consecutive parts within both limits; something larger than the limit stands alone.
pub(super) fn batches<Item>(
    items: &[Item],
    items_max: usize,
    bytes_max: usize,
    bytes: impl Fn(&Item) -> usize,
) -> Vec<&[Item]> {
    let mut batches = Vec::new();
    let (mut start, mut total) = (0, 0);
    for (position, item) in items.iter().enumerate() {
        let size = bytes(item);
        let is_full = position - start >= items_max || total + size > bytes_max;
        if is_full && position > start {
            batches.push(&items[start..position]);
            (start, total) = (position, 0);
        }
        total += size;
    }
    if start < items.len() {
        batches.push(&items[start..]);
    }
    batches
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fault 105: more than a message may hold.
    #[test]
    fn a_batch_keeps_within_both_limits() {
        let check = |sizes: &[usize], expected: &[&[usize]]| {
            assert_eq!(batches(sizes, 3, 10, |size| *size), expected);
        };
        check(&[], &[]);
        check(&[1, 1, 1, 1], &[&[1, 1, 1], &[1]]);
        check(&[5, 5, 5], &[&[5, 5], &[5]]);
        check(&[99, 1, 99, 99], &[&[99], &[1], &[99], &[99]]);
    }
}
