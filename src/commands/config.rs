//! `twin config`: the settings, and where each comes from.

use std::collections::BTreeMap;

use super::{prompts, subcommands::ConfigCommand, workspace::Workspace};
use crate::{
    error::{Exit, Result},
    ui,
};

/// Runs the command.
pub(super) fn run(workspace: &Workspace, command: &ConfigCommand) -> Result<Exit> {
    match command {
        ConfigCommand::Show => show(workspace)?,
        ConfigCommand::Path => path(workspace)?,
        ConfigCommand::Prompts { name, write } => {
            return prompts::run(workspace, name.as_deref(), *write);
        }
    }
    Ok(Exit::Done)
}

fn show(workspace: &Workspace) -> Result<()> {
    let settings = &workspace.settings.settings;
    if workspace.json {
        let values: BTreeMap<&str, serde_json::Value> = settings
            .iter()
            .map(|setting| {
                let value = serde_json::json!({
                    "value": setting.value,
                    "origin": setting.origin.to_string(),
                });
                (setting.name.as_str(), value)
            })
            .collect();
        return workspace.print_json("logtwin/config/1", &values);
    }
    let mut text = String::new();
    for setting in settings {
        let pair = format!("{} = {}", setting.name, setting.value);
        text.push_str(&ui::shown(&format!("{pair:<48} # {}\n", setting.origin)));
    }
    workspace.terminal.print(&text)
}

fn path(workspace: &Workspace) -> Result<()> {
    let paths = &workspace.settings.paths;
    let places = BTreeMap::from([
        ("settings", paths.settings_file()),
        ("index", workspace.folder()),
        ("models", paths.models()),
    ]);
    if workspace.json {
        return workspace.print_json("logtwin/paths/1", &places);
    }
    let mut text = String::new();
    for (what, place) in &places {
        text.push_str(&format!("{what:<10} {}\n", place.display()));
    }
    workspace.terminal.print(&ui::shown(&text))
}
