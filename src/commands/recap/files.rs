//! Recaps into files: one a period, whole or not at all, and left alone where nothing changed.
//!
//! What was written is remembered by its hash, so that a file that someone else wrote or changed is
//! never replaced unasked. Without a change in the notes a recap is the same byte for byte: how many
//! calls this very run took is told on standard error and not in the file.

use std::{
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
};

use serde::Serialize;

use super::{
    super::{cli::RecapArgs, workspace::Workspace},
    form::Form,
    told, worst,
};
use crate::{
    error::{Context as _, Error, Exit, Result},
    index::State,
    logbook::Span,
    privacy::Kept,
    recap::{Coverage, Gathered, Recap, Recapping, Wanted, part_name},
    services::Tokens,
};

/// The folder that recaps are written into.
pub(super) struct Folder<'a> {
    workspace: &'a Workspace,
    arguments: &'a RecapArgs,
    path: PathBuf,
    state: &'a State,
    form: &'a Form,
}

/// What became of a period's file.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Outcome {
    /// It was written.
    Written,
    /// It says the same already.
    Unchanged,
    /// There is nothing to tell, and no file was written.
    Empty,
    /// It was written or changed by someone else, and left alone.
    Kept,
}

/// A period's line in the report.
#[derive(Serialize)]
struct Line {
    period: Span,
    file: PathBuf,
    outcome: Outcome,
    calls: usize,
    cached_calls: usize,
    tokens: Tokens,
    /// What was kept back from the model.
    withheld: Vec<Kept>,
}

impl<'a> Folder<'a> {
    /// A folder outside of the logbook, made when it is not there.
    ///
    /// # Errors
    /// When it lies in the logbook, where recaps would be read as notes, or can't be made.
    pub(super) fn new(
        workspace: &'a Workspace,
        arguments: &'a RecapArgs,
        folder: &Path,
        (state, form): (&'a State, &'a Form),
    ) -> Result<Self> {
        let path = resolved(folder)?;
        for (_, root) in state.roots()? {
            if path.starts_with(&root) {
                return Err(Error::usage(format!(
                    "{} lies in the logbook folder {root}, where recaps would be read as notes",
                    folder.display()
                ))
                .hint("name a folder outside of the logbook"));
            }
        }
        if !arguments.answer.dry_run {
            fs::create_dir_all(&path).context(|| format!("can't make {}", folder.display()))?;
        }
        Ok(Self { workspace, arguments, path, state, form })
    }

    /// Tells period after period, each into its file; a model that fails ends it, with what was
    /// written until then.
    pub(super) fn fill(
        &self,
        wanted: Vec<(Wanted, Gathered)>,
        recapping: &Recapping<'_>,
    ) -> Result<Exit> {
        let (mut lines, mut exits) = (Vec::new(), Vec::new());
        for (wanted, gathered) in wanted {
            let file = self.path.join(self.name(&wanted));
            let mut recap = told(self.workspace, &wanted, gathered, recapping)?;
            exits.push(recap.exit());
            let withheld = self.workspace.kept();
            // An extract in the place of a model's account would have to be replaced later.
            if let Some(failure) = recap.failure.take() {
                self.workspace.terminal.error(&failure);
                self.workspace.terminal.note(&format!(
                    "{}: not written; what was asked is kept, so run the same again to go on",
                    name_of(&file)
                ));
                break;
            }
            let coverage = recap.coverage.clone();
            let outcome = self.put(&file, recap)?;
            if outcome == Outcome::Kept {
                exits.push(Exit::Partial);
            }
            let line = Line::new((wanted.period, file), outcome, &coverage, withheld);
            if !self.workspace.json {
                self.workspace.terminal.note(&line.to_string());
            }
            lines.push(line);
        }
        if self.workspace.json {
            let report = serde_json::json!({ "files": lines });
            self.workspace.print_json("logtwin/recap-files/1", &report)?;
        }
        Ok(worst(&exits))
    }

    /// The name of a period's file.
    fn name(&self, wanted: &Wanted) -> String {
        let name = match wanted.days.first() {
            None => part_name(wanted.period),
            Some(day) => format!("on-{}", day.start().strftime("%m-%d")),
        };
        format!("{name}.{}", self.form.ending())
    }

    /// Puts a recap into its file, unless that says the same or is not ours.
    fn put(&self, file: &Path, recap: Recap) -> Result<Outcome> {
        if recap.absence.is_some() {
            return Ok(Outcome::Empty);
        }
        let text = self.form.page(&recap.settled())?;
        let key = format!("recap-file:{}", file.display());
        let hash = blake3::hash(text.as_bytes()).to_hex();
        let there = match fs::read(file) {
            Ok(there) => Some(blake3::hash(&there).to_hex()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(error).context(|| format!("can't read {}", file.display())),
        };
        let outcome = match there {
            Some(there) if there == hash => Outcome::Unchanged,
            Some(there)
                if !self.arguments.overwrite
                    && self.state.fact(&key)?.as_deref() != Some(there.as_str()) =>
            {
                return Ok(Outcome::Kept);
            }
            _ => {
                write_whole(file, &text)?;
                Outcome::Written
            }
        };
        self.state.set_fact(&key, &hash)?;
        Ok(outcome)
    }
}

impl Line {
    fn new(
        (period, file): (Span, PathBuf),
        outcome: Outcome,
        coverage: &Coverage,
        withheld: Vec<Kept>,
    ) -> Self {
        Self {
            period,
            file,
            outcome,
            calls: coverage.calls,
            cached_calls: coverage.cached_calls,
            tokens: coverage.tokens,
            withheld,
        }
    }
}

/// `2022-03.md: written, 2 calls`
impl std::fmt::Display for Line {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = name_of(&self.file);
        match self.outcome {
            Outcome::Written => write!(formatter, "{name}: written"),
            Outcome::Unchanged => write!(formatter, "{name}: unchanged"),
            Outcome::Empty => write!(formatter, "{name}: nothing to tell, not written"),
            Outcome::Kept => write!(
                formatter,
                "{name}: left alone, since twin did not write what is there; --overwrite replaces it"
            ),
        }?;
        match (self.calls, self.cached_calls) {
            (0, 0) => Ok(()),
            (1, _) => write!(formatter, ", 1 call"),
            (calls, _) => write!(formatter, ", {calls} calls"),
        }
    }
}

fn name_of(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Where a folder is or will be, without links, as the logbook's folders are kept.
fn resolved(folder: &Path) -> Result<PathBuf> {
    let what = || format!("can't find {}", folder.display());
    let absolute = std::path::absolute(folder).context(what)?;
    let there = absolute.ancestors().find(|ancestor| ancestor.exists()).unwrap_or(&absolute);
    let rest = absolute.strip_prefix(there).unwrap_or(Path::new(""));
    Ok(there.canonicalize().context(what)?.join(rest))
}

/// Writes a file beside its place and moves it there, so that it is never seen half written.
fn write_whole(file: &Path, text: &str) -> Result<()> {
    let unfinished = file.with_file_name(format!(".{}.part", name_of(file)));
    let written = File::create(&unfinished).and_then(|mut open| {
        open.write_all(text.as_bytes())?;
        open.sync_all()
    });
    written
        .and_then(|()| fs::rename(&unfinished, file))
        .context(|| format!("can't write {}", file.display()))
}
