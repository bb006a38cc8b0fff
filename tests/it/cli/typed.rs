//! On a terminal: what is typed key by key, in `twin chat` and where something is asked.

use std::{
    fs::{self, File, OpenOptions},
    io::{Read as _, Write as _},
    os::{fd::OwnedFd, unix::fs::PermissionsExt as _},
    process::{Child, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::{Duration, Instant},
};

use logtwin::backends::chat::Provider;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use super::{LOGBOOK, Twin};
use crate::servers::{Server, events, stream};

/// How long the program may take for what a key does.
const WAIT: Duration = Duration::from_mins(1);

/// A terminal with a program on it.
struct Screen {
    keys: File,
    pieces: Receiver<String>,
    shown: String,
}

impl Screen {
    /// A terminal, and three times its other side for the program.
    fn new() -> (Self, [Stdio; 3]) {
        let keys = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&keys).unwrap();
        unlockpt(&keys).unwrap();
        let name = ptsname(&keys, Vec::new()).unwrap().into_string().unwrap();
        let side = OpenOptions::new().read(true).write(true).open(name).unwrap();
        let sides = [0; 3].map(|_| Stdio::from(OwnedFd::from(side.try_clone().unwrap())));
        let keys = File::from(keys);
        let mut read = keys.try_clone().unwrap();
        let (sender, pieces) = channel();
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = read.read(&mut bytes) {
                let piece = String::from_utf8_lossy(&bytes[..count]).into_owned();
                if sender.send(piece).is_err() {
                    break;
                }
            }
        });
        (Self { keys, pieces, shown: String::new() }, sides)
    }

    /// Types keys, and waits until something is shown after what was waited for before.
    #[track_caller]
    fn type_until(&mut self, keys: &str, expected: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        let end = Instant::now() + WAIT;
        let found = loop {
            if let Some(found) = self.shown.find(expected) {
                break found;
            }
            let left = end.saturating_duration_since(Instant::now());
            let piece = self.pieces.recv_timeout(left);
            self.shown += &piece.unwrap_or_else(|_| panic!("no {expected:?} in {:?}", self.shown));
        };
        self.shown.drain(..found + expected.len());
    }
}

/// The exit code of a program that is about to end.
#[track_caller]
fn ended(child: &mut Child, screen: &Screen) -> Option<i32> {
    let end = Instant::now() + WAIT;
    loop {
        match child.try_wait().unwrap() {
            Some(status) => return status.code(),
            None if Instant::now() > end => panic!("it does not end: {:?}", screen.shown),
            None => thread::sleep(Duration::from_millis(20)),
        }
    }
}

/// Fault 123: who sits at a terminal is asked before the first call.
#[test]
fn a_recap_over_the_budget_is_asked_about() {
    let says = ["1. **Bread.** A loaf [1]."];
    let server = Server::new([stream(&events(Provider::OpenAi, &says, "stop"))]);
    let twin = Twin::ingested(&LOGBOOK)
        .with("llm.provider=openai")
        .with("llm.model=small")
        .with(format!("llm.url={}", server.base_url()))
        .with("llm.price_output_per_million=10");
    for (key, exit, calls) in [("n\r", 14, 0), ("\r", 14, 0), ("y\r", 0, 1)] {
        let (mut screen, [stdin, stdout, stderr]) = Screen::new();
        let mut command = twin.command(&["recap", "2021", "--budget", "0.005"]);
        command.env("TERM", "xterm").stdin(stdin).stdout(stdout).stderr(stderr);
        let mut child = command.spawn().unwrap();
        drop(command);
        screen.type_until("", "over the budget of 0.00500. Go on?");
        assert_eq!(server.requests().len(), 0);
        screen.keys.write_all(key.as_bytes()).unwrap();
        assert_eq!(ended(&mut child, &screen), Some(exit), "{key:?}");
        assert_eq!(server.requests().len(), calls, "{key:?}");
    }
}

/// A citation leads to the note as soon as it is written.
#[test]
fn the_citations_of_a_model_are_links() {
    let says = ["The starter wants 24 degrees [1], ", "and a night of rest [1]."];
    let server = Server::new([stream(&events(Provider::OpenAi, &says, "stop"))]);
    let twin = Twin::ingested(&LOGBOOK)
        .with("llm.provider=openai")
        .with("llm.model=small")
        .with("output.link=vscode")
        .with(format!("llm.url={}", server.base_url()));
    let (mut screen, [stdin, stdout, stderr]) = Screen::new();
    let mut command = twin.command(&["ask", "what does the starter want?"]);
    command.env("TERM", "xterm").stdin(stdin).stdout(stdout).stderr(stderr);
    let mut child = command.spawn().unwrap();
    drop(command);
    let note = twin.note("daily/2021-03-08.md");
    let link = format!("\u{1b}]8;;vscode://file{}:", note.display());
    screen.type_until("", "24 degrees");
    screen.type_until("", &link);
    screen.type_until("", "[1]");
    screen.type_until("", "a night of rest");
    screen.type_until("", &link);
    screen.type_until("", "[1]");
    assert_eq!(ended(&mut child, &screen), Some(0));
}

#[test]
fn lines_are_edited_completed_and_remembered() {
    let twin = Twin::ingested(&LOGBOOK);
    let (mut screen, [stdin, stdout, stderr]) = Screen::new();
    let mut command = twin.command(&["chat"]);
    command.env("TERM", "xterm").stdin(stdin).stdout(stdout).stderr(stderr);
    let mut child = command.spawn().unwrap();
    drop(command);
    screen.type_until("", "> ");
    screen.type_until("/ye\t2021\r", "asking about 2021");
    screen.type_until("", "2021 > ");
    // A letter too many is taken back, one too few put in, and the end gone to.
    let (left, end) = ("\u{1b}[D", "\u{1b}[F");
    screen.type_until(&format!("what didd\u{7f}I{left} {end} do?\r"), "A loaf");
    screen.type_until("", "2021 > ");
    let up = "\u{1b}[A";
    screen.type_until(&format!("{up}{up}\r"), "asking about 2021");
    screen.type_until("", "2021 > ");
    // What was given up is no question, and Ctrl-D ends.
    screen.type_until("what?", "what?");
    screen.type_until("\u{3}", "2021 > ");
    screen.keys.write_all(b"\x04").unwrap();
    assert_eq!(ended(&mut child, &screen), Some(0));
    let history = twin.home().join("data/logtwin/chat-history");
    let lines = fs::read_to_string(&history).unwrap();
    let lines: Vec<&str> = lines.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(lines, ["/year 2021", "what did I do?", "/year 2021"]);
    assert_eq!(fs::metadata(&history).unwrap().permissions().mode() & 0o777, 0o600);
}
