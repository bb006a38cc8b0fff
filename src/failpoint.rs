//! The steps at which a test ends the process, to see what the next one makes of what is left.
//!
//! Without the feature `failpoints` a step is nothing, and no program that is shipped has it. Tests are
//! built with it: there, `FAILPOINTS=PointsFlushed=return` aborts the process at that step, which runs
//! no destructor and flushes nothing, and `FAILPOINTS=PointsFlushed=1*off->return` does so when the step
//! comes for the second time (the notation of the crate `fail`).

/// Every step of a commit, in the order in which they come.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Step {
    /// The file of the state is there.
    StateMade,
    /// The state names the first build as the one that serves.
    ServingNamed,
    /// A build beside is named as left over.
    BuildNamed,
    /// The state says what the new index is made with.
    IdentityNamed,
    /// The files of an index are made, beside their place.
    IndexUnfinished,
    /// They are in their place.
    IndexMade,
    /// New embeddings are in the cache.
    EmbeddingsKept,
    /// What is stored is no longer what the last run left.
    SealBroken,
    /// New points are given to the index.
    PointsWritten,
    /// They are on the disk.
    PointsFlushed,
    /// The state names them, in a transaction that is still open.
    StateWritten,
    /// The state names them.
    StateCommitted,
    /// The points that they replace are deleted.
    ReplacedDeleted,
    /// That is on the disk.
    ReplacedFlushed,
    /// The state no longer names the points of notes that are gone.
    GoneForgotten,
    /// These points are deleted.
    GoneDeleted,
    /// The points that no note has are found.
    OrphansFound,
    /// They are deleted.
    OrphansDeleted,
    /// That is on the disk.
    OrphansFlushed,
    /// The state knows when the run began.
    RunRemembered,
    /// Everything is committed and not yet sealed.
    Unsealed,
    /// What is stored is sealed.
    Sealed,
    /// Everything but the purged notes is carried over.
    Copied,
    /// Their embeddings and words are forgotten.
    EmbeddingsForgotten,
    /// The conversations and maps that may name them are forgotten.
    ConversationsForgotten,
    /// A repair has let go of the notes whose points are lost.
    LostForgotten,
    /// The build beside is whole.
    BuildWhole,
    /// It takes over, in a transaction that is still open.
    TakingOver,
    /// It serves.
    TakenOver,
    /// A build that does not serve is removed, and still named as left over.
    LeftOverRemoved,
    /// Nothing is named as left over.
    NothingLeftOver,
    /// What was purged is in no file of the state.
    ForgottenForGood,
}

impl Step {
    /// Every step.
    pub const ALL: [Self; 32] = [
        Self::StateMade,
        Self::ServingNamed,
        Self::BuildNamed,
        Self::IdentityNamed,
        Self::IndexUnfinished,
        Self::IndexMade,
        Self::EmbeddingsKept,
        Self::SealBroken,
        Self::PointsWritten,
        Self::PointsFlushed,
        Self::StateWritten,
        Self::StateCommitted,
        Self::ReplacedDeleted,
        Self::ReplacedFlushed,
        Self::GoneForgotten,
        Self::GoneDeleted,
        Self::OrphansFound,
        Self::OrphansDeleted,
        Self::OrphansFlushed,
        Self::RunRemembered,
        Self::Unsealed,
        Self::Sealed,
        Self::Copied,
        Self::EmbeddingsForgotten,
        Self::ConversationsForgotten,
        Self::LostForgotten,
        Self::BuildWhole,
        Self::TakingOver,
        Self::TakenOver,
        Self::LeftOverRemoved,
        Self::NothingLeftOver,
        Self::ForgottenForGood,
    ];
}

/// Ends the process if a test has said so.
#[cfg(feature = "failpoints")]
pub fn reach(step: Step) {
    static READ: std::sync::Once = std::sync::Once::new();
    // What is set up would be undone when dropped, and is for as long as the process lives.
    READ.call_once(|| std::mem::forget(fail::FailScenario::setup()));
    fail::fail_point!(&format!("{step:?}"), |_| std::process::abort());
}

/// Does nothing.
#[cfg(not(feature = "failpoints"))]
#[inline]
pub fn reach(_: Step) {}
