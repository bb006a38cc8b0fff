//! The command line by transcript: what is typed, and what the program prints for it.
//!
//! A run has the real binary, an environment of its own with all folders below a temporary one,
//! 15 June 2024 as today, and no embedding model, so that nothing is fetched.

mod ask;
mod bad_files;
mod batch;
mod check;
#[cfg(target_os = "linux")]
mod crash;
mod dates;
mod dry_run;
mod expansion;
mod forms;
mod found;
mod hostile;
mod ingest;
mod inspect;
#[cfg(unix)]
mod interrupts;
#[cfg(target_os = "linux")]
mod keys;
mod measure;
mod model;
mod offline;
mod pipe;
mod privacy;
mod prompts;
#[cfg(feature = "local-embed")]
mod published;
mod purge;
mod rebuild;
mod recap;
mod recap_compare;
mod recap_coverage;
mod recap_files;
mod recap_forms;
mod recap_privacy;
mod rerank;
mod rewording;
#[cfg(unix)]
mod scripts;
mod search;
mod server;
mod sessions;
mod time;
mod transfer;
#[cfg(unix)]
mod typed;
mod undated;
mod understand;

use std::{
    fs,
    path::PathBuf,
    process::{Command, Output},
    time::Duration,
};

use insta::internals::SettingsBindDropGuard;
use logtwin::backends::chat::Provider;
use tempfile::TempDir;

use crate::servers::KEY;

/// The variable that holds the key of a model.
const KEY_VARIABLE: &str = "SOME_KEY";

/// What has another value in each run, and what stands for it in a transcript.
const FILTERS: [(&str, &str); 5] = [
    (r"in \d+\.\d s", "in [TIME]"),
    (r"size      [\d.]+ MiB", "size      [SIZE]"),
    (r"question: [\d.]+ ms", "question: [TIME]"),
    (r"passage-[0-9a-f]{12}", "passage-[NONCE]"),
    (r"127\.0\.0\.1:\d{5}", "127.0.0.1:[PORT]"),
];

/// A small logbook: three days, a log of two more, and a note without a date.
const LOGBOOK: [(&str, &str); 5] = [
    (
        "daily/2021-03-08.md",
        "# A loaf\n\nLearned to bake sourdough: the starter wants 24 degrees and a night of rest.\n",
    ),
    (
        "daily/2022-05-14.md",
        "---\ntags: [garden]\n---\n# Beans\n\nPlanted beans and tomatoes with Lena. The soil is \
         heavy clay.\n\n## Work\n\nThe release slipped because nobody owned the migration. I \
         learned to ask who owns a thing before I build it.\n",
    ),
    (
        "daily/2022-09-02.md",
        "# Vélo\n\nJ'ai appris à réparer une chambre à air : il faut trouver la fuite dans l'eau, \
         puis poncer avant de coller.\n",
    ),
    (
        "log.md",
        "# Log\n\n## 2023-02-11\n\nRead a book on tides. The moon pulls twice a day.\n\n\
         ## 2023-11-24\n\nClosed the garden for the winter and mulched the beds with leaves.\n",
    ),
    ("recipes.md", "# Recipes\n\nPancakes: two eggs, flour, milk, a pinch of salt.\n"),
];

/// A user with notes in `notes`, in a folder that is removed afterwards.
struct Twin {
    folder: TempDir,
    settings: Vec<String>,
    _filters: SettingsBindDropGuard,
}

impl Twin {
    /// A user with these notes, none of them ingested.
    fn new(notes: &[(&str, &str)]) -> Self {
        Self::within(TempDir::new().unwrap(), notes)
    }

    /// The same in a folder in memory, where there is one, for what writes very often.
    #[cfg(target_os = "linux")]
    fn in_memory(notes: &[(&str, &str)]) -> Self {
        Self::within(TempDir::new_in("/dev/shm").or_else(|_| TempDir::new()).unwrap(), notes)
    }

    fn within(folder: TempDir, notes: &[(&str, &str)]) -> Self {
        let mut filters = insta::Settings::clone_current();
        for (pattern, replacement) in FILTERS {
            filters.add_filter(pattern, replacement);
        }
        let twin = Self {
            folder,
            settings: vec!["embedding.model=none".to_owned(), "llm.provider=none".to_owned()],
            _filters: filters.bind_to_scope(),
        };
        fs::create_dir(twin.home().join("notes")).unwrap();
        for (path, text) in notes {
            twin.write(path, text);
        }
        twin
    }

    /// A user whose notes are ingested.
    fn ingested(notes: &[(&str, &str)]) -> Self {
        let twin = Self::new(notes);
        twin.run(&["ingest", "notes"]);
        twin
    }

    /// The same user with a model at an address.
    fn asking(self, provider: Provider, base_url: &str) -> Self {
        let provider = if provider == Provider::OpenAi { "openai" } else { "anthropic" };
        self.with(format!("llm.provider={provider}"))
            .with(format!("llm.url={base_url}"))
            .with("llm.model=small")
            .with(format!("llm.key_variable={KEY_VARIABLE}"))
    }

    /// The same user with one more setting in every run.
    fn with(mut self, setting: impl Into<String>) -> Self {
        self.settings.push(setting.into());
        self
    }

    fn home(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap()
    }

    /// Writes a note.
    fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let note = self.note(path);
        fs::create_dir_all(note.parent().unwrap()).unwrap();
        fs::write(note, text).unwrap();
    }

    /// Where a note is.
    fn note(&self, path: &str) -> PathBuf {
        self.home().join("notes").join(path)
    }

    /// Where the index and the state are.
    fn collection(&self) -> PathBuf {
        self.home().join("data/logtwin/collections/logbook")
    }

    /// The program, about to be run.
    fn command(&self, arguments: &[&str]) -> Command {
        let home = self.home();
        let mut command = Command::new(env!("CARGO_BIN_EXE_twin"));
        command.env_clear().current_dir(&home).env("HOME", &home).env(KEY_VARIABLE, KEY);
        for name in ["CONFIG", "DATA", "STATE", "CACHE"] {
            command.env(format!("XDG_{name}_HOME"), home.join(name.to_lowercase()));
        }
        if !arguments.contains(&"--now") {
            command.args(["--now", "2024-06-15"]);
        }
        for setting in &self.settings {
            command.args(["--set", setting]);
        }
        command.args(arguments);
        command
    }

    /// What a run prints, and how it ends.
    #[track_caller]
    fn run(&self, arguments: &[&str]) -> String {
        self.run_with("", arguments)
    }

    /// The same, with something on standard input.
    #[track_caller]
    fn run_with(&self, input: &str, arguments: &[&str]) -> String {
        let mut command = assert_cmd::Command::from_std(self.command(arguments));
        command.write_stdin(input).timeout(Duration::from_mins(1));
        self.transcript(&command.output().unwrap())
    }

    #[track_caller]
    fn transcript(&self, output: &Output) -> String {
        let mut transcript = match output.status.code() {
            Some(code) => format!("exit {code}\n"),
            None => "killed\n".to_owned(),
        };
        for (name, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
            let text = str::from_utf8(bytes).unwrap();
            if !text.is_empty() {
                transcript.push_str(&format!("── {name}\n{text}"));
            }
        }
        assert!(!transcript.contains(KEY), "the key was printed:\n{transcript}");
        transcript.replace(self.home().to_str().unwrap(), "[HOME]")
    }
}
