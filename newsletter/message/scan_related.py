"""Reads a related part of the final bytes as a stranger would: the HTML, then nothing but pictures.

Shares no code with what writes it, see `scan`, which says what is refused. RFC 2387, 2045 (6.8, 7).
"""

import binascii
import re
from collections.abc import Iterable, Iterator

_START = b"\r\nContent-Type: multipart/related"
_HEAD = re.compile(
    rb'Content-Type: multipart/related; type="text/html"; boundary="([0-9A-Za-z=_]{1,70})"'
)
_FIELDS = re.compile(
    rb"Content-Type: (image/(?:jpeg|png|gif))\r\n"
    rb"Content-Transfer-Encoding: base64\r\n"
    rb"Content-ID: <([0-9A-Za-z_.-]{1,64}@[0-9A-Za-z.-]{1,253})>\r\n"
    rb'Content-Disposition: inline; filename="[A-Za-z0-9_-]{1,64}\.(?:jpg|png|gif)"'
)
_LINES = re.compile(rb"(?:[A-Za-z0-9+/]{76}\r\n)*[A-Za-z0-9+/]{2,76}={0,2}")
_SHOWN = re.compile(rb"""src=["']?cid:([^"'\s>]+)""")
_BEGINNINGS = {b"image/jpeg": b"\xff\xd8\xff", b"image/png": b"\x89PNG\r\n", b"image/gif": b"GIF8"}


def read_related(part: bytes) -> tuple[bytes, str]:
    """The HTML part that is in it, and what is wrong, "" for nothing.

    `part` is what stands between two delimiters; one that is not related is given back as it is.
    """
    if not part.startswith(_START):
        return part, ""
    head, _, body = part[2:].partition(b"\r\n\r\n")
    match = _HEAD.fullmatch(_unfolded(head))
    if match is None:
        return part, "the head of the related part is odd"
    preamble, *parts = (b"\r\n" + body).split(b"\r\n--" + match[1])
    if preamble or len(parts) < 3 or parts[-1] != b"--":
        return part, "the related part does not hold the HTML and pictures alone"
    html, pictures = parts[0], parts[1:-1]
    return html, next(_faults(html, pictures), "")


def _faults(html: bytes, pictures: Iterable[bytes]) -> Iterator[str]:
    words = binascii.a2b_qp(html.partition(b"\r\n\r\n")[2])
    brought: list[bytes] = []
    for picture in pictures:
        head, _, content = picture.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        match = _FIELDS.fullmatch(_unfolded(head))
        if match is None:
            yield "the head of a picture is odd"
            return
        brought.append(match[2])
        if not _is_picture(content, match[1]):
            yield f"the picture {match[2].decode()} is not {match[1].decode()} in base64"
    are_shown = all(b"cid:" + one in words for one in brought)
    are_all = set(brought) >= set(_SHOWN.findall(words))
    if len(brought) != len(set(brought)) or not (are_shown and are_all):
        yield "the pictures in the message are not those that its HTML shows, each once"


def _is_picture(content: bytes, media_type: bytes) -> bool:
    if _LINES.fullmatch(content) is None:
        return False
    try:
        octets = binascii.a2b_base64(content.replace(b"\r\n", b""), strict_mode=True)
    except binascii.Error:
        return False
    return octets.startswith(_BEGINNINGS[media_type])


def _unfolded(head: bytes) -> bytes:
    return head.replace(b"\r\n ", b" ")
