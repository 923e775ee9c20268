"""docs/tutorial.md, done word for word: every command typed, every file written, every answer held
to what stands there.

On the page, a block of the kind `console` has commands behind `$` (a line that ends in a backslash
goes on behind `>`) and what they say, both streams as on a terminal. A line `…` stands for any
lines, and `…` within a line for any text. A block with the title of a file is written to it; one of
the kind `diff` changes lines of it. What runs in the second terminal runs to the end. The page's
Friday is put in place of the one that it really is, and a free port in place of the page's.
"""

import re
import shlex
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from tests.acceptance.publication import COMMAND, clean_environment
from tests.pace import patience

pytestmark = pytest.mark.slow

PAGE = Path(__file__).parents[2] / "docs" / "tutorial.md"
FRIDAY, PORT = date(2026, 12, 4), "2525"
"""As the page has them."""

BLOCK = re.compile(r'^```(\w+)(?: title="([^"]*)")?\n(.*?)^```$', re.DOTALL | re.MULTILINE)


def free_port() -> str:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return str(one.getsockname()[1])


@dataclass
class Terminal:
    """A folder and an environment, changed by `cd` and `export` as a shell does."""

    folder: Path
    environment: dict[str, str] = field(default_factory=clean_environment)

    def type(self, command: str) -> str:
        """What a command says, both streams together."""
        words = shlex.split(command)
        match words:
            case ["cd", folder]:
                self.folder /= folder
                return ""
            case ["export", setting]:
                name, _, value = setting.partition("=")
                self.environment[name] = value
                return ""
        with self.start(command) as process:
            return process.communicate(timeout=patience(60))[0]

    def start(self, command: str) -> subprocess.Popen[str]:
        name, *words = shlex.split(command)
        assert "newsletter" == name
        return subprocess.Popen(
            [COMMAND, *words],
            cwd=self.folder,
            env={**self.environment, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )


def exchanges(block: str) -> Iterator[tuple[str, str]]:
    """Each command of a block, and what it is to say."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, said = part.replace("\\\n> ", " ").partition("\n")
        yield command, said


def pattern_of(said: str) -> str:
    lines = [
        "(?:[^\n]*\n)*?" if line == "…\n" else re.escape(line).replace("…", "[^\n]*?")
        for line in said.splitlines(keepends=True)
    ]
    return "".join(lines)


def moved(text: str, friday: date, port: str) -> str:
    """The page's words for the day and the port, in those of this run."""
    for form in ("%Y-%m-%d", "%-d %B %Y", "%-d %B"):
        text = text.replace(FRIDAY.strftime(form), friday.strftime(form))
    return text.replace(PORT, port)


def test_moved_takes_the_day_in_each_of_its_forms() -> None:
    assert "2027-01-08, Friday 8 January 2027, Friday 8 January, port 80" == moved(
        "2026-12-04, Friday 4 December 2026, Friday 4 December, port 2525", date(2027, 1, 8), "80"
    )


@pytest.mark.parametrize(
    ("said", "answer", "is_it"),
    [
        ("a\n…\nb\n", "a\nb\n", True),
        ("a\n…\nb\n", "a\nx\ny\nb\n", True),
        ("a …\n", "a x\n", True),
        ("a …\n", "a x\ny\n", False),
        ("a.\n", "ab\n", False),
        ("", "a\n", False),
    ],
)
def test_pattern_takes_what_is_left_out_and_nothing_else(
    said: str, answer: str, is_it: bool
) -> None:
    assert is_it is bool(re.fullmatch(pattern_of(said), answer))


def test_tutorial_is_true_word_for_word(tmp_path: Path) -> None:
    terminal, friday, port, typed = Terminal(tmp_path), FRIDAY, free_port(), 0
    with ExitStack() as second:
        for kind, title, block in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
            text = moved(block, friday, port)
            if kind == "console" and title:
                for command, said in exchanges(text):
                    process = second.enter_context(terminal.start(command))
                    second.callback(process.terminate)
                    assert process.stdout is not None
                    assert said == "".join(process.stdout.readline() for _ in said.splitlines())
            elif kind == "console":
                for command, said in exchanges(block):
                    answer = terminal.type(moved(command, friday, port))
                    friday = friday if typed else first_friday(tmp_path)
                    wanted = moved(said, friday, port)
                    assert re.fullmatch(pattern_of(wanted), answer), f"$ {command}\n{answer}"
                    typed += 1
            elif kind == "diff":
                change(terminal.folder / moved(title, friday, port), text)
            elif title:
                (terminal.folder / moved(title, friday, port)).write_text(text, encoding="utf-8")

    assert typed > 10
    assert [*(tmp_path / "friday" / "outbox").glob("*you@example.com*.eml")]


def first_friday(folder: Path) -> date:
    [issue] = (folder / "friday" / "issues").glob("*.md")
    return date.fromisoformat(issue.stem)


def change(path: Path, difference: str) -> None:
    text = path.read_text(encoding="utf-8")
    old, new = ("".join(re.findall(rf"^\{sign}(.*\n)", difference, re.MULTILINE)) for sign in "-+")
    assert 1 == text.count(old), old
    path.write_text(text.replace(old, new), encoding="utf-8")
