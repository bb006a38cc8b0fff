//! What is sent to an endpoint that reranks, and what comes back.

use serde::Deserialize;
use serde_json::{Value, json};

/// What an endpoint speaks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RerankApi {
    /// Cohere's `POST /rerank`, which Jina, Voyage, llama.cpp, vLLM and others speak too.
    /// Source: Cohere's reference of its API, *Rerank*; the documentation of llama.cpp's server.
    Cohere,
    /// `POST /rerank` of Hugging Face's Text Embeddings Inference.
    /// Source: its own description of its API.
    Tei,
}

impl RerankApi {
    /// The most texts of one request; an endpoint of TEI refuses more unless it is told otherwise.
    pub(super) fn texts_max(self) -> usize {
        match self {
            Self::Cohere => usize::MAX,
            Self::Tei => 32,
        }
    }

    /// The body of a request. How many results come back is left to the endpoint, which gives all
    /// of them, since endpoints disagree on the name of that limit.
    pub(super) fn request(self, model: &str, question: &str, texts: &[&str]) -> Value {
        match self {
            Self::Cohere if model.is_empty() => json!({"query": question, "documents": texts}),
            Self::Cohere => json!({"model": model, "query": question, "documents": texts}),
            Self::Tei => json!({"query": question, "texts": texts, "truncate": true}),
        }
    }
}

/// A reply in each of its shapes.
#[derive(Deserialize)]
#[serde(untagged)]
enum Reply {
    Named {
        #[serde(alias = "data")]
        results: Vec<Scored>,
    },
    Bare(Vec<Scored>),
}

#[derive(Deserialize)]
struct Scored {
    index: usize,
    #[serde(alias = "relevance_score")]
    score: f32,
}

/// The scores of a reply, in the order of the texts.
pub(super) fn scores(body: &[u8], texts: usize) -> Result<Vec<f32>, String> {
    let reply: Reply =
        serde_json::from_slice(body).map_err(|_| "what came back are no scores".to_owned())?;
    let (Reply::Named { results } | Reply::Bare(results)) = reply;
    let mut scores = vec![f32::NAN; texts];
    for result in results {
        match scores.get_mut(result.index) {
            Some(score) => *score = result.score,
            None => return Err(format!("a score for text {} of {texts}", result.index)),
        }
    }
    let found = scores.iter().filter(|score| score.is_finite()).count();
    if found == texts { Ok(scores) } else { Err(format!("scores for {found} of {texts} texts")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, expected: Result<&[f32], &str>) {
        let found = scores(body.as_bytes(), 2);
        assert_eq!(found.as_deref().map_err(String::as_str), expected, "{body}");
    }

    #[test]
    fn scores_are_put_into_the_order_of_their_texts() {
        let cohere = r#"{"id":"1","results":[{"index":1,"relevance_score":0.9},
                        {"index":0,"relevance_score":0.1,"document":{"text":"a"}}]}"#;
        check(cohere, Ok(&[0.1, 0.9]));
        let voyage = r#"{"object":"list","data":[{"index":0,"relevance_score":0.1},
                        {"index":1,"relevance_score":0.9}]}"#;
        check(voyage, Ok(&[0.1, 0.9]));
        check(r#"[{"index":1,"score":-2.5},{"index":0,"score":7}]"#, Ok(&[7.0, -2.5]));
    }

    #[test]
    fn what_is_missing_or_foreign_is_an_error() {
        check(r#"[{"index":1,"score":1}]"#, Err("scores for 1 of 2 texts"));
        check(r#"[{"index":2,"score":1}]"#, Err("a score for text 2 of 2"));
        check(r#"{"results":[{"index":0,"score":null}]}"#, Err("what came back are no scores"));
        check("<html>", Err("what came back are no scores"));
        check(r#"{"error":"no"}"#, Err("what came back are no scores"));
    }
}
