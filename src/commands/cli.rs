//! The command line: what can be typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;

#[cfg(feature = "local-embed")]
use super::subcommands::ModelsCommand;
use super::{
    eval_flags::EvalArgs,
    flags::{amount, day, year},
    subcommands::{ConfigCommand, KeysCommand},
    upkeep_flags::{CheckArgs, ExportArgs, ImportArgs, PurgeArgs},
};
use crate::error::{Error, Result};

/// A digital twin over your logbook: ask your own dated notes, by year, with citations.
#[derive(Debug, Parser)]
#[command(name = "twin", version, max_term_width = 100, after_help = EXAMPLES)]
pub struct Cli {
    /// Settings and what every command understands
    #[command(flatten)]
    pub common: Common,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

const EXAMPLES: &str = "Examples:
  twin demo                                    see it on a logbook that comes with it
  twin ingest ~/notes                          read your own
  twin ask 'what did I learn in 2022?'         ask
  twin ask --continue 'and in 2023?'           ask on
  twin recap 2022 --format md > 2022.md        an account of a year
  twin search sourdough --year 2021            find passages
  twin dates notes/2022-03.md:40               see what dates an entry

Exit codes: 0 done, 1 failed, 2 usage, 3 done in part, 4 the logbook does not say,
10 no index yet, 11 locked, 12 index of another model, 13 unreachable, 14 over budget.";

const INGEST_EXAMPLES: &str = "Examples:
  twin ingest ~/notes                   read a folder
  twin ingest ~/notes ~/work/log        read two: they are the whole logbook from now on
  twin ingest                           read what changed since
  twin ingest --dry-run                 see what would be done";

const ASK_EXAMPLES: &str = "Examples:
  twin ask 'what did I learn in 2022?'
  twin ask --continue 'and in 2023?'
  twin ask \"qu'est-ce que j'ai appris le mois dernier ?\"
  twin ask --year 2021 --year 2022 --tag running 'what was my longest run?'
  twin ask --no-llm 'when did I first bake bread?'
  echo 'what did I do last week?' | twin ask -
  twin ask --batch questions.txt --jsonl > answers.jsonl";

const CHAT_EXAMPLES: &str = "Examples:
  twin chat                             `/help` lists what can be typed beside questions
  twin chat --continue                  go on with the last one
  twin chat --session garden            one with a name, to come back to
  twin sessions export garden > garden.md";

const RECAP_EXAMPLES: &str = "Examples:
  twin recap 2022
  twin recap last month
  twin recap 2021..2023 --about running
  twin recap 2022-Q3 --format json > 2022-Q3.json
  twin recap 2021..2023 --every month --out recaps
  twin recap 2022 --compare 2021
  twin recap --on-this-day
  twin recap 2022 --dry-run --quiet > prompts.txt      see what would be sent, and its price";

const SEARCH_EXAMPLES: &str = "Examples:
  twin search sourdough
  twin search sourdough --year 2021
  twin search --from 2022-01-01 --to 2022-06-30 -n 5 marathon
  twin search --path daily/ --json postgres";

const EVAL_EXAMPLES: &str = "Examples:
  twin eval questions.jsonl --notes ~/notes
  twin eval questions.jsonl --notes ~/notes --against search.dense_weight=0 --differences
  twin eval questions.jsonl --notes ~/notes --against embedding.model=none --format md > words.md
  twin eval --generate own.jsonl && twin eval own.jsonl    on your own logbook";

/// What every command understands.
#[derive(Args, Clone, Debug, Default)]
pub struct Common {
    /// Set a setting for this run, as section.key=value
    #[arg(long = "set", value_name = "KEY=VALUE", global = true, help_heading = "Common")]
    pub set: Vec<String>,
    /// Print JSON
    #[arg(long, global = true, help_heading = "Common")]
    pub json: bool,
    /// Print nothing but the result and errors
    #[arg(long, short, global = true, help_heading = "Common")]
    pub quiet: bool,
    /// Make no connection at all, not even to this machine
    #[arg(long, global = true, help_heading = "Common")]
    pub offline: bool,
    /// When to colour; else the setting output.color decides
    #[arg(long, value_enum, global = true, help_heading = "Common")]
    pub color: Option<Color>,
    /// The day that counts as today
    #[arg(long, value_name = "DATE", value_parser = day, global = true, help_heading = "Common")]
    pub now: Option<Date>,
}

/// When to colour.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read folders of notes into the index; run again, it only touches what changed
    #[command(after_help = INGEST_EXAMPLES)]
    Ingest(IngestArgs),
    /// Make the index anew beside the one that answers meanwhile, as `ingest --rebuild` does
    Rebuild,
    /// Ask a question
    #[command(after_help = ASK_EXAMPLES)]
    Ask(AskArgs),
    /// Ask question after question
    #[command(after_help = CHAT_EXAMPLES)]
    Chat(ChatArgs),
    /// Show, export or delete the conversations that were kept
    #[command(subcommand)]
    Sessions(SessionsCommand),
    /// Give an account of a whole period
    #[command(after_help = RECAP_EXAMPLES)]
    Recap(RecapArgs),
    /// Find passages
    #[command(after_help = SEARCH_EXAMPLES)]
    Search(SearchArgs),
    /// Show what is indexed
    Status,
    /// Show what dates each entry of a note, or of the whole logbook in numbers
    Dates(DatesArgs),
    /// Check each part, with remedies
    Doctor,
    /// Hold the index against the notes and against what was written, and repair it
    Check(CheckArgs),
    /// Forget a note for good, in every file
    Purge(PurgeArgs),
    /// Write the index with its vectors as JSON lines
    Export(ExportArgs),
    /// Read what `export` wrote, without embedding it again
    Import(ImportArgs),
    /// Move the index to the Qdrant server of the settings, without embedding it again
    Push,
    /// Show the settings, and where each comes from
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Keep the keys of providers in the system's keyring
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Manage the embedding models on this machine
    #[cfg(feature = "local-embed")]
    #[command(subcommand)]
    Models(ModelsCommand),
    /// See it on the logbook that comes with it
    Demo(DemoArgs),
    /// Measure retrieval on questions with known answers
    #[command(after_help = EVAL_EXAMPLES)]
    Eval(EvalArgs),
    /// Print a completion script
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// Arguments of `twin ingest`.
#[derive(Args, Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct IngestArgs {
    /// Folders of notes, the whole logbook from now on; without any, those of the configuration or
    /// of the last time
    pub folders: Vec<PathBuf>,
    /// Show what would be done, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Read every file, whatever its size and time say
    #[arg(long)]
    pub rehash: bool,
    /// The embedding model
    #[arg(long)]
    pub model: Option<String>,
    /// Remove notes from the index even if over a fifth of them are gone
    #[arg(long)]
    pub allow_mass_delete: bool,
    /// Make the index anew beside the one that answers meanwhile, then put it in its place; texts
    /// embedded before are not embedded again
    #[arg(long)]
    pub rebuild: bool,
}

/// What narrows a question down, beside its words.
#[derive(Args, Clone, Debug, Default)]
pub struct PeriodArgs {
    /// The first day
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub from: Option<Date>,
    /// The last day
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub to: Option<Date>,
    /// One day
    #[arg(long, value_name = "DATE", value_parser = day, conflicts_with_all = ["from", "to", "year"])]
    pub on: Option<Date>,
    /// A year; may be given several times
    #[arg(long, value_parser = year, conflicts_with_all = ["from", "to"])]
    pub year: Vec<i16>,
    /// Only entries with this tag; may be given several times
    #[arg(long)]
    pub tag: Vec<String>,
    /// Only notes whose path begins so; may be given several times
    #[arg(long, value_name = "PREFIX")]
    pub path: Vec<String>,
}

impl PeriodArgs {
    /// Whether a period is typed as a flag.
    pub(super) fn names_period(&self) -> bool {
        let has_day = self.from.is_some() || self.to.is_some() || self.on.is_some();
        has_day || !self.year.is_empty()
    }
}

/// Arguments of `twin ask`.
#[derive(Args, Clone, Debug)]
pub struct AskArgs {
    /// The question; `-` reads it from standard input
    #[arg(required_unless_present = "batch", conflicts_with = "batch")]
    pub question: Vec<String>,
    /// Narrowing
    #[command(flatten)]
    pub period: PeriodArgs,
    /// How to answer
    #[command(flatten)]
    pub answer: AnswerArgs,
    /// Take the question on from the one before
    #[arg(long = "continue", short = 'c')]
    pub follow: bool,
    /// Ask the questions of a file, one a line, each on its own; one that begins with `> ` follows
    /// on the one before, `#` begins a comment, and `-` reads standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["follow", "dry_run"])]
    pub batch: Option<PathBuf>,
    /// Print one JSON object a question, each on a line, with the exit code of the question alone
    #[arg(long, requires = "batch", conflicts_with = "question")]
    pub jsonl: bool,
    /// Show how the question was understood and why each passage was found
    #[arg(long)]
    pub explain: bool,
}

/// How to answer.
#[derive(Args, Clone, Debug, Default)]
pub struct AnswerArgs {
    /// Answer from the index alone, without a language model
    #[arg(long)]
    pub no_llm: bool,
    /// Show what would be sent, its tokens and where to, and send nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Add what the model is asked and what it says to a file, without keys and secrets
    #[arg(long, value_name = "FILE")]
    pub log_requests: Option<PathBuf>,
}

/// Arguments of `twin chat`.
#[derive(Args, Clone, Debug, Default)]
pub struct ChatArgs {
    /// Narrowing
    #[command(flatten)]
    pub period: PeriodArgs,
    /// How to answer
    #[command(flatten)]
    pub answer: AnswerArgs,
    /// Go on with the last conversation that has no name
    #[arg(long = "continue", short = 'c', conflicts_with = "session")]
    pub follow: bool,
    /// Begin the conversation of this name, or go on with it
    #[arg(long, value_name = "NAME", value_parser = session_name)]
    pub session: Option<String>,
}

/// A name that can be seen.
fn session_name(text: &str) -> Result<String> {
    let is_name = text.chars().any(char::is_alphanumeric) && !text.chars().any(char::is_control);
    if !is_name {
        return Err(Error::usage("this is no name").hint("name it with a word or two"));
    }
    Ok(text.trim().to_owned())
}

/// The subcommands of `twin sessions`.
#[derive(Clone, Debug, Subcommand)]
pub enum SessionsCommand {
    /// List the conversations
    List,
    /// Show a conversation; `last` is the one without a name
    Show {
        /// Its name
        name: String,
    },
    /// Print a conversation as markdown
    Export {
        /// Its name
        name: String,
    },
    /// Delete a conversation
    Delete {
        /// Its name
        #[arg(required_unless_present = "all", conflicts_with = "all")]
        name: Option<String>,
        /// Delete all of them
        #[arg(long)]
        all: bool,
    },
}

/// Arguments of `twin recap`.
#[derive(Args, Clone, Debug, Default)]
pub struct RecapArgs {
    /// The period: 2022, 2022-03, 2022-Q3, 2021..2023, or words such as 'last year'
    #[arg(required_unless_present = "on_this_day")]
    pub period: Vec<String>,
    /// The day that it is today, in each year
    #[arg(long, conflicts_with_all = ["period", "every"])]
    pub on_this_day: bool,
    /// Only what is about this
    #[arg(long, value_name = "TOPIC")]
    pub about: Option<String>,
    /// What is new, dropped and recurring since another period
    #[arg(long, value_name = "PERIOD", conflicts_with_all = ["every", "out", "on_this_day"])]
    pub compare: Option<String>,
    /// One recap for each part of the period
    #[arg(long, value_enum, value_name = "PART")]
    pub every: Option<EveryPart>,
    /// Write a file for each period into this folder, such as 2022-03.md; those that would not
    /// change are left as they are
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Replace files in the folder that twin did not write, or that were changed since
    #[arg(long, requires = "out")]
    pub overwrite: bool,
    /// The form of the result
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Fill in this template (Jinja) instead of the usual page; else recap.md.j2 beside your settings
    #[arg(long, value_name = "FILE", conflicts_with_all = ["compare", "format"])]
    pub template: Option<PathBuf>,
    /// Spend no more than this on the model without being told to, in the currency of its prices; 0
    /// for no limit
    #[arg(long, value_name = "AMOUNT", value_parser = amount)]
    pub budget: Option<f64>,
    /// Spend more than the budget without asking
    #[arg(long)]
    pub yes: bool,
    /// How to answer
    #[command(flatten)]
    pub answer: AnswerArgs,
}

/// The parts of a period.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum EveryPart {
    /// By months
    Month,
    /// By quarters
    Quarter,
    /// By years
    Year,
}

/// The form of a recap.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub enum Format {
    /// Markdown
    #[default]
    Md,
    /// JSON
    Json,
}

/// Arguments of `twin search`.
#[derive(Args, Clone, Debug)]
pub struct SearchArgs {
    /// What to look for
    #[arg(required_unless_present = "mentions")]
    pub query: Vec<String>,
    /// Only passages whose text mentions a date of this period, whenever they were written
    #[arg(long, value_name = "PERIOD")]
    pub mentions: Option<String>,
    /// Narrowing
    #[command(flatten)]
    pub period: PeriodArgs,
    /// How many passages
    #[arg(long, short = 'n', default_value_t = 10)]
    pub limit: usize,
    /// Show what would be sent and where to, and send nothing
    #[arg(long, conflicts_with = "explain")]
    pub dry_run: bool,
    /// Show the parts of each score
    #[arg(long)]
    pub explain: bool,
}

/// Arguments of `twin dates`.
#[derive(Args, Clone, Debug, Default)]
pub struct DatesArgs {
    /// A note, or a line of one; without it, the whole logbook in numbers
    #[arg(value_name = "FILE[:LINE]")]
    pub place: Option<String>,
    /// List the entries without a date, as path:line
    #[arg(long)]
    pub undated: bool,
}

/// Arguments of `twin demo`.
#[derive(Args, Clone, Debug, Default)]
pub struct DemoArgs {
    /// The logbook to show
    #[arg(long, value_name = "DIR", default_value = "corpus")]
    pub corpus: PathBuf,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        <Cli as clap::CommandFactory>::command().debug_assert();
    }
}
