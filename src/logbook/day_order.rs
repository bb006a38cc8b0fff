//! Whether `02/03/2020` is the second of March or the third of February.
//!
//! People write such dates one way, so the ones of a logbook that can be read only one way tell how
//! to read the others. They are counted where dates count: in names, headings, the headers of jrnl,
//! bullets and front matter.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{dates::read_both_ways, decode::decode, names};

/// How many dates in three numbers say that the day comes first, and how many that the month does.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct DayVotes {
    /// Dates that can be read only with the day first.
    pub day_first: usize,
    /// Dates that can be read only with the month first.
    pub month_first: usize,
    /// Dates that can be read both ways, as different days.
    pub either: usize,
}

/// Whether the day comes first where both could, and why.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct DayOrder {
    /// Whether the day comes first.
    pub day_first: bool,
    /// Whether a setting says so.
    pub is_set: bool,
    /// The dates that say so otherwise.
    pub votes: DayVotes,
}

impl DayVotes {
    /// Whether there is any such date.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }

    /// Takes others in.
    pub fn add(&mut self, other: Self) {
        self.day_first += other.day_first;
        self.month_first += other.month_first;
        self.either += other.either;
    }

    fn count(&mut self, text: &str) {
        match read_both_ways(text) {
            Some((Some(_), None)) => self.day_first += 1,
            Some((None, Some(_))) => self.month_first += 1,
            Some((Some(usual), Some(american))) if usual != american => self.either += 1,
            _ => {}
        }
    }
}

impl DayOrder {
    /// What a setting says, else what most dates say; the day comes first when nothing does.
    #[must_use]
    pub fn new(set: Option<bool>, votes: DayVotes) -> Self {
        let day_first = set.unwrap_or(votes.month_first <= votes.day_first);
        Self { day_first, is_set: set.is_some(), votes }
    }
}

impl fmt::Display for DayOrder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let read = if self.day_first { "2 March" } else { "3 February" };
        write!(formatter, "02/03/2020 is {read}")?;
        let DayVotes { day_first, month_first, .. } = self.votes;
        if self.is_set {
            write!(formatter, ", as logbook.day_first says")
        } else if day_first + month_first == 0 {
            write!(formatter, "; no date of the logbook tells which comes first")
        } else {
            write!(
                formatter,
                ", by the dates that can be read only one way: {day_first} with the day first, \
                 {month_first} with the month first"
            )
        }
    }
}

/// Counts the dates of a note that tell which comes first. `date_keys` are the keys of front matter
/// whose values may be dates.
#[must_use]
pub fn day_votes(path: &str, bytes: &[u8], date_keys: &[String]) -> DayVotes {
    let mut votes = DayVotes::default();
    let (folders, file) = path.rsplit_once('/').unwrap_or(("", path));
    for name in folders.split('/').chain([names::stem(file)]) {
        votes.count(name);
    }
    let Ok(text) = decode(bytes) else { return votes };
    let is_date_key = |key: &str| date_keys.iter().any(|known| known.eq_ignore_ascii_case(key));
    for line in text.split(['\n', '\r']) {
        // `date: …` in front matter, `date:: …` of Logseq, `#+date: …` of org-mode.
        match line.trim_start_matches(['#', '+', '-', ' ']).split_once(':') {
            Some((key, value)) if is_date_key(key.trim_end()) => {
                votes.count(value.trim_matches([':', ' ', '"', '\'']));
            }
            _ if line.starts_with(is_mark) => {
                let is_before = |first: char| is_mark(first) && !first.is_ascii_digit();
                votes.count(line.trim_start_matches(is_before));
            }
            _ => {}
        }
    }
    votes
}

/// Whether a line that begins so may begin with its date.
fn is_mark(first: char) -> bool {
    matches!(first, '#' | '*' | '-' | '+' | '[' | ']' | '<' | ' ') || first.is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, text: &str, expected: (usize, usize, usize)) {
        let votes = day_votes(path, text.as_bytes(), &["date".to_owned()]);
        assert_eq!((votes.day_first, votes.month_first, votes.either), expected, "{path}: {text}");
    }

    #[test]
    fn dates_are_counted_where_they_count() {
        check("14-03-2022.md", "", (1, 0, 0));
        check("03-14-2022/a.md", "", (0, 1, 0));
        check("a.md", "# 14/03/2022\n\n## 03/14/2022 a\n## Monday, 02/03/2022\n", (1, 1, 1));
        check("a.md", "---\nDate: \"14/03/2022\"\nother: 03/14/2022\n---\n", (1, 0, 0));
        check("a.md", "- date:: [[14/03/2022]]\n", (1, 0, 0));
        check("a.org", "#+date: <03/14/2022>\n* 14/03/2022\n", (1, 1, 0));
        check("a.txt", "[14/03/2022 09:00] a\n14.03.2022 09:00 b\n", (2, 0, 0));
        check("a.md", "- 03/14/2022: a\n- [x] 02/02/2022\n", (0, 1, 0));
        check("a.md", "on 14/03/2022\n\n# 2022-03-14\n# 31/31/2022\n## 1/2/3\n", (0, 0, 0));
        check("a.md", "# 02.03.2022\n", (1, 0, 0));
    }

    #[test]
    fn most_dates_decide_unless_it_is_set() {
        let check = |set, (day_first, month_first), expected: &str| {
            let votes = DayVotes { day_first, month_first, either: 1 };
            assert_eq!(DayOrder::new(set, votes).to_string(), expected);
        };
        check(
            None,
            (0, 0),
            "02/03/2020 is 2 March; no date of the logbook tells which comes first",
        );
        check(
            None,
            (1, 2),
            "02/03/2020 is 3 February, by the dates that can be read only one way: 1 with the day \
             first, 2 with the month first",
        );
        check(Some(true), (0, 2), "02/03/2020 is 2 March, as logbook.day_first says");
    }
}
