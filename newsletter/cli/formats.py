"""What a command's result is written as: words for people, or JSON for programs.

Of a program's output the shape is told by docs/schemas, a file for each command, and a test holds
the commands to it. Whatever else is said goes to standard error then.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext, redirect_stdout
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

import typer

from newsletter.cli.console import say_data

Record = Mapping[str, Any]


class Format(StrEnum):
    """What nearly every result can be written as."""

    TEXT = "text"
    JSON = "json"


AsFormat = Annotated[Format, typer.Option("--format", help="text or json.")]


def say_record(record: Record) -> None:
    """One object, and nothing else, on standard output."""
    say_data(json.dumps(record, ensure_ascii=False, indent=2))


def say_records(records: Iterable[Record]) -> None:
    """One list, a line for each record as it comes: there may be a million of them."""
    before = "["
    for record in records:
        say_data(f"{before}{json.dumps(record, ensure_ascii=False)}")
        before = ","
    say_data("]" if before == "," else "[]")


def moment(at: datetime | None) -> str | None:
    """As RFC 3339 has it.

    >>> from datetime import UTC
    >>> moment(datetime(2026, 11, 27, 7, tzinfo=UTC))
    '2026-11-27T07:00:00+00:00'
    """
    return at.isoformat() if at else None


@contextmanager
def words_aside(format_: Format) -> Iterator[None]:
    """Where a program reads standard output, what people are told goes to standard error."""
    with redirect_stdout(sys.stderr) if format_ is Format.JSON else nullcontext():
        yield
