//! The dates in the path of a note: in the name of its file, and in those of its folders.
//!
//! A format that an editor was told to use comes first. Otherwise:
//! A name dates by what it begins with when that is a whole day, a week or a quarter; by a whole day
//! that it ends with; and by anything that it is entirely. Folders complete one another and the
//! file: `2022/03-March/14.md`.

use jiff::civil::{Date, Weekday};

use super::{
    Dating, NameFormat, Precision, Provenance, Source, Span, Warning,
    dates::{Completed, Form, Reading, complete, read, wrong_weekday},
};

/// What the parts of a path say.
#[derive(Debug, Default)]
pub(super) struct PathDates {
    /// The name of the file.
    pub(super) name: Option<Dating>,
    /// Whether that name is nothing but a year: then it may as well be a title.
    pub(super) is_bare_year: bool,
    /// The folders.
    pub(super) folder: Option<Dating>,
}

/// Reads the dates of a path with `/` between its parts.
pub(super) fn read_path(
    path: &str,
    formats: &[NameFormat],
    day_first: bool,
    warnings: &mut Vec<Warning>,
) -> PathDates {
    let (folders, file) = path.rsplit_once('/').unwrap_or(("", path));
    let mut place = Place::default();
    for folder in folders.split('/') {
        place = match read_part(folder, &place, day_first) {
            Some(Part { found: None, .. }) => {
                warn_impossible(folder, warnings);
                Place { is_parent: false, ..place }
            }
            Some(Part { found: Some(found), text, .. }) => {
                Place { found: Some(found), text, is_parent: true }
            }
            None => Place { is_parent: false, ..place },
        };
    }
    let folder = place.found.map(|found| dating(found, place.text.clone(), Source::Folder));
    if let Some((reading, name)) = formats.iter().find_map(|format| format.read(path)) {
        let name = by_format(&reading, name, warnings);
        return PathDates { name, is_bare_year: false, folder };
    }
    let stem = stem(file);
    let part = read_part(stem, &place, day_first);
    if part.as_ref().is_some_and(|part| part.found.is_none()) {
        warn_impossible(stem, warnings);
    }
    if let Some(Part { found: Some(found), weekday, .. }) = &part {
        warn_of_weekday(*weekday, *found, warnings);
    }
    let name = part.and_then(|part| Some((part.found?, part.text)));
    PathDates {
        is_bare_year: name
            .as_ref()
            .is_some_and(|((_, precision), text)| *precision == Precision::Year && text.len() == 4),
        name: name.map(|(found, text)| dating(found, text, Source::FileName)),
        folder,
    }
}

fn by_format(reading: &Reading, name: &str, warnings: &mut Vec<Warning>) -> Option<Dating> {
    let Some(Form::Complete(span, precision)) = reading.form else {
        warn_impossible(name, warnings);
        return None;
    };
    warn_of_weekday(reading.weekday, (span, precision), warnings);
    Some(dating((span, precision), name.to_owned(), Source::FileName))
}

/// The name of a file without its extension.
pub(super) fn stem(file: &str) -> &str {
    match file.rsplit_once('.') {
        Some((stem, extension))
            if !stem.is_empty() && extension.starts_with(char::is_alphabetic) =>
        {
            stem
        }
        _ => file,
    }
}

fn dating((span, precision): (Span, Precision), text: String, source: Source) -> Dating {
    Dating { span, precision, provenance: Provenance { source, line_number: None, text } }
}

fn warn_of_weekday(
    weekday: Option<Weekday>,
    found: (Span, Precision),
    warnings: &mut Vec<Warning>,
) {
    let wrong = wrong_weekday(weekday, found);
    warnings.extend(wrong.map(|reason| Warning { line_number: None, reason }));
}

fn warn_impossible(name: &str, warnings: &mut Vec<Warning>) {
    let reason = format!("there is no such day: `{name}`");
    warnings.push(Warning { line_number: None, reason });
}

/// What the folders so far say.
#[derive(Default)]
struct Place {
    found: Option<(Span, Precision)>,
    text: String,
    /// Whether the last folder itself said it.
    is_parent: bool,
}

/// What one part of a path says; nothing found when it has the form of a date that does not exist.
struct Part {
    found: Option<(Span, Precision)>,
    text: String,
    weekday: Option<Weekday>,
}

fn read_part(name: &str, place: &Place, day_first: bool) -> Option<Part> {
    let own = |reading: Reading| {
        let text = name[reading.bytes.clone()].to_owned();
        let weekday = reading.weekday;
        match reading.form {
            None => Some(Part { found: None, text, weekday }),
            Some(Form::Complete(span, precision)) => {
                Some(Part { found: Some((span, precision)), text, weekday })
            }
            Some(_) => None,
        }
    };
    let reading = read(name, day_first);
    let begins = reading.clone().filter(|reading| is_name(reading, name)).and_then(own);
    begins
        .or_else(|| compact(name))
        .or_else(|| ending(name, day_first).and_then(own))
        .or_else(|| completed(name, reading, place))
}

/// Whether what was read at the beginning of a name makes it a date.
fn is_name(reading: &Reading, name: &str) -> bool {
    match reading.form {
        None => name.len() >= 10,
        Some(Form::Complete(_, Precision::Day | Precision::Week | Precision::Quarter)) => true,
        Some(Form::Complete(span, Precision::Year | Precision::Month)) => {
            reading.is_whole && is_likely(span.start())
        }
        Some(Form::Complete(..)) => reading.is_whole,
        Some(_) => false,
    }
}

/// Whether a number of four digits is more likely a year than anything else.
fn is_likely(day: Date) -> bool {
    (1900..2100).contains(&day.year())
}

/// `20220314`, `202203141530 title`, `20220314T1530`.
fn compact(name: &str) -> Option<Part> {
    let length = name.find(|character: char| !character.is_ascii_digit()).unwrap_or(name.len());
    let follows = name[length..].chars().next();
    if !matches!(length, 8 | 12 | 14)
        || follows.is_some_and(|next| next.is_alphanumeric() && next != 'T')
    {
        return None;
    }
    let number = |range: std::ops::Range<usize>| name[range].parse::<i8>().ok();
    let day = Date::new(name[..4].parse().ok()?, number(4..6)?, number(6..8)?).ok()?;
    let found = Span::day(day).filter(|_| is_likely(day)).map(|span| (span, Precision::Day))?;
    Some(Part { found: Some(found), text: name[..8].to_owned(), weekday: None })
}

/// `daily.journal.2022.03.14`, `standup-2022-03-14`.
fn ending(name: &str, day_first: bool) -> Option<Reading> {
    let at = name.len().checked_sub(10).filter(|at| *at > 0)?;
    let date = name.get(at..).filter(|date| date.as_bytes()[4] == date.as_bytes()[7])?;
    let before = name[..at].chars().next_back()?;
    let mut reading = read(date, day_first).filter(|reading| reading.is_whole)?;
    reading.bytes = reading.bytes.start + at..reading.bytes.end + at;
    let is_day = matches!(reading.form, Some(Form::Complete(_, Precision::Day)));
    (is_day && !before.is_alphanumeric()).then_some(reading)
}

/// A name that says only the month or the day: the folders that it lies in say the rest.
fn completed(name: &str, reading: Option<Reading>, place: &Place) -> Option<Part> {
    let around = place.found?;
    let text = format!("{}/{name}", place.text);
    let by_number = match around.1 {
        Precision::Year if place.is_parent => month_by_number(name, around.0.start().year()),
        _ => None,
    };
    if let Some(found) = by_number {
        return Some(Part { found: Some(found), text, weekday: None });
    }
    let reading = reading.filter(|reading| reading.is_whole)?;
    let (form, weekday) = (reading.form?, reading.weekday);
    if matches!(form, Form::Complete(..) | Form::Since(_)) || !place.is_parent {
        return None;
    }
    match complete(form, &[around], None)? {
        Completed::Span(span, precision) => {
            Some(Part { found: Some((span, precision)), text, weekday })
        }
        Completed::Impossible => Some(Part { found: None, text, weekday }),
    }
}

/// `03`, `03-March`, `03-14`, `Q1`, `W11` in the folder of a year.
fn month_by_number(name: &str, year: i16) -> Option<(Span, Precision)> {
    let whole = format!("{year:04}-{name}");
    let short = name.bytes().all(|byte| byte.is_ascii_digit()) && matches!(name.len(), 1 | 2);
    if short {
        let month = name.parse().ok()?;
        return Span::month(year, month).map(|span| (span, Precision::Month));
    }
    let reading = read(&whole, true).filter(|reading| reading.is_whole)?;
    match reading.form? {
        Form::Complete(_, Precision::Range) => None,
        Form::Complete(span, precision) => Some((span, precision)),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
