//! A recap as markdown and as JSON.

use std::fmt::Write as _;

use serde::Serialize;

use super::{Comparison, Coverage, Recap};
use crate::{
    ask::{Citation, check, marked, phrases},
    error::{Context as _, Result},
    logbook::{Language, Span},
};

/// The schema of the JSON.
pub const SCHEMA: &str = "logtwin/recap/1";

/// A numbered theme of a recap.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Theme {
    /// Its number, from one.
    pub number: usize,
    /// Its title.
    pub title: String,
    /// What is told under it, with citations as `[n]`.
    pub text: String,
    /// The numbers that it cites.
    pub citations: Vec<usize>,
}

/// The recap as one JSON object.
///
/// # Errors
/// When it can't be written as JSON.
pub fn json(recap: &Recap) -> Result<String> {
    #[derive(Serialize)]
    struct Shown<'a> {
        schema: &'static str,
        #[serde(flatten)]
        recap: &'a Recap,
        complete: bool,
    }
    let shown = Shown { schema: SCHEMA, recap, complete: recap.coverage.is_complete() };
    serde_json::to_string_pretty(&shown).context(|| "can't write the recap as JSON".to_owned())
}

/// The recap as a page of markdown: the account, its sources, and what was read.
#[must_use]
pub fn markdown(recap: &Recap) -> String {
    let language = recap.language;
    let text = marked(&recap.text, &recap.claims);
    let mut page = format!("# {}\n\n{}\n", title(recap), text.trim());
    page.push_str(&sources(language, &recap.citations));
    let _ = writeln!(page, "\n## {}\n", phrases::phrase(language, "Coverage", "Couverture"));
    for line in covered(language, &recap.coverage) {
        let _ = writeln!(page, "- {line}");
    }
    page
}

/// What a recap is of: `March 2022 · running`.
pub(super) fn title(recap: &Recap) -> String {
    let language = recap.language;
    let mut period = match recap.days.as_slice() {
        [] => phrases::span(language, recap.period),
        [first, ..] => on_a_day(language, *first, recap.period),
    };
    if !recap.weekdays.is_empty() {
        let _ = write!(period, ", {}", recap.weekdays.words(language));
    }
    let about = recap.about.as_ref().map(|about| format!(" · {about}")).unwrap_or_default();
    format!("{}{about}", phrases::capitalised(&period))
}

/// A comparison as a page of markdown: what changed, its sources, and what was read.
#[must_use]
pub fn comparison_markdown(comparison: &Comparison) -> String {
    let language = comparison.language;
    let about = comparison.about.as_ref().map(|about| format!(" · {about}")).unwrap_or_default();
    let [earlier, later] =
        [&comparison.earlier, &comparison.later].map(|side| phrases::span(language, side.period));
    let title = match language {
        Language::English => format!("{later}, compared with {earlier}"),
        Language::French => format!("{later}, comparé à {earlier}"),
    };
    let text = marked(&comparison.text, &comparison.claims);
    let (title, text) = (phrases::capitalised(&title), text.trim());
    let mut page = format!("# {title}{about}\n\n{text}\n");
    page.push_str(&sources(language, &comparison.citations));
    for side in [&comparison.earlier, &comparison.later] {
        let coverage = phrases::phrase(language, "Coverage", "Couverture");
        let period = phrases::span(language, side.period);
        let _ = writeln!(page, "\n## {coverage} · {period}\n");
        for line in covered(language, &side.coverage) {
            let _ = writeln!(page, "- {line}");
        }
    }
    page
}

/// The list of what is cited; nothing when nothing is.
fn sources(language: Language, citations: &[Citation]) -> String {
    let mut list = String::new();
    if !citations.is_empty() {
        let _ = writeln!(list, "\n## {}\n", phrases::phrase(language, "Sources", "Sources"));
        for citation in citations {
            let _ = writeln!(list, "- {}", citation.markdown());
        }
    }
    list
}

/// `15 June, 2021 to 2024`
fn on_a_day(language: Language, day: Span, period: Span) -> String {
    let years = Span::years(period.start().year(), period.last().year()).unwrap_or(period);
    let day = phrases::day_of_year(language, day.start());
    format!("{day}, {}", phrases::span(language, years))
}

/// What was read, a line each.
fn covered(language: Language, coverage: &Coverage) -> Vec<String> {
    let there = phrases::entries(language, coverage.entries_in_period);
    let number = |value: usize| phrases::number(language, value);
    let read = number(coverage.entries_read);
    let mut lines = vec![match language {
        Language::English => format!("{there} in the period, {read} read"),
        Language::French => format!("{there} dans la période, dont {read} lues"),
    }];
    if coverage.entries_off_topic > 0 {
        let off = number(coverage.entries_off_topic);
        lines.push(match language {
            Language::English => format!("{off} not about it"),
            Language::French => format!("{off} sur autre chose"),
        });
    }
    for skipped in &coverage.skipped {
        lines.push(format!("`{}`: {}", skipped.place, skipped.reason));
    }
    for withheld in &coverage.withheld {
        lines.push(match language {
            Language::English => format!("`{}`: {}", withheld.place, withheld.reason),
            Language::French => format!("`{}` : {}", withheld.place, withheld.reason),
        });
    }
    if !coverage.empty_months.is_empty() {
        let months: Vec<String> = joined(&coverage.empty_months)
            .map(|months| phrases::whole_months(language, months))
            .collect();
        let months = phrases::list(language, &months);
        lines.push(match language {
            Language::English => format!("nothing was written in {months}"),
            Language::French => format!("rien n’a été écrit dans ces mois : {months}"),
        });
    }
    if coverage.undated > 0 {
        let undated = phrases::entries(language, coverage.undated);
        lines.push(match language {
            Language::English => format!("{undated} of the logbook without a date, in no period"),
            Language::French => format!("{undated} du journal sans date, dans aucune période"),
        });
    }
    lines.extend(called(language, coverage));
    lines
}

/// What was asked of the model; nothing when it was not asked.
fn called(language: Language, coverage: &Coverage) -> Option<String> {
    let number = |value: usize| phrases::number(language, value);
    let (calls, cached) = (number(coverage.calls), number(coverage.cached_calls));
    let tokens = coverage.tokens;
    let called = |count| if count == 1 { "call" } else { "calls" };
    Some(match (language, coverage.calls, coverage.cached_calls) {
        (_, 0, 0) => return None,
        (Language::English, 0, count) => {
            format!("{cached} {} to the model, made before", called(count))
        }
        (Language::French, 0, 1) => "1 appel au modèle, fait auparavant".to_owned(),
        (Language::French, 0, _) => format!("{cached} appels au modèle, faits auparavant"),
        (Language::English, count, _) => format!(
            "{calls} {} to the model, {cached} kept from before, {} tokens read and {} written",
            called(count),
            tokens.input,
            tokens.output
        ),
        (Language::French, ..) => format!(
            "{calls} appels au modèle, {cached} gardés d’avant, {} jetons lus et {} écrits",
            tokens.input, tokens.output
        ),
    })
}

/// Periods in order, those that follow each other as one.
fn joined(periods: &[Span]) -> impl Iterator<Item = Span> {
    let runs = periods.chunk_by(|one, next| one.end() == next.start());
    runs.filter_map(|run| Span::new(run.first()?.start(), run.last()?.end()))
}

/// The themes of an account: its lines of the form `1. **Title** …`, with what follows each.
pub(super) fn themes_of(text: &str) -> Vec<Theme> {
    let mut themes: Vec<Theme> = Vec::new();
    let mut is_open = false;
    for line in text.lines() {
        if let Some(theme) = theme_of(line) {
            themes.push(theme);
            is_open = true;
        } else if line.starts_with("**") || line.starts_with('_') || line.starts_with('#') {
            is_open = false;
        } else if is_open
            && line.starts_with([' ', '\t', '-', '*'])
            && let Some(theme) = themes.last_mut()
        {
            theme.text.push('\n');
            theme.text.push_str(line.trim());
        } else if !line.trim().is_empty() {
            is_open = false;
        }
    }
    for theme in &mut themes {
        theme.citations = check(&theme.text, &|_| true).numbers;
    }
    themes
}

fn theme_of(line: &str) -> Option<Theme> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let number = line[..digits].parse().ok()?;
    let rest = line[digits..].strip_prefix(['.', ')'])?.trim_start().strip_prefix("**")?;
    let (title, text) = rest.split_once("**")?;
    Some(Theme {
        number,
        title: title.trim_end_matches(['.', ':', ' ']).to_owned(),
        text: text.trim_start_matches([' ', ':', '.']).to_owned(),
        citations: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn themes_are_read_from_an_account_as_models_write_it() {
        let text = "Intro.\n\n1. **Pricing.** We sell by site [1].\n   More [2, 3].\n\n2) **Running**: far [4].\n\n**In sum.** Good [1].";
        let themes = themes_of(text);
        let read: Vec<(usize, &str, &[usize])> = themes
            .iter()
            .map(|theme| (theme.number, theme.title.as_str(), theme.citations.as_slice()))
            .collect();
        assert_eq!(read, [(1, "Pricing", &[1, 2, 3][..]), (2, "Running", &[4][..])]);
    }
}
