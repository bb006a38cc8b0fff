//! The headers of jrnl's text format: `[2020-05-12 21:40] Title`, or the same without brackets.
//!
//! One such line could be anything; a file is taken for jrnl's when its first line is a header, or
//! when it has several of the same kind.

use super::{
    Precision, Provenance, Source, Warning,
    dates::{Form, Reading, read},
    lines::number,
    pieces::{Body, Piece},
};

/// The pieces that the headers make; none when the file is not jrnl's.
pub(super) fn pieces(body: &Body<'_>, warnings: &mut Vec<Warning>) -> Option<Vec<Piece>> {
    let headers = headers(body)?;
    let mut pieces = vec![body.whole()];
    for (line_index, header) in headers {
        let date = header.reading.bytes.clone();
        let provenance = || Provenance {
            source: Source::JrnlHeader,
            line_number: Some(number(line_index)),
            text: header.text[date.start..header.time_end].to_owned(),
        };
        let own = body.dates.date_text(&header.reading, &[], provenance, warnings);
        let title = match header.title {
            "" => body.title_with(&header.text[date]),
            title => title.to_owned(),
        };
        pieces.push(Piece { line_index, level: 1, title, own, above: Vec::new() });
    }
    Some(pieces)
}

/// A line that begins an entry.
struct Header<'text> {
    text: &'text str,
    reading: Reading,
    time_end: usize,
    title: &'text str,
    is_bracketed: bool,
}

fn headers<'body>(body: &'body Body<'_>) -> Option<Vec<(usize, Header<'body>)>> {
    let mut found: Vec<(usize, Header<'_>)> = Vec::new();
    let mut is_first = false;
    let mut is_after_blank = true;
    let mut has_content = false;
    for line_index in body.line_index..body.end() {
        let line = body.lines.line(body.text, line_index);
        let follows_blank = std::mem::replace(&mut is_after_blank, line.trim().is_empty());
        if let Some(header) = header(line)
            && (header.is_bracketed || follows_blank)
            && found.first().is_none_or(|(_, first)| first.is_bracketed == header.is_bracketed)
            && !is_code(body, line_index)
        {
            is_first |= !has_content;
            found.push((line_index, header));
        }
        has_content |= !is_after_blank && !line.starts_with('#');
    }
    let days: std::collections::BTreeSet<_> =
        found.iter().map(|(_, header)| day(&header.reading)).collect();
    let is_page = body.dates.day_of_path().is_some() && days.len() < 2;
    ((is_first || found.len() > 1) && !is_page).then_some(found)
}

fn day(reading: &Reading) -> Option<jiff::civil::Date> {
    match reading.form? {
        Form::Complete(span, _) => Some(span.start()),
        _ => None,
    }
}

fn is_code(body: &Body<'_>, line_index: usize) -> bool {
    let start = body.lines.bytes(line_index).start;
    let code = &body.outline.code;
    let before = code.partition_point(|code| code.start <= start);
    before > 0 && code[before - 1].contains(&start)
}

/// Reads a header: a whole day and a time at the beginning of the line.
fn header(line: &str) -> Option<Header<'_>> {
    let is_bracketed = line.starts_with('[');
    let inner = &line[usize::from(is_bracketed)..];
    if !inner.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let reading = read(inner, true)?;
    if !matches!(reading.form, None | Some(Form::Complete(_, Precision::Day))) {
        return None;
    }
    let rest = &inner[reading.bytes.end..];
    let time = rest.strip_prefix([' ', 'T']).and_then(|rest| Some((rest, time_length(rest)?)));
    let (from_time, time_length) = time?;
    let after = &from_time[time_length..];
    let title = if is_bracketed { after.strip_prefix(']')? } else { after };
    if !title.is_empty() && !title.starts_with(char::is_whitespace) {
        return None;
    }
    let time_end = inner.len() - after.len();
    Some(Header { text: inner, reading, time_end, title: title.trim(), is_bracketed })
}

/// The bytes of `21:40`, `21:40:05`, `9:40 PM`.
fn time_length(text: &str) -> Option<usize> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let mut length = Some(digits(text)).filter(|length| matches!(length, 1 | 2))?;
    let mut parts = 1;
    while parts < 3 && text[length..].starts_with(':') && digits(&text[length + 1..]) == 2 {
        length += 3;
        parts += 1;
    }
    let half = [" AM", " PM", " am", " pm", "AM", "PM", "am", "pm"];
    let half = half.iter().find(|half| text[length..].starts_with(**half));
    (parts > 1).then_some(length + half.map_or(0, |half| half.len()))
}
