//! What a question asks: its topic, its periods, its intent, and how each was understood.
//!
//! A deterministic planner for English and French. It reads no clock: today is an argument.

mod types;

pub use types::{Asked, Intent, Plan, Turn};
