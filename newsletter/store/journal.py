"""The journal: one row per recipient, written before the content goes out and after the reply.

It knows the state of every delivery and who may change it. When to try again, what to send and
what a reply means is left to `newsletter.delivery`. Nothing here reads the clock. Each method is
one transaction; what it wrote is durable when it returns.

    planned ──claim──> claimed ──begin_content──> in_doubt ──settle──> accepted | refused | failed
       ^                  |                          |      └────────> deferred ──claim (when due)
       └──release, settle─┴──────settle, resolve─────┘
    claim, seeing the suppression list: planned | deferred ──> suppressed

A row in doubt never moves by itself: a reply settles it, or a person resolves it (RFC 1047).
A row that is accepted never moves again.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, select, update

from newsletter.addresses import AddrSpec
from newsletter.errors import RunConflictError, StoreError
from newsletter.store import books, claiming, freezing, remaining, settling
from newsletter.store.claiming import Claimant
from newsletter.store.connections import Connections
from newsletter.store.records import Balance, Delivery, Failure, Outcome, Run
from newsletter.store.schema import deliveries, runs, shards
from newsletter.store.states import DeliveryState, RunState
from newsletter.subscribers import AudienceMember

FAILURES = (
    DeliveryState.REFUSED,
    DeliveryState.FAILED,
    DeliveryState.IN_DOUBT,
    DeliveryState.DEFERRED,
)
"""Who does not have the issue, or may not have it, and is still owed an explanation."""


class Journal:
    """All runs of one database. Any thread may ask it; batches of thousands are welcome."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def open_run(
        self,
        issue: str,
        digest: str,
        subject: str,
        message_date: datetime,
        audience: Iterable[AudienceMember],
        now: datetime,
        *,
        extend: bool = False,
    ) -> Run:
        """Freeze the audience: everyone becomes planned, or suppressed with the reason.

        An issue has one run, ever. When it is there already, with the same digest, it is returned
        as it was first opened (its date too), and nobody is added; with `extend`, those join who
        are not in it yet, and a complete run is running again.

        Raises RunConflictError when the run has another digest, whether deliveries are left or
        not: a changed issue is never sent under the old one's name. Raises StoreError when the
        audience is empty.
        """
        wanted = freezing.NewRun(
            issue=issue, digest=digest, subject=subject, message_date=message_date
        )
        with self._connections.writing() as connection:
            return freezing.freeze(connection, wanted, audience, now, extend=extend)

    def find_run(self, issue: str) -> Run | None:
        with self._connections.reading() as connection:
            row = connection.execute(freezing.select_run(issue)).one_or_none()
        return None if row is None else freezing.run_of(row)

    def runs(self) -> list[Run]:
        """All runs, the first one first."""
        with self._connections.reading() as connection:
            rows = connection.execute(select(runs).order_by(runs.c.started_at, runs.c.id)).all()
        return [freezing.run_of(row) for row in rows]

    def claim(
        self,
        run_id: int,
        owner: str,
        now: datetime,
        lease: timedelta,
        limit: int,
        *,
        include_deferred_not_due: bool = False,
    ) -> list[Delivery]:
        """Planned and due deferred deliveries become claimed, up to `limit` of them.

        Who has been suppressed or has left since the freeze becomes suppressed instead and is not
        returned: an unsubscribe wins up to this moment.

        The owner takes shards as it needs them, each with a lease, and its leases are renewed. A
        shard that another owner holds gives nothing until its lease has run out; then it is taken
        over: what was claimed in it is planned again, what is in doubt stays so.
        `owner` must be one running process, not one machine: nobody takes a shard from itself.

        Raises RunConflictError when others with live leases hold all that is unfinished and the
        owner has no shard of the run. An empty list means: nothing to do now, see `next_due`.
        """
        who = Claimant(owner=owner, now=now, lease=lease, early=include_deferred_not_due)
        with self._connections.writing() as connection:
            return claiming.claim(connection, run_id, who, limit)

    def renew(self, run_id: int, owner: str, now: datetime, lease: timedelta) -> int:
        """Extend the owner's leases; no delivery changes. Returns how many shards it holds.

        Fewer than before means that another has taken some over: `begin_content` will say so.
        """
        with self._connections.writing() as connection:
            return claiming.renew(connection, run_id, owner, now + lease)

    def begin_content(self, claims: Sequence[Delivery], now: datetime) -> None:
        """Claimed deliveries become in_doubt: from now on each recipient may have the message.

        To be called before the final dot is written, and the dot written only after it returned.
        Raises RunConflictError, and changes nothing, when any of them is not ours any more.
        """
        if claims:
            with self._connections.writing() as connection:
                settling.begin_content(connection, claims, now)

    def settle(self, outcomes: Sequence[Outcome], now: datetime) -> None:
        """Claimed and in_doubt deliveries become what their outcomes say, each with its attempt.

        Planned means given back, nothing was sent; in_doubt stays where no reply came. Writing an
        acceptance down twice is harmless.

        Raises RunConflictError for those that another owner has taken over or that are settled
        already; all others of the batch are written down first.
        """
        if not outcomes:
            return
        with self._connections.writing() as connection:
            late = settling.settle(connection, outcomes, now)
        if late:
            raise settling.fenced(outcome.delivery for outcome in late)

    def release(self, run_id: int, owner: str, now: datetime) -> None:
        """A clean stop: the owner's claimed deliveries are planned again, its shards are free.

        What is in doubt stays so, and may still be settled while nobody has taken the shard.
        """
        with self._connections.writing() as connection:
            claiming.release(connection, run_id, owner, now)

    def resolve(self, issue: str, recipient_key: str, *, accepted: bool, now: datetime) -> None:
        """A person's word on a delivery in doubt: it becomes accepted, or planned (sent again).

        Raises StoreError when it is not in doubt, RunConflictError while a sender with a live
        lease may still be waiting for the reply.
        """
        with self._connections.writing() as connection:
            delivery_id, run_id = _in_doubt(connection, issue, recipient_key, now)
            if accepted:
                state, reason = DeliveryState.ACCEPTED, "resolved by hand: accepted"
            else:
                state, reason = DeliveryState.PLANNED, "resolved by hand: to be sent again"
                running = {"state": RunState.RUNNING, "finished_at": None}
                connection.execute(update(runs).where(runs.c.id == run_id).values(running))
            connection.execute(
                update(deliveries)
                .where(deliveries.c.id == delivery_id)
                .values(state=state, reason=reason, updated_at=now)
            )

    def balance(self, run_id: int) -> Balance:
        """The books, counted by the database."""
        with self._connections.reading() as connection:
            return books.balance(connection, run_id)

    def failures(
        self, issue: str, states: Collection[DeliveryState] = FAILURES
    ) -> Iterator[Failure]:
        """Those deliveries of an issue, in the order of the audience, in flat memory."""
        last = 0
        while True:
            with self._connections.reading() as connection:
                page = books.failure_page(connection, issue, states, last)
            if not page:
                return
            yield from (failure for _, failure in page)
            last = page[-1][0]

    def next_due(self, run_id: int) -> datetime | None:
        """When the first deferred delivery may be claimed; None where none is deferred."""
        with self._connections.reading() as connection:
            return books.next_due(connection, run_id)

    def suppressed(self, run_id: int) -> Mapping[str, int]:
        """How many of a run are suppressed, by reason."""
        with self._connections.reading() as connection:
            return remaining.suppressed(connection, run_id)

    def first_due(self, run_id: int, limit: int) -> list[tuple[AddrSpec, Mapping[str, str]]]:
        """The first few recipients still to be sent to, each with the fields to merge."""
        with self._connections.reading() as connection:
            return remaining.first_due(connection, run_id, limit)

    def newcomers(self, run_id: int) -> int:
        """How many have joined since the audience was frozen: those `extend` would add."""
        with self._connections.reading() as connection:
            return remaining.newcomers(connection, run_id)

    def finish(self, run_id: int, now: datetime) -> Balance:
        """The run becomes complete if its books balance and nothing is unfinished; else it stays.

        The balance that decided it is returned; no delivery changes.
        """
        with self._connections.writing() as connection:
            # Locked against an extension, which would freeze more people behind the count.
            run = select(runs.c.state).where(runs.c.id == run_id).with_for_update()
            state = connection.execute(run).scalar()
            found = books.balance(connection, run_id)
            if found.complete and state is RunState.RUNNING:
                done = {"state": RunState.COMPLETE, "finished_at": now}
                connection.execute(update(runs).where(runs.c.id == run_id).values(done))
        return found


def _in_doubt(
    connection: Connection, issue: str, recipient_key: str, now: datetime
) -> tuple[int, int]:
    """The ids of the delivery and its run, both locked until the commit."""
    statement = (
        select(
            deliveries.c.id,
            deliveries.c.run_id,
            deliveries.c.state,
            shards.c.owner,
            shards.c.lease_until,
        )
        .join(shards, shards.c.id == deliveries.c.shard_id)
        .where(deliveries.c.issue == issue, deliveries.c.recipient_key == recipient_key)
        .with_for_update(key_share=True)
    )
    row = connection.execute(statement).one_or_none()
    if row is None:
        raise StoreError(
            f"{recipient_key} is not in the audience of this issue",
            where=issue,
            next_step="check the address; see `newsletter status --failed`",
        )
    if row.state is not DeliveryState.IN_DOUBT:
        raise StoreError(
            f"the delivery to {recipient_key} is {row.state}, not in doubt",
            where=issue,
            next_step="there is nothing to resolve",
        )
    if row.owner is not None and row.lease_until > now:
        raise RunConflictError(
            f"{row.owner} may still be waiting for the reply about {recipient_key}",
            where=issue,
            next_step=f"stop it first, or wait until {row.lease_until:%Y-%m-%d %H:%M:%S} UTC",
        )
    return row.id, row.run_id
