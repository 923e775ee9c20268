"""The links of an issue, each with what is known of where it leads. Asks nobody."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from newsletter.check import links_of
from newsletter.issue import Issue, Span, plain_inlines


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkState:
    """A link: `number` is that of its story, or None elsewhere; `part` says where that is.

    `dead` is the reason why a reader cannot get there, `answered` when it was last there; where
    both are None, nobody has asked.
    """

    words: str
    href: str
    part: str
    number: int | None
    span: Span
    dead: str | None
    answered: datetime | None


def link_states(
    issue: Issue, *, dead: Mapping[str, str], answered: Mapping[str, datetime]
) -> Iterator[LinkState]:
    """In the order of the file. `dead` goes by address, `answered` by address without fragment."""
    for link in links_of(issue):
        page = link.href.partition("#")[0]
        yield LinkState(
            words=plain_inlines(link.link.children) or link.href,
            href=link.href,
            part=link.part.name.lower().replace("_", " "),
            number=issue.stories[link.story - 1].number if link.story else None,
            span=link.span,
            dead=dead.get(link.href),
            answered=None if link.href in dead else answered.get(page),
        )
