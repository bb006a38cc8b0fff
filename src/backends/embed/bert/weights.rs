//! The weights of a model in `model.safetensors`, read by name, tables row by row.
//!
//! Layout: the length of the header in eight bytes, little-endian, the header as JSON, the numbers.
//! The package `safetensors` reads and checks the header. Positioned reads are used and no memory
//! mapping, as for the models of our own: a file that is cut short is then an error and not a
//! signal, and of a vocabulary only those rows are read that a text needs.

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

use candle_core::{Device, Tensor};
use safetensors::tensor::{Dtype, Metadata, TensorInfo};

use crate::{
    backends::embed::{
        arithmetic::{LayerNorm, Linear},
        model_file::read_at,
    },
    error::{Context, Error, Result},
};

/// The name of the file in a model's folder.
pub(crate) const WEIGHTS: &str = "model.safetensors";

/// A header of more bytes is none.
const HEADER_BYTES_MAX: u64 = 100 << 20;

/// The weights of a model.
#[derive(Debug)]
pub(crate) struct Weights {
    path: PathBuf,
    file: File,
    start: u64,
    metadata: Metadata,
}

impl Weights {
    /// Opens the weights in a model's folder and reads their header.
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        let path = folder.join(WEIGHTS);
        let mut file = File::open(&path)
            .context(|| format!("can't read {}", path.display()))
            .map_err(|error| {
                error.hint(
                    "weights are read from model.safetensors alone; many models are \
                     published with one, and older files can be saved anew as one in Python",
                )
            })?;
        let broken = |reason: String| corrupt(&path, &reason);
        let mut length = [0; 8];
        file.read_exact(&mut length).map_err(|error| broken(error.to_string()))?;
        let length = u64::from_le_bytes(length);
        if length > HEADER_BYTES_MAX {
            return Err(broken("it has no header".to_owned()));
        }
        let mut header = Vec::new();
        Read::take(&file, length)
            .read_to_end(&mut header)
            .map_err(|error| broken(error.to_string()))?;
        let metadata: Metadata =
            serde_json::from_slice(&header).map_err(|error| broken(error.to_string()))?;
        let start = 8 + length;
        let bytes = file.metadata().map_or(0, |metadata| metadata.len());
        if bytes != start + metadata.data_len() as u64 {
            return Err(broken("it is cut short, or has something behind its end".to_owned()));
        }
        Ok(Self { path, file, start, metadata })
    }

    /// Whether there is a tensor of that name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.metadata.info(name).is_some()
    }

    /// The shape of a tensor.
    pub(crate) fn shape(&self, name: &str) -> Result<&[usize]> {
        Ok(&self.info(name)?.shape)
    }

    /// All numbers of a tensor.
    pub(crate) fn floats(&self, name: &str) -> Result<Vec<f32>> {
        let info = self.info(name)?;
        let (first, last) = info.data_offsets;
        self.read(name, info, first as u64, last - first)
    }

    /// One row of a tensor with two dimensions.
    pub(crate) fn row(&self, name: &str, row: u32) -> Result<Vec<f32>> {
        let info = self.info(name)?;
        let [rows, columns] = info.shape[..] else { return Err(self.misshapen(name)) };
        if row as usize >= rows {
            return Err(corrupt(&self.path, &format!("{name} has no row {row}")));
        }
        let bytes = columns * number_bytes(info.dtype).ok_or_else(|| self.unread(name, info))?;
        let first = info.data_offsets.0 as u64 + u64::from(row) * bytes as u64;
        self.read(name, info, first, bytes)
    }

    /// Weights and a bias, `NAME.weight` by output and `NAME.bias`; several names beside each other
    /// become one.
    pub(crate) fn linear(&self, names: &[String]) -> Result<Linear> {
        let (mut values, mut bias) = (Vec::new(), Vec::new());
        let mut inputs = None;
        for name in names {
            let weight = format!("{name}.weight");
            let [outputs, columns] = self.shape(&weight)?[..] else {
                return Err(self.misshapen(&weight));
            };
            let shift = self.floats(&format!("{name}.bias"))?;
            if inputs.is_some_and(|inputs| inputs != columns) || shift.len() != outputs {
                return Err(self.misshapen(&weight));
            }
            inputs = Some(columns);
            values.extend(self.floats(&weight)?);
            bias.extend(shift);
        }
        let shape = (bias.len(), inputs.unwrap_or_default());
        let weights = Tensor::from_vec(values, shape, &Device::Cpu)
            .and_then(|weights| weights.t())
            .context(|| format!("read {}", names.join(", ")))?;
        Ok(Linear::new(weights, bias))
    }

    /// `NAME.weight` and `NAME.bias`, or as files of old call them, `gamma` and `beta`.
    pub(crate) fn norm(&self, name: &str, epsilon: f32) -> Result<LayerNorm> {
        let is_old = self.has(&format!("{name}.gamma"));
        let (gain, shift) = if is_old { ("gamma", "beta") } else { ("weight", "bias") };
        let part = |part: &str| self.floats(&format!("{name}.{part}"));
        Ok(LayerNorm::new(part(gain)?, part(shift)?, epsilon))
    }

    fn read(&self, name: &str, info: &TensorInfo, first: u64, length: usize) -> Result<Vec<f32>> {
        let mut bytes = vec![0; length];
        read_at(&self.file, &mut bytes, self.start + first)
            .map_err(|error| corrupt(&self.path, &error.to_string()))?;
        floats(info.dtype, &bytes).ok_or_else(|| self.unread(name, info))
    }

    fn info(&self, name: &str) -> Result<&TensorInfo> {
        self.metadata
            .info(name)
            .ok_or_else(|| corrupt(&self.path, &format!("there is no tensor {name} in it")))
    }

    fn misshapen(&self, name: &str) -> Error {
        corrupt(&self.path, &format!("the tensor {name} has another shape than config.json says"))
    }

    fn unread(&self, name: &str, info: &TensorInfo) -> Error {
        let message = format!("{name} has numbers of the kind {:?}", info.dtype);
        corrupt(&self.path, &message).hint("weights are read as F32, F16 and BF16")
    }
}

fn corrupt(path: &Path, reason: &str) -> Error {
    Error::failed(format!("{}: {reason}", path.display()))
        .hint("take the model's files as they were published, all from the same place")
}

/// The bytes of a number; none for a kind that is not read.
fn number_bytes(dtype: Dtype) -> Option<usize> {
    match dtype {
        Dtype::F32 => Some(4),
        Dtype::F16 | Dtype::BF16 => Some(2),
        _ => None,
    }
}

fn floats(dtype: Dtype, bytes: &[u8]) -> Option<Vec<f32>> {
    let short = |read: fn(u16) -> f32| {
        bytes.as_chunks().0.iter().map(|number| read(u16::from_le_bytes(*number))).collect()
    };
    match dtype {
        Dtype::F32 => {
            Some(bytes.as_chunks().0.iter().map(|number| f32::from_le_bytes(*number)).collect())
        }
        Dtype::F16 => Some(short(half)),
        // The upper half of a number of 32 bits.
        Dtype::BF16 => Some(short(|bits| f32::from_bits(u32::from(bits) << 16))),
        _ => None,
    }
}

/// A number of sixteen bits after IEEE 754: a sign, five bits of exponent, ten of fraction.
pub(crate) fn half(bits: u16) -> f32 {
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

    #[test]
    fn numbers_of_sixteen_bits_are_read() {
        let cases = [(0x3C00, 1.0), (0xC000, -2.0), (0x0001, 2.0_f32.powi(-24)), (0x7BFF, 65504.0)];
        for (bits, expected) in cases {
            assert_eq!(half(bits).to_bits(), f32::to_bits(expected), "{bits:x}");
        }
        let cases: [(u16, f32); 3] = [(0x3F80, 1.0), (0xC000, -2.0), (0x0080, 2.0_f32.powi(-126))];
        for (bits, expected) in cases {
            assert_eq!(floats(Dtype::BF16, &bits.to_le_bytes()), Some(vec![expected]));
        }
    }

    fn check(bytes: &[u8], expected: &str) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(WEIGHTS), bytes).unwrap();
        let error = Weights::open(folder.path()).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
        assert!(error.remedy().is_some());
    }

    #[test]
    fn a_damaged_file_is_an_error() {
        let whole = br#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#;
        let file = |header: &[u8], data: usize| {
            let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
            bytes.extend(header);
            bytes.resize(bytes.len() + data, 0);
            bytes
        };
        check(&file(whole, 7), "cut short");
        check(&file(whole, 9), "behind its end");
        check(&file(b"{", 8), "EOF");
        check(b"<html>", "fill whole buffer");
        check(&[0xFF; 16], "no header");
        let overlong = br#"{"a":{"dtype":"F32","shape":[9],"data_offsets":[0,8]}}"#;
        check(&file(overlong, 8), "invalid");
    }
}
