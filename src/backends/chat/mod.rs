//! Language models behind HTTP: any OpenAI-compatible endpoint, and Anthropic's Messages.
//!
//! One request, one streamed answer. What a prompt says, and what becomes of an answer, is decided
//! elsewhere; nothing is sent but the request, and only to the host that the settings name.

mod answer;
mod anthropic;
mod complaint;
mod failure;
mod local;
mod model;
mod openai;
mod probe;
mod profile;
mod retries;
mod settings;
mod sse;
mod transport;

pub use local::{LocalServer, find_local};
pub use model::ChatModel;
pub use probe::Listed;
pub use profile::Provider;
pub use settings::{ChatSettings, Deadlines};
