//! From what was typed to the command that does it.

use clap::CommandFactory as _;

use super::{
    ask, chat,
    cli::{self, Cli, Command},
    config, dates, demo, doctor, eval, ingest, recap, search, status,
    workspace::Workspace,
};
use crate::{
    config::Color,
    error::{Exit, Result},
};

/// Runs what was typed.
///
/// # Errors
/// When the command fails; the error knows the exit code.
pub fn run(cli: &Cli) -> Result<Exit> {
    let common = &cli.common;
    if let Command::Completions { shell } = cli.command {
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut Cli::command(), "twin", &mut script);
        let terminal = crate::ui::Terminal::new(common.quiet);
        terminal.print(&String::from_utf8_lossy(&script))?;
        return Ok(Exit::Done);
    }
    if let Command::Demo(arguments) = &cli.command {
        return demo::run(common, arguments);
    }
    let workspace = Workspace::new(common)?;
    colour(common.color, workspace.config().output.color);
    match &cli.command {
        Command::Ingest(arguments) => ingest::run(&workspace, arguments),
        Command::Ask(arguments) => ask::run(&workspace, arguments),
        Command::Chat(arguments) => chat::run(&workspace, arguments),
        Command::Recap(arguments) => recap::run(&workspace, arguments),
        Command::Search(arguments) => search::run(&workspace, arguments),
        Command::Status => status::run(&workspace),
        Command::Dates(arguments) => dates::run(&workspace, arguments),
        Command::Doctor => doctor::run(&workspace),
        Command::Config(command) => config::run(&workspace, *command),
        #[cfg(feature = "local-embed")]
        Command::Models(command) => super::models::run(&workspace, command),
        Command::Eval(arguments) => eval::run(&workspace, arguments),
        Command::Demo(_) | Command::Completions { .. } => Ok(Exit::Done),
    }
}

/// Colours each stream as the flag says, else as the settings do; `NO_COLOR` is respected by both
/// when they leave it open.
fn colour(flag: Option<cli::Color>, setting: Color) {
    let choice = match (flag, setting) {
        (Some(cli::Color::Always), _) | (None, Color::Always) => anstream::ColorChoice::Always,
        (Some(cli::Color::Never), _) | (None, Color::Never) => anstream::ColorChoice::Never,
        (Some(cli::Color::Auto), _) | (None, Color::Auto) => anstream::ColorChoice::Auto,
    };
    choice.write_global();
}
