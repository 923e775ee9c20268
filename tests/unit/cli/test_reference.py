"""The records of the commands say what the commands say."""

import re
from pathlib import Path

from newsletter.cli.commands import COMMANDS
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.reference import Parameter, all_commands

FOUND = {command.name: command for command in all_commands()}


def test_every_command_is_there_and_those_of_groups_after_them() -> None:
    names = list(FOUND)

    assert list(COMMANDS) == [name for name in names if " " not in name]
    assert ["dkim", "dkim new", "dkim show"] == names[names.index("dkim") :][:3]
    assert ("new", "show") == FOUND["dkim"].commands


def test_a_command_is_told_whole() -> None:
    show = FOUND["show"]

    assert ("Check", "Print an issue as it was understood.") == (show.group, show.summary)
    assert "newsletter show [OPTIONS] {ISSUE}" == show.usage
    assert [
        Parameter(
            names=("ISSUE",),
            value="",
            words="The issue's name or file.",
            facts="required",
            choices=(),
            is_required=True,
            is_repeatable=False,
        )
    ] == list(show.arguments)
    assert [
        Parameter(
            names=("--format",),
            value="<text|json>",
            words="text or json.",
            facts="default: text",
            choices=("text", "json"),
            is_required=False,
            is_repeatable=False,
        )
    ] == list(show.options)


def test_a_switch_has_no_value_and_its_opposite_beside_it() -> None:
    history = next(one for one in FOUND["check"].options if "--history" in one.names)

    assert (("--history", "--no-history"), "") == (history.names, history.value)


def test_exit_statuses_are_those_of_the_table() -> None:
    assert not FOUND["show"].has_own_statuses
    assert FOUND["dkim show"].has_own_statuses
    assert {
        ExitStatus.DONE: "done",
        ExitStatus.FOUND: "a key is weak",
        ExitStatus.COULD_NOT_RUN: "could not run; standard error says why",
    } == FOUND["dkim show"].statuses


def test_two_modules_ask_and_both_see_first_whether_there_is_a_terminal() -> None:
    asking = {
        path.name
        for path in (Path(__file__).parents[3] / "newsletter/cli").rglob("*.py")
        if re.search(r"typer\.(confirm|prompt)\(|\binput\(|getpass\(|prompt=", path.read_text())
    }

    assert {"console.py", "interview.py"} == asking
