"""`newsletter bounces read`: what lies in a mailbox, or comes by a pipe, is taken in."""

import asyncio
import sys
import traceback
from collections.abc import Mapping
from typing import Annotated

import typer

from newsletter.books import ReturnEffect
from newsletter.bounces.read import MAX_OCTETS, Source, parse_source
from newsletter.cli.console import faint, good, note, say, show_warning
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.formats import AsFormat, Format, say_record
from newsletter.cli.opening import publication_here
from newsletter.errors import NewsletterError
from newsletter.publishing.blocked import tell_blocked
from newsletter.publishing.bouncing import Arrival, Taken, take_in
from newsletter.publishing.publication import Publication
from newsletter.publishing.reading_returns import Reading, opened, read_on

_STDIN = "-"
WORDS: Mapping[ReturnEffect, str] = {
    ReturnEffect.SUPPRESSED: "suppressed",
    ReturnEffect.UNSUBSCRIBED: "unsubscribed",
    ReturnEffect.COUNTED: "counted, and sent to as before",
    ReturnEffect.NOTED: "noted",
    ReturnEffect.REPEATED: "said before",
    ReturnEffect.SHOWN: "not proven: for a person to look at",
}


def read(
    source: Annotated[
        str | None,
        typer.Argument(
            metavar="MAILBOX",
            help="A Maildir, an mbox, imaps://USER@HOST/FOLDER, or - for one message on standard"
            " input; without it: [bounces] source",
            show_default=False,
        ),
    ] = None,
    recipient: Annotated[
        str,
        typer.Option(
            "--recipient", help="With -: the address that the message came to.", show_default=False
        ),
    ] = "",
    anew: Annotated[
        bool, typer.Option("--anew", help="From the beginning, not from where it was left.")
    ] = False,
    format_: AsFormat = Format.TEXT,
) -> None:
    """Read what came back, and act on what is proven; nothing is deleted, moved or marked.

    What was read before changes nothing. For a pipe of a mail server, read one message with -:
    the exit status is 0 once it is taken in, and 75 where it is to be tried again.
    """
    if source == _STDIN:
        _read_one(recipient, format_)
        return
    publication = publication_here(quietly=True)
    mailbox = _mailbox_said(source, publication)
    with publication.acting() as books, opened(mailbox, publication.settings) as box:
        reading = read_on(box, mailbox, books, anew=anew)
        untold = asyncio.run(tell_blocked(books))
    if format_ is Format.JSON:
        say_record(_record(reading))
    else:
        _say(reading)
    for fault in untold:
        show_warning(NewsletterError(fault))


def _mailbox_said(text: str | None, publication: Publication) -> Source:
    settings = publication.settings
    if text is None:
        if settings.bounces.source is None:
            raise NewsletterError(
                "no mailbox is named",
                where="newsletter.toml",
                next_step="set `source` in [bounces], or name a mailbox",
            )
        return settings.bounces.source
    try:
        return parse_source(text)
    except ValueError as error:
        raise NewsletterError(f"this {error}", where=text.partition("@")[2] or text) from None


def _read_one(recipient: str, format_: Format) -> None:
    """Whatever is wrong here may be mended; a mail server that is told so keeps the message."""
    raw = sys.stdin.buffer.read(MAX_OCTETS)
    try:
        publication = publication_here(quietly=True)
        with publication.acting() as books:
            arrival = Arrival(raw=raw, source="standard input", recipient=recipient)
            taken = take_in(arrival, books)
    except NewsletterError as error:
        note(f"tempfail: {error}")
        raise typer.Exit(ExitStatus.TRY_AGAIN) from None
    except Exception:  # noqa: BLE001 - a bug of ours; any other exit status would have the message thrown away
        traceback.print_exc()
        raise typer.Exit(ExitStatus.TRY_AGAIN) from None
    reading = Reading(source="standard input", found=1)
    reading.count(taken)
    if format_ is Format.JSON:
        say_record(_record(reading))
        return
    say(_one(taken))


def _one(taken: Taken) -> str:
    if not taken.is_new:
        return "This message was read before; nothing has changed."
    first = next(iter(taken.told))
    return f"{first.words}: {WORDS[first.effect]}"


def _say(reading: Reading) -> None:
    if not reading.new:
        say(f"Nothing new in {reading.source}.")
    else:
        count = "1 new message" if reading.new == 1 else f"{reading.new:,} new messages"
        say(good(f"{count} in {reading.source}:"))
    for effect, number in reading.made.items():
        say(f"  {number:>6,}  {WORDS[effect]}")
    if reading.dropped:
        note(faint(f"{reading.dropped:,} more prove nothing and are too many to be kept today."))
    for fault in reading.faults:
        show_warning(NewsletterError(fault))


def _record(reading: Reading) -> Mapping[str, object]:
    return {
        "source": reading.source,
        "found": reading.found,
        "new": reading.new,
        "not_kept": reading.dropped,
        "kinds": {kind.value: number for kind, number in sorted(reading.kinds.items())},
        "effects": {effect.value: number for effect, number in reading.made.items()},
        "faults": reading.faults,
    }
