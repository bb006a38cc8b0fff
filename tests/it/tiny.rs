//! Tiny models of the BERT family, written into a folder as real ones are published.
//!
//! Their weights come from a row of numbers that begins with the name of each tensor, so that
//! another implementation can make the same: see `numbers`.

use std::{fs, path::Path};

use serde_json::{Map, Value, json};

/// A tiny model.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tiny {
    /// The `model_type`.
    pub(crate) kind: &'static str,
    /// Whether it scores pairs of texts instead of embedding one.
    pub(crate) scores_pairs: bool,
    /// The kind of its numbers.
    pub(crate) dtype: &'static str,
}

impl Tiny {
    /// An embedding model.
    pub(crate) const fn embedding(kind: &'static str) -> Self {
        Self { kind, scores_pairs: false, dtype: "F32" }
    }

    /// A model that scores pairs of texts.
    pub(crate) const fn scoring(kind: &'static str) -> Self {
        Self { kind, scores_pairs: true, dtype: "F32" }
    }

    /// Writes the model's files into a folder.
    pub(crate) fn write(self, folder: &Path) {
        fs::create_dir_all(folder).unwrap();
        let write = |name: &str, value: &Value| {
            fs::write(folder.join(name), serde_json::to_vec_pretty(value).unwrap()).unwrap();
        };
        write("config.json", &self.config());
        write("tokenizer.json", &tokenizer(self.specials()));
        fs::write(folder.join("model.safetensors"), self.weights()).unwrap();
    }

    fn is_distilbert(self) -> bool {
        self.kind == "distilbert"
    }

    fn config(self) -> Value {
        let mut config = json!({
            "model_type": self.kind, "vocab_size": VOCABULARY, "max_position_embeddings": POSITIONS,
            "pad_token_id": u32::from(self.begins_positions_late()),
        });
        let own = if self.is_distilbert() {
            json!({"dim": WIDTH, "n_layers": 2, "n_heads": 4, "hidden_dim": INNER,
                   "activation": "gelu"})
        } else {
            json!({"hidden_size": WIDTH, "num_hidden_layers": 2, "num_attention_heads": 4,
                   "intermediate_size": INNER, "hidden_act": "gelu", "layer_norm_eps": 1e-5,
                   "type_vocab_size": self.kinds()})
        };
        let config = config.as_object_mut().unwrap();
        config.extend(own.as_object().unwrap().clone());
        if self.scores_pairs {
            config.insert("id2label".to_owned(), json!({"0": "LABEL_0"}));
            config.insert("label2id".to_owned(), json!({"LABEL_0": 0}));
        }
        Value::Object(config.clone())
    }

    fn begins_positions_late(self) -> bool {
        !["bert", "distilbert"].contains(&self.kind)
    }

    fn kinds(self) -> usize {
        if self.begins_positions_late() { 1 } else { 2 }
    }

    /// What begins and ends a text, and what stands for the unknown.
    fn specials(self) -> [&'static str; 4] {
        if self.begins_positions_late() {
            ["<s>", "<pad>", "</s>", "<unk>"]
        } else {
            ["[PAD]", "[CLS]", "[SEP]", "[UNK]"]
        }
    }

    /// Each tensor by the name that `transformers` has for it, with its shape.
    fn tensors(self) -> Vec<(String, Vec<usize>)> {
        let branch = match (self.scores_pairs, self.kind) {
            (false, _) => "",
            (true, "bert") => "bert.",
            (true, "distilbert") => "distilbert.",
            (true, _) => "roberta.",
        };
        let mut tensors = Vec::new();
        let mut linear = |name: String, outputs: usize, inputs: usize| {
            tensors.push((format!("{name}.weight"), vec![outputs, inputs]));
            tensors.push((format!("{name}.bias"), vec![outputs]));
        };
        let (place, names) = if self.is_distilbert() {
            (
                "transformer",
                [
                    "attention.q_lin",
                    "attention.k_lin",
                    "attention.v_lin",
                    "attention.out_lin",
                    "ffn.lin1",
                    "ffn.lin2",
                ],
            )
        } else {
            (
                "encoder",
                [
                    "attention.self.query",
                    "attention.self.key",
                    "attention.self.value",
                    "attention.output.dense",
                    "intermediate.dense",
                    "output.dense",
                ],
            )
        };
        let norms = if self.is_distilbert() {
            ["sa_layer_norm", "output_layer_norm"]
        } else {
            ["attention.output.LayerNorm", "output.LayerNorm"]
        };
        for layer in 0..2 {
            let name = |part: &str| format!("{branch}{place}.layer.{layer}.{part}");
            for part in &names[..4] {
                linear(name(part), WIDTH, WIDTH);
            }
            linear(name(names[4]), INNER, WIDTH);
            linear(name(names[5]), WIDTH, INNER);
        }
        if self.scores_pairs {
            let (dense, out) = match self.kind {
                "bert" => ("bert.pooler.dense", "classifier"),
                "distilbert" => ("pre_classifier", "classifier"),
                _ => ("classifier.dense", "classifier.out_proj"),
            };
            linear(dense.to_owned(), WIDTH, WIDTH);
            linear(out.to_owned(), 1, WIDTH);
        }
        let mut norm = |name: String| {
            tensors.push((format!("{branch}{name}.weight"), vec![WIDTH]));
            tensors.push((format!("{branch}{name}.bias"), vec![WIDTH]));
        };
        norm("embeddings.LayerNorm".to_owned());
        for layer in 0..2 {
            for part in norms {
                norm(format!("{place}.layer.{layer}.{part}"));
            }
        }
        let mut table = |name: &str, rows: usize| {
            tensors.push((format!("{branch}embeddings.{name}.weight"), vec![rows, WIDTH]));
        };
        table("word_embeddings", VOCABULARY);
        table("position_embeddings", POSITIONS);
        if !self.is_distilbert() {
            table("token_type_embeddings", self.kinds());
        }
        tensors
    }

    fn weights(self) -> Vec<u8> {
        let mut header = Map::new();
        header.insert("__metadata__".to_owned(), json!({"format": "pt"}));
        let mut data = Vec::new();
        for (name, shape) in self.tensors() {
            let start = data.len();
            for number in numbers(&name, shape.iter().product()) {
                match self.dtype {
                    "F32" => data.extend(number.to_le_bytes()),
                    // The upper half of a number of 32 bits.
                    "BF16" => data.extend(&number.to_le_bytes()[2..]),
                    other => panic!("no numbers of the kind {other} are written"),
                }
            }
            let offsets = [start, data.len()];
            header.insert(
                name,
                json!({"dtype": self.dtype, "shape": shape, "data_offsets": offsets}),
            );
        }
        let header = serde_json::to_vec(&header).unwrap();
        let mut file = (header.len() as u64).to_le_bytes().to_vec();
        file.extend(header);
        file.extend(data);
        file
    }
}

const WIDTH: usize = 32;
const INNER: usize = 64;
const POSITIONS: usize = 40;
const VOCABULARY: usize = 56;

/// The numbers of a tensor: a linear congruential generator from the FNV-1a hash of its name, each
/// from -0.5 to 0.5; what scales in a normalisation lies around one.
fn numbers(name: &str, count: usize) -> Vec<f32> {
    let mut state = name
        .bytes()
        .fold(0x811C_9DC5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    let is_gain = name.to_lowercase().contains("norm") && name.ends_with("weight");
    (0..count)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let number = (state >> 8) as f32 / 16_777_216.0 - 0.5;
            if is_gain { 1.0 + number } else { number }
        })
        .collect()
}

/// Letters as pieces.
fn tokenizer(specials: [&str; 4]) -> Value {
    let (begin, end, unknown) = if specials[0] == "<s>" {
        (specials[0], specials[2], specials[3])
    } else {
        (specials[1], specials[2], specials[3])
    };
    let letters = || ('a'..='z').map(String::from);
    let pieces = specials.iter().map(ToString::to_string);
    let pieces = pieces.chain(letters()).chain(letters().map(|letter| format!("##{letter}")));
    let vocabulary: Map<String, Value> =
        pieces.enumerate().map(|(id, piece)| (piece, json!(id))).collect();
    let special = |id: usize, text: &str| {
        json!({"id": id, "content": text, "single_word": false, "lstrip": false, "rstrip": false,
               "normalized": false, "special": true})
    };
    let token = |text: &str, kind: u32| json!({"SpecialToken": {"id": text, "type_id": kind}});
    let sequence = |name: &str, kind: u32| json!({"Sequence": {"id": name, "type_id": kind}});
    let ids = |text: &str| json!({"id": text, "ids": [vocabulary[text]], "tokens": [text]});
    let is_late = specials[0] == "<s>";
    let second = u32::from(!is_late);
    let mut pair = vec![token(begin, 0), sequence("A", 0), token(end, 0)];
    if is_late {
        pair.push(token(end, 0));
    }
    pair.extend([sequence("B", second), token(end, second)]);
    json!({
        "version": "1.0",
        "truncation": {"direction": "Right", "max_length": 4, "strategy": "LongestFirst",
                       "stride": 0},
        "padding": null,
        "added_tokens": specials.iter().enumerate().map(|(id, text)| special(id, text))
            .collect::<Vec<_>>(),
        "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
                       "strip_accents": null, "lowercase": true},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [token(begin, 0), sequence("A", 0), token(end, 0)],
            "pair": pair,
            "special_tokens": {begin: ids(begin), end: ids(end)},
        },
        "decoder": null,
        "model": {"type": "WordPiece", "unk_token": unknown, "continuing_subword_prefix": "##",
                  "max_input_chars_per_word": 100, "vocab": vocabulary},
    })
}
