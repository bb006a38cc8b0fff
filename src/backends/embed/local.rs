//! Opens a local model by its entry in the catalogue.

use super::{E5, UseMultilingual};
use crate::{
    backends::models::{Architecture, Model, ModelStore},
    error::Result,
    services::Embedder,
};

/// The embedder of a model that was pulled.
///
/// # Errors
/// When the model is not in the store or is corrupt; the remedy is to pull it.
pub fn open_local(store: &ModelStore, model: &Model) -> Result<Box<dyn Embedder>> {
    let path = store.ready(model)?;
    Ok(match model.architecture {
        Architecture::UseMultilingual => Box::new(UseMultilingual::open(&path)?),
        Architecture::E5 => Box::new(E5::open(&path)?),
    })
}
