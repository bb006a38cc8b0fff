//! A picture of the logbook: entries by month.

use std::collections::BTreeMap;

/// One block a month, higher for more entries.
const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// A row a year: twelve blocks, one a month, and the number of entries; an empty month is a dot.
#[must_use]
pub(super) fn months(counts: &BTreeMap<(i16, i8), usize>) -> String {
    let Some(most) = counts.values().max() else { return String::new() };
    let first = counts.keys().next().map_or(0, |(year, _)| *year);
    let last = counts.keys().next_back().map_or(0, |(year, _)| *year);
    let mut picture = String::from("      JFMAMJJASOND\n");
    for year in first..=last {
        let of = |month: i8| counts.get(&(year, month)).copied().unwrap_or_default();
        let total: usize = (1..=12).map(of).sum();
        if total == 0 && last - first > 40 {
            continue;
        }
        let row: String = (1..=12).map(|month| block(of(month), *most)).collect();
        picture.push_str(&format!("{year:>5} {row} {total:>5}\n"));
    }
    picture
}

fn block(count: usize, most: usize) -> char {
    if count == 0 {
        return '·';
    }
    let height = (count * BLOCKS.len()).div_ceil(most.max(1));
    BLOCKS[height.clamp(1, BLOCKS.len()) - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_as_high_as_it_has_entries() {
        let counts = BTreeMap::from([((2022, 1), 8), ((2022, 12), 1), ((2023, 2), 4)]);
        assert_eq!(
            months(&counts),
            "      JFMAMJJASOND\n 2022 █··········▁     9\n 2023 ·▄··········     4\n"
        );
    }
}
