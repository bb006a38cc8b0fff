//! `twin models`: the models on this machine.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{
    local_models::{describe, find_model, here, hub, published, pull},
    subcommands::ModelsCommand,
    workspace::Workspace,
};
use crate::{
    backends::models::{Model, ModelState, ModelStore, PullFrom, catalogue},
    config::{EmbeddingModel, PublishedModel},
    error::{Error, Exit, Result},
    ui,
};

/// A model of the catalogue.
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

/// A model as it was published, of which only what is here is known.
#[derive(Serialize)]
struct ListedPublished {
    name: String,
    identity: Option<String>,
    dimension: Option<usize>,
    state: String,
}

/// Runs the command.
pub(super) fn run(workspace: &Workspace, command: &ModelsCommand) -> Result<Exit> {
    let store = ModelStore::new(workspace.settings.paths.models());
    match command {
        ModelsCommand::List => list(workspace, &store)?,
        ModelsCommand::Pull { name, from } => match chosen(workspace, name.as_deref())? {
            Chosen::Catalogue(model) => {
                let configured = || workspace.config().embedding.models_from.clone();
                let source = PullFrom {
                    folder: from.clone().or_else(configured),
                    offline: workspace.config().privacy.offline,
                };
                pull(&store, model, &source, workspace.terminal)?;
                print_path(workspace, model.name, &store.path(model))?;
            }
            Chosen::Published(model) => {
                let found = published(&workspace.settings, &model, workspace.terminal)?;
                describe(&workspace.settings, &found)?;
                print_path(workspace, &found.name, &found.folder)?;
            }
        },
        ModelsCommand::Path { name } => match chosen(workspace, name.as_deref())? {
            Chosen::Catalogue(model) => print_path(workspace, model.name, &store.path(model))?,
            Chosen::Published(model) => {
                print_path(workspace, &model.to_string(), &place(workspace, &model)?)?;
            }
        },
    }
    Ok(Exit::Done)
}

fn print_path(workspace: &Workspace, name: &str, path: &Path) -> Result<()> {
    if workspace.json {
        let value = serde_json::json!({ "name": name, "path": path });
        return workspace.print_json("logtwin/model-path/1", &value);
    }
    workspace.terminal.print(&format!("{}\n", path.display()))
}

/// A model that was asked for.
enum Chosen {
    /// One of the catalogue.
    Catalogue(&'static Model),
    /// Any other.
    Published(PublishedModel),
}

/// The model of a name, or that of the settings.
fn chosen(workspace: &Workspace, name: Option<&str>) -> Result<Chosen> {
    if let Some(name) = name {
        return match PublishedModel::named(name) {
            Some(model) => Ok(Chosen::Published(model)),
            None => find_model(name).map(Chosen::Catalogue),
        };
    }
    let configured = &workspace.config().embedding.model;
    if let EmbeddingModel::Published(model) = configured {
        return Ok(Chosen::Published(model.clone()));
    }
    find_model(&configured.to_string()).map(Chosen::Catalogue).map_err(|_| {
        let known: Vec<&str> = catalogue().iter().map(|model| model.name).collect();
        Error::usage(format!("embedding.model is {configured}, which is kept nowhere"))
            .hint(format!("name a model: {}", known.join(", ")))
    })
}

/// Where a model lies, or would lie.
fn place(workspace: &Workspace, model: &PublishedModel) -> Result<PathBuf> {
    match model {
        PublishedModel::Folder(folder) => Ok(folder.clone()),
        PublishedModel::Hub(name) => Ok(hub(&workspace.settings).place(&name.parse()?)),
    }
}

fn list(workspace: &Workspace, store: &ModelStore) -> Result<()> {
    let models: Vec<Listed> = catalogue().iter().map(|model| listed(store, model)).collect();
    let others: Vec<ListedPublished> = match &workspace.config().embedding.model {
        EmbeddingModel::Published(model) => vec![listed_published(workspace, model)],
        _ => Vec::new(),
    };
    if workspace.json {
        let value = serde_json::json!({ "models": models, "others": others });
        return workspace.print_json("logtwin/models/1", &value);
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
    for model in others {
        let dimension = model.dimension.map(|dimension| format!("  {dimension} dimensions"));
        let dimension = dimension.unwrap_or_default();
        workspace
            .terminal
            .print(&ui::shown(&format!("{}{dimension}  {}\n", model.name, model.state)))?;
    }
    Ok(())
}

fn listed(store: &ModelStore, model: &'static Model) -> Listed {
    Listed {
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
    }
}

fn listed_published(workspace: &Workspace, model: &PublishedModel) -> ListedPublished {
    let name = model.to_string();
    let settings = &workspace.settings;
    let found = here(settings, model)
        .and_then(|found| found.map(|found| describe(settings, &found)).transpose());
    let unknown = |state: String| ListedPublished {
        name: name.clone(),
        identity: None,
        dimension: None,
        state,
    };
    match found {
        Ok(None) => unknown("not here".to_owned()),
        Err(error) => unknown(format!("unusable: {error}")),
        Ok(Some(description)) => ListedPublished {
            identity: Some(description.identity),
            dimension: Some(description.dimension),
            ..unknown("here".to_owned())
        },
    }
}
