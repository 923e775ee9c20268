"""What each part of a text weighs in the message that it becomes, in octets."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from newsletter.issue import PartKind, outline, parse_issue, source_from_text
from newsletter.publishing.pictures import PictureFolder
from newsletter.publishing.rendering import render, weigh
from newsletter.render import Shares
from newsletter.settings import Settings


def weigh_text(
    text: str, path: Path, settings: Settings, now: datetime, pictures: PictureFolder
) -> tuple[int | None, ...]:
    """Of every part of the outline, in its order; None for what has no weight of its own.

    Raises RenderError for a text that cannot become a message.
    """
    issue = parse_issue(source_from_text(text, path=str(path)), cues=settings.house.cues)
    rendered = render(issue, settings, now, pictures)
    shares = weigh(issue, rendered, settings, now, pictures)
    return tuple(_of_parts([part.kind for part in outline(issue)], shares))


def _of_parts(kinds: list[PartKind], shares: Shares) -> Iterator[int | None]:
    """A message has one sponsor at the most: the first, whatever the text has."""
    stories, sponsor = iter(shares.stories), shares.sponsor
    for kind in kinds:
        if kind is PartKind.STORY:
            yield next(stories, None)
        elif kind is PartKind.SPONSOR:
            yield sponsor
            sponsor = None
        else:
            yield None
