//! What can go wrong and what is promised, each with the tests that show it: `docs/faults.md` is
//! written from the tests themselves, so that it can't say more than they do.
//!
//! A test names its faults in its comment: `/// Fault 65: …` or `/// Faults 7, 8 and 9: …`, and so does
//! a script in `.ci`. What each number means stands in `tests/data/faults.tsv`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// What each number means, in order, below headings.
const FAULTS: &str = include_str!("../data/faults.tsv");
/// The sentences of the readme's promise, each with the names of tests.
const CONTRACT: &str = include_str!("../data/contract.tsv");
/// Where each function is a test, which another file runs on every engine.
const CASES: &str = "tests/it/index/cases.rs";
/// How many faults there are.
const COUNT: usize = 141;

/// The tests of the repository.
#[derive(Debug, Default)]
struct Tests {
    /// Where each test stands.
    places: BTreeMap<String, String>,
    /// The tests of each fault, as `place: name`.
    of_fault: BTreeMap<usize, BTreeSet<String>>,
    /// Comments that name a fault and belong to no test.
    stray: Vec<String>,
}

/// Each of them has a test or a reason; the page says which, and is what the tests say.
#[test]
fn the_page_of_faults_is_what_the_tests_say() {
    let tests = Tests::of_the_repository();
    assert_eq!(tests.stray, Vec::<String>::new(), "these name a fault and are no test");
    let told = page(&tests);
    let path = root().join("docs/faults.md");
    if std::env::var_os("TWIN_RENEW").is_some() {
        fs::write(&path, &told).unwrap();
    }
    let written = fs::read_to_string(path).unwrap_or_default();
    assert!(written == told, "docs/faults.md is out of date; renew it with TWIN_RENEW=1");
}

#[test]
fn every_sentence_of_the_promise_stands_in_the_readme_and_has_a_test() {
    let tests = Tests::of_the_repository();
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let promise = readme.split("## What you can rely on").nth(1).expect("the promise");
    let promise = promise.split("\n\nThe tests").next().unwrap();
    let promised: Vec<String> = promise
        .split("\n- ")
        .skip(1)
        .map(|sentence| sentence.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    let shown: Vec<&str> = contract().map(|(sentence, _)| sentence).collect();
    assert_eq!(promised, shown);
    for (sentence, names) in contract() {
        assert!(!names.is_empty(), "no test shows: {sentence}");
        for name in names {
            assert!(tests.places.contains_key(name), "there is no test {name}: {sentence}");
        }
    }
}

#[test]
fn the_faults_of_a_comment_are_read() {
    let check = |comment: &str, expected: &[usize]| {
        assert_eq!(numbers(comment), expected, "{comment}");
    };
    check("Fault 65: killed.", &[65]);
    check("Faults 7, 8 and 9: line ends.", &[7, 8, 9]);
    check("Faults 125 and 126: links.", &[125, 126]);
    check("Faults 7 to 9: line ends.", &[]);
    check("Fault 7.", &[]);
    check("The fault 7: none.", &[]);
}

/// The faults that a line of a comment names at its beginning, before a colon.
fn numbers(comment: &str) -> Vec<usize> {
    let Some((head, _)) = comment.split_once(':') else { return Vec::new() };
    let Some(head) = head.strip_prefix("Faults ").or_else(|| head.strip_prefix("Fault ")) else {
        return Vec::new();
    };
    let parts = head.split(", ").flat_map(|part| part.split(" and "));
    parts.map(str::parse).collect::<Result<_, _>>().unwrap_or_default()
}

impl Tests {
    fn of_the_repository() -> Self {
        let mut tests = Self::default();
        for folder in ["src", "tests/it", ".ci"] {
            let mut files = Vec::new();
            files_below(&root().join(folder), &mut files);
            files.sort();
            for file in files {
                let place = file.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
                let text = fs::read_to_string(&file).unwrap();
                if folder == ".ci" {
                    tests.take_script(&place, &text);
                } else if place != "tests/it/faults.rs" {
                    tests.take_source(&place, &text);
                }
            }
        }
        tests
    }

    /// A script shows what its text says at the beginning of a sentence.
    fn take_script(&mut self, place: &str, text: &str) {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for (position, _) in text.match_indices("Fault") {
            for number in numbers(&text[position..]) {
                self.of_fault.entry(number).or_default().insert(format!("`{place}`"));
            }
        }
    }

    fn take_source(&mut self, place: &str, text: &str) {
        let (mut faults, mut is_test) = (Vec::new(), false);
        for line in text.lines().map(str::trim) {
            if let Some(comment) = line.strip_prefix("/// ") {
                faults.extend(numbers(comment));
                if comment.starts_with("Fault") && numbers(comment).is_empty() {
                    self.stray.push(format!("{place}: {line}"));
                }
            } else if line.is_empty() {
                self.stray.extend(faults.drain(..).map(|number| format!("{place}: {number}")));
                is_test = false;
            } else if line == "#[test]" {
                is_test = true;
            } else if let Some(name) = name_of_function(line) {
                if is_test || place == CASES {
                    self.places.insert(name.to_owned(), place.to_owned());
                    for number in std::mem::take(&mut faults) {
                        let tests = self.of_fault.entry(number).or_default();
                        tests.insert(format!("`{place}`: {}", name.replace('_', " ")));
                    }
                } else if !faults.is_empty() {
                    self.stray.push(format!("{place}: {name}"));
                }
                (faults, is_test) = (Vec::new(), false);
            }
        }
    }
}

fn name_of_function(line: &str) -> Option<&str> {
    let line = line.strip_prefix("pub(super) ").unwrap_or(line);
    line.strip_prefix("fn ")?.split(['(', '<']).next()
}

/// The page: what each fault is, what has to come of it, and what shows it.
fn page(tests: &Tests) -> String {
    let mut page = "# What can go wrong\n\nEach line has a number that stands in the comments of its \
        tests. `tests/it/faults.rs` writes this page from\nthem (`TWIN_RENEW=1 cargo test faults`), \
        and fails while it says anything else.\n"
        .to_owned();
    let (mut count, mut shown, mut in_part) = (0, 0, 0);
    for line in FAULTS.lines().filter(|line| !line.starts_with("# ")) {
        if line.starts_with("## ") {
            page.push_str(&format!(
                "\n{line}\n\n| | what happens | what comes of it | shown by | state |\n\
                 |---|---|---|---|---|\n"
            ));
            continue;
        }
        count += 1;
        let fields: Vec<&str> = line.split('\t').collect();
        let (number, what, outcome) = (fields[0], fields[1], fields[2]);
        assert_eq!(number.parse(), Ok(count), "the numbers are in order");
        let reason = fields.get(3).copied();
        let names = tests.of_fault.get(&count).into_iter().flatten();
        let names: Vec<&str> = names.map(String::as_str).collect();
        let state = match (names.is_empty(), reason) {
            (true, None) => panic!("fault {number} has neither a test nor a reason: {what}"),
            (true, Some(reason)) => format!("not shown. {reason}"),
            (false, Some(reason)) => format!("in part. {reason}"),
            (false, None) => "shown".to_owned(),
        };
        shown += usize::from(!names.is_empty() && reason.is_none());
        in_part += usize::from(!names.is_empty() && reason.is_some());
        let names = names.join("<br>");
        page.push_str(&format!("| {number} | {what} | {outcome} | {names} | {state} |\n"));
    }
    assert_eq!(count, COUNT);
    let unknown = tests.of_fault.keys().find(|number| **number == 0 || **number > COUNT);
    assert_eq!(unknown, None, "there is no such fault");
    page.push_str(&format!(
        "\nOf {count}, {shown} are shown, {in_part} in part, and {} not.\n\n## What is promised\n\n\
         The sentences of the [readme](../README.md), and the tests behind each.\n\n\
         | promise | shown by |\n|---|---|\n",
        count - shown - in_part
    ));
    for (sentence, names) in contract() {
        let names = names.iter().map(|name| {
            let place = tests.places.get(*name).map_or("?", String::as_str);
            format!("`{place}`: {}", name.replace('_', " "))
        });
        page.push_str(&format!("| {sentence} | {} |\n", names.collect::<Vec<_>>().join("<br>")));
    }
    page
}

fn contract() -> impl Iterator<Item = (&'static str, Vec<&'static str>)> {
    CONTRACT.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let mut fields = line.split('\t');
        (fields.next().unwrap_or_default(), fields.filter(|name| !name.is_empty()).collect())
    })
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The Rust sources and Python scripts below a folder.
fn files_below(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_below(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs" || extension == "py") {
            files.push(path);
        }
    }
}
