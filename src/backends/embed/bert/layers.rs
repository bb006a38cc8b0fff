//! The layers of a BERT, on rows of numbers: one row a piece, text after text, without padding.
//!
//! Source: Devlin et al., *BERT: Pre-training of Deep Bidirectional Transformers*, 2019.

use candle_core::{D, Device, Tensor};

use crate::{
    backends::embed::arithmetic::{LayerNorm, Linear, add, count, rectify},
    error::{Context, Result},
};

/// How wide a row is and into how many heads it is divided.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Heads {
    /// The numbers of a row.
    pub(crate) width: usize,
    /// The heads, each as wide as another.
    pub(crate) count: usize,
}

/// What stands between the two halves of a layer's second part.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Activation {
    /// The Gaussian error linear unit.
    Gelu,
    /// The same, approached by a hyperbolic tangent.
    GeluTanh,
    /// Zero for what is below it.
    Relu,
}

impl Activation {
    fn apply(self, values: &mut [f32]) {
        match self {
            Self::Gelu => values.iter_mut().for_each(|value| *value = gelu(*value)),
            Self::GeluTanh => values.iter_mut().for_each(|value| *value = gelu_tanh(*value)),
            Self::Relu => rectify(values),
        }
    }
}

/// One layer.
#[derive(Debug)]
pub(crate) struct Layer {
    /// From a row to its query, its key and its value, one after the other.
    pub(crate) attention: Linear,
    /// From what was attended to back to a row.
    pub(crate) attention_output: Linear,
    /// From a row to the wider one.
    pub(crate) inner: Linear,
    /// From the wider row back.
    pub(crate) outer: Linear,
    /// What follows each of the two parts.
    pub(crate) norms: Norms,
}

/// What brings rows back to one scale.
#[derive(Debug)]
pub(crate) struct Norms {
    /// After attention.
    pub(crate) attention: LayerNorm,
    /// At the end of the layer.
    pub(crate) output: LayerNorm,
}

impl Layer {
    /// The rows of texts of these lengths through the layer.
    pub(crate) fn apply(
        &self,
        mut rows: Vec<f32>,
        lengths: &[usize],
        heads: Heads,
        activation: Activation,
    ) -> Result<Vec<f32>> {
        let keyed = self.attention.apply(rows.clone())?;
        let attended = attend(keyed, lengths, heads).context(|| "attend".to_owned())?;
        add(&mut rows, &self.attention_output.apply(attended)?);
        self.norms.attention.apply(&mut rows);
        let mut inner = self.inner.apply(rows.clone())?;
        activation.apply(&mut inner);
        add(&mut rows, &self.outer.apply(inner)?);
        self.norms.output.apply(&mut rows);
        Ok(rows)
    }
}

/// Each row holds a query, a key and a value for every head; rows of one text attend to another.
fn attend(keyed: Vec<f32>, lengths: &[usize], heads: Heads) -> candle_core::Result<Vec<f32>> {
    let total = lengths.iter().sum::<usize>();
    let head_width = heads.width / heads.count;
    let keyed = Tensor::from_vec(keyed, (total, 3, heads.count, head_width), &Device::Cpu)?;
    let scale = f64::from(count(head_width)).sqrt().recip();
    let mut attended = Vec::with_capacity(total * heads.width);
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

/// The same without the error function.
/// Source: Hendrycks and Gimpel, *Gaussian Error Linear Units*, 2016.
fn gelu_tanh(x: f32) -> f32 {
    let inner = (2.0 / std::f32::consts::PI).sqrt() * (x + 0.044_715 * x.powi(3));
    0.5 * x * (1.0 + inner.tanh())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_linear_unit_is_that_of_the_books() {
        for (x, expected) in
            [(0.0, 0.0), (1.0, 0.841_344_7), (-1.0, -0.158_655_3), (4.0, 3.999_873)]
        {
            assert!((gelu(x) - expected).abs() < 1e-6, "{x}");
            assert!((gelu_tanh(x) - expected).abs() < 1e-3, "{x}");
        }
    }
}
