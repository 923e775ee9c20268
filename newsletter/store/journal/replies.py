"""What relays said last, read off the attempts: of one run, and how much of all was accepted.

Attempts are looked at from the end, where the ids are the newest, so that it takes no longer as the
journal grows. Functions on a connection; the transaction round them is the journal's.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, false, or_, select

from newsletter.books import Attempt, Delivery, DeliveryState, LastReply
from newsletter.store.sql.schema import attempts, deliveries
from newsletter.store.sql.values import address_of

_LOOKED_AT = 512
"""Attempts at the end of the journal, of all runs, among which those of one are sought."""


def last_replies(
    connection: Connection, run_id: int, limit: int, relays: Sequence[str] | None
) -> list[LastReply]:
    """The last ones that were heard of a run, the first of them first; of these relays, if any
    are named.
    """
    of_run = deliveries.c.run_id == run_id
    return _last(connection, limit, of_run if relays is None else of_run & _are_of(relays))


def last_replies_of(connection: Connection, relays: Sequence[str], limit: int) -> list[LastReply]:
    """The last ones that these relays gave, of whichever run, the first of them first."""
    return _last(connection, limit, _are_of(relays))


def _are_of(relays: Sequence[str]) -> ColumnElement[bool]:
    names = _RECENT.c.transport
    found = [(names == each) | names.startswith(f"{each}?", autoescape=True) for each in relays]
    return or_(false(), *found)


_RECENT = select(attempts).order_by(attempts.c.id.desc()).limit(_LOOKED_AT).subquery("recent")


def _last(connection: Connection, limit: int, which: ColumnElement[bool]) -> list[LastReply]:
    statement = (
        select(
            deliveries,
            _RECENT.c.id.label("attempt_id"),
            _RECENT.c.number,
            _RECENT.c.started_at,
            _RECENT.c.ended_at,
            _RECENT.c.stage,
            _RECENT.c.code,
            _RECENT.c.enhanced_code.label("said_code"),
            _RECENT.c.text,
            _RECENT.c.transport,
        )
        .join(_RECENT, _RECENT.c.delivery_id == deliveries.c.id)
        .where(which)
        .order_by(_RECENT.c.id.desc())
        .limit(limit)
    )
    return [_reply(row) for row in reversed(connection.execute(statement).all())]


def _reply(row: Row[Any]) -> LastReply:
    return LastReply(
        delivery=Delivery(
            id=row.id,
            run_id=row.run_id,
            shard_id=row.shard_id,
            epoch=0,
            issue=row.issue,
            recipient=address_of(row.recipient),
            recipient_key=row.recipient_key,
            fields={},
            subscriber_id=row.subscriber_id,
            attempts=row.attempts,
        ),
        state=DeliveryState(row.state),
        number=row.number,
        attempt=Attempt(
            started_at=row.started_at,
            ended_at=row.ended_at,
            stage=row.stage,
            code=row.code,
            enhanced_code=row.said_code,
            text=row.text,
            transport=row.transport,
        ),
    )
