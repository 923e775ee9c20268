"""Writing down what happens to claimed deliveries: content going out, and what became of it.

Functions on a connection; the transaction round them is the journal's.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Update,
    bindparam,
    select,
)

from newsletter.books import Attempt, Delivery, DeliveryEvents, DeliveryState, Outcome, Turn
from newsletter.store.journal.claiming import suppress
from newsletter.store.journal.leases import (
    Hold,
    hold_of,
    holding_shards,
    holds_shards,
    stale,
)
from newsletter.store.journal.settling_words import (
    ON_POSTGRESQL,
    ON_SQLITE,
    Statements,
    beside,
    turn_of,
)
from newsletter.store.people.eligibility import (
    delivery_suppressed_because,
    with_people,
)
from newsletter.store.sql.connections import publication_of
from newsletter.store.sql.schema import deliveries
from newsletter.store.sql.statements import (
    Driver,
    Executor,
    in_columns,
    is_one_of,
)
from newsletter.store.sql.values import Stored, chunks, stored_instant, stored_text

_BEGIN, _SETTLE, _LOSE = DeliveryEvents.BEGIN, DeliveryEvents.SETTLE, DeliveryEvents.LOSE

_PEOPLE = with_people(
    deliveries, deliveries.c.recipient_key, bindparam("publication", type_=BigInteger)
)
_WHY_NOT = (
    select(deliveries.c.id, delivery_suppressed_because().label("because"))
    .select_from(_PEOPLE)
    .where(
        deliveries.c.id.in_(bindparam("ids", expanding=True)),
        is_one_of(deliveries.c.state, _BEGIN.before),
    )
    .order_by(deliveries.c.id)
    .with_for_update(of=deliveries, key_share=True)
)


def is_plain(outcomes: Iterable[Outcome]) -> bool:
    """Whether all are what they nearly always are: a server was asked, and was heard."""
    return all(
        outcome.attempt is not None and outcome.state in _SETTLE.after for outcome in outcomes
    )


def turn_at_once(
    driver: Driver, outcomes: Sequence[Outcome], begun: Sequence[Delivery], now: datetime
) -> bool:
    """The whole turn, its outcomes plain and everything as it was claimed.

    On PostgreSQL it is committed by then. Where this is False the transaction must be undone, and
    `turn` be asked.
    """
    if not driver.is_sqlite:
        return _turn_in_one_trip(driver, outcomes, begun, now)
    if not holds_shards(driver, _all_claims(outcomes, begun)):
        return False
    is_written = _write(driver, _as_claimed(outcomes), now)
    return is_written and _begin(driver, ON_SQLITE.begin, begun, now) == len(begun)


def _turn_in_one_trip(
    driver: Driver, outcomes: Sequence[Outcome], begun: Sequence[Delivery], now: datetime
) -> bool:
    """On PostgreSQL, which looks itself whether all is as it was claimed: each answer that is
    waited for costs more than any of the statements.
    """
    claims = list(_all_claims(outcomes, begun))
    if not claims or len({claim.id for claim in claims}) < len(claims):
        return False
    values: dict[str, Any] = {}
    if outcomes:
        values |= in_columns(_tried_rows(_as_claimed(outcomes), stored_instant(now)))
        values["settling"] = len(outcomes)
    if begun:
        values |= beside(in_columns(_begun_rows(driver, begun, now)))
        values["beginning"] = len(begun)
    said = turn_of(settles=bool(outcomes), begins=bool(begun))
    return driver.committed_together([*holding_shards(claims), (said, values)])


def _all_claims(outcomes: Iterable[Outcome], begun: Iterable[Delivery]) -> Iterable[Delivery]:
    return chain((outcome.delivery for outcome in outcomes), begun)


def turn(
    connection: Connection, outcomes: Sequence[Outcome], begun: Sequence[Delivery], now: datetime
) -> Turn:
    """Outcomes first: what is known of a sent message must not wait behind the next one."""
    late = _settle(connection, outcomes, now) if outcomes else []
    lost = stale(connection, begun) if begun else set()
    ours = [claim for claim in begun if hold_of(claim) not in lost]
    refused = [claim for claim in begun if hold_of(claim) in lost]
    gone = _suppress(connection, ours, now)
    first = {claim.id: claim for claim in reversed(ours)}
    suppressed = tuple(first[each] for each in gone)
    left = [claim for claim in ours if claim.id not in gone or claim is not first[claim.id]]
    if left and not _begin_at_once(connection, left, now):
        refused += [claim for claim in left if not _begin_at_once(connection, [claim], now)]
    return Turn(late=late, refused=refused, suppressed=suppressed)


def _suppress(connection: Connection, claims: Iterable[Delivery], now: datetime) -> set[int]:
    """Those whose recipients have left since they were claimed are suppressed; which they are."""
    gone: set[int] = set()
    for some in chunks(claims):
        ids = [claim.id for claim in some]
        found = connection.execute(
            _WHY_NOT, {"ids": ids, "publication": publication_of(connection)}
        )
        reasons = [(row.id, row.because) for row in found if row.because is not None]
        suppress(connection, reasons, stored_instant(now))
        gone |= {delivery for delivery, _ in reasons}
    return gone


def _begin_at_once(connection: Connection, claims: Sequence[Delivery], now: datetime) -> bool:
    """All of them, or none."""
    with connection.begin_nested() as savepoint:
        asked = _statements(connection).begin_asked
        if _begin(connection, asked, claims, now) == len(claims):
            return True
        savepoint.rollback()
    return False


def _begin(connection: Executor, begin: Update, claims: Iterable[Delivery], now: datetime) -> int:
    return _statements(connection).run(connection, begin, _begun_rows(connection, claims, now))


def _begun_rows(
    connection: Executor, claims: Iterable[Delivery], now: datetime
) -> list[dict[str, Stored]]:
    told = {"at": stored_instant(now), "publication": publication_of(connection)}
    return [{"delivery": claim.id, **told} for claim in claims]


def _statements(connection: Executor) -> Statements:
    return ON_SQLITE if connection.dialect.name == "sqlite" else ON_POSTGRESQL


def _settle(connection: Connection, outcomes: Sequence[Outcome], now: datetime) -> list[Outcome]:
    """Write down the outcomes that may be; returns those that another owner's work forbids."""
    lost = stale(connection, (outcome.delivery for outcome in outcomes))
    if not lost and _settle_at_once(connection, outcomes, now):
        return []
    late: list[Outcome] = []
    for group in chunks(outcomes):
        late += _settle_with_care(connection, group, lost, now)
    return late


def _settle_at_once(connection: Connection, outcomes: Sequence[Outcome], now: datetime) -> bool:
    """Nearly always all rows are as they were claimed; if one is not, nothing is written here."""
    if any(outcome.state not in _SETTLE.after for outcome in outcomes):
        return False
    with connection.begin_nested() as savepoint:
        if _write(connection, _as_claimed(outcomes), now):
            return True
        savepoint.rollback()
    return False


def _settle_with_care(
    connection: Connection, outcomes: Sequence[Outcome], lost: set[Hold], now: datetime
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
        is_ours = hold_of(delivery) not in lost and delivery.id not in good
        if is_ours and any(event.allows(state, outcome.state) for event in (_SETTLE, _LOSE)):
            good[delivery.id] = outcome, number
        else:
            late.append(outcome)
    _write(connection, list(good.values()), now)
    return late


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


def _write(connection: Executor, good: Sequence[tuple[Outcome, int]], now: datetime) -> bool:
    """Each outcome with the attempts its row counts so far. False when a row was not as said."""
    at = stored_instant(now)
    untried = [_change(outcome, before, at) for outcome, before in good if outcome.attempt is None]
    tried = _tried_rows(good, at)
    say = _statements(connection)
    changed = say.run(connection, say.untried, untried)
    changed += say.run(connection, say.tried, tried)
    if changed != len(good):
        return False
    say.run(connection, say.add_attempt, tried)
    return True


def _as_claimed(outcomes: Iterable[Outcome]) -> list[tuple[Outcome, int]]:
    return [(outcome, outcome.delivery.attempts) for outcome in outcomes]


def _tried_rows(good: Iterable[tuple[Outcome, int]], at: int) -> list[dict[str, Stored]]:
    return [
        _change(outcome, before, at) | _reply(outcome.attempt, before + outcome.counts)
        for outcome, before in good
        if outcome.attempt is not None
    ]


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


def _reply(attempt: Attempt, after: int) -> dict[str, Stored]:
    return {
        "after": after,
        "started": stored_instant(attempt.started_at),
        "ended": stored_instant(attempt.ended_at),
        "stage": stored_text(attempt.stage),
        "code": attempt.code,
        "enhanced": stored_text(attempt.enhanced_code),
        "words": stored_text(attempt.text),
        "transport": stored_text(attempt.transport),
    }
