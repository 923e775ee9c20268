"""What a rendered issue weighs, before and after it is encoded for the way.

Mail programs clip what is too long; which length they mean nobody says, so both are given.
"""

import binascii
from dataclasses import dataclass

from newsletter.render.rendered import Rendered


@dataclass(frozen=True, kw_only=True, slots=True)
class Sizes:
    """Octets, with the CRLF line ends of a message; placeholders count as their marks."""

    html: int
    html_quoted_printable: int
    text_quoted_printable: int


def measure(rendered: Rendered) -> Sizes:
    return Sizes(
        html=len(_octets(rendered.html)),
        html_quoted_printable=encoded_size(rendered.html),
        text_quoted_printable=encoded_size(rendered.text),
    )


def encoded_size(text: str) -> int:
    """Octets in quoted-printable (RFC 2045, 6.7), with the CRLF line ends of a message."""
    return len(binascii.b2a_qp(_octets(text)))


def _octets(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()
