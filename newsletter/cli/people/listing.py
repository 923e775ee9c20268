"""`newsletter subscribers list`: who is on the list, or in a segment of it; to read, or for others.

A table for people has the first of them; what another program reads has all, written as it is read.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import islice
from typing import Annotated

import typer

from newsletter.cli.columns import set_out
from newsletter.cli.console import columns_of, faint, note, say, say_exactly, strong
from newsletter.cli.formats import say_records
from newsletter.cli.opening import publication_here
from newsletter.cli.segments import SegmentText, segment_said, warn_of_strangers
from newsletter.subscribers import Subscriber, SubscriberState, csv_lines

SHOWN = 100
"""People in a table, where nobody asks for more."""

_HEAD = ("ADDRESS", "NAME", "STATE", "JOINED", "TAGS", "ATTRIBUTES")
_NAMES = ("email", "first_name", "status", "joined", "tags", "attributes")


class Format(StrEnum):
    """What a list is written as."""

    TEXT = "text"
    CSV = "csv"
    JSON = "json"


def list_(
    segment: SegmentText = None,
    state: Annotated[
        SubscriberState | None, typer.Option("--state", help="Only those.", show_default=False)
    ] = None,
    format_: Annotated[Format, typer.Option("--format", help="text, csv or json.")] = Format.TEXT,
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit", min=1, help="So many at most; text has 100 without it.", show_default=False
        ),
    ] = None,
) -> None:
    """List people by address: everybody on the list, or those of a segment or in a state."""
    wanted = segment_said(segment)
    with publication_here().reading() as books:
        warn_of_strangers(wanted, books)
        people = books.database.subscribers.members(wanted, state)
        match format_:
            case Format.TEXT:
                _say_table(people, limit or SHOWN)
            case Format.CSV:
                _say_csv(islice(people, limit))
            case Format.JSON:
                _say_json(islice(people, limit))


def _say_table(people: Iterator[Subscriber], limit: int) -> None:
    rows = [_cells(one) for one in islice(people, limit)]
    if not rows:
        say("There is nobody to list.")
        return
    head, *lines = set_out([_HEAD, *rows], columns_of(sys.stdout))
    say(strong("".join(head).rstrip()))
    for cells in lines:
        say("".join(cells).rstrip())
    if next(people, None) is not None:
        note(faint(f"These are the first {limit:,}: --limit shows more."))


def _cells(one: Subscriber) -> Sequence[str]:
    attributes = ", ".join(f"{name} {value}" for name, value in sorted(one.attributes.items()))
    joined = f"{one.created_at:%Y-%m-%d}"
    tags = ", ".join(one.tags)
    return str(one.address), one.first_name, one.state.value, joined, tags, attributes


def _say_csv(people: Iterator[Subscriber]) -> None:
    for piece in csv_lines(_NAMES, (list(_values(one).values()) for one in people)):
        say_exactly(piece.decode())


def _values(one: Subscriber) -> dict[str, str]:
    attributes = json.dumps(dict(one.attributes), ensure_ascii=False, sort_keys=True)
    joined = one.created_at.isoformat()
    values = (str(one.address), one.first_name, one.state.value, joined, " ".join(one.tags))
    return dict(zip(_NAMES, (*values, attributes if one.attributes else ""), strict=True))


def _say_json(people: Iterator[Subscriber]) -> None:
    """One array, a line for each person."""
    say_records(
        {**_values(one), "tags": list(one.tags), "attributes": dict(one.attributes)}
        for one in people
    )
