"""Fill the disk under `twin`, and see that it says so, loses nothing, and goes on once there is space.

Usage: full.py PROGRAM [POINTS] [SEED]; as root, since a small disk is mounted. An index with a committed
generation lies on a disk of its own: an ext4 image on a loop device, then a tmpfs. Some notes change, and
a file takes all of the disk but so many bytes: nothing at all, then more and more, up to what a run needs.
Then everything that writes is tried: an ingest, an export, a question with a log of its requests, a rebuild,
a repair, a purge. In a second pass the disk is filled at a moment that chance takes, while an ingest, a
rebuild or a purge writes: what was free when it looked is not free when it writes.

Whatever is tried ends with an exit code, never by a signal, and a failure says that it is for want of
space. The last commit is answered from while the disk is full, as long as there are the few pages that
SQLite and the engine write when they open a file; without them, that is said. When there is space again nothing is lost,
an ingest completes, `check` finds nothing, and the index is that of the same notes on a disk that was never
full. Fault 67: the disk is too full to write. Fault 68: the disk fills up while the log is written.
"""

import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

from home import Found, Home, lost, write

NOTES = 120
MIB = 1 << 20
DISK = 320 * MIB
# What the engine wants free before it writes is 64 MiB: most points lie below, some above.
FREE_MIB = [0, 0.02, 0.1, 0.3, 0.6, 1, 1.5, 2, 3, 4, 6, 8, 12, 20, 32, 48, 60, 65, 70, 90]
# The wal-index of SQLite and the engine's configuration, which it writes anew whenever it opens.
ASKING_BYTES = 256 << 10
SPACE = ("space", "disk", "full")


@contextmanager
def ext4(folder):
    image, place = folder / "disk.img", folder / "ext4"
    with open(image, "wb") as file:
        file.truncate(DISK)
    subprocess.run(["mkfs.ext4", "-q", "-m", "0", str(image)], check=True)
    yield from mounted(place, "-o", "loop", str(image))


@contextmanager
def tmpfs(folder):
    yield from mounted(folder / "tmpfs", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs")


def mounted(place, *arguments):
    place.mkdir()
    subprocess.run(["mount", *arguments, str(place)], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


class Ballast:
    """A file that takes the space of a disk."""

    def __init__(self, disk):
        self.disk, self.file = disk, disk / "ballast"

    def leave(self, free):
        """Takes all but so many bytes, as far as the file system counts as finely."""
        with open(self.file, "ab") as file:
            for _ in range(40):
                disk = os.statvfs(self.disk)
                take = disk.f_bavail * disk.f_frsize - free
                if take < disk.f_frsize:
                    return
                try:
                    size = os.fstat(file.fileno()).st_size
                    os.posix_fallocate(file.fileno(), size, int(take))
                except OSError:
                    # What the file system needs for itself is not there for the file.
                    free += 16 << 10

    def let_go(self):
        self.file.unlink(missing_ok=True)


class Tried:
    """Runs what may fail for want of space, and counts how it ended."""

    def __init__(self, counts):
        self.counts = counts

    def __call__(self, home, *arguments, within=120):
        process = home.start(*arguments)
        return self.ended(process, arguments, within)

    def ended(self, process, arguments, within=120):
        stdout, stderr = process.communicate(timeout=within)
        code, said = process.returncode, stderr.decode()
        self.counts[f"{arguments[0]} {code}"] += 1
        if code < 0 or code > 128:
            raise Found(f"{' '.join(arguments)} was ended by signal {abs(code)}: {said}")
        if "panicked" in said:
            raise Found(f"{' '.join(arguments)} panicked: {said}")
        if code in (1, 2) and not any(word in said.lower() for word in SPACE):
            raise Found(f"{' '.join(arguments)} does not say that it is for want of space: {said}{stdout.decode()}")
        return code


def change(chance, notes):
    for _ in range(chance.randrange(20, 60)):
        write(chance, notes / f"20{chance.randrange(10, 24)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}.md")


def answers(home, tried, disk):
    """The last commit is there to be asked, unless there is no room for the few pages that asking takes."""
    free = os.statvfs(disk)
    if tried(home, "search", "garden") != 0 and free.f_bavail * free.f_frsize >= ASKING_BYTES:
        raise Found("the last commit is not answered from")


def whole_again(home, whole):
    """With space, nothing is lost and an ingest makes it what it should be."""
    missing = lost(home.chunks())
    if missing:
        raise Found(f"{missing} chunks are lost")
    home.run("ingest", str(home.notes), "--allow-mass-delete")
    home.checked()
    whole.run("ingest", str(home.notes), "--allow-mass-delete")
    if home.exported() != whole.exported():
        raise Found("it is not the index of a disk that was never full")


def full_before(free, home, ballast, tried, disk):
    """The disk is full before anything begins."""
    ballast.leave(int(free * MIB))
    answers(home, tried, disk)
    tried(home, "ingest", str(home.notes))
    answers(home, tried, disk)
    tried(home, "export", str(disk / "export.jsonl"))
    (disk / "export.jsonl").unlink(missing_ok=True)
    endpoint = [f"--set=llm.{it}" for it in ("provider=openai", "url=http://127.0.0.1:9/v1", "model=m")]
    tried(home, "ask", "what of the garden?", "--log-requests", str(disk / "log.jsonl"), *endpoint)
    tried(home, "ingest", str(home.notes), "--rebuild")
    tried(home, "check", "--repair")
    answers(home, tried, disk)


def full_meanwhile(chance, home, ballast, tried, took, disk):
    """The disk fills up while something is written."""
    action = chance.choice(["ingest", "ingest", "rebuild", "purge"])
    arguments = ["ingest", str(home.notes)]
    if action == "rebuild":
        arguments.append("--rebuild")
    if action == "purge":
        path = chance.choice(sorted(home.notes.iterdir()))
        path.unlink()
        arguments = ["purge", path.name, "--yes"]
    moment = chance.uniform(0, took[action])
    filling = threading.Thread(target=lambda: (time.sleep(moment), ballast.leave(0)))
    began = time.monotonic()
    process = home.start(*arguments)
    filling.start()
    try:
        code = tried.ended(process, [f"{action} as it fills", *arguments])
    finally:
        filling.join()
    took[action] = took[action] * 0.8 + (time.monotonic() - began) * 0.2 if code == 0 else took[action] * 1.05
    answers(home, tried, disk)
    if action == "purge":
        ballast.let_go()
        home.run(*arguments)


def on(kind, disk, program, folder, points, chance):
    """All points on one disk; how many failed."""
    notes = folder / f"notes of {kind}"
    notes.mkdir()
    for day in range(NOTES):
        write(chance, notes / f"2009-{day // 28 + 1:02}-{day % 28 + 1:02}.md")
    home, whole = Home(program, disk / "home", notes), Home(program, folder / f"whole {kind}", notes)
    for each in (home, whole):
        each.run("ingest", str(notes))
    counts, failed, ballast = Counter(), 0, Ballast(disk)
    tried, took = Tried(counts), dict.fromkeys(["ingest", "rebuild", "purge"], 0.5)
    rounds = [(f"{free} MiB free", free) for free in FREE_MIB[:points]]
    rounds += [(f"filling, {number}", None) for number in range(points)]
    for name, free in rounds:
        print(f"{kind}: {name}", file=sys.stderr, flush=True)
        change(chance, notes)
        try:
            try:
                if free is None:
                    full_meanwhile(chance, home, ballast, tried, took, disk)
                else:
                    full_before(free, home, ballast, tried, disk)
            finally:
                ballast.let_go()
            whole_again(home, whole)
        except Found as found:
            failed += 1
            print(f"{kind}, {name}: {found}", flush=True)
            home.forget()
            home.run("ingest", str(notes))
    print(f"{kind}: {len(rounds)} points, {failed} failed")
    print("  how it ended: " + ", ".join(f"{name}: {count}" for name, count in sorted(counts.items())), flush=True)
    return failed


def main():
    program, points = str(Path(sys.argv[1]).resolve()), int(sys.argv[2]) if len(sys.argv) > 2 else 20
    chance = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    # In memory, where there is room: what is looked at is space and no speed.
    folder = Path(tempfile.mkdtemp(prefix="twin-full-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
    failed = 0
    for disk_of in (ext4, tmpfs):
        with disk_of(folder) as disk:
            failed += on(disk_of.__name__, disk, program, folder, points, chance)
    shutil.rmtree(folder)
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
