"""What happened to people, written down in the transaction in which it happened.

Of who was erased the events stay, and say no more whose they are.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from newsletter.store.sql.connections import own, publication_of
from newsletter.store.sql.schema import person_events
from newsletter.store.sql.values import stored_text
from newsletter.subscribers import MOVES, PersonEvent, PersonEventKind

MOST_SHOWN = 500
"""Events of one person: nobody has more, unless somebody tries to fill the disk."""


def append(connection: Connection, address_key: str, event: PersonEvent) -> None:
    """An empty key is nobody's: many at once, or somebody who is forgotten."""
    connection.execute(
        insert(person_events).values(
            publication_id=publication_of(connection),
            address_key=address_key,
            at=event.at,
            kind=event.kind.value,
            done_by=stored_text(event.by),
            detail=stored_text(event.detail),
            people=event.people,
        )
    )


def events_of(
    connection: Connection, address_key: str, most: int = MOST_SHOWN
) -> Sequence[PersonEvent]:
    """The newest of a person's, in the order in which they happened."""
    wanted = (
        select(person_events)
        .where(own(connection, person_events), person_events.c.address_key == address_key)
        .order_by(person_events.c.id.desc())
        .limit(most)
    )
    found = [_event(row) for row in connection.execute(wanted)]
    return found[::-1]


def last_of(connection: Connection, address_key: str) -> PersonEvent | None:
    return next(iter(events_of(connection, address_key, most=1)), None)


def forget(connection: Connection, address_key: str) -> None:
    """They count on, and are nobody's."""
    mine = person_events.c.address_key == address_key
    connection.execute(
        update(person_events)
        .where(own(connection, person_events), mine)
        .values(address_key="", detail="")
    )


def moves_between(
    connection: Connection, begin: datetime, end: datetime
) -> Mapping[PersonEventKind, int]:
    """How many members each kind of event made more or fewer, counted by the database."""
    wanted = (
        select(person_events.c.kind, func.sum(person_events.c.people))
        .where(
            own(connection, person_events),
            person_events.c.at >= begin,
            person_events.c.at < end,
            person_events.c.kind.in_([kind.value for kind in MOVES]),
        )
        .group_by(person_events.c.kind)
    )
    return {PersonEventKind(kind): int(people) for kind, people in connection.execute(wanted)}


def _event(row: Row[Any]) -> PersonEvent:
    return PersonEvent(
        at=row.at,
        kind=PersonEventKind(row.kind),
        by=row.done_by,
        detail=row.detail,
        people=row.people,
    )
