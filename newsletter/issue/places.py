"""Where the links and images of a block stand in its source, which Markdown's tokens do not say.

They are asked for in reading order, each by the address it points to, as
`newsletter.issue.markdown` comes upon them.
"""

import re
from dataclasses import dataclass, field

from newsletter.issue.pieces import Piece
from newsletter.issue.source import Source, Span

_BEFORE_ADDRESS = re.compile(r"(?:\]\(\s*<?|<)\Z")
_AFTER_ADDRESS = ")> \t"
_ANYWHERE = re.compile("")


@dataclass
class Places:
    """Finds links and images of one piece, one after the other.

    A linked image is asked for after its link and stands inside it, so the search goes on behind
    the bracket that opens what was found last; `taken` keeps what was found already.
    """

    source: Source
    piece: Piece
    line: int
    offset: int = 0
    taken: set[tuple[int, int]] = field(default_factory=set)

    def __call__(self, href: str) -> Span:
        for number in range(self.line, self.piece.last + 1):
            if href and (at := self._next(number, href, _BEFORE_ADDRESS)) >= 0:
                return self._found(number, at, at + len(href))
            if (at := self._next(number, "](", _ANYWHERE)) >= 0:
                return self._found(number, at, at + 2)  # Markdown encoded what the editor wrote
        return self.source.span_of_lines(self.piece.first, self.piece.last)

    def _next(self, number: int, wanted: str, before: re.Pattern[str]) -> int:
        text = self.source.line(number)
        at = text.find(wanted, self.offset if number == self.line else 0)
        while at >= 0 and (
            (number, at) in self.taken
            or not before.search(text, max(at - 9, 0), at)
            or (before is _BEFORE_ADDRESS and _after(text, at, wanted) not in _AFTER_ADDRESS)
        ):
            at = text.find(wanted, at + 1)
        return at

    def _found(self, number: int, at: int, end: int) -> Span:
        """The span of the link or image whose address stands from `at` to `end`."""
        text = self.source.line(number)
        place = text.rfind("](", 0, at + 2)
        if text[at - 1 : at] == "<" and (place < 0 or text[place + 2 : at - 1].strip()):
            begin, closing = at - 1, text.find(">", end)
            after_opening = at
        else:
            start = self.offset if number == self.line else 0
            opening, closing = _opening_bracket(text, place, start), text.find(")", end)
            # Where none is found, what lies before is not gone over again for the next one.
            begin, after_opening = (start, end) if opening < 0 else (opening, opening + 1)
        self.line, self.offset = number, after_opening
        self.taken |= {(number, at), (number, place)}
        after = closing + 1 if closing >= 0 else end
        return self.source.span(number, begin + 1, after - begin)


def _after(text: str, at: int, wanted: str) -> str:
    end = at + len(wanted)
    return text[end : end + 1]


def _opening_bracket(text: str, closing: int, start: int) -> int:
    """Where the brackets that close at `closing` open, an image's mark included.

    It is not sought before `start`, and -1 where it stands there or on a line above.
    """
    depth = 1
    for at in range(closing - 1, start - 1, -1):
        if text[at] in "[]" and text[at - 1 : at] != "\\":
            depth += 1 if text[at] == "]" else -1
        if not depth:
            return at - 1 if text[at - 1 : at] == "!" else at
    return -1
