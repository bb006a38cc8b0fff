//! Where logtwin keeps its files.

use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;

use super::Environment;
use crate::error::{Error, Result};

/// The name of logtwin's folder in each of the user's.
const NAME: &str = "logtwin";

/// The four folders that logtwin writes to; none needs to be there yet.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Paths {
    /// The user's settings.
    pub config: PathBuf,
    /// The indexes; they can be made anew from the notes.
    pub data: PathBuf,
    /// What is kept between runs and is no one's data, such as logs.
    pub state: PathBuf,
    /// What can be fetched again: the models.
    pub cache: PathBuf,
}

impl Paths {
    /// The folders of this user.
    ///
    /// `TWIN_HOME` puts all four below one folder. Else the variables of the XDG base directories
    /// decide, and where one is not set, what the platform is used to.
    ///
    /// # Errors
    /// When no variable names a place and the user has no home folder.
    pub fn new(environment: &Environment, current_folder: &Path) -> Result<Self> {
        if let Some(home) = environment.path("TWIN_HOME") {
            return Ok(Self::below(&current_folder.join(home)));
        }
        let folder = |variable: &str, own: fn(&Own) -> PathBuf| match xdg(environment, variable) {
            Some(base) => Ok(base.join(NAME)),
            None => Ok(own(&platform()?)),
        };
        Ok(Self {
            config: folder("XDG_CONFIG_HOME", |own| own.config_dir().join(NAME))?,
            data: folder("XDG_DATA_HOME", |own| own.data_dir().join(NAME))?,
            state: folder("XDG_STATE_HOME", |own| match own.state_dir() {
                Some(base) => base.join(NAME),
                None => own.data_dir().join(NAME).join("state"),
            })?,
            cache: folder("XDG_CACHE_HOME", |own| own.cache_dir().join(NAME))?,
        })
    }

    /// All four below one folder.
    #[must_use]
    pub fn below(home: &Path) -> Self {
        Self {
            config: home.join("config"),
            data: home.join("data"),
            state: home.join("state"),
            cache: home.join("cache"),
        }
    }

    /// The user's settings file.
    #[must_use]
    pub fn settings_file(&self) -> PathBuf {
        self.config.join("config.toml")
    }

    /// The folder of a collection: its index, and the state beside it.
    #[must_use]
    pub fn collection(&self, name: &str) -> PathBuf {
        self.data.join("collections").join(name)
    }

    /// The folder of the embedding models.
    #[must_use]
    pub fn models(&self) -> PathBuf {
        self.cache.join("models")
    }
}

#[cfg(any(target_os = "macos", target_os = "ios"))]
type Own = etcetera::base_strategy::Apple;
#[cfg(target_os = "windows")]
type Own = etcetera::base_strategy::Windows;
#[cfg(not(any(target_os = "macos", target_os = "ios", target_os = "windows")))]
type Own = etcetera::base_strategy::Xdg;

fn platform() -> Result<Own> {
    Own::new().map_err(|error| {
        Error::usage("no place for settings and index: there is no home folder")
            .hint("set TWIN_HOME to a folder of your choice")
            .caused_by(error)
    })
}

/// The folder that an XDG variable names; the specification has a relative one ignored.
fn xdg(environment: &Environment, variable: &str) -> Option<PathBuf> {
    environment.path(variable).filter(|path| path.is_absolute())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(variables: &[(&str, &str)]) -> Paths {
        let environment: Environment = variables.iter().copied().collect();
        Paths::new(&environment, Path::new("/work/here")).unwrap()
    }

    #[test]
    fn the_xdg_variables_name_the_four_folders() {
        let paths = paths(&[
            ("XDG_CONFIG_HOME", "/x/config"),
            ("XDG_DATA_HOME", "/x/data"),
            ("XDG_STATE_HOME", "/x/state"),
            ("XDG_CACHE_HOME", "/x/cache"),
        ]);
        assert_eq!(paths.settings_file(), Path::new("/x/config/logtwin/config.toml"));
        assert_eq!(paths.collection("diary"), Path::new("/x/data/logtwin/collections/diary"));
        assert_eq!(paths.state, Path::new("/x/state/logtwin"));
        assert_eq!(paths.models(), Path::new("/x/cache/logtwin/models"));
    }

    #[test]
    fn a_relative_xdg_variable_is_ignored() {
        let paths = paths(&[("XDG_CONFIG_HOME", "relative"), ("XDG_DATA_HOME", "/x/data")]);
        assert!(paths.config.is_absolute(), "{}", paths.config.display());
        assert!(!paths.config.ends_with("relative/logtwin"), "{}", paths.config.display());
    }

    #[test]
    fn one_variable_moves_everything() {
        let moved = paths(&[("TWIN_HOME", "/demo"), ("XDG_DATA_HOME", "/x/data")]);
        assert_eq!(moved, Paths::below(Path::new("/demo")));
        assert_eq!(paths(&[("TWIN_HOME", "demo")]), Paths::below(Path::new("/work/here/demo")));
    }
}
