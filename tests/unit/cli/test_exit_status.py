"""One table of exit statuses: what docs/programs.md prints, and what the commands can end with."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from newsletter.cli.app import load_command
from newsletter.cli.exit_status import ExitStatus, is_special, meanings_of
from newsletter.cli.reference import all_commands

ROOT = Path(__file__).parents[3]
NAMES = [command.name for command in all_commands()]


def test_the_page_has_every_command_that_says_more_and_what_it_says() -> None:
    page = (ROOT / "docs" / "programs.md").read_text()

    shown = [line for line in page.splitlines() if re.match(r"\| `[a-z ]+` \|", line)]
    assert [row(name) for name in NAMES if is_special(name)] == shown


def row(name: str) -> str:
    meanings = meanings_of(name)
    cells = [meanings.get(status, "") for status in ExitStatus]
    cells[ExitStatus.COULD_NOT_RUN] = cells[ExitStatus.COULD_NOT_RUN].split("; standard")[0]
    return f"| `{name}` | {' | '.join(cells)} |"


@pytest.mark.parametrize("name", NAMES)
def test_the_table_has_what_a_command_can_end_with(name: str) -> None:
    """By the text of its function, and of whatever that uses of the command line's modules."""
    said = {ExitStatus[word] for word in statuses_in(*home_of(name), set())}

    usual = {ExitStatus.DONE, ExitStatus.COULD_NOT_RUN}
    assert said - usual == meanings_of(name).keys() - usual


def home_of(name: str) -> tuple[str, str]:
    """The module of a command and its function there."""
    group, _, last = name.rpartition(" ")
    command = load_command(group or last)
    function = (command.commands[last] if group else command).callback
    return (function.__module__, function.__name__) if function else (f"newsletter.cli.{last}", "")


def statuses_in(module: str, name: str, seen: set[tuple[str, str]]) -> Iterator[str]:
    """The names of exit statuses that a function, a class or a table says, or what it uses."""
    places = names_of(module)
    if (module, name) in seen or name not in places:
        return
    seen.add((module, name))
    home, node = places[name]
    if isinstance(node, str):
        yield from statuses_in(home, node, seen)
        return
    for inside in ast.walk(node):
        if isinstance(inside, ast.Attribute) and getattr(inside.value, "id", "") == "ExitStatus":
            yield inside.attr
        elif isinstance(inside, ast.Name):
            yield from statuses_in(module, inside.id, seen)


@cache
def names_of(module: str) -> dict[str, tuple[str, ast.AST | str]]:
    """What a module defines, and what it has from other modules of the command line."""
    path = ROOT / module.replace(".", "/")
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    tree = ast.parse(file.read_text())
    found: dict[str, tuple[str, ast.AST | str]] = {}
    for node in tree.body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                found[node.name] = module, node
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                found[name] = module, node
    for each in ast.walk(tree):
        if isinstance(each, ast.ImportFrom) and (each.module or "").startswith("newsletter.cli"):
            for alias in each.names:
                found[alias.asname or alias.name] = each.module or "", alias.name
    return found
