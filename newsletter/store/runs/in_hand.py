"""What a living sender has in hand: in doubt for the journal, and for no reader yet.

Content that is about to end is written down as in doubt before its final dot, and stays so until
the reply is. While its sender lives that is no doubt, only the middle of a delivery.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, false, func, or_, select

from newsletter.books import DeliveryState
from newsletter.process import began
from newsletter.store.journal.leases import Claimant, Held, holders
from newsletter.store.sql.schema import deliveries

_DEFERRED = (400, 499)
"""Reply codes of an earlier attempt; a doubt that was settled as one has another, or none."""


def in_hand(connection: Connection, run_id: int, now: datetime) -> ColumnElement[bool]:
    """The condition that a delivery of the run is in a living sender's hands at `now`."""
    held = holders(connection, run_id, Claimant(owner="", now=now))
    code = func.coalesce(deliveries.c.reply_code, 0)
    return and_(
        deliveries.c.run_id == run_id,
        deliveries.c.state == DeliveryState.IN_DOUBT,
        or_(deliveries.c.attempts == 0, code.between(*_DEFERRED)),
        or_(false(), *map(_since_it_began, held)),
    )


def count_in_hand(connection: Connection, run_id: int, now: datetime) -> int:
    wanted = select(func.count()).select_from(deliveries)
    return connection.execute(wanted.where(in_hand(connection, run_id, now))).scalar_one()


def _since_it_began(held: Held) -> ColumnElement[bool]:
    """What an earlier holder of the shard left in doubt is older than the process."""
    of_shard = deliveries.c.shard_id == held.shard_id
    since = began(held.owner)
    return of_shard if since is None else and_(of_shard, deliveries.c.updated_at >= since)
