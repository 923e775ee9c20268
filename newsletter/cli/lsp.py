"""`newsletter lsp`: the check in an editor."""

import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from newsletter.check import HouseFormat, PastStory
from newsletter.cli.console import note
from newsletter.lsp import serve
from newsletter.publishing.history import History


def lsp(
    stdio: Annotated[bool, typer.Option("--stdio", help="Always on; some editors pass it.")] = True,
) -> None:
    """Serve an editor: the check as you type. It speaks the Language Server Protocol.

    Editors start this themselves; docs/editors.md has their settings.
    """
    del stdio
    if sys.stdin.isatty():
        note("This is for an editor, on standard input and output. Ctrl-C ends it.")
    serve(_past)


def _past(house: HouseFormat, path: Path, day: date | None) -> tuple[PastStory, ...]:
    return History(house).past(path, day)
