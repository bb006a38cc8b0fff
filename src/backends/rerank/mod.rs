//! Rerankers: models that read a question and a passage together, here and behind endpoints.

mod http;
mod wire;

#[cfg(feature = "local-embed")]
mod cross_encoder;

#[cfg(feature = "local-embed")]
pub use cross_encoder::CrossEncoder;
pub use http::{HttpReranker, HttpRerankerSettings};
pub use wire::RerankApi;
