"""Who would be done when, if a send began now: the settings and the journal, put to the schedule.

How it is played through is left to `schedule`, how it looks to the fronts.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from newsletter.addresses import AddrSpec
from newsletter.books import RateCount, Room, Run, RunState, relay_of
from newsletter.publishing.publication import Books
from newsletter.publishing.resting import rooms_over
from newsletter.schedule import Crowd, Pace, Timetable, beside, draw_up
from newsletter.settings import Settings
from newsletter.transports import Carrier, Transport, routes

_RUNS = 5
"""So many of the last runs are looked at for how fast they went."""


def count_groups(addresses: Iterable[AddrSpec], settings: Settings) -> Counter[str]:
    """How many of these are in each group of domains; those of all others under ""."""
    groups = settings.limits.groups
    return Counter(groups.get(address.domain, "") for address in addresses)


def forecast(
    due: Mapping[str, int], books: Books, transport: Transport, at: datetime | None = None
) -> Timetable:
    """The time table of a send to so many people of each group of domains, over a transport.

    It begins now, or at a moment that is to come.
    """
    found = [_over(route, due, books, at) for route in routes(transport)]
    return beside([each for number, each in enumerate(found) if each.lines or not number])


def _over(
    route: Sequence[Carrier], due: Mapping[str, int], books: Books, at: datetime | None
) -> Timetable:
    """What goes over relays that carry the same."""
    limits, now = books.settings.limits, books.now()
    start = at or now
    first, *others = route
    rooms = [_as_of(room, now, start) for room in rooms_over(route, books)]
    taken = {room.group: room.limit - room.left for room in rooms if room.is_of_a_date}
    crowds = [
        Crowd(
            group=name,
            people=people,
            rate=limits.group(name).rate,
            warm_up=limits.group(name).warm_up,
            taken=taken.get(name, 0),
            is_paused=limits.group(name).is_paused,
            relay=relay_of(first.transport.name) if first.only and not others else "",
        )
        for name in [*(group.name for group in limits.domains), ""]
        if (people := due.get(name, 0)) and first.carries(name)
    ]
    rates = [each.transport.rate for each in route]
    rate = sum(rate for rate in rates if rate) if all(rates) else None
    measured = _measured(books) if rate is None and first.only is None else None
    pace = Pace(
        zone=books.settings.schedule.zone,
        rate=rate or measured,
        is_measured=measured is not None,
        rolling=[room for room in rooms if _is_rolling(room)],
        warm_up=limits.warm_up,
        taken=taken.get(None, 0),
        window=limits.window,
    )
    return draw_up(crowds, pace, start)


def _as_of(room: Room, now: datetime, start: datetime) -> Room:
    """What has gone out by now counts no more when its time is over."""
    return room if start < now + room.span else replace(room, left=room.limit)


def _is_rolling(room: Room) -> bool:
    return room.group is None and not room.is_of_a_date


def _measured(books: Books) -> float | None:
    """Messages per second of the last run that was long enough to tell; None where none was."""
    runs = [run for run in books.database.runs.all() if run.state is RunState.COMPLETE]
    for run in sorted(runs, key=_started, reverse=True)[:_RUNS]:
        found = books.database.statistics.rate(run.id, 1)
        if found is not None and found.is_telling:
            return _per_second(found)
    return None


def _started(run: Run) -> str:
    return run.started_at.isoformat()


def _per_second(found: RateCount) -> float:
    return sum(found.counts) / (found.span * len(found.counts)).total_seconds()
