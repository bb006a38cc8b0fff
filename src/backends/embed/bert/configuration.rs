//! What a model's `config.json` says of its network.

use std::{fs, io::ErrorKind, path::Path};

use serde::{Deserialize, de::DeserializeOwned};

use super::layers::{Activation, Heads};
use crate::error::{Context, Error, Result};

/// What a network is built like.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Configuration {
    /// Whose names its weights have.
    pub(crate) family: Family,
    /// Its rows.
    pub(crate) heads: Heads,
    /// The number of layers.
    pub(crate) layers: usize,
    /// What it puts between the halves of a layer's second part.
    pub(crate) activation: Activation,
    /// What it adds to a variance.
    pub(crate) epsilon: f32,
    /// The first position of a text.
    pub(crate) position_first: usize,
    /// The most pieces of a text, those that begin and end it included.
    pub(crate) pieces_max: usize,
    /// How many classes it tells apart, when it is made for that.
    pub(crate) classes: usize,
}

/// The branches of the family that are read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Family {
    /// BERT itself.
    Bert,
    /// `RoBERTa`, and with the same weights by the same names XLM-R and `CamemBERT`.
    Roberta,
    /// `DistilBERT`.
    DistilBert,
}

/// The names in `model_type`, and their branch.
const FAMILIES: [(&str, Family); 5] = [
    ("bert", Family::Bert),
    ("roberta", Family::Roberta),
    ("xlm-roberta", Family::Roberta),
    ("camembert", Family::Roberta),
    ("distilbert", Family::DistilBert),
];

/// The file as it is written; `DistilBERT` has names of its own.
#[derive(Deserialize)]
struct File {
    #[serde(alias = "dim")]
    hidden_size: usize,
    #[serde(alias = "n_layers")]
    num_hidden_layers: usize,
    #[serde(alias = "n_heads")]
    num_attention_heads: usize,
    #[serde(default = "gelu", alias = "activation")]
    hidden_act: String,
    #[serde(default = "epsilon")]
    layer_norm_eps: f32,
    max_position_embeddings: usize,
    #[serde(default)]
    pad_token_id: Option<usize>,
    #[serde(default)]
    position_embedding_type: Option<String>,
    #[serde(default)]
    id2label: Option<serde_json::Map<String, serde_json::Value>>,
    #[serde(default)]
    num_labels: Option<usize>,
}

/// What is meant when nothing is said.
fn gelu() -> String {
    "gelu".to_owned()
}

/// What BERT and `DistilBERT` take when nothing is said.
fn epsilon() -> f32 {
    1e-12
}

impl Configuration {
    /// Reads `config.json` in a model's folder.
    ///
    /// # Errors
    /// When it is not there, or is that of a network that is not known here, which is named.
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        let name = folder.display();
        let path = folder.join("config.json");
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let message = if folder.is_dir() {
                    format!("{name} has no config.json")
                } else {
                    format!("there is no model folder {name}")
                };
                return Err(Error::usage(message).hint(
                    "name the folder that has config.json, tokenizer.json and model.safetensors, \
                     as the model was published; a model of the hub is named hf:OWNER/NAME",
                ));
            }
            Err(error) => return Err(error).context(|| format!("can't read {}", path.display())),
        };
        // The kind comes first: a file of another kind may lack what is read of ours.
        let kind: Kind =
            serde_json::from_slice(&bytes).context(|| format!("read {}", path.display()))?;
        let family = FAMILIES.iter().find(|(name, _)| *name == kind.model_type);
        let Some((_, family)) = family else { return Err(unknown(&path, &kind.model_type)) };
        let file: File =
            serde_json::from_slice(&bytes).context(|| format!("read {}", path.display()))?;
        Self::from_file(&file, *family)
            .map_err(|reason| Error::failed(format!("{}: {reason}", path.display())).hint(OTHER))
    }

    fn from_file(file: &File, family: Family) -> Result<Self, String> {
        let heads = Heads { width: file.hidden_size, count: file.num_attention_heads };
        if heads.count == 0 || heads.width == 0 || !heads.width.is_multiple_of(heads.count) {
            return Err(format!(
                "{} numbers can't be divided by {} heads",
                heads.width, heads.count
            ));
        }
        if let Some(kind) = file.position_embedding_type.as_deref().filter(|it| *it != "absolute") {
            return Err(format!("positions of the type {kind} are not known"));
        }
        let activation = match file.hidden_act.as_str() {
            "gelu" => Activation::Gelu,
            "gelu_new" | "gelu_pytorch_tanh" => Activation::GeluTanh,
            "relu" => Activation::Relu,
            other => return Err(format!("the activation {other} is not known")),
        };
        // Positions follow the padding's id there.
        let position_first = match family {
            Family::Roberta => file.pad_token_id.unwrap_or(1) + 1,
            Family::Bert | Family::DistilBert => 0,
        };
        let classes = file.num_labels.or_else(|| file.id2label.as_ref().map(serde_json::Map::len));
        Ok(Self {
            family,
            heads,
            layers: file.num_hidden_layers,
            activation,
            epsilon: if family == Family::DistilBert { epsilon() } else { file.layer_norm_eps },
            position_first,
            pieces_max: file.max_position_embeddings.saturating_sub(position_first),
            classes: classes.unwrap_or(2),
        })
    }
}

#[derive(Deserialize)]
struct Kind {
    #[serde(default)]
    model_type: String,
}

const OTHER: &str = "take another model of the BERT family, or serve this one and set \
                     embedding.model or rerank.provider to \"http\"";

fn unknown(path: &Path, kind: &str) -> Error {
    let known = FAMILIES.map(|(name, _)| name).join(", ");
    let message = if kind.is_empty() {
        format!("{} names no model_type", path.display())
    } else {
        format!("{}: models of the type {kind} can't be run", path.display())
    };
    Error::usage(message).hint(format!("the types are {known}; {OTHER}"))
}

/// A file of JSON in a model's folder; none when it is not there.
///
/// # Errors
/// When it can't be read, or holds something else.
pub(crate) fn read_json<T: DeserializeOwned>(folder: &Path, name: &str) -> Result<Option<T>> {
    let path = folder.join(name);
    match fs::read(&path) {
        Ok(bytes) => {
            serde_json::from_slice(&bytes).map(Some).context(|| format!("read {}", path.display()))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).context(|| format!("read {}", path.display())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(config: &str) -> Result<Configuration> {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("config.json"), config).unwrap();
        Configuration::open(folder.path())
    }

    #[test]
    fn positions_follow_the_padding_where_the_branch_has_them_so() {
        let config = open(
            r#"{"model_type":"xlm-roberta","hidden_size":768,"num_hidden_layers":12,
                "num_attention_heads":12,"layer_norm_eps":1e-05,"max_position_embeddings":514,
                "pad_token_id":1,"id2label":{"0":"LABEL_0"}}"#,
        );
        let config = config.unwrap();
        assert_eq!((config.position_first, config.pieces_max, config.classes), (2, 512, 1));
        let config = open(
            r#"{"model_type":"distilbert","dim":64,"n_layers":6,"n_heads":4,
                "activation":"gelu","max_position_embeddings":512,"pad_token_id":0}"#,
        );
        let config = config.unwrap();
        assert_eq!((config.position_first, config.pieces_max, config.classes), (0, 512, 2));
    }

    #[test]
    fn what_can_not_be_run_is_named() {
        let check = |config: &str, expected: &str| {
            let error = open(config).unwrap_err();
            assert!(error.to_string().contains(expected), "{error}");
            assert!(error.remedy().unwrap().contains("http"), "{error}");
        };
        check(r#"{"model_type":"mpnet","hidden_size":768}"#, "type mpnet can't be run");
        check("{}", "names no model_type");
        let bert = |more: &str| {
            format!(
                r#"{{"model_type":"bert","hidden_size":8,"num_hidden_layers":1,
                    "max_position_embeddings":9,{more}}}"#
            )
        };
        check(&bert(r#""num_attention_heads":3"#), "divided by 3 heads");
        let relative = r#""num_attention_heads":2,"position_embedding_type":"relative_key""#;
        check(&bert(relative), "relative_key");
        check(&bert(r#""num_attention_heads":2,"hidden_act":"silu""#), "activation silu");
    }
}
