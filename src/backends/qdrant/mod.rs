//! Qdrant, in process and on a server: two implementations of [`crate::services::Index`] over one
//! schema.
//!
//! Both store the same points, translate the same filters and fuse with the same formula, and one
//! suite of tests runs against the two. `embedded` is a folder that this process opens alone;
//! `server` is a collection behind gRPC. What a generation is, and when it is committed, is decided
//! above.

mod batch;
mod collection;
mod connection;
#[cfg(feature = "embedded")]
mod embedded;
#[cfg(feature = "embedded")]
mod engine;
mod filter;
#[cfg(feature = "embedded")]
mod lock;
mod query;
mod schema;
mod server;
#[cfg(feature = "embedded")]
mod shard;

#[cfg(feature = "embedded")]
pub use embedded::Embedded;
pub use schema::Schema;
pub use server::{Server, ServerSettings};
