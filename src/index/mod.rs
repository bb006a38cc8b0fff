//! What is stored of a logbook: points for Qdrant, and the state beside them in SQLite.

mod committed;
mod irregular;
mod mentions;
mod point;
mod rows;
mod state;
mod terms;
mod vocabulary;

pub use committed::Committed;
pub use mentions::mention_keys;
pub use point::{Draft, Place, drafts};
pub use state::{
    Build, EntryRecord, Identity, NamedPoints, NoteRecord, NoteState, Placed, Seal, Session, State,
    Sums, Turn, Unread, WeakDates, no_index,
};
pub(crate) use terms::folded;
pub use terms::{Term, TermReader, passage_vector, query_vector, weighted_vector};
pub use vocabulary::{Direction, Vocabulary, WORDS_MAX, direction};
