//! Language models behind HTTP: any OpenAI-compatible endpoint, and Anthropic's Messages.
//!
//! One request, one streamed answer. What a prompt says, and what becomes of an answer, is decided
//! elsewhere; nothing is sent but the request, and only to the host that the settings name.

mod answer;
mod anthropic;
mod complaint;
mod failure;
mod model;
mod ollama;
mod openai;
mod probe;
mod retries;
mod settings;
mod sse;
mod transport;

pub use model::ChatModel;
pub use ollama::{OLLAMA, Ollama, find_ollama};
pub use probe::Listed;
pub use settings::{ChatSettings, Deadlines, Provider};
