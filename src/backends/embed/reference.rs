//! Compares vectors and ids with those that another implementation gave.

use serde::Deserialize;

use crate::services::{Embedder, Role};

/// A text and its vector.
#[derive(Deserialize)]
struct Case {
    text: String,
    vector: Vec<f32>,
}

/// A text and the ids of its pieces.
#[derive(Deserialize)]
struct Division {
    text: String,
    ids: Vec<u32>,
}

/// Holds a tokenizer against cases in JSON.
pub(super) fn check_ids(cases: &str, divide: impl Fn(&str) -> Vec<u32>) {
    let cases: Vec<Division> = serde_json::from_str(cases).expect("cases in JSON");
    assert!(cases.len() >= 200);
    for case in cases {
        assert_eq!(divide(&case.text), case.ids, "{:?}", case.text);
    }
}

/// Holds an embedder against cases in JSON.
pub(super) fn check(embedder: &dyn Embedder, role: Role, cases: &str, cosine_min: f32) {
    let cases: Vec<Case> = serde_json::from_str(cases).expect("cases in JSON");
    let texts: Vec<&str> = cases.iter().map(|case| case.text.as_str()).collect();
    let vectors = embedder.embed(role, &texts).expect("vectors");
    assert_eq!(vectors.len(), cases.len());
    for (case, vector) in cases.iter().zip(&vectors) {
        assert_eq!(vector.len(), embedder.dimension());
        let cosine = cosine(&case.vector, vector);
        assert!(cosine >= cosine_min, "{cosine} {:?}", case.text);
    }
}

/// The cosine between two vectors.
pub(super) fn cosine(left: &[f32], right: &[f32]) -> f32 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    dot(left, right) / (dot(left, left) * dot(right, right)).sqrt()
}
