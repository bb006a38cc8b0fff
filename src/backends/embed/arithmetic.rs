//! The arithmetic that the networks share, on rows of numbers.

/// Scales a vector to unit length; false when it has none.
#[must_use]
pub(super) fn normalize(vector: &mut [f32]) -> bool {
    let length = sum_of_squares(vector).sqrt();
    if !length.is_finite() || length < 1e-12 {
        return false;
    }
    for value in vector {
        *value /= length;
    }
    true
}

fn sum_of_squares(values: &[f32]) -> f32 {
    sum(values, |value| value * value)
}

/// Eight sums side by side, which the compiler turns into vector instructions.
fn sum(values: &[f32], of: impl Fn(f32) -> f32) -> f32 {
    let (chunks, rest) = values.as_chunks::<8>();
    let mut sums = [0.0; 8];
    for chunk in chunks {
        for (sum, value) in sums.iter_mut().zip(chunk) {
            *sum += of(*value);
        }
    }
    sums.iter().sum::<f32>() + rest.iter().map(|value| of(*value)).sum::<f32>()
}

#[cfg(feature = "local-embed")]
pub(crate) use network::{LayerNorm, Linear, add, count, matrix, product, rectify, sum_rows};

#[cfg(feature = "local-embed")]
mod network {
    use candle_core::{Device, Tensor};

    use super::{sum, sum_of_squares};
    use crate::{
        backends::embed::model_file::ModelFile,
        error::{Context, Result},
    };

    /// A matrix of weights out of a model's file; what it is multiplied with stands left of it.
    pub(crate) fn matrix(model: &ModelFile, name: &str, columns: usize) -> Result<Tensor> {
        let values = model.floats(name)?;
        let rows = values.len() / columns;
        Tensor::from_vec(values, (rows, columns), &Device::Cpu).context(|| format!("read {name}"))
    }

    /// The product of rows, each as long as the weights have rows, with the weights.
    pub(crate) fn product(rows: Vec<f32>, weights: &Tensor) -> Result<Vec<f32>> {
        let multiply = || {
            let inner = weights.dim(0)?;
            let count = rows.len() / inner;
            let rows = Tensor::from_vec(rows, (count, inner), &Device::Cpu)?;
            rows.matmul(weights)?.flatten_all()?.to_vec1::<f32>()
        };
        multiply().context(|| "multiply matrices".to_owned())
    }

    /// Weights and a bias.
    #[derive(Debug)]
    pub(crate) struct Linear {
        weights: Tensor,
        bias: Vec<f32>,
    }

    impl Linear {
        /// Reads `NAME.weights` and `NAME.bias`.
        pub(crate) fn open(model: &ModelFile, name: &str) -> Result<Self> {
            let bias = model.floats(&format!("{name}.bias"))?;
            let weights = matrix(model, &format!("{name}.weights"), bias.len())?;
            Ok(Self { weights, bias })
        }

        /// Joins weights, transposed or not, with their bias.
        pub(crate) fn new(weights: Tensor, bias: Vec<f32>) -> Self {
            Self { weights, bias }
        }

        /// The rows through the layer.
        pub(crate) fn apply(&self, rows: Vec<f32>) -> Result<Vec<f32>> {
            let mut result = product(rows, &self.weights)?;
            for row in result.chunks_exact_mut(self.bias.len()) {
                add(row, &self.bias);
            }
            Ok(result)
        }
    }

    /// Brings each row to mean zero and variance one, then scales and shifts its components.
    #[derive(Debug)]
    pub(crate) struct LayerNorm {
        gain: Vec<f32>,
        shift: Vec<f32>,
        epsilon: f32,
    }

    impl LayerNorm {
        /// Reads `NAME.gain` and `NAME.shift`.
        pub(crate) fn open(model: &ModelFile, name: &str) -> Result<Self> {
            let gain = model.floats(&format!("{name}.gain"))?;
            let shift = model.floats(&format!("{name}.shift"))?;
            Ok(Self::new(gain, shift, EPSILON))
        }

        /// Joins what scales and what shifts; the last is added to each variance.
        pub(crate) fn new(gain: Vec<f32>, shift: Vec<f32>, epsilon: f32) -> Self {
            Self { gain, shift, epsilon }
        }

        /// Changes the rows in place.
        pub(crate) fn apply(&self, rows: &mut [f32]) {
            let width = self.gain.len();
            for row in rows.chunks_exact_mut(width) {
                let mean = sum(row, |value| value) / count(width);
                for value in &mut *row {
                    *value -= mean;
                }
                let variance = sum_of_squares(row) / count(width);
                let scale = (variance + self.epsilon).sqrt().recip();
                for ((value, gain), shift) in row.iter_mut().zip(&self.gain).zip(&self.shift) {
                    *value = *value * scale * gain + shift;
                }
            }
        }
    }

    /// What the models of our own add to a variance.
    const EPSILON: f32 = 1e-12;

    /// A number of rows or pieces among numbers with fractions.
    #[expect(clippy::cast_precision_loss, reason = "what is counted here stays below millions")]
    pub(crate) fn count(number: usize) -> f32 {
        number as f32
    }

    /// Adds one row to another.
    pub(crate) fn add(row: &mut [f32], other: &[f32]) {
        for (value, other) in row.iter_mut().zip(other) {
            *value += other;
        }
    }

    /// Turns what is below zero to zero.
    pub(crate) fn rectify(values: &mut [f32]) {
        for value in values {
            *value = value.max(0.0);
        }
    }

    /// The sum of rows.
    pub(crate) fn sum_rows(rows: &[f32], width: usize) -> Vec<f32> {
        let mut total = vec![0.0; width];
        for row in rows.chunks_exact(width) {
            add(&mut total, row);
        }
        total
    }
}
