//! The files of an evaluation: questions with their gold, and predictions.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    ask::Evidence,
    error::{Context as _, Error, Result},
};

/// A question with its gold.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Question {
    /// What it is called.
    pub id: String,
    /// The question.
    pub question: String,
    /// The kind of question that it is.
    pub category: String,
    /// Whether the logbook answers it.
    #[serde(default = "yes")]
    pub answerable: bool,
    /// The lines that answer it.
    #[serde(default)]
    pub evidence: Vec<Gold>,
    /// The period that it asks about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
    /// The day on which it is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked_on: Option<Date>,
    /// The questions of the same conversation before it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub previous: Vec<String>,
}

impl Question {
    /// Whether what is found for it can be held against lines.
    pub(super) fn has_gold(&self) -> bool {
        self.answerable && !self.evidence.is_empty()
    }
}

/// Lines that answer a question.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Gold {
    /// The note, below the folder of notes.
    pub file: String,
    /// The first line, from one.
    pub line_start: u32,
    /// The last line, included.
    pub line_end: u32,
}

/// A period, its last day included.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Window {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
}

/// What was retrieved for a question.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Prediction {
    /// The question's id.
    pub id: String,
    /// The passages, best first.
    pub passages: Vec<PredictedPassage>,
    /// Whether the answer is that the logbook does not say.
    pub abstained: bool,
    /// The best evidence that the topic is there.
    pub evidence: Evidence,
    /// How the question was understood.
    pub plan: String,
    /// The time it took, in milliseconds.
    pub latency_ms: f64,
}

/// A passage of a prediction.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct PredictedPassage {
    /// The note, below the folder of notes.
    pub file: String,
    /// The first line, from one.
    pub line_start: u32,
    /// The last line, included.
    pub line_end: u32,
    /// The days of the entry, last day included; none when it is undated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<(Date, Date)>,
    /// Whether it is no part of the answer, and only comes near one.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub beside: bool,
}

fn yes() -> bool {
    true
}

/// Writes questions, one JSON object a line.
///
/// # Errors
/// When one can't be written as JSON.
pub fn written(questions: &[Question]) -> Result<String> {
    let mut text = String::new();
    for question in questions {
        text.push_str(&serde_json::to_string(question).context(|| question.id.clone())?);
        text.push('\n');
    }
    Ok(text)
}

/// Reads questions, one JSON object a line.
///
/// # Errors
/// When a line is no question; the error names it.
pub fn questions(name: &str, text: &str) -> Result<Vec<Question>> {
    let mut questions = Vec::new();
    for (line_index, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let question = serde_json::from_str(line).map_err(|error| {
            Error::usage(format!("{name}:{}: not a question", line_index + 1)).caused_by(error)
        })?;
        questions.push(question);
    }
    if questions.is_empty() {
        return Err(Error::usage(format!("{name} holds no question"))
            .hint("one JSON object a line: id, question, category, answerable, evidence"));
    }
    Ok(questions)
}
