"""Ingest a large logbook of which some files are bad, and see that every good one is in and every bad one named.

Usage: bad.py PROGRAM [COUNT] [PERCENT] [SEED]. The logbook is that of `notes.py --bad`. There is no embedding
model, since what is looked at is reading and storing. The run has to end with 3, name each file that was skipped
or not wholly read and no other, hold all the rest, and stay below a gibibyte of memory, which is what the system
says of the process at its end: the pages of mapped files count, though the system can take those back at any time.
What is the process's own is told beside it, looked at five times a second. Fault 63: a hundred thousand notes.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from home import Found, Home

MEMORY_MAX_MIB = 1024
# How a name that is no UTF-8 is shown.
NAME = r"\xff\xfe"


def watch_own(pid, own):
    """Keeps the most memory that a process has of its own, in mebibytes, until it ends."""
    while True:
        try:
            status = Path(f"/proc/{pid}/status").read_text()
        except OSError:
            return
        anonymous = [line.split()[1] for line in status.splitlines() if line.startswith("RssAnon")]
        if not anonymous:
            return
        own[0] = max(own[0], int(anonymous[0]) >> 10)
        time.sleep(0.2)


def main():
    program, count = str(Path(sys.argv[1]).resolve()), sys.argv[2] if len(sys.argv) > 2 else "100000"
    percent, seed = sys.argv[3] if len(sys.argv) > 3 else "5", sys.argv[4] if len(sys.argv) > 4 else "1"
    folder = Path(tempfile.mkdtemp(prefix="twin-bad-"))
    notes = folder / "notes"
    script = Path(__file__).with_name("notes.py")
    subprocess.run([sys.executable, script, notes, count, seed, "--bad", percent], check=True)
    manifest = json.loads((folder / "notes.json").read_text())
    home = Home(program, folder / "home", notes)
    began = time.monotonic()
    process = home.start("ingest", str(notes), "--json")
    own = [0]
    threading.Thread(target=watch_own, args=(process.pid, own), daemon=True).start()
    with ThreadPoolExecutor(2) as readers:
        out, said = readers.map(lambda stream: stream.read(), (process.stdout, process.stderr))
    said = said.decode(errors="replace")
    _, status, usage = os.wait4(process.pid, 0)
    code, took, peak = os.waitstatus_to_exitcode(status), time.monotonic() - began, usage.ru_maxrss / 1024
    report = json.loads(out) if out else {}
    wrong = []
    named = {entry["path"] for entry in report.get("skipped", [])}
    expected = {path.replace("-NAME.md", f"-{NAME}.md") for path in manifest["skipped"] + manifest["complained"]}
    if code != 3:
        wrong.append(f"it ended with {code}: {said[:2000]}")
    if named != expected:
        wrong.append(f"not named: {sorted(expected - named)[:5]}; named and good: {sorted(named - expected)[:5]}")
    holds = report.get("notes")
    if holds != manifest["good"] + len(manifest["complained"]):
        wrong.append(f"{holds} notes are in, and {manifest['good']} are good, {len(manifest['complained'])} in part")
    if peak > MEMORY_MAX_MIB:
        wrong.append(f"{peak:.0f} MiB of memory, over {MEMORY_MAX_MIB}")
    try:
        home.checked()
        home.run("search", "garden")
    except Found as found:
        wrong.append(str(found))
    kinds = ", ".join(f"{kind} {number}" for kind, number in sorted(manifest["kinds"].items()))
    print(f"{count} files, {sum(manifest['kinds'].values())} of them bad ({kinds})")
    print(f"{holds} notes in, {len(named)} named, exit {code}, {took:.0f} s, {peak:.0f} MiB at most, {max(own)} of its own")
    print(*wrong, sep="\n")
    shutil.rmtree(folder)
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
