"""Kill `twin` at random moments, and see that nothing is lost, doubled or left behind.

Usage: crash.py PROGRAM [ROUNDS] [SEED]. Each round changes a logbook, begins to bring an index up to
date with it (an ingest, one from nothing, a rebuild, a purge, a repair), and kills that with
`kill -9` at a moment that chance takes. Then the index is opened for a question and checked, brought
up to date again, once more killed or not, checked, and held against an index of the same notes that
nothing ever interrupted: the same notes with the same entries and the same chunks under the same ids.
Every fifth kill is followed by another one during the recovery.

It has no embedding model, since a kill is over before one has started. Fault 65: killed at any moment
of a commit. Fault 75: killed while it recovers. Fault 76: killed while the first index is made.
Fault 82: a process that the system ends for its memory is killed in the same way.
"""

import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from home import Found, Home, lost, write

NOTES = 60
ACTIONS = "ingest ingest ingest first rebuild rebuild purge repair".split()


def change(chance, notes):
    """Adds, changes and removes some notes, never so many as to be taken for a slip."""
    names = sorted(notes.iterdir())
    for path in chance.sample(names, min(len(names), chance.randrange(0, 4))):
        if len(names) > NOTES:
            path.unlink()
    for _ in range(chance.randrange(1, 8)):
        write(chance, notes / f"20{chance.randrange(10, 24)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}.md")


def command(action, chance, notes):
    if action == "purge":
        path = chance.choice(sorted(notes.iterdir()))
        path.unlink()
        return ["purge", path.name, "--yes"]
    return {
        "ingest": ["ingest", str(notes)],
        "first": ["ingest", str(notes)],
        "rebuild": ["ingest", str(notes), "--rebuild"],
        "repair": ["check", "--repair"],
    }[action]


def killed(home, arguments, chance, took, action):
    """Runs it and kills it within the time that such a run takes; whether that met it.

    The time is learned: a run that was over before its kill is taken to be shorter, one that was not
    a little longer."""
    process = home.start(*arguments)
    time.sleep(chance.uniform(0, took[action]))
    met = process.poll() is None
    if met:
        os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    took[action] *= 1.03 if met else 0.9
    return met


def round_of(chance, home, whole, action, took, counts):
    notes = home.notes
    change(chance, notes)
    if action == "first":
        home.forget()
    arguments = command(action, chance, notes)
    counts["killed"] += killed(home, arguments, chance, took, action)
    if chance.random() < 0.2:
        counts["killed in recovery"] += killed(home, ["ingest", str(notes)], chance, took, "ingest")
    home.run("search", "garden", expected=(0, 4, 10))
    after = home.run("check", "--json", expected=(0, 1, 10))
    if after:
        counts["lost after the kill"] += lost(json.loads(after))
    if action == "purge":
        home.run(*arguments, expected=(0, 10))
    home.run("ingest", str(notes), "--allow-mass-delete")
    checked = home.checked()
    chunks = checked["chunks"]
    counts["lost"] += lost(checked)
    counts["doubled"] += chunks["doubled"]
    counts["orphans"] += len(chunks["orphans"])
    whole.run("ingest", str(notes), "--allow-mass-delete")
    if home.exported() != whole.exported():
        counts["unlike"] += 1
        raise Found("it is not the index that was never interrupted")


def main():
    program, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 500
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    chance = random.Random(seed)
    folder = Path(tempfile.mkdtemp(prefix="twin-crash-"))
    notes = folder / "notes"
    notes.mkdir()
    for day in range(NOTES):
        write(chance, notes / f"2009-{day // 28 + 1:02}-{day % 28 + 1:02}.md")
    program = str(Path(program).resolve())
    home = Home(program, folder / "killed", notes)
    whole = Home(program, folder / "whole", notes)
    whole.run("ingest", str(notes))
    counts, took = Counter(), dict.fromkeys(ACTIONS, 0.5)
    began, failed = time.monotonic(), 0
    for number in range(1, rounds + 1):
        action = "first" if number == 1 else chance.choice(ACTIONS)
        try:
            round_of(chance, home, whole, action, took, counts)
        except Found as found:
            failed += 1
            print(f"round {number} ({action}): {found}", flush=True)
            home.forget()
        if number % 50 == 0:
            print(f"{number} rounds, {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    names = ("killed", "killed in recovery", "lost after the kill", "lost", "doubled", "orphans", "unlike")
    print(f"{rounds} rounds, seed {seed}, {time.monotonic() - began:.0f} s: {failed} failed")
    print(", ".join(f"{name} {counts[name]}" for name in names))
    shutil.rmtree(folder)
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
