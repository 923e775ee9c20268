"""When a run that may not go on now goes on: our own limits, and what the relay has said.

Both are read off the journal, so whoever asks, on whichever host, hears the same.
"""

from dataclasses import dataclass
from datetime import datetime

from newsletter.books import Quota, Room, Run
from newsletter.delivery import REMEMBERED, Rest, relays_over, rest_after
from newsletter.publishing.publication import Books
from newsletter.settings import Settings
from newsletter.transports import Transport


@dataclass(frozen=True, kw_only=True, slots=True)
class Resting:
    """`why` is a clause: the limit that is reached, or the relay's words."""

    until: datetime
    why: str


def quota_over(transport: Transport, settings: Settings) -> Quota | None:
    """What [limits] allows over a transport; None where it sets no ceiling."""
    limits = settings.limits
    relays = relays_over(transport)
    quota = Quota(relays=relays, per_day=limits.per_day, per_hour=limits.per_hour)
    return quota if quota.ceilings else None


def rooms_left(books: Books, transport: Transport) -> list[Room]:
    """What each ceiling of [limits] leaves now; empty where there is none."""
    quota = quota_over(transport, books.settings)
    return books.database.journal.rooms(quota, books.now()) if quota else []


def rest_of(run: Run, books: Books, transport: Transport) -> Resting | None:
    """Until when a run rests, and why; None where it may go on, or has nobody left."""
    due = books.database.runs.balance(run.id).unfinished
    if not due:
        return None
    found = [
        rest
        for rest in (_by_relay(run, books, transport), _by_limits(due, books, transport))
        if rest
    ]
    return max(found, key=lambda rest: rest.until, default=None)


def relay_cap(books: Books, transport: Transport) -> Resting | None:
    """The cap that the relay has stated, for as long as it lasts."""
    rest = _last_rest(books, transport)
    return _resting(rest) if rest is not None else None


def _by_limits(due: int, books: Books, transport: Transport) -> Resting | None:
    closed = [
        Resting(until=room.opens_at, why=f"the limit of {room.words} is reached")
        for room in rooms_left(books, transport)
        if room.opens_at is not None and not room.is_enough_for(due)
    ]
    return max(closed, key=lambda rest: rest.until, default=None)


def _by_relay(run: Run, books: Books, transport: Transport) -> Resting | None:
    """What it said in this run; or a cap, in whichever."""
    rest = rest_after(books.database.journal.last_replies(run.id, REMEMBERED))
    if rest is None or rest.until <= books.now():
        rest = _last_rest(books, transport)
    return _resting(rest) if rest is not None else None


def _last_rest(books: Books, transport: Transport) -> Rest | None:
    found = books.database.journal.last_replies_of(relays_over(transport), REMEMBERED)
    rest = rest_after(found)
    return rest if rest is not None and rest.is_capped and rest.until > books.now() else None


def _resting(rest: Rest) -> Resting:
    how = "takes no more in this time" if rest.is_capped else "takes nobody's mail now"
    return Resting(until=rest.until, why=f"the relay {how}: {rest.words}")
