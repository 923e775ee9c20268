"""What the cells of one row say of a person's standing, column by column.

Whoever is said to be gone is gone, also where another column says otherwise; the words themselves
are `standing`'s.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from newsletter.subscribers.cells import is_nothing, parse_flag
from newsletter.subscribers.column_names import Meaning
from newsletter.subscribers.columns import Columns
from newsletter.subscribers.instants import parse_instant
from newsletter.subscribers.standing import Standing, exact_standing_of, standing_of

Judge = Callable[[str], Standing | None]


@dataclass(frozen=True, slots=True)
class Witness:
    """One column, and what a cell of it makes of a person. None is nothing against them."""

    place: int
    name: str
    judge: Judge
    is_sure: bool
    """Whether a word that it does not know is a fault of the row."""

    hears_silence: bool = False
    """Whether an empty cell says something as well."""

    def is_at_a_loss(self, text: str) -> bool:
        if not self.is_sure or is_nothing(text) or standing_of(text) is not None:
            return False
        return self.judge is not _wants or (parse_flag(text) is None and not _DIGIT.search(text))


def witnesses_of(columns: Columns) -> Sequence[Witness]:
    """All columns of a file that may speak against somebody."""
    found = []
    for meaning, judge in _JUDGES.items():
        is_ours = meaning is Meaning.WEAK_STATUS and columns.is_ours
        if meaning is Meaning.SUPPRESSED and columns.is_ours:
            continue  # which is read whole, with its reason and day
        is_sure = meaning in _SURE or is_ours
        judge = _our_state if is_ours else judge
        found += [Witness(each.place, each.name, judge, is_sure) for each in columns.of(meaning)]
    return found + [
        Witness(each.place, each.name, _dated, is_sure=False, hears_silence=True)
        for each in columns.confirmations
    ]


def gone_at(columns: Columns, cells: Sequence[str]) -> datetime | None:
    """When somebody left or came back as a bounce, where a column says so."""
    for meaning in (Meaning.GONE_AT, Meaning.BOUNCED_AT, Meaning.COMPLAINED_AT, Meaning.WANTS_NOT):
        for column in columns.of(meaning):
            text = cells[column.place].strip() if column.place < len(cells) else ""
            if text and (at := parse_instant(text)) is not None:
                return at
    return None


def _by_word(text: str) -> Standing | None:
    found = standing_of(text)
    return None if found is Standing.CONFIRMED else found


def _our_state(text: str) -> Standing | None:
    found = _by_word(text)
    return Standing.PENDING if found is Standing.UNCONFIRMED else found


def _wants(text: str) -> Standing | None:
    flag = parse_flag(text)
    return Standing.UNSUBSCRIBED if flag is False else None if flag else _by_word(text)


def _agreed(text: str) -> Standing | None:
    flag = parse_flag(text)
    return Standing.UNCONFIRMED if flag is False else None if flag else _by_word(text)


def _consented(text: str) -> Standing | None:
    """How somebody said yes, in whatever words; but a bare no is none."""
    if len(text) > _LONGEST_NO:
        return None
    if parse_flag(text) is False:
        return Standing.UNCONFIRMED
    found = exact_standing_of(text)
    return found if found in {Standing.UNSUBSCRIBED, Standing.UNCONFIRMED} else None


def _dated(text: str) -> Standing | None:
    return Standing.UNCONFIRMED if is_nothing(text) or parse_flag(text) is False else None


def _unless_no(standing: Standing) -> Judge:
    """A moment, a reason or a number: whatever stands there but a no."""

    def judge(text: str) -> Standing | None:
        if is_nothing(text) or text in _EMPTY or (flag := parse_flag(text)) is False:
            return None
        if _NO_MARK.search(text):
            return None
        found = None if flag else standing_of(text)
        return standing if found is None else None if found is Standing.CONFIRMED else found

    return judge


_LONGEST_NO = 20
"""Characters: what is longer says more, and is costly to look at in each row."""

_EMPTY = frozenset({"[]", "{}"})
"""A list without anything in it, as Klaviyo writes why somebody is suppressed."""

_NO_MARK = re.compile(r"://|\Amailto:|\A(?:soft|transient|temporary)\b", re.IGNORECASE)
"""A link to leave by, which every reader has; a bounce that may be none tomorrow."""

_DIGIT = re.compile(r"\d")
_SURE = frozenset({Meaning.STATUS, Meaning.WANTS})
_JUDGES: dict[Meaning, Judge] = {
    Meaning.STATUS: _by_word,
    Meaning.WEAK_STATUS: _by_word,
    Meaning.WANTS: _wants,
    Meaning.AGREED: _agreed,
    Meaning.WEAK_AGREED: _agreed,
    Meaning.CONSENT_SOURCE: _consented,
    Meaning.WANTS_NOT: _unless_no(Standing.UNSUBSCRIBED),
    Meaning.WAITS: _unless_no(Standing.UNCONFIRMED),
    Meaning.GONE_AT: _unless_no(Standing.UNSUBSCRIBED),
    Meaning.WEAK_GONE: _unless_no(Standing.UNSUBSCRIBED),
    Meaning.BOUNCED_AT: _unless_no(Standing.BOUNCE),
    Meaning.COMPLAINED_AT: _unless_no(Standing.COMPLAINT),
    Meaning.SUPPRESSED: _unless_no(Standing.UNSUBSCRIBED),
}
