"""When a run that may not go on now goes on: our own limits and hours, and what the relay has said.

All are read off the settings and the journal, so whoever asks, on whichever host, hears the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from newsletter.books import WHOLE, GroupLeft, Part, Quota, Room, Run, relay_of
from newsletter.delivery import REMEMBERED, Rest, relays_over, rest_after
from newsletter.publishing.publication import Books
from newsletter.settings import Settings
from newsletter.transports import Carrier, Transport, carriers, routes


@dataclass(frozen=True, kw_only=True, slots=True)
class Resting:
    """`why` is a clause: the limit that is reached, the hours, or the relay's words."""

    until: datetime
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupRelay:
    """A relay that groups of domains have for themselves, or several side by side, by name: what
    their ceilings leave now, and the cap that all of them have stated, for as long as it lasts.
    """

    relays: Sequence[str]
    groups: Sequence[str]
    rooms: Sequence[Room]
    cap: Resting | None


def quotas_over(carrier: Carrier, settings: Settings) -> Sequence[Quota]:
    """What [limits] and its URL allow over one relay, of all and of the groups of domains that go
    over it; all hold together.

    Empty where there is no ceiling.
    """
    limits, zone = settings.limits, settings.schedule.zone
    own, relays = carrier.allotment, relays_over(carrier.transport)
    of_all = Quota(
        relays=relays,
        per_day=_lower(limits.per_day, own.per_day),
        per_hour=_lower(limits.per_hour, own.per_hour),
        warm_up=limits.warm_up,
        zone=zone,
    )
    of_groups = [
        Quota(relays=relays, warm_up=each.warm_up, zone=zone, group=each.name)
        for each in limits.domains
        if carrier.carries(each.name)
    ]
    return [each for each in (of_all, *of_groups) if each.is_set]


def _lower(one: int | None, other: int | None) -> int | None:
    return min((each for each in (one, other) if each is not None), default=None)


def rooms_left(books: Books, transport: Transport) -> list[Room]:
    """What each ceiling leaves now; empty where there is none.

    Of several relays side by side, what they leave together; one without a ceiling leaves room.
    Relays of groups count for themselves: see `group_relays`.
    """
    return rooms_over(routes(transport)[0], books)


def group_relays(books: Books, transport: Transport) -> list[GroupRelay]:
    """Each relay that groups have for themselves; none where all goes over one."""
    _, *others = routes(transport)
    return [
        GroupRelay(
            relays=[relay_of(each.transport.name) for each in route],
            groups=sorted(route[0].only or ()),
            rooms=rooms_over(route, books),
            cap=_cap_over(route, books),
        )
        for route in others
    ]


def rooms_over(route: Sequence[Carrier], books: Books) -> list[Room]:
    """The same over relays that carry the same."""
    rooms = [_rooms(books, each) for each in route]
    if len(rooms) == 1:
        return rooms[0]
    known = [{(room.span, room.group, room.is_of_a_date): room for room in each} for each in rooms]
    return [
        _together([found[kind] for found in known])
        for kind in known[0]
        if all(kind in found for found in known)
    ]


def _rooms(books: Books, carrier: Carrier) -> list[Room]:
    quotas = quotas_over(carrier, books.settings)
    return books.database.journal.rooms(quotas, books.now()) if quotas else []


def _together(rooms: Sequence[Room]) -> Room:
    first, opens = rooms[0], [room.opens_at for room in rooms if room.opens_at is not None]
    return replace(
        first,
        limit=sum(room.limit for room in rooms),
        left=sum(room.left for room in rooms),
        opens_at=min(opens) if len(opens) == len(rooms) else None,
        name=f"{first.name}, over each relay" if first.is_of_a_date else "",
    )


def is_room_left(run: Run, books: Books, transport: Transport, part: Part = WHOLE) -> bool:
    """Whether there are limits, and somebody of the run for whom they have room."""
    return any(_has_room(run, books, each, part) for each in carriers(transport))


def _has_room(run: Run, books: Books, carrier: Carrier, part: Part) -> bool:
    rooms = _rooms(books, carrier)
    full = {room.group for room in rooms if not room.left}
    if not rooms or None in full:
        return False
    left = _groups_left(run, books, carrier, part)
    return any(each.at_hand and each.group not in full for each in left)


def full_groups(books: Books, transport: Transport) -> frozenset[str]:
    """The groups of domains whose own ceiling leaves nothing now."""
    if not any(group.warm_up for group in books.settings.limits.domains):
        return frozenset()
    rooms = [room for route in routes(transport) for room in rooms_over(route, books)]
    return frozenset(room.group for room in rooms if room.group is not None and not room.left)


def rest_of(run: Run, books: Books, transport: Transport, part: Part = WHOLE) -> Resting | None:
    """Until when a run, or that part of it, rests, and why.

    None where it may go on, or has nobody left. Over several relays it goes on as soon as one of
    them does that has somebody left.
    """
    due = books.database.runs.balance(run.id).unfinished
    if not due:
        return None
    several = routes(transport)
    asked = [(route, due) for route in several]
    if len(several) > 1:
        asked = [(route, _count_left(run, books, route[0], part)) for route in several]
    rests = [
        _rest_over(each, count, run, books, part, of_many=sum(map(len, several)) > 1)
        for route, count in asked
        if count
        for each in route
    ]
    found = [rest for rest in rests if rest is not None]
    over_all = min(found, key=_until, default=None) if len(found) == len(rests) else None
    return _longest(rest for rest in (over_all, _by_window(books)) if rest)


def _count_left(run: Run, books: Books, carrier: Carrier, part: Part) -> int:
    return sum(each.unfinished for each in _groups_left(run, books, carrier, part))


def _rest_over(
    carrier: Carrier, due: int, run: Run, books: Books, part: Part, *, of_many: bool
) -> Resting | None:
    rests = (
        _by_relay(run, books, carrier.transport, of_many=of_many),
        _by_limits(run, due, books, carrier, part),
    )
    return _longest(rest for rest in rests if rest)


def relay_cap(books: Books, transport: Transport) -> Resting | None:
    """The cap that the relay has stated, for as long as it lasts; of several, if all have.

    Relays of groups have caps of their own: see `group_relays`.
    """
    return _cap_over(routes(transport)[0], books)


def _cap_over(route: Sequence[Carrier], books: Books) -> Resting | None:
    rests = [_last_rest(books, each.transport) for each in route]
    found = [rest for rest in rests if rest is not None]
    if len(found) < len(rests):
        return None
    return _resting(min(found, key=lambda rest: rest.until))


def _by_window(books: Books) -> Resting | None:
    window, zone, now = books.settings.limits.window, books.settings.schedule.zone, books.now()
    if window is None or window.is_open(now, zone):
        return None
    until = window.opening(now, zone)
    return Resting(until=until, why=f"messages go out {window} in {zone.key}")


def _by_limits(run: Run, due: int, books: Books, carrier: Carrier, part: Part) -> Resting | None:
    """A ceiling for all holds everybody back; one of a group only those who are in it."""
    rooms = _rooms(books, carrier)
    of_all = [room for room in rooms if room.group is None]
    of_groups = [room for room in rooms if room.group is not None]
    rests = [_closed(of_all, due)]
    if any(room.opens_at for room in of_groups):
        left = _groups_left(run, books, carrier, part)
        rests.append(_by_groups(of_groups, left, books.now()))
    return _longest(rest for rest in rests if rest)


def _groups_left(run: Run, books: Books, carrier: Carrier, part: Part) -> Sequence[GroupLeft]:
    """Of what it carries; without those that are paused: for them nothing is waited for."""
    left = books.database.runs.groups_left(run.id, part)
    return [
        each
        for each in left
        if carrier.carries(each.group) and not books.settings.limits.group(each.group).is_paused
    ]


def _by_groups(rooms: Sequence[Room], left: Sequence[GroupLeft], now: datetime) -> Resting | None:
    """Until the first of the groups that have somebody left goes on; None where one may now."""
    held: list[Resting] = []
    for each in left:
        rest = _closed([room for room in rooms if room.group == each.group], each.unfinished)
        if rest is None and not each.at_hand and each.next_due and each.next_due > now:
            rest = Resting(until=each.next_due, why="the others are to be tried again then")
        if rest is None:
            return None
        held.append(rest)
    return min(held, key=_until, default=None)


def _closed(rooms: Iterable[Room], due: int) -> Resting | None:
    return _longest(
        Resting(until=room.opens_at, why=f"the limit of {room.words} is reached")
        for room in rooms
        if room.opens_at is not None and not room.is_enough_for(due)
    )


def _longest(rests: Iterable[Resting]) -> Resting | None:
    return max(rests, key=_until, default=None)


def _until(rest: Resting) -> datetime:
    return rest.until


def _by_relay(run: Run, books: Books, transport: Transport, *, of_many: bool) -> Resting | None:
    """What it said in this run; or a cap, in whichever."""
    relays = relays_over(transport) if of_many else None
    receivers = books.settings.limits.groups
    rest = rest_after(books.database.journal.last_replies(run.id, REMEMBERED, relays), receivers)
    if rest is None or rest.until <= books.now():
        rest = _last_rest(books, transport)
    return _resting(rest) if rest is not None else None


def _last_rest(books: Books, transport: Transport) -> Rest | None:
    found = books.database.journal.last_replies_of(relays_over(transport), REMEMBERED)
    rest = rest_after(found, books.settings.limits.groups)
    return rest if rest is not None and rest.is_capped and rest.until > books.now() else None


def _resting(rest: Rest) -> Resting:
    how = "takes no more in this time" if rest.is_capped else "takes nobody's mail now"
    return Resting(until=rest.until, why=f"the relay {how}: {rest.words}")
