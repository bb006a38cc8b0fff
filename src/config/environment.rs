//! The variables of the environment, read once.

use std::{
    collections::BTreeMap,
    ffi::{OsStr, OsString},
    fmt,
    path::PathBuf,
};

/// What the variables that mirror settings begin with.
pub(super) const PREFIX: &str = "TWIN_";

/// The environment of the process, or one made for a test.
#[derive(Clone, Default)]
pub struct Environment {
    variables: BTreeMap<OsString, OsString>,
}

impl Environment {
    /// The environment of this process.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    pub fn of_process() -> Self {
        Self { variables: std::env::vars_os().collect() }
    }

    /// The value of a variable; none when it is not set, empty, or no Unicode.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.value(name)?.to_str()
    }

    /// The same without the variables that mirror settings.
    #[must_use]
    pub fn without_settings(mut self) -> Self {
        let mirrors = |name: &OsString| {
            name.to_str().is_some_and(|name| name.starts_with(PREFIX) && name != "TWIN_HOME")
        };
        self.variables.retain(|name, _| !mirrors(name));
        self
    }

    /// The path that a variable holds, Unicode or not.
    pub(super) fn path(&self, name: &str) -> Option<PathBuf> {
        self.value(name).map(PathBuf::from)
    }

    /// The names that begin so, with what follows, and their values.
    pub(super) fn starting_with<'a>(
        &'a self,
        prefix: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a OsStr)> {
        self.variables.iter().filter_map(move |(name, value)| {
            Some((name.to_str()?.strip_prefix(prefix)?, value.as_os_str()))
        })
    }

    fn value(&self, name: &str) -> Option<&OsStr> {
        let value = self.variables.get(OsStr::new(name))?;
        (!value.is_empty()).then_some(value.as_os_str())
    }
}

impl<Name: Into<OsString>, Value: Into<OsString>> FromIterator<(Name, Value)> for Environment {
    fn from_iter<Pairs: IntoIterator<Item = (Name, Value)>>(pairs: Pairs) -> Self {
        let variables = pairs.into_iter().map(|(name, value)| (name.into(), value.into()));
        Self { variables: variables.collect() }
    }
}

/// Only how many there are, since some are keys.
impl fmt::Debug for Environment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Environment({} variables)", self.variables.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_variable_is_not_set() {
        let environment: Environment = [("FULL", "x"), ("EMPTY", "")].into_iter().collect();
        assert_eq!(environment.text("FULL"), Some("x"));
        assert_eq!(environment.text("EMPTY"), None);
        assert_eq!(environment.text("ABSENT"), None);
    }

    #[test]
    fn debug_output_hides_the_values() {
        let environment: Environment = [("KEY", "sk-1234")].into_iter().collect();
        assert_eq!(format!("{environment:?}"), "Environment(1 variables)");
    }
}
