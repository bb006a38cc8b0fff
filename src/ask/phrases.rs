//! The fixed phrases of answers, in English and French.

use jiff::civil::{Date, Weekday};

use super::{Claim, MARK, Support};
use crate::{
    logbook::{Language, Precision, Span, month_name, weekday_name},
    plan::Plan,
};

/// The phrase of a language.
#[must_use]
pub fn phrase<'a>(language: Language, english: &'a str, french: &'a str) -> &'a str {
    match language {
        Language::English => english,
        Language::French => french,
    }
}

/// The note under an answer that no model wrote.
#[must_use]
pub fn made_without_model(language: Language) -> &'static str {
    phrase(
        language,
        "Extracted from your notes without a language model: the sentences are yours, word for word.",
        "Extrait de vos notes sans modèle de langage : les phrases sont les vôtres, mot pour mot.",
    )
}

/// The note beside an extract that stands where a model's answer was to stand.
#[must_use]
pub fn instead_of_a_model(language: Language) -> &'static str {
    phrase(
        language,
        "The model gave no whole answer: this is an extract instead.",
        "Le modèle n’a pas donné de réponse entière : voici un extrait à la place.",
    )
}

/// The note beside an extract of which a model may read nothing.
#[must_use]
pub fn all_kept_back(language: Language) -> &'static str {
    phrase(
        language,
        "The model may read none of this: it was not asked, and this is an extract.",
        "Le modèle n’a le droit d’en lire rien : il n’a pas été consulté, et voici un extrait.",
    )
}

/// What is said when a model may read nothing of one of two periods.
#[must_use]
pub fn a_period_kept_back(language: Language) -> &'static str {
    phrase(
        language,
        "The model may read nothing of one of the periods: it was not asked, and these are counts.",
        "Le modèle n’a rien le droit de lire d’une des périodes : il n’a pas été consulté, et voici \
         des comptes.",
    )
}

/// What is said of a model's words that are not borne out; nothing when all of them are.
#[must_use]
pub fn unchecked(
    language: Language,
    claims: &[Claim],
    has_cited: bool,
    passages: usize,
) -> Option<String> {
    let of = |support: Support| claims.iter().filter(move |claim| claim.support == support);
    let mark = if claims.iter().any(Claim::is_marked) { format!("{MARK} ") } else { String::new() };
    if !has_cited {
        return Some(format!("{mark}{}", uncited_passages(language, passages)));
    }
    let mut missing: Vec<&str> = Vec::new();
    for word in of(Support::Unsupported).flat_map(|claim| &claim.missing) {
        if !missing.contains(&word.as_str()) {
            missing.push(word);
        }
    }
    let parts = [
        uncited_sentences(language, of(Support::Uncited).count()),
        unsupported(language, of(Support::Unsupported).count(), &missing),
        in_another_language(language, of(Support::Unknown).count()),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| format!("{mark}{}", parts.join(" ")))
}

fn uncited_sentences(language: Language, count: usize) -> Option<String> {
    Some(match (language, count) {
        (_, 0) => return None,
        (Language::English, 1) => "1 sentence cites nothing and is not checked.".to_owned(),
        (Language::English, _) => format!("{count} sentences cite nothing and are not checked."),
        (Language::French, 1) => "1 phrase ne cite rien et n’est pas vérifiée.".to_owned(),
        (Language::French, _) => {
            format!("{count} phrases ne citent rien et ne sont pas vérifiées.")
        }
    })
}

/// Of so many missing words is told which they are.
const MISSING_MAX: usize = 6;

fn unsupported(language: Language, count: usize, missing: &[&str]) -> Option<String> {
    let shown = missing[..missing.len().min(MISSING_MAX)].join(", ");
    let more = if missing.len() > MISSING_MAX { ", …" } else { "" };
    Some(match (language, count) {
        (_, 0) => return None,
        (Language::English, 1) => {
            format!("1 sentence says what its sources do not: {shown}{more}.")
        }
        (Language::English, _) => {
            format!("{count} sentences say what their sources do not: {shown}{more}.")
        }
        (Language::French, 1) => {
            format!("1 phrase dit ce que ses sources ne disent pas : {shown}{more}.")
        }
        (Language::French, _) => {
            format!("{count} phrases disent ce que leurs sources ne disent pas : {shown}{more}.")
        }
    })
}

fn in_another_language(language: Language, count: usize) -> Option<String> {
    Some(match (language, count) {
        (_, 0) => return None,
        (Language::English, 1) => {
            "1 sentence has sources in another language, and its words are not checked.".to_owned()
        }
        (Language::English, _) => format!(
            "{count} sentences have sources in another language, and their words are not checked."
        ),
        (Language::French, 1) => {
            "1 phrase a des sources dans une autre langue : ses mots ne sont pas vérifiés."
                .to_owned()
        }
        (Language::French, _) => format!(
            "{count} phrases ont des sources dans une autre langue : leurs mots ne sont pas \
             vérifiés."
        ),
    })
}

fn uncited_passages(language: Language, passages: usize) -> String {
    match (language, passages) {
        (Language::English, 1) => {
            "The model did not cite the passage that it was given; what it says is not checked."
                .to_owned()
        }
        (Language::English, _) => {
            format!("The model cited none of the {passages} passages; what it says is not checked.")
        }
        (Language::French, 1) => {
            "Le modèle n’a pas cité le passage donné ; ce qu’il dit n’est pas vérifié.".to_owned()
        }
        (Language::French, _) => format!(
            "Le modèle n’a cité aucun des {passages} passages ; ce qu’il dit n’est pas vérifié."
        ),
    }
}

/// What stands between the words of a model that broke off and the extract.
#[must_use]
pub fn broken_off(language: Language) -> &'static str {
    phrase(
        language,
        "Incomplete: the model broke off here, and its numbers stand for nothing. The notes say:",
        "Incomplet : le modèle s’est arrêté ici, et ses numéros ne renvoient à rien. Les notes disent :",
    )
}

/// What stands above passages that have none of the words that were looked for; `narrowed` says
/// that not all of the logbook was looked through.
#[must_use]
pub fn by_meaning_alone(language: Language, words: usize, narrowed: bool) -> String {
    let there = if narrowed { phrase(language, " there", " là") } else { "" };
    match language {
        Language::English => {
            let word = if words == 1 { "that word" } else { "any of these words" };
            format!("No note{there} has {word}; nearest in meaning:")
        }
        Language::French => {
            let word = if words == 1 { "ce mot" } else { "un seul de ces mots" };
            format!("Aucune note{there} n’a {word} ; le plus proche par le sens :")
        }
    }
}

/// What is said of entries that no period has, since they have no date; `on_topic` says that only
/// those are meant that are about the topic. Nothing when there are none.
#[must_use]
pub fn undated(language: Language, count: usize, on_topic: bool) -> Option<String> {
    let counted = entries(language, count);
    let is_one = count == 1;
    Some(match (language, on_topic) {
        _ if count == 0 => return None,
        (Language::English, false) if is_one => {
            format!("{counted} without a date is in no period.")
        }
        (Language::English, false) => format!("{counted} without a date are in no period."),
        (Language::English, true) if is_one => {
            format!("{counted} without a date speaks of it too.")
        }
        (Language::English, true) => format!("{counted} without a date speak of it too."),
        (Language::French, false) if is_one => {
            format!("{counted} sans date n’est dans aucune période.")
        }
        (Language::French, false) => format!("{counted} sans date ne sont dans aucune période."),
        (Language::French, true) if is_one => format!("{counted} sans date en parle aussi."),
        (Language::French, true) => format!("{counted} sans date en parlent aussi."),
    })
}

/// What is said of a word that no note has, and that was read as another.
#[must_use]
pub fn repaired(language: Language, word: &str, read_as: &str) -> String {
    match language {
        Language::English => format!("“{word}” is in no note; it was read as “{read_as}”."),
        Language::French => {
            format!("« {word} » n’est dans aucune note ; compris comme « {read_as} ».")
        }
    }
}

/// The periods and the weekdays of a plan, as they stand in a sentence: `in 2021 and in 2023`,
/// `in 2022, on Mondays`.
#[must_use]
pub fn times(plan: &Plan) -> String {
    let language = plan.language;
    let periods: Vec<String> =
        plan.spans.iter().map(|asked| within(language, asked.span)).collect();
    let weekdays = plan.on_weekdays();
    let mut times = list(language, &periods);
    if !weekdays.is_empty() {
        times.push_str(if times.is_empty() { "" } else { ", " });
        times.push_str(&weekdays.words(language));
    }
    times
}

/// How many entries: `1 entry`, `12 entries`, `1,204 entries`.
#[must_use]
pub fn entries(language: Language, count: usize) -> String {
    let counted = number(language, count);
    match (language, count) {
        (Language::English, 1) => "1 entry".to_owned(),
        (Language::English, _) => format!("{counted} entries"),
        (Language::French, 0 | 1) => format!("{counted} entrée"),
        (Language::French, _) => format!("{counted} entrées"),
    }
}

/// A number with its thousands apart.
#[must_use]
pub fn number(language: Language, value: usize) -> String {
    let digits = value.to_string();
    let mark = phrase(language, ",", "\u{202f}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push_str(mark);
        }
        text.push(digit);
    }
    text
}

/// The name of a month, from 1 to 12.
#[must_use]
pub fn month(language: Language, month: i8) -> &'static str {
    month_name(language, month)
}

/// `8 March 2022`, `1er mars 2022`.
#[must_use]
pub fn day(language: Language, day: Date) -> String {
    format!("{} {}", day_of_year(language, day), day.year())
}

/// `8 March`, `1er mars`.
#[must_use]
pub fn day_of_year(language: Language, day: Date) -> String {
    let ordinal = if language == Language::French && day.day() == 1 { "er" } else { "" };
    format!("{}{ordinal} {}", day.day(), month(language, day.month()))
}

/// A weekday by its name.
#[must_use]
pub fn weekday(language: Language, weekday: Weekday) -> &'static str {
    weekday_name(language, weekday)
}

/// A span in words: `2022`, `March 2022`, `8 March 2022`, `8 March 2022 to 2 April 2022`.
#[must_use]
pub fn span(language: Language, span: Span) -> String {
    let (start, last) = (span.start(), span.last());
    if Span::day(start) == Some(span) {
        return day(language, start);
    }
    if Span::month(start.year(), start.month()) == Some(span) {
        return format!("{} {}", month(language, start.month()), start.year());
    }
    if Span::years(start.year(), last.year()) == Some(span) {
        return match (start.year(), last.year()) {
            (one, other) if one == other => one.to_string(),
            (one, other) => format!("{one}{}{other}", phrase(language, " to ", " à ")),
        };
    }
    if span.start() == Span::MIN {
        return format!("{}{}", phrase(language, "up to ", "jusqu’au "), day(language, last));
    }
    if span.end() == Span::MAX {
        return format!("{}{}", phrase(language, "from ", "depuis le "), day(language, start));
    }
    let to = phrase(language, " to ", " au ");
    format!("{}{to}{}", day(language, start), day(language, last))
}

/// A span with the word that puts it into a sentence: `in 2022`, `on 8 March 2022`.
#[must_use]
pub fn within(language: Language, period: Span) -> String {
    let words = span(language, period);
    if Span::day(period.start()) == Some(period) {
        return format!("{}{words}", phrase(language, "on ", "le "));
    }
    let is_named = !words.contains(phrase(language, " to ", " au "))
        && period.start() != Span::MIN
        && period.end() != Span::MAX;
    if is_named {
        return format!("{}{words}", phrase(language, "in ", "en "));
    }
    let is_open = period.start() == Span::MIN || period.end() == Span::MAX;
    format!("{}{words}", if is_open { "" } else { phrase(language, "from ", "du ") })
}

/// An entry's days as exactly as they are known.
#[must_use]
pub fn dated(language: Language, days: Option<Span>, precision: Option<Precision>) -> String {
    match (days, precision) {
        (Some(days), _) => span(language, days),
        (None, _) => phrase(language, "undated", "sans date").to_owned(),
    }
}

/// The months that some days reach from and to: `March 2021`, `March to July 2021`, `March 2021 to
/// July 2022`; within a period of one year only `March`, `March to July`.
#[must_use]
pub fn months(language: Language, days: Span, period: Option<Span>) -> String {
    let (first, last) = (days.start(), days.last());
    let is_one_year = |span: Span| span.start().year() == span.last().year();
    let name = |date: Date, with_year: bool| {
        let month = month(language, date.month());
        if with_year { format!("{month} {}", date.year()) } else { month.to_owned() }
    };
    let with_year = !period.is_some_and(is_one_year);
    if (first.year(), first.month()) == (last.year(), last.month()) {
        return name(first, with_year);
    }
    format!(
        "{}{}{}",
        name(first, with_year && !is_one_year(days)),
        phrase(language, " to ", " à "),
        name(last, with_year)
    )
}

/// Whole months with their years: `March 2022`, `March to May 2022`, `2022`.
#[must_use]
pub fn whole_months(language: Language, period: Span) -> String {
    let (start, last) = (period.start(), period.last());
    let is_named = Span::month(start.year(), start.month()) == Some(period)
        || Span::years(start.year(), last.year()) == Some(period);
    if is_named { span(language, period) } else { months(language, period, None) }
}

/// `a`, `a and b`, `a, b and c`.
#[must_use]
pub fn list(language: Language, items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [most @ .., last] => {
            format!("{}{}{last}", most.join(", "), phrase(language, " and ", " et "))
        }
    }
}

/// A text with its first letter large.
#[must_use]
pub fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters
        .next()
        .map(|first| first.to_uppercase().chain(characters).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_have_their_year_unless_the_period_is_of_one() {
        let check = |first: i16, last: i16, period: Option<Span>, expected: &str| {
            let day = |year, month| Date::new(year, month, 1).unwrap();
            let days = Span::new(day(first, 2), day(last, 11)).unwrap();
            assert_eq!(months(Language::English, days, period), expected);
        };
        check(2021, 2021, Span::year(2021), "February to October");
        check(2021, 2021, Span::years(2020, 2022), "February to October 2021");
        check(2020, 2021, Span::years(2020, 2022), "February 2020 to October 2021");
        check(2021, 2021, None, "February to October 2021");
    }
}
