"""What an import had to leave out or to write otherwise: a list with places, told at its end."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby

from newsletter.importing.words import lines_at, placed_words, words_with_starts
from newsletter.issue import Node


class Kind(StrEnum):
    """What may be lost, in words that follow “left out: ”."""

    NAVIGATION = "navigation and asides"
    FORMS = "buttons and forms"
    HEADER = "what stands beside a heading"
    FOOTER = "footers"
    COMMENTS = "readers’ comments and buttons for sharing"
    OTHERS_LINKS = "another sender’s links, for leaving or for a browser"
    SIGN_UP = "another sender’s forms and buttons for signing up, paying and sharing"
    PAYWALL = "marks of a paywall"
    ABOVE = "what was above the title"
    BESIDE = "words beside the article"
    HIDDEN = "hidden words"
    DELETED = "words struck out by tracked changes"
    EQUATIONS = "equations"
    MEDIA = "videos, frames and drawings"
    CHARTS = "charts and drawings"
    FIELDS = "fields of the word processor"
    OTHER = "what the reader of documents did not know"
    REVIEW = "comments of the word processor"
    FOOTNOTES = "footnote marks that lead nowhere"
    LINKS = "links that lead nowhere from an e-mail, their words kept"
    PICTURES = "pictures that are not on the web"
    PIXELS = "tracking pixels"
    TABLES = "tables"


FURNITURE = frozenset(
    {
        Kind.NAVIGATION,
        Kind.FORMS,
        Kind.HEADER,
        Kind.FOOTER,
        Kind.COMMENTS,
        Kind.OTHERS_LINKS,
        Kind.SIGN_UP,
        Kind.PAYWALL,
    }
)
"""What stands on every page of a site, and is no part of what was written for this one."""

UNSEEN = frozenset({Kind.HIDDEN, Kind.DELETED, Kind.PIXELS, Kind.REVIEW})
"""What no reader of the page has seen."""


class Change(StrEnum):
    """What was written otherwise than it stood there."""

    TABLE = "tables are lists now, a row an item"
    FOOTNOTES = "footnotes stand in brackets at their places"
    STRUCK = "words are struck through, as they were: see whether they should go"
    FIELD = "merge fields are plain text now"
    WRAPPERS = "links lead straight to their pages, no longer by way of a filter or a search engine"
    TRACKING = "links carry no tracking parameters any more"


@dataclass(frozen=True, kw_only=True, slots=True)
class Loss:
    """One thing; `at` characters have been walked past before it, `detail` says which it is.

    `nodes` are what could stand there, of a thing that was put apart for a person to decide on.
    """

    what: Kind | Change
    at: int
    detail: str = ""
    nodes: tuple[Node, ...] = ()

    @property
    def is_there(self) -> bool:
        """Whether it still begins with the next word; else it stood behind the last one."""
        return isinstance(self.what, Change) or self.what is Kind.LINKS


@dataclass
class Losses:
    """Collects, while an article is walked, its words and what is lost between them."""

    walked: list[str] = field(default_factory=list)
    length: int = 0
    found: list[Loss] = field(default_factory=list)

    def walk(self, text: str) -> None:
        self.walked.append(text)
        self.length += len(text)

    def add(self, what: Kind | Change, detail: str = "", nodes: tuple[Node, ...] = ()) -> None:
        words = " ".join(detail.split())
        self.found.append(Loss(what=what, at=self.length, detail=words, nodes=nodes))


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacedLoss:
    """A loss on a line of the written text, 0 where nothing of the text stands before it."""

    loss: Loss
    line: int


def placed_losses(losses: Losses, text: str) -> list[PlacedLoss]:
    """What was lost, in the order of its kinds, each with the line of the text where it was."""
    walked = "".join(losses.walked)
    starts, words = words_with_starts(walked)
    placed = sorted(
        (
            bisect_left(starts, loss.at) + (loss.is_there and not _is_in_word(walked, loss.at)),
            number,
        )
        for number, loss in enumerate(losses.found)
    )
    places = [place for place, _ in placed]
    lines = lines_at(places, words, [*placed_words(text)])
    found = [
        PlacedLoss(loss=losses.found[number], line=line if place else 0)
        for (place, number), line in zip(placed, lines, strict=True)
    ]
    order: list[Kind | Change] = [*Kind, *Change]
    return sorted(found, key=lambda each: order.index(each.loss.what))


def told(losses: Losses, text: str) -> tuple[str, ...]:
    """A sentence for each kind of loss, with the lines of the written text."""
    if not losses.found:
        return ()
    pairs = [(each.loss, max(each.line, 1)) for each in placed_losses(losses, text)]
    return tuple(_sentence(what, [*group]) for what, group in groupby(pairs, lambda p: p[0].what))


def _is_in_word(text: str, at: int) -> bool:
    return text[at - 1 : at].isalnum() and text[at : at + 1].isalnum()


def _sentence(what: Kind | Change, pairs: Sequence[tuple[Loss, int]]) -> str:
    count = f" ({len(pairs)})"
    details = [f"“{short(loss.detail)}”" for loss, _ in pairs if loss.detail][:5]
    said = f", {', '.join(dict.fromkeys(details))}" if details else ""
    begin = "left out: " if isinstance(what, Kind) else ""
    return f"{begin}{what}{count}{said}: {_lines(line for _, line in pairs)}"


def _lines(numbers: Iterable[int]) -> str:
    each = list(dict.fromkeys(numbers))
    if len(each) == 1:
        return f"line {each[0]}"
    more = f" and {len(each) - 12} more" if len(each) > 12 else ""
    return f"lines {', '.join(map(str, each[:12]))}{more}"


def short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57].rstrip()}…"
