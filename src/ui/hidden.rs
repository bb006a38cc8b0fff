//! A line that is typed and not shown.

use std::io::{self, BufRead as _, IsTerminal as _};

use super::Terminal;
use crate::error::{Context as _, Result};

/// Reads a line: without showing it where it is typed on a terminal, else from standard input.
///
/// # Errors
/// When nothing can be read.
pub fn hidden_line(terminal: Terminal, question: &str) -> Result<String> {
    let context = || "can't read from standard input".to_owned();
    if io::stdin().is_terminal() {
        terminal.note(question);
        return rpassword::read_password().context(context);
    }
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line).context(context)?;
    Ok(line)
}
