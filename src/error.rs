//! What can go wrong, with its remedy and the exit code that says so to a script.

use std::fmt;

use serde::{Serialize, Serializer, ser::SerializeStruct as _};

/// A result whose error knows its exit code.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The exit codes of `twin`; a script may rely on them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(u8)]
pub enum Exit {
    /// Everything was done.
    Done = 0,
    /// Something failed for which there is no code of its own.
    Failed = 1,
    /// The command line or the configuration is wrong.
    Usage = 2,
    /// Done in part: something was skipped, and named.
    Partial = 3,
    /// Nothing in the logbook answers this.
    Nothing = 4,
    /// There is no index yet.
    NoIndex = 10,
    /// Another process holds the index.
    Locked = 11,
    /// The index was made with another model, schema or chunker.
    OtherIndex = 12,
    /// A server, or a model to download, can't be reached.
    Unreachable = 13,
    /// Over the budget or the quota.
    OverBudget = 14,
    /// Interrupted by the user.
    Interrupted = 130,
}

/// A failure: what failed, why, what to do about it, and the exit code.
///
/// The message is a lowercase fragment that names the file or the value; the hint is data beside
/// it, printed on a line of its own.
#[derive(Debug)]
pub struct Error {
    exit: Exit,
    message: String,
    hint: Option<String>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// An error with its exit code.
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into(), hint: None, source: None }
    }

    /// An error for which there is no exit code of its own.
    pub fn failed(message: impl Into<String>) -> Self {
        Self::new(Exit::Failed, message)
    }

    /// An error in what the user typed or configured.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// Adds the remedy.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds what caused it.
    #[must_use]
    pub fn caused_by(
        mut self,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The exit code that the process ends with.
    #[must_use]
    pub fn exit(&self) -> Exit {
        self.exit
    }

    /// The remedy, where one is known.
    #[must_use]
    pub fn remedy(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)?;
        let mut source = std::error::Error::source(self);
        while let Some(cause) = source {
            write!(formatter, ": {cause}")?;
            source = cause.source();
        }
        Ok(())
    }
}

/// As an object of its message, its remedy and its exit code.
impl Serialize for Error {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Error", 3)?;
        object.serialize_field("message", &self.to_string())?;
        object.serialize_field("remedy", &self.remedy())?;
        object.serialize_field("exit", &(self.exit as u8))?;
        object.end()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| &**source as &(dyn std::error::Error + 'static))
    }
}

/// Adds to a foreign error what was being done when it came up.
pub trait Context<T> {
    /// Wraps the error under a message.
    ///
    /// # Errors
    /// The same failure, named.
    fn context(self, message: impl FnOnce() -> String) -> Result<T>;
}

impl<T, E> Context<T> for std::result::Result<T, E>
where
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    fn context(self, message: impl FnOnce() -> String) -> Result<T> {
        self.map_err(|source| Error::failed(message()).caused_by(source))
    }
}
