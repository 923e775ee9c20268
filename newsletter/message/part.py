"""One body part: encoded once, with a gap wherever a placeholder stood.

Knows how a value is joined to the bytes round it, in quoted-printable (RFC 2045, 6.7) and in
flowed text (RFC 3676); what a value may be is left to `values`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from newsletter.errors import MessageError
from newsletter.issue import Placeholder, Seam, seam
from newsletter.message.encoding import CRLF, SOFT_BREAK, quoted_printable
from newsletter.message.fields import field
from newsletter.message.values import is_empty

TEXT = ("text/plain;", "charset=utf-8;", "format=flowed;", "delsp=no")
"""RFC 3676, 4: both parameters; `delsp=no` is the default, said aloud."""
PLAIN = ("text/plain;", "charset=utf-8")
"""Lines as they are, for what is no flowing text: a report's tables."""
HTML = ("text/html;", "charset=utf-8")

_STUFFED = (b" ", b">", b"From ")
_LINE_ENDS = ("\n", "\r")
_LOOKED_AT = len("From ")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Edge:
    """A gap at the beginning or end of a flowed line, where a value might mean something.

    `spaces` are those before the gap, encoded; `after` is what follows it.
    """

    is_start: bool
    spaces: bytes
    after: bytes

    def guarded(self, value: bytes) -> bytes:
        """The value after a stuffing space where it needs one (RFC 3676, 4.4).

        Without a value, the spaces before it go: they would make the line's end a soft one.
        """
        if self.is_start and (value + self.after).startswith(_STUFFED):
            return b" " + SOFT_BREAK + value
        return self.spaces + SOFT_BREAK + value if self.spaces and value else value


@dataclass(frozen=True, kw_only=True, slots=True)
class _Choice:
    """What stands round a gap where there is a value, and what stands in its stead; encoded."""

    before: bytes
    after: bytes
    instead: bytes

    def joined(self, value: bytes) -> bytes:
        before = self.before and self.before + SOFT_BREAK
        return before + value + (self.after and SOFT_BREAK + self.after)


class Part:
    """A part of the message, from its delimiter on. Raises MessageError, which says `what`."""

    def __init__(
        self,
        text: str,
        media: tuple[str, ...],
        *,
        placeholders: tuple[Placeholder, ...],
        boundary: bytes,
        what: str,
        where: str,
    ) -> None:
        pieces, self._order = _cut(text, placeholders)
        _check_leftovers(pieces, placeholders, what, where)
        edges = _edges(pieces) if media == TEXT else {}
        may_lack = [is_empty(placeholder.default) for placeholder in placeholders]
        gaps = [gap for gap, index in enumerate(self._order) if may_lack[index]]
        choices = _choices(pieces, gaps)
        edges = {
            gap: edge
            for gap, edge in edges.items()
            if edge.is_start or gap not in choices or not choices[gap].before
        }
        self._edges, self._choices = tuple(edges.items()), tuple(choices.items())
        for gap, edge in edges.items():
            pieces[gap] = pieces[gap].rstrip(" ") if edge.spaces else pieces[gap]
        try:
            self._segments = _segments(pieces)
        except UnicodeEncodeError as error:
            raise MessageError(
                f"the {what} holds a lone surrogate at character {error.start}",
                where=where,
                next_step="save the issue as UTF-8",
            ) from error
        self._segments[0] = b"--" + boundary + CRLF + media_fields(media) + CRLF + self._segments[0]
        spaces = sum(len(edge.spaces + SOFT_BREAK) for edge in edges.values() if edge.spaces)
        self.size = sum(map(len, self._segments)) + spaces
        self.size += sum(len(choice.joined(b"")) for choice in choices.values())

    def merge(self, values: list[bytes]) -> list[bytes]:
        """The part's bytes in order; `values` are encoded, one for each placeholder."""
        merged = list(self._segments)
        merged[1::2] = [values[index] for index in self._order]
        empty = [gap for gap, _ in self._choices if not merged[2 * gap + 1]]
        for gap, edge in self._edges:
            merged[2 * gap + 1] = edge.guarded(merged[2 * gap + 1])
        for gap, choice in self._choices:
            value = merged[2 * gap + 1]
            merged[2 * gap + 1] = choice.instead if gap in empty else choice.joined(value)
        return merged


def _cut(text: str, placeholders: tuple[Placeholder, ...]) -> tuple[list[str], list[int]]:
    """The text between placeholders, and the number of the one in each gap."""
    if not placeholders:
        return [text], []
    index = {placeholder.mark: number for number, placeholder in enumerate(placeholders)}
    longest_first = sorted(index, key=len, reverse=True)
    pieces = re.split("(" + "|".join(map(re.escape, longest_first)) + ")", text)
    return pieces[::2], [index[placeholder] for placeholder in pieces[1::2]]


def _choices(pieces: list[str], gaps: Iterable[int]) -> dict[int, _Choice]:
    """What goes with a value that may be empty is taken out of the pieces on either side."""
    choices = {}
    for gap in gaps:
        before, after = pieces[gap : gap + 2]
        found = seam(before, after, begins=gap == 0)
        if found == Seam():
            continue
        kept = len(before) - found.before
        pieces[gap], pieces[gap + 1] = before[:kept], after[found.after :]
        choices[gap] = _Choice(
            before=quoted_printable(before[kept:]),
            after=quoted_printable(after[: found.after]),
            instead=quoted_printable(found.instead),
        )
    return choices


def _edges(pieces: list[str]) -> dict[int, _Edge]:
    """The gaps that stand at a line's beginning, or after spaces at its end."""
    edges = {}
    is_end = True
    for gap in range(len(pieces) - 2, -1, -1):
        before, after = pieces[gap : gap + 2]
        is_end = after.startswith(_LINE_ENDS) or (is_end and not after.strip(" "))
        is_start = before.endswith(_LINE_ENDS) or (not before and gap == 0)
        count = len(before) - len(before.rstrip(" ")) if is_end else 0
        if is_start or count:
            edges[gap] = _Edge(
                is_start=is_start,
                spaces=b" "[:count] + b"=20" * (count - 1),
                after=after[:_LOOKED_AT].encode("utf-8", "surrogatepass"),
            )
    return edges


def _segments(pieces: list[str]) -> list[bytes]:
    """Encoded pieces with an empty gap after each but the last.

    A soft line break stands on either side of a gap, so that a value has its lines to itself; a
    line end does as well.
    """
    segments: list[bytes] = []
    last = len(pieces) - 1
    for number, piece in enumerate(pieces):
        encoded = quoted_printable(piece, soft_end=number < last)
        is_end_of_part = number == last and not encoded
        if number and not is_end_of_part and not encoded.startswith(CRLF):
            encoded = SOFT_BREAK + encoded
        segments += [encoded, b""]
    return segments[:-1]


def _check_leftovers(
    pieces: Iterable[str], placeholders: tuple[Placeholder, ...], what: str, where: str
) -> None:
    """A placeholder that a stage before us wrote in other letters would be read by everyone."""
    rest = "\n".join(pieces).casefold()
    for placeholder in placeholders:
        if placeholder.mark.casefold() in rest:
            raise MessageError(
                f"the {what} holds a damaged placeholder of {placeholder.field}",
                where=where,
                next_step="do not change the case of merge fields in the template",
            )


def media_fields(media: tuple[str, ...]) -> bytes:
    """What says how a text is to be read; it stands before the part, or before the whole body."""
    encoding = field("Content-Transfer-Encoding", "quoted-printable")
    return field("Content-Type", *media) + encoding


def multipart_field(boundary: bytes) -> bytes:
    return field("Content-Type", "multipart/alternative;", f'boundary="{boundary.decode()}"')
