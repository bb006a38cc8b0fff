//! The settings of this run, brought together from their layers.

use std::path::{Path, PathBuf};

use super::{
    Config, Environment, HubAccess, Keyring, Paths, Setting,
    file::{from_file, project_file},
    given::{Origin, from_environment, from_flags},
    merged::Merged,
    sound::{Fault, fault},
};
use crate::error::{Error, Result};

/// The settings of this run, and what else comes from the environment.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The settings, typed.
    pub config: Config,
    /// Where files are kept.
    pub paths: Paths,
    /// Every setting with its origin, in the order of `config.toml`.
    pub settings: Vec<Setting>,
    /// The settings files that were read, the strongest first.
    pub files: Vec<PathBuf>,
    environment: Environment,
}

impl Settings {
    /// The settings of all layers; each override is `section.key=value`.
    ///
    /// # Errors
    /// When a layer names a setting that there is not, or gives one a value that it can't have.
    pub fn load(
        environment: Environment,
        current_folder: &Path,
        overrides: &[String],
    ) -> Result<Self> {
        let paths = Paths::new(&environment, current_folder)?;
        let user = Some(paths.settings_file()).filter(|file| file.exists());
        let files = [project_file(current_folder), user].into_iter().flatten().collect();
        Self::merge(environment, current_folder, overrides, paths, files)
    }

    /// The settings without those of any file, as the demo has them.
    ///
    /// # Errors
    /// As [`Settings::load`].
    pub fn load_without_files(
        environment: Environment,
        current_folder: &Path,
        overrides: &[String],
    ) -> Result<Self> {
        let paths = Paths::new(&environment, current_folder)?;
        Self::merge(environment, current_folder, overrides, paths, Vec::new())
    }

    /// The key that an environment variable holds, or that was put into the keyring under its name.
    #[must_use]
    pub fn key(&self, variable: &str) -> Option<String> {
        self.key_in_environment(variable).or_else(|| self.keyring().key(variable))
    }

    /// The keys in the system's keyring.
    #[must_use]
    pub fn keyring(&self) -> Keyring {
        Keyring::of(&self.paths.config)
    }

    /// The key that an environment variable holds.
    #[must_use]
    pub fn key_in_environment(&self, variable: &str) -> Option<String> {
        let key = self.environment.text(variable)?.trim();
        (!key.is_empty()).then(|| key.to_owned())
    }

    /// How the hub is reached that models are fetched from.
    #[must_use]
    pub fn hub(&self) -> HubAccess {
        HubAccess::of(&self.environment, home(&self.environment))
    }

    /// The address that sources link to, with `{path}` and perhaps `{line}`; none for no links.
    #[must_use]
    pub fn link(&self) -> Option<&str> {
        self.config.output.link.address(self.environment.text("TERM_PROGRAM"))
    }

    fn merge(
        environment: Environment,
        current_folder: &Path,
        overrides: &[String],
        paths: Paths,
        files: Vec<PathBuf>,
    ) -> Result<Self> {
        let mut merged = Merged::new(current_folder, home(&environment))?;
        for file in files.iter().rev() {
            merged.add(from_file(file)?)?;
        }
        merged.add(from_environment(&environment, merged.sections())?)?;
        merged.add(from_flags(overrides)?)?;

        let config = merged.config()?;
        if let Some(Fault { setting: (section, key), asked_by, message, hint }) = fault(&config) {
            let origin = match (merged.origin(section, key), asked_by) {
                (Origin::Default, Some((section, key))) => merged.origin(section, key),
                (origin, _) => origin,
            };
            return Err(Error::usage(format!("{origin}: `{section}.{key}`: {message}")).hint(hint));
        }
        Ok(Self { config, paths, settings: merged.settings(), files, environment })
    }
}

/// The user's own folder.
fn home(environment: &Environment) -> Option<PathBuf> {
    environment.path("HOME").or_else(|| etcetera::home_dir().ok())
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
