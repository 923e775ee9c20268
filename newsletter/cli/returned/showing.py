"""`newsletter bounces show`: one message that came back, and what was made of it."""

import sys
from typing import Annotated

import typer

from newsletter.books import ReturnedMessage, minute
from newsletter.cli.console import faint, say, strong
from newsletter.cli.formats import AsFormat, Format, moment, say_record
from newsletter.cli.opening import publication_here
from newsletter.cli.returned.listing import return_record
from newsletter.errors import NewsletterError

_SHOWN = 60
"""Lines of a message."""


def show(
    number: Annotated[
        int, typer.Argument(metavar="NO", min=1, help="Its number in the list.", show_default=False)
    ],
    raw: Annotated[
        bool, typer.Option("--raw", help="Write the message itself, byte for byte.")
    ] = False,
    format_: AsFormat = Format.TEXT,
) -> None:
    """Show a message that came back: what it says of whom, how that is known, and how it begins.

    It is kept whole for [bounces] keep_days; what was made of it is kept for good.
    """
    with publication_here().reading() as books:
        found = books.database.returns.show(number)
    if found is None:
        raise NewsletterError("nothing that came back has this number", where=str(number))
    if raw:
        _write(found)
    elif format_ is Format.JSON:
        say_record(
            {
                "message": found.id,
                "read_at": moment(found.read_at),
                "source": found.source,
                "subject": found.subject,
                "size": found.size,
                "is_kept": found.content is not None,
                "returns": [return_record(each) for each in found.returns],
            }
        )
    else:
        _say(found)


def _write(found: ReturnedMessage) -> None:
    if found.content is None:
        raise NewsletterError("the message itself is no longer kept", where=str(found.id))
    sys.stdout.buffer.write(found.content)
    sys.stdout.buffer.flush()


def _say(found: ReturnedMessage) -> None:
    say(strong(found.subject or "(no subject)"))
    say(faint(f"read {minute(found.read_at)} from {found.source}, {found.size:,} bytes"))
    for each in found.returns:
        told = each.told
        whose = told.recipient_key or (f"({told.named})" if told.named else "nobody is named")
        say("")
        say(f"{whose}: {told.words}")
        of_issue = f" of {told.issue}" if told.issue else ""
        say(f"  {told.effect.value}{of_issue}; {_how(told.how)}")
    say("")
    if found.content is None:
        say(faint("The message itself is no longer kept."))
        return
    lines = found.content.decode("utf-8", "replace").splitlines()
    for line in lines[:_SHOWN]:
        say(f"  {line}")
    if len(lines) > _SHOWN:
        say(faint(f"  {len(lines) - _SHOWN:,} more lines: --raw writes them all"))


def _how(how: str) -> str:
    return f"understood by {how}" if how else "nothing in it is understood"
