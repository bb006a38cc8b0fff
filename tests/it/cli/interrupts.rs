//! Being told to end while the index is written.

use std::{
    io::{Read as _, Write as _},
    process::{Child, Stdio},
    sync::{Arc, atomic::AtomicBool},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};

use super::{
    LOGBOOK, Twin,
    rebuild::{embedded_by, embeds},
};
use wiremock::Request;

use crate::servers::Server;

/// A run whose model is about to answer late, or not for a minute.
fn waiting(stalls: bool) -> (Twin, Server) {
    let embed = embeds(Arc::new(AtomicBool::new(stalls)));
    let server = Server::answering(move |request: &Request| {
        let answer = embed(request);
        if stalls { answer } else { answer.set_delay(Duration::from_secs(2)) }
    });
    let twin = embedded_by(&server, Twin::new(&LOGBOOK));
    twin.write("zz.md", "The ox would stall.\n");
    (twin, server)
}

fn started(twin: &Twin, server: &Server) -> Child {
    let mut command = twin.command(&["ingest", "notes"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    while server.requests().is_empty() {
        assert!(child.try_wait().unwrap().is_none(), "it waits for the model");
        thread::sleep(Duration::from_millis(10));
    }
    child
}

/// Faults 83 and 84: what is at hand is finished and kept, and the next run goes on from there.
#[test]
fn a_run_that_is_told_to_end_finishes_what_is_at_hand() {
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        let (twin, server) = waiting(false);
        let child = started(&twin, &server);
        kill_process(Pid::from_child(&child), signal).unwrap();
        let said = twin.transcript(&child.wait_with_output().unwrap());
        assert!(said.contains("ending after the commit at hand"), "{said}");
        // It had nothing left to do when it had done what was at hand, or it says that it has.
        assert!(said.starts_with("exit 0\n") || said.starts_with("exit 130\n"), "{said}");
        let ingested = twin.run(&["ingest", "notes"]);
        assert!(ingested.contains("the index holds 6 notes"), "{ingested}");
        assert!(twin.run(&["check"]).starts_with("exit 0\n"));
    }
}

/// Fault 83: a second Ctrl-C does not wait for anything.
#[test]
fn a_second_interrupt_ends_at_once() {
    let (twin, server) = waiting(true);
    let mut child = started(&twin, &server);
    let began = Instant::now();
    while child.try_wait().unwrap().is_none() {
        assert!(began.elapsed() < Duration::from_secs(30), "it waits for the model");
        kill_process(Pid::from_child(&child), Signal::INT).unwrap();
        thread::sleep(Duration::from_millis(100));
    }
    let said = twin.transcript(&child.wait_with_output().unwrap());
    assert!(said.starts_with("exit 130\n"), "{said}");
    assert!(twin.run(&["ingest", "notes", "--dry-run"]).starts_with("exit 0\n"));
}

/// Fault 68: the system says by a signal that a mapped file has no place on the disk; the user is told.
#[test]
fn a_disk_that_fills_up_under_a_file_is_said_to_be_full() {
    let twin = Twin::ingested(&LOGBOOK);
    let mut command = twin.command(&["chat"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut typed = child.stdin.take().unwrap();
    typed.write_all(b"what did I learn in 2022?\n").unwrap();
    let mut answered = [0; 1];
    child.stdout.as_mut().unwrap().read_exact(&mut answered).unwrap();
    kill_process(Pid::from_child(&child), Signal::BUS).unwrap();
    let said = twin.transcript(&child.wait_with_output().unwrap());
    assert!(said.starts_with("exit 1\n"), "{said}");
    assert!(said.contains("is full: free some space, and run it again"), "{said}");
    drop(typed);
}
