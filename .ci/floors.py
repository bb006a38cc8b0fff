"""Write the floors of retrieval on corpus/ anew: tests/data/floors.tsv, a little under what is measured.

    floors.py TWIN > tests/data/floors.tsv

Only for a change of retrieval that is meant, and after looking at what got worse:
`twin eval corpus/pairs.jsonl --notes corpus --predictions …` before and after it. The default
model is fetched when it is not on this machine. Standard library only.
"""
import json
import math
import os
import subprocess
import sys
import tempfile

HEAD = """\
# What retrieval on `corpus/` may not fall under: a file of questions, a model, what is measured, and the floor.
# A category is its recall at 600 words in percent, one point under what was measured; `rightly absent` counts the
# unanswerable questions for which that was said, and `answered` the others for which it was not, each less one.
# Written by `.ci/floors.py`."""
FILES = ["questions.jsonl", "pairs.jsonl"]
MODELS = {"none": ["--model", "none"], "default": []}
AT_600_WORDS = 2


def rows(scores):
    for category, row in {**scores["categories"], "ALL": scores["all"]}.items():
        yield category, f"{max(0, math.floor(10 * (row['recall'][AT_600_WORDS] - 1)) / 10):.1f}"
    abstention = scores["abstention"]
    if abstention["unanswerable"]:
        yield "rightly absent", max(0, abstention["rightly"] - 1)
    yield "answered", max(0, abstention["answerable"] - abstention["wrongly"] - 1)


def main():
    twin = sys.argv[1]
    print(HEAD)
    with tempfile.TemporaryDirectory() as folder:
        # The user's settings are not what is measured.
        environment = {**os.environ, "XDG_CONFIG_HOME": folder}
        for file in FILES:
            for model, flags in MODELS.items():
                command = [twin, "eval", f"corpus/{file}", "--notes", "corpus", "--json"]
                command += ["--index", f"{folder}/{model}", *flags]
                print()
                scores = json.loads(subprocess.check_output(command, env=environment))
                for measure, floor in rows(scores):
                    print(file, model, measure, floor, sep="\t")


main()
