//! What is kept of conversations, as text.

use super::escape::shown;
use crate::{ask::Answer, index::Session};

/// An answer as a page of markdown has it: with its marks, its sources, and what is to be known of
/// it.
#[must_use]
pub fn answer_markdown(answer: &Answer) -> String {
    let mut page = format!("{}\n", answer.marked_text().trim());
    if !answer.citations.is_empty() {
        page.push('\n');
    }
    for citation in &answer.citations {
        page.push_str(&format!("- {}\n", citation.markdown()));
    }
    for note in &answer.notes {
        page.push_str(&format!("\n> {note}\n"));
    }
    page
}

/// The conversations, a line each: name, questions, and the day of the last one.
#[must_use]
pub fn sessions(sessions: &[Session]) -> String {
    let width = sessions.iter().map(|session| session.name.chars().count()).max();
    let width = width.unwrap_or_default();
    let line = |session: &Session| {
        let questions = if session.questions == 1 { "question" } else { "questions" };
        let Session { name, questions: count, day } = session;
        format!("{name:<width$}  {day}  {count} {questions}\n")
    };
    shown(&sessions.iter().map(line).collect::<String>())
}
