//! The lock of an index folder: one process at a time, released when that process ends however it
//! ends.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{ErrorKind, Read as _, Seek as _, Write as _},
    path::Path,
    process, thread,
    time::{Duration, Instant},
};

use crate::error::{Context as _, Error, Exit, Result};

/// How long to sleep between two attempts.
const PAUSE: Duration = Duration::from_millis(10);

/// A held lock; dropping it lets the next process in.
#[derive(Debug)]
pub(super) struct Lock {
    #[expect(dead_code, reason = "the open file is what holds the lock")]
    file: File,
}

impl Lock {
    /// Locks the folder, and waits for up to `wait` while another process holds it.
    pub(super) fn hold(folder: &Path, wait: Duration) -> Result<Self> {
        let path = folder.join("lock");
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|source| not_writable(folder, source))?;
        let started = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => {
                    leave_name(&file);
                    return Ok(Self { file });
                }
                Err(TryLockError::WouldBlock) => {
                    let left = wait.saturating_sub(started.elapsed());
                    if left.is_zero() {
                        return Err(locked(folder, &file));
                    }
                    thread::sleep(PAUSE.min(left));
                }
                Err(TryLockError::Error(source)) => {
                    return Err(source).context(|| format!("can't lock {}", path.display()));
                }
            }
        }
    }
}

/// The error of a folder that can't be written to.
pub(super) fn not_writable(folder: &Path, source: std::io::Error) -> Error {
    let read_only =
        matches!(source.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem);
    let error = Error::failed(format!("can't write to the index folder {}", folder.display()))
        .caused_by(source);
    if read_only {
        error.hint("the index is opened for writing even to be searched: copy it to a folder that you can write to, or name another one")
    } else {
        error
    }
}

/// Writes who holds the lock, for the message that others get; the lock holds without it.
fn leave_name(mut file: &File) {
    let name = process::id().to_string();
    let _ =
        file.set_len(0).and_then(|()| file.rewind()).and_then(|()| file.write_all(name.as_bytes()));
}

fn locked(folder: &Path, mut file: &File) -> Error {
    let mut name = String::new();
    let holder = match file.read_to_string(&mut name) {
        Ok(_) if name.parse::<u32>().is_ok() => format!("process {name}"),
        _ => "another process".to_owned(),
    };
    Error::new(Exit::Locked, format!("the index {} is in use by {holder}", folder.display()))
        .hint("try again when it has ended")
}
