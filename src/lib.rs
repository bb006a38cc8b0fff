//! A digital twin over a personal logbook.
//!
//! The modules stand in the order in which the data passes through them: a logbook is read into
//! dated entries, a question is turned into a plan, and ingest, ask and recap work on both through
//! the services that the backends provide. `ARCHITECTURE.md` has the map.

pub mod error;
pub mod failpoint;
pub mod logbook;
pub mod plan;
pub mod services;

pub mod privacy;

pub mod index;
pub mod ingest;
pub mod upkeep;

pub mod ask;
pub mod recap;

pub mod eval;

pub mod ui;

pub mod backends;
pub mod config;

pub mod commands;
