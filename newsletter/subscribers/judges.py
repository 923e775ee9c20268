"""What the cells of one row say of a person's standing, column by column.

Whoever is said to be gone is gone, also where another column says otherwise; the words themselves
are `standing`'s.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from newsletter.subscribers.cells import is_nothing, parse_flag, parse_instant
from newsletter.subscribers.columns import Columns, Meaning
from newsletter.subscribers.standing import Standing, standing_of

Judge = Callable[[str], Standing | None]


@dataclass(frozen=True, slots=True)
class Witness:
    """One column, and what a cell of it makes of a person. None is nothing against them."""

    place: int
    name: str
    judge: Judge
    is_sure: bool
    """Whether a word that it does not know is a fault of the row."""

    def is_at_a_loss(self, text: str) -> bool:
        return self.is_sure and standing_of(text) is None and not is_nothing(text)


def witnesses_of(columns: Columns) -> Sequence[Witness]:
    """All columns of a file that may speak against somebody."""
    found = []
    for meaning, judge in _JUDGES.items():
        is_ours = meaning is Meaning.WEAK_STATUS and columns.is_ours
        is_sure = meaning is Meaning.STATUS or is_ours
        judge = _our_state if is_ours else judge
        found += [Witness(each.place, each.name, judge, is_sure) for each in columns.of(meaning)]
    return found


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
    return Standing.UNCONFIRMED if parse_flag(text) is False else None


def _unless_no(standing: Standing) -> Judge:
    """A moment, a reason or a number: whatever stands there but a no."""
    return lambda text: None if is_nothing(text) or parse_flag(text) is False else standing


_JUDGES: dict[Meaning, Judge] = {
    Meaning.STATUS: _by_word,
    Meaning.WEAK_STATUS: _by_word,
    Meaning.WANTS: _wants,
    Meaning.AGREED: _agreed,
    Meaning.WANTS_NOT: _unless_no(Standing.UNSUBSCRIBED),
    Meaning.GONE_AT: _unless_no(Standing.UNSUBSCRIBED),
    Meaning.BOUNCED_AT: _unless_no(Standing.BOUNCE),
    Meaning.COMPLAINED_AT: _unless_no(Standing.COMPLAINT),
}
