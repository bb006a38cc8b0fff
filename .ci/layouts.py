"""Write one logbook of daily files in seven layouts, and hold what is read of each against the day
that each line was written on.

Usage: layouts.py PROGRAM NOTES QUESTIONS...

NOTES holds files named by their day, `2022-12-17.md`, whose first line is a heading with that day.
Each layout is evaluated with the same questions, whose gold is moved to where its lines then stand.
Everything is written below a temporary folder.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from datetime import date
from pathlib import Path

MONTHS = "January February March April May June July August September October November December"
MOIS = "Janvier Février Mars Avril Mai Juin Juillet Août Septembre Octobre Novembre Décembre"
JOURS = "Lundi Mardi Mercredi Jeudi Vendredi Samedi Dimanche"
MONTHS, MOIS, JOURS = MONTHS.split(), MOIS.split(), JOURS.split()


class Layout:
    """Files that are being written, and where each line of the daily files went."""

    def __init__(self):
        self.files = defaultdict(list)
        self.moved = {}

    def line(self, file, text, origin=None):
        self.files[file].append(text)
        if origin:
            self.moved[origin] = (file, len(self.files[file]))

    def write(self, folder):
        for file, lines in self.files.items():
            path = folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def days(notes):
    """Each day with its lines below the heading, and the number of each line."""
    for path in sorted(notes.glob("*.md")):
        lines = path.read_text(encoding="utf-8").splitlines()
        yield path.name, date.fromisoformat(path.stem), list(enumerate(lines, 1))[1:]


def deeper(text):
    """A heading one level further down."""
    return "#" + text if text.startswith("#") else text


def below_headings(notes, file_of, opening_of, heading_of, backwards=False):
    """Several days a file, each below a heading of its own."""
    layout = Layout()
    for name, day, lines in sorted(days(notes), key=lambda it: it[1], reverse=backwards):
        file = file_of(day)
        if not layout.files[file]:
            layout.line(file, opening_of(day))
            layout.line(file, "")
        layout.line(file, heading_of(day))
        for number, text in lines:
            layout.line(file, deeper(text), (name, number))
    return layout


def daily(notes):
    layout = Layout()
    for name, day, lines in days(notes):
        layout.line(name, f"# {day}")
        for number, text in lines:
            layout.line(name, text, (name, number))
    return layout


def monthly(notes):
    return below_headings(
        notes, lambda d: f"{d:%Y-%m}.md", lambda d: f"# {MONTHS[d.month - 1]} {d.year}", lambda d: f"## {d}"
    )


def one_file(notes):
    return below_headings(
        notes,
        lambda _: "log.md",
        lambda _: "# Log",
        lambda d: f"## {d.day} {MONTHS[d.month - 1]} {d.year}",
        backwards=True,
    )


def french(notes):
    return below_headings(
        notes,
        lambda d: f"carnet/{MOIS[d.month - 1].lower()}-{d.year}.md",
        lambda d: f"# {MOIS[d.month - 1]} {d.year}",
        lambda d: f"## {JOURS[d.weekday()]} {d.day}",
    )


def logseq(notes):
    layout = Layout()
    for name, day, lines in days(notes):
        file = f"journals/{day:%Y_%m_%d}.md"
        depth = 0
        for number, text in lines:
            if not text.strip():
                continue
            if text.startswith("#"):
                layout.line(file, f"- {text}", (name, number))
                depth = 1
            else:
                item = text if text.lstrip().startswith("- ") else f"- {text}"
                layout.line(file, "\t" * depth + item, (name, number))
    return layout


def jekyll(notes):
    layout = Layout()
    for name, day, lines in days(notes):
        file = f"_posts/{day}-what-was-said.md"
        for text in ("---", "layout: post", "title: What was said", f"date: {day} 20:15:00 +0000", "---"):
            layout.line(file, text)
        for number, text in lines:
            layout.line(file, text, (name, number))
    return layout


def jrnl(notes):
    layout = Layout()
    for name, day, lines in days(notes):
        titled = False
        for number, text in lines:
            heading = re.match(r"#+\s+(?:(\d\d:\d\d)\s*[–-]\s*)?(.*)", text)
            if heading:
                time, title = heading[1] or "20:15", heading[2]
                layout.line("jrnl.txt", f"[{day} {time}] {title}", (name, number))
                titled = True
            else:
                if not titled and text.strip():
                    layout.line("jrnl.txt", f"[{day} 20:15] Notes")
                    titled = True
                layout.line("jrnl.txt", text, (name, number))
    return layout


LAYOUTS = [daily, monthly, one_file, french, logseq, jekyll, jrnl]


def moved_questions(questions, layout):
    """The same questions with their gold where it now stands."""
    for line in Path(questions).read_text(encoding="utf-8").splitlines():
        question = json.loads(line)
        gold = []
        for item in question.get("evidence", []):
            numbers = range(item["line_start"], item["line_end"] + 1)
            places = [layout.moved.get((item["file"], number)) for number in numbers]
            places = [place for place in places if place]
            if places:
                lines = [number for _, number in places]
                gold.append({"file": places[0][0], "line_start": min(lines), "line_end": max(lines)})
        question["evidence"] = gold
        yield json.dumps(question, ensure_ascii=False)


def run(program, home, *arguments):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TWIN_")}
    environment |= {f"XDG_{kind}_HOME": str(home / kind.lower()) for kind in ("CONFIG", "DATA", "STATE")}
    environment["NO_COLOR"] = "1"
    return subprocess.run(
        [program, *map(str, arguments)], env=environment, capture_output=True, text=True, check=False
    )


def wrong_days(program, home, notes, layout):
    """The lines whose entry has another day than the one they were written on, and how many there are."""
    read = {}
    for file in layout.files:
        shown = run(program, home, "--set", f"logbook.folders=['{notes}']", "dates", notes / file, "--json")
        if shown.returncode not in (0, 3):
            sys.exit(f"twin dates {file}: {shown.stderr}")
        for entry in json.loads(shown.stdout)["entries"]:
            span = (entry.get("dating") or {}).get("span") or {}
            for number in range(entry["lines"]["first"], entry["lines"]["last"] + 1):
                read[file, number] = span.get("start")
    wrong = 0
    for (name, _), place in layout.moved.items():
        if layout.files[place[0]][place[1] - 1].strip():
            wrong += read.get(place) != name.removesuffix(".md")
    return wrong, len(layout.moved)


def main():
    program, notes, questions = Path(sys.argv[1]).resolve(), Path(sys.argv[2]), sys.argv[3]
    print(f"{'layout':<10}{'lines of another day':>22}{'150':>8}{'300':>8}{'600':>8}{'all':>8}")
    for make in LAYOUTS:
        with tempfile.TemporaryDirectory() as folder:
            home, written = Path(folder) / "home", Path(folder) / "notes"
            layout = make(notes)
            layout.write(written)
            wrong, lines = wrong_days(program, home, written, layout)
            moved = Path(folder) / "questions.jsonl"
            moved.write_text("\n".join(moved_questions(questions, layout)) + "\n", encoding="utf-8")
            scored = run(program, home, "eval", moved, "--notes", written, "--json")
            if scored.returncode != 0:
                sys.exit(f"twin eval, {make.__name__}: {scored.stderr}")
            scores = json.loads(scored.stdout)["all"]
            recall = "".join(f"{value:>8.1f}" for value in [*scores["recall"][:3], scores["coverage"]])
            print(f"{make.__name__:<10}{f'{wrong} of {lines}':>22}{recall}", flush=True)


if __name__ == "__main__":
    main()
