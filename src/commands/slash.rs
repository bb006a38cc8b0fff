//! What is typed in `twin chat` beside questions: lines that begin with `/`.

use std::path::PathBuf;

use jiff::civil::Date;

use super::flags::{day, year};
use crate::error::{Error, Result};

/// A command of a chat.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Slash {
    /// List the commands.
    Help,
    /// Show how the last question was understood, and why its passages were found.
    Explain,
    /// Show the passages that the last answer cites.
    Sources,
    /// Ask about these years from now on.
    Year(Vec<i16>),
    /// Ask about what comes from this day on.
    From(Date),
    /// Ask about what comes up to this day.
    To(Date),
    /// Ask about any time again.
    Clear,
    /// Write the conversation to a file.
    Save(PathBuf),
    /// End.
    Quit,
}

/// The commands, what follows each, and what it does.
const COMMANDS: [(&str, &str, &str); 9] = [
    ("/help", "", "list what can be typed"),
    ("/explain", "", "how the last question was understood, and why its passages were found"),
    ("/sources", "", "the passages that the last answer cites"),
    ("/year", "YEAR…", "ask about these years from now on"),
    ("/from", "DATE", "ask about what comes from this day on"),
    ("/to", "DATE", "ask about what comes up to this day"),
    ("/clear", "", "ask about any time again"),
    ("/save", "FILE.md", "write the conversation so far to a new file"),
    ("/quit", "", "end, as does Ctrl-D"),
];

impl Slash {
    /// The command of a line; none when it is a question.
    ///
    /// # Errors
    /// When there is no such command, or something else follows it than should.
    pub(super) fn read(line: &str) -> Option<Result<Self>> {
        line.starts_with('/').then(|| Self::named(line))
    }

    fn named(line: &str) -> Result<Self> {
        let (name, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = rest.trim();
        let Some((_, wants, _)) = COMMANDS.iter().find(|(other, ..)| *other == name) else {
            return Err(Error::usage(format!("there is no {name}")).hint("`/help` lists what is"));
        };
        if wants.is_empty() != rest.is_empty() {
            let usage = format!("{name} {wants}");
            return Err(Error::usage(format!("{line} is incomplete, or too long"))
                .hint(format!("type `{}`", usage.trim())));
        }
        Ok(match name {
            "/explain" => Self::Explain,
            "/sources" => Self::Sources,
            "/year" => Self::Year(rest.split_whitespace().map(year).collect::<Result<_>>()?),
            "/from" => Self::From(day(rest)?),
            "/to" => Self::To(day(rest)?),
            "/clear" => Self::Clear,
            "/save" => Self::Save(PathBuf::from(rest)),
            "/quit" => Self::Quit,
            _ => Self::Help,
        })
    }
}

/// What completes on a terminal.
pub(super) fn names() -> Vec<String> {
    let name = |(name, wants, _): (&str, &str, _)| match wants {
        "" => name.to_owned(),
        _ => format!("{name} "),
    };
    COMMANDS.map(name).into()
}

/// The commands and what each does, a line each.
pub(super) fn help() -> String {
    let line = |(name, wants, does): (&str, &str, &str)| {
        let usage = format!("{name} {wants}");
        format!("{usage:<15} {does}\n")
    };
    COMMANDS.map(line).concat()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[track_caller]
    fn check(line: &str, expected: &Result<Slash, &str>) {
        let read = Slash::read(line).unwrap().map_err(|error| error.to_string());
        assert_eq!(read.as_ref().map_err(String::as_str), expected.as_ref().map_err(|it| *it));
    }

    #[test]
    fn a_line_that_begins_with_a_slash_is_a_command() {
        assert!(Slash::read("what did I do / learn?").is_none());
        check("/year 2022  2023", &Ok(Slash::Year(vec![2022, 2023])));
        check("/from 2022-03-14", &Ok(Slash::From(date(2022, 3, 14))));
        check("/save my talk.md", &Ok(Slash::Save("my talk.md".into())));
        check("/quit", &Ok(Slash::Quit));
        check("/year", &Err("/year is incomplete, or too long"));
        check("/quit now", &Err("/quit now is incomplete, or too long"));
        check("/to 2022-02-30", &Err("there is no such day"));
        check("/sing", &Err("there is no /sing"));
    }

    #[test]
    fn every_command_is_known() {
        for name in names() {
            let read = Slash::read(name.trim()).unwrap();
            let is_known = read.is_ok_and(|command| (command == Slash::Help) == (name == "/help"));
            assert!(is_known || name.ends_with(' '), "{name}");
        }
    }
}
