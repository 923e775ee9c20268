"""Settling what is in doubt by somebody's word: a person's, the policy's, or the relay's log.

Every word is kept in a table of its own, because the delivery itself goes on to another state.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, insert, select, update

from newsletter.books import DeliveryState, Resolution, Run, RunState
from newsletter.errors import Act, Remedy, RunConflictError, StoreError
from newsletter.process import shown
from newsletter.store.journal.claiming import Claimant, holders
from newsletter.store.runs.freezing import run_of, select_run
from newsletter.store.sql.connections import Connections
from newsletter.store.sql.schema import deliveries, resolutions, runs, shards
from newsletter.store.sql.values import CHUNK, address_of, chunks, stored_text

_IN_DOUBT = DeliveryState.IN_DOUBT


@dataclass(frozen=True)
class Doubts:
    """All that is or was in doubt in one database. Any thread may ask them."""

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

        Those that a living sender may still hear of are left alone.
        """
        word = _Word(accepted=accepted, reason=reason, by=by)
        with self._connections.writing() as connection:
            return _resolve_many(connection, issue, word, now, reasons)

    def resolutions(self, run_id: int) -> Iterator[Resolution]:
        """Every word that was said of the run's doubts, the first one first."""
        return self._connections.in_pages(partial(_resolution_page, run_id))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Word:
    """What is said of deliveries in doubt: that they are accepted, or else are to be sent again."""

    accepted: bool
    reason: str
    by: str


def _resolve_one(
    connection: Connection, issue: str, recipient_key: str, word: _Word, now: datetime
) -> None:
    run = _locked_run(connection, issue)
    statement = (
        select(deliveries.c.id, deliveries.c.state, deliveries.c.recipient_key, shards.c.owner)
        .join(shards, shards.c.id == deliveries.c.shard_id)
        .where(deliveries.c.issue == issue, deliveries.c.recipient_key == recipient_key)
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
    if row.state is not _IN_DOUBT:
        raise StoreError(
            f"the delivery to {recipient_key} is {row.state}, not in doubt",
            where=issue,
            next_step="there is nothing to resolve",
        )
    if row.owner is not None:
        _check_nobody_waits(connection, run, shown(row.owner), recipient_key, now)
    _write(connection, run, [row.id], word, now)


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
    run = _locked_run(connection, issue)
    asking = Claimant(owner="", now=now)
    held = [holder.shard_id for holder in holders(connection, run.id, asking)]
    statement = select(deliveries.c.id, deliveries.c.recipient_key).where(
        deliveries.c.run_id == run.id,
        deliveries.c.state == _IN_DOUBT,
        deliveries.c.shard_id.not_in(held),
    )
    rows = connection.execute(statement.with_for_update(key_share=True)).all()
    if reasons is None:
        _write(connection, run, [row.id for row in rows], word, now)
        return len(rows)
    named = [row for row in rows if row.recipient_key in reasons]
    for row in named:
        own = _Word(accepted=word.accepted, reason=reasons[row.recipient_key], by=word.by)
        _write(connection, run, [row.id], own, now)
    return len(named)


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


def _locked_run(connection: Connection, issue: str) -> Run:
    """Locked before its shards, as everybody does it."""
    row = connection.execute(select_run(issue).with_for_update()).one_or_none()
    if row is None:
        raise StoreError(
            "this issue has never been sent", where=issue, remedy=Remedy(Act.SEE_STATUS)
        )
    return run_of(row)


def _check_nobody_waits(
    connection: Connection, run: Run, owner: str, recipient_key: str, now: datetime
) -> None:
    for holder in holders(connection, run.id, Claimant(owner="", now=now)):
        if holder.owner == owner:
            until = f"{holder.lease_until:%Y-%m-%d %H:%M:%S} UTC"
            raise RunConflictError(
                f"{owner} may still be waiting for the reply about {recipient_key}",
                where=run.issue,
                next_step=f"stop it first, or wait until {until}",
            )


def _write(
    connection: Connection, run: Run, ids: Sequence[int], word: _Word, now: datetime
) -> None:
    if not ids:
        return
    state = _state(run, word)
    reason = stored_text(word.reason)
    for some in chunks(ids):
        connection.execute(
            update(deliveries)
            .where(deliveries.c.id.in_(some))
            .values(state=state, reason=reason, updated_at=now)
        )
        said = {
            "state": state.value,
            "reason": reason,
            "resolved_by": stored_text(word.by),
            "resolved_at": now,
        }
        connection.execute(insert(resolutions), [{"delivery_id": each, **said} for each in some])
    if state is DeliveryState.PLANNED and run.state is RunState.COMPLETE:
        running = {"state": RunState.RUNNING, "finished_at": None}
        connection.execute(update(runs).where(runs.c.id == run.id).values(running))


def _state(run: Run, word: _Word) -> DeliveryState:
    """What a cancelled run is told to send again, it does not send."""
    if word.accepted:
        return DeliveryState.ACCEPTED
    return DeliveryState.CANCELLED if run.state is RunState.CANCELLED else DeliveryState.PLANNED
