"""Every command has an example, and each is a line that its command takes."""

import shlex
from typing import Any

import pytest
import typer
from typer.core import TyperGroup

from newsletter.cli.app import app
from newsletter.cli.examples import EXAMPLES
from newsletter.cli.reference import Command, all_commands

COMMANDS = {command.name: command for command in all_commands()}
ROOT = typer.main.get_command(app)


def test_every_command_has_an_example_and_every_example_a_command() -> None:
    """A new command needs a line in newsletter/cli/examples.py."""
    assert list(COMMANDS) == sorted(EXAMPLES, key=list(COMMANDS).index)


@pytest.mark.parametrize("command", COMMANDS.values(), ids=list(COMMANDS))
def test_an_example_is_taken_by_its_command(command: Command) -> None:
    program, *words = shlex.split(command.example)

    assert "newsletter" == program
    assert command.path == parsed(words)[: len(command.path)]
    assert len(command.example) <= 78  # beside the two blanks before it, on a terminal of 80


def parsed(words: list[str]) -> tuple[str, ...]:
    """The command that takes the words, with each value converted: a wrong one raises."""
    command: Any = ROOT
    context = ROOT.make_context("newsletter", [], resilient_parsing=True)
    path: list[str] = []
    while isinstance(command, TyperGroup):
        name, *words = words
        path.append(name)
        command = command.get_command(context, name)
    command.make_context(path[-1], words, parent=context, resilient_parsing=False)
    return tuple(path)
