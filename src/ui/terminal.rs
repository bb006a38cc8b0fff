//! Standard output and standard error.

use std::io::{self, BufRead as _, IsTerminal as _, Write};

use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{
    escape::shown,
    links::Links,
    markdown::Page,
    sources::{linked_sources, sources},
};
use crate::{
    ask::Citation,
    error::{Error, Exit},
};

const RED: Style = AnsiColor::Red.on_default().bold();
const YELLOW: Style = AnsiColor::Yellow.on_default();
const DIM: Style = Style::new().dimmed();

/// Where a command prints.
#[derive(Clone, Copy, Debug)]
pub struct Terminal {
    quiet: bool,
    /// How wide standard output is; none when it is no terminal.
    columns: Option<usize>,
    shows_progress: bool,
}

/// A bar that shows how far something is, once that is known; it draws on a terminal only.
pub struct Ticker {
    bar: ProgressBar,
    is_hidden: bool,
}

/// A result made of text from notes or models that is printed as it comes.
pub struct Stream {
    terminal: Terminal,
    page: Option<Page>,
}

/// How wide a terminal is that does not say so.
const COLUMNS: usize = 80;

impl Terminal {
    /// The terminal of this process; `quiet` leaves only results and errors.
    #[must_use]
    pub fn new(quiet: bool) -> Self {
        Self {
            quiet,
            columns: io::stdout().is_terminal().then(columns),
            shows_progress: io::stderr().is_terminal(),
        }
    }

    /// Whether results are read on a terminal.
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        self.columns.is_some()
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

    /// Prints a result made of text from notes or models: harmless, and styled, folded and linked
    /// on a terminal.
    ///
    /// # Errors
    /// As [`Terminal::print`].
    pub fn print_markdown(&self, markdown: &str, links: &Links) -> Result<(), Error> {
        let mut stream = self.stream();
        stream.link(links.clone());
        stream.push(markdown)?;
        stream.finish()
    }

    /// Begins a result that is printed as it comes.
    #[must_use]
    pub fn stream(&self) -> Stream {
        Stream { terminal: *self, page: self.columns.map(Page::new) }
    }

    /// Prints the sources of an answer, where there are any, under an empty line.
    ///
    /// # Errors
    /// As [`Terminal::print`].
    pub fn print_sources(&self, citations: &[Citation], links: &Links) -> Result<(), Error> {
        if citations.is_empty() {
            return Ok(());
        }
        let sources = match self.columns {
            Some(columns) => linked_sources(citations, links, columns),
            None => sources(citations),
        };
        self.print(&format!("\n{sources}"))
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

    /// Asks for a yes or a no; where nobody sits there to be asked, the answer is no.
    ///
    /// # Errors
    /// When standard input can't be read.
    pub fn agrees(&self, question: &str) -> Result<bool, Error> {
        if !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
            return Ok(false);
        }
        write_stderr(&format!("{} [y/N] ", shown(question)));
        let mut line = String::new();
        match io::stdin().lock().read_line(&mut line) {
            Ok(_) => Ok(is_yes(&line)),
            Err(error) => Err(Error::failed("can't read from standard input").caused_by(error)),
        }
    }

    /// A bar for something that goes on for a while.
    #[must_use]
    pub fn ticker(&self, what: &'static str, total: u64) -> Ticker {
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}") {
            bar.set_style(style);
        }
        bar.set_message(what);
        Ticker { bar, is_hidden: self.quiet || !self.shows_progress }
    }
}

impl Stream {
    /// Links what is printed from now on.
    pub fn link(&mut self, links: Links) {
        if let Some(page) = &mut self.page {
            page.link(links);
        }
    }

    /// Prints what has come, as far as it is known how it looks.
    ///
    /// # Errors
    /// As [`Terminal::print`].
    pub fn push(&mut self, markdown: &str) -> Result<(), Error> {
        let text = match &mut self.page {
            Some(page) => page.push(markdown),
            None => shown(markdown),
        };
        self.terminal.print(&text)
    }

    /// Prints what was held back.
    ///
    /// # Errors
    /// As [`Terminal::print`].
    pub fn finish(mut self) -> Result<(), Error> {
        let rest = self.page.as_mut().map(Page::finish).unwrap_or_default();
        self.terminal.print(&rest)
    }
}

impl Ticker {
    /// Says how far it is.
    pub fn at(&self, done: u64, total: u64) {
        if !self.is_hidden && self.bar.is_hidden() {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.set_length(total);
        self.bar.set_position(done);
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// Whether an answer agrees, in English or French; an empty one does not.
fn is_yes(line: &str) -> bool {
    ["y", "yes", "o", "oui"].contains(&line.trim().to_lowercase().as_str())
}

fn columns() -> usize {
    terminal_size::terminal_size_of(io::stdout())
        .map_or(COLUMNS, |(terminal_size::Width(width), _)| usize::from(width))
}

/// Nothing can be said of a standard error that can't be written.
fn write_stderr(text: &str) {
    let _ = anstream::stderr().lock().write_all(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_yes_agrees() {
        let agreeing = ["y\n", "Yes\n", " oui \n", "O"].map(is_yes);
        assert_eq!(agreeing, [true; 4]);
        assert_eq!(["", "\n", "n\n", "yesterday\n", "no\n"].map(is_yes), [false; 5]);
    }
}
