//! The extract of a period: numbered themes, or entry by entry where there are few.

use std::collections::BTreeSet;

use super::{
    document::{Document, Quote, title_of},
    extract::{Material, period, reach},
    pick::{best_of, pick},
    themes::{Theme, themes},
    writer::Writer,
};
use crate::{
    ask::{
        phrases::{self, phrase},
        without_date,
    },
    logbook::{Language, Span},
};

/// Up to so many entries are told one by one.
const FEW: usize = 12;
/// A list names so many entries at the most.
const LISTED_MAX: usize = 40;
/// So many sentences stand for what belongs to no theme.
const APART: usize = 6;
/// A title up to this length stands before its sentence.
const TITLE_MAX: usize = 72;

/// A period in numbered themes, with a closing line that says what it covers.
pub(super) fn recap(
    material: &Material<'_>,
    members: &[usize],
    period: Option<Span>,
    writer: &mut Writer<'_>,
) {
    let quoted = if members.len() > FEW { by_theme(material, members, period, writer) } else { 0 };
    if quoted == 0 {
        entry_by_entry(material, members, writer);
    }
    closing(material, members, quoted, writer);
}

/// Numbered themes, then what belongs to none; how many sentences they quote. Where there is no
/// theme nothing is written.
fn by_theme(
    material: &Material<'_>,
    members: &[usize],
    period: Option<Span>,
    writer: &mut Writer<'_>,
) -> usize {
    let documents: Vec<Document> =
        members.iter().map(|place| material.documents[*place].clone()).collect();
    let themes_max = (documents.len() / 6).clamp(4, 7);
    let language = material.plan.language;
    let (themes, apart) =
        themes(&documents, &material.surfaces, &material.asked, language, themes_max);
    let mut number = 0;
    let mut sentences = 0;
    for theme in &themes {
        let wanted = if theme.documents.len() >= 6 { 3 } else { 2 };
        let quotes = pick(&documents, &theme.documents, material.wanted_with(&theme.terms), wanted);
        if quotes.is_empty() {
            continue;
        }
        number += 1;
        sentences += quotes.len();
        let mut text = format!("{number}. {}", heading(theme, &documents, period, language));
        for quote in quotes {
            text.push(' ');
            text.push_str(&told(material, quote, writer));
        }
        writer.paragraph(&text);
    }
    if number == 0 {
        return 0;
    }
    let quotes = pick(&documents, &apart, material.wanted(), APART);
    if !quotes.is_empty() {
        let title = phrase(language, "Also", "Et aussi");
        let mut text = format!("{}. **{title}.**", number + 1);
        sentences += quotes.len();
        for quote in quotes {
            text.push(' ');
            text.push_str(&told(material, quote, writer));
        }
        writer.paragraph(&text);
    }
    sentences
}

/// A sentence with its citation, after the title of its entry where that adds to it.
pub(super) fn told(material: &Material<'_>, quote: &Quote, writer: &mut Writer<'_>) -> String {
    let quoted = writer.quoted(&quote.sentence.text, quote.passage);
    let passage = &material.passages[quote.passage];
    let title = title_of(passage);
    let is_home = passage.breadcrumb.first().is_some_and(|home| without_date(home) == title)
        && material.passages.iter().filter(|other| other.path == passage.path).count() > 1;
    let said = quote.sentence.text.to_lowercase();
    let is_said = title.split_whitespace().all(|word| said.contains(&word.to_lowercase()));
    if title.is_empty() || is_home || is_said || title.chars().count() > TITLE_MAX {
        return quoted;
    }
    let colon = match title.chars().next_back() {
        Some('?' | '!' | '.' | '…' | ':') => "",
        _ => phrase(material.plan.language, ":", " :"),
    };
    format!("*{}*{colon} {quoted}", phrases::capitalised(&title))
}

/// `**Pricing, sites and sensors** (February to October, 9 entries):`
fn heading(
    theme: &Theme,
    documents: &[Document],
    period: Option<Span>,
    language: Language,
) -> String {
    let title = phrases::capitalised(&phrases::list(language, &theme.labels));
    let count = phrases::entries(language, theme.documents.len());
    let reach = reach(documents, &theme.documents)
        .map(|span| format!("{}, ", phrases::months(language, span, period)))
        .unwrap_or_default();
    format!("**{title}** ({reach}{count}){}", phrase(language, ":", " :"))
}

/// Each entry with its title and its best sentence, numbered, in order of time.
pub(super) fn entry_by_entry(material: &Material<'_>, members: &[usize], writer: &mut Writer<'_>) {
    let language = material.plan.language;
    for (index, place) in members.iter().take(LISTED_MAX).enumerate() {
        let item = item(material, *place, writer);
        let text = format!("{}. {item}", index + 1);
        if index == 0 { writer.paragraph(&text) } else { writer.line(&text) }
    }
    if members.len() > LISTED_MAX {
        let more = phrases::number(language, members.len() - LISTED_MAX);
        writer.paragraph(&match language {
            Language::English => format!("… and {more} more."),
            Language::French => format!("… et {more} de plus."),
        });
    }
}

/// `**Killing Dock** (8 September 2022): We stop … [3]`
pub(super) fn item(material: &Material<'_>, place: usize, writer: &mut Writer<'_>) -> String {
    let language = material.plan.language;
    let document = &material.documents[place];
    let date = phrases::dated(language, document.span, None);
    let title = if document.title.is_empty() {
        format!("**{date}**")
    } else {
        format!("**{}** ({date})", phrases::capitalised(&document.title))
    };
    let best = best_of(document, material.wanted());
    let colon = phrase(language, ":", " :");
    match best {
        Some((quote, _)) => {
            let quoted = writer.quoted(&quote.sentence.text, quote.passage);
            format!("{title}{colon} {quoted}")
        }
        None => writer.quoted(&title, document.passages[0]),
    }
}

/// Every entry there is on a topic; themes once there are too many to name.
pub(super) fn list(material: &Material<'_>, writer: &mut Writer<'_>) {
    let members: Vec<usize> = (0..material.documents.len()).collect();
    let language = material.plan.language;
    let count = phrases::entries(language, members.len());
    let periods = phrases::times(material.plan);
    let space = if periods.is_empty() { "" } else { " " };
    writer.paragraph(&format!("**{count}{space}{periods}.**"));
    if members.len() <= LISTED_MAX && !(material.plan.topic.is_empty() && members.len() > FEW) {
        entry_by_entry(material, &members, writer);
    } else {
        recap(material, &members, period(material.plan), writer);
    }
}

/// The periods of a plan, one after the other.
pub(super) fn compare(material: &Material<'_>, writer: &mut Writer<'_>) {
    let language = material.plan.language;
    let mut told: BTreeSet<Span> = BTreeSet::new();
    for asked in &material.plan.spans {
        if !told.insert(asked.span) {
            continue;
        }
        let members: Vec<usize> = (0..material.documents.len())
            .filter(|place| {
                material.documents[*place].span.is_some_and(|span| span.overlaps(asked.span))
            })
            .collect();
        writer.paragraph(&format!(
            "## {}",
            phrases::capitalised(&phrases::span(language, asked.span))
        ));
        if members.is_empty() {
            writer.paragraph(phrase(language, "No entry.", "Aucune entrée."));
        } else {
            recap(material, &members, Some(asked.span), writer);
        }
    }
}

/// Says what the recap covers, and how many sentences stand for it where it is not told whole.
fn closing(material: &Material<'_>, members: &[usize], sentences: usize, writer: &mut Writer<'_>) {
    let language = material.plan.language;
    let Some(reach) = reach(&material.documents, members) else { return };
    let count = phrases::entries(language, members.len());
    let months: BTreeSet<(i16, i8)> = members
        .iter()
        .filter_map(|place| material.documents[*place].span)
        .map(|span| (span.start().year(), span.start().month()))
        .collect();
    let days = phrases::span(language, reach);
    let quoted = phrases::number(language, sentences);
    let months = months.len();
    let text = match (language, sentences) {
        (Language::English, 0) => format!("Covers {count}, {days}."),
        (Language::French, 0) => format!("Couvre {count}, {days}."),
        (Language::English, _) => {
            let months = if months == 1 { "1 month" } else { &format!("{months} months") };
            format!(
                "Covers {count} in {months}, {days}; {quoted} sentences of them are quoted here."
            )
        }
        (Language::French, _) => {
            format!(
                "Couvre {count} sur {months} mois, {days} ; {quoted} phrases en sont citées ici."
            )
        }
    };
    writer.paragraph(&text);
}
