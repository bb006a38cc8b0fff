//! Measuring retrieval, coverage and abstention against line-level gold.
//!
//! Recall is read against a budget of words rather than of passages, so that passages of any size
//! compare.

mod compare;
mod generate;
mod question;
mod random;
mod score;

pub use compare::{Change, Comparison, Contrast, Difference, Pair, TOLD_AT, compare};
pub use generate::{Written, generate};
pub use question::{Gold, PredictedPassage, Prediction, Question, Window, questions, written};
pub use score::{Abstention, BUDGETS, Row, Scores, score};
