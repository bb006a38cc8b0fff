//! Which language a text is written in, told by its small words.
//!
//! Made for short notes and questions: words that the two languages share count for neither, and
//! fenced code is not read. One pass.

use super::Language;

const ENGLISH: &[&str] = &[
    "the",
    "of",
    "and",
    "to",
    "in",
    "is",
    "it",
    "that",
    "was",
    "for",
    "with",
    "my",
    "at",
    "this",
    "have",
    "has",
    "had",
    "from",
    "not",
    "what",
    "which",
    "who",
    "when",
    "where",
    "why",
    "how",
    "did",
    "do",
    "does",
    "are",
    "were",
    "be",
    "been",
    "by",
    "his",
    "her",
    "they",
    "you",
    "your",
    "we",
    "will",
    "would",
    "can",
    "could",
    "should",
    "if",
    "there",
    "their",
    "about",
    "i",
    "i'm",
    "i've",
    "it's",
    "don't",
    "didn't",
    "what's",
    "between",
    "since",
    "before",
    "after",
    "last",
    "year",
    "month",
    "week",
    "day",
    "today",
    "yesterday",
    "first",
    "most",
    "many",
    "all",
    "than",
    "then",
    "more",
    "some",
    "into",
    "just",
    "only",
    "except",
    "list",
    "show",
    "learn",
    "learned",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "october",
    "november",
    "december",
    "spring",
    "summer",
    "autumn",
    "winter",
    "he",
    "she",
    "no",
    "so",
    "up",
    "out",
    "went",
    "got",
    "made",
    "an",
];

const FRENCH: &[&str] = &[
    "le",
    "la",
    "les",
    "un",
    "une",
    "des",
    "du",
    "de",
    "et",
    "est",
    "que",
    "qui",
    "dans",
    "pour",
    "pas",
    "ne",
    "je",
    "il",
    "elle",
    "nous",
    "vous",
    "ils",
    "avec",
    "sur",
    "par",
    "au",
    "aux",
    "mais",
    "ou",
    "où",
    "ce",
    "cet",
    "cette",
    "ces",
    "mon",
    "ma",
    "mes",
    "sa",
    "ses",
    "se",
    "qu'ai",
    "ai",
    "avons",
    "avez",
    "ont",
    "suis",
    "sont",
    "était",
    "étais",
    "été",
    "quand",
    "quel",
    "quelle",
    "quels",
    "quelles",
    "quoi",
    "combien",
    "comment",
    "pourquoi",
    "depuis",
    "avant",
    "après",
    "entre",
    "jusqu'en",
    "hier",
    "demain",
    "aujourd'hui",
    "année",
    "mois",
    "semaine",
    "jour",
    "jours",
    "dernier",
    "dernière",
    "première",
    "premier",
    "fois",
    "sans",
    "sauf",
    "chez",
    "très",
    "plus",
    "moins",
    "tout",
    "tous",
    "toutes",
    "fait",
    "leur",
    "leurs",
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
    "printemps",
    "automne",
    "hiver",
    "puis",
    "aussi",
    "donc",
    "appris",
    "bilan",
    "à",
    "y",
    "en",
    "fin",
    "début",
    "liste",
    "même",
    "encore",
];

/// The language that a text is most likely written in; English when nothing speaks for either.
#[must_use]
pub fn language_of(text: &str) -> Language {
    language_said(text).unwrap_or_default()
}

/// The language of a text, when something in it speaks for one.
#[must_use]
pub fn language_said(text: &str) -> Option<Language> {
    let (mut english, mut french) = (0_u32, 0_u32);
    let mut fenced = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~") {
            fenced = !fenced;
            continue;
        }
        if fenced {
            continue;
        }
        for word in line.split(|character: char| !belongs(character)) {
            let (more_english, more_french) = weigh(word);
            english += more_english;
            french += more_french;
        }
    }
    match english.cmp(&french) {
        std::cmp::Ordering::Greater => Some(Language::English),
        std::cmp::Ordering::Less => Some(Language::French),
        std::cmp::Ordering::Equal => None,
    }
}

fn belongs(character: char) -> bool {
    character.is_alphabetic()
        || matches!(character, '\'' | '’')
        || ('\u{300}'..='\u{36f}').contains(&character)
}

/// What one word says for English and for French.
fn weigh(word: &str) -> (u32, u32) {
    const LONGEST: usize = 24;
    if word.is_empty() || word.len() > LONGEST {
        return (0, 0);
    }
    let word = word.trim_matches(['\'', '’']).replace('’', "'").to_lowercase();
    let elided = word.split_once('\'').is_some_and(|(head, rest)| {
        !rest.is_empty()
            && ["l", "d", "j", "qu", "n", "c", "s", "m", "t", "jusqu", "lorsqu"].contains(&head)
    });
    let accented = word.contains([
        'é', 'è', 'ê', 'ë', 'à', 'â', 'ç', 'î', 'ï', 'ô', 'ù', 'û', 'œ', '\u{300}', '\u{301}',
        '\u{302}', '\u{327}',
    ]);
    let english = ENGLISH.contains(&&*word) || word.ends_with("n't");
    let french = FRENCH.contains(&&*word);
    (u32::from(english), u32::from(french) + u32::from(elided) + u32::from(accented))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_told_by_its_small_words() {
        let check = |text: &str, expected: Option<Language>| {
            assert_eq!(language_said(text), expected, "{text}");
        };
        let (english, french) = (Some(Language::English), Some(Language::French));
        check("What did I learn in 2021?", english);
        check("Qu’ai-je appris en 2021 ?", french);
        check("and in 2023?", english);
        check("et en 2023 ?", french);
        check("bilan 2022", french);
        check("recap March 2021", english);
        check("# Rust\n\nA `match` must be exhaustive, and the compiler says so.", english);
        check("# Rust\n\nUn `match` doit être exhaustif, sinon ça ne compile pas.", french);
        check(
            "Recette du pain :\n```\nfor x in the_list if not done and is ok\n```\nUne nuit.",
            french,
        );
        check("Walked to the café with Zoë", english);
        check("Tomates, courgettes", None);
        check("let x = 3;", None);
        check("", None);
        check("2021-03-14", None);
    }
}
