//! What is known of a note from outside of it: its git history, and when its file was changed.
//!
//! Both date only what nothing in the note does, and are asked for only then.

use std::{cell::OnceCell, collections::BTreeMap, path::PathBuf};

use jiff::{Timestamp, tz::TimeZone};

use super::{Found, Logbook, history::History};
use crate::{
    error::{Context as _, Result},
    index::State,
    logbook::{Dating, Source},
};

/// What can be asked of the notes of a logbook.
pub(super) struct Outside {
    histories: BTreeMap<String, AskedHistory>,
    modified_in: Option<TimeZone>,
    is_demanded: bool,
}

/// The history of a folder, read when it is first asked for.
struct AskedHistory {
    folder: PathBuf,
    kept: Option<History>,
    read: OnceCell<std::result::Result<History, String>>,
}

impl Outside {
    /// What the settings allow to ask for; the state may have the histories of an earlier run.
    pub(super) fn new(logbook: &Logbook<'_>, state: Option<&State>) -> Result<Self> {
        let mut histories = BTreeMap::new();
        for root in logbook.roots.iter().filter(|_| logbook.git != Some(false)) {
            let kept = state.map(|state| state.fact(&fact(&root.name))).transpose()?.flatten();
            let kept = kept.and_then(|kept| serde_json::from_str(&kept).ok());
            let folder = root.path.clone();
            histories
                .insert(root.name.clone(), AskedHistory { folder, kept, read: OnceCell::new() });
        }
        let modified_in = logbook.modified_in.clone();
        Ok(Self { histories, modified_in, is_demanded: logbook.git == Some(true) })
    }

    /// When a note was written, as far as that is known from outside.
    pub(super) fn dating(&self, found: &Found) -> Option<Dating> {
        let history = self.histories.get(&found.root).and_then(AskedHistory::history);
        let first = history.and_then(|history| history.day(&found.path));
        let of_history = first.and_then(|day| Dating::outside(Source::History, day));
        of_history.or_else(|| {
            let zone = self.modified_in.clone()?;
            let modified = Timestamp::from_nanosecond(i128::from(found.modified)).ok()?;
            Dating::outside(Source::ModifiedTime, modified.to_zoned(zone).date())
        })
    }

    /// Whether a note can be dated from outside at all.
    pub(super) fn is_mute(&self) -> bool {
        self.histories.is_empty() && self.modified_in.is_none()
    }

    /// Keeps the histories that were read, for the next run.
    pub(super) fn keep(&self, state: &State) -> Result<()> {
        for (root, asked) in &self.histories {
            let Some(Ok(read)) = asked.read.get() else { continue };
            if asked.kept.as_ref() != Some(read) {
                let read = serde_json::to_string(read).context(|| "a git history".to_owned())?;
                state.set_fact(&fact(root), &read)?;
            }
        }
        Ok(())
    }

    /// Why there is no history where one is demanded.
    pub(super) fn warnings(&self) -> Vec<String> {
        let asked = self.histories.values().filter(|_| self.is_demanded);
        asked
            .filter_map(|asked| {
                let reason = asked.read.get()?.as_ref().err()?;
                Some(format!("{}: no git history: {reason}", asked.folder.display()))
            })
            .collect()
    }
}

impl AskedHistory {
    /// The history; the one of an earlier run when git does not answer this time.
    fn history(&self) -> Option<&History> {
        let read = self.read.get_or_init(|| History::of(&self.folder, self.kept.as_ref()));
        read.as_ref().ok().or(self.kept.as_ref())
    }
}

/// The fact of the state that holds the history of a root.
pub(super) fn fact(root: &str) -> String {
    format!("history {root}")
}
