//! One value given to one setting, by a flag or by a variable of the environment.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use toml::{Table, Value};

use super::environment::{Environment, PREFIX};
use crate::error::{Error, Result};

/// Where the value of a setting comes from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Origin {
    /// The defaults.
    Default,
    /// A line of a settings file.
    File {
        /// The file.
        path: PathBuf,
        /// The line, from one.
        line_number: usize,
    },
    /// A variable of the environment.
    Variable(String),
    /// A flag.
    Flag,
}

impl Origin {
    /// The folder that a relative path starts at, where it is not the current one.
    pub(super) fn folder(&self) -> Option<&Path> {
        match self {
            Self::File { path, .. } => path.parent(),
            Self::Default | Self::Variable(_) | Self::Flag => None,
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => formatter.write_str("default"),
            Self::File { path, line_number } => {
                write!(formatter, "{}:{line_number}", path.display())
            }
            Self::Variable(name) => formatter.write_str(name),
            Self::Flag => formatter.write_str("flag"),
        }
    }
}

/// A value for a setting, not yet looked at.
#[derive(Clone, Debug)]
pub(super) struct Given {
    /// The section.
    pub(super) section: String,
    /// The key within it.
    pub(super) key: String,
    /// The value.
    pub(super) value: Written,
    /// Where it was given.
    pub(super) origin: Origin,
}

/// A value as it was written.
#[derive(Clone, Debug)]
pub(super) enum Written {
    /// In a settings file, so that its type is known.
    Typed(Value),
    /// As bare text, of which the setting decides what it is.
    Bare(String),
}

impl Written {
    /// What it can be read as, the likeliest first, for a setting with such a default.
    pub(super) fn readings(&self, default: &Value) -> Vec<Value> {
        let text = match self {
            Self::Typed(value) => return vec![value.clone()],
            Self::Bare(text) => text,
        };
        let plain = Value::String(text.clone());
        let alone = Value::Array(vec![plain.clone()]);
        match (default, from_toml(text)) {
            (Value::String(_), Some(value)) => vec![plain, value],
            (Value::Array(_), Some(value @ Value::Array(_))) => vec![value],
            (Value::Array(_), _) if text.is_empty() => vec![Value::Array(Vec::new())],
            (Value::Array(_), _) => vec![alone],
            (_, Some(value)) => vec![value],
            (_, None) => vec![plain],
        }
    }
}

fn from_toml(text: &str) -> Option<Value> {
    // A line break would let one value carry further settings.
    let document: Table = toml::from_str(&format!("value = {text}")).ok()?;
    let mut pairs = document.into_iter();
    let (_, value) = pairs.next()?;
    pairs.next().is_none().then_some(value)
}

/// The settings of flags, each as `section.key=value`.
pub(super) fn from_flags(overrides: &[String]) -> Result<Vec<Given>> {
    let shape = |text: &str| {
        let message = format!("`{text}` sets nothing");
        Error::usage(message).hint("write it as section.key=value, such as llm.temperature=0.5")
    };
    overrides
        .iter()
        .map(|text| {
            let (name, value) = text.split_once('=').ok_or_else(|| shape(text))?;
            let (section, key) = name.trim().split_once('.').ok_or_else(|| shape(text))?;
            Ok(Given {
                section: section.to_owned(),
                key: key.to_owned(),
                value: Written::Bare(value.trim_start().to_owned()),
                origin: Origin::Flag,
            })
        })
        .collect()
}

/// The settings of the variables `TWIN_SECTION_KEY`.
///
/// A variable whose first word is no section belongs to somebody else, and is left alone.
pub(super) fn from_environment(environment: &Environment, sections: &Table) -> Result<Vec<Given>> {
    let mut given = Vec::new();
    for (name, value) in environment.starting_with(PREFIX) {
        let lowercase = name.to_ascii_lowercase();
        let Some((section, key)) = lowercase.split_once('_') else { continue };
        if !sections.contains_key(section) {
            continue;
        }
        let variable = format!("{PREFIX}{name}");
        let text = value.to_str().ok_or_else(|| {
            Error::usage(format!("{variable}: the value is no Unicode text"))
                .hint("name the path in a settings file, or rename it")
        })?;
        given.push(Given {
            section: section.to_owned(),
            key: key.to_owned(),
            value: Written::Bare(text.to_owned()),
            origin: Origin::Variable(variable),
        });
    }
    Ok(given)
}
