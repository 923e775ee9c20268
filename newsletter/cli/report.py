"""`newsletter report`: what became of a run, to read, to keep, or for another program."""

import json
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from newsletter.books import Run
from newsletter.cli.console import note, say
from newsletter.cli.issue_files import ISSUE
from newsletter.cli.opening import publication_here
from newsletter.cli.wording import command_for
from newsletter.errors import Act, Remedy
from newsletter.files import write_file
from newsletter.publishing.issues import issue_name
from newsletter.publishing.publication import Books
from newsletter.reports import (
    MOST,
    gather,
    json_report,
    over,
    over_records,
    page_over,
    page_report,
    people,
    text_over,
    text_report,
)


class Format(StrEnum):
    """What a report is written as."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"


def report(
    run: Annotated[str, ISSUE] = "",
    format_: Annotated[Format, typer.Option("--format", help="text, json or html.")] = Format.TEXT,
    over_: Annotated[
        int | None,
        typer.Option(
            "--over",
            min=1,
            max=MOST,
            help="The last so many issues beside each other, instead.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Write it to a file.", show_default=False),
    ] = None,
) -> None:
    """Report on the sending of an issue: numbers that balance, replies, what came back, and who
    needs a person.

    With --over, on the last issues: what was returned of each, complaints, and who left.
    """
    if bool(run) == bool(over_):
        raise typer.BadParameter("name an issue, or ask for the last ones by --over")
    with publication_here().reading() as books:
        if over_:
            pieces = _pieces_over(over_, format_, books)
        else:
            pieces = _pieces(books.run_of(issue_name(run)), format_, books)
        if out is None:
            for piece in pieces:
                say(piece)
            return
        write_file(out, (f"{piece}\n".encode() for piece in pieces), mode=0o600)
        note(f"The report is in {out}.")


def _pieces(run: Run, format_: Format, books: Books) -> Iterator[str]:
    database = books.database
    now = books.now()
    gathered, names = gather(database, run, now), people(database, run, now)
    more = command_for(Remedy(Act.SEE_REPORT, run.issue))
    match format_:
        case Format.JSON:
            return json_report(gathered, names)
        case Format.HTML:
            return page_report(gathered, names, books.settings.theme, more=more)
        case _:
            return text_report(gathered, names, more=more)


def _pieces_over(most: int, format_: Format, books: Books) -> Iterator[str]:
    settings = books.settings
    rows = over(books.database, most, books.now())
    match format_:
        case Format.JSON:
            yield json.dumps({"issues": over_records(rows)}, ensure_ascii=False, indent=2)
        case Format.HTML:
            yield from page_over(rows, settings.publication.name, settings.theme)
        case _:
            yield from text_over(rows)
