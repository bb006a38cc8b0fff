//! The YAML between two `---` at the beginning of a note.
//!
//! What can't be used becomes a warning and the body is kept; only input that is made to exhaust
//! the reader, and notes that ask to be left out, are refused.

use std::ops::Range;

use serde_saphyr::{Error, Location, Options, Spanned};

use super::{
    Lines, Skip, Warning,
    lines::{LineIndex, number},
};

mod yaml;

use yaml::{Mapping, Yaml};

/// The tag of what goes to no other machine: `twin: local`.
pub const TAG_LOCAL: &str = "twin-local";
/// The tag of what goes to no endpoint: `twin: private`.
pub const TAG_PRIVATE: &str = "twin-private";

/// What the front matter of a note says.
#[derive(Debug, Default)]
pub(super) struct FrontMatter {
    /// Its lines and its bytes, marks included; none when the note has no front matter.
    pub(super) preamble: Option<(Lines, Range<usize>)>,
    /// Whether nothing stands between its marks.
    pub(super) is_empty: bool,
    /// The line that the body begins with, from zero.
    pub(super) body_line_index: usize,
    /// The title.
    pub(super) title: Option<String>,
    /// The tags, lowercase.
    pub(super) tags: Vec<String>,
    /// Values that may be dates, the strongest first, each with its line.
    pub(super) dates: Vec<(u32, String)>,
    /// Why it could not be read; what it says is lost then.
    pub(super) unread: Option<Warning>,
}

/// A key with a single value, from where the notation is not YAML.
#[derive(Debug)]
pub(super) struct Key {
    /// What it is called, in any case.
    pub(super) name: String,
    /// The line that it stands on, from one.
    pub(super) line_number: u32,
    /// Its value.
    pub(super) value: String,
}

/// Reads the front matter of a note. `date_keys` are the keys whose values may be dates, the
/// strongest first.
pub(super) fn read(
    text: &str,
    lines: &LineIndex,
    date_keys: &[String],
    warnings: &mut Vec<Warning>,
) -> Result<FrontMatter, Skip> {
    if lines.line(text, 0).trim_end() != "---" {
        return Ok(FrontMatter::default());
    }
    let closes = |line: &usize| matches!(lines.line(text, *line).trim_end(), "---" | "...");
    let Some(closing) = (1..lines.count()).find(closes) else {
        let unread = Some(warning(1, "front matter is never closed; read as text"));
        return Ok(FrontMatter { unread, ..FrontMatter::default() });
    };
    let yaml = &text[lines.bytes(0).end..lines.bytes(closing).start];
    if yaml.contains("{{date") || yaml.contains("{{title") || yaml.contains("<% tp.") {
        return Err(intended("is a template"));
    }
    let end = lines.bytes(closing).start + lines.line(text, closing).len();
    let mut front_matter = FrontMatter {
        preamble: Some((Lines { first: 1, last: number(closing) }, 0..end)),
        is_empty: yaml.trim().is_empty(),
        body_line_index: closing + 1,
        ..FrontMatter::default()
    };
    // Lines that end with a lone `\r` count as lines here and not everywhere in YAML.
    let yaml = if yaml.contains('\r') {
        yaml.replace("\r\n", "\n").replace('\r', "\n")
    } else {
        yaml.to_owned()
    };
    match serde_saphyr::from_str_with_options::<Spanned<Yaml>>(&yaml, options()) {
        Ok(Spanned { value: Yaml::Mapping(mapping), .. }) => {
            mapping.warn_of_duplicates(warnings);
            front_matter.take(&mapping, date_keys, warnings)?;
        }
        Ok(Spanned { value: Yaml::Null, .. }) => {}
        Ok(_) => {
            warn(warnings, 1, "front matter is no mapping; read as text");
            return Ok(FrontMatter::default());
        }
        Err(error) => {
            let line_number = error.location().map_or(1, line_number);
            if is_attack(&error) {
                let reason =
                    "front matter is too deeply nested, too long, or repeats itself".to_owned();
                return Err(Skip { line_number: Some(line_number), reason, intended: false });
            }
            let reason = format!("front matter is no YAML: {}", said(&error));
            front_matter.unread = Some(warning(line_number, &reason));
            // How far the note may go must not be lost with the rest.
            for line in yaml.lines() {
                if let Some(value) = line.strip_prefix("twin:") {
                    front_matter.take_twin(value.trim_matches([' ', '"', '\'']), warnings)?;
                }
            }
        }
    }
    Ok(front_matter)
}

impl FrontMatter {
    fn take(
        &mut self,
        mapping: &Mapping,
        date_keys: &[String],
        warnings: &mut Vec<Warning>,
    ) -> Result<(), Skip> {
        let twin = mapping.get("twin").and_then(|(_, value)| value.text());
        if let Some(twin) = twin {
            self.take_twin(&twin, warnings)?;
        }
        if let Some((line, title)) = mapping.get("title") {
            match title.text() {
                Some(title) => {
                    self.title = Some(title.trim().to_owned()).filter(|title| !title.is_empty());
                }
                None => warn(warnings, line, "`title` is no text"),
            }
        }
        for key in ["tags", "tag"] {
            if let Some((line, tags)) = mapping.get(key) {
                self.take_tags(line, tags, warnings);
            }
        }
        for key in date_keys {
            let Some((line, value)) = mapping.get(key) else { continue };
            match value.text() {
                Some(text) if text.trim().is_empty() => {}
                Some(text) => self.dates.push((line, text)),
                None => warn(warnings, line, &format!("`{key}` is no date")),
            }
        }
        Ok(())
    }

    /// Takes over keys that are not YAML; what the front matter says itself comes first.
    pub(super) fn take_keys(
        &mut self,
        keys: &[Key],
        date_keys: &[String],
        warnings: &mut Vec<Warning>,
    ) -> Result<(), Skip> {
        let named = |name: &str| keys.iter().find(|key| key.name.eq_ignore_ascii_case(name));
        if let Some(key) = named("twin") {
            self.take_twin(&key.value, warnings)?;
        }
        if self.title.is_none() {
            let title = named("title").map(|key| key.value.clone());
            self.title = title.filter(|title| !title.is_empty());
        }
        for key in ["tags", "tag", "filetags"].iter().filter_map(|name| named(name)) {
            let tags = key.value.replace([':', '[', ']'], " ").trim().to_owned();
            self.take_tags(key.line_number, &Yaml::Text(tags), warnings);
        }
        for key in date_keys.iter().filter_map(|name| named(name)) {
            if !key.value.is_empty() {
                self.dates.push((key.line_number, key.value.clone()));
            }
        }
        Ok(())
    }

    /// Takes how far the note may go, as a tag. What is not understood restricts it as far as can be,
    /// since it was meant to.
    fn take_twin(&mut self, value: &str, warnings: &mut Vec<Warning>) -> Result<(), Skip> {
        let value = value.trim().to_lowercase();
        if is_left_out(&value) {
            return Err(intended("`twin: false`"));
        }
        let Some(tag) = restricted_to(&value) else { return Ok(()) };
        if tag == TAG_PRIVATE && value != "private" {
            let reason = format!("`twin: {value}` is not known, and taken for `twin: private`");
            warn(warnings, 1, &reason);
        }
        if !self.tags.iter().any(|known| known == tag) {
            self.tags.push(tag.to_owned());
        }
        Ok(())
    }

    fn take_tags(&mut self, line: u32, value: &Yaml, warnings: &mut Vec<Warning>) {
        let named: Vec<String> = match value {
            Yaml::Null => Vec::new(),
            Yaml::Text(text) if text.contains(',') => text.split(',').map(str::to_owned).collect(),
            Yaml::Text(text) => text.split_whitespace().map(str::to_owned).collect(),
            Yaml::List(items) => {
                let texts: Vec<_> = items.iter().filter_map(Yaml::text).collect();
                if texts.len() < items.len() {
                    warn(warnings, line, "some of `tags` are no text");
                }
                texts
            }
            Yaml::Plain(_) | Yaml::Mapping(_) => {
                warn(warnings, line, "`tags` is neither a list nor a text");
                Vec::new()
            }
        };
        for tag in named {
            let tag = tag.trim().trim_start_matches('#').to_lowercase();
            if !tag.is_empty() && !self.tags.contains(&tag) {
                self.tags.push(tag);
            }
        }
    }
}

/// Whether a value of `twin` asks to leave the note out.
fn is_left_out(value: &str) -> bool {
    matches!(value, "false" | "no" | "off" | "nil")
}

/// The tag that a value of `twin` gives the entries of a note; none when they may go anywhere.
fn restricted_to(value: &str) -> Option<&'static str> {
    match value {
        "" | "true" | "yes" | "on" => None,
        "local" => Some(TAG_LOCAL),
        _ => Some(TAG_PRIVATE),
    }
}

/// How far a note may go by its text of today, as a tag, whatever it said when it was indexed; none
/// when it says nothing of it. One that asks to be left out since goes nowhere.
#[must_use]
pub fn restriction(text: &str) -> Option<&'static str> {
    let is_yaml = text.starts_with("---");
    let mut lines = text.lines().skip(usize::from(is_yaml)).take(RESTRICTION_LINES_MAX);
    lines
        .by_ref()
        .take_while(|line| !is_yaml || !matches!(line.trim_end(), "---" | "..."))
        .filter_map(|line| {
            let line = line.to_ascii_lowercase();
            let key = if is_yaml { "twin:" } else { "twin::" };
            let value = line.strip_prefix(key).or_else(|| line.strip_prefix("#+twin:"))?;
            let value = value.split(" #").next().unwrap_or_default();
            restricted_to(value.trim_matches([' ', '\t', '"', '\'']))
        })
        .max()
}

/// How many lines of a note are looked at for what restricts it.
const RESTRICTION_LINES_MAX: usize = 100;

/// Limits that no front matter written by hand comes near.
fn options() -> Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_events: 50_000,
            max_nodes: 25_000,
            max_depth: 32,
            max_aliases: 200,
            max_anchors: 200,
            max_recorded_anchor_events: 2_000,
            max_total_scalar_bytes: 1024 * 1024,
        },
        alias_limits: serde_saphyr::alias_limits! {
            max_total_replayed_events: 2_000,
            max_replay_stack_depth: 8,
        },
        duplicate_keys: serde_saphyr::options::DuplicateKeyPolicy::PassThrough,
        merge_keys: serde_saphyr::options::MergeKeyPolicy::AsOrdinary,
        non_finite_float_policy: serde_saphyr::options::NonFiniteFloatPolicy::AsString,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        strict_booleans: true,
        with_snippet: false,
        emit_comments: false,
    }
}

/// Whether the parser stopped at a limit. The one on nested brackets has no kind of its own.
fn is_attack(error: &Error) -> bool {
    match error {
        Error::AliasError { error, .. } => is_attack(error),
        Error::Budget { .. }
        | Error::AliasReplayCounterOverflow { .. }
        | Error::AliasReplayLimitExceeded { .. }
        | Error::AliasExpansionLimitExceeded { .. }
        | Error::AliasReplayStackDepthExceeded { .. } => true,
        other => said(other) == "recursion limit exceeded",
    }
}

/// What the parser says, as one line without the place, which the warning has.
fn said(error: &Error) -> String {
    let said = error.to_string();
    let first = said.lines().next().unwrap_or_default();
    first.split(" at line ").next().unwrap_or(first).to_owned()
}

/// The line of the note: the YAML begins on its second.
fn line_number(location: Location) -> u32 {
    u32::try_from(location.line() + 1).unwrap_or(u32::MAX)
}

fn warn(warnings: &mut Vec<Warning>, line_number: u32, reason: &str) {
    warnings.push(warning(line_number, reason));
}

fn warning(line_number: u32, reason: &str) -> Warning {
    Warning { line_number: Some(line_number), reason: reason.to_owned() }
}

/// A refusal that the note itself asks for.
pub(super) fn intended(reason: &str) -> Skip {
    Skip { line_number: None, reason: reason.to_owned(), intended: true }
}

#[cfg(test)]
mod tests;
