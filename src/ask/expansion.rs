//! Other words for what a question asks about, named by a model: query expansion.
//!
//! They are searched for beside the question's own, and count less. They change the order of what is
//! found, never whether the topic is there.

use serde::Deserialize;

use super::{
    phrases::phrase,
    prompt::{object_in, rendered, request},
    templates::EXPAND,
};
use crate::{
    error::{Exit, Result},
    logbook::Language,
    plan::Plan,
    privacy::GuardedChat,
    services::ChatRequest,
};

/// So many words are taken.
const WORDS_MAX: usize = 12;
/// The longest word that is taken, in characters.
const WORD_CHARACTERS_MAX: usize = 40;
/// The longest reply, in tokens: some words.
const REPLY_TOKENS: u32 = 200;

/// A plan with a topic, as far as it is asked a model about.
pub struct Expansion<'a> {
    /// The plan.
    pub plan: &'a Plan,
}

#[derive(Deserialize)]
struct Reply {
    words: Vec<String>,
}

impl Expansion<'_> {
    /// The plan with other words for its topic; the plan as it was, with the reason among its doubts,
    /// where the model names none in a form that can be read.
    ///
    /// # Errors
    /// Only when the user interrupts.
    pub fn ask(&self, chat: &GuardedChat<'_>) -> Result<Plan> {
        let mut plan = self.plan.clone();
        match chat.complete(&self.request(), &mut |_| {}) {
            Err(error) if error.exit() == Exit::Interrupted => return Err(error),
            Err(error) => plan.doubts.push(match plan.language {
                Language::English => {
                    format!("The model could not be asked for other words ({error}).")
                }
                Language::French => {
                    format!("Le modèle n’a pas pu être consulté pour d’autres mots ({error}).")
                }
            }),
            Ok(completion) => match words(&completion.text) {
                Some(words) => plan.other_words = words,
                None => plan.doubts.push(unreadable(plan.language).to_owned()),
            },
        }
        Ok(plan)
    }

    /// What the model is asked.
    #[must_use]
    pub fn request(&self) -> ChatRequest {
        let most = WORDS_MAX.to_string();
        let values = [
            ("most", most.as_str()),
            ("topic", &self.plan.topic),
            ("question", &self.plan.resolved),
        ];
        let (system, message) = rendered(EXPAND, &values);
        request(system, message, REPLY_TOKENS)
    }
}

fn unreadable(language: Language) -> &'static str {
    phrase(
        language,
        "The model named no other words in a form that can be read.",
        "Le modèle n’a pas nommé d’autres mots sous une forme lisible.",
    )
}

/// The words of a reply, whatever stands around the object that holds them.
fn words(reply: &str) -> Option<Vec<String>> {
    let Reply { words } = object_in(reply)?;
    let is_sound = |word: &String| {
        (1..=WORD_CHARACTERS_MAX).contains(&word.chars().count())
            && !word.chars().any(char::is_control)
    };
    let words = words.into_iter().map(|word| word.trim().to_owned()).filter(is_sound);
    Some(words.take(WORDS_MAX).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_from_an_object_whatever_stands_around_it() {
        let read = |reply: &str| words(reply);
        assert_eq!(read(r#"{"words": ["judo", " karate "]}"#).unwrap(), ["judo", "karate"]);
        assert_eq!(read("Sure!\n```json\n{\"words\": [\"judo\"]}\n```").unwrap(), ["judo"]);
        assert_eq!(read(r#"{"words": []}"#).unwrap(), Vec::<String>::new());
        let long = "a".repeat(WORD_CHARACTERS_MAX + 1);
        let reply = format!(r#"{{"words": ["{long}", "", "a\u001bb", "judo"]}}"#);
        assert_eq!(read(&reply).unwrap(), ["judo"]);
        let many = vec![r#""judo""#; 30].join(",");
        assert_eq!(read(&format!(r#"{{"words": [{many}]}}"#)).unwrap().len(), WORDS_MAX);
        for other in ["judo, karate", "{}", r#"{"words": "judo"}"#, "}{", ""] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
