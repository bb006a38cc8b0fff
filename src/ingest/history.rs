//! The day on which each note first came into its git history.
//!
//! One pass over the log of the repository that a folder lies in, by the `git` program: the oldest
//! commit that adds a path, renames followed. The day is the author's, in the zone of the commit.

use std::{
    collections::BTreeMap,
    io::Read as _,
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::walk::is_note;

mod log;

/// How long git may take to say where it is.
const HEAD_PATIENCE: Duration = Duration::from_secs(5);
/// How long git may take for the whole log: a hundred times what ten thousand commits need.
const LOG_PATIENCE: Duration = Duration::from_mins(1);
/// The longest log that is read, in bytes.
const LOG_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Of a commit that adds and removes more files than this, only moves without a change are found.
const RENAMES_MAX: &str = "-l1000";

/// What git says of a folder.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(super) struct History {
    /// The commit that it was read at.
    head: String,
    /// The first day of each path below the folder.
    days: BTreeMap<String, Date>,
}

/// Where a folder stands in its repository.
struct Place {
    head: String,
    /// The folder's path below the top of the work tree, with a `/` at its end unless it is empty.
    prefix: String,
}

impl History {
    /// The history of a folder; what is kept of it is enough while no commit was added.
    ///
    /// # Errors
    /// With a fragment that says why there is none.
    pub(super) fn of(folder: &Path, kept: Option<&Self>) -> Result<Self, String> {
        let place = place(folder)?;
        if let Some(kept) = kept.filter(|kept| kept.head == place.head) {
            return Ok(kept.clone());
        }
        let log = [
            "log",
            "--topo-order",
            "--reverse",
            "--no-merges",
            "--diff-filter=AR",
            "--find-renames",
            RENAMES_MAX,
            "--no-ext-diff",
            "--no-textconv",
            "--no-show-signature",
            "--no-relative",
            "--no-color",
            "--name-status",
            "--date=short",
            "--format=%x01%ad",
            "-z",
            &place.head,
        ];
        let log = git(folder, &log, LOG_PATIENCE)?;
        let mut days = log::first_days(&log, &place.prefix);
        days.retain(|path, _| is_note(Path::new(path)));
        Ok(Self { head: place.head, days })
    }

    /// The day on which a path below the folder first came into it.
    #[must_use]
    pub(super) fn day(&self, path: &str) -> Option<Date> {
        self.days.get(path).copied()
    }
}

fn place(folder: &Path) -> Result<Place, String> {
    let arguments = ["rev-parse", "--is-shallow-repository", "--show-prefix", "--verify", "HEAD"];
    let said = git(folder, &arguments, HEAD_PATIENCE)?;
    let said = String::from_utf8(said).map_err(|_| "its path is not UTF-8".to_owned())?;
    let mut lines = said.lines();
    // The first commit of a shallow clone adds everything, whenever that was written.
    if lines.next() == Some("true") {
        return Err("the clone is shallow".to_owned());
    }
    let (prefix, head) = lines.next().zip(lines.next()).ok_or("git says nothing of it")?;
    Ok(Place { head: head.to_owned(), prefix: prefix.to_owned() })
}

/// What git prints; no shell, no pager, no network, no program but git.
fn git(folder: &Path, arguments: &[&str], patience: Duration) -> Result<Vec<u8>, String> {
    let mut child = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["--no-pager", "--no-replace-objects", "-c", "protocol.allow=never"])
        .args(["-c", "core.fsmonitor=false", "-c", "log.mailmap=false"])
        .args(arguments)
        .env_remove("GIT_DIR")
        .env_remove("GIT_WORK_TREE")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_TERMINAL_PROMPT", "0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("can't run git: {error}"))?;
    let printed = printed(&mut child, patience);
    if printed.is_err() {
        // A child that has just ended can't be killed, and needs no killing.
        let _ = child.kill();
    }
    let status = child.wait().map_err(|error| format!("can't wait for git: {error}"))?;
    let printed = printed?;
    if status.success() { Ok(printed) } else { Err("it lies in no git work tree".to_owned()) }
}

fn printed(child: &mut Child, patience: Duration) -> Result<Vec<u8>, String> {
    let stdout = child.stdout.take().ok_or("git has no output")?;
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let outcome = stdout.take(LOG_BYTES_MAX).read_to_end(&mut bytes).map(|_| bytes);
        // Nobody waits any more once the time is up.
        let _ = sender.send(outcome);
    });
    let seconds = patience.as_secs();
    let outcome = receiver
        .recv_timeout(patience)
        .map_err(|_| format!("git did not answer within {seconds} s"))?;
    let bytes = outcome.map_err(|error| format!("can't read from git: {error}"))?;
    let is_cut = bytes.len() as u64 >= LOG_BYTES_MAX;
    if is_cut { Err("its log is too long".to_owned()) } else { Ok(bytes) }
}

#[cfg(test)]
mod tests;
