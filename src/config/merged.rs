//! The layers, one over the other, with the origin of each value.

use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
};

use toml::{Table, Value};

use super::{
    Config,
    given::{Given, Origin},
    values::folder_named,
};
use crate::error::{Error, Result};

/// The settings file that holds every default.
const DEFAULTS: &str = include_str!("../../config.toml");
/// The settings that hold paths.
const PATHS: [(&str, &str); 3] =
    [("logbook", "folders"), ("embedding", "models_from"), ("llm", "log")];
/// The settings that may hold the path of a model, or a name.
const MODELS: [(&str, &str); 2] = [("embedding", "model"), ("rerank", "model")];
/// From this likeness on, one word is taken for a slip of another.
const LIKENESS_MIN: f64 = 0.75;

/// A setting with its value, as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// Its name, as `section.key`.
    pub name: String,
    /// Its value.
    pub value: Value,
    /// Where the value comes from.
    pub origin: Origin,
}

/// `section.key = value  # origin`.
impl fmt::Display for Setting {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} = {}  # {}", self.name, self.value, self.origin)
    }
}

/// All layers so far.
pub(super) struct Merged {
    defaults: Table,
    values: Table,
    origins: BTreeMap<(String, String), Origin>,
    current_folder: PathBuf,
    home: Option<PathBuf>,
}

impl Merged {
    /// The defaults alone. Relative paths start at `current_folder`, and `~/` is `home`.
    pub(super) fn new(current_folder: &Path, home: Option<PathBuf>) -> Result<Self> {
        let defaults: Table = toml::from_str(DEFAULTS).map_err(in_defaults)?;
        Ok(Self {
            values: defaults.clone(),
            defaults,
            origins: BTreeMap::new(),
            current_folder: current_folder.to_owned(),
            home,
        })
    }

    /// The sections that there are.
    pub(super) fn sections(&self) -> &Table {
        &self.defaults
    }

    /// Puts a layer on top of those before it.
    pub(super) fn add(&mut self, layer: Vec<Given>) -> Result<()> {
        layer.into_iter().try_for_each(|given| self.set(given))
    }

    fn set(&mut self, given: Given) -> Result<()> {
        let default = self.default(&given.section, &given.key).ok_or_else(|| unknown(&given))?;
        let mut refusal = None;
        for reading in given.value.readings(default) {
            let reading = self.resolved(reading, &given);
            let mut values = self.values.clone();
            if let Some(Value::Table(section)) = values.get_mut(&given.section) {
                section.insert(given.key.clone(), reading);
            }
            match values.clone().try_into::<Config>() {
                Ok(_) => {
                    self.values = values;
                    self.origins.insert((given.section, given.key), given.origin);
                    return Ok(());
                }
                Err(error) => refusal = refusal.or(Some(error)),
            }
        }
        let reason = refusal.map(|error| error.message().trim().to_owned()).unwrap_or_default();
        let Given { section, key, origin, .. } = &given;
        let name = format!("{section}.{key}");
        Err(Error::usage(format!("{origin}: `{name}`: {reason}"))
            .hint(format!("the default is {name} = {default}")))
    }

    /// The settings, typed.
    pub(super) fn config(&self) -> Result<Config> {
        self.values.clone().try_into().map_err(in_defaults)
    }

    /// Where the value of a setting comes from.
    pub(super) fn origin(&self, section: &str, key: &str) -> &Origin {
        self.origins.get(&(section.to_owned(), key.to_owned())).unwrap_or(&Origin::Default)
    }

    /// Every setting, in the order of the defaults.
    pub(super) fn settings(&self) -> Vec<Setting> {
        let mut settings = Vec::new();
        for (section, key) in in_order_of_the_defaults() {
            if let Some(value) = self.values.get(section).and_then(|section| section.get(key)) {
                let origin = self.origin(section, key).clone();
                let name = format!("{section}.{key}");
                settings.push(Setting { name, value: value.clone(), origin });
            }
        }
        settings
    }

    fn default(&self, section: &str, key: &str) -> Option<&Value> {
        self.defaults.get(section)?.get(key)
    }

    /// A value whose paths, if it has any, are absolute.
    fn resolved(&self, value: Value, given: &Given) -> Value {
        let setting = (given.section.as_str(), given.key.as_str());
        let is_model = MODELS.contains(&setting);
        if !is_model && !PATHS.contains(&setting) {
            return value;
        }
        let folder = given.origin.folder().unwrap_or(&self.current_folder);
        let absolute = |text: &str| match (text.strip_prefix('~'), &self.home) {
            (Some(""), Some(home)) => home.clone(),
            (Some(rest), Some(home)) if rest.starts_with('/') => home.join(&rest[1..]),
            _ => folder.join(text),
        };
        match value {
            Value::String(text) if is_model => Value::String(match folder_named(&text) {
                Some(path) => {
                    let plain: PathBuf = absolute(path).components().collect();
                    format!("dir:{}", plain.to_string_lossy())
                }
                None => text,
            }),
            Value::String(text) if !text.trim().is_empty() => {
                Value::String(absolute(&text).to_string_lossy().into_owned())
            }
            Value::Array(values) => {
                Value::Array(values.into_iter().map(|value| self.resolved(value, given)).collect())
            }
            other => other,
        }
    }
}

/// The error of a setting that there is not, with the one that was perhaps meant.
fn unknown(given: &Given) -> Error {
    let Given { section, key, origin, .. } = given;
    let name = format!("{section}.{key}");
    let meant = in_order_of_the_defaults()
        .into_iter()
        .map(|(section, other)| (other == key, format!("{section}.{other}")))
        .map(|(same_key, other)| (same_key, strsim::jaro_winkler(&name, &other), other))
        .max_by(|one, other| one.0.cmp(&other.0).then(one.1.total_cmp(&other.1)))
        .filter(|(same_key, likeness, _)| *same_key || *likeness >= LIKENESS_MIN);
    Error::usage(format!("{origin}: there is no setting `{name}`")).hint(match meant {
        Some((.., meant)) => format!("did you mean `{meant}`?"),
        None => "`twin config show` lists the settings".to_owned(),
    })
}

/// The names of all settings, as they follow each other in the defaults.
fn in_order_of_the_defaults() -> Vec<(&'static str, &'static str)> {
    let mut section = "";
    let mut names = Vec::new();
    for line in DEFAULTS.lines() {
        if let Some(rest) = line.strip_prefix('[') {
            section = rest.trim_end_matches(']');
        } else if let Some((key, _)) = line.split_once(" = ")
            && !line.starts_with('#')
        {
            names.push((section, key));
        }
    }
    names
}

/// The error of defaults that do not fit the types; a test keeps it from being seen.
fn in_defaults(error: toml::de::Error) -> Error {
    Error::failed("the built-in config.toml is broken").caused_by(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn defaults() -> Table {
        toml::from_str(DEFAULTS).unwrap()
    }

    #[test]
    fn the_defaults_are_exactly_the_settings() {
        defaults().try_into::<Config>().unwrap();
        let mut listed = 0;
        for (section, keys) in &defaults() {
            for key in keys.as_table().unwrap().keys() {
                assert!(
                    in_order_of_the_defaults().contains(&(section.as_str(), key.as_str())),
                    "{section}.{key} is not written as `key = value` on a line of its own"
                );
                listed += 1;

                let mut without = defaults();
                without[section].as_table_mut().unwrap().remove(key);
                assert!(
                    without.try_into::<Config>().is_err(),
                    "{section}.{key} is in config.toml and no field needs it"
                );
            }
            let mut with = defaults();
            with[section].as_table_mut().unwrap().insert("other".to_owned(), Value::from(1));
            assert!(
                with.try_into::<Config>().is_err(),
                "[{section}] takes keys it has no field for"
            );
        }
        assert_eq!(in_order_of_the_defaults().len(), listed);
    }

    #[test]
    fn every_setting_stands_below_a_comment() {
        let mut before = "";
        let mut uncommented = Vec::new();
        let mut commented = false;
        for line in DEFAULTS.lines() {
            if line.starts_with('#') {
                commented = true;
            } else if line.is_empty() || line.starts_with('[') {
                commented = false;
            } else if !commented && !before.contains(" = ") {
                uncommented.push(line);
            }
            before = line;
        }
        assert_eq!(uncommented, Vec::<&str>::new());
    }
}
