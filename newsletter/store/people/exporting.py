"""The list as it is written to a file: each of it with how they are suppressed, page by page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from newsletter.store.people.eligibility import members_with_suppressions
from newsletter.store.people.rows import subscriber_of
from newsletter.store.people.segments import is_in
from newsletter.store.sql.connections import Connections, own
from newsletter.store.sql.schema import subscribers, suppressions
from newsletter.store.sql.values import CHUNK
from newsletter.subscribers import Exported, Segment, Suppression, SuppressionKind


@dataclass(frozen=True)
class Exports:
    """One publication's list on its way out. Any thread may ask it."""

    _connections: Connections

    def people(self, segment: Segment | None = None) -> Iterator[Exported]:
        """Everybody, or all in a segment, in whatever state, by address; in flat memory."""
        with self._connections.reading() as connection:
            wanted = _wanted(connection, segment)
        last = ""
        while page := self._page(wanted, last):
            yield from page
            last = page[-1].subscriber.address.key

    def _page(self, wanted: Select[Any], after: str) -> Sequence[Exported]:
        key = subscribers.c.address_key
        with self._connections.reading() as connection:
            rows = connection.execute(wanted.where(key > after).order_by(key).limit(CHUNK)).all()
        return [
            Exported(subscriber=subscriber_of(row), suppression=_suppression_of(row))
            for row in rows
        ]


def _wanted(connection: Connection, segment: Segment | None) -> Select[Any]:
    """Once for all pages: what a segment means is asked of the whole list."""
    return (
        select(
            subscribers,
            suppressions.c.address_key.label("stopped"),
            suppressions.c.kind,
            suppressions.c.reason,
            suppressions.c.created_at.label("stopped_at"),
        )
        .select_from(members_with_suppressions())
        .where(own(connection, subscribers), is_in(connection, segment))
    )


def _suppression_of(row: Row[Any]) -> Suppression | None:
    if row.stopped is None:
        return None
    return Suppression(
        address_key=row.stopped,
        kind=SuppressionKind(row.kind),
        reason=row.reason,
        created_at=row.stopped_at,
    )
