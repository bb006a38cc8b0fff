//! What the services are made of: the engines, models and servers that do the work.
//!
//! A backend implements a trait of [`services`](crate::services) and nothing else; it reads no
//! environment and no settings file, and only `commands` names it. Only here does text leave the
//! machine.

pub mod chat;
pub mod embed;
mod endpoint;
#[cfg(feature = "local-embed")]
pub mod models;
pub mod qdrant;
pub mod rerank;
mod secret;
#[cfg(all(test, feature = "local-embed"))]
pub(crate) mod test_models;

pub use endpoint::host;
pub use secret::Secret;
