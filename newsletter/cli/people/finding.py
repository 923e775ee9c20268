"""`newsletter subscribers find`: people by a part of their address or name."""

import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Annotated

import typer

from newsletter.cli.columns import set_out
from newsletter.cli.console import columns_of, faint, good, say, warning
from newsletter.cli.formats import AsFormat, Format, say_record
from newsletter.cli.opening import publication_here
from newsletter.cli.people.person import member_data
from newsletter.publishing.people.finding import SHOWN, Found
from newsletter.publishing.people.finding import find as find_people
from newsletter.subscribers import Subscriber, SubscriberState

_PAINT: Mapping[SubscriberState, Callable[[str], str]] = {
    SubscriberState.CONFIRMED: good,
    SubscriberState.PENDING: warning,
    SubscriberState.UNSUBSCRIBED: faint,
}


def find(
    text: Annotated[
        str, typer.Argument(help="A part of an address or a first name.", show_default=False)
    ],
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=10_000, help="How many to show.")
    ] = SHOWN,
    format_: AsFormat = Format.TEXT,
) -> None:
    """List whose address or first name holds a text, whatever its case."""
    with publication_here().reading() as books:
        found = find_people(text, books, limit=limit)
        if format_ is Format.JSON:
            people = [member_data(each) for each in found.people]
            say_record({"people": people, "total": found.total})
            return
        _say_found(text, found, books.now())


def _say_found(text: str, found: Found, now: datetime) -> None:
    if not found.people:
        say(f"Nobody's address or first name holds “{text}”.")
    for member, row in zip(found.people, _rows(found.people, now), strict=True):
        address, state, *others = row
        say(f"{address}{_PAINT[member.state](state)}{''.join(others)}".rstrip())
    if found.more:
        say(faint(f"… and {found.more:,} more of {found.total:,}: say more, or give --limit"))


def _rows(people: Sequence[Subscriber], now: datetime) -> list[list[str]]:
    rows = [
        [
            str(member.address),
            "paused" if member.is_paused(now) else member.state.value,
            member.first_name,
            ", ".join(member.tags),
        ]
        for member in people
    ]
    return list(set_out(rows, columns_of(sys.stdout)))
