//! Measuring retrieval, coverage and abstention against line-level gold.
//!
//! Recall is read against a budget of words rather than of passages, so that passages of any size
//! compare.

mod question;
mod score;

pub use question::{Gold, PredictedPassage, Prediction, Question, Window, questions};
pub use score::{Abstention, BUDGETS, Row, Scores, score};
