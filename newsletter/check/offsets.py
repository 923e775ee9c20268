"""Where a found piece of text stands: from offsets in joined lines to spans in the source."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from itertools import accumulate

from newsletter.issue import Block, Source, Span

_NO_LINE_END = re.compile(r"[^\n]")

Place = Callable[[int, int], Span]
"""From where a piece begins and ends in a text to its span in the file."""


def lines_joined(source: Source) -> str:
    """The whole text with line feeds at the line ends, comments blanked, as long as before."""
    return without_comments("\n".join(source.lines))


def without_comments(text: str) -> str:
    """The text with its HTML comments blanked by characters that are no part of any word."""
    if "<!--" not in text:
        return text
    kept, done = [], 0
    while (start := text.find("<!--", done)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        comment = text[start : end + 3]
        kept += [text[done:start], _NO_LINE_END.sub("\x00", comment)]
        done = end + 3
    return "".join([*kept, text[done:]])


def place_in_source(source: Source) -> Place:
    """Places in the text that `lines_joined` gives."""
    return place_at(1, 1, (len(line) for line in source.lines))


def place_in_block(block: Block) -> Place:
    """Places in the Markdown of a block."""
    return place_at(block.span.line, 1, (len(line) for line in block.markdown.split("\n")))


def place_at(first: int, column: int, lengths: Iterable[int]) -> Place:
    """Places in lines of these lengths, the first of which begins at line `first`, `column`."""
    starts = [0, *accumulate(length + 1 for length in lengths)]

    def place(start: int, end: int) -> Span:
        above, below = (bisect_right(starts, at) - 1 for at in (start, max(end - 1, start)))
        return Span(
            line=first + above,
            column=start - starts[above] + (1 if above else column),
            end_line=first + below,
            end_column=end - starts[below] + (1 if below else column),
        )

    return place
