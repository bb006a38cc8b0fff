//! Measuring retrieval, coverage and abstention against line-level gold.
//!
//! Recall is read against a budget of words rather than of passages, so that passages of any size
//! compare.

mod compare;
mod question;
mod random;
mod score;

pub use compare::{Change, Comparison, Contrast, Difference, Pair, TOLD_AT, compare};
pub use question::{Gold, PredictedPassage, Prediction, Question, Window, questions};
pub use score::{Abstention, BUDGETS, Row, Scores, score};
