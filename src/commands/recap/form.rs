//! The form that a recap is given in: the usual page, JSON, or a template of the user's.

use std::{fs, path::Path};

use super::super::{
    cli::{Format, RecapArgs},
    workspace::Workspace,
};
use crate::{
    error::{Error, Result},
    recap::{self, Recap, Template},
};

/// The user's own template, beside the settings.
const OWN: &str = "recap.md.j2";

/// The form of a recap.
pub(super) enum Form {
    /// The usual page of markdown.
    Markdown,
    /// JSON.
    Json,
    /// What a template makes of it, boxed since it is much larger than the others.
    Template(Box<Template>),
}

impl Form {
    /// The form that is asked for; without any, that of the user's own template where there is one.
    ///
    /// # Errors
    /// When a template can't be read.
    pub(super) fn of(workspace: &Workspace, arguments: &RecapArgs) -> Result<Self> {
        let own = workspace.settings.paths.config.join(OWN);
        match &arguments.template {
            Some(file) => read(file),
            None if super::is_json(workspace, arguments) && arguments.out.is_none() => {
                Ok(Self::Json)
            }
            None if arguments.format == Format::Json => Ok(Self::Json),
            None if own.exists() => read(&own),
            None => Ok(Self::Markdown),
        }
    }

    /// How the name of a file in this form ends.
    pub(super) fn ending(&self) -> &str {
        match self {
            Self::Markdown => "md",
            Self::Json => "json",
            Self::Template(template) => template.ending(),
        }
    }

    /// A recap in this form.
    ///
    /// # Errors
    /// When a template asks for what there is not.
    pub(super) fn page(&self, recap: &Recap) -> Result<String> {
        match self {
            Self::Markdown => Ok(recap::markdown(recap)),
            Self::Json => Ok(format!("{}\n", recap::json(recap)?)),
            Self::Template(template) => template.page(recap),
        }
    }
}

fn read(file: &Path) -> Result<Form> {
    let source = fs::read_to_string(file).map_err(|error| {
        Error::usage(format!("can't read the template {}", file.display())).caused_by(error)
    })?;
    Ok(Form::Template(Box::new(Template::new(&file.display().to_string(), source)?)))
}
