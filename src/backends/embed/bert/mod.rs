//! BERT and its family: the layers that a model of our own runs on too, and whole models out of a
//! folder as their authors publish them.
//!
//! A model's folder says itself what it is: `config.json` the network, `tokenizer.json` the
//! pieces, `model.safetensors` the weights. Names and shapes are those of the Python package
//! `transformers`, which most models are published with.

mod configuration;
mod layers;
mod network;
mod tokenizer;
mod weights;

#[cfg(test)]
#[path = "../../../../tests/it/tiny.rs"]
pub(crate) mod tiny;

pub(crate) use configuration::{Configuration, Family, read_json};
pub(crate) use layers::{Activation, Heads, Layer, Norms};
pub(crate) use network::Network;
pub(crate) use tokenizer::{Pieces, Tokenizer};
pub(crate) use weights::{WEIGHTS, half};
