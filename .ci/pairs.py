"""Run every pair of commands of `twin` at once, and see that no answer is wrong and no error a surprise.

Usage: pairs.py PROGRAM [SECONDS] [SEED]. Two processes of a pair (ingest, ask, chat, watch: an ingest begun
again whenever it has ended, since nothing of this program watches) go on one after the other for so many
seconds each, while notes change under them. Each note has one line in each of its versions, `quota NUMBER of
NOTE`, and many copies of it over several chunks, so that an answer from half a commit, or from a version that
never was, can be told: every line that is cited must have been a line of that note in one of its versions,
and all that is cited of one note in one answer must be of one version. Exit codes other than 0, 3 and 4, and
11 where the second one writes, are wrong, and so is anything that panics. Afterwards `check` finds nothing.

Fault 77: two runs that write. Fault 78: a question while a run writes.
"""

import itertools
import random
import re
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from home import Found, Home

KINDS = ["ingest", "ask", "watch", "chat"]
NOTES = 12
LINES = 60
# Seconds. A question of which a note says something else by now is answered with that, and 4.
CHANGES_EVERY = 1.5
CITED = re.compile(r"quota (\d+) of (\w+)")


class Notes:
    """Notes whose every version is known."""

    def __init__(self, folder, chance):
        self.folder, self.chance = folder, chance
        self.versions = {f"note{number}": set() for number in range(NOTES)}
        folder.mkdir()
        for name in self.versions:
            self.write(name)

    def write(self, name):
        number = self.chance.randrange(10**6)
        self.versions[name].add(number)
        line = f"The garden had a quota {number} of {name} that day, as was said before."
        text = "\n\n".join([f"# Garden of {name}"] + [line] * LINES)
        unfinished = self.folder / f".{name}.new"
        unfinished.write_text(text + "\n", encoding="utf-8")
        unfinished.rename(self.folder / f"2021-03-{list(self.versions).index(name) + 1:02}-{name}.md")

    def change(self):
        self.write(self.chance.choice(list(self.versions)))


def of_one_version(notes, texts):
    """Raises what is wrong with the lines that one answer cites."""
    seen = {}
    for text in texts:
        for number, name in CITED.findall(text):
            if int(number) not in notes.versions.get(name, ()):
                raise Found(f"no version of {name} has {number}")
            if seen.setdefault(name, number) != number:
                raise Found(f"an answer has {number} and {seen[name]} of {name}")
    return len(seen)


def once(kind, home, notes, counts):
    if kind in ("ingest", "watch"):
        process = home.start("ingest", str(notes.folder))
        stdout, stderr = process.communicate(timeout=120)
        allowed = (0, 3, 11)
    elif kind == "ask":
        process = home.start("ask", "--json", "what was the quota of the garden in March 2021?")
        stdout, stderr = process.communicate(timeout=120)
        allowed = (0, 4)
        if process.returncode == 0:
            counts["lines cited"] += of_one_version(notes, [stdout.decode()])
    else:
        process = home.start("chat", "--session", f"s{threading.get_ident()}")
        stdout, stderr = process.communicate(b"what was the quota of the garden in March 2021?\n", timeout=120)
        allowed = (0, 4)
        counts["lines cited"] += of_one_version(notes, [stdout.decode()])
    counts[f"{kind} {process.returncode}"] += 1
    said = stderr.decode()
    if process.returncode not in allowed or "panicked" in said:
        raise Found(f"{kind} ended with {process.returncode}: {said}{stdout.decode()}")


def pair(kinds, home, notes, seconds):
    """Both at once; how each ended, and what was wrong."""
    counts, wrong, until = Counter(), [], time.monotonic() + seconds

    def go_on(kind):
        while time.monotonic() < until and not wrong:
            try:
                once(kind, home, notes, counts)
            except Found as found:
                wrong.append(f"{kinds}: {found}")

    threads = [threading.Thread(target=go_on, args=(kind,)) for kind in kinds]
    # Somebody keeps the index moving where neither of the two does.
    if not {"ingest", "watch"} & set(kinds):
        threads.append(threading.Thread(target=go_on, args=("ingest",)))
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        notes.change()
        time.sleep(CHANGES_EVERY)
    for thread in threads:
        thread.join()
    home.run("ingest", str(notes.folder))
    home.checked()
    return counts, wrong


def main():
    program, seconds = str(Path(sys.argv[1]).resolve()), float(sys.argv[2]) if len(sys.argv) > 2 else 60
    chance = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    folder, failed = Path(tempfile.mkdtemp(prefix="twin-pairs-")), 0
    for kinds in itertools.combinations_with_replacement(KINDS, 2):
        place = folder / "-".join(kinds)
        place.mkdir()
        notes = Notes(place / "notes", chance)
        home = Home(program, place / "home", notes.folder)
        home.run("ingest", str(notes.folder))
        try:
            counts, wrong = pair(kinds, home, notes, seconds)
        except Found as found:
            counts, wrong = Counter(), [str(found)]
        failed += len(wrong)
        told = ", ".join(f"{name}: {count}" for name, count in sorted(counts.items()))
        print(f"{' and '.join(kinds)}: {told}", *wrong, sep="\n  ", flush=True)
    shutil.rmtree(folder)
    print(f"{failed} failed")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
