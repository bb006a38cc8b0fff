"""Write a logbook of any size, the same for the same seed.

Usage: notes.py FOLDER COUNT [SEED] [--bad PERCENT]. Each note is of one day and has a heading, a line of
prose and a list; its words come from a vocabulary that grows with the logbook, as that of a person does,
slower and slower. With `--bad`, so many of a hundred notes are files of each kind that an ingest has to skip or
to complain of, and `FOLDER.json` says which: `skipped` have to be named and are in no index, `complained` are
named and in, `left out` are no notes, and `good` says how many of the rest there are.
"""

import argparse
import json
import os
import random
from datetime import date, timedelta
from pathlib import Path

FIRST = date(1995, 1, 1)
DAYS = 11_000

SUBJECTS = (
    "garden bread violin kitchen river workshop library harbour orchard bicycle greenhouse attic "
    "market choir telescope beehive pottery railway cellar meadow printer compiler database kernel "
    "parser network cache scheduler notebook camera radio clock boat tent stove loom kiln easel"
).split()
VERBS = (
    "learned repaired read measured visited planted painted cooked tuned sorted wrote compared "
    "explained rebuilt carried cleaned finished started borrowed sketched recorded tested moved"
).split()
QUALITIES = (
    "slow bright old narrow quiet patient careful heavy early wooden simple broken clear distant "
    "green rough steady curious salty warm hollow plain late gentle"
).split()
PLACES = "at home,by the lake,in town,at the club,on the train,in the yard,upstairs,abroad".split(",")
TAGS = "work home reading music garden code travel health".split()
SYLLABLES = "ba ke lo mi nu pa re si to va den gar hol kim lor mar nes pol tri wen".split()


def rare(chance, count):
    """A word that a larger logbook has more of."""
    number = int(chance.paretovariate(0.9)) % (50 + count // 4)
    word = ""
    while number or len(word) < 5:
        number, place = divmod(number, len(SYLLABLES))
        word += SYLLABLES[place]
    return word


def sentence(chance, count):
    words = [
        "I",
        chance.choice(VERBS),
        "the",
        chance.choice(QUALITIES),
        chance.choice(SUBJECTS),
        chance.choice(PLACES),
        "with",
        rare(chance, count).capitalize(),
    ]
    if chance.random() < 0.4:
        words += ["for", str(chance.randrange(5, 180)), "minutes"]
    return " ".join(words) + "."


def note(chance, day, count):
    title = f"{chance.choice(SUBJECTS).capitalize()} and {chance.choice(SUBJECTS)}"
    prose = " ".join(sentence(chance, count) for _ in range(chance.randrange(1, 4)))
    items = "\n".join(f"- {sentence(chance, count)}" for _ in range(chance.randrange(1, 5)))
    tags = " ".join(f"#{tag}" for tag in chance.sample(TAGS, chance.randrange(0, 3)))
    return f"# {title}\n\n{day:%Y-%m-%d} {tags}\n\n{prose}\n\n{items}\n"


def bad(chance, path, text):
    """Makes a bad file in place of a note, and says what has to come of it, and of which file."""
    byte = text.encode()
    kinds = {
        "latin1": (b"caf\xe9 " + byte, "skipped"),
        "cut": (byte + "é".encode()[:1], "skipped"),
        "nul": (byte[:20] + b"\0" + byte[20:], "skipped"),
        "picture": (b"\x89PNG\r\n\x1a\n" + bytes(chance.randrange(256) for _ in range(200)), "skipped"),
        "aliases": (b"---\n" + b"\n".join(b"a%d: &a%d [%s]" % (n, n, b"x" if n == 0 else b",".join([b"*a%d" % (n - 1)] * 9)) for n in range(9)) + b"\n---\n" + byte, "skipped"),
        "open front matter": (b"---\ntags: [garden]\n\n" + byte, "complained"),
        "no yaml": (b"---\n: [ : {\n---\n" + byte, "complained"),
        "huge line": (b"bread " * 40_000, "good"),
        "empty": (b"", "good"),
        "spaces": (b" \n\t\r\n", "good"),
        "utf16": (text.encode("utf-16"), "good"),
    }
    kind = chance.choice([*kinds, "large", "pipe", "dangling", "outside", "name", "control"])
    if kind in kinds:
        content, fate = kinds[kind]
        path.write_bytes(content)
    elif kind == "large":
        fate = "skipped"
        with open(path, "wb") as file:
            file.truncate(10 << 30)
    elif kind == "pipe":
        fate = "skipped"
        os.mkfifo(path)
    elif kind in ("dangling", "outside"):
        fate = "skipped"
        path.symlink_to("nowhere.md" if kind == "dangling" else "/etc/hostname")
    elif kind == "name":
        fate = "skipped"
        path = path.with_name(f"{path.stem}-NAME.md")
        os.close(os.open(os.fsencode(path).replace(b"NAME", b"\xff\xfe"), os.O_CREAT | os.O_WRONLY, 0o600))
    else:
        fate = "good"
        path = path.with_name(f"{path.stem}\x1b[31m\n.md")
        path.write_bytes(byte)
    return kind, fate, path


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("count", type=int)
    parser.add_argument("seed", type=int, nargs="?", default=1)
    parser.add_argument("--bad", type=float, default=0, metavar="PERCENT")
    arguments = parser.parse_args()
    folder, count, chance = arguments.folder, arguments.count, random.Random(arguments.seed)
    fates = {"skipped": [], "complained": []}
    kinds, good = {}, 0
    for number in range(count):
        day = FIRST + timedelta(days=number * DAYS // count)
        path = folder / f"{day:%Y}" / f"{day:%Y-%m-%d}-{number:06}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        text = note(chance, day, count)
        fate = "good"
        if arguments.bad and chance.random() * 100 < arguments.bad:
            kind, fate, path = bad(chance, path, text)
            kinds[kind] = kinds.get(kind, 0) + 1
        else:
            path.write_text(text, encoding="utf-8")
        if fate == "good":
            good += 1
        else:
            fates[fate].append(str(path.relative_to(folder)))
    if arguments.bad:
        manifest = {"good": good, "kinds": kinds, **fates}
        folder.with_suffix(".json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
