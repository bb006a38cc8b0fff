//! How each kind of "no" is put, in English and French.

use std::fmt::Write as _;

use super::{
    Absence,
    absence::{Lag, Lagging, Nearest},
    phrases::{entries, phrase, span, within},
    title::without_date,
};
use crate::logbook::{Language, Span, Weekdays};

impl Absence {
    /// The answer that says so.
    #[must_use]
    pub fn words(&self, language: Language) -> String {
        match self {
            Self::EmptyLogbook => phrase(
                language,
                "The logbook has no entries yet.",
                "Le journal n’a encore aucune entrée.",
            )
            .to_owned(),
            Self::NothingInPeriod { asked, weekdays, covered, nearest } => {
                nothing_in_period(language, (asked, *weekdays), *covered, nearest)
            }
            Self::NothingOnTopic { topic, entries, covered, nearest, mentioned } => {
                let text = if mentioned.is_empty() {
                    nothing_on_topic(language, topic, *entries, *covered)
                } else {
                    only_mentioned(language, topic, *entries, mentioned)
                };
                format!("{text}{}", nearest_entries(language, nearest))
            }
            Self::Stale { notes } => stale(language, notes),
            Self::OnlyUndated { topic, places } => only_undated(language, topic, places),
        }
    }
}

fn nothing_in_period(
    language: Language,
    (asked, weekdays): (&[Span], Weekdays),
    covered: Option<Span>,
    nearest: &[Nearest],
) -> String {
    let mut periods: Vec<String> = asked.iter().map(|period| about(language, *period)).collect();
    if !weekdays.is_empty() {
        periods.push(weekdays.words(language));
    }
    let before = if asked.is_empty() { "" } else { phrase(language, " about", " sur") };
    let periods = format!("{before} {}", periods.join(", "));
    let mut text = match (language, covered) {
        (Language::English, Some(covered)) => {
            format!("Nothing{periods}: the logbook covers {}.", reach(language, covered))
        }
        (Language::French, Some(covered)) => {
            format!("Rien{periods} : le journal couvre {}.", reach(language, covered))
        }
        (Language::English, None) => {
            format!("Nothing{periods}: no entry of the logbook has a date.")
        }
        (Language::French, None) => {
            format!("Rien{periods} : aucune entrée du journal n’est datée.")
        }
    };
    text.push_str(&nearest_entries(language, nearest));
    text
}

/// The entries next to a period, one a line; nothing when there are none.
fn nearest_entries(language: Language, nearest: &[Nearest]) -> String {
    if nearest.is_empty() {
        return String::new();
    }
    let mut text =
        format!("\n\n{}", phrase(language, "Nearest entries:", "Entrées les plus proches :"));
    for near in nearest {
        let title = without_date(&near.title);
        let title = if title.is_empty() { title } else { format!(" · {title}") };
        let days = span(language, near.span);
        let _ = write!(text, "\n- {days}{title} · `{}`", near.place);
    }
    text
}

fn stale(language: Language, notes: &[Lagging]) -> String {
    let mut text = phrase(
        language,
        "The index is older than the notes that would answer this; `twin ingest` reads them again:",
        "L’index est plus ancien que les notes qui répondraient ; `twin ingest` les relit :",
    )
    .to_owned();
    for Lagging { path, lag } in notes {
        let what = match lag {
            Lag::NotIndexed => phrase(language, "is not indexed yet", "n’est pas encore indexée"),
            Lag::Changed => {
                phrase(language, "says something else by now", "dit autre chose depuis")
            }
            Lag::Gone => phrase(language, "is gone", "n’existe plus"),
        };
        let _ = write!(text, "\n- `{path}` {what}");
    }
    text
}

fn nothing_on_topic(
    language: Language,
    topic: &str,
    counted: usize,
    covered: Option<Span>,
) -> String {
    let count = entries(language, counted);
    let read = match (language, counted) {
        (_, 0) => String::new(),
        (Language::English, 1) => " The only entry there does not speak of it.".to_owned(),
        (Language::French, 1) => " La seule entrée n’en parle pas.".to_owned(),
        (Language::English, _) => format!(" None of {count} speaks of it."),
        (Language::French, _) => format!(" Parmi {count}, aucune n’en parle."),
    };
    let covers = covered.map_or_else(String::new, |covered| match language {
        Language::English => format!(" The logbook covers {}.", reach(language, covered)),
        Language::French => format!(" Le journal couvre {}.", reach(language, covered)),
    });
    match language {
        Language::English => format!("Nothing on \"{topic}\".{read}{covers}"),
        Language::French => format!("Rien sur « {topic} ».{read}{covers}"),
    }
}

fn only_mentioned(language: Language, topic: &str, counted: usize, places: &[String]) -> String {
    let count = entries(language, counted);
    let text = match language {
        Language::English => {
            format!(
                "Nothing on \"{topic}\": of {count}, none is filed under it. It is mentioned in:"
            )
        }
        Language::French => format!(
            "Rien sur « {topic} » : parmi {count}, aucune n’est classée sous ce nom. C’est mentionné dans :"
        ),
    };
    listed(text, places)
}

/// A text with places under it.
fn listed(mut text: String, places: &[String]) -> String {
    for place in places {
        let _ = write!(text, "\n- `{place}`");
    }
    text
}

fn only_undated(language: Language, topic: &str, places: &[String]) -> String {
    let text = match language {
        Language::English => {
            format!("No dated entry of that period speaks of \"{topic}\", but undated notes do:")
        }
        Language::French => format!(
            "Aucune entrée datée de cette période ne parle de « {topic} », mais des notes sans date le font :"
        ),
    };
    listed(text, places)
}

/// `2020-03-09 to 2023-11-24`: days in digits, since they are to be looked up.
fn reach(language: Language, covered: Span) -> String {
    let (first, last) = (covered.start(), covered.last());
    match language {
        Language::English if first == last => first.to_string(),
        Language::French if first == last => format!("le {first}"),
        Language::English => format!("{first} to {last}"),
        Language::French => format!("du {first} au {last}"),
    }
}

fn about(language: Language, period: Span) -> String {
    let words = span(language, period);
    let is_day = Span::day(period.start()) == Some(period);
    match language {
        Language::French if is_day => within(language, period),
        _ => words,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn check(absence: &Absence, english: &str, french: &str) {
        assert_eq!(absence.words(Language::English), english);
        assert_eq!(absence.words(Language::French), french);
    }

    #[test]
    fn an_empty_period_is_told_with_what_the_logbook_covers_and_the_nearest_entries() {
        let nearest = Nearest {
            span: Span::day(date(2023, 11, 24)).unwrap(),
            title: "2023-11-24 — before the winter".to_owned(),
            place: "daily/2023-11-24.md:1".to_owned(),
        };
        check(
            &Absence::NothingInPeriod {
                asked: vec![Span::year(2024).unwrap()],
                weekdays: Weekdays::default(),
                covered: Span::new(date(2020, 3, 9), date(2023, 11, 25)),
                nearest: vec![nearest],
            },
            "Nothing about 2024: the logbook covers 2020-03-09 to 2023-11-24.\n\n\
             Nearest entries:\n- 24 November 2023 · before the winter · `daily/2023-11-24.md:1`",
            "Rien sur 2024 : le journal couvre du 2020-03-09 au 2023-11-24.\n\n\
             Entrées les plus proches :\n- 24 novembre 2023 · before the winter · `daily/2023-11-24.md:1`",
        );
    }

    #[test]
    fn each_kind_of_no_has_its_name_in_json() {
        let kind = |absence: &Absence| serde_json::to_value(absence).unwrap()["kind"].take();
        let topic = || "bees".to_owned();
        assert_eq!(kind(&Absence::EmptyLogbook), "empty-logbook");
        let (asked, nearest, weekdays) = (Vec::new(), Vec::new(), Weekdays::default());
        let absence = Absence::NothingInPeriod { asked, weekdays, covered: None, nearest };
        assert_eq!(kind(&absence), "nothing-in-period");
        let absence = Absence::NothingOnTopic {
            topic: topic(),
            entries: 1,
            covered: None,
            nearest: Vec::new(),
            mentioned: Vec::new(),
        };
        assert_eq!(kind(&absence), "nothing-on-topic");
        let absence = Absence::OnlyUndated { topic: topic(), places: Vec::new() };
        assert_eq!(kind(&absence), "only-undated");
        assert_eq!(kind(&Absence::Stale { notes: Vec::new() }), "stale");
    }

    #[test]
    fn notes_that_the_index_lags_behind_are_named() {
        let note = |path: &str, lag| Lagging { path: path.to_owned(), lag };
        check(
            &Absence::Stale {
                notes: vec![
                    note("a.md", Lag::NotIndexed),
                    note("b.md", Lag::Changed),
                    note("c.md", Lag::Gone),
                ],
            },
            "The index is older than the notes that would answer this; `twin ingest` reads them again:\n\
             - `a.md` is not indexed yet\n- `b.md` says something else by now\n- `c.md` is gone",
            "L’index est plus ancien que les notes qui répondraient ; `twin ingest` les relit :\n\
             - `a.md` n’est pas encore indexée\n- `b.md` dit autre chose depuis\n- `c.md` n’existe plus",
        );
    }

    #[test]
    fn the_other_kinds_of_no_are_told_apart() {
        check(
            &Absence::EmptyLogbook,
            "The logbook has no entries yet.",
            "Le journal n’a encore aucune entrée.",
        );
        check(
            &Absence::NothingOnTopic {
                topic: "Kafka".to_owned(),
                entries: 84,
                covered: None,
                nearest: Vec::new(),
                mentioned: Vec::new(),
            },
            "Nothing on \"Kafka\". None of 84 entries speaks of it.",
            "Rien sur « Kafka ». Parmi 84 entrées, aucune n’en parle.",
        );
        check(
            &Absence::NothingOnTopic {
                topic: "Kafka".to_owned(),
                entries: 1,
                covered: Span::day(date(2022, 3, 8)),
                nearest: Vec::new(),
                mentioned: Vec::new(),
            },
            "Nothing on \"Kafka\". The only entry there does not speak of it. The logbook covers 2022-03-08.",
            "Rien sur « Kafka ». La seule entrée n’en parle pas. Le journal couvre le 2022-03-08.",
        );
        check(
            &Absence::NothingOnTopic {
                topic: "go".to_owned(),
                entries: 84,
                covered: None,
                nearest: Vec::new(),
                mentioned: vec!["a.md:3".to_owned()],
            },
            "Nothing on \"go\": of 84 entries, none is filed under it. It is mentioned in:\n- `a.md:3`",
            "Rien sur « go » : parmi 84 entrées, aucune n’est classée sous ce nom. C’est mentionné dans :\n- `a.md:3`",
        );
        check(
            &Absence::OnlyUndated { topic: "pain".to_owned(), places: vec!["a.md:3".to_owned()] },
            "No dated entry of that period speaks of \"pain\", but undated notes do:\n- `a.md:3`",
            "Aucune entrée datée de cette période ne parle de « pain », mais des notes sans date le font :\n- `a.md:3`",
        );
    }
}
