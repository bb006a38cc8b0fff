//! What stands for the models in this process in a build without them.

use crate::{
    config::{EmbeddingModel, Settings},
    error::{Error, Result},
    services::Embedder,
    ui::Terminal,
};

/// The error of a model that this build can't run.
pub(super) fn embedder(
    _: &Settings,
    model: &EmbeddingModel,
    _: Terminal,
) -> Result<Box<dyn Embedder>> {
    Err(missing(model))
}

/// The same.
pub(super) fn known(
    _: &Settings,
    model: &EmbeddingModel,
    _: &str,
) -> Result<(String, Option<usize>)> {
    Err(missing(model))
}

/// Nothing is there to be checked.
pub(super) fn check(_: &Settings) -> Result<()> {
    Ok(())
}

fn missing(model: &EmbeddingModel) -> Error {
    Error::usage(format!("this twin was built without local models, so without {model}"))
        .hint("set embedding.model to http or none, or build with --features local-embed")
}
