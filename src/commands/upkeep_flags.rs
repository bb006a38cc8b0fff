//! What can be typed to check an index, to forget a note, and to take an index elsewhere.

use std::path::PathBuf;

use clap::Args;

/// Arguments of `twin check`.
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct CheckArgs {
    /// Remove what no note has, read notes anew of which something is lost, and make the index anew
    /// when its files are damaged
    #[arg(long)]
    pub repair: bool,
}

/// Arguments of `twin purge`.
#[derive(Args, Clone, Debug, Default)]
pub struct PurgeArgs {
    /// The note, as sources are shown or by its file, or a folder of notes
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    pub path: Option<String>,
    /// Forget everything: the index, the conversations, and what was typed in chats
    #[arg(long)]
    pub all: bool,
    /// Do not ask first
    #[arg(long)]
    pub yes: bool,
}

/// Arguments of `twin export`.
#[derive(Args, Clone, Debug, Default)]
pub struct ExportArgs {
    /// The file to write; else standard output
    pub file: Option<PathBuf>,
}

/// Arguments of `twin import`.
#[derive(Args, Clone, Debug, Default)]
pub struct ImportArgs {
    /// The file to read; `-` is standard input
    pub file: PathBuf,
}
