//! A whole network out of a folder: the vectors of the pieces, and the layers over them.

use std::path::Path;

use super::{
    configuration::{Configuration, Family},
    layers::{Layer, Norms},
    tokenizer::Pieces,
    weights::Weights,
};
use crate::{
    backends::embed::arithmetic::{LayerNorm, add},
    error::{Error, Result},
};

/// A network of the BERT family.
#[derive(Debug)]
pub(crate) struct Network {
    /// What it is built like.
    pub(crate) configuration: Configuration,
    /// Its weights; heads that stand on it are read from them too.
    pub(crate) weights: Weights,
    prefix: String,
    positions: Vec<f32>,
    kinds: Vec<f32>,
    norm: LayerNorm,
    layers: Vec<Layer>,
}

impl Network {
    /// Opens the model in a folder.
    ///
    /// # Errors
    /// When a file is missing or damaged, or the network is none that is known.
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        let configuration = Configuration::open(folder)?;
        let weights = Weights::open(folder)?;
        let prefix = prefix(configuration.family, &weights);
        let names = Names { family: configuration.family, prefix: &prefix };
        let kinds = names.embedding("token_type_embeddings");
        let kinds = if weights.has(&kinds) { weights.floats(&kinds)? } else { Vec::new() };
        let network = Self {
            positions: weights.floats(&names.embedding("position_embeddings"))?,
            kinds,
            norm: weights.norm(&format!("{prefix}embeddings.LayerNorm"), configuration.epsilon)?,
            layers: (0..configuration.layers)
                .map(|layer| names.layer(layer, &weights, configuration.epsilon))
                .collect::<Result<_>>()?,
            prefix,
            weights,
            configuration,
        };
        network.check(folder)?;
        Ok(network)
    }

    /// The rows of the last layer, text after text.
    pub(crate) fn forward(&self, texts: &[Pieces]) -> Result<Vec<f32>> {
        let Configuration { heads, activation, .. } = self.configuration;
        let lengths: Vec<usize> = texts.iter().map(|text| text.ids.len()).collect();
        let mut rows = self.look_up(texts)?;
        self.norm.apply(&mut rows);
        for layer in &self.layers {
            rows = layer.apply(rows, &lengths, heads, activation)?;
        }
        Ok(rows)
    }

    /// How wide a row is.
    pub(crate) fn width(&self) -> usize {
        self.configuration.heads.width
    }

    /// What the names of the network's own weights begin with; a head's do not.
    pub(crate) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The vectors of the pieces, of their positions and of the kind of text, added.
    fn look_up(&self, texts: &[Pieces]) -> Result<Vec<f32>> {
        let width = self.width();
        let words = format!("{}{WORDS}", self.prefix);
        let mut rows = Vec::new();
        for text in texts {
            let positions = self.positions.chunks_exact(width);
            let positions = positions.skip(self.configuration.position_first);
            for ((id, kind), position) in text.ids.iter().zip(&text.kinds).zip(positions) {
                let mut row = self.weights.row(&words, *id)?;
                add(&mut row, position);
                if let Some(kind) = self.kinds.chunks_exact(width).nth(*kind as usize) {
                    add(&mut row, kind);
                }
                rows.extend(row);
            }
        }
        Ok(rows)
    }

    /// Makes sure that the weights are of the size that the configuration says.
    fn check(&self, folder: &Path) -> Result<()> {
        let width = self.width();
        let words = self.weights.shape(&format!("{}{WORDS}", self.prefix))?;
        let Configuration { position_first, pieces_max, .. } = self.configuration;
        let is_sound = matches!(words, [_, columns] if *columns == width)
            && self.positions.len() == (position_first + pieces_max) * width
            && self.kinds.len().is_multiple_of(width);
        if is_sound {
            return Ok(());
        }
        Err(Error::failed(format!(
            "{}: model.safetensors and config.json are not of the same model",
            folder.display()
        ))
        .hint("take the model's files as they were published, all from the same place"))
    }
}

const WORDS: &str = "embeddings.word_embeddings.weight";

/// What the names of the weights begin with: the branch, where a head stands on the network.
fn prefix(family: Family, weights: &Weights) -> String {
    let branch = match family {
        Family::Bert => "bert.",
        Family::Roberta => "roberta.",
        Family::DistilBert => "distilbert.",
    };
    let has_branch = weights.has(&format!("{branch}{WORDS}"));
    if has_branch { branch.to_owned() } else { String::new() }
}

/// The names that the package `transformers` has for the weights.
struct Names<'a> {
    family: Family,
    prefix: &'a str,
}

impl Names<'_> {
    fn embedding(&self, name: &str) -> String {
        format!("{}embeddings.{name}.weight", self.prefix)
    }

    fn layer(&self, layer: usize, weights: &Weights, epsilon: f32) -> Result<Layer> {
        let (place, names) = match self.family {
            Family::Bert | Family::Roberta => ("encoder.layer", BERT),
            Family::DistilBert => ("transformer.layer", DISTILBERT),
        };
        let name = |part: &str| format!("{}{place}.{layer}.{part}", self.prefix);
        Ok(Layer {
            attention: weights.linear(&names.attention.map(name))?,
            attention_output: weights.linear(&[name(names.attention_output)])?,
            inner: weights.linear(&[name(names.inner)])?,
            outer: weights.linear(&[name(names.outer)])?,
            norms: Norms {
                attention: weights.norm(&name(names.attention_norm), epsilon)?,
                output: weights.norm(&name(names.output_norm), epsilon)?,
            },
        })
    }
}

/// The names of the parts of a layer.
#[derive(Clone, Copy)]
struct LayerNames {
    attention: [&'static str; 3],
    attention_output: &'static str,
    attention_norm: &'static str,
    inner: &'static str,
    outer: &'static str,
    output_norm: &'static str,
}

const BERT: LayerNames = LayerNames {
    attention: ["attention.self.query", "attention.self.key", "attention.self.value"],
    attention_output: "attention.output.dense",
    attention_norm: "attention.output.LayerNorm",
    inner: "intermediate.dense",
    outer: "output.dense",
    output_norm: "output.LayerNorm",
};

const DISTILBERT: LayerNames = LayerNames {
    attention: ["attention.q_lin", "attention.k_lin", "attention.v_lin"],
    attention_output: "attention.out_lin",
    attention_norm: "sa_layer_norm",
    inner: "ffn.lin1",
    outer: "ffn.lin2",
    output_norm: "output_layer_norm",
};
