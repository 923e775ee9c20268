"""How often forms were sent in the last hours, by whatever key the limits go by.

A key is made by the caller and says no address of a computer in clear. Counted by hours of the
clock, so that a restart forgets nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from newsletter.store.sql.connections import own, publication_of
from newsletter.store.sql.schema import tries
from newsletter.store.sql.writes import Writes

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Tries:
    """The tries of one publication. Any thread may ask it."""

    _write: Writes

    def count(self, limits: Mapping[str, int], now: datetime) -> Sequence[str]:
        """One more try under each key; those of which there are now too many within the hour.

        Once there are, further tries are not counted, so that nobody is locked out for ever.
        """
        return self._write(partial(count, limits=limits, now=now))


def count(connection: Connection, limits: Mapping[str, int], now: datetime) -> Sequence[str]:
    """`Tries.count`, in somebody's transaction."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    wanted = (
        select(tries.c.key, func.sum(tries.c.number))
        .where(own(connection, tries), tries.c.key.in_(list(limits)), tries.c.hour >= hour)
        .group_by(tries.c.key)
    )
    found = {key: int(number) for key, number in connection.execute(wanted)}
    over = [key for key, limit in limits.items() if found.get(key, 0) >= limit]
    if not over:
        _add(connection, list(limits), hour)
    return over


def _add(connection: Connection, keys: Sequence[str], hour: datetime) -> None:
    is_sqlite = connection.dialect.name == "sqlite"
    insert = sqlite.insert(tries) if is_sqlite else postgresql.insert(tries)
    ours = publication_of(connection)
    rows = [{"publication_id": ours, "key": key, "hour": hour, "number": 1} for key in sorted(keys)]
    more = insert.on_conflict_do_update(
        index_elements=[tries.c.publication_id, tries.c.key, tries.c.hour],
        set_={"number": tries.c.number + 1},
    )
    connection.execute(more, rows)
    old = tries.c.hour < hour - 2 * HOUR
    connection.execute(delete(tries).where(own(connection, tries), old))
