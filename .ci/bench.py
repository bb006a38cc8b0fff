"""Measure ingest and search on a folder of notes, each as a process of its own.

Usage: bench.py PROGRAM NOTES. The notes are copied, and everything is written below a temporary
folder, except for the embedding models, which are taken from where they are.
"""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SEARCHES = 20


def measure(command, environment):
    """Wall seconds, processor seconds and peak mebibytes of one process and what it starts."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        began = time.monotonic()
        status = subprocess.run(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        wall = time.monotonic() - began
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        processor = usage.ru_utime + usage.ru_stime
        # Done in part is fine: a note may be unreadable.
        complaint = "" if status.returncode in (0, 3) else status.stderr.decode(errors="replace")
        os.write(writer, f"{wall} {processor} {usage.ru_maxrss / 1024}\n{complaint}".encode()[:4096])
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        numbers, complaint = pipe.read().split("\n", 1)
    os.waitpid(child, 0)
    if complaint:
        sys.exit(f"{' '.join(map(str, command))}: {complaint}")
    return tuple(float(number) for number in numbers.split())


def row(name, measured):
    wall, processor, memory = measured
    print(f"{name:<32}{wall:>9.3f} s{processor:>9.3f} s{memory:>9.0f} MiB", flush=True)


def main():
    program, notes = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        copy = Path(folder) / "notes"
        shutil.copytree(notes, copy)
        environment = {name: value for name, value in os.environ.items() if name != "TWIN_HOME"}
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        environment |= {
            "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_DATA_HOME": str(home / "data"),
            "XDG_STATE_HOME": str(home / "state"),
            "XDG_CACHE_HOME": str(cache),
        }
        ingest = [program, "ingest", str(copy)]
        markdown = sorted(copy.rglob("*.md"))
        print(f"{len(markdown)} notes{'':<20}{'wall':>11}{'processor':>11}{'memory':>13}")
        subprocess.run([program, "models", "pull"], env=environment, check=True, capture_output=True)
        row("ingest, from nothing", measure(ingest, environment))
        # What is younger than the last run is read again to be sure; the second run settles that.
        time.sleep(2.5)
        measure(ingest, environment)
        row("ingest, nothing changed", measure(ingest, environment))
        with markdown[len(markdown) // 2].open("a", encoding="utf-8") as note:
            note.write("\nA line that was not there before.\n")
        row("ingest, one note changed", measure(ingest, environment))
        # Each is a process of its own that opens the index and the model.
        for name, flags in (("search", []), ("search in a year", ["--year", "2012"])):
            search = [program, "search", "what did I learn about testing", *flags]
            searches = sorted(measure(search, environment) for _ in range(SEARCHES))
            row(f"{name}, median of {SEARCHES}", searches[SEARCHES // 2])
            row(f"{name}, 95% within", searches[SEARCHES * 95 // 100 - 1])


if __name__ == "__main__":
    main()
