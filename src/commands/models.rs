//! `twin models`: the embedding models on this machine.

use serde::Serialize;

use super::{
    cli::ModelsCommand,
    wiring::{find_model, pull},
    workspace::Workspace,
};
use crate::{
    backends::models::{Model, ModelState, ModelStore, PullFrom, catalogue},
    error::{Error, Exit, Result},
    ui,
};

#[derive(Serialize)]
struct Listed {
    name: &'static str,
    identity: &'static str,
    dimension: usize,
    package: String,
    licence: &'static str,
    download_bytes: u64,
    state: String,
}

/// Runs the command.
pub(super) fn run(workspace: &Workspace, command: &ModelsCommand) -> Result<Exit> {
    let store = ModelStore::new(workspace.settings.paths.models());
    match command {
        ModelsCommand::List => list(workspace, &store)?,
        ModelsCommand::Pull { name, from } => {
            let model = model(workspace, name.as_deref())?;
            let folder = from.clone().or_else(|| workspace.config().embedding.models_from.clone());
            let source = PullFrom { folder, offline: false };
            pull(&store, model, &source, workspace.terminal)?;
            path(workspace, &store, model)?;
        }
        ModelsCommand::Path { name } => {
            path(workspace, &store, model(workspace, name.as_deref())?)?;
        }
    }
    Ok(Exit::Done)
}

fn path(workspace: &Workspace, store: &ModelStore, model: &Model) -> Result<()> {
    let path = store.path(model);
    if workspace.json {
        let value = serde_json::json!({ "name": model.name, "path": path });
        return workspace.print_json("logtwin/model-path/1", &value);
    }
    workspace.terminal.print(&format!("{}\n", path.display()))
}

/// The model of a name, or that of the settings.
fn model(workspace: &Workspace, name: Option<&str>) -> Result<&'static Model> {
    let configured = workspace.config().embedding.model.to_string();
    find_model(name.unwrap_or(&configured)).map_err(|error| {
        if name.is_some() {
            return error;
        }
        let known: Vec<&str> = catalogue().iter().map(|model| model.name).collect();
        Error::usage(format!("embedding.model is {configured}, which is kept nowhere"))
            .hint(format!("name a model: {}", known.join(", ")))
    })
}

fn list(workspace: &Workspace, store: &ModelStore) -> Result<()> {
    let models: Vec<Listed> = catalogue()
        .iter()
        .map(|model| Listed {
            name: model.name,
            identity: model.identity,
            dimension: model.dimension,
            package: format!("{} {}", model.package, model.version),
            licence: model.licence,
            download_bytes: model.download_bytes,
            state: match store.state(model) {
                ModelState::Absent => "not here".to_owned(),
                ModelState::Ready { bytes } => format!("here, {:.0} MB", bytes as f64 / 1e6),
                ModelState::Corrupt { reason } => format!("unusable: {reason}"),
            },
        })
        .collect();
    if workspace.json {
        return workspace.print_json("logtwin/models/1", &serde_json::json!({ "models": models }));
    }
    for model in models {
        workspace.terminal.print(&ui::shown(&format!(
            "{:<18} {:>4} dimensions  {:<12} {:>4.0} MB to fetch  {}\n",
            model.name,
            model.dimension,
            model.licence,
            model.download_bytes as f64 / 1e6,
            model.state
        )))?;
    }
    Ok(())
}
