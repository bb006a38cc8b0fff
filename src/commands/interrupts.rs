//! Ctrl-C, and being told to end, while the index is written: what is at hand is finished.
//!
//! The first one is only remembered, for the run to ask between two commits; another one ends the
//! process at once, which the index survives as well. Where nothing is written, a process ends as any
//! other. What whoever started the process had it ignore, as `nohup` does, is ignored.

use std::{
    io, process,
    sync::{
        OnceLock,
        atomic::{AtomicU8, Ordering},
    },
    thread,
};

use tokio::runtime::Builder;

use crate::{
    error::{Context as _, Exit, Result},
    ui::Terminal,
};

/// Nothing is being written.
const IDLE: u8 = 0;
/// A run is writing, and asks before each commit whether it is to end.
const WATCHED: u8 = 1;
/// The run is to end.
const ASKED: u8 = 2;

/// So many pipes have as many files as listening takes, and some to spare.
const SPARE_PIPES: usize = 4;

/// Where this process stands.
static STATE: AtomicU8 = AtomicU8::new(IDLE);
/// Whether somebody listens; a process does so once, and then until it ends.
static LISTENS: OnceLock<()> = OnceLock::new();

/// A run that ends in good order when it is told to.
pub(super) struct Interrupts;

impl Interrupts {
    /// Watches until it is dropped.
    ///
    /// # Errors
    /// When no thread can be had for it.
    pub(super) fn watch(terminal: Terminal) -> Result<Self> {
        STATE.store(WATCHED, Ordering::SeqCst);
        if LISTENS.set(()).is_ok() {
            let what = || "can't listen for Ctrl-C".to_owned();
            // Where these can't be had, listening would be a panic and no error.
            let spare: io::Result<Vec<_>> = (0..SPARE_PIPES).map(|_| io::pipe()).collect();
            drop(spare.context(what)?);
            let runtime = Builder::new_current_thread().enable_all().build().context(what)?;
            let listen = move || {
                let ended: io::Result<()> = runtime.block_on(async {
                    let mut signals = Signals::new()?;
                    loop {
                        signals.next().await;
                        come(terminal);
                    }
                });
                drop(ended);
            };
            thread::Builder::new().spawn(listen).context(what)?;
        }
        Ok(Self)
    }

    /// Whether the run is to end.
    #[expect(clippy::unused_self, reason = "nobody is to ask who does not watch")]
    pub(super) fn have_come(&self) -> bool {
        STATE.load(Ordering::SeqCst) == ASKED
    }
}

impl Drop for Interrupts {
    fn drop(&mut self) {
        STATE.store(IDLE, Ordering::SeqCst);
    }
}

/// What the first one and another one do.
#[expect(clippy::exit, reason = "a second Ctrl-C ends the process, whatever it is doing")]
fn come(terminal: Terminal) {
    let first = STATE.compare_exchange(WATCHED, ASKED, Ordering::SeqCst, Ordering::SeqCst);
    if first.is_err() {
        process::exit(Exit::Interrupted as i32);
    }
    terminal.note("ending after the commit at hand; once more ends at once");
}

/// The signals that ask a process to end, those apart that it was started to ignore.
#[cfg(unix)]
struct Signals(Vec<tokio::signal::unix::Signal>);

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};

        let ignored = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
        let heeded =
            kinds.into_iter().filter(|kind| !has(&ignored, "SigIgn:", kind.as_raw_value()));
        heeded.map(signal).collect::<Result<_, _>>().map(Self)
    }

    async fn next(&mut self) {
        use std::task::Poll;

        std::future::poll_fn(|context| {
            let come = self.0.iter_mut().any(|signal| signal.poll_recv(context).is_ready());
            if come { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }
}

/// Whether a process ignores (`SigIgn:`) or handles (`SigCgt:`) a signal, by its status as
/// `proc_pid_status(5)` has it.
#[cfg(unix)]
pub(super) fn has(status: &str, field: &str, signal: i32) -> bool {
    let mask = status.lines().find_map(|line| line.strip_prefix(field));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default();
    mask >> (signal - 1) & 1 == 1
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    #[expect(clippy::unnecessary_wraps, reason = "as on Unix, where it may fail")]
    fn new() -> std::io::Result<Self> {
        Ok(Self)
    }

    #[expect(clippy::needless_pass_by_ref_mut, reason = "as on Unix")]
    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    /// Fault 84: what `nohup` has a process ignore stays ignored.
    #[test]
    fn what_is_ignored_is_read_from_the_status() {
        let status = "Name:\ttwin\nSigIgn:\t0000000000001001\nSigCgt:\t0000000000000002\n";
        assert_eq!(
            [1, 2, 13, 15].map(|signal| has(status, "SigIgn:", signal)),
            [true, false, true, false]
        );
        assert!(has(status, "SigCgt:", 2));
        assert!(!has("", "SigIgn:", 1));
    }
}
