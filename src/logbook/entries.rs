//! From the pieces of a note's body to its entries.

use std::ops::Range;

use super::{
    Dating, Entry, Provenance, Source, Warning,
    dating::NoteDates,
    jrnl,
    lines::LineIndex,
    pieces::{Body, Piece, pieces},
};

/// The entries of a note, in order. They cover every line of the body that is not blank.
pub(super) fn entries(
    body: &Body<'_>,
    note_tags: &[String],
    warnings: &mut Vec<Warning>,
) -> Vec<Entry> {
    let cut = jrnl::pieces(body, warnings).unwrap_or_else(|| pieces(body, warnings));
    let pieces = joined(body, cut);
    let is_only = pieces.len() == 1;
    let mut entries: Vec<_> = pieces
        .into_iter()
        .filter_map(|(piece, lines)| {
            let (lines, bytes) = body.lines.trimmed(body.text, lines)?;
            let (dating, others) = weighed(body, piece.own, piece.above, is_only, warnings);
            let tags = tags(body, note_tags, &bytes);
            Some(Entry { title: piece.title, lines, bytes, dating, others, tags })
        })
        .collect();
    entries.shrink_to_fit();
    entries
}

/// The entry of a note that has nothing but front matter.
pub(super) fn front_matter_entry(
    text: &str,
    lines: &LineIndex,
    title: &str,
    dates: &NoteDates,
    tags: &[String],
) -> Option<Entry> {
    let (lines, bytes) = lines.trimmed(text, 0..lines.count())?;
    let dating = dates.dating.clone();
    let others = dates.beside(dating.as_ref());
    Some(Entry { title: title.to_owned(), lines, bytes, dating, others, tags: tags.to_vec() })
}

/// The pieces with their lines. Blank ones are gone, and those that are nothing but the headings
/// above the next one have become a part of it.
fn joined(body: &Body<'_>, pieces: Vec<Piece>) -> Vec<(Piece, Range<usize>)> {
    let mut joined = Vec::with_capacity(pieces.len());
    let mut waiting: Option<(Piece, usize)> = None;
    let mut pieces = pieces.into_iter().peekable();
    let mut heading_index = 0;
    while let Some(piece) = pieces.next() {
        let end = pieces.peek().map_or(body.end(), |next| next.line_index);
        let own_lines = piece.line_index..end;
        let first_heading = heading_index;
        while body
            .outline
            .headings
            .get(heading_index)
            .is_some_and(|heading| body.lines.line_index(heading.bytes.start) < end)
        {
            heading_index += 1;
        }
        if is_blank(body, &own_lines) {
            continue;
        }
        let mut start = piece.line_index;
        if let Some((above, above_start)) = waiting.take() {
            if above.level < piece.level {
                start = above_start;
            } else {
                joined.push((above, above_start..piece.line_index));
            }
        }
        let headings = first_heading..heading_index;
        if is_headings_only(body, &own_lines, headings.clone()) {
            let first_level =
                body.outline.headings.get(headings.start).map_or(0, |first| first.level);
            let level = if piece.level == 0 { first_level } else { piece.level };
            waiting = Some((Piece { level, ..piece }, start));
        } else {
            joined.push((piece, start..end));
        }
    }
    joined.extend(waiting.map(|(piece, start)| (piece, start..body.end())));
    joined
}

fn bytes(body: &Body<'_>, lines: &Range<usize>) -> Range<usize> {
    body.lines.bytes(lines.start).start..body.lines.bytes(lines.end).start
}

fn is_blank(body: &Body<'_>, lines: &Range<usize>) -> bool {
    lines.is_empty() || body.text[bytes(body, lines)].trim_start().is_empty()
}

fn is_headings_only(body: &Body<'_>, lines: &Range<usize>, headings: Range<usize>) -> bool {
    let whole = bytes(body, lines);
    let mut at = whole.start;
    for heading in &body.outline.headings[headings] {
        if !body.text[at..heading.bytes.start.max(at)].trim_start().is_empty() {
            return false;
        }
        at = heading.bytes.end.clamp(at, whole.end);
    }
    body.text[at..whole.end].trim_start().is_empty()
}

/// What dates a piece, and the weaker evidence that was weighed beside it.
fn weighed(
    body: &Body<'_>,
    own: Option<Dating>,
    above: Vec<Dating>,
    is_only: bool,
    warnings: &mut Vec<Warning>,
) -> (Option<Dating>, Vec<Dating>) {
    let of_text: Vec<Dating> =
        own.iter().cloned().chain(above.into_iter().map(enclosing)).collect();
    let dating = match own {
        Some(own) => {
            body.dates.compare(&own, warnings);
            Some(if is_only { body.dates.weigh_only(own) } else { own })
        }
        None => of_text.first().cloned().or_else(|| body.dates.dating.clone()),
    };
    let mut others = of_text;
    others.retain(|other| Some(other) != dating.as_ref());
    others.extend(body.dates.beside(dating.as_ref()));
    (dating, others)
}

fn enclosing(dating: Dating) -> Dating {
    let provenance = Provenance { source: Source::EnclosingHeading, ..dating.provenance };
    Dating { provenance, ..dating }
}

fn tags(body: &Body<'_>, note_tags: &[String], bytes: &Range<usize>) -> Vec<String> {
    let found = &body.outline.tags;
    let first = found.partition_point(|(at, _)| *at < bytes.start);
    let own = found[first..].iter().take_while(|(at, _)| *at < bytes.end);
    let mut tags = note_tags.to_vec();
    let mut seen: std::collections::HashSet<_> = note_tags.iter().collect();
    tags.extend(own.filter(|(_, tag)| seen.insert(tag)).map(|(_, tag)| tag.clone()));
    tags
}
