//! A cross-encoder in this process: a network of the BERT family that reads a question and a
//! passage as one text, and a head that makes one number of the first row.
//!
//! Source: Nogueira and Cho, *Passage Re-ranking with BERT*, 2019.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use crate::{
    backends::{
        embed::{
            arithmetic::{Linear, rectify},
            bert::{Configuration, Family, Network, Pieces, Tokenizer},
            windows::run_all,
        },
        models::FolderModel,
    },
    error::{Error, Exit, Result},
    services::{Destination, Reranker},
};

/// A cross-encoder in this process.
#[derive(Debug)]
pub struct CrossEncoder {
    name: String,
    tokenizer: Tokenizer,
    network: Network,
    head: Head,
    timeout: Duration,
}

/// The most pieces of one pass, which is also how often the time is looked at.
const BATCH_PIECES_MAX: usize = 1024;

impl CrossEncoder {
    /// Opens the model in a folder; `timeout` is how long one question may take.
    ///
    /// # Errors
    /// When a file is missing or damaged, or the model gives more than one number.
    pub fn open(model: &FolderModel, timeout: Duration) -> Result<Self> {
        let folder = &model.folder;
        let configuration = Configuration::open(folder)?;
        if configuration.classes != 1 {
            return Err(no_reranker(
                folder,
                &format!("tells {} kinds apart", configuration.classes),
            ));
        }
        let network = Network::open(folder)?;
        Ok(Self {
            name: model.name.clone(),
            tokenizer: Tokenizer::open_for_pairs(folder, configuration.pieces_max)?,
            head: Head::open(folder, &network)?,
            network,
            timeout,
        })
    }

    fn forward(&self, texts: &[Pieces]) -> Result<Vec<f32>> {
        let rows = self.network.forward(texts)?;
        let width = self.network.width();
        let mut firsts = Vec::with_capacity(texts.len() * width);
        let mut start = 0;
        for text in texts {
            firsts.extend_from_slice(&rows[start..start + width]);
            start += text.ids.len() * width;
        }
        self.head.apply(firsts)
    }
}

/// What makes one number of a row.
#[derive(Debug)]
struct Head {
    dense: Linear,
    is_rectified: bool,
    out: Linear,
}

impl Head {
    fn open(folder: &Path, network: &Network) -> Result<Self> {
        let family = network.configuration.family;
        let (dense, out) = match family {
            Family::Bert => (format!("{}pooler.dense", network.prefix()), "classifier"),
            Family::Roberta => ("classifier.dense".to_owned(), "classifier.out_proj"),
            Family::DistilBert => ("pre_classifier".to_owned(), "classifier"),
        };
        if !network.weights.has(&format!("{out}.weight")) {
            return Err(no_reranker(folder, "gives no score"));
        }
        Ok(Self {
            dense: network.weights.linear(&[dense])?,
            is_rectified: family == Family::DistilBert,
            out: network.weights.linear(&[out.to_owned()])?,
        })
    }

    fn apply(&self, rows: Vec<f32>) -> Result<Vec<f32>> {
        let mut rows = self.dense.apply(rows)?;
        if self.is_rectified {
            rectify(&mut rows);
        } else {
            for value in &mut rows {
                *value = value.tanh();
            }
        }
        self.out.apply(rows)
    }
}

fn no_reranker(folder: &Path, why: &str) -> Error {
    Error::usage(format!("{}: the model is no reranker: it {why}", folder.display())).hint(
        "take one that was trained to score a question with a passage, such as \
         hf:cross-encoder/ms-marco-MiniLM-L6-v2 or hf:BAAI/bge-reranker-base",
    )
}

impl Reranker for CrossEncoder {
    fn model(&self) -> &str {
        &self.name
    }

    fn destination(&self) -> Destination<'_> {
        Destination::THIS_PROCESS
    }

    fn scores(&self, question: &str, texts: &[&str]) -> Result<Vec<f32>> {
        let began = Instant::now();
        let pairs = texts
            .iter()
            .map(|text| self.tokenizer.both(question, text))
            .collect::<Result<Vec<_>>>()?;
        let mut batches: Vec<&[Pieces]> = Vec::new();
        let mut rest = &pairs[..];
        while !rest.is_empty() {
            let mut pieces = 0;
            let fits = rest.iter().take_while(|pair| {
                pieces += pair.ids.len();
                pieces <= BATCH_PIECES_MAX
            });
            let (batch, others) = rest.split_at(fits.count().max(1));
            batches.push(batch);
            rest = others;
        }
        let results = run_all(batches.len(), |batch| {
            if began.elapsed() >= self.timeout {
                let seconds = self.timeout.as_secs_f32();
                let message = format!("{}: no scores within {seconds} s", self.name);
                return Err(Error::new(Exit::Failed, message));
            }
            self.forward(batches[batch])
        });
        let mut scores = Vec::with_capacity(texts.len());
        for result in results {
            scores.extend(result?);
        }
        match scores.iter().find(|score| !score.is_finite()) {
            Some(score) => Err(Error::failed(format!("{}: a score is {score}", self.name))),
            None => Ok(scores),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backends::embed::bert::tiny::Tiny;

    const LONG: Duration = Duration::from_mins(1);

    fn open(tiny: Tiny, timeout: Duration) -> Result<CrossEncoder> {
        let folder = tempfile::tempdir().unwrap();
        tiny.write(folder.path());
        // On Unix what is open can still be read when the folder is gone.
        CrossEncoder::open(&FolderModel::new(folder.path()), timeout)
    }

    /// The numbers are those that TensorFlow with the package `transformers` 4.41.2 gives.
    #[test]
    fn scores_are_those_of_the_reference() {
        let check = |kind, expected: [f32; 2]| {
            let scores = open(Tiny::scoring(kind), LONG)
                .unwrap()
                .scores("bread", &["Bread and butter", "garden"])
                .unwrap();
            let is_close = |(found, expected): (&f32, &f32)| (found - expected).abs() < 2e-5;
            assert!(scores.iter().zip(&expected).all(is_close), "{kind}: {scores:?}");
        };
        check("bert", [-0.081_977, 0.519_622]);
        check("distilbert", [0.885_745, -1.036_105]);
        check("roberta", [-1.940_204, -0.527_771]);
        check("xlm-roberta", [-1.940_204, -0.527_771]);
    }

    #[test]
    fn many_texts_of_any_length_are_scored_as_each_alone() {
        let model = open(Tiny::scoring("bert"), LONG).unwrap();
        let long = "bread and butter ".repeat(20);
        let texts: Vec<&str> = (0..100).map(|index| ["garden", &long, ""][index % 3]).collect();
        let scores = model.scores("bread", &texts).unwrap();
        assert_eq!(scores.len(), texts.len());
        for (index, text) in texts.iter().enumerate().take(3) {
            let alone = model.scores("bread", &[text]).unwrap()[0];
            assert!((scores[index + 96] - alone).abs() < 1e-5, "{text:?}");
        }
    }

    #[test]
    fn it_stops_when_its_time_is_over() {
        let model = open(Tiny::scoring("bert"), Duration::ZERO).unwrap();
        let error = model.scores("bread", &["garden"]).unwrap_err();
        assert!(error.to_string().contains("no scores within 0 s"), "{error}");
    }

    #[test]
    fn a_model_that_gives_no_score_is_refused() {
        let error = open(Tiny::embedding("bert"), LONG).unwrap_err();
        assert!(error.to_string().contains("no reranker"), "{error}");
        assert!(error.remedy().unwrap().contains("ms-marco"));
    }
}
