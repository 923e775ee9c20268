"""`newsletter subscribers add`: one person who has said yes, on the list keeper's word."""

from datetime import date, datetime, time
from typing import Annotated

import typer

from newsletter.cli.console import ask, good, say
from newsletter.cli.opening import publication_here
from newsletter.cli.people.options import Address
from newsletter.cli.said import day_said
from newsletter.errors import NewsletterError
from newsletter.publishing.people import keeping
from newsletter.publishing.publication import Books
from newsletter.schedule import instant
from newsletter.subscribers import Consent


def add(
    address: Address,
    first_name: Annotated[str, typer.Option("--first-name", help="For the greeting.")] = "",
    tag: Annotated[
        list[str] | None, typer.Option("--tag", help="A tag; may be given again.")
    ] = None,
    consent: Annotated[
        str, typer.Option("--consent", help="Where and how they said yes.", show_default=False)
    ] = "",
    date_: Annotated[
        str, typer.Option("--date", help="The day they said it, if not today.", show_default=False)
    ] = "",
) -> None:
    """Add one person who has said yes; how they did is kept with them.

    Nobody is added who has left or is suppressed: the message says which command would help.
    """
    publication = publication_here()
    spec = keeping.address_said(address, publication.settings)
    day = day_said(date_, option="--date")
    with publication.acting() as books:
        keeping.check_may_be_added(spec, books)
        if keeping.member_of(spec, books) is not None:
            say(f"{spec} is on the list already; nothing has changed.")
            return
        said = consent or ask(f"Where and how did {spec} say yes?", option="--consent")
        given = Consent(source=said, at=_when(day, books))
        new = keeping.new_member(spec, first_name, tag or [], given)
        if keeping.add(new, books):
            say(good(f"{spec} is on the list."))
        else:
            say(f"{spec} is on the list already; nothing has changed.")


def _when(day: date | None, books: Books) -> datetime:
    """The day's beginning by the publication's clocks; now, where no day was given."""
    now = books.now()
    if day is None:
        return now
    begin = instant(day, time(0), books.settings.schedule.zone)
    if begin > now:
        raise NewsletterError(
            f"{day} is yet to come", where="--date", next_step="give the day on which they said yes"
        )
    return begin
