//! The logbook of the demo: its gold is there, and what is found for its questions gets no worse.
//!
//! The floors stand in `tests/data/floors.tsv`. The answers to most questions are found by words
//! alone, which needs no model; where the default model is on this machine, it is measured too.

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;
use tempfile::TempDir;

/// The place of the recall at 600 words among the budgets.
const AT_600_WORDS: usize = 2;

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

/// The questions of a file of the corpus.
fn questions(name: &str) -> Vec<Value> {
    let text = fs::read_to_string(corpus().join(name)).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The lines of a note that a piece of evidence names, all of which have to be there.
fn lines_of(evidence: &Value) -> String {
    let file = evidence["file"].as_str().unwrap();
    let text = fs::read_to_string(corpus().join(file)).unwrap_or_else(|_| panic!("no {file}"));
    let number = |key: &str| usize::try_from(evidence[key].as_u64().unwrap()).unwrap();
    let (first, last) = (number("line_start"), number("line_end"));
    let lines: Vec<&str> = text.lines().collect();
    assert!(0 < first && first <= last && last <= lines.len(), "{evidence} is not there");
    lines[first - 1..last].join("\n")
}

fn evidence(question: &Value) -> Vec<String> {
    question["evidence"].as_array().unwrap().iter().map(lines_of).collect()
}

#[test]
fn every_gold_line_is_there_and_says_something() {
    for question in ["questions.jsonl", "pairs.jsonl"].into_iter().flat_map(questions) {
        let lines = evidence(&question);
        let is_answerable = question["answerable"] != false;
        assert_eq!(is_answerable, !lines.is_empty(), "{question}");
        assert!(lines.iter().all(|lines| !lines.trim().is_empty()), "{question}");
    }
}

#[test]
fn a_pair_asks_the_same_in_the_language_of_the_entry_and_in_the_other() {
    let mut pairs: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for question in questions("pairs.jsonl") {
        let answer = question["answer"].as_str().unwrap();
        assert!(evidence(&question).concat().contains(answer), "{question}");
        pairs.entry(question["pair"].to_string()).or_default().push(question);
    }
    for pair in pairs.values() {
        let [same, cross] = &pair[..] else { panic!("no pair: {pair:?}") };
        let kinds = (&same["category"], &cross["category"]);
        assert_eq!(kinds, (&"same-language".into(), &"cross-language".into()), "{pair:?}");
        for key in ["evidence", "answer", "entry_lang"] {
            assert_eq!(same[key], cross[key], "{pair:?}");
        }
        assert_eq!(same["lang"], same["entry_lang"], "{pair:?}");
        assert_ne!(cross["lang"], cross["entry_lang"], "{pair:?}");
    }
    let french = pairs.values().filter(|pair| pair[0]["lang"] == "fr").count();
    assert!((60..).contains(&french) && (60..).contains(&(pairs.len() - french)), "{french}");
}

#[test]
fn what_words_alone_find_gets_no_worse() {
    Measurement::new(["--set", "embedding.model=none"]).check("none");
}

#[test]
fn what_the_default_model_finds_gets_no_worse() {
    let measurement = Measurement::new([]);
    let models = measurement.run(&["models", "list", "--json"]);
    let state = models["models"][0]["state"].as_str().unwrap_or_default();
    if state.starts_with("here") {
        measurement.check("default");
    } else {
        println!("SKIPPED: the default model is not on this machine: {state}");
    }
}

/// The program with settings of its own, and the models of the user's cache.
struct Measurement {
    folder: TempDir,
    settings: Vec<&'static str>,
}

impl Measurement {
    fn new<const N: usize>(settings: [&'static str; N]) -> Self {
        Self { folder: TempDir::new().unwrap(), settings: settings.to_vec() }
    }

    /// What it prints as JSON.
    fn run(&self, arguments: &[&str]) -> Value {
        let home = self.folder.path();
        let cache = env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
        let cache = cache.or_else(|| Some(env::home_dir()?.join(".cache"))).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_twin"));
        command.env_clear().current_dir(home).env("HOME", home).env("XDG_CACHE_HOME", cache);
        let output = command.args(&self.settings).args(arguments).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// Holds what is found against the floors of a model.
    fn check(&self, model: &str) {
        let index = self.folder.path().join("index");
        let mut below = Vec::new();
        for file in ["questions.jsonl", "pairs.jsonl"] {
            let floors = floors(file, model);
            assert!(!floors.is_empty(), "no floor for {file} with {model}");
            let questions = corpus().join(file);
            let paths =
                [&questions, &corpus(), &index].map(|path| path.to_str().unwrap().to_owned());
            let [questions, notes, index] = &paths;
            let eval = ["eval", questions, "--notes", notes, "--index", index, "--json"];
            let measured = measured(&self.run(&eval));
            for (measure, floor) in floors {
                let value = measured.get(&measure).copied();
                if value.is_none_or(|value| value < floor) {
                    below.push(format!("{file}, {model}, {measure}: {value:?} is under {floor}"));
                }
            }
        }
        assert!(below.is_empty(), "\n{}\n", below.join("\n"));
    }
}

/// What was measured, by the names that the floors have for it; more is better.
fn measured(scores: &Value) -> BTreeMap<String, f64> {
    let mut measured = BTreeMap::new();
    let rows = scores["categories"].as_object().unwrap().iter();
    let rows = rows.map(|(category, row)| (category.as_str(), row));
    for (category, row) in rows.chain([("ALL", &scores["all"])]) {
        measured.insert(category.to_owned(), row["recall"][AT_600_WORDS].as_f64().unwrap());
    }
    let count = |key: &str| scores["abstention"][key].as_f64().unwrap();
    measured.insert("rightly absent".to_owned(), count("rightly"));
    measured.insert("answered".to_owned(), count("answerable") - count("wrongly"));
    measured
}

/// The floors of a file of questions with a model.
fn floors(file: &str, model: &str) -> Vec<(String, f64)> {
    let table = include_str!("../data/floors.tsv");
    let rows = table.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let rows = rows.map(|line| line.split('\t').collect::<Vec<_>>());
    rows.filter(|row| row[..2] == [file, model])
        .map(|row| (row[2].to_owned(), row[3].parse().unwrap()))
        .collect()
}
