"""Deliveries that were sent, looked up by what a message that came back says of them.

Strangers decide how often and for whom this is asked, so that it costs the same in a publication's
tenth year: rows are found by their id, or by run and recipient in the newest runs. There is no
index by recipient alone, which every row of every freezing would have to be put into.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, select

from newsletter.books import DeliveryState, SentDelivery
from newsletter.store.sql.connections import Connections, own
from newsletter.store.sql.schema import deliveries, runs

MAX_RUNS = 50
"""Runs looked into for what somebody was sent: a year of weekly issues, as good as."""

_SENT = (DeliveryState.ACCEPTED, DeliveryState.IN_DOUBT)


@dataclass(frozen=True)
class SentDeliveries:
    """Of one publication. Any thread may ask them."""

    _connections: Connections

    def by_ids(self, ids: Collection[int]) -> Sequence[SentDelivery]:
        """Those of these rows that are the publication's own and were sent.

        Whose ids they are is not known: a restored database has given them out once more.
        """
        if not ids:
            return ()
        with self._connections.reading() as connection:
            wanted = (
                _select()
                .join(runs, runs.c.id == deliveries.c.run_id)
                .where(own(connection, runs), deliveries.c.id.in_(sorted(ids)))
                .order_by(deliveries.c.id)
            )
            return [_sent(row) for row in connection.execute(wanted)]

    def lately_to(self, recipient_keys: Collection[str]) -> Sequence[SentDelivery]:
        """What was sent to these people in the newest runs, the newest first."""
        if not recipient_keys:
            return ()
        with self._connections.reading() as connection:
            newest = (
                select(runs.c.id).where(own(connection, runs)).order_by(runs.c.id.desc())
            ).limit(MAX_RUNS)
            ids = connection.execute(newest).scalars().all()
            wanted = (
                _select()
                .where(
                    deliveries.c.run_id.in_(ids),
                    deliveries.c.recipient_key.in_(sorted(recipient_keys)),
                )
                .order_by(deliveries.c.run_id.desc(), deliveries.c.id)
            )
            return [_sent(row) for row in connection.execute(wanted)]


def _select() -> Select[Any]:
    return select(
        deliveries.c.id,
        deliveries.c.run_id,
        deliveries.c.issue,
        deliveries.c.recipient_key,
        deliveries.c.state,
        deliveries.c.updated_at,
    ).where(deliveries.c.state.in_(_SENT))


def _sent(row: Row[Any]) -> SentDelivery:
    return SentDelivery(
        id=row.id,
        run_id=row.run_id,
        issue=row.issue,
        recipient_key=row.recipient_key,
        state=row.state,
        accepted_at=row.updated_at,
    )
