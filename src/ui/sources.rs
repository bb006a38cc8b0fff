//! Passages and sources as text.

use super::escape::shown;
use crate::ask::{Checked, Citation, Passage};

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

/// The sources of an answer, a line each: number, `path:line`, days, title.
#[must_use]
pub fn sources(citations: &[Citation]) -> String {
    let width = citations.iter().map(|citation| place(citation).len()).max().unwrap_or_default();
    let mut text = String::new();
    for citation in citations {
        let date = citation.span.map_or_else(|| "undated".to_owned(), |span| span.to_string());
        let state = match citation.state {
            Checked::Stale => "  (the note has changed since)",
            Checked::Gone => "  (the note is gone)",
            Checked::Fresh => "",
        };
        text.push_str(&format!(
            "[{}] {:<width$}  {date}  {}{state}\n",
            citation.number,
            place(citation),
            citation.title
        ));
    }
    if text.is_empty() { text } else { format!("\n{text}") }
}

fn place(citation: &Citation) -> String {
    format!("{}:{}", citation.path, citation.lines.first)
}
