"""`--segment` on the command line: read, warned of where it names what nobody has, and worded."""

from typing import Annotated

import typer

from newsletter.cli.console import note, warning
from newsletter.publishing.publication import Books
from newsletter.publishing.segments import share_of_list
from newsletter.subscribers import Segment, parse_segment

SegmentText = Annotated[
    str | None,
    typer.Option(
        "--segment",
        metavar="'tag:uk and city = \"Leeds\"'",
        help="Only those on the list who meet this condition.",
        show_default=False,
    ),
]


def segment_said(text: str | None) -> Segment | None:
    """None where nobody gave one. Raises SegmentError, which points into it."""
    return None if text is None else parse_segment(text)


def segment_line(text: str, books: Books) -> str:
    """`tag:uk: 1,234 of 48,212 people now`, for whoever decides that they get it."""
    people, everybody = share_of_list(parse_segment(text), books)
    return f"{text}: {people:,} of {everybody:,} people now"


def warn_of_strangers(segment: Segment | None, books: Books) -> None:
    """Each tag and attribute that nobody on the list has, with the one that was meant."""
    for each in books.database.subscribers.strangers(segment) if segment else ():
        near = f"; did you mean {each.near}?" if each.near else ""
        note(warning(f"warning: nobody on the list has the {each.kind} “{each.name}”{near}"))
