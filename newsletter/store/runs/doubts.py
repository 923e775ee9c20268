"""Settling what is in doubt by somebody's word: a person's, the policy's, or the relay's log; and
planning again whom a person says to have been refused for no reason of theirs.

Every word is kept in a table of its own, because the delivery itself goes on to another state.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Text,
    cast,
    func,
    insert,
    select,
    update,
)

from newsletter.books import (
    AuditAction,
    DeliveryEvents,
    DeliveryState,
    Refused,
    Resolution,
    Run,
    RunEvents,
    RunState,
    second,
)
from newsletter.errors import Act, Remedy, RunConflictError, StoreError
from newsletter.process import shown
from newsletter.store import tallies
from newsletter.store.journal.leases import Claimant, holders
from newsletter.store.runs.rows import locked_run, log, of_issue
from newsletter.store.sql.connections import Connections
from newsletter.store.sql.schema import deliveries, resolutions, runs, shards
from newsletter.store.sql.values import CHUNK, address_of, chunks, stored_text


@dataclass(frozen=True)
class Doubts:
    """All that is or was in doubt in one publication. Any thread may ask them."""

    _connections: Connections

    def resolve(
        self,
        issue: str,
        recipient_key: str,
        *,
        accepted: bool,
        by: str,
        now: datetime,
        reason: str = "resolved by hand",
    ) -> None:
        """A person's word on a delivery in doubt: it becomes accepted, or planned (sent again).

        The log says how many became what, by whom; `resolutions` says who they are.

        Raises StoreError when it is not in doubt, RunConflictError while a sender with a living
        lease may still be waiting for the reply.
        """
        word = _Word(accepted=accepted, reason=reason, by=by)
        with self._connections.writing() as connection:
            _resolve_one(connection, issue, recipient_key, word, now)

    def resolve_all(
        self,
        issue: str,
        *,
        accepted: bool,
        by: str,
        now: datetime,
        reason: str = "",
        reasons: Mapping[str, str] | None = None,
    ) -> int:
        """The same for all in doubt of an issue, or those whose key `reasons` has; how many.

        Those that a living sender may still hear of are left alone. In a run that is paused,
        `reasons` are proofs for those too who are planned or deferred: they become accepted.
        """
        word = _Word(accepted=accepted, reason=reason, by=by)
        with self._connections.writing() as connection:
            return _resolve_many(connection, issue, word, now, reasons)

    def refused(self, issue: str, wanted: Refused) -> list[str]:
        """The keys of those refused in an issue whom this means."""
        with self._connections.reading() as connection:
            rows = connection.execute(_select_refused(connection, issue, wanted))
            return [row.recipient_key for row in rows]

    def plan_again(
        self, issue: str, wanted: Refused, *, by: str, now: datetime, reason: str
    ) -> int:
        """Those refused whom this means are planned again, their attempts forgiven; how many.

        A complete run is running again. The log says how many, `resolutions` who they are. Raises
        StoreError where the run was cancelled: nobody of it is sent to any more.
        """
        with self._connections.writing() as connection:
            run = locked_run(connection, issue)
            if run.state is RunState.CANCELLED:
                raise StoreError(
                    "the run was cancelled, so nobody of it is sent to again",
                    where=issue,
                    remedy=Remedy(Act.SEE_STATUS, issue),
                )
            refused = _select_refused(connection, issue, wanted)
            rows = connection.execute(refused.with_for_update()).all()
            _write(
                connection,
                run,
                {row.id: reason for row in rows},
                _Word(accepted=False, reason=reason, by=by),
                now,
                forgive=True,
            )
            return len(rows)

    def resolutions(self, run_id: int) -> Iterator[Resolution]:
        """Every word that was said of the run's doubts, the first one first."""
        return self._connections.in_pages(partial(_resolution_page, run_id))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Word:
    """What is said of deliveries in doubt: that they are accepted, or else are to be sent again."""

    accepted: bool
    reason: str
    by: str


def take_back(
    connection: Connection, run: Run, keys: Sequence[str], *, by: str, now: datetime, reason: str
) -> None:
    """Those of these keys who are refused in a run are planned again, their attempts forgiven; in
    the transaction of whoever asks. A cancelled run is left as it is.
    """
    if not keys or run.state is RunState.CANCELLED:
        return
    refused = _select_refused(connection, run.issue, Refused())
    wanted = refused.where(deliveries.c.recipient_key.in_(keys))
    rows = connection.execute(wanted.with_for_update()).all()
    word = _Word(accepted=False, reason=reason, by=by)
    _write(connection, run, {row.id: reason for row in rows}, word, now, forgive=True)


def _select_refused(connection: Connection, issue: str, wanted: Refused) -> Select[Any]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.recipient_key:
        conditions.append(deliveries.c.recipient_key == wanted.recipient_key)
    if wanted.domain:
        conditions.append(deliveries.c.recipient_key.endswith(f"@{wanted.domain}", autoescape=True))
    if wanted.reply:
        said = func.lower(
            func.coalesce(cast(deliveries.c.reply_code, Text), "")
            + " "
            + deliveries.c.enhanced_code
            + " "
            + deliveries.c.reply_text
        )
        conditions.append(said.contains(wanted.reply.lower(), autoescape=True))
    return (
        select(deliveries.c.id, deliveries.c.recipient_key)
        .join(runs, runs.c.id == deliveries.c.run_id)
        .where(
            of_issue(connection, issue),
            deliveries.c.state.in_(DeliveryEvents.PLAN_AGAIN.before),
            *conditions,
        )
        .order_by(deliveries.c.id)
    )


def _resolve_one(
    connection: Connection, issue: str, recipient_key: str, word: _Word, now: datetime
) -> None:
    run = locked_run(connection, issue)
    statement = (
        select(deliveries.c.id, deliveries.c.state, deliveries.c.recipient_key, shards.c.owner)
        .join(shards, shards.c.id == deliveries.c.shard_id)
        .where(deliveries.c.run_id == run.id, deliveries.c.recipient_key == recipient_key)
        .with_for_update(key_share=True)
    )
    row = connection.execute(statement).one_or_none()
    if row is None:
        raise StoreError(
            f"{recipient_key} is not in the audience of this issue",
            where=issue,
            next_step="check the address",
            remedy=Remedy(Act.SEE_FAILED, issue),
        )
    if row.state not in DeliveryEvents.RESOLVE.before:
        raise StoreError(
            f"the delivery to {recipient_key} is {row.state}, not in doubt",
            where=issue,
            next_step="there is nothing to resolve",
        )
    if row.owner is not None:
        _check_nobody_waits(connection, run, shown(row.owner), recipient_key, now)
    _write(connection, run, {row.id: word.reason}, word, now)


def _resolve_many(
    connection: Connection,
    issue: str,
    word: _Word,
    now: datetime,
    reasons: Mapping[str, str] | None = None,
) -> int:
    """All in doubt that no living sender may still hear of; returns how many.

    With `reasons`, those alone whose recipient's key is in it, each with the reason it says.
    """
    run = locked_run(connection, issue)
    asking = Claimant(owner="", now=now)
    held = [holder.shard_id for holder in holders(connection, run.id, asking)]
    is_proof = reasons is not None and word.accepted and run.state is RunState.PAUSED
    states = DeliveryEvents.RESOLVE.before | (DeliveryEvents.PROVE.before if is_proof else set())
    statement = select(deliveries.c.id, deliveries.c.recipient_key).where(
        deliveries.c.run_id == run.id,
        deliveries.c.state.in_(states),
        deliveries.c.shard_id.not_in(held),
    )
    if is_proof:  # of deliveries that others lock behind their shards
        tallies.hold(connection, run.id)
    rows = connection.execute(statement.with_for_update(key_share=True)).all()
    if reasons is None:
        said = {row.id: word.reason for row in rows}
    else:
        said = {row.id: reasons[row.recipient_key] for row in rows if row.recipient_key in reasons}
    _write(connection, run, said, word, now)
    return len(said)


def _resolution_page(
    run_id: int, connection: Connection, after: int
) -> Sequence[tuple[int, Resolution]]:
    statement = (
        select(resolutions, deliveries.c.recipient)
        .join(deliveries, deliveries.c.id == resolutions.c.delivery_id)
        .where(deliveries.c.run_id == run_id, resolutions.c.id > after)
        .order_by(resolutions.c.id)
        .limit(CHUNK)
    )
    return [
        (
            row.id,
            Resolution(
                recipient=address_of(row.recipient),
                state=DeliveryState(row.state),
                reason=row.reason,
                resolved_by=row.resolved_by,
                resolved_at=row.resolved_at,
            ),
        )
        for row in connection.execute(statement)
    ]


def _check_nobody_waits(
    connection: Connection, run: Run, owner: str, recipient_key: str, now: datetime
) -> None:
    for holder in holders(connection, run.id, Claimant(owner="", now=now)):
        if holder.owner == owner:
            raise RunConflictError(
                f"{owner} may still be waiting for the reply about {recipient_key}",
                where=run.issue,
                next_step=f"stop it first, or wait until {second(holder.lease_until)}",
            )


def _write(
    connection: Connection,
    run: Run,
    said: Mapping[int, str],
    word: _Word,
    now: datetime,
    *,
    forgive: bool = False,
) -> None:
    """`said` has the reason for each delivery; to `forgive` is to count attempts anew.

    One entry in the log tells of all, and names none: nothing can be taken out of it, and people
    may ask to be forgotten.
    """
    if not said:
        return
    state = _state(run, word)
    alike: dict[str, list[int]] = {}
    for delivery, reason in said.items():
        alike.setdefault(stored_text(reason), []).append(delivery)
    for reason, ids in alike.items():
        words = {"state": state.value, "reason": reason, "resolved_by": stored_text(word.by)}
        for some in chunks(ids):
            tallies.forget(connection, tallies.shards_of(connection, some))
            changed = update(deliveries).where(deliveries.c.id.in_(some))
            values = {
                "state": state,
                "reason": reason,
                "next_attempt_at": None,
                "updated_at": now,
            }
            connection.execute(changed.values({**values, "attempts": 0} if forgive else values))
            rows = [{"delivery_id": each, "resolved_at": now, **words} for each in some]
            connection.execute(insert(resolutions), rows)
    tallies.keep_all(connection, run.id)
    if state is DeliveryState.PLANNED and run.state in RunEvents.REOPEN.before:
        running = {"state": RunEvents.REOPEN.to, "finished_at": None}
        connection.execute(update(runs).where(runs.c.id == run.id).values(running))
    detail = f"{len(said):,} {state}" + (f": {word.reason}" if word.reason else "")
    log(connection, run, word.by, AuditAction.RESOLVED, detail, now)


def _state(run: Run, word: _Word) -> DeliveryState:
    """What a cancelled run is told to send again, it does not send."""
    if word.accepted:
        return DeliveryState.ACCEPTED
    return DeliveryState.CANCELLED if run.state is RunState.CANCELLED else DeliveryState.PLANNED
