"""The journal: one row per recipient, written before the content goes out and after the reply.

It knows the state of every delivery and who may change it. When to try again, what to send and
what a reply means is left to `newsletter.delivery`. Nothing here reads the clock. Each method is
one transaction; what it wrote is durable when it returns.

    planned ──claim──> claimed ──begin_content──> in_doubt ──settle──> accepted | refused | failed
       ^                  |                          |      └────────> deferred ──claim (when due)
       └──release, settle─┴──────settle, resolve─────┘
    claim, seeing the suppression list: planned | deferred ──> suppressed
    cancel, finish of a cancelled run: planned | deferred ──> cancelled

A row in doubt never moves by itself: a reply settles it, or a person resolves it (RFC 1047).
A row that is accepted never moves again.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update

from newsletter.addresses import AddrSpec
from newsletter.books import (
    FAILURES,
    Balance,
    Delivery,
    DeliveryState,
    DomainCount,
    Failure,
    Holder,
    Outcome,
    RateCount,
    ReplyCount,
    Resolution,
    Run,
    RunState,
    Turn,
)
from newsletter.store import (
    books,
    claiming,
    controls,
    corrections,
    freezing,
    remaining,
    resolving,
    settling,
    sqlite_turn,
    statistics,
)
from newsletter.store.claiming import Claimant
from newsletter.store.connections import Connections
from newsletter.store.schema import runs
from newsletter.subscribers import AudienceMember

_OPEN = (RunState.RUNNING, RunState.PAUSED)


class Journal:
    """All runs of one database. Any thread may ask it; batches of thousands are welcome."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._sqlite_turn = sqlite_turn.SqliteTurn(connections)

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
        text: str = "",
        corrects: str | None = None,
    ) -> Run:
        """Freeze the audience: everyone becomes planned, or suppressed with the reason.

        An issue has one run, ever. When it is there already, with the same digest, it is returned
        as it was first opened (its date too), and nobody is added; with `extend`, those join who
        are not in it yet, and a complete run is running again. `text` is kept to tell later what
        has changed. `corrects` names the issue that this one corrects; the audience is then to be
        `accepted` of that one.

        Raises RunConflictError when the run has another digest, whether deliveries are left or
        not: a changed issue is never sent under the old one's name; and when it was cancelled; or
        when it corrects another issue than is said here, or none.
        Raises StoreError when the audience is empty, or the issue to correct was never sent.
        """
        wanted = freezing.NewRun(
            issue=issue,
            digest=digest,
            subject=subject,
            message_date=message_date,
            text=text,
            corrects=corrects,
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
            wanted = freezing.select_runs().order_by(runs.c.started_at, runs.c.id)
            rows = connection.execute(wanted).all()
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
        owner has no shard of the run. An empty list means: nothing to do now, see `next_due`, or
        the run is paused or cancelled.
        """
        who = Claimant(owner=owner, now=now, lease=lease, early=include_deferred_not_due)
        with self._connections.driver() as driver:
            claimed = claiming.claim(driver, run_id, who, limit)
            driver.commit()
        return claimed

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

    def turn(self, outcomes: Sequence[Outcome], begun: Sequence[Delivery], now: datetime) -> Turn:
        """`settle` and `begin_content` as one transaction: one wait for the disk.

        What may not be written down is handed back, all else is durable: a sender must not send
        the content of what was refused.
        """
        if self._turn_at_once(outcomes, begun, now):
            return Turn()
        with self._connections.writing() as connection:
            return settling.turn(connection, outcomes, begun, now)

    def _turn_at_once(
        self, outcomes: Sequence[Outcome], begun: Sequence[Delivery], now: datetime
    ) -> bool:
        """The turn as it nearly always is, past SQLAlchemy; False where nothing was written."""
        if not settling.is_plain(outcomes):
            return False
        if self._connections.is_sqlite and sqlite_turn.IS_KNOWN:
            return self._sqlite_turn.write(outcomes, begun, now)
        with self._connections.driver() as driver:
            if settling.turn_at_once(driver, outcomes, begun, now):
                driver.commit()
                return True
        return False

    def pause(self, issue: str, by: str, now: datetime) -> Run:
        """Nothing more of the run is claimed until it is resumed; no delivery changes."""
        return self._control(issue, RunState.PAUSED, by, now)

    def resume(self, issue: str, by: str, now: datetime) -> Run:
        return self._control(issue, RunState.RUNNING, by, now)

    def cancel(self, issue: str, by: str, now: datetime) -> Run:
        """For good: planned and deferred deliveries become cancelled, those under way are settled.

        What a living sender has claimed it gives back, and `finish` cancels it then.
        """
        return self._control(issue, RunState.CANCELLED, by, now)

    def _control(self, issue: str, wanted: RunState, by: str, now: datetime) -> Run:
        with self._connections.writing() as connection:
            return controls.control(connection, issue, wanted, by, now)

    def holders(self, run_id: int, now: datetime) -> list[Holder]:
        """Who is sending the run at this moment: owners with living leases, each once."""
        with self._connections.reading() as connection:
            found = claiming.holders(connection, run_id, Claimant(owner="", now=now))
        until: dict[str, datetime] = {}
        for held in found:
            until[held.owner] = max(held.lease_until, until.get(held.owner, held.lease_until))
        return [Holder(owner=owner, lease_until=moment) for owner, moment in until.items()]

    def text_of(self, run_id: int) -> str | None:
        """The text part that the run was opened with; None where it was not kept."""
        with self._connections.reading() as connection:
            return connection.execute(select(runs.c.text).where(runs.c.id == run_id)).scalar()

    def resolve(
        self,
        issue: str,
        recipient_key: str,
        *,
        accepted: bool,
        now: datetime,
        reason: str = "resolved by hand",
        by: str = "",
    ) -> None:
        """A person's word on a delivery in doubt: it becomes accepted, or planned (sent again).

        Raises StoreError when it is not in doubt, RunConflictError while a sender with a living
        lease may still be waiting for the reply.
        """
        word = resolving.Word(accepted=accepted, reason=reason, by=by)
        with self._connections.writing() as connection:
            resolving.resolve_one(connection, issue, recipient_key, word, now)

    def resolve_all(
        self,
        issue: str,
        *,
        accepted: bool,
        now: datetime,
        reason: str = "",
        by: str = "",
        reasons: Mapping[str, str] | None = None,
    ) -> int:
        """The same for all in doubt of an issue, or those whose key `reasons` has; how many.

        Those that a living sender may still hear of are left alone.
        """
        word = resolving.Word(accepted=accepted, reason=reason, by=by)
        with self._connections.writing() as connection:
            return resolving.resolve_many(connection, issue, word, now, reasons)

    def resolutions(self, run_id: int) -> Iterator[Resolution]:
        """Every word that was said of the run's doubts, the first one first."""
        last = 0
        while True:
            with self._connections.reading() as connection:
                page = resolving.resolution_page(connection, run_id, last)
            if not page:
                return
            yield from (resolution for _, resolution in page)
            last = page[-1][0]

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

    def by_domain(self, run_id: int, limit: int) -> list[DomainCount]:
        """The domains with the most recipients of a run, with their states."""
        with self._connections.reading() as connection:
            return statistics.by_domain(connection, run_id, limit)

    def by_reply(self, run_id: int) -> list[ReplyCount]:
        """What the relay said last of each delivery, counted."""
        with self._connections.reading() as connection:
            return statistics.by_reply(connection, run_id)

    def rate(self, run_id: int, spans: int) -> RateCount | None:
        """When deliveries were accepted, in so many equal spans of time; None for none."""
        with self._connections.reading() as connection:
            return statistics.rate(connection, run_id, spans)

    def suppressed(self, run_id: int) -> Mapping[str, int]:
        """How many of a run are suppressed, by reason."""
        with self._connections.reading() as connection:
            return remaining.suppressed(connection, run_id)

    def first_due(self, run_id: int, limit: int) -> list[tuple[AddrSpec, Mapping[str, str]]]:
        """The first few recipients still to be sent to, each with the fields to merge."""
        with self._connections.reading() as connection:
            return remaining.first_due(connection, run_id, limit)

    def newcomers(self, run_id: int) -> int:
        """How many have joined since the audience was frozen: those `extend` would add.

        Of a correction: how many have the corrected issue and are not in the run.
        """
        with self._connections.reading() as connection:
            corrected = corrections.corrected_by(connection, run_id)
            if corrected is not None:
                return corrections.newcomers(connection, run_id, corrected)
            return remaining.newcomers(connection, run_id)

    def accepted(self, issue: str) -> Iterator[AudienceMember]:
        """Those who have the issue, as the relay said: the audience of its correction.

        In flat memory, with the fields they were sent; who has left since, or is suppressed, is
        given with the reason.
        """
        last = 0
        while True:
            with self._connections.reading() as connection:
                page = corrections.accepted_page(connection, issue, last)
            if not page:
                return
            yield from (member for _, member in page)
            last = page[-1][0]

    def finish(self, run_id: int, now: datetime) -> Balance:
        """The run becomes complete if its books balance and nothing is unfinished; else it stays.

        The balance that decided it is returned. Of a cancelled run, what was given back since
        becomes cancelled; no other delivery changes.
        """
        with self._connections.writing() as connection:
            # Locked against an extension, which would freeze more people behind the count.
            wanted = select(runs.c.state, runs.c.controlled_by).where(runs.c.id == run_id)
            run = connection.execute(wanted.with_for_update()).one_or_none()
            if run is not None and run.state is RunState.CANCELLED:
                controls.sweep(connection, run_id, f"cancelled by {run.controlled_by}", now)
            found = books.balance(connection, run_id)
            if run is not None and found.complete and run.state in _OPEN:
                done = {"state": RunState.COMPLETE, "finished_at": now}
                connection.execute(update(runs).where(runs.c.id == run_id).values(done))
        return found
