"""`newsletter check`: hold issues to the house format."""

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from newsletter.check import (
    FORMATS,
    Context,
    Diagnostic,
    Severity,
    all_rules,
    at_least,
    check_issue,
    count_line,
)
from newsletter.cli.console import note, say
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.publication import house_here
from newsletter.errors import IssueFileError, NewsletterError
from newsletter.wiring import read_issue


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"


def check(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Issues, or folders of them; without any: issues/", show_default=False),
    ] = None,
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.TEXT,
    send_date: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="The day of the send, 2021-11-26.", show_default=False),
    ] = None,
) -> None:
    """Hold issues to the house format. Exit status 0 clean, 1 findings, 2 could not run."""
    root, house = house_here()
    context = Context(house=house, send_date=_date(send_date))
    files = issue_files(paths or [root / "issues"])
    rules = all_rules()
    found: list[Diagnostic] = []
    for path in files:
        found += check_issue(read_issue(path, house), rules, context)
    is_text = output is Format.TEXT
    shown = [item for item in found if not is_text or at_least(item.severity, Severity.WARNING)]
    say_block(FORMATS[output.value](shown))
    if is_text and shown:
        note(count_line(shown, files=len(files)))
    counted = [item for item in found if at_least(item.severity, Severity.WARNING)]
    raise typer.Exit(ExitStatus.FOUND if counted else ExitStatus.DONE)


def say_block(text: str) -> None:
    if text:
        say(text.removesuffix("\n"))


def issue_files(paths: list[Path]) -> list[Path]:
    """Every file named, and the .md and .txt files of every folder named, in order."""
    files: list[Path] = []
    for path in paths:
        if not path.is_dir():
            files.append(path)
            continue
        inside = sorted(file for file in path.iterdir() if file.suffix in {".md", ".txt"})
        if not inside:
            raise IssueFileError(
                "there is no issue in this folder", where=str(path), next_step="name a file"
            )
        files += inside
    return files


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise NewsletterError(
            f"“{text}” is not a date", where="--send-date", next_step="write it as 2021-11-26"
        ) from error
