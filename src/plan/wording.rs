//! Writes a plan out in words: a follow-up as a question of its own, and what is not certain.

use jiff::civil::Date;

use super::{
    period::{Unsure, Why, token::Text},
    types::{Asked, Intent, Place, Plan, Within},
};
use crate::logbook::{Language, Span, month_name};

/// A follow-up as a question of its own: `Recap: Rust, in 2021`.
pub(super) fn resolved(plan: &Plan) -> String {
    let language = plan.language;
    let label = label(plan.intent, language);
    let mut line = String::from(label);
    if !plan.topic.is_empty() {
        line.push_str(match (label, language) {
            ("", _) => "",
            (_, Language::English) => ": ",
            (_, Language::French) => " : ",
        });
        line.push_str(&quoted(&plan.topic));
    }
    let spans = times(&plan.spans, language);
    if !spans.is_empty() {
        line.push_str(if plan.topic.is_empty() { " " } else { ", " });
        line.push_str(&spans);
    }
    let without: Vec<String> =
        plan.without.iter().map(|asked| bare(asked.span, language)).collect();
    if !without.is_empty() {
        line.push_str(pick(language, ", except ", ", sauf "));
        line.push_str(&without.join(pick(language, " and ", " et ")));
    }
    if let Some(weekdays) = weekdays(plan) {
        line.push_str(", ");
        line.push_str(&weekdays);
    }
    for within in &plan.within {
        line.push_str(", ");
        line.push_str(&within.text);
    }
    line.trim().to_owned()
}

/// The weekdays that a plan is narrowed to: `on Mondays`.
pub(super) fn weekdays(plan: &Plan) -> Option<String> {
    let weekdays = plan.on_weekdays();
    (!weekdays.is_empty()).then(|| weekdays.words(plan.language))
}

/// A topic in quotation marks where it would else be read as a period: `Summer of 2042`.
fn quoted(topic: &str) -> String {
    let text = Text::new(topic);
    let year = (0..text.len()).any(|at| text.number(at).is_some_and(|(_, digits)| digits == 4));
    let month = (0..text.len()).any(|at| crate::logbook::month_named(text.word(at)).is_some());
    if year || month { format!("“{topic}”") } else { topic.to_owned() }
}

/// A question with the periods that it takes on: `What did I read then? (in 2021)`.
pub(super) fn with_spans(plan: &Plan) -> String {
    let question = plan.question.trim();
    match times(&plan.spans, plan.language) {
        spans if spans.is_empty() => question.to_owned(),
        spans => format!("{question} ({spans})"),
    }
}

fn times(spans: &[Asked], language: Language) -> String {
    let spans: Vec<String> = spans.iter().map(|asked| time(asked.span, language)).collect();
    spans.join(pick(language, " and ", " et "))
}

/// What is not certain, as a sentence.
pub(super) fn doubt(unsure: &Unsure, question: &str, language: Language) -> String {
    let text = question.get(unsure.bytes.clone()).unwrap_or_default();
    match (&unsure.why, language) {
        (Why::Topic, Language::English) => format!(
            "“{text}” was read as part of the topic, not as a period; write “in {text}” for the period."
        ),
        (Why::Topic, Language::French) => format!(
            "« {text} » est compris comme partie du sujet, non comme période ; écrivez « en {text} » pour la période."
        ),
        (Why::Rough(span) | Why::Lately(span), Language::English) => {
            format!("“{text}” is rough; it was read as {}.", bare(*span, language))
        }
        (Why::Rough(span) | Why::Lately(span), Language::French) => {
            format!("« {text} » est approximatif ; compris comme : {}.", bare(*span, language))
        }
        (Why::DayFirst(span), Language::English) => {
            format!("“{text}” was read day first, as {}.", bare(*span, language))
        }
        (Why::DayFirst(span), Language::French) => {
            format!("« {text} » est lu le jour d'abord : {}.", bare(*span, language))
        }
        (Why::Exchanged, Language::English) => {
            format!("“{text}” ends before it starts; the two were exchanged.")
        }
        (Why::Exchanged, Language::French) => {
            format!("« {text} » finit avant de commencer ; les deux ont été échangés.")
        }
        (Why::Unread, Language::English) => format!("“{text}” was not understood as a period."),
        (Why::Unread, Language::French) => {
            format!("« {text} » n'a pas été compris comme une période.")
        }
    }
}

/// That the logbook has no such folder or tag.
pub(super) fn no_such_place(within: &Within, language: Language) -> String {
    let (name, place) = (&within.name, within.place);
    match (language, place) {
        (Language::English, Place::Tag) => {
            format!("No tag is called “{name}”; it was searched for as a word instead.")
        }
        (Language::English, Place::Folder) => {
            format!("No folder is called “{name}”; it was searched for as a word instead.")
        }
        (Language::English, Place::Named) => {
            format!("No folder or tag is called “{name}”; it was searched for as a word instead.")
        }
        (Language::French, Place::Tag) => {
            format!("Aucun tag ne s'appelle « {name} » ; il a été cherché comme un mot.")
        }
        (Language::French, Place::Folder) => {
            format!("Aucun dossier ne s'appelle « {name} » ; il a été cherché comme un mot.")
        }
        (Language::French, Place::Named) => {
            format!("Aucun dossier ni tag ne s'appelle « {name} » ; il a été cherché comme un mot.")
        }
    }
}

/// That a folder or a tag has nothing of what is asked, and was not regarded.
pub(super) fn nothing_within(within: &Within, language: Language) -> String {
    let name = &within.name;
    match language {
        Language::English => format!("“{name}” has nothing on this; all notes were searched."),
        Language::French => {
            format!("« {name} » n'a rien là-dessus ; toutes les notes ont été cherchées.")
        }
    }
}

/// That a question points to an earlier period which there is not.
pub(super) fn no_earlier_period(language: Language) -> String {
    pick(
        language,
        "No earlier question named the period that is meant.",
        "Aucune question précédente ne nomme la période dont il s'agit.",
    )
    .to_owned()
}

fn label(intent: Intent, language: Language) -> &'static str {
    let (english, french) = match intent {
        Intent::Lookup => ("", ""),
        Intent::When => ("When", "Quand"),
        Intent::List => ("List", "Liste"),
        Intent::Recap => ("Recap", "Bilan"),
        Intent::Count => ("How many", "Combien"),
        Intent::First => ("The first time", "La première fois"),
        Intent::Last => ("The last time", "La dernière fois"),
        Intent::Most => ("Most often", "Le plus souvent"),
        Intent::Largest => ("The longest", "Le plus long"),
        Intent::Smallest => ("The shortest", "Le plus court"),
        Intent::Compare => ("Compare", "Comparer"),
        Intent::OnThisDay => ("On this day", "À cette date"),
        Intent::Weekday => ("Which weekday", "Quel jour de la semaine"),
    };
    pick(language, english, french)
}

fn pick(language: Language, english: &'static str, french: &'static str) -> &'static str {
    match language {
        Language::English => english,
        Language::French => french,
    }
}

/// A span with its preposition: `in March 2021`, `le 3 mai 2021`, `since 1 January 2021`.
pub(in crate::plan) fn time(span: Span, language: Language) -> String {
    let words = bare(span, language);
    let (start, last) = (span.start(), span.last());
    if span.start() == Span::MIN || span.end() == Span::MAX {
        return words;
    }
    if Span::day(start) == Some(span) {
        return format!("{} {words}", pick(language, "on", "le"));
    }
    if unit(span).is_some() {
        return format!("{} {words}", pick(language, "in", "en"));
    }
    let (start, last) = if Span::years(start.year(), last.year()) == Some(span) {
        (start.year().to_string(), last.year().to_string())
    } else {
        (day(start, language), day(last, language))
    };
    match (language, start.len() > 4) {
        (Language::English, _) => format!("from {start} to {last}"),
        (Language::French, true) => format!("du {start} au {last}"),
        (Language::French, false) => format!("de {start} à {last}"),
    }
}

/// A span without its preposition.
fn bare(span: Span, language: Language) -> String {
    let (start, last) = (span.start(), span.last());
    if span.start() == Span::MIN {
        return format!("{} {}", pick(language, "until", "jusqu'au"), day(last, language));
    }
    if span.end() == Span::MAX {
        return format!("{} {}", pick(language, "since", "depuis le"), day(start, language));
    }
    if Span::day(start) == Some(span) {
        return day(start, language);
    }
    match unit(span) {
        Some(Unit::Year) => start.year().to_string(),
        Some(Unit::Month) => format!("{} {}", month(start, language), start.year()),
        None if Span::years(start.year(), last.year()) == Some(span) => {
            format!("{}–{}", start.year(), last.year())
        }
        None => format!("{} – {}", day(start, language), day(last, language)),
    }
}

enum Unit {
    Year,
    Month,
}

fn unit(span: Span) -> Option<Unit> {
    let start = span.start();
    if Span::year(start.year()) == Some(span) {
        Some(Unit::Year)
    } else if Span::month(start.year(), start.month()) == Some(span) {
        Some(Unit::Month)
    } else {
        None
    }
}

fn day(day: Date, language: Language) -> String {
    let number = match (day.day(), language) {
        (1, Language::French) => "1er".to_owned(),
        (number, _) => number.to_string(),
    };
    format!("{number} {} {}", month(day, language), day.year())
}

fn month(day: Date, language: Language) -> &'static str {
    month_name(language, day.month())
}
