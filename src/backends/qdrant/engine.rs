//! The engine at work: its panics become errors that people can read, and it is not let near a full disk.

use std::{
    cell::Cell,
    panic::{self, AssertUnwindSafe},
    path::Path,
    sync::Once,
};

use qdrant_edge::OperationResult;

use crate::error::{Context as _, Error, Result};

/// Bytes that stay free on the disk: the engine maps its files into memory, and a full disk would
/// end the process.
const RESERVE_BYTES: u64 = 64 << 20;
/// What the operating system says of a disk that is full, and the engine of one that would be.
const FULL: [&str; 2] = ["No space left on device", "Not enough space available"];
/// What to do about it.
const REMEDY: &str = "free some space, and run it again";
/// What the engine appends to what went wrong.
const BACKTRACE: &str = ", backtrace: ";

thread_local! {
    /// Whether the engine is at work on this thread.
    static AT_WORK: Cell<bool> = const { Cell::new(false) };
}

/// Runs the engine, whose panics on damaged files and failed writes become errors.
///
/// What has a shard of its own must not be dropped in here: the engine flushes when it is dropped, and a
/// second panic while the first one is on its way ends the process.
pub(super) fn run<T>(what: &str, work: impl FnOnce() -> OperationResult<T>) -> Result<T> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let others = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !AT_WORK.get() {
                others(panic);
            }
        }));
    });
    let was_at_work = AT_WORK.replace(true);
    let outcome = panic::catch_unwind(AssertUnwindSafe(work));
    AT_WORK.set(was_at_work);
    let error = match outcome {
        Ok(result) => match result.context(|| what.to_owned()) {
            Ok(done) => return Ok(done),
            Err(error) => error,
        },
        Err(panic) => {
            let reason = panic
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| panic.downcast_ref::<&str>().copied())
                .unwrap_or("the engine stopped");
            let reason = reason.split(BACKTRACE).next().unwrap_or(reason);
            Error::failed(format!("{what}: {reason}"))
        }
    };
    let said = error.to_string();
    if FULL.iter().any(|full| said.contains(full)) {
        return Err(error.hint(REMEDY));
    }
    Err(error)
}

/// Refuses to write so many bytes into a folder when its disk could fill up.
pub(super) fn refuse_full_disk(folder: &Path, bytes: usize) -> Result<()> {
    let free = fs4::available_space(folder)
        .context(|| format!("can't see the free space of {}", folder.display()))?;
    refuse_fuller(folder, free, bytes)
}

/// The same for a disk with so much left. What is written stands in the log and in the segment, and
/// the files grow by whole pages.
fn refuse_fuller(folder: &Path, free: u64, bytes: usize) -> Result<()> {
    let needed = (bytes as u64).saturating_mul(4).saturating_add(RESERVE_BYTES);
    if free >= needed {
        return Ok(());
    }
    let message = format!(
        "the disk of {} has {} MB left, and {} MB are needed",
        folder.display(),
        free >> 20,
        needed >> 20
    );
    Err(Error::failed(message).hint(REMEDY))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fault 67: the disk is too full to write.
    #[test]
    fn a_disk_that_could_fill_up_is_not_written_to() {
        let check = |free_mb: u64, bytes: usize, expected: bool| {
            let refused = refuse_fuller(Path::new("index"), free_mb << 20, bytes);
            assert_eq!(refused.is_ok(), expected, "{free_mb} MB for {bytes} bytes");
        };
        check(1000, 1 << 20, true);
        check(64, 1, false);
        check(70, 1 << 20, true);
        check(67, 1 << 20, false);
    }

    /// Fault 70: a flush fails.
    #[test]
    fn a_panic_of_the_engine_is_an_error() {
        let error = run::<()>("can't flush", || panic!("segments flushed: {}", "it is gone"));
        let error = error.unwrap_err();
        assert_eq!(error.to_string(), "can't flush: segments flushed: it is gone");
        assert_eq!(error.remedy(), None);
    }

    /// Fault 68: the disk fills up while the log is written.
    #[test]
    fn a_full_disk_is_said_without_the_stack_of_the_engine() {
        let says =
            r#"E { description: "No space left on device (os error 28)", backtrace: Some("0")"#;
        let error = run::<()>("can't flush", || panic!("{says}")).unwrap_err();
        assert!(!error.to_string().contains("backtrace"), "{error}");
        assert_eq!(error.remedy(), Some("free some space, and run it again"));
        let says = "Not enough space available for optimization, needed: 214 MiB";
        let error = run::<()>("can't compact", || panic!("{says}")).unwrap_err();
        assert_eq!(error.remedy(), Some("free some space, and run it again"));
    }
}
