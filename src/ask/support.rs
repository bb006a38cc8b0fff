//! Whether what a model says of the logbook stands in the passages that it cites, told by words.
//!
//! Words can tell that a sentence speaks of something else than its sources; they can't tell that it
//! says the contrary. So a sentence is held to little: a third of its telling words, and every
//! number that it writes in digits. Where a source is in another language, or in none that can be
//! told, missing words say nothing, and the sentence is neither.

use std::{
    cell::{OnceCell, RefCell},
    collections::{HashMap, HashSet},
};

use serde::Serialize;

use super::{
    Passage,
    citation::taken_apart,
    exact::Exact,
    figures::{Figure, figures, number_named, numbers},
};
use crate::{
    index::{Term, TermReader, folded},
    logbook::{Language, Span, language_said, month_name, weekday_name},
    plan::Plan,
};

/// Whether a sentence stands in what it cites.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Support {
    /// Its words and numbers do.
    Supported,
    /// They do not.
    Unsupported,
    /// It cites nothing.
    Uncited,
    /// Words can't tell: its sources are in another language.
    Unknown,
}

/// What is found of a sentence.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Verdict {
    pub(super) support: Support,
    /// The words and numbers that none of its sources has, where it is unsupported.
    pub(super) missing: Vec<String>,
}

/// Sentences with this share of their telling words in their sources are supported. In the demo
/// logbook, a sentence has it in common with one passage of another entry one time in eleven, and
/// two fifths one time in 24; less is asked, since a model may well reword and should not be doubted
/// for it.
const SHARE_MIN: f32 = 1.0 / 3.0;
/// A sentence that cites nothing claims something when it has as many words, or more.
const WORDS_MIN: usize = 4;
/// … and as many telling ones, a number counting as one beside a word.
const TELLING_MIN: usize = 2;
/// A beginning that two words share counts when it is so long, and most of the longer one.
const BEGINNING_MIN: usize = 5;

/// Words by which a model speaks of the logbook itself.
const OF_THE_LOGBOOK: &str = "note notes entry entries logbook journal diary passage passages \
                              author entree entrees carnet journal auteur";

/// Holds sentences against the passages that they cite.
pub struct Sources<'a> {
    passages: &'a [Passage],
    reader: &'a TermReader,
    language: Language,
    /// What the question says is no claim of the answer.
    given: Words,
    /// What the index says; it needs no passage.
    exact: Option<&'a Exact>,
    read: Vec<OnceCell<Words>>,
    /// The sentences that were held against them: a text that comes in pieces has them again.
    known: RefCell<HashMap<String, Option<Verdict>>>,
}

/// What a text has.
struct Words {
    terms: HashSet<Term>,
    numbers: HashSet<String>,
    language: Option<Language>,
}

impl<'a> Sources<'a> {
    /// The sources of answers in a language; the first passage has the number one. `given` is what
    /// was asked.
    #[must_use]
    pub fn new(
        passages: &'a [Passage],
        given: &str,
        language: Language,
        reader: &'a TermReader,
    ) -> Self {
        let given = Words::of(&format!("{given} {OF_THE_LOGBOOK}"), reader);
        let read = passages.iter().map(|_| OnceCell::new()).collect();
        Self { passages, reader, language, given, exact: None, read, known: RefCell::default() }
    }

    /// The sources of an answer to a plan, with what the index answers itself.
    #[must_use]
    pub fn of_plan(
        plan: &Plan,
        exact: Option<&'a Exact>,
        passages: &'a [Passage],
        reader: &'a TermReader,
    ) -> Self {
        let known = exact.map_or("", |exact| &exact.text);
        let given = format!("{} {} {known}", plan.question, plan.resolved);
        Self { exact, ..Self::new(passages, &given, plan.language, reader) }
    }

    /// Whether a number stands for a passage.
    #[must_use]
    pub fn has(&self, number: usize) -> bool {
        (1..=self.passages.len()).contains(&number)
    }

    /// What is found of a sentence; nothing when it claims nothing.
    pub(super) fn verdict(&self, sentence: &str) -> Option<Verdict> {
        if let Some(verdict) = self.known.borrow().get(sentence) {
            return verdict.clone();
        }
        let verdict = self.found(sentence);
        self.known.borrow_mut().insert(sentence.to_owned(), verdict.clone());
        verdict
    }

    fn found(&self, sentence: &str) -> Option<Verdict> {
        let (text, mut cited) = taken_apart(sentence);
        cited.retain(|number| self.has(*number));
        let telling = self.telling(&text);
        let figures = figures(&text);
        // `It was so three times [1, 4, 7]` counts what it cites.
        let counted = cited.len().to_string();
        let mut missing = self.exact.map_or(Vec::new(), |exact| exact.wrong_counts(&text));
        missing.retain(|count| *count != counted);
        if !missing.is_empty() {
            return Some(Verdict { support: Support::Unsupported, missing });
        }
        if cited.is_empty() {
            let words = text.split_whitespace().filter(|word| word.contains(char::is_alphabetic));
            let told = figures.iter().filter(|figure| !figure.is_in(&self.given.numbers)).count();
            let is_telling = !telling.is_empty() && telling.len() + told >= TELLING_MIN;
            let claims = is_telling && words.count() >= WORDS_MIN;
            return claims.then_some(Verdict { support: Support::Uncited, missing: Vec::new() });
        }
        let sources: Vec<&Words> = cited.iter().map(|number| self.words(*number)).collect();
        let is_known = |figure: &Figure| {
            figure.text == counted
                || figure.is_in(&self.given.numbers)
                || sources.iter().any(|words| figure.is_in(&words.numbers))
        };
        let missing = figures.iter().filter(|figure| !is_known(figure));
        let mut missing: Vec<String> =
            missing.map(|figure| day_of(&text, &figure.text).to_owned()).collect();
        missing.dedup();
        if !missing.is_empty() {
            return Some(Verdict { support: Support::Unsupported, missing });
        }
        if telling.is_empty() {
            let support = Support::Supported;
            return (!figures.is_empty()).then_some(Verdict { support, missing });
        }
        Some(self.by_words(&text, &telling, &sources))
    }

    fn by_words(&self, text: &str, telling: &[Vec<Term>], sources: &[&Words]) -> Verdict {
        let is_there = |word: &&Vec<Term>| sources.iter().any(|words| words.has(word));
        let there = telling.iter().filter(is_there).count();
        let is_enough = there > 0 && there as f32 >= SHARE_MIN * telling.len() as f32;
        let own = language_said(text).unwrap_or(self.language);
        let support = if is_enough {
            Support::Supported
        } else if sources.iter().any(|words| words.language != Some(own)) {
            Support::Unknown
        } else {
            Support::Unsupported
        };
        let mut missing = Vec::new();
        if support == Support::Unsupported {
            let is_missing = |word: &&str| {
                let terms = self.reader.query_words(word);
                terms.iter().any(|term| telling.contains(term) && !is_there(&term))
            };
            let words = text.split(|character: char| !character.is_alphanumeric());
            missing.extend(words.filter(is_missing).map(ToOwned::to_owned));
        }
        Verdict { support, missing }
    }

    /// The words of a text that tell something, which the question does not say.
    fn telling(&self, text: &str) -> Vec<Vec<Term>> {
        let is_word = |word: &Vec<Term>| {
            let is_letters = |term: &Term| term.chars().all(char::is_alphabetic);
            word.iter().all(|term| is_letters(term) && term.chars().nth(1).is_some())
                && !self.given.has(word)
        };
        self.reader.query_words(text).into_iter().filter(is_word).collect()
    }

    fn words(&self, number: usize) -> &Words {
        let passage = &self.passages[number - 1];
        self.read[number - 1].get_or_init(|| {
            let over = passage.breadcrumb.join(" ");
            let (path, tags, text) = (&passage.path, passage.tags.join(" "), &passage.text);
            let days = passage.span.map(days).unwrap_or_default();
            let all = format!("{text}\n{over} {} {path} {tags} {days}", passage.title);
            Words { language: language_said(text), ..Words::of(&all, self.reader) }
        })
    }
}

impl Words {
    fn of(text: &str, reader: &TermReader) -> Self {
        Self {
            terms: reader.query_terms(text).into_iter().collect(),
            numbers: numbers(text),
            language: None,
        }
    }

    /// Whether a word is there: in either language, as a number, or as another of its family.
    fn has(&self, word: &[Term]) -> bool {
        word.iter().any(|term| {
            let number = number_named(&folded(term)).map(|number| number.to_string());
            self.terms.contains(term)
                || number.is_some_and(|number| self.numbers.contains(&number))
                || self.terms.iter().any(|other| are_related(term, other))
        })
    }
}

/// Whether two words begin alike: `owner` and `ownership`.
fn are_related(one: &str, other: &str) -> bool {
    let common = one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
    let longest = one.chars().count().max(other.chars().count());
    common >= BEGINNING_MIN && common * 2 > longest
}

/// The days of an entry in the words that a sentence may have for them.
fn days(span: Span) -> String {
    let (first, last) = (span.start(), span.last());
    let mut words = String::new();
    for day in [first, last] {
        for language in [Language::English, Language::French] {
            let month = month_name(language, day.month());
            let weekday = weekday_name(language, day.weekday());
            words.push_str(&format!("{month} {weekday} "));
        }
        words.push_str(&format!("{} {} {} ", day.year(), day.month(), day.day()));
    }
    words
}

/// The day that a number is a part of, as it is written: `2020-05-22` for `22`; else the number.
fn day_of<'a>(text: &'a str, number: &'a str) -> &'a str {
    let is_day = |word: &&str| {
        let parts: Vec<&str> = word.split('-').collect();
        let are_digits = word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        parts.len() == 3 && are_digits && parts.contains(&number)
    };
    let is_mark = |character: char| !character.is_alphanumeric();
    let mut words = text.split_whitespace().map(|word| word.trim_matches(is_mark));
    words.find(is_day).unwrap_or(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ask::test_passage;

    /// The sources: beans in English, a tube in French, a race with numbers, a list of names.
    fn sources() -> Vec<Passage> {
        [
            ("2022-05-14", "Planted beans and tomatoes with Lena. The soil is heavy clay."),
            ("2022-09-02", "J'ai appris à réparer une chambre à air avec de la colle."),
            ("2023-04-02", "I ran the race in 2:04:37, the second of twelve, over 2,300 metres."),
            ("2023-06-10", "Rome, Napoli, Bari."),
        ]
        .map(|(day, text)| test_passage(&format!("{day}.md"), day, text))
        .into()
    }

    #[track_caller]
    fn check(sentence: &str, expected: Option<Support>, missing: &[&str]) {
        let passages = sources();
        let reader = TermReader::default();
        let sources =
            Sources::new(&passages, "what did I do at work in 2022?", Language::English, &reader);
        let verdict = sources.verdict(sentence);
        let told = verdict.as_ref().map(|verdict| verdict.support);
        let words = verdict.map(|verdict| verdict.missing).unwrap_or_default();
        assert_eq!((told, words), (expected, missing.iter().map(ToString::to_string).collect()));
    }

    #[test]
    fn a_wrong_day_is_named_whole() {
        let wrong = Some(Support::Unsupported);
        check("I planted beans on 2022-05-23 [1].", wrong, &["2022-05-23"]);
        check("(2021-06-23) I planted 9 beans [1].", wrong, &["2021-06-23", "9"]);
    }

    #[test]
    fn a_sentence_with_the_words_of_its_source_is_supported() {
        let supported = Some(Support::Supported);
        check("I planted beans with Lena [1].", supported, &[]);
        check(
            "On 14 May 2022, a Saturday, Lena and I put tomatoes in heavy clay [1].",
            supported,
            &[],
        );
        check("Planting of beans happened that spring [1].", supported, &[]);
        check("I learned to repair an air tube and planted beans [1, 2].", supported, &[]);
        check("J’ai réparé la chambre à air avec de la colle [2].", supported, &[]);
    }

    #[test]
    fn a_sentence_of_something_else_is_unsupported() {
        let unsupported = Some(Support::Unsupported);
        check(
            "I sailed a wooden boat around Corsica [1].",
            unsupported,
            &["sailed", "wooden", "boat", "around", "Corsica"],
        );
        check("Corsica [1].", unsupported, &["Corsica"]);
        check(
            "Mon voilier a fait naufrage en Corse [2].",
            unsupported,
            &["voilier", "naufrage", "Corse"],
        );
    }

    #[test]
    fn a_number_that_no_source_has_is_unsupported_in_any_language() {
        let (supported, unsupported) = (Some(Support::Supported), Some(Support::Unsupported));
        check("I ran the race in 2:04:37 [3].", supported, &[]);
        check("I ran 2300 metres and came 2nd of 12 [3].", supported, &[]);
        check("In 2022 I planted beans [1].", supported, &[]);
        check("I did it 2 times: beans, and a race [1, 3].", supported, &[]);
        check("I ran the race in 1:58:00 [3].", unsupported, &["58", "00"]);
        check("I repaired 5 tubes with glue [2].", unsupported, &["5"]);
        check("12 [3].", supported, &[]);
        check("13 [3].", unsupported, &["13"]);
    }

    #[test]
    fn words_can_not_tell_across_languages() {
        let unknown = Some(Support::Unknown);
        check("I fixed a bicycle tyre on my own [2].", unknown, &[]);
        check("J’ai planté des haricots dans une terre lourde [1].", unknown, &[]);
        check("We travelled through southern Italy by train [4].", unknown, &[]);
        check("I sailed a boat, and fixed a tyre [1, 2].", unknown, &[]);
    }

    #[test]
    fn a_claim_without_a_citation_is_one_and_what_leads_over_is_none() {
        check("Then we sold the old boat.", Some(Support::Uncited), &[]);
        check("Then we sold it in 1997.", Some(Support::Uncited), &[]);
        check("It was a good year for it.", Some(Support::Uncited), &[]);
        check("This is what my notes say about it.", None, &[]);
        check("Here is what I did at work in 2022.", None, &[]);
        check("Fine so far.", None, &[]);
        check("So it was [1].", None, &[]);
        check("The call of `get[1]` fails in the old parser.", Some(Support::Uncited), &[]);
        check("Cited was nothing that exists here [9].", Some(Support::Uncited), &[]);
    }
}
