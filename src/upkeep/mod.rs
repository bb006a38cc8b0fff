//! Keeping an index dependable: what it holds is compared with what the state says, and taken from
//! one index to another without being embedded again.

mod compare;
mod copy;
mod files;
mod transfer;

pub use compare::{Comparison, compare};
pub use copy::{Copied, copy};
pub use files::damaged_files;
pub use transfer::{Counts, Header, Import, export};
