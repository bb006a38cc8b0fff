//! Lines that are typed on a terminal, with editing, a history, and completion of commands.

use std::{fs, path::PathBuf};

use rustyline::{
    CompletionType, Config, Context as LineContext, Editor as LineEditor, Helper,
    completion::Completer, error::ReadlineError, highlight::Highlighter, hint::Hinter,
    history::FileHistory, validate::Validator,
};

use super::escape::shown;
use crate::error::{Context as _, Error, Result};

/// So many lines are kept.
const HISTORY_MAX: usize = 1_000;

/// Reads lines from a terminal.
pub struct Editor {
    lines: LineEditor<Commands, FileHistory>,
    history: PathBuf,
}

/// The commands that a line may begin with.
struct Commands(Vec<String>);

impl Editor {
    /// An editor whose history is kept in a file that only its owner can read; `commands` complete.
    ///
    /// # Errors
    /// When the terminal can't be used, or the history can't be read.
    pub fn new(history: PathBuf, commands: Vec<String>) -> Result<Self> {
        let unusable = || "can't use the terminal".to_owned();
        let config = Config::builder()
            .completion_type(CompletionType::List)
            .max_history_size(HISTORY_MAX)
            .context(unusable)?
            .history_ignore_space(true)
            .build();
        let mut lines = LineEditor::with_config(config).context(unusable)?;
        lines.set_helper(Some(Commands(commands)));
        if history.exists() {
            lines.load_history(&history).context(|| format!("can't read {}", history.display()))?;
        }
        Ok(Self { lines, history })
    }

    /// The next line; none at its end. What was begun and given up with Ctrl-C is an empty line.
    ///
    /// # Errors
    /// When the terminal can't be read.
    pub fn read(&mut self, prompt: &str) -> Result<Option<String>> {
        match self.lines.readline(&shown(prompt)) {
            Ok(line) => {
                self.keep(&line)?;
                Ok(Some(line))
            }
            Err(ReadlineError::Interrupted) => Ok(Some(String::new())),
            Err(ReadlineError::Eof) => Ok(None),
            Err(error) => Err(Error::failed("can't read from the terminal").caused_by(error)),
        }
    }

    /// Adds a line to the history.
    fn keep(&mut self, line: &str) -> Result<()> {
        let unwritable = |history: &PathBuf| format!("can't write {}", history.display());
        if line.trim().is_empty()
            || !self.lines.add_history_entry(line).context(|| unwritable(&self.history))?
        {
            return Ok(());
        }
        if let Some(folder) = self.history.parent() {
            fs::create_dir_all(folder).context(|| unwritable(&self.history))?;
        }
        self.lines.append_history(&self.history).context(|| unwritable(&self.history))
    }
}

impl Completer for Commands {
    type Candidate = String;

    fn complete(
        &self,
        line: &str,
        position: usize,
        _: &LineContext<'_>,
    ) -> rustyline::Result<(usize, Vec<String>)> {
        let begun = &line[..position];
        let fitting = |command: &&String| begun.starts_with('/') && command.starts_with(begun);
        Ok((0, self.0.iter().filter(fitting).cloned().collect()))
    }
}

impl Hinter for Commands {
    type Hint = String;
}

impl Highlighter for Commands {}
impl Validator for Commands {}
impl Helper for Commands {}
