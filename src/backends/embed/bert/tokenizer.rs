//! A model's own tokenizer, `tokenizer.json`, through the package that made the format.

use std::path::Path;

use tokenizers::{TruncationDirection, TruncationParams, TruncationStrategy};

use crate::error::{Context, Error, Result};

/// The pieces of a text as a network reads them.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Pieces {
    /// The ids, those that begin and end the text included.
    pub(crate) ids: Vec<u32>,
    /// Of which of two texts each is.
    pub(crate) kinds: Vec<u32>,
}

/// Divides texts into pieces.
#[derive(Debug)]
pub(crate) struct Tokenizer {
    inner: tokenizers::Tokenizer,
    before: Vec<u32>,
    after: Vec<u32>,
}

impl Tokenizer {
    /// Opens the tokenizer in a model's folder.
    ///
    /// # Errors
    /// When it is not there or can't be read.
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        let path = folder.join("tokenizer.json");
        let bytes = std::fs::read(&path)
            .context(|| format!("can't read {}", path.display()))
            .map_err(|error| {
                error.hint(
                    "a model needs the file tokenizer.json; one that is published with \
                            vocab.txt or sentencepiece.bpe.model alone can be saved anew in Python",
                )
            })?;
        let mut tokenizer = tokenizers::Tokenizer::from_bytes(bytes)
            .context(|| format!("read {}", path.display()))?;
        tokenizer.with_padding(None);
        tokenizer.with_truncation(None).context(|| format!("read {}", path.display()))?;
        let (before, after) = ends(&tokenizer).context(|| format!("read {}", path.display()))?;
        Ok(Self { inner: tokenizer, before, after })
    }

    /// The same for pairs of texts, the longer one cut to what there is room for.
    ///
    /// # Errors
    /// As [`Tokenizer::open`].
    pub(crate) fn open_for_pairs(folder: &Path, pieces_max: usize) -> Result<Self> {
        let mut tokenizer = Self::open(folder)?;
        let truncation = TruncationParams {
            direction: TruncationDirection::Right,
            max_length: pieces_max,
            strategy: TruncationStrategy::LongestFirst,
            stride: 0,
        };
        let limit = tokenizer.inner.with_truncation(Some(truncation));
        limit.context(|| format!("limit the texts of {}", folder.display()))?;
        Ok(tokenizer)
    }

    /// The ids of a text without those that begin and end it, at least one.
    pub(crate) fn ids(&self, text: &str) -> Result<Vec<u32>> {
        let encoding = self.inner.encode_fast(text, false).context(|| "divide a text".into())?;
        let ids = encoding.get_ids().to_vec();
        // A text of no pieces still has a place in the index.
        Ok(if ids.is_empty() { self.after.iter().take(1).copied().collect() } else { ids })
    }

    /// How many pieces begin and end a text.
    pub(crate) fn ends(&self) -> usize {
        self.before.len() + self.after.len()
    }

    /// The pieces of one text, begun and ended.
    pub(crate) fn whole(&self, ids: &[u32]) -> Pieces {
        let ids = [&self.before, ids, &self.after].concat();
        Pieces { kinds: vec![0; ids.len()], ids }
    }

    /// The pieces of two texts that are read together.
    pub(crate) fn both(&self, first: &str, second: &str) -> Result<Pieces> {
        let encoding =
            self.inner.encode_fast((first, second), true).context(|| "divide texts".into())?;
        Ok(Pieces { ids: encoding.get_ids().to_vec(), kinds: encoding.get_type_ids().to_vec() })
    }
}

/// The ids that begin and end a text, found by what stands around one that is known.
fn ends(tokenizer: &tokenizers::Tokenizer) -> Result<(Vec<u32>, Vec<u32>)> {
    let encode = |special| {
        let encoding = tokenizer.encode_fast("a", special).context(|| "divide a text".into())?;
        Ok::<_, Error>(encoding.get_ids().to_vec())
    };
    let (bare, whole) = (encode(false)?, encode(true)?);
    let start = whole.windows(bare.len().max(1)).position(|window| window == bare);
    let start = start.ok_or_else(|| Error::failed("it changes a text that it begins and ends"))?;
    Ok((whole[..start].to_vec(), whole[start + bare.len()..].to_vec()))
}
