//! The architecture, held against the source: who may import whom, and who may touch the world.
//!
//! The source is read as tokens, without comments, strings and test modules. What a macro writes
//! is not seen.

mod tokens;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use tokens::{Token, exempt_modules, names_after, tokens, without_tests};

/// Which modules of the crate each one may import, beside itself; everything else is denied.
const MAY_IMPORT: [(&str, &[&str]); 17] = [
    ("error", &[]),
    ("failpoint", &[]),
    ("logbook", &["error"]),
    ("plan", &["logbook", "error"]),
    ("services", &["error", "logbook", "plan"]),
    ("privacy", &["error", "logbook", "services"]),
    ("index", &["error", "failpoint", "logbook", "plan", "services"]),
    ("ingest", &["error", "failpoint", "logbook", "services", "privacy", "index"]),
    ("upkeep", &["error", "logbook", "services", "privacy", "index", "ingest"]),
    ("ask", &["error", "logbook", "plan", "services", "privacy", "index"]),
    ("recap", &["error", "logbook", "plan", "services", "privacy", "index", "ask"]),
    ("eval", &["error", "logbook", "plan", "index", "ask"]),
    ("backends", &["error", "failpoint", "logbook", "services"]),
    ("config", &["error", "logbook"]),
    ("ui", &["error", "logbook", "plan", "services", "index", "ingest", "ask", "recap", "eval"]),
    (
        "commands",
        &[
            "error",
            "failpoint",
            "logbook",
            "plan",
            "services",
            "privacy",
            "index",
            "ingest",
            "ask",
            "recap",
            "eval",
            "backends",
            "config",
            "ui",
            "upkeep",
        ],
    ),
    ("main", &["error", "ui", "commands"]),
];

/// The crates that let text leave this process, which only a backend may name.
const BACKEND_CRATES: [&str; 5] =
    ["candle_core", "qdrant_client", "qdrant_edge", "reqwest", "rustls"];
/// What the core may not ask of the standard library: it does no input and output, and it knows
/// no clock and no environment.
const NOT_IN_THE_CORE: [&str; 6] = ["env", "fs", "io", "net", "process", "time"];
/// The modules that the core consists of.
const CORE: [&str; 2] = ["logbook", "plan"];
/// The most lines of a file, its tests left out.
const LINES_MAX: usize = 500;

/// A file of the source.
struct Source {
    /// Its path below `src`, with `/` between the parts.
    path: String,
    /// The module of the crate that it belongs to.
    module: String,
    /// How many modules it stands below the root of the crate.
    depth: usize,
    /// Its text.
    text: String,
    /// Its tokens, without those of tests.
    tokens: Vec<Token>,
}

#[test]
fn imports_run_one_way() {
    let table: BTreeMap<&str, &[&str]> = MAY_IMPORT.into_iter().collect();
    check(|source| {
        let Some(allowed) = table.get(source.module.as_str()) else {
            return vec![format!("module `{}` is not in the table", source.module)];
        };
        imports(source)
            .into_iter()
            .filter(|name| *name != source.module && !allowed.contains(&name.as_str()))
            .map(|name| format!("`{}` may not import `{name}`", source.module))
            .collect()
    });
}

#[test]
fn the_table_has_no_circle() {
    let mut before = BTreeSet::new();
    let mut left: BTreeMap<&str, &[&str]> = MAY_IMPORT.into_iter().collect();
    while !left.is_empty() {
        let free: Vec<&str> = left
            .iter()
            .filter(|(_, names)| names.iter().all(|name| before.contains(name)))
            .map(|(name, _)| *name)
            .collect();
        assert!(!free.is_empty(), "these import each other: {:?}", left.keys());
        left.retain(|name, _| !free.contains(name));
        before.extend(free);
    }
}

#[test]
fn only_the_user_interface_prints() {
    let macros = ["print", "println", "eprint", "eprintln", "dbg"];
    check(|source| {
        if ["ui", "main"].contains(&source.module.as_str()) {
            return Vec::new();
        }
        // The method `.stdout(…)` says where another program prints.
        let triples = source.tokens.windows(3);
        triples
            .filter(|triple| match (&triple[0], &triple[1], &triple[2]) {
                (_, Token::Word(word), Token::Sign('!')) => macros.contains(&word.as_str()),
                (Token::Sign('.'), ..) => false,
                (_, Token::Word(word), Token::Sign('(')) => word == "stdout" || word == "stderr",
                _ => false,
            })
            .map(|triple| format!("`{}` prints", triple[1]))
            .collect()
    });
}

#[test]
fn only_the_configuration_reads_the_environment() {
    check(|source| {
        if source.module == "config" {
            return Vec::new();
        }
        let reads = |name: &String| name.contains("var") || name == "home_dir";
        let names = names_after(&source.tokens, &["env"]);
        names.into_iter().filter(reads).map(|name| format!("`env::{name}`")).collect()
    });
}

#[test]
fn only_backends_name_what_leaves_the_machine() {
    check(|source| {
        if source.module == "backends" {
            return Vec::new();
        }
        let named = |token: &&Token| BACKEND_CRATES.iter().any(|name| token.is_word(name));
        source.tokens.iter().filter(named).map(|token| format!("names `{token}`")).collect()
    });
}

#[test]
fn the_core_knows_no_world() {
    check(|source| {
        if !CORE.contains(&source.module.as_str()) {
            return Vec::new();
        }
        let names = names_after(&source.tokens, &["std"]);
        let outside = names.into_iter().filter(|name| NOT_IN_THE_CORE.contains(&name.as_str()));
        outside.map(|name| format!("`std::{name}`")).collect()
    });
}

#[test]
fn every_file_begins_with_what_it_is_for() {
    check(|source| {
        let begins = source.text.starts_with("//! ");
        (!begins).then(|| "does not begin with `//! `".to_owned()).into_iter().collect()
    });
}

#[test]
fn no_file_is_too_long_to_read() {
    check(|source| match without_tests(&source.text).lines().count() {
        count if count > LINES_MAX => vec![format!("{count} lines, over {LINES_MAX}")],
        _ => Vec::new(),
    });
}

#[test]
fn imports_are_read_in_every_way_of_writing_them() {
    let check = |path: &str, text: &str, expected: &[&str]| {
        let source = Source::new(path, text.to_owned());
        assert_eq!(imports(&source), expected.iter().map(ToString::to_string).collect(), "{text}");
    };
    check("ask/a.rs", "use crate::index::{A, B};", &["index"]);
    check(
        "ask/a.rs",
        "use crate::{ask::{self, X}, index::Y as Z, r#plan};",
        &["ask", "index", "plan"],
    );
    check(
        "ask/a.rs",
        "fn f() -> crate::error::Result<()> { crate :: ui :: g() }",
        &["error", "ui"],
    );
    check("ask/a.rs", "use super::super::{config::C, ui};", &["config", "ui"]);
    check("ask/a.rs", "use super::index::{X};", &[]);
    check("ask/mod.rs", "use super::index;", &["index"]);
    check("services.rs", "use super::ui;", &["ui"]);
    check("main.rs", "use logtwin::{commands, ui};", &["commands", "ui"]);
    check("ask/a.rs", "pub(crate) fn f() {} pub(in crate::ask) fn g() {}", &["ask"]);
    check(
        "ask/a.rs",
        "// crate::ui\n/* crate::ui /* */ crate::ui */ const A: &str = \"crate::ui\";",
        &[],
    );
    check(
        "ask/a.rs",
        "const A: &str = r#\"\" crate::ui\"#; const B: char = '\"'; use crate::plan;",
        &["plan"],
    );
    check("ask/a.rs", "#[cfg(test)]\nmod tests { use crate::ui; } use crate::plan;", &["plan"]);
    check("ask/a.rs", "#[cfg(test)]\nuse crate::ui;\nuse crate::plan;", &["plan"]);
    check("ask/a.rs", "fn f<'a>(a: &'a str) -> crate::plan::Plan<'a> {}", &["plan"]);
}

#[test]
fn modules_that_only_tests_have_are_known() {
    let check = |text: &str, expected: &[&str]| {
        assert_eq!(exempt_modules(text), expected, "{text}");
    };
    check("#[cfg(test)]\nmod tests;", &["tests.rs", "tests/mod.rs"]);
    check("#[cfg(all(test, unix))]\nmod a;", &["a.rs", "a/mod.rs"]);
    check("#[cfg(test)]\n#[path = \"b.rs\"]\nmod a;", &["b.rs"]);
    check("#[cfg(test)] mod a { fn f() {} } mod b; #[cfg(feature = \"test\")] mod c;", &[]);
    check("#[cfg(not(test))] mod a;", &[]);
}

/// The modules of the crate that a file names.
fn imports(source: &Source) -> BTreeSet<String> {
    let mut imports: BTreeSet<String> =
        names_after(&source.tokens, &["crate"]).into_iter().collect();
    let to_the_root = vec!["super"; source.depth];
    if !to_the_root.is_empty() {
        imports.extend(names_after(&source.tokens, &to_the_root));
    }
    if source.module == "main" {
        imports.extend(names_after(&source.tokens, &["logtwin"]));
    }
    imports
}

impl Source {
    fn new(path: &str, text: String) -> Self {
        let mut modules: Vec<&str> = path.trim_end_matches(".rs").split('/').collect();
        if modules.last() == Some(&"mod") {
            modules.pop();
        }
        let module = modules[0].to_owned();
        let tokens = tokens(&without_tests(&text));
        Self { path: path.to_owned(), module, depth: modules.len(), text, tokens }
    }
}

/// Fails with every complaint about any file of the source.
fn check(complaints: impl Fn(&Source) -> Vec<String>) {
    let sources = sources();
    assert!(sources.len() > 10, "the source was not found");
    let found: Vec<String> = sources
        .iter()
        .flat_map(|source| {
            let complaints: BTreeSet<String> = complaints(source).into_iter().collect();
            complaints.into_iter().map(|complaint| format!("src/{}: {complaint}", source.path))
        })
        .collect();
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

/// The files of the source that are no tests; the crate's root only lists its modules.
fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut texts = BTreeMap::new();
    read_below(&root, &mut texts);
    let mut exempt: BTreeSet<PathBuf> = BTreeSet::from([root.join("lib.rs")]);
    for (path, text) in &texts {
        let stem = path.with_extension("");
        let is_folder = ["mod", "lib", "main"].iter().any(|name| stem.ends_with(name));
        for below in exempt_modules(text) {
            exempt.insert(path.with_file_name(&below));
            if !is_folder {
                exempt.insert(stem.join(&below));
            }
        }
    }
    texts
        .into_iter()
        .filter(|(path, _)| {
            let belongs =
                |file: &PathBuf| path == file || path.starts_with(file.with_extension(""));
            !exempt.iter().any(belongs)
        })
        .map(|(path, text)| {
            let below = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
            Source::new(&below, text)
        })
        .collect()
}

fn read_below(folder: &Path, texts: &mut BTreeMap<PathBuf, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_below(&path, texts);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            texts.insert(path, text);
        }
    }
}
