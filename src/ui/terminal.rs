//! Standard output and standard error.

use std::io::{self, IsTerminal as _, Write};

use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{escape::shown, markdown::styled};
use crate::error::{Error, Exit};

const RED: Style = AnsiColor::Red.on_default().bold();
const YELLOW: Style = AnsiColor::Yellow.on_default();
const DIM: Style = Style::new().dimmed();

/// Where a command prints.
#[derive(Clone, Copy, Debug)]
pub struct Terminal {
    quiet: bool,
    styles_stdout: bool,
    shows_progress: bool,
}

/// A bar that shows how far something is; it draws on a terminal only.
pub struct Ticker(ProgressBar);

impl Terminal {
    /// The terminal of this process; `quiet` leaves only results and errors.
    #[must_use]
    pub fn new(quiet: bool) -> Self {
        Self {
            quiet,
            styles_stdout: io::stdout().is_terminal(),
            shows_progress: io::stderr().is_terminal(),
        }
    }

    /// Prints a part of a result, as it is.
    ///
    /// # Errors
    /// When standard output can't be written; a closed pipe ends the command quietly.
    pub fn print(&self, text: &str) -> Result<(), Error> {
        let mut stdout = anstream::stdout().lock();
        let outcome = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
        outcome.map_err(|error| match error.kind() {
            io::ErrorKind::BrokenPipe => Error::new(Exit::Done, "closed pipe"),
            _ => Error::failed("can't write to standard output").caused_by(error),
        })
    }

    /// Prints a result made of text from notes or models: harmless, and styled on a terminal.
    ///
    /// # Errors
    /// As [`Terminal::print`].
    pub fn print_markdown(&self, markdown: &str) -> Result<(), Error> {
        let text = shown(markdown);
        if self.styles_stdout { self.print(&styled(&text)) } else { self.print(&text) }
    }

    /// Says something beside the result.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            write_stderr(&format!("{DIM}{}{DIM:#}\n", shown(text)));
        }
    }

    /// Warns of something that does not stop the command.
    pub fn warn(&self, text: &str) {
        write_stderr(&format!("{YELLOW}warning:{YELLOW:#} {}\n", shown(text)));
    }

    /// Says what failed, and the remedy.
    pub fn error(&self, error: &Error) {
        let mut text = format!("{RED}error:{RED:#} {}\n", shown(&error.to_string()));
        if let Some(remedy) = error.remedy() {
            text.push_str(&format!("\nhint: {}\n", shown(remedy)));
        }
        write_stderr(&text);
    }

    /// A bar for something that goes on for a while.
    #[must_use]
    pub fn ticker(&self, what: &'static str, total: u64) -> Ticker {
        let target = if self.quiet || !self.shows_progress {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr()
        };
        let bar = ProgressBar::with_draw_target(Some(total), target);
        if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}") {
            bar.set_style(style);
        }
        bar.set_message(what);
        Ticker(bar)
    }
}

impl Ticker {
    /// Says how far it is.
    pub fn at(&self, done: u64, total: u64) {
        self.0.set_length(total);
        self.0.set_position(done);
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// Nothing can be said of a standard error that can't be written.
fn write_stderr(text: &str) {
    let _ = anstream::stderr().lock().write_all(text.as_bytes());
}
