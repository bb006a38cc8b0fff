//! A recap as a template of the user's has it.
//!
//! A template sees every field of the JSON, the title as `title` and the usual page as `markdown`;
//! the filter `days` writes a span as `2022-03`. What it misspells is an error that names its line.

use minijinja::{
    AutoEscape, Environment, ErrorKind, UndefinedBehavior,
    value::{Serde, Value},
};

use super::{
    Recap,
    render::{json, markdown, title},
};
use crate::{
    error::{Context as _, Error, Result},
    logbook::Span,
};

/// A template that recaps are filled into.
#[derive(Debug)]
pub struct Template {
    environment: Environment<'static>,
    name: String,
}

impl Template {
    /// A template by the name of its file; a page of HTML has what it fills in escaped.
    ///
    /// # Errors
    /// When it is no template.
    pub fn new(name: &str, source: String) -> Result<Self> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|name| match ending_of(name) {
            "html" | "htm" | "xml" => AutoEscape::Html,
            _ => AutoEscape::None,
        });
        environment.add_filter("days", days);
        environment
            .add_template_owned(name.to_owned(), source)
            .map_err(|error| wrong(name, &error))?;
        Ok(Self { environment, name: name.to_owned() })
    }

    /// How the name of a file ends that it fills: `html` for `year.html.j2`, or `md`.
    #[must_use]
    pub fn ending(&self) -> &str {
        ending_of(&self.name)
    }

    /// A recap, filled in.
    ///
    /// # Errors
    /// When the template asks for what a recap does not have.
    pub fn page(&self, recap: &Recap) -> Result<String> {
        let mut fields: serde_json::Value =
            serde_json::from_str(&json(recap)?).context(|| "can't read the recap".to_owned())?;
        fields["title"] = title(recap).into();
        fields["markdown"] = markdown(recap).into();
        let template = self.environment.get_template(&self.name);
        let page = template.and_then(|template| template.render(Serde(fields)));
        let mut page = page.map_err(|error| wrong(&self.name, &error))?;
        if !page.ends_with('\n') {
            page.push('\n');
        }
        Ok(page)
    }
}

/// How a name ends, without the ending of templates.
fn ending_of(name: &str) -> &str {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let bare = ["j2", "jinja", "jinja2"]
        .iter()
        .find_map(|ending| file.strip_suffix(ending)?.strip_suffix('.'));
    let ending = bare.unwrap_or(file).rsplit_once('.').map_or("", |(_, ending)| ending);
    if ending.is_empty() { "md" } else { ending }
}

/// A span as it is written the shortest way.
fn days(span: &Value) -> std::result::Result<String, minijinja::Error> {
    let day = |name: &str| span.get_attr(name).ok()?.as_str()?.parse().ok();
    let read = || Span::new(day("start")?, day("end")?);
    read().map(|span| span.to_string()).ok_or_else(|| {
        minijinja::Error::new(ErrorKind::InvalidOperation, "this is no span of days")
    })
}

/// An error in a template, with its file and its line.
fn wrong(name: &str, error: &minijinja::Error) -> Error {
    let line = error.line().map(|line| format!(":{line}")).unwrap_or_default();
    let detail = error.detail().map(|detail| format!(": {detail}")).unwrap_or_default();
    let hint = if error.kind() == ErrorKind::UndefinedError {
        "the names are `title`, `markdown` and those of docs/recap.schema.json"
    } else {
        "templates are written as for Jinja: {{ text }}, {% for theme in themes %} … {% endfor %}"
    };
    Error::usage(format!("{name}{line}: {}{detail}", error.kind())).hint(hint)
}
