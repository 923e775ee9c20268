"""Writing down what happens to claimed deliveries: content going out, and what became of it.

Functions on a connection; the transaction round them is the journal's.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, bindparam, insert, literal_column, select, update

from newsletter.errors import RunConflictError
from newsletter.store.claiming import lost_shards
from newsletter.store.connections import execute_rows
from newsletter.store.records import Attempt, Delivery, Outcome
from newsletter.store.schema import attempts, deliveries
from newsletter.store.states import HELD, DeliveryState
from newsletter.store.values import Stored, chunks, stored_instant, stored_text

# Every change names the states it may start from: what is accepted never changes again.
_HELD: list[ColumnElement[str]] = [literal_column(f"'{state.value}'") for state in sorted(HELD)]

_SETTLE_UNTRIED = (
    update(deliveries)
    .where(
        deliveries.c.id == bindparam("delivery"),
        deliveries.c.state.in_(_HELD),
        deliveries.c.attempts == bindparam("before"),
    )
    .values(
        state=bindparam("to_state"),
        next_attempt_at=bindparam("due"),
        reason=bindparam("because"),
        updated_at=bindparam("at"),
    )
)
_SETTLE_TRIED = _SETTLE_UNTRIED.values(
    attempts=bindparam("now"),
    reply_code=bindparam("code"),
    enhanced_code=bindparam("enhanced"),
    reply_text=bindparam("words"),
)
_ADD_ATTEMPT = insert(attempts).inline()


def begin_content(connection: Connection, claims: Sequence[Delivery], now: datetime) -> None:
    """Claimed deliveries are in doubt from here on: all of them, or RunConflictError and none."""
    if lost := lost_shards(connection, claims):
        raise fenced(claim for claim in claims if claim.shard_id in lost)
    begun = 0
    for ids in chunks(claim.id for claim in claims):
        statement = update(deliveries).where(
            deliveries.c.id.in_(ids), deliveries.c.state == DeliveryState.CLAIMED
        )
        values = {"state": DeliveryState.IN_DOUBT, "updated_at": now}
        begun += connection.execute(statement.values(values)).rowcount
    if begun != len(claims):
        raise RunConflictError(
            f"{len(claims) - begun} of {len(claims)} deliveries are not claimed any more",
            where=claims[0].issue,
            next_step="stop this sender; the journal is right",
        )


def settle(connection: Connection, outcomes: Sequence[Outcome], now: datetime) -> list[Outcome]:
    """Write down the outcomes that may be; returns those that another owner's work forbids."""
    lost = lost_shards(connection, (outcome.delivery for outcome in outcomes))
    if not lost and _settle_at_once(connection, outcomes, now):
        return []
    late: list[Outcome] = []
    for group in chunks(outcomes):
        late += _settle_with_care(connection, group, lost, now)
    return late


def fenced(claims: Iterable[Delivery]) -> RunConflictError:
    """What an owner is told whose shards were taken, or whose deliveries were settled."""
    held = list(claims)
    return RunConflictError(
        f"{len(held)} deliveries are another sender's or settled by now, {held[0].recipient} first",
        where=held[0].issue,
        next_step="stop this sender; see the deliveries in doubt with `newsletter status`",
    )


def _settle_at_once(connection: Connection, outcomes: Sequence[Outcome], now: datetime) -> bool:
    """Nearly always all rows are as they were claimed; if one is not, nothing is written here."""
    if any(outcome.state is DeliveryState.IN_DOUBT for outcome in outcomes):
        return False
    with connection.begin_nested() as savepoint:
        good = [(outcome, outcome.delivery.attempts) for outcome in outcomes]
        if _write(connection, good, now):
            return True
        savepoint.rollback()
    return False


def _settle_with_care(
    connection: Connection, outcomes: Sequence[Outcome], lost: set[int], now: datetime
) -> list[Outcome]:
    """Look at each row first; returns the outcomes that came too late."""
    standing = _standing(connection, outcomes)
    good: dict[int, tuple[Outcome, int]] = {}
    late: list[Outcome] = []
    for outcome in outcomes:
        delivery = outcome.delivery
        state, number = standing[delivery.id]
        if state is DeliveryState.ACCEPTED is outcome.state:
            continue  # written down before: a commit whose answer was lost, say
        is_ours = delivery.shard_id not in lost and delivery.id not in good
        if is_ours and _may_follow(state, outcome.state):
            good[delivery.id] = outcome, number
        else:
            late.append(outcome)
    _write(connection, list(good.values()), now)
    return late


def _may_follow(standing: DeliveryState, outcome: DeliveryState) -> bool:
    if outcome is DeliveryState.IN_DOUBT:  # only content that went out leaves a doubt
        return standing is DeliveryState.IN_DOUBT
    return standing in HELD


def _standing(
    connection: Connection, outcomes: Iterable[Outcome]
) -> dict[int, tuple[DeliveryState, int]]:
    statement = (
        select(deliveries.c.id, deliveries.c.state, deliveries.c.attempts)
        .where(deliveries.c.id.in_([outcome.delivery.id for outcome in outcomes]))
        .order_by(deliveries.c.id)
        .with_for_update(key_share=True)
    )
    return {row.id: (row.state, row.attempts) for row in connection.execute(statement)}


def _write(connection: Connection, good: Sequence[tuple[Outcome, int]], now: datetime) -> bool:
    """Each outcome with the attempts its row counts so far. False when a row was not as said."""
    at = stored_instant(now)
    untried: list[dict[str, Stored]] = []
    tried: list[dict[str, Stored]] = []
    rows: list[dict[str, Stored]] = []
    for outcome, before in good:
        change = _change(outcome, before, at)
        if outcome.attempt is None:
            untried.append(change)
        else:
            tried.append(change | _reply(outcome.attempt, before + 1))
            rows.append(_attempt(outcome, outcome.attempt, before + 1))
    changed = execute_rows(connection, _SETTLE_UNTRIED, untried)
    changed += execute_rows(connection, _SETTLE_TRIED, tried)
    if changed != len(good):
        return False
    execute_rows(connection, _ADD_ATTEMPT, rows)
    return True


def _change(outcome: Outcome, before: int, at: int) -> dict[str, Stored]:
    due = outcome.next_attempt_at
    return {
        "delivery": outcome.delivery.id,
        "before": before,
        "to_state": outcome.state.value,
        "due": None if due is None else stored_instant(due),
        "because": stored_text(outcome.reason),
        "at": at,
    }


def _reply(attempt: Attempt, number: int) -> dict[str, Stored]:
    return {
        "now": number,
        "code": attempt.code,
        "enhanced": stored_text(attempt.enhanced_code),
        "words": stored_text(attempt.text),
    }


def _attempt(outcome: Outcome, attempt: Attempt, number: int) -> dict[str, Stored]:
    return {
        "delivery_id": outcome.delivery.id,
        "number": number,
        "started_at": stored_instant(attempt.started_at),
        "ended_at": stored_instant(attempt.ended_at),
        "stage": stored_text(attempt.stage),
        "code": attempt.code,
        "enhanced_code": stored_text(attempt.enhanced_code),
        "text": stored_text(attempt.text),
        "transport": stored_text(attempt.transport),
    }
