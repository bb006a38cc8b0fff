"""A user of `twin` with folders of their own and no model, for the scripts that try to break it."""

import json
import shutil
import subprocess

WORDS = "garden bread violin river harbour orchard loom kiln stove kernel parser cache radio tent".split()


class Home:
    """A user of the program, with an index of the notes."""

    def __init__(self, program, folder, notes, **settings):
        self.program, self.folder, self.notes = program, folder, notes
        settings = {"embedding__model": "none", "llm__provider": "none"} | settings
        self.settings = [part for name, value in settings.items()
                         for part in ("--set", f"{name.replace('__', '.')}={value}")]
        folder.mkdir(parents=True, exist_ok=True)

    def start(self, *arguments):
        folders = ("CONFIG", "DATA", "STATE", "CACHE")
        names = {f"XDG_{name}_HOME": str(self.folder / name.lower()) for name in folders}
        return subprocess.Popen(
            [self.program, *self.settings, *arguments],
            env={"HOME": str(self.folder), **names},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self.folder,
        )

    def run(self, *arguments, expected=(0,)):
        process = self.start(*arguments)
        stdout, stderr = process.communicate(timeout=120)
        if process.returncode not in expected:
            raise Found(f"twin {' '.join(arguments)} ended with {process.returncode}: {stderr.decode()}{stdout.decode()}")
        return stdout

    def checked(self):
        """What `twin check` says, which has to be well."""
        checked = self.chunks()
        if any(not finding["is_well"] for finding in checked["findings"]):
            raise Found(f"check: {json.dumps(checked, indent=1)}")
        return checked

    def forget(self):
        shutil.rmtree(self.folder / "data", ignore_errors=True)

    def chunks(self):
        """What `twin check` says of the chunks."""
        return json.loads(self.run("check", "--json", expected=(0, 1)))

    def exported(self):
        """Each note with its version, entries and chunks, whatever their order."""
        notes = {}
        for line in self.run("export").split(b"\n")[:-1]:
            line = json.loads(line)
            if line["kind"] == "note":
                line["chunks"].sort(key=lambda chunk: chunk["id"])
                notes[line["path"]] = json.dumps(line, sort_keys=True)
        return notes


class Found(Exception):
    """Something is not as it is promised."""


def write(chance, path):
    paragraphs = chance.randrange(1, 12)
    text = "\n\n".join(" ".join(chance.choice(WORDS) for _ in range(60)) for _ in range(paragraphs))
    path.write_text(f"# {chance.choice(WORDS)}\n\n{text}\n", encoding="utf-8")


def lost(checked):
    """How many chunks are lost, by what `twin check` says."""
    return sum(note["chunks"] for note in (checked.get("chunks") or {}).get("lost", []))
