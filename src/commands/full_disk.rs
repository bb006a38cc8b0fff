//! A full disk is said to be one, whatever it was that could not be written.
//!
//! The engine looks before it writes. What another process takes after that look is gone all the same: a
//! file that is mapped into memory then has no place for what is written to it, and the system sends the
//! process a signal that would end it without a word. Here it ends with one. The last commit is untouched by
//! that, as by any other end.

use std::path::Path;

use super::workspace::Workspace;
use crate::error::{Error, Exit};

/// With fewer bytes left than this, something that fails does so for want of them.
const FULL_BELOW: u64 = 1 << 20;
/// So often is looked whether a signal has arrived, a millisecond apart.
#[cfg(all(unix, feature = "embedded"))]
const LOOKS_MAX: u64 = 100;

/// The same error, with the remedy when the disk of the index is full.
pub(super) fn told(workspace: &Workspace, error: Error) -> Error {
    let folder = workspace.folder();
    let is_full = || free(&folder).is_some_and(|free| free < FULL_BELOW);
    if error.exit() == Exit::Failed && is_full() { error.hint(remedy(&folder)) } else { error }
}

fn remedy(folder: &Path) -> String {
    format!("the disk of {} is full: free some space, and run it again", folder.display())
}

/// How many bytes are left on the disk of a folder, which need not be there yet.
#[cfg(unix)]
fn free(folder: &Path) -> Option<u64> {
    let there = folder.ancestors().find(|folder| folder.exists())?;
    let disk = rustix::fs::statvfs(there).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

#[cfg(not(unix))]
fn free(_: &Path) -> Option<u64> {
    None
}

/// Says what has happened when a mapped file has no place on the disk, and ends the process.
///
/// Where the files or the thread for it can't be had, the signal ends the process as it always would.
#[cfg(all(unix, feature = "embedded"))]
pub(super) fn watch(workspace: &Workspace) {
    use std::sync::Once;

    static ONCE: Once = Once::new();
    let (terminal, folder) = (workspace.terminal, workspace.folder());
    ONCE.call_once(|| drop(listen(move || end(terminal, &folder))));
}

/// Has a thread do something when the signal comes. Who wrote to the file waits meanwhile, since going on, it
/// would only get the signal again.
#[cfg(all(unix, feature = "embedded"))]
fn listen(end: impl FnOnce() + Send + 'static) -> std::io::Result<()> {
    use std::{
        io::{Read as _, Write as _, pipe},
        thread,
    };

    use rustix::{
        fs::{OFlags, fcntl_getfl, fcntl_setfl},
        process::Signal,
    };
    use signal_hook::low_level::pipe::register;

    if !forget_handler_of_the_language() {
        return Ok(());
    }
    // Handlers are called in the order in which they are registered: one rings, and one waits for ever to
    // write to a pipe that is full.
    let (mut rings, bell) = pipe()?;
    register(Signal::BUS.as_raw(), bell)?;
    let (full, wait) = pipe()?;
    let mut filling = wait.try_clone()?;
    register(Signal::BUS.as_raw(), wait)?;
    for size in [4096, 1] {
        while filling.write(&vec![0; size]).is_ok() {}
    }
    fcntl_setfl(&filling, fcntl_getfl(&filling)? - OFlags::NONBLOCK)?;
    let listen = move || {
        let _kept_open = full;
        if rings.read_exact(&mut [0]).is_ok() {
            end();
        }
    };
    thread::Builder::new().spawn(listen).map(drop)
}

/// Takes away the handler that the language sets up for this signal before `main`, and says whether it is gone.
///
/// That handler is for stacks that overflow. For anything else it gives the signal back its default and
/// returns, so that the next thread to get it ends the process. Sent by the process to itself, the signal does
/// nothing but that.
#[cfg(all(unix, feature = "embedded"))]
fn forget_handler_of_the_language() -> bool {
    use std::{fs, thread, time::Duration};

    use rustix::process::{Signal, getpid, kill_process};

    let is_handled = || {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        super::interrupts::has(&status, "SigCgt:", Signal::BUS.as_raw())
    };
    if !is_handled() {
        return true;
    }
    let was_sent = kill_process(getpid(), Signal::BUS).is_ok();
    was_sent
        && (0..LOOKS_MAX).any(|look| {
            thread::sleep(Duration::from_millis(look.min(1)));
            !is_handled()
        })
}

#[cfg(all(unix, feature = "embedded"))]
#[expect(clippy::exit, reason = "no thread that writes can go on")]
fn end(terminal: crate::ui::Terminal, folder: &Path) {
    let error = Error::failed("a file of the index can't be written or read in its whole length");
    terminal.error(&error.hint(remedy(folder)));
    std::process::exit(Exit::Failed as i32);
}

#[cfg(all(not(unix), feature = "embedded"))]
pub(super) fn watch(_: &Workspace) {}
