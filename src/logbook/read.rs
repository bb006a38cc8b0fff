//! Reads a note: its text, its front matter, its headings and its dated entries.

use super::{
    DateFormat, NameFormat, Note, Skip, dates, dating::NoteDates, decode::decode, entries,
    front_matter, jrnl, lines::LineIndex, names, org, outline, outline::Outline, pieces::Body,
    properties,
};

/// How notes are read.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ReadOptions {
    /// Whether the day comes first in `02/03/2020`; where it is not said, it does. A date that can
    /// be read only one way is read that way.
    pub day_first: Option<bool>,
    /// The keys of front matter whose values date the note, the strongest first.
    pub date_keys: Vec<String>,
    /// The format of the times in the headers of jrnl, beside the usual ones.
    pub jrnl_format: Option<DateFormat>,
    /// How editors were told to name dated notes.
    pub name_formats: Vec<NameFormat>,
}

impl Default for ReadOptions {
    fn default() -> Self {
        let keys =
            ["date", "created", "created_at", "publishDate", "published", "timestamp", "Datum"];
        Self {
            day_first: None,
            date_keys: keys.map(str::to_owned).into(),
            jrnl_format: None,
            name_formats: Vec::new(),
        }
    }
}

/// Reads the bytes of a note. `path` is its place in the logbook with `/` between its parts; the
/// names in it are evidence of its date.
///
/// # Errors
/// When the bytes are no text, when the front matter is made to exhaust the reader, or when the
/// note asks to be left out.
pub fn read(path: &str, bytes: &[u8], options: &ReadOptions) -> Result<Note, Skip> {
    let text = decode(bytes)?;
    let lines = LineIndex::new(&text);
    let day_first = options.day_first.unwrap_or(true);
    let mut warnings = Vec::new();
    let (front_matter, outline) = if org::is_org(path) {
        org::read(&text, &lines, &options.date_keys, &mut warnings)?
    } else {
        let date_keys = &options.date_keys;
        let mut keys = front_matter::read(&text, &lines, date_keys, &mut warnings)?;
        let of_page = properties::of_page(&text, &lines, keys.body_line_index);
        keys.take_keys(&of_page, date_keys, &mut warnings)?;
        let start = lines.bytes(keys.body_line_index).start;
        (keys, outline::read(&text, start, &lines))
    };
    if is_template(path, &text, &outline) || is_kept_as_template(path, &text) {
        return Err(front_matter::intended("is a template"));
    }
    let path_dates = names::read_path(path, &options.name_formats, day_first, &mut warnings);
    let dates = NoteDates::new(path_dates, &front_matter.dates, day_first, &mut warnings);
    let title = front_matter.title.unwrap_or_else(|| title(path, &outline, day_first));
    let body = Body {
        text: &text,
        lines: &lines,
        outline: &outline,
        dates: &dates,
        day_first,
        jrnl_format: options.jrnl_format.as_ref(),
        date_keys: &options.date_keys,
        line_index: front_matter.body_line_index,
        title: &title,
    };
    if is_plain_text(path) && !jrnl::is_page(path) && !jrnl::is_journal(&body) {
        return Err(front_matter::intended("is text, and no jrnl"));
    }
    let mut entries = entries::entries(&body, &front_matter.tags, &mut warnings);
    let mut preamble = front_matter.preamble;
    if entries.is_empty() && !front_matter.is_empty && preamble.take().is_some() {
        let tags = &front_matter.tags;
        entries.extend(entries::front_matter_entry(&text, &lines, &title, &dates, tags));
    }
    warnings.sort_by_key(|warning| warning.line_number);
    Ok(Note {
        path: path.to_owned(),
        title,
        tags: front_matter.tags,
        preamble,
        unread: front_matter.unread,
        headings: outline.headings,
        entries,
        warnings,
        text,
    })
}

/// The first heading of level one, else the name of the file or, for an index, of its folder. Where
/// such headings are the days of a diary, none of them is the title of the whole.
fn title(path: &str, outline: &Outline, day_first: bool) -> String {
    let mut headings = outline.headings.iter().filter(|heading| heading.level == 1);
    if let Some(heading) = headings.next().filter(|heading| !heading.text.is_empty()) {
        let is_date = dates::read(&heading.text, day_first).is_some_and(|date| date.is_whole);
        if !is_date || headings.next().is_none() {
            return heading.text.clone();
        }
    }
    let (folders, file) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = names::stem(file);
    let folder = folders.rsplit('/').next().filter(|folder| !folder.is_empty());
    match folder {
        Some(folder) if matches!(stem, "index" | "_index") => folder.to_owned(),
        _ => stem.to_owned(),
    }
}

/// Whether the file is a note only when jrnl wrote it.
fn is_plain_text(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("txt"))
}

/// Whether the date of the note is still to be filled in.
fn is_template(path: &str, text: &str, outline: &Outline) -> bool {
    let is_open = |text: &str| text.contains("{{date") || text.contains("{{title");
    let mut headings = outline.headings.iter();
    is_open(path) || headings.any(|heading| is_open(&text[heading.bytes.clone()]))
}

/// Whether a note lies with the templates and has a place for a date anywhere.
fn is_kept_as_template(path: &str, text: &str) -> bool {
    let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders).to_lowercase();
    let names = ["template", "templates", "_templates", "modèles", "modeles"];
    folders.split('/').any(|folder| names.contains(&folder))
        && ["{{date", "{{time", "{{title", "<% tp."].iter().any(|open| text.contains(open))
}

#[cfg(test)]
mod tests;
