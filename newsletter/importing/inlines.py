"""A run of words, each with the marks it wears, to the inline nodes of an issue.

White space becomes one space, and none of it is left inside the edges of a mark, where Markdown
would not take the mark for one.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby
from typing import Any

from newsletter.issue import (
    Emphasis,
    Image,
    Inline,
    LineBreak,
    Link,
    Lowered,
    Raised,
    Span,
    Strong,
    Struck,
    Text,
)

NOWHERE = Span(line=1, column=1, end_line=1, end_column=1)
"""What is not yet in any file has no place."""

_SPACES = re.compile(r"[ \t\r\n\f\v]+")


class Shift(StrEnum):
    """Off the line."""

    UP = "raised"
    DOWN = "lowered"


@dataclass(frozen=True, kw_only=True, slots=True)
class MarkedText:
    """A piece of text with its marks; or a line break, or a picture, which may be linked."""

    text: str = ""
    href: str = ""
    strong: bool = False
    emphasis: bool = False
    struck: bool = False
    shift: Shift | None = None
    other: Image | LineBreak | None = None


_SHIFTED: Mapping[Shift, type[Raised | Lowered]] = {Shift.UP: Raised, Shift.DOWN: Lowered}
_MARKS: Sequence[
    tuple[Callable[[MarkedText], Any], Callable[[Any, tuple[Inline, ...]], Inline]]
] = (
    (lambda word: word.href, lambda href, inner: Link(href=href, children=inner, span=NOWHERE)),
    (lambda word: word.strong, lambda _, inner: Strong(children=inner)),
    (lambda word: word.emphasis, lambda _, inner: Emphasis(children=inner)),
    (lambda word: word.struck, lambda _, inner: Struck(children=inner)),
    (lambda word: word.shift, lambda shift, inner: _SHIFTED[shift](children=inner)),
)
"""How to read a mark off a word, and the node it makes; from the outside to the inside."""


def fold(words: Iterable[MarkedText]) -> tuple[Inline, ...]:
    """The inline nodes of a run of words, without white space or breaks at either end."""
    _, inner, _ = _trimmed(list(_with_single_spaces(words)))
    return tuple(_joined(_marked(inner, 0)))


def split_paragraphs(words: Iterable[MarkedText]) -> Iterator[list[MarkedText]]:
    """The runs between two or more line breaks."""
    run: list[MarkedText] = []
    breaks = 0
    for word in words:
        if isinstance(word.other, LineBreak):
            breaks += 1
        elif word.text.strip() or word.other:
            if breaks > 1:
                yield run
                run = []
            run += [MarkedText(other=LineBreak())] * (breaks == 1)
            breaks = 0
        if not isinstance(word.other, LineBreak):
            run.append(word)
    yield run


def _with_single_spaces(words: Iterable[MarkedText]) -> Iterator[MarkedText]:
    after_space = True
    for word in words:
        if word.other:
            yield word
            after_space = isinstance(word.other, LineBreak)
            continue
        text = _SPACES.sub(" ", word.text)
        text = text[1:] if after_space and text.startswith(" ") else text
        if text:
            after_space = text.endswith(" ")
            yield replace(word, text=text)


def _trimmed(
    words: list[MarkedText],
) -> tuple[list[MarkedText], list[MarkedText], list[MarkedText]]:
    """The words with what is blank at either end apart, unmarked."""
    before: list[MarkedText] = []
    after: list[MarkedText] = []
    inner = list(words)
    while inner and _is_blank(inner[0]):
        before.append(_bare(inner.pop(0)))
    while inner and _is_blank(inner[-1]):
        after.insert(0, _bare(inner.pop()))
    if not inner:
        return before, inner, after
    head, tail = inner[0], inner[-1]
    if (text := head.text.lstrip()) != head.text:
        before.append(MarkedText(text=head.text[: len(head.text) - len(text)]))
        inner[0] = replace(head, text=text)
    tail = inner[-1]
    if (text := tail.text.rstrip()) != tail.text:
        after.insert(0, MarkedText(text=tail.text[len(text) :]))
        inner[-1] = replace(tail, text=text)
    return before, inner, after


def _is_blank(word: MarkedText) -> bool:
    return isinstance(word.other, LineBreak) or (word.other is None and not word.text.strip())


def _bare(word: MarkedText) -> MarkedText:
    return MarkedText(text=word.text, other=word.other)


def _marked(words: Iterable[MarkedText], level: int) -> Iterator[Inline]:
    """The words in the marks from `level` on."""
    if level == len(_MARKS):
        for word in words:
            yield word.other or Text(text=word.text)
        return
    read, make = _MARKS[level]
    for mark, group in groupby(words, key=read):
        if not mark:
            yield from _marked(group, level + 1)
            continue
        before, inner, after = _trimmed(list(group))
        yield from _marked(before, len(_MARKS))
        if inner:
            yield make(mark, tuple(_joined(_marked(inner, level + 1))))
        yield from _marked(after, len(_MARKS))


def _joined(inlines: Iterable[Inline]) -> Iterator[Inline]:
    """Texts that follow each other as one, and no space before a line break."""
    text = ""
    for inline in inlines:
        if isinstance(inline, Text):
            text += inline.text
            continue
        text = text.rstrip() if isinstance(inline, LineBreak) else text
        if text:
            yield Text(text=text)
        yield inline
        text = ""
    if text:
        yield Text(text=text)
