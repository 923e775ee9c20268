"""What a shell is told at a press of Tab: commands, options, their values, the names of issues.

Scripts and protocol are Typer's. No command is loaded for it: what each takes stands in
`reference.json`, which `scripts/reference.py` writes and a test holds to the commands. People are
never completed: their addresses would stay in a shell's history.
"""

import json
import os
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from typer.completion import completion_init  # type: ignore[attr-defined] # borrowed itself
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from newsletter.cli.commands import COMPLETING, PROGRAM
from newsletter.publishing.issue_names import issue_names
from newsletter.settings import find_folder

FILE = Path(__file__).with_name("reference.json")

_PLAIN = re.compile(r"[\w.,+-]+")
"""What no shell reads as anything but a word: a file's name is typed into a command as it is."""

_WORDS = re.compile(r"[\w.,+-][\w.,+ -]*")
"""What a shell reads as a word once its blanks are masked."""

Complete = Callable[[Any, list[str], str], list[str]]


def complete() -> None:
    """Answer the shell, and end. Raises SystemExit."""
    # Typer lets Rich take markup out of descriptions. Ours have none, and Rich is slow to load.
    sys.modules["rich"] = None  # type: ignore[assignment]
    completion_init()
    _tree(json.loads(FILE.read_bytes())).main(prog_name=PROGRAM, complete_var=COMPLETING)


def _tree(entries: Mapping[str, Any]) -> TyperGroup:
    """The commands as a shell needs to know them, without what they do."""
    made: dict[str, Any] = {
        name: (TyperGroup if entry["commands"] else TyperCommand)(
            name=entry["path"][-1], help=entry["summary"], params=list(_parameters(entry))
        )
        for name, entry in entries.items()
    }
    root = TyperGroup(name=PROGRAM)
    for name, command in made.items():
        group, _, last = name.rpartition(" ")
        parent = made[group] if group else root
        parent.commands[last] = command
    return root


def _parameters(entry: Mapping[str, Any]) -> Iterable[Any]:
    for argument in entry["arguments"]:
        yield TyperArgument(
            param_decls=[re.sub(r"\W", "", argument["names"][0]).lower()],
            nargs=-1 if argument["is_repeatable"] else 1,
            autocompletion=_values(argument),
        )
    for option in entry["options"]:
        yield TyperOption(
            param_decls=["/".join(option["names"])] if _has_opposite(option) else option["names"],
            is_flag=not option["value"],
            multiple=option["is_repeatable"],
            help=option["words"],
            autocompletion=_values(option),
        )


def _has_opposite(option: Mapping[str, Any]) -> bool:
    return any(name.startswith("--no-") for name in option["names"])


def _values(parameter: Mapping[str, Any]) -> Complete:
    choices = [choice for choice in parameter["choices"] if _PLAIN.fullmatch(choice)]
    is_issue = parameter["names"][0].startswith("ISSUE")
    return _issues if is_issue else lambda _context, _words, _begun: choices


def _issues(_context: Any, _words: list[str], begun: str) -> list[str]:
    with suppress(OSError):
        folder = find_folder(Path.cwd())
        names = issue_names(folder) if folder else []
        safe = [name for name in names if _WORDS.fullmatch(unicodedata.normalize("NFC", name))]
        return [_Typed(_masked(name)) for name in safe if name.startswith(begun)]
    return []


class _Typed(str):
    """A name as it is typed, which goes on from what was begun, blanks masked or not."""

    __slots__ = ()

    def startswith(self, *_begun: object) -> bool:  # Typer asks once more
        return True


def _masked(name: str) -> str:
    """Bash puts it into the line as it is; fish and zsh mask it by themselves."""
    return name.replace(" ", r"\ ") if os.environ.get(COMPLETING) == "complete_bash" else name
