"""`newsletter import`: an issue from a pasted text, a saved page or a word processor's document."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from newsletter.check import count_line
from newsletter.cli.console import note, say, say_block
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.findings import told
from newsletter.cli.new import next_day, write_or_say_how
from newsletter.cli.publication import from_here, house_here, is_outside, warn_outside
from newsletter.cli.said import day_said
from newsletter.errors import IssueFileError, reading
from newsletter.publishing.bringing_in import (
    MOST_BROUGHT,
    Brought,
    look_at_brought,
    read_brought,
)
from newsletter.publishing.drafting import issue_path


def import_(
    file: Annotated[
        str, typer.Argument(help="A .txt, .md, .html or .docx; - for a paste on standard input.")
    ],
    out: Annotated[
        Path | None, typer.Option(help="The file to write.", show_default="issues/DATE.md")
    ] = None,
    day: Annotated[
        str | None,
        typer.Option("--date", metavar="DATE", help="The issue's day.", show_default=False),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite what is there.")] = False,
) -> None:
    """Turn a paste, a page or a .docx into an issue. Links, quotes and lists stay.

    The result is checked, and what was left out is told, with its lines. Without --date,
    the day is taken from the front matter or the file's name, or else is the rule's next.
    """
    root, house = house_here()
    said = day_said(day, option="--date")
    imported = read_brought(_bytes(file), name=file, house=house)
    is_lost = is_outside() and out is None
    path = out or from_here(issue_path(root, said or imported.day or next_day()))
    write_or_say_how(path, imported.text, force=force)
    brought = look_at_brought(imported, path=path, house=house, day=said)
    say(f"{path} is written: {brought.counted}.")
    say_block(told(brought.diagnostics))
    if brought.diagnostics:
        note(count_line(brought.diagnostics, files=1))
    _say_losses(brought)
    if is_lost:
        warn_outside()
    raise typer.Exit(ExitStatus.DONE if brought.is_sound else ExitStatus.FOUND)


def _say_losses(brought: Brought) -> None:
    """Last, so that nobody has to look for it."""
    for line in brought.losses:
        note(line)
    if not brought.losses:
        say("Nothing was left out.")


def _bytes(file: str) -> bytes:
    """All of a file, or one byte more than anyone takes."""
    if file == "-":
        return sys.stdin.buffer.read(MOST_BROUGHT + 1)
    with reading(file, IssueFileError, wanted="a document"), Path(file).open("rb") as opened:
        return opened.read(MOST_BROUGHT + 1)
