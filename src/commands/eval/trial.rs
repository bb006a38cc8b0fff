//! The settings that an evaluation is made with, and where the index of each is kept.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    commands::{cli::Common, eval_flags::EvalArgs, workspace::Workspace},
    error::{Context as _, Error, Result},
};

/// What of the settings an index is made with.
const INDEXED: [&str; 3] = ["chunk.", "embedding.", "logbook."];

/// One way of asking the questions.
pub(super) struct Trial {
    /// What is changed in the settings, as it was typed; nothing for the settings as they are.
    pub(super) settings: String,
    /// The settings, with an index of its own.
    pub(super) workspace: Workspace,
    home: PathBuf,
}

/// The settings as they are, then with each change that they are held against.
///
/// Those that an index is made with alike share it.
///
/// # Errors
/// When a setting is wrong.
pub(super) fn trials(common: &Common, arguments: &EvalArgs) -> Result<Vec<Trial>> {
    let mut set = common.set.clone();
    set.extend(arguments.model.iter().map(|model| format!("embedding.model={model}")));
    let home = home(arguments);
    let mut trials = vec![Trial::new(common, &set, "", home.clone())?];
    for change in &arguments.against {
        let changes: Vec<String> = change.split_whitespace().map(str::to_owned).collect();
        if changes.is_empty() {
            return Err(Error::usage("--against sets nothing")
                .hint("write it as section.key=value, such as search.dense_weight=0"));
        }
        let set: Vec<String> = set.iter().cloned().chain(changes).collect();
        let mut trial = Trial::new(common, &set, change, home.clone())?;
        if trial.indexed() != trials[0].indexed() {
            trial = Trial::new(common, &set, change, beside(&home, change))?;
        }
        trials.push(trial);
    }
    Ok(trials)
}

/// The settings by which notes are read as they are for a trial, without a model.
///
/// # Errors
/// When a setting is wrong.
pub(super) fn by_words(common: &Common, arguments: &EvalArgs) -> Result<Trial> {
    let mut set = common.set.clone();
    set.push("embedding.model=none".to_owned());
    Trial::new(common, &set, "", home(arguments))
}

/// The folder for the index of the settings as they are.
fn home(arguments: &EvalArgs) -> PathBuf {
    match &arguments.index {
        Some(folder) => folder.clone(),
        None => std::env::temp_dir().join(format!("twin-eval-{}", std::process::id())),
    }
}

/// Removes the indexes of trials.
pub(super) fn remove(trials: &[Trial]) -> Result<()> {
    for trial in trials {
        if trial.home.exists() {
            fs::remove_dir_all(&trial.home)
                .context(|| format!("can't remove {}", trial.home.display()))?;
        }
    }
    Ok(())
}

/// A folder beside another, called after a change of the settings.
fn beside(home: &Path, change: &str) -> PathBuf {
    let name = home.file_name().unwrap_or_default().to_string_lossy();
    let is_plain = |character: char| character.is_alphanumeric() || "._".contains(character);
    let change: String =
        change.chars().map(|character| if is_plain(character) { character } else { '-' }).collect();
    home.with_file_name(format!("{name}-{change}"))
}

impl Trial {
    fn new(common: &Common, set: &[String], change: &str, home: PathBuf) -> Result<Self> {
        let common = Common { set: set.to_vec(), ..common.clone() };
        let mut workspace = Workspace::new(&common)?.at(&home);
        // A score is that of the notes, not of how they came onto this machine.
        workspace.settings.config.logbook.git.get_or_insert(false);
        Ok(Self { settings: change.to_owned(), workspace, home })
    }

    /// The settings that its index is made with.
    fn indexed(&self) -> Vec<String> {
        let settings = self.workspace.settings.settings.iter();
        let indexed = settings
            .filter(|setting| INDEXED.iter().any(|section| setting.name.starts_with(section)));
        indexed.map(|setting| format!("{}={}", setting.name, setting.value)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_beside_is_called_after_the_change() {
        let check = |home: &str, change: &str, expected: &str| {
            assert_eq!(beside(Path::new(home), change), Path::new(expected));
        };
        check("/tmp/ix", "embedding.model=none", "/tmp/ix-embedding.model-none");
        check(
            "ix",
            "chunk.desired_characters=400 a=../b",
            "ix-chunk.desired_characters-400-a-..-b",
        );
    }
}
