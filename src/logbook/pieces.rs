//! Cuts the body of a note where its dates change.
//!
//! A piece reaches from the line that it begins with to the next piece. The cuts are made by dated
//! headings, then by the dated bullets between them.

use super::{
    DateFormat, Dating, Heading, Precision, Provenance, Source, Span,
    dates::{Form, Reading, read, read_value},
    dating::{NoteDates, is_day},
    front_matter::Key,
    lines::LineIndex,
    neighbours,
    outline::Outline,
    properties,
};
use crate::logbook::Warning;

/// The level of a piece that begins with a bullet: below every heading.
const BULLET_LEVEL: u8 = 7;

/// Everything that the cuts are made from.
pub(super) struct Body<'note> {
    pub(super) text: &'note str,
    pub(super) lines: &'note LineIndex,
    pub(super) outline: &'note Outline,
    pub(super) dates: &'note NoteDates,
    pub(super) day_first: bool,
    pub(super) jrnl_format: Option<&'note DateFormat>,
    pub(super) date_keys: &'note [String],
    /// The line that the body begins with, from zero.
    pub(super) line_index: usize,
    /// The title of the note.
    pub(super) title: &'note str,
}

/// Lines with the same date.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    /// Its first line, from zero.
    pub(super) line_index: usize,
    /// The level of the heading that it begins with, zero for none.
    pub(super) level: u8,
    /// What it is called.
    pub(super) title: String,
    /// The date that it begins with.
    pub(super) own: Option<Dating>,
    /// The dates of the headings above it, the nearest first.
    pub(super) above: Vec<Dating>,
}

impl Body<'_> {
    /// The line after the last, from zero.
    pub(super) fn end(&self) -> usize {
        self.lines.count()
    }

    /// The body as a single piece.
    pub(super) fn whole(&self) -> Piece {
        Piece {
            line_index: self.line_index,
            level: 0,
            title: self.title.to_owned(),
            own: None,
            above: Vec::new(),
        }
    }

    /// A title for what has only a date.
    pub(super) fn title_with(&self, date: &str) -> String {
        if self.title == date { date.to_owned() } else { format!("{} › {date}", self.title) }
    }
}

/// The pieces that dated headings and bullets make.
pub(super) fn pieces(body: &Body<'_>, warnings: &mut Vec<Warning>) -> Vec<Piece> {
    let sections = sections(body, warnings);
    if body.dates.day_of_path().is_some() {
        return sections;
    }
    let mut pieces = Vec::with_capacity(sections.len());
    let mut items = &body.outline.items[..];
    for (index, section) in sections.iter().enumerate() {
        let end = sections.get(index + 1).map_or(body.end(), |next| next.line_index);
        let within = items.partition_point(|item| body.lines.line_index(item.start) < end);
        let (own_items, rest) = items.split_at(within);
        items = rest;
        let exact = section.own.as_ref().or(section.above.first());
        if exact.is_some_and(|dating| dating.precision == Precision::Day) {
            pieces.push(section.clone());
        } else {
            cut_at_bullets(body, section, own_items, &mut pieces, warnings);
        }
    }
    pieces
}

/// The pieces that dated headings make.
fn sections(body: &Body<'_>, warnings: &mut Vec<Warning>) -> Vec<Piece> {
    let mut pieces = vec![body.whole()];
    let taken_on = neighbours::taken_on(body);
    let mut above: Vec<(u8, Dating)> = Vec::new();
    for (index, heading) in body.outline.headings.iter().enumerate() {
        let depth = above.len();
        while above.last().is_some_and(|(level, _)| *level >= heading.level) {
            above.pop();
        }
        let closes = above.len() < depth;
        let dated = heading_date(body, heading, &above, taken_on.get(&index), warnings)
            .or_else(|| Some((property_date(body, index, &above, warnings)?, false)));
        if dated.is_none() && !closes {
            continue;
        }
        let (own, is_whole) = dated.map_or((None, false), |(own, is_whole)| (Some(own), is_whole));
        let title = if heading.text.is_empty() {
            body.title.to_owned()
        } else if is_whole {
            body.title_with(&heading.text)
        } else {
            heading.text.clone()
        };
        pieces.push(Piece {
            line_index: body.lines.line_index(heading.bytes.start),
            level: heading.level,
            title,
            own: own.clone(),
            above: above.iter().rev().map(|(_, dating)| dating.clone()).collect(),
        });
        above.extend(own.map(|own| (heading.level, own)));
    }
    as_one_day(body, &pieces).map_or(pieces, |piece| vec![piece])
}

/// The date of a heading, and whether the heading is nothing else.
fn heading_date(
    body: &Body<'_>,
    heading: &Heading,
    above: &[(u8, Dating)],
    taken_on: Option<&Result<Dating, Warning>>,
    warnings: &mut Vec<Warning>,
) -> Option<(Dating, bool)> {
    let reading = read(&heading.text, body.day_first)?;
    if body.dates.day_of_path().is_some() && !is_day(reading.form) {
        return None;
    }
    let around: Vec<_> =
        above.iter().rev().map(|(_, dating)| (dating.span, dating.precision)).collect();
    let provenance = || Provenance {
        source: Source::EntryHeading,
        line_number: Some(heading.line_number),
        text: heading.text[reading.bytes.clone()].to_owned(),
    };
    let faults = warnings.len();
    let own = body.dates.date_text(&reading, &around, provenance, warnings);
    // What lies above it and the note's name come first, even to say that there is no such day.
    let own = match taken_on.filter(|_| own.is_none() && warnings.len() == faults) {
        Some(Ok(taken_on)) => Some(taken_on.clone()),
        Some(Err(warning)) => {
            warnings.push(warning.clone());
            None
        }
        None => own,
    };
    Some((own?, reading.is_whole))
}

/// The date of a property below a heading.
fn property_date(
    body: &Body<'_>,
    heading_index: usize,
    above: &[(u8, Dating)],
    warnings: &mut Vec<Warning>,
) -> Option<Dating> {
    let properties = &body.outline.properties;
    let first = properties.partition_point(|property| property.heading_index < heading_index);
    let property = properties.get(first).filter(|it| it.heading_index == heading_index)?;
    let reading = read_value(&property.value, body.day_first)?;
    let around: Vec<_> =
        above.iter().rev().map(|(_, dating)| (dating.span, dating.precision)).collect();
    let provenance = || Provenance {
        source: Source::EntryHeading,
        line_number: Some(property.line_number),
        text: property.value.clone(),
    };
    body.dates.date_text(&reading, &around, provenance, warnings)
}

/// The body as one piece, when all of it is about one day. A page of a diary is, until two of its
/// headings have different days; another note of one day is, until a heading has a different one.
fn as_one_day(body: &Body<'_>, pieces: &[Piece]) -> Option<Piece> {
    let mut spans: Vec<Span> =
        pieces.iter().filter_map(|piece| Some(piece.own.as_ref()?.span)).collect();
    spans.sort_unstable();
    spans.dedup();
    let is_one = if body.dates.day_of_path().is_some() {
        spans.len() < 2
    } else {
        body.dates.day().is_some_and(|day| spans.iter().all(|span| *span == day))
    };
    let opening = (body.line_index..body.end())
        .find(|line| !body.lines.line(body.text, *line).trim().is_empty());
    let mut whole = body.whole();
    if let Some(piece) = pieces.get(1).filter(|piece| Some(piece.line_index) == opening) {
        whole = Piece { line_index: whole.line_index, ..piece.clone() };
    }
    is_one.then_some(whole)
}

/// Cuts a section at the bullets that begin with a day, each with what is nested under it.
fn cut_at_bullets(
    body: &Body<'_>,
    section: &Piece,
    items: &[std::ops::Range<usize>],
    pieces: &mut Vec<Piece>,
    warnings: &mut Vec<Warning>,
) {
    let around: Vec<_> = section
        .own
        .iter()
        .chain(&section.above)
        .map(|dating| (dating.span, dating.precision))
        .collect();
    pieces.push(section.clone());
    for item in items {
        let line_index = body.lines.line_index(item.start);
        let after = body.lines.line_index(item.end.saturating_sub(1)) + 1;
        let own = bullet_date(body, item.start, &around, warnings)
            .or_else(|| block_date(body, line_index..after, &around, warnings));
        let Some(own) = own else { continue };
        // What follows the bullet before is the section's again; nothing is left when this bullet
        // does.
        if pieces.last().is_some_and(|last| last.line_index == line_index) {
            pieces.pop();
        }
        pieces.push(Piece {
            line_index,
            level: BULLET_LEVEL,
            title: format!("{} › {}", section.title, own.provenance.text),
            above: section.own.iter().chain(&section.above).cloned().collect(),
            own: Some(own),
        });
        pieces.push(Piece { line_index: after, level: BULLET_LEVEL, ..section.clone() });
    }
}

fn bullet_date(
    body: &Body<'_>,
    start: usize,
    around: &[(Span, Precision)],
    warnings: &mut Vec<Warning>,
) -> Option<Dating> {
    let line_index = body.lines.line_index(start);
    let text = without_marker(body.lines.line(body.text, line_index));
    let reading = read(text, body.day_first).filter(is_bullet_date)?;
    let provenance = || Provenance {
        source: Source::Bullet,
        line_number: Some(super::lines::number(line_index)),
        text: text[reading.bytes.clone()].to_owned(),
    };
    body.dates.date_text(&reading, around, provenance, warnings)
}

/// The date of a property that a bullet has, where the page has no day of its own.
fn block_date(
    body: &Body<'_>,
    block: std::ops::Range<usize>,
    around: &[(Span, Precision)],
    warnings: &mut Vec<Warning>,
) -> Option<Dating> {
    if body.dates.day().is_some() {
        return None;
    }
    let own = properties::of_block(body.text, body.lines, block.clone());
    let below = properties::of_block(body.text, body.lines, block.start + 1..block.end);
    let keys: Vec<Key> = if own.is_empty() { below } else { own };
    let named = |name: &String| keys.iter().find(|key| key.name.eq_ignore_ascii_case(name));
    let key = body.date_keys.iter().find_map(named)?;
    let reading = read_value(&key.value, body.day_first)?;
    let provenance = || Provenance {
        source: Source::Bullet,
        line_number: Some(key.line_number),
        text: key.value.clone(),
    };
    body.dates.date_text(&reading, around, provenance, warnings)
}

/// The number of a day alone (`- 12 eggs`) dates no bullet.
fn is_bullet_date(reading: &Reading) -> bool {
    match reading.form {
        Some(Form::Day(_)) => reading.weekday.is_some(),
        form => is_day(form),
    }
}

/// The text of a bullet's line without its marker, its box and the marks of a heading.
fn without_marker(line: &str) -> &str {
    let line = line.trim_start();
    let text = line.strip_prefix(['-', '*', '+']).unwrap_or_else(|| {
        let rest = line.trim_start_matches(|character: char| character.is_ascii_digit());
        rest.strip_prefix(['.', ')']).unwrap_or(line)
    });
    let text = text.trim_start();
    let unboxed = text.strip_prefix('[').and_then(|rest| {
        let mut characters = rest.chars();
        characters.next()?;
        characters.as_str().strip_prefix("] ")
    });
    unboxed.unwrap_or(text).trim_start_matches('#').trim_start()
}
