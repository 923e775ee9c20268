"""`newsletter bounces list`: what came back, the newest first."""

import sys
from datetime import timedelta
from typing import Annotated

import typer

from newsletter.books import Return, ReturnEffect, ReturnKind, Wanted
from newsletter.cli.columns import set_out
from newsletter.cli.console import columns_of, faint, note, say, strong
from newsletter.cli.formats import AsFormat, Format, Record, moment, say_records
from newsletter.cli.opening import publication_here
from newsletter.publishing.people import keeping

_HEAD = ("NO", "READ", "KIND", "MADE OF IT", "READER", "ISSUE", "SAID")
_MOST = 1_000_000


def list_(
    kind: Annotated[
        list[ReturnKind] | None,
        typer.Option(
            "--kind",
            metavar="KIND",
            help="Only hard, soft, blocked, complaint, auto-reply, challenge, unsubscribe or"
            " unknown; again for more.",
            show_default=False,
        ),
    ] = None,
    effect: Annotated[
        list[ReturnEffect] | None,
        typer.Option(
            "--made",
            metavar="EFFECT",
            help="Only suppressed, unsubscribed, counted, noted, repeated or shown; again for"
            " more.",
            show_default=False,
        ),
    ] = None,
    issue: Annotated[str, typer.Option("--issue", help="Of one issue.", show_default=False)] = "",
    reader: Annotated[
        str, typer.Option("--reader", help="Of one address.", show_default=False)
    ] = "",
    days: Annotated[
        int | None,
        typer.Option("--days", min=1, help="Of so many days back.", show_default=False),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=_MOST, help="So many.")] = 50,
    format_: AsFormat = Format.TEXT,
) -> None:
    """List what came back: whose, of which kind, in the server's words, and what was made of it.

    A reader in brackets is what the message names and nothing proves; nothing was made of that.
    """
    publication = publication_here()
    key = keeping.key_said(reader, publication.settings) if reader else ""
    with publication.reading() as books:
        wanted = Wanted(
            kinds=kind or (),
            effects=effect or (),
            issue=issue,
            recipient_key=key,
            since=books.now() - timedelta(days=days) if days else None,
            most=limit,
        )
        found = books.database.returns.list(wanted)
    if format_ is Format.JSON:
        say_records(map(return_record, found))
        return
    if not found:
        say("Nothing has come back.")
        return
    head, *lines = set_out([_HEAD, *map(_cells, found)], columns_of(sys.stdout))
    say(strong("".join(head).rstrip()))
    for cells in lines:
        say("".join(cells).rstrip())
    if len(found) == limit:
        note(faint(f"These are the newest {limit:,}: --limit shows more."))


def return_record(found: Return) -> Record:
    """One recipient of one message, for programs."""
    told = found.told
    return {
        "message": found.message_id,
        "read_at": moment(found.read_at),
        "source": found.source,
        "kind": told.kind.value,
        "effect": told.effect.value,
        "how": told.how,
        "issue": told.issue or None,
        "reader": told.recipient_key or None,
        "named": told.named or None,
        "code": told.code,
        "enhanced_code": told.enhanced_code or None,
        "reason": told.reason,
        "final": told.is_final,
    }


def _cells(found: Return) -> list[str]:
    told = found.told
    reader = told.recipient_key or (f"({told.named})" if told.named else "")
    kind = told.kind.value if told.is_final else f"{told.kind.value}, delay"
    number, read = str(found.message_id), f"{found.read_at:%Y-%m-%d %H:%M}"
    return [number, read, kind, told.effect.value, reader, told.issue, told.said]
