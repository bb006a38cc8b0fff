//! The headers of jrnl's text format: `[2020-05-12 21:40] Title`, or the same without brackets, with
//! a `*` before or after the title of one that is starred.
//!
//! One such line could be anything; a file is taken for jrnl's when its first line is a header, or
//! when it has several of the same kind.

use super::{
    DateFormat, Precision, Provenance, Source, Warning,
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

/// Whether the body has the headers of a journal.
pub(super) fn is_journal(body: &Body<'_>) -> bool {
    headers(body).is_some()
}

/// Whether a path is that of a day in a journal that jrnl keeps as a folder: `2022/03/14.txt`.
pub(super) fn is_page(path: &str) -> bool {
    let mut parts = path.rsplit('/');
    let is_number = |part: Option<&str>, length: usize| {
        part.is_some_and(|part| {
            part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    let day = parts.next().and_then(|file| file.strip_suffix(".txt"));
    is_number(day, 2) && is_number(parts.next(), 2) && is_number(parts.next(), 4)
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
        if let Some(header) = header(line, body)
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
fn header<'line>(line: &'line str, body: &Body<'_>) -> Option<Header<'line>> {
    let is_bracketed = line.starts_with('[');
    let inner = &line[usize::from(is_bracketed)..];
    let (reading, time_end) =
        set_time(inner, body.jrnl_format).or_else(|| usual_time(inner, body.day_first))?;
    if !matches!(reading.form, None | Some(Form::Complete(_, Precision::Day))) {
        return None;
    }
    let after = &inner[time_end..];
    let title = if is_bracketed { after.strip_prefix(']')? } else { after };
    if !title.is_empty() && !title.starts_with(char::is_whitespace) {
        return None;
    }
    Some(Header { text: inner, reading, time_end, title: without_star(title), is_bracketed })
}

/// A time in the format of the settings, and where it ends.
fn set_time(text: &str, format: Option<&DateFormat>) -> Option<(Reading, usize)> {
    let reading = format?.read(text)?;
    let end = reading.bytes.end;
    Some((reading, end))
}

/// A day in numbers with its time, and where that ends.
fn usual_time(text: &str, day_first: bool) -> Option<(Reading, usize)> {
    if !text.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let reading = read(text, day_first)?;
    let time = text[reading.bytes.end..].strip_prefix([' ', 'T'])?;
    let end = text.len() - time.len() + time_length(time)?;
    Some((reading, end))
}

/// A title without the star of jrnl; the stars of emphasis stay.
fn without_star(title: &str) -> &str {
    let title = title.trim();
    let title = title.strip_prefix("* ").unwrap_or(title);
    match title.strip_suffix('*') {
        Some(rest) if rest.is_empty() || rest.ends_with(' ') => rest.trim_end(),
        _ => title,
    }
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
