"""What import-linter cannot see: who asks for the time, and who speaks of commands."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter.cli.commands import COMMANDS

PACKAGE = Path(__file__).parents[2] / "newsletter"
FRONTS = {"cli", "lsp", "web", "workers"}

CLOCK = {("datetime", "now"), ("datetime", "utcnow"), ("date", "today"), ("time", "time")}
"""How Python is asked for the time of day; the monotonic clock is none."""

WORDS = re.compile(
    rf"""\bnewsletter\ (?:{"|".join(COMMANDS)})\b
    | (?<![\w(-])--[a-z][\w-]*+(?!:)  # no property of CSS: `var(--page)`, `--page:`
    """,
    re.VERBOSE,
)
OTHER_PROGRAMS = "adduser --system"
OWN_COMMANDS = {"units"}
"""A unit file and a crontab hold commands, and tell their reader which."""


def modules_below(fronts: set[str]) -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE)
        if name.parts[0] not in fronts:
            yield str(name), ast.parse(path.read_text(encoding="utf-8"))


def test_nobody_below_the_fronts_asks_for_the_time() -> None:
    """They are handed a moment, or a clock to ask: a test and a public demo have their own."""
    found = [
        f"{name}: {ast.unparse(node)}"
        for name, tree in modules_below(FRONTS | {"wiring.py", "clock.py"})
        for node in ast.walk(tree)
        if _asks_for_the_time(node)
    ]

    assert [] == found


def _asks_for_the_time(node: ast.AST) -> bool:
    match node:
        case ast.ImportFrom(module="newsletter.clock", names=names):
            return "now" in [alias.name for alias in names]
        case ast.ImportFrom(module="newsletter", names=names):
            return "clock" in [alias.name for alias in names]
        case ast.Attribute(value=ast.Name(id=owner) | ast.Attribute(attr=owner), attr=asked):
            return (owner, asked) in CLOCK
        case _:
            return False


def test_nothing_below_the_command_line_speaks_of_commands() -> None:
    """An error carries a remedy, which each front words: a web page has no options."""
    found = [
        f"{name}:{line}: {words}"
        for name, tree in modules_below(FRONTS | OWN_COMMANDS)
        for line, words in _command_words(tree)
    ]

    assert [] == found


def _command_words(tree: ast.Module) -> Iterator[tuple[int, str]]:
    docstrings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found = WORDS.search(node.value.replace(OTHER_PROGRAMS, ""))
            if found and node not in docstrings:
                yield node.lineno, found[0]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("raise E('no run', next_step='see `newsletter status`')", ["newsletter status"]),
        ("step = f'take {name} out, or say --force'", ["--force"]),
        ("step = f'`newsletter check {name}`'", ["newsletter check"]),
        ("'''Said in a docstring: `newsletter status --failed`.'''", []),
        ("css = 'body{color:var(--text)} :root{--text:#000}'", []),
        ("text = 'newsletters run -- and stop'", []),
    ],
)
def test_command_words_are_recognised(source: str, words: list[str]) -> None:
    assert words == [found for _, found in _command_words(ast.parse(source))]


@pytest.mark.parametrize(
    ("source", "is_asking"),
    [
        ("from newsletter.clock import Clock, now", True),
        ("from newsletter import clock", True),
        ("at = datetime.now(UTC)", True),
        ("at = datetime.date.today()", True),
        ("at = time.time()", True),
        ("from newsletter.clock import Clock", False),
        ("at = time.monotonic()", False),
        ("at = self.now()", False),
    ],
)
def test_asking_for_the_time_is_recognised(source: str, is_asking: bool) -> None:
    assert is_asking == any(map(_asks_for_the_time, ast.walk(ast.parse(source))))
