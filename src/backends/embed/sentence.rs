//! Any embedding model of the BERT family, out of a folder as it was published.

use std::path::Path;

use super::{
    arithmetic::{count, sum_rows},
    bert::{Network, Pieces, Tokenizer},
    description::{Pooling, SentenceDescription},
    windows::{Limits, embed_in_windows},
};
use crate::{
    error::{Error, Result},
    services::{Destination, Embedder, Role},
};

/// A model in a folder, ready to embed.
#[derive(Debug)]
pub struct SentenceModel {
    description: SentenceDescription,
    tokenizer: Tokenizer,
    network: Network,
    limits: Limits,
}

/// The most pieces of one pass. Texts are put end to end without padding, so that those of
/// different lengths go together at no cost.
const BATCH_PIECES_MAX: usize = 1024;

impl SentenceModel {
    /// Opens the model that was described.
    ///
    /// # Errors
    /// When a file is missing or damaged.
    pub fn open(folder: &Path, description: SentenceDescription) -> Result<Self> {
        let tokenizer = Tokenizer::open(folder)?;
        let network = Network::open(folder)?;
        let room = description.pieces_max.saturating_sub(tokenizer.ends());
        if room == 0 {
            return Err(Error::failed(format!(
                "{}: its texts have no room for a piece",
                folder.display()
            ))
            .hint("look at max_seq_length in its sentence_bert_config.json"));
        }
        let limits = Limits { window_pieces_max: room, batch_pieces_max: BATCH_PIECES_MAX };
        Ok(Self { description, tokenizer, network, limits })
    }

    /// One vector a window of pieces.
    fn forward(&self, windows: &[&[u32]]) -> Result<Vec<Vec<f32>>> {
        let texts: Vec<Pieces> =
            windows.iter().map(|window| self.tokenizer.whole(window)).collect();
        let rows = self.network.forward(&texts)?;
        let width = self.network.width();
        let mut rest = &rows[..];
        let mut vectors = Vec::with_capacity(texts.len());
        for text in &texts {
            let (rows, others) = rest.split_at(text.ids.len() * width);
            vectors.push(pool(self.description.pooling, rows, width));
            rest = others;
        }
        Ok(vectors)
    }
}

fn pool(pooling: Pooling, rows: &[f32], width: usize) -> Vec<f32> {
    match pooling {
        Pooling::First => rows[..width].to_vec(),
        Pooling::Mean => {
            let length = count(rows.len() / width);
            sum_rows(rows, width).iter().map(|value| value / length).collect()
        }
        Pooling::Max => {
            let mut largest = rows[..width].to_vec();
            for row in rows.chunks_exact(width) {
                for (largest, value) in largest.iter_mut().zip(row) {
                    *largest = largest.max(*value);
                }
            }
            largest
        }
    }
}

impl Embedder for SentenceModel {
    fn identity(&self) -> &str {
        &self.description.identity
    }

    fn dimension(&self) -> usize {
        self.description.dimension
    }

    fn destination(&self) -> Destination<'_> {
        Destination::THIS_PROCESS
    }

    fn embed(&self, role: Role, texts: &[&str]) -> Result<Vec<Vec<f32>>> {
        let prefix = match role {
            Role::Passage => &self.description.passage_prefix,
            Role::Query => &self.description.query_prefix,
        };
        let ids = texts
            .iter()
            .map(|text| {
                let text = format!("{prefix}{text}");
                let is_lowercased = self.description.is_lowercased;
                self.tokenizer.ids(&if is_lowercased { text.to_lowercase() } else { text })
            })
            .collect::<Result<Vec<_>>>()?;
        embed_in_windows(self.limits, &ids, |windows| self.forward(windows))
    }
}

#[cfg(test)]
mod tests;
