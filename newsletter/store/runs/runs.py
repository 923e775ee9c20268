"""All runs: each one opened, controlled, counted and ended.

When to try again, what to send and what a reply means is left to `newsletter.delivery`. Nothing
here reads the clock. Each method but `open` is one transaction; what it wrote is durable when it
returns.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from newsletter.books import (
    WHOLE,
    AuditAction,
    Balance,
    Decision,
    DeliveryState,
    GroupLeft,
    Holder,
    NewRun,
    Part,
    Run,
    RunState,
    Shard,
)
from newsletter.store.journal import deciding
from newsletter.store.journal.leases import Claimant, holders
from newsletter.store.runs import controls, doubts
from newsletter.store.runs.freezing import freeze
from newsletter.store.runs.in_hand import count_in_hand
from newsletter.store.runs.opening import Opening
from newsletter.store.runs.rows import balance, counted, log, run_of, select_run, select_runs
from newsletter.store.runs.shards import groups_left, is_anything_left, unfinished_shards
from newsletter.store.sql.connections import Connections, own
from newsletter.store.sql.schema import runs, shards
from newsletter.subscribers import AudienceMember


@dataclass(frozen=True)
class Runs:
    """All runs of one publication. Any thread may ask them."""

    _connections: Connections

    def open(
        self,
        new: NewRun,
        audience: Iterable[AudienceMember],
        now: datetime,
        *,
        by: str,
        owner: str = "",
        extend: bool = False,
    ) -> Run:
        """Freeze the audience: everyone becomes planned, or suppressed with the reason.

        An issue has one run, ever. When it is there already, with the same digest, it is returned
        as it was first opened (its date too), and nobody is added; with `extend`, those join who
        are not in it yet, and a complete run is running again. The audience of a correction is to
        be `Audiences.accepted` of the issue that it corrects.

        It is written down in pages, each a transaction: whoever leaves meanwhile is as their page
        finds them, and who leaves later is suppressed before their message goes out. Until the last
        page the run is freezing, and nobody claims anything of it. A freeze that was broken off
        goes on with the next call, whose text may be another: nothing was sent.

        A new run takes the slot of its issue for `owner` (one running process, as `this_process`
        names it; `by` without one), or else the log says that `by` has started it.

        Raises RunConflictError when the run has another digest, whether deliveries are left or
        not: a changed issue is never sent under the old one's name; and when it was cancelled; or
        when it corrects another issue than is said here, or none. Raises RunBusyError while
        another freezes it.
        Raises StoreError when the audience is empty, or the issue to correct was never sent.
        """
        opening = Opening(wanted=new, by=by, owner=owner, now=now, extend=extend)
        return freeze(self._connections, opening, audience)

    def find(self, issue: str) -> Run | None:
        with self._connections.reading() as connection:
            row = connection.execute(select_run(connection, issue)).one_or_none()
        return None if row is None else run_of(row)

    def all(self) -> list[Run]:
        """All runs, the first one first."""
        with self._connections.reading() as connection:
            ours = select_runs().where(own(connection, runs))
            rows = connection.execute(ours.order_by(runs.c.started_at, runs.c.id)).all()
        return [run_of(row) for row in rows]

    def text_of(self, run_id: int) -> str | None:
        """The text part that the run was opened with; None where it was not kept."""
        with self._connections.reading() as connection:
            return connection.execute(select(runs.c.text).where(runs.c.id == run_id)).scalar()

    def balance(self, run_id: int) -> Balance:
        """The books, by the counts that are kept of shards that rest."""
        with self._connections.reading() as connection:
            return balance(connection, run_id)

    def counted(self, run_id: int) -> Balance:
        """The same with every delivery counted by the database, which may take a while."""
        with self._connections.reading() as connection:
            return counted(connection, run_id)

    def balance_seen(self, run_id: int, now: datetime) -> Balance:
        """The books for a reader: what a living sender has in hand is claimed, not in doubt."""
        with self._connections.reading() as connection:
            books, count = balance(connection, run_id), count_in_hand(connection, run_id, now)
        return books.with_in_hand(min(count, books[DeliveryState.IN_DOUBT])) if count else books

    def holders(self, run_id: int, now: datetime) -> list[Holder]:
        """Who is sending the run at this moment: owners with living leases, each once."""
        with self._connections.reading() as connection:
            found = holders(connection, run_id, Claimant(owner="", now=now))
        until: dict[str, datetime] = {}
        for held in found:
            until[held.owner] = max(held.lease_until, until.get(held.owner, held.lease_until))
        return [Holder(owner=owner, lease_until=moment) for owner, moment in until.items()]

    def pause(self, issue: str, by: str, now: datetime) -> Run:
        """Nothing more of the run is claimed until it is resumed; no delivery changes.

        A run that is freezing goes on with that, and is paused when it is whole. Each of these
        three is in the log with what it changes. Raises StoreError where the run is over or was
        never opened, and where one that is not paused is to be resumed.
        """
        return self._control(issue, RunState.PAUSED, by, now)

    def resume(self, issue: str, by: str, now: datetime) -> Run:
        return self._control(issue, RunState.RUNNING, by, now)

    def cancel(self, issue: str, by: str, now: datetime) -> Run:
        """For good: planned and deferred deliveries become cancelled, those under way are settled.

        What a living sender has claimed it gives back, and `finish` cancels it then.
        """
        return self._control(issue, RunState.CANCELLED, by, now)

    def turn_away(
        self,
        run_id: int,
        decisions: Sequence[Decision],
        marked: Sequence[str] = (),
        *,
        words: str,
        by: str,
        now: datetime,
    ) -> None:
        """The relay refused everybody, in these words: those who heard it are planned again.

        So are those of these keys who were `marked` as refused for it, before that was known. The
        log says how many, and what was said.
        """
        with self._connections.writing() as connection:
            run = run_of(connection.execute(select_runs().where(runs.c.id == run_id)).one())
            if count := deciding.decide(connection, decisions, now):
                detail = f"{count:,} planned again: {words}"
                log(connection, run, by, AuditAction.TURNED_AWAY, detail, now)
            reason = f"the relay refused everybody: {words}"
            doubts.take_back(connection, run, marked, by=by, now=now, reason=reason)

    def _control(self, issue: str, wanted: RunState, by: str, now: datetime) -> Run:
        with self._connections.writing() as connection:
            return controls.control(connection, issue, wanted, by, now)

    def unfinished_shards(self, now: datetime) -> list[Shard]:
        """The shards of all runs that give something, with what is left and who has them."""
        with self._connections.reading() as connection:
            return unfinished_shards(connection, now)

    def group_of(self, shard_id: int) -> str:
        """The group of domains that a shard is of."""
        with self._connections.reading() as connection:
            wanted = select(shards.c.domain_group).where(shards.c.id == shard_id)
            return str(connection.execute(wanted).scalar_one())

    def groups_left(self, run_id: int, part: Part = WHOLE) -> list[GroupLeft]:
        """What is left of a part of a run, group by group of domains; it counts."""
        with self._connections.reading() as connection:
            return groups_left(connection, run_id, part)

    def finish_if_done(self, run_id: int, by: str, now: datetime) -> bool:
        """As `finish`, where nothing is left, or only what a cancel has left behind. Whether it
        ended by this: True for one of all who ask. Nobody waits for a count.
        """
        with self._connections.reading() as connection:
            state = connection.execute(select(runs.c.state).where(runs.c.id == run_id)).scalar()
            if state is not RunState.CANCELLED and is_anything_left(connection, run_id):
                return False
        with self._connections.writing() as connection:
            return controls.finish(connection, run_id, by, now)[1]

    def finish(self, run_id: int, by: str, now: datetime) -> Balance:
        """The run becomes complete if its books balance and nothing is unfinished; else it stays.

        The balance that decided it is returned. Of a cancelled run, what was given back since
        becomes cancelled; no other delivery changes. With a run that is over its slot is done; the
        log says once that it is finished.
        """
        with self._connections.writing() as connection:
            return controls.finish(connection, run_id, by, now)[0]
