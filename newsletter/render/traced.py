"""A filled template that knows, for each of its characters, the template's line it came from.

Marks stand in the text while it is filled, and are taken out of it here: what is left is the text
that the same template makes without them. Who sets the marks is `environment`'s business.
"""

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

_MARK = re.compile(r"\x02([^\x02\x03]+):(\d+)\x03")


@dataclass(frozen=True, kw_only=True, slots=True)
class TemplateLine:
    """A line of a template, as its file's path and a number from one."""

    path: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Traced:
    """`starts` are offsets into `text`, ascending; from each on, its `places` holds."""

    text: str
    starts: tuple[int, ...]
    places: tuple[TemplateLine, ...]

    def at(self, offset: int) -> TemplateLine | None:
        """Where the character at this offset (in characters) came from."""
        found = bisect_right(self.starts, offset)
        return self.places[found - 1] if found else None

    def on_line(self, line: int, column: int = 1) -> TemplateLine | None:
        """Where the character at this line and column, both from one, came from."""
        above = self.text.split("\n")[: line - 1]
        return self.at(sum(len(one) + 1 for one in above) + column - 1)


def mark(path: str, line: int) -> str:
    """What says that the text from here on is this line's. No mail may hold its characters."""
    return f"\x02{path}:{line}\x03"


def mark_lines(text: str, path: str, line: int) -> str:
    """The text, which begins on this line, with a mark at its start and at each line's."""
    parts = text.split("\n")
    return "\n".join(f"{mark(path, at)}{part}" for at, part in enumerate(parts, line))


def read_marks(text: str, clean: Callable[[str], str]) -> Traced:
    """`clean` is done to the text between the marks, one piece at a time."""
    starts: list[int] = []
    places: list[TemplateLine] = []
    parts: list[str] = []
    done = length = 0
    for found in _MARK.finditer(text):
        parts.append(clean(text[done : found.start()]))
        length += len(parts[-1])
        done = found.end()
        starts.append(length)
        places.append(TemplateLine(path=found[1], line=int(found[2])))
    parts.append(clean(text[done:]))
    return Traced(text="".join(parts), starts=tuple(starts), places=tuple(places))
