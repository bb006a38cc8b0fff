"""Cut the power under `twin`, and see that what it had committed is there.

Usage: power.py PROGRAM [ROUNDS] [SEED]; as root, since disks are mounted. The index lies on an ext4 image
on a loop device. Each round changes some notes and begins to bring the index up to date (an ingest, one
from nothing, a rebuild, a purge). At a moment that chance takes, or right after its end, the image file is
copied while nothing is synced: what the file system above still holds in memory is not in the copy, as it
would not be on a disk whose power goes. It writes nothing back of its own meanwhile (`commit=600`), so that
what the copy has is what the program has asked to be brought to the disk. To copy a single moment, the
program is stopped (which writes nothing) and the file is copied until two copies are the same. A disk
that reorders what it was given before a flush is not simulated.

The copy is mounted, which replays its journal, and there: a question is answered; nothing is lost; each note
is as the last completed run left it or as the one that was cut off would have; after a run that had ended
everything is as that left it. Then an ingest completes, `check` finds nothing, and the index is that of a
machine whose power never went. Fault 66: the power goes.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from home import Found, Home, lost, write

NOTES = 60
DISK = 256 << 20
ACTIONS = "ingest ingest ingest first rebuild purge".split()
COPIES_MAX = 40


def mount(image, place):
    place.mkdir(exist_ok=True)
    subprocess.run(["mount", "-o", "loop,commit=600", str(image), str(place)], check=True)


def unmount(place):
    subprocess.run(["umount", str(place)], check=True)


def copied(image, folder):
    """The image as it is at one moment."""
    copies = [folder / "cut 0.img", folder / "cut 1.img"]
    take = lambda copy: subprocess.run(["cp", "--sparse=always", str(image), str(copy)], check=True)
    take(copies[0])
    for _ in range(COPIES_MAX):
        take(copies[1])
        if subprocess.run(["cmp", "-s", *map(str, copies)]).returncode == 0:
            return copies[0]
        copies.reverse()
    raise SystemExit("the image does not hold still")


def change(chance, notes):
    for _ in range(chance.randrange(1, 8)):
        write(chance, notes / f"20{chance.randrange(10, 24)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}.md")


def state(home):
    """What the index holds; nothing where there is none."""
    code = home.start("status").wait()
    return {} if code == 10 else home.exported()


def round_of(chance, home, whole, image, folder, took, counts):
    notes, action = home.notes, chance.choice(ACTIONS)
    home.run("ingest", str(notes), "--allow-mass-delete")
    before = home.exported()
    change(chance, notes)
    arguments = ["ingest", str(notes)]
    if action == "first":
        home.forget()
        os.sync()
        before = {}
    if action == "rebuild":
        arguments.append("--rebuild")
    if action == "purge":
        path = chance.choice(sorted(notes.iterdir()))
        path.unlink()
        arguments = ["purge", path.name, "--yes"]
    process = home.start(*arguments)
    waits_for_end = chance.random() < 0.25
    if waits_for_end:
        process.communicate()
    else:
        time.sleep(chance.uniform(0, took[action]))
        process.send_signal(signal.SIGSTOP)
    had_ended = process.poll() is not None
    cut = copied(image, folder)
    if not had_ended:
        process.send_signal(signal.SIGCONT)
    process.communicate()
    took[action] *= 0.9 if had_ended and not waits_for_end else 1.0 if waits_for_end else 1.03
    counts["cut after its end" if had_ended else "cut at work"] += 1
    after = home.exported()
    if action in ("first", "ingest", "rebuild"):
        whole.run("ingest", str(notes), "--allow-mass-delete")
        if after != whole.exported():
            raise Found("the run itself went wrong")
    place = folder / "cut"
    mount(cut, place)
    try:
        cut_off(Home(home.program, place / "home", notes), whole, before, after, had_ended, arguments, counts)
    finally:
        unmount(place)


def cut_off(home, whole, before, after, had_ended, arguments, counts):
    """What is there when the power comes back."""
    home.run("search", "garden", expected=(0, 4) if before or had_ended else (0, 4, 10))
    there = state(home)
    if had_ended and there != after:
        counts["committed and gone"] += 1
        raise Found(f"{' '.join(arguments)} had ended, and its commit is not there")
    torn = [path for path, note in there.items() if note not in (before.get(path), after.get(path))]
    gone = [path for path in before if path not in there and path in after]
    if torn or gone:
        counts["torn or gone"] += len(torn) + len(gone)
        raise Found(f"{' '.join(arguments)}: torn {torn}, gone {gone}")
    if there:
        counts["lost"] += lost(home.chunks())
    if arguments[0] == "purge":
        home.run(*arguments)
    home.run("ingest", str(home.notes), "--allow-mass-delete")
    chunks = home.checked()["chunks"]
    counts["lost"] += sum(note["chunks"] for note in chunks["lost"])
    counts["doubled"] += chunks["doubled"]
    counts["orphans"] += len(chunks["orphans"])
    whole.run("ingest", str(home.notes), "--allow-mass-delete")
    if home.exported() != whole.exported():
        counts["unlike"] += 1
        raise Found("it is not the index of a machine whose power never went")


def main():
    program, rounds = str(Path(sys.argv[1]).resolve()), int(sys.argv[2]) if len(sys.argv) > 2 else 30
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    chance = random.Random(seed)
    # In memory, where there is room, so that a copy takes no time.
    folder = Path(tempfile.mkdtemp(prefix="twin-power-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
    notes, image, disk = folder / "notes", folder / "disk.img", folder / "disk"
    notes.mkdir()
    for day in range(NOTES):
        write(chance, notes / f"2009-{day // 28 + 1:02}-{day % 28 + 1:02}.md")
    with open(image, "wb") as file:
        file.truncate(DISK)
    subprocess.run(["mkfs.ext4", "-q", "-m", "0", str(image)], check=True)
    mount(image, disk)
    home, whole = Home(program, disk / "home", notes), Home(program, folder / "whole", notes)
    counts, took, failed, began = Counter(), dict.fromkeys(ACTIONS, 0.4), 0, time.monotonic()
    try:
        for number in range(1, rounds + 1):
            try:
                round_of(chance, home, whole, image, folder, took, counts)
            except Found as found:
                failed += 1
                print(f"round {number}: {found}", flush=True)
                home.forget()
    finally:
        unmount(disk)
    print(f"{rounds} rounds, seed {seed}, {time.monotonic() - began:.0f} s: {failed} failed")
    names = ("cut at work", "cut after its end", "committed and gone", "torn or gone", "lost", "doubled", "orphans", "unlike")
    print(", ".join(f"{name} {counts[name]}" for name in names))
    shutil.rmtree(folder)
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
