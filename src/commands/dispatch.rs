//! From what was typed to the command that does it.

use clap::CommandFactory as _;

use super::{
    ask, chat, check,
    cli::{self, Cli, Command, Common, IngestArgs},
    config, dates, demo, doctor, eval, full_disk, ingest, keys, purge, recap, search, sessions,
    status, transfer,
    workspace::{Workspace, print_json},
};
use crate::{
    config::Color,
    error::{Exit, Result},
    ui::Terminal,
};

/// Runs what was typed.
///
/// # Errors
/// When the command fails; the error knows the exit code.
pub fn run(cli: &Cli) -> Result<Exit> {
    keep_to_the_user();
    let common = &cli.common;
    match &cli.command {
        Command::Completions { shell } => return completions(common, *shell),
        Command::Demo(arguments) => return demo::run(common, arguments),
        _ => {}
    }
    let workspace = match (Workspace::new(common), &cli.command) {
        (Err(broken), Command::Doctor) => return doctor::with_broken_settings(common, broken),
        (workspace, _) => workspace?,
    };
    colour(common.color, workspace.config().output.color);
    let outcome = match &cli.command {
        Command::Ingest(arguments) => ingest::run(&workspace, arguments),
        Command::Rebuild => {
            let arguments = IngestArgs { rebuild: true, ..IngestArgs::default() };
            ingest::run(&workspace, &arguments)
        }
        Command::Ask(arguments) => ask::run(&workspace, arguments),
        Command::Chat(arguments) => chat::run(&workspace, arguments),
        Command::Sessions(command) => sessions::run(&workspace, command),
        Command::Recap(arguments) => recap::run(&workspace, arguments),
        Command::Search(arguments) => search::run(&workspace, arguments),
        Command::Status => status::run(&workspace),
        Command::Dates(arguments) => dates::run(&workspace, arguments),
        Command::Doctor => doctor::run(&workspace),
        Command::Check(arguments) => check::run(&workspace, *arguments),
        Command::Purge(arguments) => purge::run(&workspace, arguments),
        Command::Export(arguments) => transfer::export(&workspace, arguments),
        Command::Import(arguments) => transfer::import(&workspace, arguments),
        Command::Push => transfer::push(&workspace),
        Command::Config(command) => config::run(&workspace, command),
        Command::Keys(command) => keys::run(&workspace, command),
        #[cfg(feature = "local-embed")]
        Command::Models(command) => super::models::run(&workspace, command),
        Command::Eval(arguments) => eval::run(&workspace, common, arguments),
        Command::Demo(_) | Command::Completions { .. } => Ok(Exit::Done),
    };
    outcome.map_err(|error| full_disk::told(&workspace, error))
}

/// Whatever is written from here on, nobody else on this machine can read: it is made of a logbook.
fn keep_to_the_user() {
    #[cfg(unix)]
    {
        use rustix::fs::Mode;
        rustix::process::umask(Mode::RWXG | Mode::RWXO);
    }
}

/// Prints the completion script of a shell.
fn completions(common: &Common, shell: clap_complete::Shell) -> Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "twin", &mut script);
    let script = String::from_utf8_lossy(&script);
    let terminal = Terminal::new(common.quiet);
    if common.json {
        let value = serde_json::json!({ "shell": shell.to_string(), "script": script });
        print_json(terminal, "logtwin/completions/1", &value)?;
    } else {
        terminal.print(&script)?;
    }
    Ok(Exit::Done)
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
