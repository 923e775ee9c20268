"""Opening a run: its row, new or found, and everything that keeps it from being opened.

Who is in it is left to `freezing`. Functions on a connection; the transaction round them is the
caller's.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select, update

from newsletter.books import UNFINISHED, NewRun, Run, RunEvents, RunState, segment_words
from newsletter.errors import Act, Remedy, RunBusyError, RunConflictError, StoreError
from newsletter.store.journal.leases import Claimant, holders
from newsletter.store.runs.rows import run_of, select_run
from newsletter.store.schedule import approvals
from newsletter.store.sql.connections import insert_new, publication_of
from newsletter.store.sql.schema import deliveries, runs, shards
from newsletter.store.sql.values import stored_page, stored_text

LEASE = timedelta(minutes=10)
"""For so long after it began a freeze is another's, unless that one is known to be dead.

Two at once would do no harm: each page is one's, and whoever comes to the end first opens the run.
"""

_SHOWN_DIGEST = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class Opening:
    """A run to open: by whom, in which process, when, and whether those who joined are added."""

    wanted: NewRun
    by: str
    owner: str
    now: datetime
    extend: bool

    @property
    def freezer(self) -> str:
        """Who freezes it, where it is new."""
        return self.owner or self.by

    @property
    def lease_until(self) -> datetime:
        return self.now + LEASE


def is_freezing(run: Run) -> bool:
    return run.state in RunEvents.FREEZE.before


def state_when_open(run: Run) -> RunState:
    """What a run that is freezing will be when its audience is whole; else what it is."""
    if not is_freezing(run):
        return run.state
    return RunState.RUNNING if run.controlled_by is None else RunState.PAUSED


def enter(connection: Connection, opening: Opening, *, is_first: bool) -> Run:
    """The run, locked, and new where there is none; raises whatever keeps it from being opened.

    Locked because two that add people at once would each number the next shard alike. `is_first`
    is the first time that this opening comes here: then a broken-off freeze is taken over.
    """
    wanted = opening.wanted
    is_new = is_first and _insert(connection, wanted, opening.now)
    run = run_of(connection.execute(select_run(connection, wanted.issue).with_for_update()).one())
    is_taken_over = is_first and not is_new and is_freezing(run)
    _check_segment(run, wanted.segment)
    if is_new or is_taken_over:
        approvals.check_standing(connection, wanted)
    if is_taken_over:
        run = _take_over(connection, run, opening)
    if run.digest != wanted.digest:
        raise _conflict(connection, run, wanted.digest)
    if run.state is RunState.CANCELLED:
        raise RunConflictError(
            f"the run was cancelled by {run.controlled_by}, for good",
            where=run.issue,
            next_step="send what remains to be said as an issue with a name of its own",
        )
    adds = opening.extend or is_taken_over
    _check_correction(connection, run, wanted, is_new=is_new, adds=adds)
    return run


def _check_segment(run: Run, segment: str) -> None:
    """Some of its audience may be frozen already, and those are of one segment.

    Raises RunConflictError for another. A correction has none, and goes to those who have the
    issue.
    """
    if run.segment != segment:
        raise RunConflictError(
            f"its run goes to {segment_words(run.segment)}, and cannot go to "
            f"{segment_words(segment)}",
            where=run.issue,
            next_step="go on with it as it was begun",
        )


def _insert(connection: Connection, wanted: NewRun, now: datetime) -> bool:
    """Freezing, and already paused where it is to be held from the first."""
    statement = insert_new(connection, runs).values(
        publication_id=publication_of(connection),
        issue=wanted.issue,
        digest=wanted.digest,
        subject=stored_text(wanted.subject),
        message_date=wanted.message_date,
        started_at=now,
        state=RunState.FREEZING,
        controlled_by=wanted.held_by,
        controlled_at=None if wanted.held_by is None else now,
        frozen=0,
        text=stored_page(wanted.text) or None,
        corrects=wanted.corrects,
        segment=wanted.segment,
    )
    return connection.execute(statement.returning(runs.c.id)).first() is not None


def _take_over(connection: Connection, run: Run, opening: Opening) -> Run:
    """A freeze that was broken off. Nobody was sent anything, so it may be of another text now."""
    for holder in holders(connection, run.id, Claimant(owner=opening.freezer, now=opening.now)):
        raise RunBusyError(
            f"{holder.owner} is freezing its audience, {run.frozen:,} people so far",
            where=run.issue,
            next_step="wait until that is done, then run this again",
        )
    mine = {"owner": opening.freezer, "lease_until": opening.lease_until}
    connection.execute(update(shards).where(shards.c.run_id == run.id).values(mine))
    wanted = opening.wanted
    if run.digest != wanted.digest:
        values = {
            "digest": wanted.digest,
            "subject": stored_text(wanted.subject),
            "message_date": wanted.message_date,
            "text": stored_page(wanted.text) or None,
        }
        connection.execute(update(runs).where(runs.c.id == run.id).values(values))
    if wanted.held_by is not None:
        held = {"controlled_by": wanted.held_by, "controlled_at": opening.now}
        connection.execute(update(runs).where(runs.c.id == run.id).values(held))
    return run_of(connection.execute(select_run(connection, run.issue)).one())


def _check_correction(
    connection: Connection, run: Run, wanted: NewRun, *, is_new: bool, adds: bool
) -> None:
    """Whoever only goes on with a correction need not say so again; whoever adds people must."""
    if is_new and run.corrects is not None:
        if run.corrects == run.issue:
            raise StoreError(
                "an issue cannot be its own correction",
                where=run.issue,
                next_step="write the correction as an issue with a name of its own",
            )
        if connection.execute(select_run(connection, run.corrects)).one_or_none() is None:
            raise StoreError(
                f"the issue {run.corrects} was never sent, so nobody needs its correction",
                where=run.issue,
                next_step="look at which issues were",
                remedy=Remedy(Act.SEE_STATUS),
            )
    if run.corrects != wanted.corrects and (adds or wanted.corrects is not None):
        kind = "an issue" if run.corrects is None else f"a correction of {run.corrects}"
        raise RunConflictError(
            f"its run was opened as {kind}, and its audience cannot change",
            where=run.issue,
            next_step="run this again as it was run the first time",
        )


def _conflict(connection: Connection, run: Run, digest: str) -> RunConflictError:
    unfinished = connection.execute(
        select(func.count())
        .select_from(deliveries)
        .where(deliveries.c.run_id == run.id, deliveries.c.state.in_(UNFINISHED))
    ).scalar_one()
    before, after = run.digest[:_SHOWN_DIGEST], digest[:_SHOWN_DIGEST]
    if unfinished:
        what = f"being sent as {before}, {unfinished:,} deliveries unfinished, and is now {after}"
        step, remedy = "put its text back as it was, and run this again", None
    else:
        what = f"was sent as {before} and is now {after}; a changed issue is never sent again"
        step = "put its text back, or say in the front matter what is corrected and send that"
        remedy = Remedy(Act.CORRECT, run.corrects or run.issue)
    return RunConflictError(what, where=run.issue, next_step=step, remedy=remedy)
