//! `twin keys`: the keys of providers, in the system's keyring.

use serde::Serialize;

use super::{language_model, subcommands::KeysCommand, workspace::Workspace};
use crate::{
    config::is_variable,
    error::{Error, Exit, Result},
    ui,
};

/// A key, and where it is.
#[derive(Serialize)]
struct Listed {
    variable: String,
    place: &'static str,
}

/// Runs the command.
pub(super) fn run(workspace: &Workspace, command: &KeysCommand) -> Result<Exit> {
    let keyring = workspace.settings.keyring();
    match command {
        KeysCommand::Set { provider } => {
            let variable = variable(provider)?;
            let question = format!("the key for {variable}, which is not shown:");
            let key = ui::hidden_line(workspace.terminal, &question)?;
            keyring.store(&variable, &key)?;
            say(workspace, &variable, "is in the system's keyring", "keyring")?;
        }
        KeysCommand::List => list(workspace)?,
        KeysCommand::Remove { provider } => {
            let variable = variable(provider)?;
            if !keyring.remove(&variable)? {
                let message = format!("{variable} was not put into the system's keyring");
                return Err(Error::usage(message).hint("`twin keys list` lists what was"));
            }
            say(workspace, &variable, "is no longer in the system's keyring", "nowhere")?;
        }
    }
    Ok(Exit::Done)
}

fn say(workspace: &Workspace, variable: &str, says: &str, place: &'static str) -> Result<()> {
    if workspace.json {
        let key = Listed { variable: variable.to_owned(), place };
        return workspace.print_json("logtwin/key/1", &key);
    }
    workspace.terminal.print(&format!("{variable} {says}\n"))
}

/// The keys that are in the keyring, and those of providers that are in the environment.
fn list(workspace: &Workspace) -> Result<()> {
    let settings = &workspace.settings;
    let kept = settings.keyring().variables();
    let providers = language_model::key_variables().map(str::to_owned);
    let known = providers.filter(|variable| !kept.contains(variable)).collect::<Vec<_>>();
    let mut keys: Vec<Listed> = Vec::new();
    for variable in kept.iter().chain(&known) {
        let is_kept = kept.contains(variable);
        let place = match settings.key_in_environment(variable) {
            Some(_) if is_kept => "environment, before the keyring",
            Some(_) => "environment",
            None if is_kept => "keyring",
            None => continue,
        };
        keys.push(Listed { variable: variable.clone(), place });
    }
    keys.sort_by(|one, other| one.variable.cmp(&other.variable));
    if workspace.json {
        return workspace.print_json("logtwin/keys/1", &serde_json::json!({ "keys": keys }));
    }
    if keys.is_empty() {
        workspace.terminal.note("no key is known; `twin keys set PROVIDER` keeps one");
    }
    let lines = keys.iter().map(|key| format!("{:<24} {}\n", key.variable, key.place));
    workspace.terminal.print(&lines.collect::<String>())
}

/// The variable of a provider, or the one that is named.
fn variable(name: &str) -> Result<String> {
    if is_variable(name) {
        return Ok(name.to_owned());
    }
    language_model::key_variable_of(name).map(str::to_owned).ok_or_else(|| {
        Error::usage(format!("`{name}` is no provider with a key")).hint(
            "name anthropic, gemini, groq, mistral, openai or openrouter, or the variable, such \
             as QDRANT_API_KEY",
        )
    })
}
