//! What is wanted of the logbook, told by the words that ask.

use std::ops::Range;

use super::{
    account::{list, recap},
    types::{Intent, Measure},
    vocabulary as words,
    words::Words,
};

/// The intent of a question and the words that say it.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted {
    /// What is wanted.
    pub(super) intent: Intent,
    /// The places of the words that say so; they are no topic.
    pub(super) words: Range<usize>,
}

/// What is known of the periods when the intent is read.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Periods {
    /// How many periods were named.
    pub(super) count: usize,
    /// Whether one of them is longer than a day.
    pub(super) long: bool,
    /// Whether they are set against each other by `or` or `versus`.
    pub(super) opposed: bool,
}

/// Reads the intent of a question.
pub(super) fn wanted(words: &Words<'_>, periods: Periods) -> Wanted {
    let start = words.opening();
    let of = |intent, words| Some(Wanted { intent, words });
    on_this_day(words)
        .and_then(|range| of(Intent::OnThisDay, range))
        .or_else(|| of(Intent::Compare, compare(words, start, periods)?))
        .or_else(|| of(Intent::Count, count(words)?))
        .or_else(|| if is_how_to(words, start) { of(Intent::Lookup, 0..0) } else { None })
        .or_else(|| largest_or_smallest(words, start))
        .or_else(|| first_or_last(words, start))
        .or_else(|| of(Intent::Most, most(words)?))
        .or_else(|| of(Intent::When, when(words, start)?))
        .or_else(|| of(Intent::Recap, recap(words, start, periods)?))
        .or_else(|| of(Intent::List, list(words, start, periods)?))
        .unwrap_or_default()
}

fn on_this_day(words: &Words<'_>) -> Option<Range<usize>> {
    words.find_phrase(&[
        "this day",
        "this date",
        "this very day",
        "this same day",
        "a cette meme date",
        "a pareille date",
        "same day in previous years",
        "same day every year",
        "a cette date",
        "ce meme jour",
        "un jour comme aujourd'hui",
        "le meme jour les autres annees",
        "meme jour les annees precedentes",
    ])
}

/// One period beside another; without two periods there is nothing to compare.
fn compare(words: &Words<'_>, start: usize, periods: Periods) -> Option<Range<usize>> {
    const DEGREES: &[&str] =
        &["more", "less", "fewer", "better", "worse", "plus", "moins", "mieux"];
    const CUES: &[&str] = &[
        "compare",
        "compared",
        "comparison",
        "comparing",
        "comparer",
        "comparaison",
        "comparons",
        "difference",
        "differences",
        "differ",
        "versus",
        "vs",
        "contrast",
    ];
    if periods.count < 2 {
        return None;
    }
    if let Some(at) = words.find(CUES) {
        return Some(at..at + 1);
    }
    let degree = words.find(DEGREES);
    let than = words.find(&["than", "que", "qu'"]).is_some();
    let yes_or_no =
        words.is(start, words::AUXILIARIES) || words.any_phrase(start, &["est ce que"]).is_some();
    match degree {
        Some(at)
            if periods.opposed || than || words.is(start, &["which", "lequel", "laquelle"]) =>
        {
            Some(at..at + 1)
        }
        None if periods.opposed && yes_or_no => Some(start..start),
        _ => None,
    }
}

fn count(words: &Words<'_>) -> Option<Range<usize>> {
    // `the highest number of points` asks for one entry.
    let superlative = |range: &Range<usize>| {
        words.is(range.start, &["number"])
            && words.word(range.start.wrapping_sub(1)).ends_with("est")
    };
    if asks_how_long(words) {
        return None;
    }
    // How often somebody else does a thing is a fact; how often I did it stands in the entries.
    if words.find_phrase(&["how often"]).is_some_and(|often| {
        words.is(often.end, words::AUXILIARIES) && !words.is(often.end + 1, words::SUBJECTS)
    }) {
        return None;
    }
    let cue = words.find_phrase(&[
        "how many",
        "how often",
        "number of",
        "combien de",
        "combien d'",
        "nombre de",
        "count the",
        "count of",
        "count my",
        "count all",
        "compte les",
        "compte mes",
        "a quelle frequence",
    ]);
    if let Some(range) = cue {
        return (!superlative(&range)).then_some(range);
    }
    if words.len() == 1 && words.is(0, &["combien"]) {
        return Some(0..1);
    }
    let much = words.find_phrase(&["how much", "combien ai je", "combien avons nous"])?;
    let sum = words.find_phrase(&[
        "in total",
        "altogether",
        "overall",
        "spend",
        "spent",
        "au total",
        "en tout",
        "depense",
    ]);
    sum.map(|_| much.start..much.start + 1)
}

/// `how many weeks passed`, `combien de temps`: a length of time is no number of entries.
fn asks_how_long(words: &Words<'_>) -> bool {
    const PASSING: &[&str] = &[
        "passed", "elapsed", "went", "between", "ago", "it", "passes", "passees", "ecoules",
        "ecoulees", "entre", "faut", "fallu",
    ];
    let number = words.find_phrase(&[
        "how many minutes",
        "how many hours",
        "how many days",
        "how many weeks",
        "how many months",
        "how many years",
        "combien de minutes",
        "combien d'heures",
        "combien de jours",
        "combien de semaines",
        "combien de mois",
        "combien d'annees",
    ]);
    words.find_phrase(&["combien de temps"]).is_some()
        || number.is_some_and(|number| {
            (number.end..words.len().min(number.end + 4)).any(|at| words.is(at, PASSING))
        })
}

/// `how do I`, `comment faire`: instructions are looked up, whatever superlatives they hold.
pub(super) fn is_how_to(words: &Words<'_>, start: usize) -> bool {
    words
        .any_phrase(
            start,
            &[
                "how do",
                "how to",
                "how can",
                "how should",
                "how does",
                "how could",
                "comment faire",
                "comment on",
            ],
        )
        .is_some()
        || (words.is(start, &["comment"]) && !words.is(start + 1, &["ai", "s'", "c'", "etait"]))
}

/// `for longest`, `the farthest`, `le plus longtemps`; where something is asked, or is called mine. What
/// the longest one of a kind is stands in a sentence like any fact.
fn largest_or_smallest(words: &Words<'_>, start: usize) -> Option<Wanted> {
    const LARGEST: &[&str] =
        &["for longest", "for the longest", "farthest", "furthest", "plus longtemps", "plus loin"];
    const SMALLEST: &[&str] = &["for the shortest", "moins longtemps"];
    let (intent, found) = words
        .find_phrase(LARGEST)
        .map(|range| (Intent::Largest, range))
        .or_else(|| Some((Intent::Smallest, words.find_phrase(SMALLEST)?)))?;
    let before = |back: usize| found.start.checked_sub(back).map_or("", |at| words.word(at));
    let is_asked = (start..found.start).any(|at| words.is(at, words::QUESTION_WORDS));
    let is_mine = ["my", "our", "mon", "ma", "mes", "nos", "notre"]
        .iter()
        .any(|mine| before(1) == *mine || before(2) == *mine);
    // `le plus loin`, `the farthest`: the article is part of it.
    let article = usize::from(["the", "le", "la", "les"].contains(&before(1)));
    (is_asked || is_mine || start == found.start - article)
        .then_some(Wanted { intent, words: found.start - article..found.end })
}

/// What the largest is measured by, where a question says so.
pub(super) fn measure(words: &Words<'_>) -> Option<Measure> {
    const FAR: &[&str] = &["farthest", "furthest", "loin"];
    const LONG: &[&str] = &["longtemps"];
    if words.find(FAR).is_some() {
        return Some(Measure::Distance);
    }
    let time = words.find(LONG).is_some()
        || words.find_phrase(&["for longest", "for the longest"]).is_some();
    time.then_some(Measure::Time)
}

fn first_or_last(words: &Words<'_>, start: usize) -> Option<Wanted> {
    const FIRST: &[&str] =
        &["first", "earliest", "oldest", "premier", "premiere", "premiers", "premieres"];
    const LAST: &[&str] =
        &["last", "latest", "newest", "dernier", "derniere", "derniers", "dernieres"];
    let of = |intent, words| Some(Wanted { intent, words });
    if let Some(range) = words.find_phrase(&["first time", "premiere fois", "for the first time"]) {
        return of(Intent::First, range);
    }
    if let Some(range) = words.find_phrase(&["last time", "derniere fois", "most recent time"]) {
        return of(Intent::Last, range);
    }
    let asks = (start..words.len().min(start + 4)).any(|at| words.is(at, words::QUESTION_WORDS));
    if !asks {
        return None;
    }
    if let Some(range) = words.find_phrase(&[
        "most recent",
        "most recently",
        "plus recent",
        "plus recente",
        "plus recemment",
    ]) {
        return of(Intent::Last, range);
    }
    if let Some(range) = words.find_phrase(&["plus ancien", "plus ancienne"]) {
        return of(Intent::First, range);
    }
    (start..words.len()).find_map(|at| {
        let intent = if words.is(at, FIRST) {
            Intent::First
        } else if words.is(at, LAST) {
            Intent::Last
        } else {
            return None;
        };
        let very = usize::from(words.is(at.wrapping_sub(1), &["very", "tout", "toute"]));
        superlative(words, start, at).then_some(Wanted { intent, words: at - very..at + 1 })
    })
}

/// Whether `first` asks for the earliest: `when did I first`, `what was the first`, at the end;
/// not in `the last commit`.
fn superlative(words: &Words<'_>, start: usize, at: usize) -> bool {
    if words.is(at + 1, &["name", "names", "aid", "class", "words", "minute", "resort", "nom"]) {
        return false;
    }
    let very = usize::from(words.is(at.wrapping_sub(1), &["very", "tout", "toute"]));
    let before = at.checked_sub(1 + very).map_or("", |before| words.word(before));
    let after_subject = words::SUBJECTS.contains(&before) && before != "it"
        || (words.is(start, &["when", "where"]) && !["the", "my"].contains(&before));
    let ends = at + 1 >= words.len() || words.is(at + 1, &["in", "on", "en", "of", "du"]);
    let article = ["the", "my", "le", "la", "mon", "ma", "les", "mes"].contains(&before);
    let copula = at >= 2 + very
        && words.is(
            at - 2 - very,
            &[
                "was", "is", "were", "are", "'s", "est", "etait", "furent", "sont", "ete", "which",
                "fut",
            ],
        )
        && article;
    let which =
        article && words.is(start, &["which", "what", "when", "quel", "quelle"]) && at <= start + 3;
    after_subject || ends || copula || which
}

fn most(words: &Words<'_>) -> Option<Range<usize>> {
    let asks = words.find(words::QUESTION_WORDS);
    (0..words.len()).find_map(|at| {
        if let Some(end) = words.any_phrase(at, &["le plus", "la plus", "les plus"]) {
            let souvent =
                words.is(end, &["souvent", "frequent", "frequente", "frequents", "frequemment"]);
            let bare = end >= words.len()
                || words.is(end, &["de", "d'", "en", "au", "dans", "pendant", "sur"]);
            let end = if souvent { end + 1 } else { end };
            let verb = at > 0
                && (words.is(at - 1, words::SUBJECTS) || words.is(at - 1, words::AUXILIARIES));
            return (souvent || bare || verb).then_some(at..end);
        }
        if !words.is(at, &["most"]) || words.is(at + 1, &["of"]) {
            return None;
        }
        if at > 0 && words.is(at - 1, &["at"]) {
            return None;
        }
        let often = words.is(
            at + 1,
            &["often", "frequently", "frequent", "common", "commonly", "used", "frequented"],
        );
        let bare = at + 1 >= words.len() || words.is(at + 1, words::ENGLISH);
        let noun = words.word(at + 1).ends_with('s') && asks.is_some_and(|asks| asks < at);
        let end = if often { at + 2 } else { at + 1 };
        (often || bare || noun).then_some(at..end)
    })
}

fn when(words: &Words<'_>, start: usize) -> Option<Range<usize>> {
    const NOUNS: &[&str] = &[
        "what day",
        "which day",
        "what date",
        "which date",
        "what year",
        "which year",
        "what month",
        "which month",
        "quel jour",
        "quelle date",
        "quelle annee",
        "quel mois",
        "what week",
        "which week",
        "quelle semaine",
        "what weekday",
        "which weekday",
    ];
    if let Some(end) = words.any_phrase(start, NOUNS) {
        return Some(start..end);
    }
    if let Some(range) =
        words.find_phrase(&["c'etait quand", "c' etait quand", "when was it", "when was that"])
    {
        return Some(range);
    }
    let at = (start..words.len().min(start + 2)).find(|at| words.is(*at, &["when", "quand"]))?;
    let auxiliary = words.is(at + 1, words::AUXILIARIES)
        && !words.is(at + 1, &["j'", "s'", "a", "as"])
        || words.is(at + 1, &["est"])
        || at + 1 >= words.len();
    let other = (at + 1..words.len()).any(|other| {
        words.is(other, words::QUESTION_WORDS) && !words.is(other, &["que", "qu'"])
            || (words.is(other, &["qu'", "que"]) && words.is(other + 1, &["ai", "avons"]))
    });
    (auxiliary || !other).then_some(at..at + 1)
}
