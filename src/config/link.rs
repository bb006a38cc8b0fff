//! Where the sources of an answer link to.

use serde::{Deserialize, Deserializer, de::Error as _};

/// Where the sources of an answer link to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Link {
    /// What fits the terminal.
    Auto,
    /// Nowhere.
    None,
    /// An address with `{path}`, and perhaps `{line}`.
    Address(String),
}

/// The file, as the system opens it.
const FILE: &str = "file://{path}";
/// Source: the documentation of VS Code, *Command Line Interface*, “Opening VS Code with URLs”.
const VSCODE: &str = "vscode://file{path}:{line}";
/// As `mvim://` has it, which handlers for Neovim follow; nothing handles it by itself.
const NVIM: &str = "nvim://open?url=file://{path}&line={line}";
/// Source: the help of Obsidian, *Obsidian URI*, “Open note”.
const OBSIDIAN: &str = "obsidian://open?path={path}";

impl Link {
    /// The address, on a terminal of this name as `TERM_PROGRAM` has it; none for no links.
    #[must_use]
    pub(super) fn address(&self, terminal: Option<&str>) -> Option<&str> {
        match self {
            Self::None => None,
            Self::Address(address) => Some(address),
            Self::Auto if terminal == Some("vscode") => Some(VSCODE),
            Self::Auto => Some(FILE),
        }
    }

    /// The link of a value of the setting; none when it is none.
    fn named(text: &str) -> Option<Self> {
        let address = match text {
            "auto" => return Some(Self::Auto),
            "none" => return Some(Self::None),
            "file" => FILE,
            "vscode" => VSCODE,
            "nvim" => NVIM,
            "obsidian" => OBSIDIAN,
            _ => text,
        };
        let (scheme, _) = address.split_once(':')?;
        let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.chars().all(|it| it.is_ascii_alphanumeric() || "+-.".contains(it));
        let is_address = is_scheme
            && address.contains("{path}")
            && !address.contains(|it: char| it.is_control() || it.is_whitespace());
        is_address.then(|| Self::Address(address.to_owned()))
    }
}

impl<'de> Deserialize<'de> for Link {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::named(&text).ok_or_else(|| {
            D::Error::custom(
                "expected auto, file, vscode, nvim, obsidian, none, or an address with {path}",
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_a_name_or_an_address_with_a_path() {
        let check = |text: &str, terminal: Option<&str>, expected: Option<&str>| {
            let link = Link::named(text);
            assert_eq!(link.as_ref().and_then(|link| link.address(terminal)), expected, "{text}");
        };
        check("auto", None, Some(FILE));
        check("auto", Some("tmux"), Some(FILE));
        check("auto", Some("vscode"), Some(VSCODE));
        check("file", Some("vscode"), Some(FILE));
        check("none", None, None);
        check("zed://file{path}:{line}", None, Some("zed://file{path}:{line}"));
        for none in ["emacs", "", "zed://file", "{path}", "1:{path}", "a b:{path}", "a:{path} b"] {
            assert_eq!(Link::named(none), None, "{none}");
        }
    }
}
