//! Settings, paths and keys: the only modules that read the environment, the settings files and the
//! keyring.
//!
//! Five layers give a value to each setting, and the first that speaks wins: flags, the
//! environment, a project file, the user's file, and the defaults in `config.toml`. Where each
//! value came from is kept, so that it can be shown and so that an error can name it.

mod environment;
mod file;
mod given;
mod hub;
mod keyring;
mod link;
mod merged;
mod paths;
mod sections;
mod settings;
mod sound;
mod values;

pub use environment::Environment;
pub use given::Origin;
pub use hub::HubAccess;
pub use keyring::{Keyring, is_variable};
pub use link::Link;
pub use merged::Setting;
pub use paths::Paths;
pub use sections::{
    Answer, Chunking, Config, Embedding, LanguageModel, Logbook, Output, Privacy, Qdrant,
    Reranking, Search, Time,
};
pub use settings::Settings;
pub use values::{
    Color, EmbeddingApi, EmbeddingModel, Hemisphere, ModelSize, PUBLISHED, Provider,
    PublishedModel, RerankApi, RerankProvider,
};
