//! The files of an index, against the sums that were taken of them.

use crate::index::Sums;

/// The folder of the engine's log, of which old parts go by themselves.
const LOG: &str = "wal/";

/// The files that are not as they were written, or that nobody wrote.
#[must_use]
pub fn damaged_files(sealed: &Sums, found: &Sums) -> Vec<String> {
    let changed = sealed.iter().filter(|(name, sum)| match found.get(*name) {
        Some(other) => other != *sum,
        None => !name.starts_with(LOG),
    });
    let foreign = found.keys().filter(|name| !sealed.contains_key(*name) && !name.starts_with(LOG));
    changed.map(|(name, _)| name).chain(foreign).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_changed_is_damaged_and_old_log_may_go() {
        let sums = |files: &[(&str, &str)]| -> Sums {
            files.iter().map(|(name, sum)| ((*name).to_owned(), (*sum).to_owned())).collect()
        };
        let sealed = sums(&[("a", "1"), ("b", "2"), ("wal/1", "3"), ("wal/2", "4")]);
        let check = |found: &[(&str, &str)], expected: &[&str]| {
            assert_eq!(damaged_files(&sealed, &sums(found)), expected);
        };
        check(&[("a", "1"), ("b", "2"), ("wal/1", "3"), ("wal/2", "4")], &[]);
        check(&[("a", "1"), ("b", "2"), ("wal/2", "4"), ("wal/3", "5")], &[]);
        check(&[("a", "0"), ("wal/2", "0"), ("c", "1")], &["a", "b", "wal/2", "c"]);
    }
}
