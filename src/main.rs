//! The `twin` command: parses, runs, reports, exits.

use std::process::ExitCode;

use logtwin::{
    commands::{self, Cli},
    error::{Error, Exit},
    ui::Terminal,
};

fn main() -> ExitCode {
    let exit = match commands::parse() {
        Ok(cli) => run(&cli),
        Err(error) => failed(&error, false),
    };
    ExitCode::from(exit as u8)
}

fn run(cli: &Cli) -> Exit {
    commands::run(cli).unwrap_or_else(|error| failed(&error, cli.common.quiet))
}

/// A pipe that was closed is no failure, and nobody is told.
fn failed(error: &Error, quiet: bool) -> Exit {
    if error.exit() != Exit::Done {
        Terminal::new(quiet).error(error);
    }
    error.exit()
}
