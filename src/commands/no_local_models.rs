//! What stands for the models in this process in a build without them.

use crate::{
    config::{EmbeddingModel, PublishedModel, Settings},
    error::{Error, Result},
    services::{Embedder, Reranker},
    ui::Terminal,
};

/// The error of a model that this build can't run.
pub(super) fn embedder(
    _: &Settings,
    model: &EmbeddingModel,
    _: Terminal,
) -> Result<Box<dyn Embedder>> {
    Err(missing(&model.to_string()))
}

/// The same.
pub(super) fn reranker(
    _: &Settings,
    model: &PublishedModel,
    _: Terminal,
) -> Result<Box<dyn Reranker>> {
    Err(missing(&model.to_string()))
}

/// The same.
pub(super) fn known(
    _: &Settings,
    model: &EmbeddingModel,
    _: &str,
) -> Result<(String, Option<usize>)> {
    Err(missing(&model.to_string()))
}

/// The same, where the settings name such a model.
pub(super) fn check(settings: &Settings) -> Result<()> {
    match &settings.config.embedding.model {
        EmbeddingModel::None | EmbeddingModel::Http => Ok(()),
        model => Err(missing(&model.to_string())),
    }
}

/// The same.
pub(super) fn verify(settings: &Settings, _: &str) -> Result<()> {
    check(settings)
}

/// The same.
pub(super) fn check_published(_: &Settings, model: &PublishedModel) -> Result<()> {
    Err(missing(&model.to_string()))
}

fn missing(model: &str) -> Error {
    Error::usage(format!("this twin was built without local models, so without {model}"))
        .hint("take a model behind an endpoint, or none, or build with --features local-embed")
}
