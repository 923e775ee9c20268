"""Pictures that a message brings along, in a related part round its HTML: fixed bytes of them all.

The HTML is the root and comes first, as every mail program expects it; a picture is found by its
content id. What they show, and how large they may be, is left to others. RFC 2387 (3), 2045 (6.8,
7), 2183 (2.3), 2392.
"""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from unicodedata import normalize

from newsletter.errors import MessageError
from newsletter.message.encoding import CRLF
from newsletter.message.fields import LABEL
from newsletter.message.fields import field as header
from newsletter.pictures import SUFFIXES

_CONTENT_ID = re.compile(rf"[0-9A-Za-z_.-]{{1,64}}@{LABEL}(?:\.{LABEL})+")
_UNCLEAN = re.compile(r"[^A-Za-z0-9_-]+")
_NAME = 60
"""Characters of a file's name without its suffix: short enough for one line."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RelatedPicture:
    """`content_id` is without brackets; `name` is what a reader who keeps the file calls it."""

    content_id: str
    name: str
    media_type: str
    octets: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Related:
    """What goes before the HTML part and what goes after it; both are empty without pictures."""

    before: bytes = b""
    after: bytes = b""

    @property
    def size(self) -> int:
        return len(self.before) + len(self.after)


def write_related(
    pictures: Sequence[RelatedPicture], *, outer: bytes, inner: bytes, where: str
) -> Related:
    """The bytes round an HTML part, which begins with the delimiter `inner` itself.

    `outer` is the boundary that the related part stands behind. Raises MessageError for a content
    id or a kind of picture that no header may hold.
    """
    if not pictures:
        return Related()
    kind = header(
        "Content-Type",
        "multipart/related;",
        'type="text/html";',  # RFC 2387, 3.1: it must be there
        f'boundary="{inner.decode()}"',
    )
    parts = [CRLF + b"--" + inner + CRLF + _part(picture, where) for picture in pictures]
    before = b"--" + outer + CRLF + kind + CRLF
    return Related(before, b"".join(parts) + CRLF + b"--" + inner + b"--")


def _part(picture: RelatedPicture, where: str) -> bytes:
    known = picture.media_type in SUFFIXES and _CONTENT_ID.fullmatch(picture.content_id)
    if not known:
        raise MessageError(
            f"the picture {picture.name!r} cannot go in a message",
            where=where,
            next_step="let it be a JPEG, PNG or GIF",
        )
    fields = (
        header("Content-Type", picture.media_type),
        header("Content-Transfer-Encoding", "base64"),
        header("Content-ID", f"<{picture.content_id}>"),
        header("Content-Disposition", "inline;", f'filename="{file_name(picture)}"'),
    )
    lines = base64.encodebytes(picture.octets).splitlines()
    return b"".join(fields) + CRLF + CRLF.join(lines)


def file_name(picture: RelatedPicture) -> str:
    """Of plain letters, digits, `-` and `_`, with the suffix of what it is.

    A quoted-string then needs no escape (RFC 5322, 3.2.4), and no system takes it for a path.
    """
    name = picture.name.rpartition(".")[0] or picture.name
    plain = normalize("NFKD", name).encode("ascii", "ignore").decode()
    stem = _UNCLEAN.sub("-", plain).strip("-")
    return (stem[:_NAME].rstrip("-") or "picture") + SUFFIXES[picture.media_type]
