//! Embedders: models on this machine, and servers.

mod http;
mod wire;

pub(crate) mod arithmetic;
#[cfg(feature = "local-embed")]
pub(crate) mod bert;
#[cfg(feature = "local-embed")]
mod description;
#[cfg(feature = "local-embed")]
pub(crate) mod double_array;
#[cfg(feature = "local-embed")]
pub(crate) mod e5;
#[cfg(feature = "local-embed")]
mod local;
#[cfg(feature = "local-embed")]
pub(crate) mod model_file;
#[cfg(feature = "local-embed")]
mod sentence;
#[cfg(feature = "local-embed")]
pub(crate) mod unigram;
#[cfg(feature = "local-embed")]
pub(crate) mod use_multilingual;
#[cfg(feature = "local-embed")]
pub(crate) mod windows;

#[cfg(test)]
mod http_tests;
#[cfg(all(test, feature = "local-embed"))]
mod reference;

#[cfg(feature = "local-embed")]
pub use description::{Prefixes, SentenceDescription};
#[cfg(feature = "local-embed")]
pub use e5::E5;
pub use http::{HttpEmbedder, HttpEmbedderOptions};
#[cfg(feature = "local-embed")]
pub use local::open_local;
#[cfg(feature = "local-embed")]
pub use sentence::SentenceModel;
#[cfg(feature = "local-embed")]
pub use use_multilingual::UseMultilingual;
pub use wire::Wire;
pub(super) use wire::reason;
