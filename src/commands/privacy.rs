//! What keeps notes back from the models, from the settings; and what is said of it.

use std::{fs, io::Write as _, path::Path, sync::Arc};

use crate::{
    config::{Privacy, Settings},
    error::{Error, Result},
    privacy::{Guard, Kept, Rules},
    ui::{self, Terminal},
};

/// The hosts that the user was told of, a line each.
const TOLD: &str = "hosts-told-of";
/// How many places are written out.
const PLACES_SHOWN: usize = 5;

/// The guard that the settings ask for.
pub(super) fn guard(settings: &Settings, terminal: Terminal) -> Arc<Guard> {
    let Privacy { mask_secrets, .. } = settings.config.privacy;
    let told = settings.paths.state.join(TOLD);
    let announce = move |host: &str, what: &str| {
        if let Some(text) = announcement(&told, host, what, mask_secrets) {
            terminal.note(&text);
        }
    };
    Arc::new(Guard::new(rules(&settings.config.privacy), mask_secrets, Box::new(announce)))
}

fn rules(privacy: &Privacy) -> Rules {
    Rules {
        local_only_tags: privacy.local_only_tags.clone(),
        local_only_paths: privacy.local_only_paths.clone(),
        never_tags: privacy.never_tags.clone(),
        never_paths: privacy.never_paths.clone(),
    }
}

/// What is said before something is sent to a host for the first time; none when it was said.
///
/// Where it can't be remembered, it is said again the next time.
fn announcement(told: &Path, host: &str, what: &str, masks: bool) -> Option<String> {
    let line = format!("{host}\t{what}");
    let known = fs::read_to_string(told).unwrap_or_default();
    if known.lines().any(|other| other == line) {
        return None;
    }
    if let Some(folder) = told.parent() {
        drop(fs::create_dir_all(folder));
    }
    let file = fs::OpenOptions::new().create(true).append(true).open(told);
    drop(file.and_then(|mut file| writeln!(file, "{line}")));
    let masked = if masks { "secrets masked" } else { "secrets not masked" };
    Some(format!(
        "first use of {host}, another machine: it gets {what}; {masked}. `--offline` and \
         [privacy] keep it here. This is said once."
    ))
}

/// Says once what was kept back from whom.
pub(super) fn tell(terminal: Terminal, kept: &[Kept]) {
    for Kept { from, passages, secrets } in kept {
        if !passages.is_empty() {
            let places = passages.iter().map(|kept| format!("{} ({})", kept.place, kept.rule));
            let count = ui::counted(passages.len(), "passage");
            terminal.note(&format!("not sent to {from}: {count}: {}", listed(places)));
        }
        if !secrets.is_empty() {
            let count = ui::counted(secrets.len(), "line");
            let places = listed(secrets.iter().cloned());
            terminal.note(&format!("masked before it went to {from}: {count}: {places}"));
        }
    }
}

fn listed(places: impl ExactSizeIterator<Item = String>) -> String {
    let more = places.len().saturating_sub(PLACES_SHOWN);
    let mut listed = places.take(PLACES_SHOWN).collect::<Vec<_>>().join(", ");
    if more > 0 {
        listed.push_str(&format!(" and {more} more"));
    }
    listed
}

/// Makes sure that a connection may be made; `setting` is what asks for it.
///
/// # Errors
/// When the settings or the flag say that none may.
pub(super) fn online(settings: &Settings, setting: &str, remedy: &str) -> Result<()> {
    if !settings.config.privacy.offline {
        return Ok(());
    }
    Err(Error::usage(format!("offline: {setting} needs a connection"))
        .hint(format!("{remedy}, or leave --offline and privacy.offline out")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_host_is_told_of_once() {
        let folder = tempfile::tempdir().unwrap();
        let told = folder.path().join("state").join(TOLD);
        let said = announcement(&told, "a.example", "questions", true).unwrap();
        assert!(said.contains("a.example") && said.contains("--offline"), "{said}");
        assert_eq!(announcement(&told, "a.example", "questions", true), None);
        assert!(announcement(&told, "a.example", "all notes", true).is_some());
        assert!(announcement(&told, "b.example", "questions", false).is_some());
    }
}
