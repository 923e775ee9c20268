"""What is made of deferrals after they were written down: judged, or hastened.

Functions on a connection; the transaction round them is the journal's.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, update

from newsletter.books import Decision, DeliveryEvents, DeliveryState
from newsletter.store import tallies
from newsletter.store.sql.schema import deliveries
from newsletter.store.sql.statements import execute_rows, is_one_of
from newsletter.store.sql.values import Stored, stored_instant, stored_text

_DECIDE = (
    update(deliveries)
    .where(
        deliveries.c.id == bindparam("delivery"),
        is_one_of(deliveries.c.state, DeliveryEvents.DECIDE.before),
        deliveries.c.attempts == bindparam("before"),
        deliveries.c.next_attempt_at == bindparam("due_before"),
    )
    .values(
        state=bindparam("to_state"),
        attempts=bindparam("after"),
        next_attempt_at=bindparam("due"),
        reason=bindparam("because"),
        updated_at=bindparam("at"),
    )
)


def decide(connection: Connection, decisions: Sequence[Decision], now: datetime) -> int:
    """See `Journal.decide` for the promises; returns how many were as they had been left."""
    at = stored_instant(now)
    tallies.forget(connection, (decision.held.delivery.shard_id for decision in decisions))
    return execute_rows(connection, _DECIDE, [_row(decision, at) for decision in decisions])


def _row(decision: Decision, at: int) -> dict[str, Stored]:
    held, due = decision.held, decision.next_attempt_at
    assert held.next_attempt_at is not None
    assert decision.state in DeliveryEvents.DECIDE.after
    return {
        "delivery": held.delivery.id,
        "before": held.delivery.attempts,
        "due_before": stored_instant(held.next_attempt_at),
        "to_state": decision.state.value,
        "after": decision.attempts,
        "due": None if due is None else stored_instant(due),
        "because": stored_text(decision.reason),
        "at": at,
    }


def hasten(connection: Connection, run_id: int, now: datetime) -> None:
    connection.execute(
        update(deliveries)
        .where(
            deliveries.c.run_id == run_id,
            deliveries.c.state == DeliveryState.DEFERRED,
            deliveries.c.next_attempt_at > now,
        )
        .values(next_attempt_at=now)
    )
