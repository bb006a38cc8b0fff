//! How the Hugging Face hub is reached: by the variables that its own tools read.
//!
//! Source: the hub's documentation, *Environment variables*.

use std::path::PathBuf;

use super::Environment;

/// How the hub is reached.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct HubAccess {
    /// Another address than the hub's own.
    pub endpoint: Option<String>,
    /// The folder in which the hub's own tools keep models.
    pub shared_cache: Option<PathBuf>,
    /// Whether it may not be asked.
    pub offline: bool,
}

impl HubAccess {
    /// The environment variable with the token.
    pub const KEY_VARIABLE: &'static str = "HF_TOKEN";

    /// What the environment says.
    pub(super) fn of(environment: &Environment, home: Option<PathBuf>) -> Self {
        let below_cache = || {
            let cache =
                environment.path("XDG_CACHE_HOME").or_else(|| Some(home?.join(".cache")))?;
            Some(cache.join("huggingface"))
        };
        let home = || environment.path("HF_HOME").or_else(below_cache).map(|home| home.join("hub"));
        let offline = environment.text("HF_HUB_OFFLINE").map(str::to_ascii_lowercase);
        Self {
            endpoint: environment.text("HF_ENDPOINT").map(str::to_owned),
            shared_cache: environment.path("HF_HUB_CACHE").or_else(home),
            offline: offline.is_some_and(|value| ["1", "on", "yes", "true"].contains(&&*value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variables_of_the_hubs_own_tools_are_read() {
        let check = |variables: &[(&str, &str)], cache: &str, offline: bool| {
            let environment: Environment = variables.iter().copied().collect();
            let access = HubAccess::of(&environment, Some("/home/me".into()));
            assert_eq!((access.shared_cache, access.offline), (Some(cache.into()), offline));
        };
        check(&[], "/home/me/.cache/huggingface/hub", false);
        check(&[("XDG_CACHE_HOME", "/x")], "/x/huggingface/hub", false);
        check(&[("HF_HOME", "/hf"), ("XDG_CACHE_HOME", "/x")], "/hf/hub", false);
        check(&[("HF_HUB_CACHE", "/c"), ("HF_HOME", "/hf")], "/c", false);
        check(&[("HF_HOME", "/hf"), ("HF_HUB_OFFLINE", "1")], "/hf/hub", true);
        check(&[("HF_HOME", "/hf"), ("HF_HUB_OFFLINE", "0")], "/hf/hub", false);
    }
}
