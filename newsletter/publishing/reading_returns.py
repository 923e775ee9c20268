"""A mailbox is read on from where it was left, and each message in it is taken in.

A message that cannot be read, or that nobody can make sense of, keeps none from being read after
it. The mark is set behind the acts: whoever is killed between them reads some again, and those are
known by their bytes.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from newsletter.books import MailboxMark, ReturnEffect, ReturnKind
from newsletter.bounces.read import Found, Mailbox, Source, open_mailbox
from newsletter.publishing.bouncing import Arrival, Taken, take_in, throw_away_old
from newsletter.publishing.publication import Books
from newsletter.settings import Settings

_BETWEEN_MARKS = 50
"""Messages."""

_MOST_FAULTS = 20

_BEGINNING = MailboxMark(validity=0, uid=0)
"""Of a mailbox that was empty: that it is read is known, and all of it is still to be read."""


@dataclass(kw_only=True, slots=True)
class Reading:
    """What reading came to: `found` messages, of which so many are new; and what was made of them.

    `faults` are the first of those that could not be read, a line each.
    """

    source: str
    found: int = 0
    new: int = 0
    dropped: int = 0
    kinds: Counter[ReturnKind] = field(default_factory=Counter)
    effects: Counter[ReturnEffect] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def count(self, taken: Taken) -> None:
        self.new += taken.is_new
        self.dropped += taken.is_new and taken.number is None
        if taken.is_new:
            self.kinds.update(each.kind for each in taken.told)
            self.effects.update(each.effect for each in taken.told)

    @property
    def made(self) -> Mapping[ReturnEffect, int]:
        """What was made of them, in the order of the words."""
        return {effect: self.effects[effect] for effect in ReturnEffect if self.effects[effect]}


def opened(source: Source, settings: Settings) -> Mailbox:
    """The mailbox of a source, to be entered. Raises MailboxError, MissingExtraError."""
    password = settings.environment.bounces_password
    return open_mailbox(source, password.reveal() if password else "")


def read_on(
    mailbox: Mailbox,
    source: Source,
    books: Books,
    *,
    anew: bool = False,
    heard: Callable[[Taken], object] | None = None,
    is_over: Callable[[], bool] = lambda: False,
) -> Reading:
    """Everything since the last time, or with `anew` everything there is.

    Raises MailboxError and StoreError; what was read before is done then, and marked.
    """
    returns, reading = books.database.returns, Reading(source=source.name)
    mark = None
    try:
        for found in mailbox.since(None if anew else returns.mark(source.name)):
            _take(found, source, books, reading, heard)
            mark = found.mark or mark
            if reading.found % _BETWEEN_MARKS == 0 and mark is not None:
                returns.set_mark(source.name, mark)
            if is_over():
                break
    finally:
        if mark is not None:
            returns.set_mark(source.name, mark)
    if mark is None and returns.mark(source.name) is None:
        returns.set_mark(source.name, _BEGINNING)
    throw_away_old(books)
    return reading


def _take(
    found: Found,
    source: Source,
    books: Books,
    reading: Reading,
    heard: Callable[[Taken], object] | None,
) -> None:
    reading.found += 1
    if found.fault:
        if len(reading.faults) < _MOST_FAULTS:
            reading.faults.append(f"{found.place}: {found.fault}")
        return
    taken = take_in(Arrival(raw=found.raw, source=source.name), books)
    reading.count(taken)
    if heard is not None and taken.is_new:
        heard(taken)
