"""Kill a Qdrant server while points are written to it, and see that running again completes the index.

Usage: server.py PROGRAM QDRANT [ROUNDS] [SEED], where QDRANT is the server's own program. Each round
changes a logbook, begins an ingest (at times a rebuild) into the server, and kills the server with
`kill -9` at a moment that chance takes. The ingest has to end with 13 and a remedy, or to have been done.
Then the server is started again on what it kept, the ingest is run again, and the index is checked and
held against an embedded one of the same notes that nothing ever interrupted.

Fault 98: the server is killed while points are written.
"""

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from pathlib import Path

from home import Found, Home, lost, write

NOTES = 300


class Server:
    """A Qdrant server with a folder of its own."""

    def __init__(self, program, folder):
        self.program, self.folder, self.process = program, folder, None
        folder.mkdir()
        self.http, self.grpc = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.grpc}"

    def start(self):
        settings = {
            "STORAGE__STORAGE_PATH": str(self.folder / "storage"),
            "STORAGE__SNAPSHOTS_PATH": str(self.folder / "snapshots"),
            "SERVICE__HOST": "127.0.0.1",
            "SERVICE__HTTP_PORT": str(self.http),
            "SERVICE__GRPC_PORT": str(self.grpc),
            "TELEMETRY_DISABLED": "true",
        }
        env = os.environ | {f"QDRANT__{name}": value for name, value in settings.items()}
        log = (self.folder / "log").open("ab")
        self.process = subprocess.Popen(
            [self.program, "--disable-telemetry"], env=env, cwd=self.folder, stdout=log, stderr=log
        )
        for _ in range(600):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.http}/readyz", timeout=2)
                return
            except OSError:
                time.sleep(0.1)
        sys.exit(f"the server does not come up: {self.folder / 'log'}")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def change(chance, notes):
    for _ in range(chance.randrange(20, 120)):
        write(chance, notes / f"20{chance.randrange(10, 24)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}.md")


def round_of(chance, server, home, whole, took, counts):
    notes = home.notes
    change(chance, notes)
    rebuild = ["--rebuild"] if chance.random() < 0.25 else []
    process = home.start("ingest", str(notes), *rebuild)
    time.sleep(chance.uniform(0, took[0]))
    met = process.poll() is None
    server.kill()
    _, stderr = process.communicate(timeout=300)
    took[0] *= 1.05 if met else 0.8
    counts["killed while writing"] += met
    counts[f"ended with {process.returncode}"] += 1
    if process.returncode not in (0, 13) or (process.returncode == 13 and b"hint:" not in stderr):
        raise Found(f"the ingest ended with {process.returncode}: {stderr.decode()}")
    server.start()
    counts["lost after the kill"] += lost(home.chunks())
    home.run("ingest", str(notes))
    chunks = home.checked()["chunks"]
    counts["lost"] += lost({"chunks": chunks})
    counts["doubled"] += chunks["doubled"]
    counts["orphans"] += len(chunks["orphans"])
    whole.run("ingest", str(notes))
    if home.exported() != whole.exported():
        counts["unlike"] += 1
        raise Found("it is not the index that was never interrupted")


def main():
    program, qdrant = (str(Path(path).resolve()) for path in sys.argv[1:3])
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 20
    seed = int(sys.argv[4]) if len(sys.argv) > 4 else 1
    chance = random.Random(seed)
    folder = Path(tempfile.mkdtemp(prefix="twin-server-"))
    notes = folder / "notes"
    notes.mkdir()
    for number in range(NOTES):
        write(chance, notes / f"{2000 + number // 28}-01-{number % 28 + 1:02}.md")
    server = Server(qdrant, folder / "server")
    server.start()
    home = Home(program, folder / "killed", notes, qdrant__url=server.url)
    whole = Home(program, folder / "whole", notes)
    home.run("ingest", str(notes))
    counts, took, failed = Counter(), [0.5], 0
    try:
        for number in range(1, rounds + 1):
            try:
                round_of(chance, server, home, whole, took, counts)
            except Found as found:
                failed += 1
                print(f"round {number}: {found}", flush=True)
    finally:
        server.kill()
    print(f"{rounds} rounds, seed {seed}: {failed} failed")
    print(", ".join(f"{name} {counts[name]}" for name in sorted(counts)))
    shutil.rmtree(folder)
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
