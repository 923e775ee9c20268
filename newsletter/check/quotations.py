"""Double quotation marks and their pairs. A single mark is an apostrophe until proved otherwise.

A straight mark opens or closes by where it stands, a curly one by what it is. A mark after a
figure may be inches, and is taken for that where the pairs come out even without it.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cache

STRAIGHT = '""'
LOW = "„"
"""Opens in several languages what “ closes: no telling which is meant where a house has it not."""

_OPENERS = "([{‘'“„«–—-/"


class Kind(Enum):
    MIXED = auto()
    TURNED = auto()
    UNOPENED = auto()
    UNCLOSED = auto()


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark at `at`; `pair` is its opening and closing character, `turned` that it faces wrong."""

    at: int
    pair: str
    opens: bool
    turned: bool = False


@dataclass(frozen=True, slots=True)
class QuoteFault:
    """What is wrong from one mark to another, which may be the same."""

    kind: Kind
    first: Mark
    last: Mark


def quote_faults(text: str, pairs: tuple[str, ...]) -> tuple[QuoteFault, ...]:
    """The faults of one paragraph's marks, in order; `pairs` are the curly ones of the house."""
    if LOW in text and not any(LOW in pair for pair in pairs):
        return ()
    if _sound(pairs).fullmatch(text):
        return ()
    faults = _Scan(text, pairs).faults()
    if faults and not _Scan(text, pairs, has_inches=True).faults():
        return ()
    return faults


def has_marks(text: str, pairs: tuple[str, ...]) -> bool:
    return '"' in text or any(pair[0] in text or pair[1] in text for pair in pairs)


@cache
def _all_marks(pairs: tuple[str, ...]) -> re.Pattern[str]:
    """Finds every mark, the straight one included."""
    return re.compile(f"[{re.escape(''.join((*pairs, STRAIGHT)))}]")


@cache
def _sound(pairs: tuple[str, ...]) -> re.Pattern[str]:
    """Matches what is nearly every paragraph: one quotation behind the other, all of them whole.

    It says of a mark's place what `_Scan` says.
    """
    all_marks = re.escape("".join((*pairs, STRAIGHT)))
    between = f"[^{all_marks}]*+"
    opening = rf"(?<![^\s{re.escape(_OPENERS)}])(?:%s)(?=\S)"
    closing = r"(?<=\S)(?:%s)(?![^\W_])"
    quotations = [
        opening % re.escape(pair[0]) + between + closing % re.escape(pair[1])
        for pair in (*_distinct(pairs), STRAIGHT)
    ]
    return re.compile(f"{between}(?:(?:{'|'.join(quotations)}){between})*+")


def _distinct(pairs: tuple[str, ...]) -> tuple[str, ...]:
    """The pairs none of whose marks has another use."""
    uses = Counter("".join(pairs))
    return tuple(pair for pair in pairs if all(uses[mark] == 1 for mark in pair))


def opening_mark(text: str, pairs: tuple[str, ...]) -> str | None:
    """The pair whose mark the paragraph begins with, or None."""
    first = text.lstrip()[:1]
    return next((pair for pair in (*pairs, STRAIGHT) if first == pair[0]), None)


@dataclass
class _Scan:
    """Goes through a paragraph once; `stack` are the quotations that are open, counted by kind."""

    text: str
    pairs: tuple[str, ...]
    has_inches: bool = False
    stack: list[Mark] = field(default_factory=list)
    open: Counter[str] = field(default_factory=Counter)
    found: list[QuoteFault] = field(default_factory=list)

    def faults(self) -> tuple[QuoteFault, ...]:
        for match in _all_marks(self.pairs).finditer(self.text):
            if not (self.has_inches and self._follows_figure(match.start())):
                self._take(self._mark(match.start(), match[0]))
        self.found += [QuoteFault(Kind.UNCLOSED, mark, mark) for mark in self.stack]
        return tuple(sorted(self.found, key=lambda fault: fault.first.at))

    def _follows_figure(self, at: int) -> bool:
        return at > 0 and self.text[at - 1].isnumeric()

    def _mark(self, at: int, sign: str) -> Mark:
        pairs = [pair for pair in (*self.pairs, STRAIGHT) if sign in pair]
        as_opening = [pair for pair in pairs if sign == pair[0]]
        as_closing = [pair for pair in pairs if sign == pair[1]]
        place = self._place(at)
        if as_opening and as_closing:
            if place is None:
                place = not any(self.open[pair] for pair in as_closing)
            return Mark(at, (as_opening if place else as_closing)[0], opens=place)
        opens = bool(as_opening)
        is_turned = place is not None and place != opens
        return Mark(at, pairs[0], opens=opens, turned=is_turned)

    def _place(self, at: int) -> bool | None:
        """True where only an opening mark can stand, False for a closing one, None for either."""
        before, after = self.text[at - 1 : at] or " ", self.text[at + 1 : at + 2] or " "
        can_open = (before.isspace() or before in _OPENERS) and not after.isspace()
        can_close = not before.isspace() and not after.isalnum()
        return None if can_open == can_close else can_open

    def _take(self, mark: Mark) -> None:
        is_open = self.open[mark.pair] > 0
        if mark.turned and is_open == mark.opens:
            self.found.append(QuoteFault(Kind.TURNED, mark, mark))
            mark = Mark(mark.at, mark.pair, opens=not mark.opens, turned=True)
        if mark.opens:
            self.stack.append(mark)
            self.open[mark.pair] += 1
        elif is_open:
            self.found += self._above(mark.pair)
        elif self.stack:
            self.found.append(QuoteFault(Kind.MIXED, self._pop(), mark))
        elif not self._follows_figure(mark.at):
            self.found.append(QuoteFault(Kind.UNOPENED, mark, mark))

    def _above(self, pair: str) -> Iterator[QuoteFault]:
        """Close the innermost quotation of this kind; what was opened inside it never closes."""
        while (mark := self._pop()).pair != pair:
            yield QuoteFault(Kind.UNCLOSED, mark, mark)

    def _pop(self) -> Mark:
        mark = self.stack.pop()
        self.open[mark.pair] -= 1
        return mark
