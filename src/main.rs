//! The `twin` command: parses, runs, reports, exits.

use std::process::ExitCode;

use clap::Parser as _;
use logtwin::{
    commands::{self, Cli},
    error::Exit,
    ui::Terminal,
};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let terminal = Terminal::new(cli.common.quiet);
    let exit = commands::run(&cli).unwrap_or_else(|error| {
        if error.exit() != Exit::Done {
            terminal.error(&error);
        }
        error.exit()
    });
    ExitCode::from(exit as u8)
}
