//! Keys in the system's keyring, by the names of their variables.
//!
//! The keyring is reached through the program that comes with it: `secret-tool` of libsecret, and
//! `security` on macOS. Nothing has to be linked for that, and a key never stands on a command line.
//! The names of what was put there stand in a file, so that the keyring is not asked, and no user
//! told to unlock it, for anything else.
//!
//! Sources: the manual pages secret-tool(1) and security(1).

use std::{
    fs,
    io::{ErrorKind, Read as _, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::error::{Context as _, Error, Result};

/// The file with the names.
const NAMES: &str = "keys-in-keyring";
/// What the entries are filed under.
const SERVICE: &str = "logtwin";
/// How long the keyring is waited for: somebody may have to unlock it.
const DEADLINE: Duration = Duration::from_mins(1);
/// How often it is looked at meanwhile.
const PAUSE: Duration = Duration::from_millis(5);

/// The keys of this user in the system's keyring.
#[derive(Clone, Debug)]
pub struct Keyring {
    names: PathBuf,
}

/// What is to be done with an entry.
enum Deed<'a> {
    LookUp,
    Store(&'a str),
    Remove,
}

impl Keyring {
    /// The keys whose names are kept in this folder.
    pub(super) fn of(folder: &Path) -> Self {
        Self { names: folder.join(NAMES) }
    }

    /// The variables whose keys were put into the keyring.
    #[must_use]
    pub fn variables(&self) -> Vec<String> {
        let names = fs::read_to_string(&self.names).unwrap_or_default();
        names.lines().filter(|line| is_variable(line)).map(str::to_owned).collect()
    }

    /// The key of a variable; none when it was never put there, or can't be read now.
    #[must_use]
    pub fn key(&self, variable: &str) -> Option<String> {
        if !self.variables().iter().any(|name| name == variable) {
            return None;
        }
        let key = run(variable, &Deed::LookUp).ok().flatten()?;
        Some(key.trim().to_owned()).filter(|key| !key.is_empty())
    }

    /// Puts the key of a variable into the keyring, in place of one that is there.
    ///
    /// # Errors
    /// When it is no key, or there is no keyring.
    pub fn store(&self, variable: &str, key: &str) -> Result<()> {
        let key = key.trim();
        // A quote or a backslash would end the key where it is written in quotes.
        let is_key = !key.is_empty()
            && key.chars().all(|it| it.is_ascii_graphic() && !['"', '\\'].contains(&it));
        if !is_key {
            return Err(Error::usage("this is no key").hint("copy it again, without line breaks"));
        }
        run(variable, &Deed::Store(key))?.ok_or_else(|| without_keyring(variable))?;
        let mut names = self.variables();
        if !names.iter().any(|name| name == variable) {
            names.push(variable.to_owned());
        }
        self.write(names)
    }

    /// Takes the key of a variable out of the keyring; whether there was one.
    ///
    /// # Errors
    /// When the keyring can't be reached.
    pub fn remove(&self, variable: &str) -> Result<bool> {
        let mut names = self.variables();
        let Some(place) = names.iter().position(|name| name == variable) else { return Ok(false) };
        run(variable, &Deed::Remove)?;
        names.remove(place);
        self.write(names)?;
        Ok(true)
    }

    fn write(&self, mut names: Vec<String>) -> Result<()> {
        names.sort();
        let context = || format!("can't write {}", self.names.display());
        if let Some(folder) = self.names.parent() {
            fs::create_dir_all(folder).context(context)?;
        }
        fs::write(&self.names, names.join("\n") + "\n").context(context)
    }
}

/// Whether a text is the name of a variable, as keys have them.
#[must_use]
pub fn is_variable(name: &str) -> bool {
    let is_part = |it: char| it.is_ascii_uppercase() || it.is_ascii_digit() || it == '_';
    name.starts_with(|it: char| it.is_ascii_uppercase() || it == '_') && name.chars().all(is_part)
}

/// The program of the keyring with its arguments, and what it reads.
fn program(variable: &str, deed: &Deed<'_>) -> (Command, String) {
    if cfg!(target_os = "macos") {
        let mut command = Command::new("security");
        let entry = ["-s", SERVICE, "-a", variable];
        let input = match deed {
            Deed::LookUp => {
                command.arg("find-generic-password").args(entry).arg("-w");
                String::new()
            }
            Deed::Store(key) => {
                command.arg("-i");
                format!("add-generic-password -U -s {SERVICE} -a {variable} -w \"{key}\"\n")
            }
            Deed::Remove => {
                command.arg("delete-generic-password").args(entry);
                String::new()
            }
        };
        return (command, input);
    }
    let mut command = Command::new("secret-tool");
    let input = match deed {
        Deed::LookUp => {
            command.arg("lookup");
            String::new()
        }
        Deed::Store(key) => {
            command.args(["store", &format!("--label=logtwin: {variable}")]);
            (*key).to_owned()
        }
        Deed::Remove => {
            command.arg("clear");
            String::new()
        }
    };
    command.args(["service", SERVICE, "variable", variable]);
    (command, input)
}

/// What the keyring answers; none when it has nothing, or won't.
fn run(variable: &str, deed: &Deed<'_>) -> Result<Option<String>> {
    let (mut command, input) = program(variable, deed);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|error| match error.kind() {
        ErrorKind::NotFound => without_keyring(variable),
        _ => without_keyring(variable).caused_by(error),
    })?;
    if let Some(mut stdin) = child.stdin.take() {
        // A program that ends early says so by its status.
        let _ = stdin.write_all(input.as_bytes());
    }
    if !ended_well(&mut child)? {
        return Ok(None);
    }
    let mut output = String::new();
    if let Some(mut stdout) = child.stdout.take() {
        stdout.read_to_string(&mut output).context(|| "the keyring can't be read".to_owned())?;
    }
    Ok(Some(output))
}

fn ended_well(child: &mut Child) -> Result<bool> {
    let begun = Instant::now();
    loop {
        let status = child.try_wait().context(|| "the keyring does not answer".to_owned())?;
        if let Some(status) = status {
            return Ok(status.success());
        }
        if begun.elapsed() > DEADLINE {
            let _ = child.kill();
            let _ = child.wait();
            let message = format!("the keyring was not unlocked within {DEADLINE:?}");
            return Err(Error::failed(message).hint("unlock it, and try again"));
        }
        thread::sleep(PAUSE);
    }
}

fn without_keyring(variable: &str) -> Error {
    let install = if cfg!(target_os = "macos") {
        "unlock the login keychain"
    } else {
        "install `secret-tool` (the package libsecret-tools) and a keyring such as GNOME's"
    };
    Error::failed("there is no keyring that can be used")
        .hint(format!("{install}, or set {variable} in the environment"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_never_put_there_is_not_looked_for() {
        let folder = tempfile::tempdir().unwrap();
        let keyring = Keyring::of(folder.path());
        assert_eq!(keyring.key("GROQ_API_KEY"), None);
        assert_eq!(keyring.variables(), Vec::<String>::new());
        assert!(!keyring.remove("GROQ_API_KEY").unwrap());
    }

    #[test]
    fn a_key_is_refused_that_none_can_be() {
        let folder = tempfile::tempdir().unwrap();
        for key in ["", " ", "a b", "a\"; delete-keychain", "é", "a\u{1b}b"] {
            let error = Keyring::of(folder.path()).store("GROQ_API_KEY", key).unwrap_err();
            assert_eq!(error.to_string(), "this is no key", "{key:?}");
        }
    }

    #[test]
    fn a_key_stands_on_no_command_line() {
        let (command, input) = program("GROQ_API_KEY", &Deed::Store("hunter2"));
        assert!(!format!("{command:?}").contains("hunter2"));
        assert!(input.contains("hunter2"));
    }

    #[test]
    fn variables_are_told_from_providers() {
        for name in ["GROQ_API_KEY", "_A", "K9"] {
            assert!(is_variable(name), "{name}");
        }
        for name in ["groq", "", "9A", "A-B", "A B", "Groq"] {
            assert!(!is_variable(name), "{name}");
        }
    }
}
