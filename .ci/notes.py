"""Write a logbook of any size, the same for the same seed.

Usage: notes.py FOLDER COUNT [SEED]. Each note is of one day and has a heading, a line of prose and a
list; its words come from a vocabulary that grows with the logbook, as that of a person does, slower and
slower.
"""

import random
import sys
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


def main():
    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    chance = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    for number in range(count):
        day = FIRST + timedelta(days=number * DAYS // count)
        path = folder / f"{day:%Y}" / f"{day:%Y-%m-%d}-{number:06}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(note(chance, day, count), encoding="utf-8")


if __name__ == "__main__":
    main()
