//! What a model's folder says of it, without its weights being read.
//!
//! Beside the files of the network, the Python package `sentence-transformers` keeps what makes one
//! vector of a text's rows in `modules.json` and the files that it names, and what is put before a
//! text in `config_sentence_transformers.json`.

use std::{collections::BTreeMap, path::Path};

use serde::Deserialize;

use super::bert::{Configuration, read_json};
use crate::{
    backends::models::{Fingerprints, FolderModel},
    error::{Error, Result},
};

/// What is put before a text, by what it is embedded for; some models want it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Prefixes {
    /// Before a question.
    pub query: Option<String>,
    /// Before a passage.
    pub passage: Option<String>,
}

/// A model in a folder.
#[derive(Clone, Debug)]
pub struct SentenceDescription {
    /// The model, and what makes its vectors what they are.
    pub identity: String,
    /// The number of components of its vectors.
    pub dimension: usize,
    pub(super) query_prefix: String,
    pub(super) passage_prefix: String,
    pub(super) pooling: Pooling,
    pub(super) pieces_max: usize,
    pub(super) is_lowercased: bool,
}

/// How one vector is made of the rows of a text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Pooling {
    /// Their mean.
    Mean,
    /// The first of them.
    First,
    /// The largest of each component.
    Max,
}

impl SentenceDescription {
    /// Reads the small files of a model's folder; prefixes that are given come before its own.
    ///
    /// # Errors
    /// When a file is missing or damaged, or asks for what can't be done here.
    pub fn read(model: &FolderModel, given: &Prefixes, known: &Fingerprints) -> Result<Self> {
        let folder = &model.folder;
        let configuration = Configuration::open(folder)?;
        let own = own_prefixes(folder, &model.name)?;
        let or = |given: &Option<String>, own: Option<String>| given.clone().or(own);
        let passage_prefix = or(&given.passage, own.passage).unwrap_or_default();
        let limits: Limits = read_json(folder, "sentence_bert_config.json")?.unwrap_or_default();
        let longest = limits.max_seq_length.unwrap_or(usize::MAX);
        Ok(Self {
            identity: known.identity(model, &passage_prefix)?,
            dimension: configuration.heads.width,
            query_prefix: or(&given.query, own.query).unwrap_or_default(),
            passage_prefix,
            pooling: pooling(folder)?,
            pieces_max: longest.min(configuration.pieces_max),
            is_lowercased: limits.do_lower_case,
        })
    }
}

/// `sentence_bert_config.json`.
#[derive(Default, Deserialize)]
struct Limits {
    #[serde(default)]
    max_seq_length: Option<usize>,
    #[serde(default)]
    do_lower_case: bool,
}

/// An item of `modules.json`.
#[derive(Deserialize)]
struct Module {
    path: String,
    #[serde(rename = "type")]
    kind: String,
}

/// How the model makes one vector; the mean, as the package does, where nothing is said.
fn pooling(folder: &Path) -> Result<Pooling> {
    let modules: Vec<Module> = read_json(folder, "modules.json")?.unwrap_or_default();
    let mut pooling = Pooling::Mean;
    for module in modules {
        match module.kind.rsplit('.').next().unwrap_or_default() {
            // Vectors are brought to unit length here in any case.
            "Transformer" | "Normalize" => {}
            "Pooling" => pooling = pooling_in(folder, &module.path)?,
            other => {
                return Err(Error::usage(format!(
                    "{}: its modules.json has a part {other}, which can't be run",
                    folder.display()
                ))
                .hint(
                    "take a model whose parts are Transformer, Pooling and Normalize, or serve \
                     this one and set embedding.model to \"http\"",
                ));
            }
        }
    }
    Ok(pooling)
}

/// The ways of pooling under the names of `1_Pooling/config.json`. The mean over the root of the
/// length has the direction of the mean, and only the direction counts.
const POOLINGS: [(&str, Pooling); 7] = [
    ("pooling_mode_mean_tokens", Pooling::Mean),
    ("pooling_mode_mean_sqrt_len_tokens", Pooling::Mean),
    ("pooling_mode_cls_token", Pooling::First),
    ("pooling_mode_max_tokens", Pooling::Max),
    ("mean", Pooling::Mean),
    ("cls", Pooling::First),
    ("max", Pooling::Max),
];

fn pooling_in(folder: &Path, below: &str) -> Result<Pooling> {
    let name = format!("{below}/config.json");
    let settings: BTreeMap<String, serde_json::Value> =
        read_json(folder, &name)?.ok_or_else(|| {
            Error::failed(format!("{} has no {name}", folder.display()))
                .hint("take all files of the model as it was published")
        })?;
    let named = settings.get("pooling_mode").and_then(serde_json::Value::as_str);
    let chosen: Vec<&str> = settings
        .iter()
        .filter(|(name, value)| name.starts_with("pooling_mode_") && **value == true)
        .map(|(name, _)| name.as_str())
        .chain(named)
        .collect();
    let known = match chosen[..] {
        [one] => POOLINGS.iter().find(|(name, _)| *name == one),
        _ => None,
    };
    known.map(|(_, pooling)| *pooling).ok_or_else(|| {
        let chosen = if chosen.is_empty() { "nothing".to_owned() } else { chosen.join(" with ") };
        Error::usage(format!("{}: {name} pools by {chosen}", folder.display()))
            .hint("take a model that pools by mean, cls or max alone")
    })
}

/// `config_sentence_transformers.json`.
#[derive(Default, Deserialize)]
struct Prompts {
    #[serde(default)]
    prompts: BTreeMap<String, String>,
    #[serde(default)]
    default_prompt_name: Option<String>,
}

fn own_prefixes(folder: &Path, name: &str) -> Result<Prefixes> {
    let file: Prompts = read_json(folder, "config_sentence_transformers.json")?.unwrap_or_default();
    let prompt = |names: &[&str]| {
        let names = names.iter().copied().chain(file.default_prompt_name.as_deref());
        names.into_iter().find_map(|name| file.prompts.get(name)).cloned()
    };
    let query = prompt(&["query"]);
    let passage = prompt(&["document", "passage"]);
    if query.is_none() && passage.is_none() && is_e5(name) {
        let prefix = |text: &str| Some(text.to_owned());
        return Ok(Prefixes { query: prefix("query: "), passage: prefix("passage: ") });
    }
    Ok(Prefixes { query, passage })
}

/// Whether a model is of the E5 family, whose cards ask for prefixes that their files do not name.
/// Source: Wang et al., *Text Embeddings by Weakly-Supervised Contrastive Pre-training*, 2022.
fn is_e5(name: &str) -> bool {
    let parts: Vec<&str> = name.split(['-', '/', ':', '_']).collect();
    parts.contains(&"e5") && !parts.contains(&"instruct")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    fn modules(kind: &str) -> String {
        format!(
            r#"[{{"idx":0,"name":"0","path":"","type":"sentence_transformers.models.Transformer"}},
                {{"idx":1,"name":"1","path":"1_X","type":"sentence_transformers.models.{kind}"}}]"#
        )
    }

    #[test]
    fn pooling_is_what_the_folder_says() {
        let check = |config: &str, expected: Result<Pooling, &str>| {
            let folder =
                folder(&[("modules.json", &modules("Pooling")), ("1_X/config.json", config)]);
            match (pooling(folder.path()), expected) {
                (Ok(found), Ok(expected)) => assert_eq!(found, expected),
                (Err(error), Err(part)) => assert!(error.to_string().contains(part), "{error}"),
                (found, expected) => panic!("{found:?} instead of {expected:?}"),
            }
        };
        let modes = |mean: bool, cls: bool, max: bool| {
            format!(
                r#"{{"word_embedding_dimension":32,"pooling_mode_cls_token":{cls},
                    "pooling_mode_mean_tokens":{mean},"pooling_mode_max_tokens":{max}}}"#
            )
        };
        check(&modes(true, false, false), Ok(Pooling::Mean));
        check(&modes(false, true, false), Ok(Pooling::First));
        check(&modes(false, false, true), Ok(Pooling::Max));
        check(r#"{"pooling_mode":"cls"}"#, Ok(Pooling::First));
        check(&modes(true, true, false), Err("cls_token with pooling_mode_mean_tokens"));
        check(r#"{"pooling_mode_lasttoken":true}"#, Err("lasttoken"));
        check("{}", Err("nothing"));
        assert_eq!(pooling(folder(&[]).path()).unwrap(), Pooling::Mean);
        let dense = folder(&[("modules.json", &modules("Dense"))]);
        assert!(pooling(dense.path()).unwrap_err().to_string().contains("Dense"));
    }

    #[test]
    fn prefixes_are_those_of_the_folder_or_of_the_family() {
        let check = |name: &str, config: &str, query: Option<&str>, passage: Option<&str>| {
            let folder = folder(&[("config_sentence_transformers.json", config)]);
            let found = own_prefixes(folder.path(), name).unwrap();
            assert_eq!((found.query.as_deref(), found.passage.as_deref()), (query, passage));
        };
        let prompts = r#"{"prompts":{"query":"find: "},"default_prompt_name":null}"#;
        check("hf:a/arctic", prompts, Some("find: "), None);
        let default = r#"{"prompts":{"x":"all: "},"default_prompt_name":"x"}"#;
        check("hf:a/b", default, Some("all: "), Some("all: "));
        let e5 = "hf:intfloat/multilingual-e5-base";
        check(e5, "{}", Some("query: "), Some("passage: "));
        check("dir:e5-large-v2", "{}", Some("query: "), Some("passage: "));
        check("hf:intfloat/multilingual-e5-large-instruct", "{}", None, None);
        check("hf:BAAI/bge-small-en-v1.5", "{}", None, None);
    }
}
