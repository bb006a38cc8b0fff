//! What may leave the machine: which entries go where, and what is taken out of their text first.
//!
//! Everything here is decided without input or output; what stands between the notes and a model is
//! a [`Guard`], and only through it is a model asked.

mod entry;
mod guard;
mod guarded;
mod log;
mod rules;
mod secrets;

pub use entry::Entry;
pub use guard::{Announce, Guard, Kept, KeptPassage};
pub use guarded::{GuardedChat, GuardedEmbedder};
pub use log::RequestLog;
pub use rules::{Level, Rules};
pub use secrets::{SECRET, mask, secret_lines};
