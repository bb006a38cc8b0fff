//! Passages and sources as text.

use super::escape::shown;
use crate::ask::{Checked, Citation, Passage, without_date};

/// A passage with where it stands, its date, and its first lines.
#[must_use]
pub fn passage_block(passage: &Passage, explain: bool) -> String {
    let date = passage.span.map_or_else(|| "undated".to_owned(), |span| span.to_string());
    let mut block = format!("{}  {date}  {}\n", passage.place(), passage.breadcrumb.join(" › "));
    if explain {
        let score = passage.score;
        block.push_str(&format!(
            "    score {:.3}: words {:.2}, meaning {:.3}, share of the words {:.0}%, period {:.0}%\n",
            score.total,
            score.sparse,
            score.dense,
            100.0 * score.coverage,
            100.0 * score.period
        ));
    }
    for line in passage.text.lines() {
        let indent = if line.is_empty() { "" } else { "    " };
        block.push_str(&format!("{indent}{line}\n"));
    }
    shown(&block)
}

/// The sources of an answer, a line each: number, `path:line`, days, and the title where it says
/// more than they do.
#[must_use]
pub fn sources(citations: &[Citation]) -> String {
    let number = |citation: &Citation| format!("[{}]", citation.number);
    let numbers = citations.iter().map(|citation| number(citation).len()).max().unwrap_or_default();
    let width = citations.iter().map(|citation| place(citation).len()).max().unwrap_or_default();
    let mut text = String::new();
    for citation in citations {
        let date = citation.span.map_or_else(|| "undated".to_owned(), |span| span.to_string());
        let title = without_date(&citation.title);
        let gap = if title.is_empty() { "" } else { "  " };
        let state = match citation.state {
            Checked::Stale => "  (the note has changed since)",
            Checked::Gone => "  (the note is gone)",
            Checked::Fresh => "",
        };
        text.push_str(&format!(
            "{:<numbers$} {:<width$}  {date}{gap}{title}{state}\n",
            number(citation),
            place(citation),
        ));
    }
    if text.is_empty() { text } else { format!("\n{text}") }
}

fn place(citation: &Citation) -> String {
    format!("{}:{}", citation.path, citation.lines.first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logbook::{Lines, Span};

    fn citation(number: usize, title: &str) -> Citation {
        Citation {
            number,
            root: "notes".to_owned(),
            path: "a.md".to_owned(),
            lines: Lines { first: number.try_into().unwrap(), last: 20 },
            span: Span::day("2021-03-07".parse().unwrap()),
            title: title.to_owned(),
            state: Checked::Fresh,
        }
    }

    #[test]
    fn numbers_stand_under_each_other_and_dates_are_said_once() {
        let cited = [
            citation(9, "2021-03-07"),
            citation(10, "Running › 2021-03-07"),
            citation(11, "March 2021 › Sunday 7 March"),
        ];
        insta::assert_snapshot!(sources(&cited).trim(), @"
        [9]  a.md:9   2021-03-07
        [10] a.md:10  2021-03-07  Running
        [11] a.md:11  2021-03-07
        ");
    }
}
