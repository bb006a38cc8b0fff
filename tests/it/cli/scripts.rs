//! What the documentation tells people to write into scripts does what it says.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, process::Command};

use insta::assert_snapshot;

use super::{LOGBOOK, Twin};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// A user whose shell finds `twin`, and a `mail` that keeps what it is given.
fn user() -> Twin {
    let twin = Twin::ingested(&LOGBOOK);
    let program = twin.command(&[]);
    let words = [program.get_program()].into_iter().chain(program.get_args());
    let words: Vec<String> = words.map(|word| format!("'{}'", word.to_str().unwrap())).collect();
    executable(&twin.home().join("bin/twin"), &format!("exec {} \"$@\"", words.join(" ")));
    executable(&twin.home().join("bin/mail"), "cat > sent.txt");
    let questions = "# What I ask each year\nwhat did I learn in 2022?\n> and in 2023?\n";
    fs::write(twin.home().join("questions.txt"), questions).unwrap();
    twin
}

fn executable(path: &Path, line: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, format!("#!/bin/sh\n{line}\n")).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// What a shell prints for some lines; it ends at the first that fails.
fn shell(twin: &Twin, lines: &str) -> String {
    let mut shell = Command::new("sh");
    shell.args(["-e", "-c", lines]).env_clear().current_dir(twin.home());
    for (name, value) in twin.command(&[]).get_envs() {
        shell.env(name, value.unwrap());
    }
    let bin = twin.home().join("bin");
    shell.env("PATH", format!("{}:/usr/local/bin:/usr/bin:/bin", bin.display()));
    twin.transcript(&shell.output().unwrap())
}

/// Whether a program that some lines need is here; if not, that is said.
fn is_here(program: &str) -> bool {
    let is_here = Command::new(program).arg("--version").output().is_ok();
    if !is_here {
        println!("{program} is not installed: what needs it is not run");
    }
    is_here
}

/// The fenced blocks of a page in a language.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let fence = format!("\n```{language}\n");
    let block = |after: &str| after.split_once("```").unwrap().0.to_owned();
    page.split(&fence).skip(1).map(block).collect()
}

fn page(path: &str) -> String {
    fs::read_to_string(format!("{ROOT}/{path}")).unwrap()
}

#[test]
fn the_readmes_scripts_do_what_they_say() {
    let twin = user();
    let has_jq = is_here("jq");
    let readme = page("README.md");
    let (_, section) = readme.split_once("\n## Scripts\n").unwrap();
    let mut transcript = String::new();
    for line in blocks(section, "sh")[0].lines().filter(|line| has_jq || !line.contains("jq ")) {
        let printed = shell(&twin, line);
        if line.contains("jq ") {
            assert!(printed.starts_with("exit 0\n── stdout\n"), "{line}: {printed}");
        } else {
            transcript.push_str(&format!("$ {line}\n{printed}\n"));
        }
    }
    assert_snapshot!(transcript, @"
    $ twin recap 2021..2023 --every year --out recaps            # recaps/2021.md and so on
    exit 0
    ── stderr
    2021.md: written
    2022.md: written
    2023.md: written

    $ twin recap 2021..2023 --every month --out recaps --quiet   # only what changed is written again
    exit 0

    $ twin recap 2023 --compare 2022 > changes.md
    exit 0

    $ twin ask --batch questions.txt --jsonl > answers.jsonl
    exit 0
    ");
}

#[test]
fn the_blocks_of_the_page_on_scripts_run() {
    let twin = user();
    let page = page("docs/scripting.md");
    let mut transcript = String::new();
    for block in blocks(&page, "sh") {
        let needs_jq = block.contains("jq ");
        if needs_jq && !is_here("jq") {
            continue;
        }
        let printed = shell(&twin, &block);
        assert!(printed.starts_with("exit 0\n"), "{block}{printed}");
        if needs_jq {
            let lines: Vec<&str> = printed.lines().skip(2).collect();
            let expected =
                ["1. Beans", "2. Vélo", "daily/2022-05-14.md:10", "daily/2022-09-02.md:3"];
            assert_eq!(lines, [&expected[..], &["Beans", "Vélo"]].concat());
            continue;
        }
        transcript.push_str(&format!("{block}{printed}\n"));
    }
    assert_snapshot!(transcript, @r#"
    twin recap 2021..2023 --every year --out recaps
    twin recap 2022 --every quarter --out quarters --format json
    exit 0
    ── stderr
    2021.md: written
    2022.md: written
    2023.md: written
    2022-Q1.json: nothing to tell, not written
    2022-Q2.json: written
    2022-Q3.json: written
    2022-Q4.json: nothing to tell, not written

    if twin recap May 2022 > mail.md; then mail -s "My month" me@example.org < mail.md; fi
    exit 0

    echo "what did I learn in 2022?" | twin ask -
    twin ask --batch questions.txt --jsonl > answers.jsonl
    exit 0
    ── stdout
    1. **Beans** (14 May 2022): I learned to ask who owns a thing before I build it. [1]
    2. **Vélo** (2 September 2022): J'ai appris à réparer une chambre à air : il faut trouver la fuite dans l'eau, puis poncer avant de coller. [2]

    Covers 2 entries, 14 May 2022 to 2 September 2022.

    _Extracted from your notes without a language model: the sentences are yours, word for word._

    [1] daily/2022-05-14.md:10  2022-05-14  Beans
    [2] daily/2022-09-02.md:3   2022-09-02  Vélo
    ── stderr
    2022 · recap
    1 entry without a date is in no period.

    code=0
    twin ask "what did I do in 1999?" > /dev/null 2>&1 || code=$?
    case $code in
    0) echo "it says" ;;
    4) echo "it does not say" ;;
    *) echo "failed with $code" ;;
    esac
    exit 0
    ── stdout
    it does not say
    "#);
    assert!(fs::read_to_string(twin.home().join("sent.txt")).unwrap().starts_with("# May 2022\n"));
    let cron = &blocks(&page, "crontab")[0];
    for line in cron.lines() {
        let command = line.splitn(6, ' ').nth(5).unwrap();
        let printed = shell(&twin, command);
        assert!(printed.starts_with("exit 0\n"), "{command}: {printed}");
    }
    if is_here("make") {
        fs::write(twin.home().join("Makefile"), &blocks(&page, "make")[0]).unwrap();
        let printed = shell(&twin, "make recaps && make recaps");
        assert!(printed.starts_with("exit 0\n"), "{printed}");
        assert!(twin.home().join("recaps/2022.md").exists());
    }
}

/// The recaps that the documentation shows are those of the logbook that comes with it.
#[test]
fn the_recaps_of_the_demo_logbook_are_as_they_are_shown() {
    let twin = Twin::new(&[]);
    twin.run(&["ingest", &format!("{ROOT}/corpus")]);
    let shown = |year: &str| page(&format!("docs/examples/{year}.md"));
    for year in ["2020", "2021", "2022", "2023"] {
        let told = twin.run(&["recap", year, "--format", "md"]);
        let told = told.strip_prefix("exit 0\n── stdout\n").unwrap_or(&told);
        if std::env::var_os("TWIN_RENEW").is_some() {
            fs::write(format!("{ROOT}/docs/examples/{year}.md"), told).unwrap();
        }
        assert_eq!(told, shown(year), "renew it with TWIN_RENEW=1, and read what changed");
    }
}
