"""Draw a real session on the demo's logbook as docs/terminal.svg.

Usage: picture.py PROGRAM [PICTURE]. Each command runs in a terminal of its own, so that what is
drawn is what a terminal shows; the index goes below a temporary folder, and the embedding model is
taken from where it is. Nothing is edited: long lines are folded between words, under their
text, and what is left out of a long output stands as an ellipsis.
"""

import fcntl
import os
import pty
import re
import struct
import sys
import tempfile
import termios
from html import escape
from pathlib import Path

COLUMNS = 96
LINES_MAX = 30

BEFORE = ["ingest", "corpus"]
COMMANDS = [
    ["ask", "What did I learn about embeddings in 2023?"],
    ["ask", "--continue", "and in 2024?"],
]

FONTS = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
SIZE = 14
ADVANCE = SIZE * 0.6
LEADING = 20
MARGIN = 20
BAR = 38

BACKGROUND, TITLE_BAR, BORDER = "#14161b", "#1f232b", "#353b47"
TEXT, BRIGHT, DIM, PROMPT = "#cdd3de", "#ffffff", "#7d8796", "#7ec699"
COLOURS = [
    "#4b5263", "#e06c75", "#7ec699", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#cdd3de",
    "#7d8796", "#ff7b86", "#98e6b3", "#ffd68a", "#82c7ff", "#e29bf2", "#7fdbe6", "#ffffff",
]
PLAIN = {"fill": TEXT, "bold": False, "dim": False, "italic": False, "underline": False}

OPERATING_SYSTEM = re.compile(r"\x1b\].*?(?:\x07|\x1b\\)", re.DOTALL)
CONTROL = re.compile(r"\x1b\[([0-9;?]*)([A-Za-z])")


def main():
    program = Path(sys.argv[1]).resolve()
    root = Path(__file__).resolve().parent.parent
    picture = Path(sys.argv[2]) if len(sys.argv) > 2 else root / "docs" / "terminal.svg"
    lines = []
    with tempfile.TemporaryDirectory() as home:
        run(program, BEFORE, root, home)
        for command in COMMANDS:
            if lines:
                lines.append([])
            lines.append(typed(command))
            lines.extend(cut(folded(parsed(run(program, command, root, home)))))
    picture.parent.mkdir(exist_ok=True)
    picture.write_text(drawn(lines), encoding="utf-8")
    print(f"{picture}: {len(lines)} lines")


def run(program, command, folder, home):
    """What a terminal gets from one command."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("TWIN_", "XDG_")) and name != "NO_COLOR"
    }
    environment |= {
        "TERM": "xterm-256color",
        "XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache"),
        "XDG_CONFIG_HOME": f"{home}/config",
        "XDG_DATA_HOME": f"{home}/data",
        "XDG_STATE_HOME": f"{home}/state",
    }
    child, terminal = pty.fork()
    if child == 0:
        size = struct.pack("HHHH", LINES_MAX, COLUMNS, 0, 0)
        fcntl.ioctl(sys.stdout.fileno(), termios.TIOCSWINSZ, size)
        os.chdir(folder)
        os.execve(program, ["twin", *command], environment)
    output = b""
    while True:
        try:
            read = os.read(terminal, 65536)
        except OSError:
            break
        if not read:
            break
        output += read
    _, status = os.waitpid(child, 0)
    # The logbook does not say: that is an answer, and the one that the picture ends with.
    if os.waitstatus_to_exitcode(status) not in (0, 4):
        sys.exit(f"twin {' '.join(command)}: {output.decode(errors='replace')}")
    return output.decode()


def parsed(output):
    """Lines of (character, style), after what carriage returns and erasures leave of them."""
    text = OPERATING_SYSTEM.sub("", output).replace("\r\n", "\n").strip("\n")
    style, lines = dict(PLAIN), []
    for source in text.split("\n"):
        line, place, column = [], 0, 0
        while place < len(source):
            control = CONTROL.match(source, place)
            if control:
                if control[2] == "m":
                    style = styled(style, control[1])
                elif control[2] == "K":
                    line = line[:column] if control[1] in ("", "0") else []
                place = control.end()
                continue
            if source[place] == "\r":
                column = 0
            else:
                line[column : column + 1] = [(source[place], dict(style))]
                column += 1
            place += 1
        lines.append(line)
    return lines


def styled(style, codes):
    style = dict(style)
    numbers = [int(code or 0) for code in codes.split(";")]
    for number in numbers:
        if number == 0:
            style = dict(PLAIN)
        elif number in (1, 2, 3, 4):
            style[("bold", "dim", "italic", "underline")[number - 1]] = True
        elif number == 22:
            style |= {"bold": False, "dim": False}
        elif 30 <= number <= 37:
            style["fill"] = COLOURS[number - 30]
        elif 90 <= number <= 97:
            style["fill"] = COLOURS[number - 82]
        elif number == 39:
            style["fill"] = TEXT
    return style


def folded(lines):
    """Lines that fit, broken at spaces; what follows a list's mark stays under its text."""
    for line in lines:
        text = "".join(character for character, _ in line)
        mark = re.match(r"(\[?\d+[\].]|-)? *", text).end()
        indent = [(" ", dict(PLAIN))] * mark
        while len(line) > COLUMNS:
            text = "".join(character for character, _ in line)
            end = text.rfind(" ", len(indent) + 1, COLUMNS + 1)
            end = end if end > 0 else COLUMNS
            yield line[:end]
            line = indent + line[end:][text[end] == " " :]
        yield line


def cut(lines):
    """The telling ends of a long output, and an ellipsis where its middle was."""
    lines = list(lines)
    if len(lines) <= LINES_MAX:
        return lines
    head = LINES_MAX * 2 // 3
    return [*lines[:head], plain("…", dim=True), *lines[head + 1 - LINES_MAX :]]


def typed(command):
    words = [f'"{word}"' if " " in word else word for word in command]
    return plain("$ ", fill=PROMPT, bold=True) + plain(" ".join(["twin", *words]), fill=BRIGHT)


def plain(text, **style):
    return [(character, PLAIN | style) for character in text]


def drawn(lines):
    width = 2 * MARGIN + COLUMNS * ADVANCE
    height = BAR + 2 * MARGIN + len(lines) * LEADING - 6
    dots = "".join(
        f'<circle cx="{MARGIN + 2 + 20 * place}" cy="{BAR / 2:g}" r="6" fill="{fill}"/>\n'
        for place, fill in enumerate(["#ff5f57", "#febc2e", "#28c840"])
    )
    words = "".join(
        words_of(line, BAR + MARGIN + SIZE - 3 + row * LEADING) for row, line in enumerate(lines)
    )
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" \
width="{width:g}" height="{height:g}" role="img" aria-labelledby="title">
<title id="title">A session of twin in a terminal</title>
<rect x="0.5" y="0.5" width="{width - 1:g}" height="{height - 1:g}" rx="10" \
fill="{BACKGROUND}" stroke="{BORDER}"/>
<path d="M1 {BAR} V10.5 a9.5 9.5 0 0 1 9.5 -9.5 H{width - 10.5:g} a9.5 9.5 0 0 1 9.5 9.5 V{BAR} Z" \
fill="{TITLE_BAR}"/>
{dots}<g font-family="{FONTS}" \
font-size="{SIZE}" xml:space="preserve">
<text x="{width / 2:g}" y="{BAR / 2 + 5:g}" text-anchor="middle" fill="{DIM}">twin</text>
{words}</g>
</svg>
"""


def words_of(line, baseline):
    """A line: a text for each run of one style, at its column and as wide as its letters."""
    runs, column = [], 0
    for character, style in line:
        if runs and runs[-1][1] == style:
            runs[-1][2] += character
        else:
            runs.append([column, style, character])
        column += 1
    texts = ""
    for column, style, text in runs:
        lead = len(text) - len(text.lstrip())
        column, text = column + lead, text.strip()
        if not text:
            continue
        fill = DIM if style["dim"] else style["fill"]
        if style["bold"] and fill == TEXT:
            fill = BRIGHT
        attributes = f'x="{MARGIN + column * ADVANCE:g}" y="{baseline:g}" fill="{fill}"'
        attributes += f' textLength="{len(text) * ADVANCE:g}"'
        attributes += ' font-weight="bold"' if style["bold"] else ""
        attributes += ' font-style="italic"' if style["italic"] else ""
        attributes += ' text-decoration="underline"' if style["underline"] else ""
        texts += f"<text {attributes}>{escape(text, quote=False)}</text>\n"
    return texts


if __name__ == "__main__":
    main()
