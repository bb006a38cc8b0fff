//! An answer that comes as JSON, sentence by sentence, turned into one like any other.
//!
//! Small models keep to a form better than to rules: each sentence stands in an object of its own,
//! beside the number of its passage. What comes in another form is taken as it is.

use serde::Deserialize;
use serde_json::{Value, json};

/// The schema that an answer from so many passages is bound to, where the endpoint can do that.
///
/// One number a sentence, and only numbers that are there: a list of them is where a small model
/// begins to count, and does not end.
pub(super) fn schema(passages: usize) -> Value {
    let numbers: Vec<usize> = (1..=passages).collect();
    let sentence = json!({
        "type": "object",
        "properties": {"text": {"type": "string"}, "passage": {"type": "integer", "enum": numbers}},
        "required": ["text", "passage"],
        "additionalProperties": false,
    });
    json!({
        "type": "object",
        "properties": {"sentences": {"type": "array", "items": sentence}},
        "required": ["sentences"],
        "additionalProperties": false,
    })
}

#[derive(Deserialize)]
struct Sentence {
    text: String,
    passage: Option<i64>,
}

/// A reply in JSON as it comes.
#[derive(Debug, Default)]
pub(super) struct Unfolding {
    raw: String,
    /// How far it was read.
    read: usize,
    /// Where the object of a sentence began, how deep it is and whether a text is open in it.
    open: Option<usize>,
    depth: usize,
    is_quoted: bool,
    is_escaped: bool,
    text: String,
    separator: &'static str,
}

impl Unfolding {
    /// For a reply whose sentences stand in a list, or one after the other.
    pub(super) fn new(is_list: bool) -> Self {
        Self { separator: if is_list { "\n- " } else { " " }, ..Self::default() }
    }

    /// Takes the next piece, and gives what it adds to the answer.
    pub(super) fn take(&mut self, piece: &str) -> String {
        self.raw.push_str(piece);
        if !self.is_json() {
            return String::new();
        }
        let before = self.text.len();
        for (offset, character) in self.raw[self.read..].char_indices() {
            let place = self.read + offset;
            match character {
                _ if self.is_escaped => self.is_escaped = false,
                '\\' if self.is_quoted => self.is_escaped = true,
                '"' => self.is_quoted = !self.is_quoted,
                _ if self.is_quoted => {}
                '{' => {
                    self.depth += 1;
                    if self.depth == 2 {
                        self.open = Some(place);
                    }
                }
                '}' => {
                    self.depth = self.depth.saturating_sub(1);
                    if let Some(start) = self.open.filter(|_| self.depth == 1) {
                        self.open = None;
                        let sentence = serde_json::from_str(&self.raw[start..=place]).ok();
                        let added = sentence.map(|it| added(&self.text, &it, self.separator));
                        self.text.extend(added);
                    }
                }
                _ => {}
            }
        }
        self.read = self.raw.len();
        self.text[before..].to_owned()
    }

    /// Gives what is still to be added when no piece follows, and the whole answer.
    pub(super) fn finish(mut self) -> (String, String) {
        let rest = match self.open {
            // Cut off within a sentence: what there is of it is worth showing.
            Some(start) => {
                let closed = ["}", "\"}", "]}"].into_iter().find_map(|end| {
                    serde_json::from_str(&format!("{}{end}", &self.raw[start..])).ok()
                });
                closed.map(|it| added(&self.text, &it, self.separator)).unwrap_or_default()
            }
            None if self.text.is_empty() && !self.is_without_sentences() => {
                self.raw.trim().to_owned()
            }
            None => String::new(),
        };
        self.text.push_str(&rest);
        (rest, self.text)
    }

    /// Whether the reply begins as JSON does, perhaps within a fence of code.
    fn is_json(&self) -> bool {
        self.unfenced().starts_with('{')
    }

    /// Whether the reply has the form, but no sentence is in it, or it was cut off before one.
    fn is_without_sentences(&self) -> bool {
        let form = r#"{"sentences""#;
        let reply: String = self.unfenced().split_whitespace().collect();
        reply.starts_with(form) || form.starts_with(&reply)
    }

    fn unfenced(&self) -> &str {
        let begun = self.raw.trim_start();
        let begun = begun.strip_prefix("```json").or_else(|| begun.strip_prefix("```"));
        begun.unwrap_or(&self.raw).trim_start()
    }
}

/// What a sentence adds to an answer: its words, with the number before its last mark.
fn added(before: &str, sentence: &Sentence, separator: &str) -> String {
    let text = sentence.text.trim();
    if text.is_empty() {
        return String::new();
    }
    let separator = if before.is_empty() { separator.trim_start() } else { separator };
    let end = text.trim_end_matches(['.', '!', '?']);
    let cited = match sentence.passage {
        // A model that cites in the text as well has said it already.
        Some(number) if !end.ends_with(']') => format!("{end} [{number}]{}", &text[end.len()..]),
        _ => text.to_owned(),
    };
    // A small model that has no more to say says it again.
    if before.contains(&cited) { String::new() } else { format!("{separator}{cited}") }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(pieces: &[&str], expected: &[&str]) {
        let mut unfolding = Unfolding::new(false);
        let mut given: Vec<String> = pieces.iter().map(|piece| unfolding.take(piece)).collect();
        let (rest, whole) = unfolding.finish();
        given.push(rest);
        assert_eq!(given, expected, "{pieces:?}");
        assert_eq!(given.concat(), whole);
    }

    #[test]
    fn sentences_are_given_as_each_is_whole() {
        check(
            &[
                r#"{"sentences": [{"text": "We pay 74 € {a month}.","#,
                r#" "passage": 1}, {"text": "Since \"March\"", "passage": 2}"#,
                r#", {"text": "No.", "passage": null}]}"#,
            ],
            &["", "We pay 74 € {a month} [1]. Since \"March\" [2]", " No.", ""],
        );
    }

    #[test]
    fn another_form_is_taken_as_it_is() {
        check(&["In May", " [1]."], &["", "", "In May [1]."]);
        check(&[r#"{"answer": "x"}"#], &["", r#"{"answer": "x"}"#]);
        check(
            &["```json\n{\"sentences\": [{\"text\": \"So [1].\", \"passage\": 1}]}\n```"],
            &["So [1].", ""],
        );
        check(&["  "], &["", ""]);
    }

    #[test]
    fn the_form_without_a_sentence_says_nothing() {
        check(&["{\n\n\"sentences\"\n", ":\n\n[]\n\n}"], &["", "", ""]);
        check(&["{\n \n"], &["", ""]);
        check(&[r#"{"sentences": [{"text": " ", "passage": 1}]}"#], &["", ""]);
    }

    #[test]
    fn what_is_cut_off_is_kept_as_far_as_it_goes() {
        check(
            &[r#"{"sentences": [{"text": "One.", "passage": 1}, {"text": "Two and"#],
            &["One [1].", " Two and"],
        );
        check(&[r#"{"sentences": [{"text": "One.", "passage": 1"#], &["", "One [1]."]);
    }

    #[test]
    fn what_is_said_again_is_said_once() {
        let again = r#"{"text": "One.", "passage": 1}"#;
        check(&[&format!(r#"{{"sentences": [{again}, {again}, {again}"#)], &["One [1].", ""]);
    }

    #[test]
    fn a_list_has_a_line_for_each() {
        let mut unfolding = Unfolding::new(true);
        let reply = r#"{"sentences": [{"text": "a", "passage": 1}, {"text": "b", "passage": 2}]}"#;
        assert_eq!(unfolding.take(reply), "- a [1]\n- b [2]");
    }

    proptest! {
        #[test]
        fn it_does_not_matter_where_a_reply_is_cut(
            texts in prop::collection::vec("[a-zé{}\"\\\\ ]{1,12}", 0..4),
            places in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
        ) {
            let sentences: Vec<Value> =
                texts.iter().map(|text| json!({"text": text, "passage": 1})).collect();
            let reply: Vec<char> = json!({"sentences": sentences}).to_string().chars().collect();
            let mut places: Vec<usize> =
                places.iter().map(|place| place.index(reply.len() + 1)).collect();
            places.extend([0, reply.len()]);
            places.sort_unstable();
            let mut unfolding = Unfolding::new(false);
            let mut given = String::new();
            for pair in places.windows(2) {
                let piece: String = reply[pair[0]..pair[1]].iter().collect();
                given.push_str(&unfolding.take(&piece));
            }
            let (rest, whole) = unfolding.finish();
            prop_assert_eq!(format!("{given}{rest}"), whole.clone());
            for text in texts.iter().filter(|text| !text.trim().is_empty()) {
                prop_assert!(whole.contains(text.trim()), "{} in {}", text, whole);
            }
        }
    }
}
