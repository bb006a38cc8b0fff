//! How the questions are worded, in English and French.

use crate::{eval::random::Random, logbook::Language};

/// The ways of asking one kind of question; `{topic}` and `{year}` stand for what is asked about.
pub(super) struct Wording {
    english: &'static [&'static str],
    french: &'static [&'static str],
}

/// About a whole year.
pub(super) const YEAR: Wording = Wording {
    english: &[
        "What did I learn in {year}?",
        "What did I do in {year}?",
        "What was {year} about for me?",
        "Give me a recap of {year}.",
    ],
    french: &[
        "Qu'ai-je appris en {year} ?",
        "Qu'est-ce que j'ai fait en {year} ?",
        "Que s'est-il passé pour moi en {year} ?",
        "Fais-moi le bilan de {year}.",
    ],
};

/// About a topic in a year.
pub(super) const TOPIC_IN_YEAR: Wording = Wording {
    english: &[
        "What did I write about {topic} in {year}?",
        "What happened with {topic} in {year}?",
        "In {year}, what did I note about {topic}?",
    ],
    french: &[
        "Qu'ai-je écrit sur {topic} en {year} ?",
        "Qu'est-ce que j'ai noté sur {topic} en {year} ?",
        "En {year}, que disais-je sur {topic} ?",
    ],
};

/// About the day of something that one entry alone speaks of.
pub(super) const WHEN: Wording = Wording {
    english: &[
        "When did I first mention {topic}?",
        "When did I last mention {topic}?",
        "On which day did I write about {topic}?",
    ],
    french: &[
        "Quand ai-je mentionné {topic} pour la première fois ?",
        "Quand ai-je mentionné {topic} pour la dernière fois ?",
        "Quel jour ai-je mentionné {topic} ?",
    ],
};

/// About a fact, by what its sentence speaks of.
pub(super) const FACT: Wording = Wording {
    english: &[
        "What did I note about {topic}?",
        "What was it again about {topic}?",
        "What did I say about {topic}?",
    ],
    french: &[
        "Qu'ai-je noté sur {topic} ?",
        "C'était quoi déjà, {topic} ?",
        "Que disais-je sur {topic} ?",
    ],
};

impl Wording {
    /// A question about something; which of the wordings it has is drawn.
    pub(super) fn ask(
        &self,
        language: Language,
        random: &mut Random,
        topic: &str,
        year: i16,
    ) -> String {
        let wordings = match language {
            Language::English => self.english,
            Language::French => self.french,
        };
        random.pick(wordings).replace("{topic}", topic).replace("{year}", &year.to_string())
    }
}

/// What of a place or a person: `the Plovdiv trampoline`, `le trampoline de Plovdiv`.
pub(super) fn of_another(language: Language, (article, noun): (&str, &str), name: &str) -> String {
    if language == Language::English {
        return format!("{article} {name} {noun}");
    }
    let thing = if article == "l" { format!("l'{noun}") } else { format!("{article} {noun}") };
    let begins_with_a_vowel = name.starts_with(|first: char| "AEIOUYÀÂÉÈÊËÎÏÔÖÙÛŒ".contains(first));
    if begins_with_a_vowel { format!("{thing} d'{name}") } else { format!("{thing} de {name}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thing_of_another_is_said_as_in_its_language() {
        let check = |language, noun, name, expected: &str| {
            assert_eq!(of_another(language, noun, name), expected);
        };
        check(Language::English, ("the", "trampoline"), "Plovdiv", "the Plovdiv trampoline");
        check(Language::French, ("l", "escargot"), "Odile", "l'escargot d'Odile");
        check(Language::French, ("mes", "cours"), "Lyon", "mes cours de Lyon");
    }
}
