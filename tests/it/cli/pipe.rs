//! An output that is closed before everything is said.

use std::process::Stdio;

use super::{LOGBOOK, Twin};

/// Fault 85: the reader of the output goes away.
#[test]
fn a_closed_pipe_ends_quietly() {
    let twin = Twin::ingested(&LOGBOOK);
    let commands: [&[&str]; 6] = [
        &["search", "garden"],
        &["ask", "--quiet", "what did I learn in 2022?"],
        &["recap", "2022"],
        &["status"],
        &["completions", "zsh"],
        &["--help"],
    ];
    for arguments in commands {
        let mut command = twin.command(arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {} {said}", output.status);
        assert!(!said.contains("panicked") && !said.contains("error"), "{arguments:?}: {said}");
    }
}
