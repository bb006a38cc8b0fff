//! What an entry is called, beside its date.

use crate::logbook::{month_named, weekday_named};

/// A title without the dates that it or one of its headings begins with, and without the marks that
/// held them: `June 2021 › Tuesday 22 — a talk` is `a talk`.
#[must_use]
pub fn without_date(title: &str) -> String {
    let parts: Vec<String> =
        title.split('›').map(part_without_date).filter(|part| !part.is_empty()).collect();
    parts.join(" › ")
}

fn part_without_date(title: &str) -> String {
    let is_mark = |c: char| c.is_whitespace() || "-–—:,._/|·".contains(c);
    let words: Vec<&str> = title.split_whitespace().collect();
    let mut dated = 0;
    while let Some(word) = words.get(dated) {
        let before = dated.checked_sub(1).map(|place| words[place]);
        let is_date = match dating(word) {
            Dating::Day => {
                before.is_some_and(|word| dating(word) == Dating::Name)
                    || words.get(dated + 1).is_some_and(|word| dating(word) == Dating::Name)
            }
            Dating::Year | Dating::Name => true,
            Dating::None if dated > 0 && matches!(*word, "and" | "to" | "et" | "à" | "au") => {
                let next = words.get(dated + 1);
                next.is_some_and(|next| matches!(dating(next), Dating::Year | Dating::Name))
            }
            Dating::None => word.chars().all(is_mark) && dated > 0,
        };
        if !is_date {
            break;
        }
        dated += 1;
    }
    words[dated..].join(" ").trim_matches(is_mark).to_owned()
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Dating {
    /// A month, a weekday.
    Name,
    /// A number that may be a day.
    Day,
    /// A year, or a whole date in digits.
    Year,
    None,
}

/// What a word of a title says of a date.
fn dating(word: &str) -> Dating {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    let digits = bare.trim_end_matches(|c: char| c.is_alphabetic());
    let is_number = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    let ending = &bare[digits.len()..];
    let mut parts = bare.split(['-', '–', '_', '/', '.']);
    if month_named(bare).is_some() || weekday_named(bare).is_some() {
        Dating::Name
    } else if is_number(bare) && bare.len() == 4
        || bare.contains(['-', '–', '_', '/', '.']) && parts.all(is_number)
    {
        Dating::Year
    } else if is_number(digits)
        && digits.len() <= 2
        && matches!(ending, "" | "st" | "nd" | "rd" | "th" | "er")
    {
        Dating::Day
    } else {
        Dating::None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_read_without_its_date() {
        for (title, expected) in [
            ("2022-02-08", ""),
            ("Mardi 21 juin", ""),
            ("2023-11-21 — handing over the archive", "handing over the archive"),
            ("2022_07_19", ""),
            ("Lundi 13", ""),
            ("March 14th, 2022", ""),
            ("Experiment 1: summaries of tickets", "Experiment 1: summaries of tickets"),
            ("10 things to know", "10 things to know"),
            ("What I want from 2022", "What I want from 2022"),
            ("The book (second edition)", "The book (second edition)"),
            ("Annecy", "Annecy"),
            ("2003–2007: engineering school", "engineering school"),
            ("2018 and 2019: joining the bank", "joining the bank"),
            ("2018 and 10 lessons", "and 10 lessons"),
            ("March and I", "and I"),
            ("Avril 2021 › Mercredi 14 avril", ""),
            ("› 2020-05-06", ""),
            ("Running › 2022-03-13", "Running"),
            (
                "Worklog › 2023-04-27 — reranking, not convinced",
                "Worklog › reranking, not convinced",
            ),
            ("", ""),
        ] {
            assert_eq!(without_date(title), expected, "{title}");
        }
    }
}
