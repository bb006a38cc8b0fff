//! Passages and sources as text.

use super::{
    escape::{one_line, shown},
    fold::Fold,
    links::Links,
};
use crate::ask::{Checked, Citation, Passage, without_date};

/// A passage with where it stands, its date, and its first lines.
#[must_use]
pub fn passage_block(passage: &Passage, explain: bool) -> String {
    let date = passage.span.map_or_else(|| "undated".to_owned(), |span| span.to_string());
    let breadcrumb = one_line(&passage.breadcrumb.join(" › "));
    let mut block = format!("{}  {date}  {breadcrumb}\n", passage.place());
    if explain {
        let score = passage.score;
        let related =
            (score.related > 0.0).then(|| format!(", related words {:.2}", score.related));
        let rerank = score.rerank.map(|rerank| format!(", reranked {rerank:.3}"));
        block.push_str(&format!(
            "    score {:.3}: words {:.2}{}, meaning {:.3}, share of the words {:.0}%, of the title {:.0}%, period {:.0}%{}\n",
            score.total,
            score.sparse,
            related.unwrap_or_default(),
            score.dense,
            100.0 * score.coverage,
            100.0 * score.title,
            100.0 * score.period,
            rerank.unwrap_or_default()
        ));
    }
    for line in passage.text.lines() {
        let indent = if line.is_empty() { "" } else { "    " };
        block.push_str(&format!("{indent}{line}\n"));
    }
    if !passage.also.is_empty() {
        block.push_str(&format!("    the same in {}\n", passage.also.join(", ")));
    }
    shown(&block)
}

/// The sources of an answer, a line each: number, `path:line`, days, and the title where it says
/// more than they do.
#[must_use]
pub(super) fn sources(citations: &[Citation]) -> String {
    let (numbers, width) = (numbers(citations), width(citations));
    let mut text = String::new();
    for citation in citations {
        let title = without_date(&citation.title);
        let gap = if title.is_empty() { "" } else { "  " };
        let state = state(citation).map_or_else(String::new, |state| format!("  {state}"));
        text.push_str(&format!(
            "{:<numbers$} {:<width$}  {}{gap}{title}{state}\n",
            number(citation),
            citation.place(),
            date(citation),
        ));
    }
    shown(&text)
}

/// The same for a terminal: linked, and folded under their text.
#[must_use]
pub(super) fn linked_sources(citations: &[Citation], links: &Links, columns: usize) -> String {
    let (numbers, width) = (numbers(citations), width(citations));
    let mut text = String::new();
    for citation in citations {
        let place = citation.place();
        let room = " ".repeat(width - place.chars().count());
        let url = links.of(&place);
        let place = shown(&place);
        let linked = url.map_or_else(|| place.clone(), |url| Links::wrapped(url, &place));
        let mut fold = Fold::new(columns);
        fold.hang(&format!("{:<numbers$} ", number(citation)), &mut text);
        // A space of its own keeps the columns two apart.
        fold.word(&format!("{place}{room} "), &format!("{linked}{room} "), &mut text);
        let date = format!("{} ", date(citation));
        fold.word(&date, &date, &mut text);
        let title = shown(&without_date(&citation.title));
        for word in title.split_whitespace().chain(state(citation)) {
            fold.word(word, word, &mut text);
        }
        text.push('\n');
    }
    text
}

fn number(citation: &Citation) -> String {
    format!("[{}]", citation.number)
}

fn numbers(citations: &[Citation]) -> usize {
    citations.iter().map(|citation| number(citation).len()).max().unwrap_or_default()
}

fn width(citations: &[Citation]) -> usize {
    citations.iter().map(|citation| citation.place().chars().count()).max().unwrap_or_default()
}

fn date(citation: &Citation) -> String {
    citation.span.map_or_else(|| "undated".to_owned(), |span| span.to_string())
}

/// Whether the note still says what is cited.
fn state(citation: &Citation) -> Option<&'static str> {
    match citation.state {
        Checked::Stale => Some("(the note has changed since)"),
        Checked::Gone => Some("(the note is gone)"),
        Checked::Fresh => None,
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::logbook::{Lines, Span};

    fn citation(number: usize, path: &str, title: &str) -> Citation {
        Citation {
            number,
            root: "notes".to_owned(),
            path: path.to_owned(),
            lines: Lines { first: 3, last: 4 },
            span: None,
            title: title.to_owned(),
            state: Checked::Stale,
        }
    }

    #[test]
    fn sources_are_plain_in_a_pipe_and_links_on_a_terminal() {
        let citations = [citation(1, "a.md", "Beans"), citation(2, "b/c d.md", "The lock")];
        assert_eq!(
            sources(&citations),
            "[1] a.md:3      undated  Beans  (the note has changed since)\n\
             [2] b/c d.md:3  undated  The lock  (the note has changed since)\n"
        );
        let links =
            Links::new(&citations, "file://{path}", &|it| Some(PathBuf::from("/h").join(&it.path)));
        let linked = linked_sources(&citations, &links, 30);
        assert!(linked.contains("\u{1b}]8;;file:///h/b/c%20d.md\u{1b}\\b/c d.md:3\u{1b}]8;;"));
        assert_eq!(
            anstream::adapter::strip_str(&linked).to_string(),
            "[1] a.md:3      undated  Beans\n    (the note has changed since)\n\
             [2] b/c d.md:3  undated  The\n    lock\n    (the note has changed since)\n"
        );
    }

    #[test]
    fn numbers_stand_under_each_other_and_dates_are_said_once() {
        let cited =
            [(9, "2021-03-07"), (10, "Running › 2021-03-07"), (11, "March 2021 › Sunday 7 March")];
        let cited = cited.map(|(number, title)| Citation {
            lines: Lines { first: number, last: 20 },
            span: Span::day("2021-03-07".parse().unwrap()),
            state: Checked::Fresh,
            ..citation(number as usize, "a.md", title)
        });
        insta::assert_snapshot!(sources(&cited).trim(), @"
        [9]  a.md:9   2021-03-07
        [10] a.md:10  2021-03-07  Running
        [11] a.md:11  2021-03-07
        ");
    }
}
