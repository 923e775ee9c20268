"""The list of subscribers: who is on it, who is owed an issue, and what is known of them.

What a file brings is `importing`'s, what people do about their own membership is `membership`'s.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select, true

from newsletter.store.people import events
from newsletter.store.people.eligibility import (
    left_out_because,
    members_with_suppressions,
    suppressed_because,
)
from newsletter.store.people.rows import members, subscriber_of
from newsletter.store.people.segments import Stranger, is_in, strangers
from newsletter.store.sql.connections import Connections, own
from newsletter.store.sql.schema import subscribers
from newsletter.store.sql.values import (
    CHUNK,
    address_of,
)
from newsletter.subscribers import (
    AudienceCounts,
    AudienceMember,
    PersonEventKind,
    Segment,
    Subscriber,
    SubscriberState,
)


class SubscriberList:
    """The list. An address key is in it once; nothing here ever turns a person back on."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def count(self) -> Mapping[SubscriberState, int]:
        """How many members there are in each state."""
        statement = select(subscribers.c.state, func.count()).group_by(subscribers.c.state)
        with self._connections.reading() as connection:
            statement = statement.where(own(connection, subscribers))
            found = {state: number for state, number in connection.execute(statement)}  # noqa: C416
        return {state: found.get(state, 0) for state in SubscriberState}

    def audience(
        self, now: datetime, segment: Segment | None = None, merged: Collection[str] = ()
    ) -> Iterator[AudienceMember]:
        """Everyone a run freezes, by address, however many, in flat memory.

        Confirmed members of the segment, and those who have left or pause with that as their
        reason. Who has not confirmed yet is not of the audience, so that extending the run can
        still reach them; nor is who joins after the first was asked for. Each is as their page
        finds them, and comes with those of their attributes that are `merged`.
        """
        with self._connections.reading() as connection:
            newest = connection.execute(select(func.max(subscribers.c.id))).scalar() or 0
            people = _audience(connection, now, segment, is_merging=bool(merged))
        last = ""
        while page := self._page(people, last):
            for row in page:
                if row.id <= newest:
                    yield _audience_member(row, merged)
            last = page[-1].address_key

    def _page(self, people: Select[Any], after: str) -> Sequence[Any]:
        """By key, as the journal's index has them: a million in another order take twice as long
        to write.
        """
        key = subscribers.c.address_key
        with self._connections.reading() as connection:
            wanted = people.where(key > after).order_by(key).limit(CHUNK)
            return connection.execute(wanted).all()

    def audience_counts(self, now: datetime, segment: Segment | None = None) -> AudienceCounts:
        """The size of the audience, counted by the database."""
        with self._connections.reading() as connection:
            people = _audience(connection, now, segment).subquery()
            statement = (
                select(people.c.because, func.count())
                .group_by(people.c.because)
                .order_by(people.c.because)
            )
            found = [(because, number) for because, number in connection.execute(statement)]
        return AudienceCounts(
            owed=sum(number for because, number in found if because is None),
            suppressed={because: number for because, number in found if because is not None},
        )

    def members(
        self, segment: Segment | None = None, state: SubscriberState | None = None
    ) -> Iterator[Subscriber]:
        """Those on the list, by address, in flat memory; without a state, in whatever one."""
        with self._connections.reading() as connection:
            people = select(subscribers).where(
                own(connection, subscribers),
                is_in(connection, segment),
                true() if state is None else subscribers.c.state == state,
            )
        last = ""
        while page := self._page(people, last):
            yield from map(subscriber_of, page)
            last = page[-1].address_key

    def strangers(self, segment: Segment) -> Sequence[Stranger]:
        """The tags and attributes that it names and nobody on the list has."""
        with self._connections.reading() as connection:
            return strangers(connection, segment)

    def like(self, text: str, limit: int) -> Sequence[Subscriber]:
        """The first of those whose address or first name holds the text, whatever its case."""
        key = subscribers.c.address_key
        with self._connections.reading() as connection:
            wanted = select(subscribers).where(own(connection, subscribers), _is_like(text))
            rows = connection.execute(wanted.order_by(key).limit(limit)).all()
        return [subscriber_of(row) for row in rows]

    def count_like(self, text: str) -> int:
        """How many of them there are."""
        wanted = select(func.count()).select_from(subscribers)
        with self._connections.reading() as connection:
            mine = wanted.where(own(connection, subscribers), _is_like(text))
            return connection.execute(mine).scalar_one()

    def count_paused(self, now: datetime) -> int:
        """How many confirmed members pause, and would be sent issues if they did not."""
        people = select(func.count()).select_from(members_with_suppressions())
        with self._connections.reading() as connection:
            wanted = people.where(
                own(connection, subscribers),
                subscribers.c.paused_until > now,
                suppressed_because().is_(None),
            )
            return connection.execute(wanted).scalar_one()

    def moves(self, bounds: Sequence[datetime]) -> Sequence[Mapping[PersonEventKind, int]]:
        """Who came and went between each two of the bounds, as numbers of confirmed members."""
        with self._connections.reading() as connection:
            return [events.moves_between(connection, *each) for each in pairwise(bounds)]

    def find(self, address_keys: Iterable[str]) -> Mapping[str, Subscriber]:
        """Those of the keys that are on the list."""
        with self._connections.reading() as connection:
            return members(connection, address_keys)


def _is_like(text: str) -> ColumnElement[bool]:
    """SQLite, and PostgreSQL in some locales, know the two cases of ASCII letters alone."""
    said = text.lower()
    cases = {text, said, text.upper(), text.title()}
    return or_(
        subscribers.c.address_key.contains(said, autoescape=True),
        func.lower(subscribers.c.first_name).contains(said, autoescape=True),
        *(subscribers.c.first_name.contains(each, autoescape=True) for each in sorted(cases)),
    )


def _audience(
    connection: Connection, now: datetime, segment: Segment | None, *, is_merging: bool = False
) -> Select[Any]:
    attributes = [subscribers.c.attributes] if is_merging else []
    return (
        select(
            subscribers.c.id,
            subscribers.c.address,
            subscribers.c.address_key,
            subscribers.c.first_name,
            left_out_because(now).label("because"),
            *attributes,
        )
        .select_from(members_with_suppressions())
        .where(
            own(connection, subscribers),
            subscribers.c.state != SubscriberState.PENDING,
            is_in(connection, segment),
        )
    )


def _audience_member(row: Any, merged: Collection[str]) -> AudienceMember:
    known = row.attributes if merged else {}
    return AudienceMember(
        subscriber_id=row.id,
        address=address_of(row.address),
        first_name=row.first_name,
        suppressed_because=row.because,
        attributes={name: known[name] for name in merged if name in known},
    )
