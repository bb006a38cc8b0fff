//! The prompts in force: the program's own, and those that a user has put in their place.

use std::{fs, path::PathBuf};

use serde::Serialize;

use super::workspace::Workspace;
use crate::{
    ask::templates::{Replacement, TEMPLATES, Template, replace},
    config::Settings,
    error::{Context as _, Error, Exit, Result},
    ui,
};

/// A prompt, and where its text comes from.
#[derive(Serialize)]
struct Listed {
    name: &'static str,
    /// Its file; none for the program's own text.
    file: Option<PathBuf>,
    /// What is wrong with it.
    problem: Option<String>,
}

/// Has the user's own prompts asked, where there are any.
///
/// # Errors
/// When one of them would be asked in vain.
pub(super) fn install(settings: &Settings) -> Result<()> {
    let own = TEMPLATES.iter().map(|template| replacement(settings, *template));
    replace(own.filter_map(Result::transpose).collect::<Result<_>>()?);
    Ok(())
}

/// Lists the prompts, prints one, or writes those that are not there yet.
pub(super) fn run(workspace: &Workspace, name: Option<&str>, write: bool) -> Result<Exit> {
    match name {
        Some(name) => print(workspace, name)?,
        None if write => write_all(workspace)?,
        None => list(workspace)?,
    }
    Ok(Exit::Done)
}

fn list(workspace: &Workspace) -> Result<()> {
    let listed = TEMPLATES.map(|template| {
        let path = path(&workspace.settings, template);
        let problem = replacement(&workspace.settings, template).err();
        Listed {
            name: template.file.trim_end_matches(".md"),
            file: path.exists().then_some(path),
            problem: problem.map(|error| error.to_string()),
        }
    });
    if workspace.json {
        return workspace.print_json("logtwin/prompts/1", &serde_json::json!({"prompts": listed}));
    }
    let mut text = String::new();
    for prompt in &listed {
        let from = match (&prompt.problem, &prompt.file) {
            (Some(problem), _) => problem.clone(),
            (None, Some(file)) => file.display().to_string(),
            (None, None) => "built in".to_owned(),
        };
        text.push_str(&format!("{:<14} {from}\n", prompt.name));
    }
    workspace.terminal.print(&ui::shown(&text))
}

/// Prints the text in force, to be read or to be put into a file.
fn print(workspace: &Workspace, name: &str) -> Result<()> {
    let file = format!("{}.md", name.trim_end_matches(".md"));
    let template = TEMPLATES.iter().find(|template| template.file == file).ok_or_else(|| {
        let names = TEMPLATES.map(|template| template.file.trim_end_matches(".md"));
        Error::usage(format!("there is no prompt `{name}`"))
            .hint(format!("the prompts are {}", names.join(", ")))
    })?;
    let own = path(&workspace.settings, *template);
    let text = if own.exists() { read(&own)? } else { template.text.to_owned() };
    if workspace.json {
        let value = serde_json::json!({ "name": name, "text": text });
        return workspace.print_json("logtwin/prompt/1", &value);
    }
    workspace.terminal.print(&ui::shown(&text))
}

/// Writes the program's own prompts where there are none, to be changed.
fn write_all(workspace: &Workspace) -> Result<()> {
    let mut written = Vec::new();
    for template in TEMPLATES {
        let path = path(&workspace.settings, template);
        if path.exists() {
            continue;
        }
        let context = || format!("can't write {}", path.display());
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).context(context)?;
        }
        fs::write(&path, template.text).context(context)?;
        written.push(path);
    }
    if workspace.json {
        let value = serde_json::json!({ "written": written });
        return workspace.print_json("logtwin/prompts-written/1", &value);
    }
    let lines = written.iter().map(|path| format!("{}\n", path.display()));
    workspace.terminal.print(&ui::shown(&lines.collect::<String>()))
}

fn path(settings: &Settings, template: Template) -> PathBuf {
    settings.paths.config.join("prompts").join(template.file)
}

fn read(path: &std::path::Path) -> Result<String> {
    fs::read_to_string(path).context(|| format!("can't read {}", path.display()))
}

/// What stands in the place of a prompt; none when nothing does.
fn replacement(settings: &Settings, template: Template) -> Result<Option<Replacement>> {
    let path = path(settings, template);
    if !path.exists() {
        return Ok(None);
    }
    Replacement::new(template, &read(&path)?).map(Some).map_err(|error| {
        let named = Error::new(error.exit(), format!("{}: {error}", path.display()));
        named.hint(error.remedy().unwrap_or_default())
    })
}
