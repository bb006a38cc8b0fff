//! The dating of a whole logbook in numbers.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    ingest::{Root, Skipped},
    logbook::{DayOrder, Note},
    ui,
};

/// How many entries are dated by what, and how exactly.
#[derive(Serialize)]
pub(super) struct Numbers {
    folders: Vec<(String, String)>,
    notes: usize,
    notes_with_warnings: usize,
    entries: usize,
    undated: usize,
    conflicts: usize,
    dated_by: BTreeMap<String, usize>,
    exact_to: BTreeMap<String, usize>,
    day_order: DayOrder,
    /// What is wrong with the logbook as a whole.
    pub(super) warnings: Vec<String>,
    /// What was left out.
    pub(super) skipped: Vec<Skipped>,
}

impl Numbers {
    /// Nothing counted yet.
    pub(super) fn new(roots: &[Root], day_order: DayOrder) -> Self {
        let folder = |root: &Root| (root.name.clone(), root.path.display().to_string());
        Self {
            folders: roots.iter().map(folder).collect(),
            notes: 0,
            notes_with_warnings: 0,
            entries: 0,
            undated: 0,
            conflicts: 0,
            dated_by: BTreeMap::new(),
            exact_to: BTreeMap::new(),
            day_order,
            warnings: Vec::new(),
            skipped: Vec::new(),
        }
    }

    /// Counts a note.
    pub(super) fn add(&mut self, note: &Note) {
        self.notes += 1;
        let has_warning = note.unread.is_some() || !note.warnings.is_empty();
        self.notes_with_warnings += usize::from(has_warning);
        for entry in &note.entries {
            self.entries += 1;
            let Some(dating) = &entry.dating else {
                self.undated += 1;
                continue;
            };
            let has_conflict = entry.others.iter().any(|other| !dating.agrees_with(other));
            self.conflicts += usize::from(has_conflict);
            *self.dated_by.entry(dating.provenance.source.to_string()).or_default() += 1;
            *self.exact_to.entry(dating.precision.to_string()).or_default() += 1;
        }
    }

    /// The numbers for people.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        for (name, path) in &self.folders {
            text.push_str(&format!("logbook   {name} at {path}\n"));
        }
        text.push_str(&format!(
            "notes     {}, {} with warnings\n",
            self.notes, self.notes_with_warnings
        ));
        text.push_str(&format!("entries   {}, {} undated\n", self.entries, self.undated));
        text.push_str(&format!("dated by  {}\n", listed(&self.dated_by)));
        text.push_str(&format!("exact to  {}\n", listed(&self.exact_to)));
        if self.conflicts > 0 {
            text.push_str(&format!(
                "conflict  {} entries have a date that disagrees\n",
                self.conflicts
            ));
        }
        text.push_str(&format!("read as   {}\n", self.day_order));
        for warning in &self.warnings {
            text.push_str(&format!("warning   {warning}\n"));
        }
        for skipped in &self.skipped {
            text.push_str(&format!("skipped   {}: {}\n", skipped.path, skipped.reason));
        }
        if self.undated > 0 {
            text.push_str(
                "\nthe undated ones: `twin dates --undated`; one note: `twin dates FILE`\n",
            );
        }
        ui::shown(&text)
    }
}

/// Counts, the largest first.
fn listed(counts: &BTreeMap<String, usize>) -> String {
    let mut counts: Vec<(&String, &usize)> = counts.iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    let listed: Vec<String> =
        counts.iter().map(|(name, count)| format!("{name} {count}")).collect();
    if listed.is_empty() { "nothing".to_owned() } else { listed.join(", ") }
}
