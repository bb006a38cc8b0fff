//! The commands, and the one place where settings become services.

mod cli;
mod eval_flags;
mod flags;
mod upkeep_flags;

mod dispatch;
mod subcommands;

mod findings;
mod indexes;
mod interrupts;
mod language_model;
#[cfg(feature = "local-embed")]
mod local_models;
mod network_disk;
#[cfg(not(feature = "local-embed"))]
mod no_local_models;
mod privacy;
mod prompts;
mod reranking;
mod wiring;
mod workspace;

mod check;
mod ingest;
mod purge;
mod rebuild;
mod transfer;

mod ask;
mod batch;
mod chat;
mod dry_run;
mod found;
mod full_disk;
mod narrow;
mod notes;
mod pending;
mod places;
mod price;
mod recap;
mod search;
mod sessions;
mod sizes;
mod slash;

mod config;
mod dates;
mod demo;
mod doctor;
mod eval;
mod keys;
#[cfg(feature = "local-embed")]
mod models;
mod status;

pub use cli::Cli;
pub use dispatch::run;
pub use flags::parse;
