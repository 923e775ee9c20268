"""What a rendered issue weighs, before and after it is encoded for the way.

Mail programs clip what is too long; which length they mean nobody says, so both are given.
"""

import binascii
from dataclasses import dataclass

from newsletter.issue import Issue, Story
from newsletter.render.html import write_inlines, write_nodes
from newsletter.render.rendered import Rendered


@dataclass(frozen=True, kw_only=True, slots=True)
class Sizes:
    """Octets, with the CRLF line ends of a message; slots count as their placeholders."""

    html: int
    html_quoted_printable: int
    text_quoted_printable: int


def measure(rendered: Rendered) -> Sizes:
    """Octets of each part (RFC 2045, 6.7 for the quoted-printable form)."""
    html = _octets(rendered.html)
    return Sizes(
        html=len(html),
        html_quoted_printable=len(binascii.b2a_qp(html)),
        text_quoted_printable=len(binascii.b2a_qp(_octets(rendered.text))),
    )


def story_sizes(issue: Issue) -> tuple[int, ...]:
    """Octets of each story's own words and marks in quoted-printable, the frame left out."""
    return tuple(_story_size(story) for story in issue.stories)


def _story_size(story: Story) -> int:
    written = [write_inlines(story.headline.inlines)]
    written += [write_nodes(block.nodes) for block in story.paragraphs]
    return len(binascii.b2a_qp("\r\n".join(written).encode()))


def _octets(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()
