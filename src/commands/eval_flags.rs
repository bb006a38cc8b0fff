//! The flags of `twin eval`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Arguments of `twin eval`.
#[derive(Args, Clone, Debug)]
pub struct EvalArgs {
    /// Questions with gold, one JSON object a line
    #[arg(required_unless_present = "generate", conflicts_with = "generate")]
    pub questions: Option<PathBuf>,
    /// The folder of notes that they ask about; else the one that was ingested
    #[arg(long, value_name = "DIR")]
    pub notes: Option<PathBuf>,
    /// Make questions with gold of the notes themselves, by rule, and write them here
    #[arg(long, value_name = "FILE")]
    pub generate: Option<PathBuf>,
    /// How many questions to make
    #[arg(long, value_name = "N", default_value_t = 100, conflicts_with = "questions")]
    pub count: usize,
    /// Which of all questions to make: the same number makes the same ones
    #[arg(long, value_name = "N", default_value_t = 1, conflicts_with = "questions")]
    pub seed: u64,
    /// Show what would be sent, where to and its price, and send nothing
    #[arg(long, conflicts_with = "generate")]
    pub dry_run: bool,
    /// Write what was retrieved, one JSON object a line
    #[arg(long, value_name = "FILE")]
    pub predictions: Option<PathBuf>,
    /// Keep the index in this folder, and use it again
    #[arg(long, value_name = "DIR")]
    pub index: Option<PathBuf>,
    /// The embedding model
    #[arg(long)]
    pub model: Option<String>,
    /// Hold the settings against others, as section.key=value; several, parted by spaces, change
    /// together, and what is given again is held against them on its own
    #[arg(long, value_name = "KEY=VALUE")]
    pub against: Vec<String>,
    /// List the questions whose recall changed the most
    #[arg(
        long,
        value_name = "N",
        requires = "against",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "20"
    )]
    pub differences: Option<usize>,
    /// The form of the result
    #[arg(long, value_enum, default_value_t)]
    pub format: TableFormat,
}

/// The form of a table.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub enum TableFormat {
    /// For a terminal
    #[default]
    Text,
    /// Markdown
    Md,
    /// JSON
    Json,
}
