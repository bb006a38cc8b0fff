//! The numbers are those that TensorFlow with the package `transformers` 4.41.2 gives for the tiny
//! models of `tests/it/tiny.rs`: the first four components of each vector at unit length.

use std::fs;

use super::*;
use crate::backends::{
    embed::{Prefixes, bert::tiny::Tiny, reference::cosine},
    models::{Fingerprints, FolderModel},
};

/// A tiny model in a folder of its own.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new(tiny: Tiny) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        tiny.write(folder.0.path());
        folder
    }

    fn with(self, name: &str, text: &str) -> Self {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    fn pooling(self, mode: &str) -> Self {
        let modules = r#"[{"path":"1_Pooling","type":"sentence_transformers.models.Pooling"}]"#;
        let config = format!(r#"{{"pooling_mode_{mode}":true}}"#);
        self.with("modules.json", modules).with("1_Pooling/config.json", &config)
    }

    fn open(&self, given: &Prefixes) -> SentenceModel {
        let model = FolderModel::new(self.0.path());
        let known = Fingerprints::new(self.0.path().join("known"));
        let description = SentenceDescription::read(&model, given, &known).unwrap();
        SentenceModel::open(self.0.path(), description).unwrap()
    }

    fn embed(&self, text: &str) -> Vec<f32> {
        let model = self.open(&Prefixes::default());
        assert_eq!(model.dimension(), 32);
        model.embed(Role::Passage, &[text]).unwrap().remove(0)
    }
}

#[track_caller]
fn assert_begins(vector: &[f32], expected: [f32; 4]) {
    let is_close = |(found, expected): (&f32, &f32)| (found - expected).abs() < 2e-5;
    assert!(vector.iter().zip(&expected).all(is_close), "{:?}", &vector[..4]);
}

#[test]
fn vectors_are_those_of_the_reference() {
    let check = |kind, mode, text, expected| {
        assert_begins(&Folder::new(Tiny::embedding(kind)).pooling(mode).embed(text), expected);
    };
    let text = "Bread and butter";
    check("bert", "mean_tokens", text, [0.008_309, 0.158_869, 0.142_755, 0.059_04]);
    check("bert", "cls_token", text, [-0.042_789, 0.141_223, 0.070_957, 0.070_125]);
    check("bert", "max_tokens", text, [0.186_301, 0.165_378, 0.298_03, 0.124_355]);
    check("bert", "mean_tokens", "garden", [-0.225_06, 0.227_155, -0.098_334, 0.093_502]);
    for kind in ["roberta", "xlm-roberta", "camembert"] {
        check(kind, "mean_tokens", text, [-0.098_165, -0.012_395, -0.238_919, 0.217_442]);
        check(kind, "cls_token", "garden", [-0.193_043, 0.045_868, -0.164_655, 0.122_45]);
    }
    check("distilbert", "mean_tokens", text, [-0.148_37, -0.062_452, -0.245_155, 0.157_358]);
    check("distilbert", "max_tokens", "garden", [-0.079_643, 0.022_34, -0.209_735, 0.270_906]);
}

#[test]
fn weights_of_sixteen_bits_give_nearly_the_same() {
    let tiny = Tiny { dtype: "BF16", ..Tiny::embedding("bert") };
    let vector = Folder::new(tiny).embed("Bread and butter");
    let whole = Folder::new(Tiny::embedding("bert")).embed("Bread and butter");
    assert!(cosine(&vector, &whole) > 0.999);
    assert_ne!(vector, whole);
}

#[test]
fn texts_of_different_lengths_go_together_and_change_nothing() {
    let folder = Folder::new(Tiny::embedding("bert"));
    let model = folder.open(&Prefixes::default());
    let texts = ["garden", "Bread and butter", "", "a", "the quick brown fox"];
    let together = model.embed(Role::Passage, &texts).unwrap();
    for (text, vector) in texts.iter().zip(&together) {
        let alone = model.embed(Role::Passage, &[*text]).unwrap();
        assert!(cosine(vector, &alone[0]) > 0.999_999, "{text}");
    }
}

#[test]
fn a_text_over_the_limit_is_read_to_its_end() {
    let limit = r#"{"max_seq_length":12,"do_lower_case":false}"#;
    let folder = Folder::new(Tiny::embedding("bert")).with("sentence_bert_config.json", limit);
    let model = folder.open(&Prefixes::default());
    assert_eq!(model.limits.window_pieces_max, 10);
    let start = "bread and butter in the garden";
    let vectors = model.embed(Role::Passage, &[start, &format!("{start} at night")]).unwrap();
    assert!(cosine(&vectors[0], &vectors[1]) < 0.999);
}

#[test]
fn what_is_put_before_a_text_is_of_its_role() {
    let prompts = r#"{"prompts":{"query":"find: "}}"#;
    let folder =
        Folder::new(Tiny::embedding("bert")).with("config_sentence_transformers.json", prompts);
    let model = folder.open(&Prefixes::default());
    let embed = |role, text| model.embed(role, &[text]).unwrap().remove(0);
    assert_eq!(embed(Role::Query, "bread"), embed(Role::Passage, "find: bread"));
    let none = Prefixes { query: Some(String::new()), passage: None };
    let bare = folder.open(&none);
    assert_eq!(bare.identity(), model.identity());
    assert_eq!(bare.embed(Role::Query, &["bread"]).unwrap()[0], embed(Role::Passage, "bread"));
}

#[test]
fn files_of_two_models_are_refused() {
    let folder = Folder::new(Tiny::embedding("bert"));
    let config = fs::read_to_string(folder.0.path().join("config.json")).unwrap();
    for (from, to) in [
        ("\"max_position_embeddings\": 40", "\"max_position_embeddings\": 41"),
        ("_layers\": 2", "_layers\": 3"),
    ] {
        let changed = config.replace(from, to);
        assert_ne!(changed, config);
        fs::write(folder.0.path().join("config.json"), changed).unwrap();
        let error = Network::open(folder.0.path()).unwrap_err();
        assert!(error.remedy().unwrap().contains("the same place"), "{error}");
    }
}
