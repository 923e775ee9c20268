"""The options of the commands that read files of people."""

from pathlib import Path
from typing import Annotated

import typer

from newsletter.publishing.people.importing import Wanted
from newsletter.subscribers import Choice

File = Annotated[Path, typer.Argument(help="A CSV file with an email column.", show_default=False)]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
ConsentText = Annotated[
    str,
    typer.Option(
        "--consent",
        metavar="TEXT",
        help="Where and when the new people said yes, if the file does not tell.",
        show_default=False,
    ),
]
Only = Annotated[
    list[str] | None,
    typer.Option(
        "--only",
        metavar="COLUMN",
        help="Beside the address and who has gone, read this column alone; may be repeated.",
        show_default=False,
    ),
]
Without = Annotated[
    list[str] | None,
    typer.Option(
        "--without",
        metavar="COLUMN",
        help="Do not read this column; may be repeated.",
        show_default=False,
    ),
]
Encoding = Annotated[
    str,
    typer.Option(
        "--encoding",
        metavar="NAME",
        help="The file's encoding, if it is neither UTF-8 nor UTF-16: cp1252, say.",
        show_default=False,
    ),
]
Diff = Annotated[
    Path | None,
    typer.Option(
        "--diff",
        metavar="FILE.csv",
        help="Write there what becomes of each person.",
        show_default=False,
    ),
]


def wanted(
    path: Path, encoding: str = "", only: list[str] | None = None, without: list[str] | None = None
) -> Wanted:
    choice = Choice(only=frozenset(only or ()), without=frozenset(without or ()))
    return Wanted(path=path, encoding=encoding, choice=choice)
