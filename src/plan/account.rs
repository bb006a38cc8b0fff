//! Whether an account of a period is wanted, or each thing of a kind.

use std::ops::Range;

use super::{intent::Periods, vocabulary as words, words::Words};

pub(super) fn recap(words: &Words<'_>, start: usize, periods: Periods) -> Option<Range<usize>> {
    const NOUNS: &[&str] = &[
        "recap",
        "recapitulate",
        "recapitulatif",
        "recapitule",
        "sum up",
        "summary",
        "summarise",
        "summarize",
        "bilan",
        "resume",
        "resumer",
        "resumez",
        "synthese",
        "overview",
        "year in review",
        "month in review",
        "retrospective",
        "wrap up",
        "fais le point",
        "fais le bilan",
        "raconte",
        "raconte moi",
    ];
    let command = words.any_phrase(start, NOUNS).map(|end| start..end);
    let anywhere = || words.find_phrase(NOUNS).filter(|_| periods.count > 0);
    if let Some(range) = command.or_else(anywhere) {
        return Some(range);
    }
    if periods.count > 0
        && let Some(range) = words.find_phrase(&["how was my", "how did my", "up to", "been up to"])
        && words.len() <= range.end + 2
    {
        return Some(range);
    }
    let what = words.find(&["what", "qu'", "que", "quoi"]).filter(|at| *at <= start + 3)?;
    let verb = (what + 1..words.len().min(what + 7))
        .find(|at| words.is(*at, words::ACCOUNT_VERBS) && is_main_verb(words, what, *at))?;
    let bare = (what + 1..words.len()).all(|at| is_empty_word(words, at));
    // `what was written on the door` is looked up; `what did I write in 2021` is not.
    let account = periods.count > 0 || bare;
    account.then_some(verb..verb + 1)
}

/// Whether the verb of `what did I learn` is this one, and its object is the question word.
fn is_main_verb(words: &Words<'_>, what: usize, verb: usize) -> bool {
    let noun_between = words.is(what, &["what"])
        && !words.is(what + 1, words::AUXILIARIES)
        && !words.is(what + 1, &["happened", "happens", "i", "we"])
        && !words.is(what + 1, words::GENERIC);
    let happened = words.is(verb, &["happened", "happen", "happens", "passe", "arrive"]);
    let auxiliary_verb = words.is(verb, &["do"]) && words.is(verb + 1, words::SUBJECTS);
    // What others did is looked up, whenever it was written down.
    let others = (what + 1..verb).any(|at| {
        words.is(at, &["did", "has", "had"])
            && !words.is(at + 1, &["i", "we"])
            && !words.is(at + 1, words::ENGLISH)
            && !words.is(at + 1, words::GENERIC)
    });
    let learning = (what + 1..verb).any(|at| {
        words.is(
            at,
            &[
                "did", "have", "has", "had", "ai", "avons", "a", "as", "j'", "je", "est", "s'",
                "avais",
            ],
        ) || words.is(at, &["i", "we"])
    });
    !noun_between
        && !auxiliary_verb
        && !others
        && (learning || happened || words.is(verb + 1, words::SUBJECTS))
}

/// Whether a word names nothing: a word that only asks, or a thing of no kind.
fn is_empty_word(words: &Words<'_>, at: usize) -> bool {
    // `Go` is a name.
    if words.raw(at).starts_with(char::is_uppercase) && !words.is(at, words::SUBJECTS) {
        return false;
    }
    let lists =
        [words::ENGLISH, words::FRENCH, words::ASKING_VERBS, words::ACCOUNT_VERBS, words::GENERIC];
    lists.iter().any(|list| words.is(at, list)) || words.is(at, words::AUXILIARIES)
}

pub(super) fn list(words: &Words<'_>, start: usize, periods: Periods) -> Option<Range<usize>> {
    const COMMANDS: &[&str] = &[
        "list",
        "list all",
        "list of",
        "show",
        "show me",
        "show all",
        "show me all",
        "give me all",
        "give me a list of",
        "give me the list of",
        "name all",
        "name the",
        "find all",
        "enumerate",
        "all the",
        "all my",
        "all",
        "every",
        "what are all",
        "which are all",
        "liste",
        "lister",
        "liste moi",
        "la liste",
        "montre",
        "montre moi",
        "donne moi tous",
        "donne moi toutes",
        "donne moi la liste",
        "cite",
        "enumere",
        "tous les",
        "toutes les",
        "tous mes",
        "toutes mes",
    ];
    let command = words.any_phrase(start, COMMANDS);
    let article = words.text.word(words.token(start)).is_empty();
    if let Some(end) = command.filter(|_| !article) {
        return Some(start..end);
    }
    if let Some(end) =
        words.any_phrase(start.saturating_sub(1), &["la liste", "la liste de", "the list of"])
    {
        return Some(start.saturating_sub(1)..end);
    }
    let asks = |at: &usize| words.is(*at, words::QUESTION_WORDS) || is_where(words, *at);
    let at = (start..words.len().min(start + 3)).find(asks)?;
    if words.is(at, &["what", "which", "quel", "quelle"])
        && names_one_thing(words, at + 1)
        && !names_several_things(words, at + 1)
    {
        return None;
    }
    let opinion = (at + 1..words.len()).any(|at| words.is(at, words::OPINION_VERBS));
    let asks_done = (at + 1..words.len()).any(|at| is_done(words, at));
    match words.word(at) {
        "quels" | "quelles" => Some(at..at + 1),
        "which" | "what" if names_several_things(words, at + 1) => Some(at..at + 1),
        "what" if periods.long && words.is(at + 1, &["were", "are"]) => Some(at..at + 1),
        "what" | "which" | "who" | "whom" | "where" | "qui" | "ou" | "que" | "qu'" | "quel"
        | "quelle" | "quoi"
            if periods.long && asks_done && !opinion =>
        {
            Some(at..at + 1)
        }
        _ => None,
    }
}

/// Whether several things are asked about: `which books`, `which medical checkups did`.
fn names_several_things(words: &Words<'_>, at: usize) -> bool {
    let is_noun = |at: usize| !words.word(at).is_empty() && !words.is(at, words::ENGLISH);
    let compound = is_noun(at)
        && is_noun(at + 1)
        && is_plural(words.word(at + 1))
        && words.is(at + 2, words::AUXILIARIES);
    is_noun(at) && is_plural(words.word(at)) || compound
}

/// Whether `ou` asks where: `où ai-je randonné`, `ou ai-je randonné`.
fn is_where(words: &Words<'_>, at: usize) -> bool {
    let accent = words.raw(at).chars().any(|letter| matches!(letter, 'ù' | 'Ù' | '\u{300}'));
    words.is(at, &["ou"]) && (accent || (at == 0 && words.is(1, words::AUXILIARIES)))
}

/// Whether one thing is asked for: `what city did we visit`, not `what cities`, not `what did I`.
fn names_one_thing(words: &Words<'_>, at: usize) -> bool {
    const LISTS: &[&[&str]] = &[
        words::AUXILIARIES,
        words::SUBJECTS,
        words::ENGLISH,
        words::FRENCH,
        words::ACCOUNT_VERBS,
        words::ASKING_VERBS,
    ];
    let is_noun = !words.word(at).is_empty() && !LISTS.iter().any(|list| words.is(at, list));
    is_noun && !is_plural(words.word(at))
}

/// Whether the question is for something that its author did: `did I bake`, `ai-je lu`. What others
/// did is a fact, written down whenever it was heard of.
fn is_done(words: &Words<'_>, at: usize) -> bool {
    let before = at.checked_sub(1).map_or("", |before| words.word(before));
    words.is(at, &["ai", "avons", "avais"])
        || (words.is(at, &["i", "we", "je", "j'", "nous"])
            && !["was", "am", "were", "is", "are"].contains(&before))
}

fn is_plural(word: &str) -> bool {
    let plain = word.len() > 3
        && word.ends_with('s')
        && !["ss", "us", "is", "'s"].iter().any(|ending| word.ends_with(ending));
    plain || ["people", "children", "women", "men"].contains(&word)
}
