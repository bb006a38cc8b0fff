//! What editors were told of the names of dated notes, from the text of their settings.
//!
//! Obsidian's daily notes, its plugin for periodic ones, and Logseq's journals. A format that is not
//! understood is passed over: the usual forms of names are read without one.

use serde::Deserialize;

use super::dates::{DateFormat, Reading};

/// How the notes of a folder are named by their date.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NameFormat {
    /// The folder below the logbook's root; empty for the root itself.
    folder: String,
    /// The format of the rest of the path, without the file's ending.
    format: DateFormat,
}

impl NameFormat {
    fn new(base: &str, folder: &str, format: DateFormat) -> Self {
        let folders = [base, folder.trim_matches('/')];
        let folders: Vec<&str> = folders.into_iter().filter(|folder| !folder.is_empty()).collect();
        Self { folder: folders.join("/"), format }
    }

    /// The date of a path that is named so, and the part of the path that says it.
    pub(super) fn read<'path>(&self, path: &'path str) -> Option<(Reading, &'path str)> {
        let below = match &*self.folder {
            "" => path,
            folder => path.strip_prefix(folder)?.strip_prefix('/')?,
        };
        let (name, _) = below.rsplit_once('.')?;
        let reading = self.format.read(name).filter(|reading| reading.is_whole)?;
        Some((reading, name))
    }
}

/// What Obsidian keeps of a kind of dated notes.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Kind {
    enabled: Option<bool>,
    folder: String,
    format: String,
}

impl Kind {
    fn names(&self, vault: &str, usual: &str) -> Option<NameFormat> {
        let format = if self.format.is_empty() { usual } else { &self.format };
        Some(NameFormat::new(vault, &self.folder, DateFormat::moment(format)?))
    }
}

/// The plugin's settings.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Periodic {
    daily: Kind,
    weekly: Kind,
    monthly: Kind,
    quarterly: Kind,
    yearly: Kind,
}

/// The names of a vault's daily notes, from `.obsidian/daily-notes.json`.
#[must_use]
pub fn obsidian_daily(vault: &str, settings: &str) -> Option<NameFormat> {
    serde_json::from_str::<Kind>(settings).ok()?.names(vault, "YYYY-MM-DD")
}

/// The names of a vault's periodic notes, from the plugin's `data.json`.
#[must_use]
pub fn obsidian_periodic(vault: &str, settings: &str) -> Vec<NameFormat> {
    let Ok(periodic) = serde_json::from_str::<Periodic>(settings) else { return Vec::new() };
    let kinds = [
        (periodic.daily, "YYYY-MM-DD"),
        (periodic.weekly, "gggg-[W]ww"),
        (periodic.monthly, "YYYY-MM"),
        (periodic.quarterly, "YYYY-[Q]Q"),
        (periodic.yearly, "YYYY"),
    ];
    let enabled = kinds.iter().filter(|(kind, _)| kind.enabled == Some(true));
    enabled.filter_map(|(kind, usual)| kind.names(vault, usual)).collect()
}

/// The names of a graph's journals, from `logseq/config.edn`. Files are named by their own format,
/// and in graphs of an earlier time by that of the page titles.
#[must_use]
pub fn logseq_journals(graph: &str, settings: &str) -> Vec<NameFormat> {
    let folder = edn_text(settings, ":journals-directory").unwrap_or("journals");
    let keys = [
        (":journal/file-name-format", "yyyy_MM_dd"),
        (":journal/page-title-format", "MMM do, yyyy"),
    ];
    let formats = keys
        .iter()
        .filter_map(|(key, usual)| DateFormat::java(edn_text(settings, key).unwrap_or(usual)));
    formats.map(|format| NameFormat::new(graph, folder, format)).collect()
}

/// The text that follows a key; what a semicolon begins is a comment.
fn edn_text<'edn>(settings: &'edn str, key: &str) -> Option<&'edn str> {
    settings.lines().find_map(|line| {
        let code = line.split(';').next()?;
        let (_, value) = code.split_once(key)?;
        let text = value.strip_prefix([' ', '\t'])?.trim_start().strip_prefix('"')?;
        text.split_once('"').map(|(text, _)| text)
    })
}

#[cfg(test)]
mod tests {
    use super::{super::dates::Form, *};

    fn check(names: &[NameFormat], path: &str, expected: &str) {
        let read = names.iter().find_map(|names| names.read(path));
        let shown = read.map(|(reading, name)| match reading.form {
            Some(Form::Complete(span, _)) => format!("{span} {name}"),
            _ => "impossible".to_owned(),
        });
        assert_eq!(shown.unwrap_or_default(), expected, "{path}");
    }

    #[test]
    fn obsidian_says_where_daily_notes_lie_and_how_they_are_called() {
        let json = r#"{"folder": "Journal", "format": "YYYY/MM-MMMM/MM-DD-YYYY", "template": "t"}"#;
        let names = [obsidian_daily("vault", json).unwrap()];
        check(
            &names,
            "vault/Journal/2022/03-March/03-04-2022.md",
            "2022-03-04 2022/03-March/03-04-2022",
        );
        check(&names, "Journal/2022/03-March/03-04-2022.md", "");
        let names = [obsidian_daily("", "{}").unwrap()];
        check(&names, "2022-03-04.md", "2022-03-04 2022-03-04");
        check(&names, "a/2022-03-04.md", "");
        assert_eq!(obsidian_daily("", "no json"), None);
        assert_eq!(obsidian_daily("", r#"{"format": "XXX"}"#), None);
    }

    #[test]
    fn the_plugin_for_periodic_notes_has_its_own() {
        let json = r#"{"weekly": {"enabled": true, "folder": "w/", "format": ""},
            "monthly": {"enabled": true, "format": "MMM YY"}, "yearly": {"enabled": false}}"#;
        let names = obsidian_periodic("", json);
        assert_eq!(names.len(), 2);
        check(&names, "w/2022-W11.md", "2022-03-14..2022-03-20 2022-W11");
        check(&names, "Mar 22.md", "2022-03 Mar 22");
    }

    #[test]
    fn logseq_names_journals_by_two_formats() {
        let edn = "{;; :journal/file-name-format \"yyyy\"\n :journal/file-name-format  \"MM-dd-yyyy\"\n :journals-directory \"days\"}";
        let names = logseq_journals("", edn);
        check(&names, "days/03-04-2022.md", "2022-03-04 03-04-2022");
        check(&names, "days/Mar 4th, 2022.org", "2022-03-04 Mar 4th, 2022");
        check(&logseq_journals("g", "{}"), "g/journals/2022_03_04.md", "2022-03-04 2022_03_04");
    }
}
