//! The log that git prints: a mark and the day of each commit, then what it adds and renames, the
//! oldest commit first, every field ended by a NUL.

use std::collections::BTreeMap;

use jiff::civil::Date;

/// What a commit's field begins with, so that no path is taken for one.
const COMMIT: u8 = 1;

/// The first day of each path below `prefix`, without the prefix.
pub(super) fn first_days(log: &[u8], prefix: &str) -> BTreeMap<String, Date> {
    let mut days: BTreeMap<&[u8], Date> = BTreeMap::new();
    let mut day = None;
    let mut fields =
        log.split(|byte| *byte == 0).map(|field| field.strip_prefix(b"\n").unwrap_or(field));
    while let Some(field) = fields.next() {
        match (field.first(), day) {
            (Some(&COMMIT), _) => {
                day = std::str::from_utf8(&field[1..]).ok().and_then(|text| text.parse().ok());
            }
            (Some(b'A'), Some(day)) => {
                let Some(path) = fields.next() else { break };
                days.entry(path).or_insert(day);
            }
            (Some(b'R'), Some(day)) => {
                let Some((from, to)) = fields.next().zip(fields.next()) else { break };
                let first = days.remove(from).unwrap_or(day);
                days.entry(to).or_insert(first);
            }
            _ => {}
        }
    }
    days.into_iter()
        .filter_map(|(path, day)| {
            let path = std::str::from_utf8(path).ok()?.strip_prefix(prefix)?;
            Some((path.to_owned(), day))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(log: &str, prefix: &str, expected: &[&str]) {
        let log = log.replace(' ', "\0").replace('@', "\u{1}");
        let days = first_days(log.as_bytes(), prefix);
        let days: Vec<String> = days.iter().map(|(path, day)| format!("{path} {day}")).collect();
        assert_eq!(days, expected, "{log:?}");
    }

    #[test]
    fn the_oldest_commit_that_adds_a_path_dates_it() {
        check(
            "@2020-01-02 \nA a.md A b.md @2021-01-01 \nA a.md @2022-01-01 \nA c.md ",
            "",
            &["a.md 2020-01-02", "b.md 2020-01-02", "c.md 2022-01-01"],
        );
    }

    #[test]
    fn renames_are_followed_from_one_to_the_next() {
        check(
            "@2020-01-02 \nA a.md @2021-01-01 \nR100 a.md b.md @2022-01-01 \nR060 b.md c.md A a.md ",
            "",
            &["a.md 2022-01-01", "c.md 2020-01-02"],
        );
        check("@2021-01-01 \nR100 a.md b.md ", "", &["b.md 2021-01-01"]);
    }

    #[test]
    fn only_what_lies_below_the_folder_counts() {
        check("@2020-01-02 \nA notes/a.md A b.md ", "notes/", &["a.md 2020-01-02"]);
    }

    #[test]
    fn what_is_no_log_says_nothing() {
        check("A a.md R100 ", "", &[]);
        check("@soon \nA a.md @2020-01-02 \nR100 a.md", "", &[]);
    }
}
