"""Lines fitted to a terminal: broken between words, and hung under what they belong to.

A terminal by itself breaks them in the middle of a word. What is left to it is a word, or a command
in `backticks`, that is wider than itself.
"""

import re
from collections.abc import Iterator

from newsletter.cli.columns import cells

LEAST = 40
"""Columns; a narrower terminal breaks the lines itself."""

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_PIECE = re.compile(r"`[^`\n]+`[^\s`]*|(?:\x1b\[[0-9;]*m|[^\s`])+|`|[ \t]+")
"""A command, a word with the colours at it, or the space between."""
_LABEL = re.compile(r"\s*(?:\S+ )*?\S+ {2,}(?=\S)")


def fitted(text: str, width: int) -> str:
    """The text with no line wider than the terminal, where words allow it."""
    if width < LEAST:
        return text
    return "\n".join(part for line in text.split("\n") for part in _broken(line, width))


def _broken(line: str, width: int) -> Iterator[str]:
    if _cells(line) <= width:
        yield line
        return
    indent = _indent(line, width)
    part, used, gap = "", 0, ""
    for piece in _PIECE.findall(line):
        if piece.isspace() and part:
            gap = piece
            continue
        room = _cells(piece)
        if used and used + len(gap) + room > width:
            yield part
            part, used, gap = " " * indent, indent, ""
        part, used, gap = part + gap + piece, used + len(gap) + room, ""
    yield part


def _indent(line: str, width: int) -> int:
    """Of the lines that follow: under the words behind a label, or a little to the right."""
    plain = _COLOUR.sub("", line)
    label = _LABEL.match(plain)
    if label is not None and label.end() <= width // 3:
        return label.end()
    return len(plain) - len(plain.lstrip()) + 2


def _cells(text: str) -> int:
    return cells(_COLOUR.sub("", text))
