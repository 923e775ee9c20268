"""Freezing an audience: a run, its shards and one delivery a person, before the first message.

Functions on a connection; the transaction round them is `Runs`'.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from newsletter.books import UNFINISHED, DeliveryState, NewRun, Run, RunEvents, RunState
from newsletter.errors import Act, Remedy, RunConflictError, StoreError
from newsletter.store.runs.rows import run_of, select_run
from newsletter.store.sql.connections import insert_new
from newsletter.store.sql.schema import deliveries, runs, shards
from newsletter.store.sql.statements import execute_rows
from newsletter.store.sql.values import (
    Stored,
    chunks,
    stored_fields,
    stored_instant,
    stored_page,
    stored_text,
)
from newsletter.subscribers import AudienceMember

SHARD_SIZE = 5_000
"""Recipients at most: what one worker takes at a time, and loses to another when it dies."""

_SHOWN_DIGEST = 12


def freeze(
    connection: Connection,
    wanted: NewRun,
    audience: Iterable[AudienceMember],
    now: datetime,
    *,
    extend: bool,
) -> tuple[Run, bool]:
    """The run of an issue, with everyone in it, and whether it is new. See `Runs.open`."""
    is_new = _insert_run(connection, wanted, now)
    # Locked: two processes that extend at once would each number the next shard alike.
    row = connection.execute(select_run(wanted.issue).with_for_update()).one()
    run = run_of(row)
    if run.digest != wanted.digest:
        raise _conflict(connection, run, wanted.digest)
    if run.state is RunState.CANCELLED:
        raise RunConflictError(
            f"the run was cancelled by {run.controlled_by}, for good",
            where=run.issue,
            next_step="send what remains to be said as an issue with a name of its own",
        )
    _check_correction(connection, run, wanted, is_new=is_new, extend=extend)
    if not is_new and not extend:
        return run, False
    people = audience if is_new else _not_yet_in(connection, run, audience)
    added = _freeze_people(connection, run, people, now)
    if is_new and not added:
        raise StoreError(
            "the audience is empty, so there is nothing to send",
            where=run.issue,
            next_step="import subscribers first",
            remedy=Remedy(Act.IMPORT_SUBSCRIBERS),
        )
    if added:
        reopen = RunEvents.REOPEN
        state = reopen.to if run.state in reopen.before else run.state
        grown = {"frozen": run.frozen + added, "state": state, "finished_at": None}
        connection.execute(update(runs).where(runs.c.id == run.id).values(grown))
    return run_of(connection.execute(select_run(wanted.issue)).one()), is_new


def _insert_run(connection: Connection, wanted: NewRun, now: datetime) -> bool:
    statement = insert_new(connection, runs).values(
        issue=wanted.issue,
        digest=wanted.digest,
        subject=stored_text(wanted.subject),
        message_date=wanted.message_date,
        started_at=now,
        state=RunState.RUNNING if wanted.held_by is None else RunState.PAUSED,
        controlled_by=wanted.held_by,
        controlled_at=None if wanted.held_by is None else now,
        frozen=0,
        text=stored_page(wanted.text) or None,
        corrects=wanted.corrects,
    )
    return connection.execute(statement.returning(runs.c.id)).first() is not None


def _check_correction(
    connection: Connection, run: Run, wanted: NewRun, *, is_new: bool, extend: bool
) -> None:
    """Whoever only goes on with a correction need not say so again; whoever adds people must."""
    if is_new and run.corrects is not None:
        if run.corrects == run.issue:
            raise StoreError(
                "an issue cannot be its own correction",
                where=run.issue,
                next_step="write the correction as an issue with a name of its own",
            )
        if connection.execute(select_run(run.corrects)).one_or_none() is None:
            raise StoreError(
                f"the issue {run.corrects} was never sent, so nobody needs its correction",
                where=run.issue,
                next_step="look at which issues were",
                remedy=Remedy(Act.SEE_STATUS),
            )
    if run.corrects != wanted.corrects and (extend or wanted.corrects is not None):
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
        step = "put its text back as it was, and run this again"
    else:
        what = f"was sent as {before} and is now {after}; a changed issue is never sent again"
        step = "put its text back, or send the correction as an issue with a name of its own"
    return RunConflictError(what, where=run.issue, next_step=step)


def _not_yet_in(
    connection: Connection, run: Run, audience: Iterable[AudienceMember]
) -> Iterator[AudienceMember]:
    for members in chunks(audience):
        statement = select(deliveries.c.recipient_key).where(
            deliveries.c.issue == run.issue,
            deliveries.c.recipient_key.in_([member.key for member in members]),
        )
        known = set(connection.execute(statement).scalars())
        yield from (member for member in members if member.key not in known)


def _freeze_people(
    connection: Connection, run: Run, people: Iterable[AudienceMember], now: datetime
) -> int:
    """Returns how many were added. One address given twice is one delivery."""
    highest = select(func.max(shards.c.number)).where(shards.c.run_id == run.id)
    number = connection.execute(highest).scalar() or 0
    added, at = 0, stored_instant(now)
    for number, members in enumerate(chunks(people, SHARD_SIZE), start=number + 1):  # noqa: B020
        shard_id = connection.execute(
            insert(shards).values(run_id=run.id, number=number, epoch=0).returning(shards.c.id)
        ).scalar_one()
        rows = [_delivery(run, shard_id, member, at) for member in members]
        added += execute_rows(connection, insert_new(connection, deliveries), rows)
    return added


def _delivery(run: Run, shard_id: int, member: AudienceMember, at: int) -> dict[str, Stored]:
    because = member.suppressed_because
    return {
        "run_id": run.id,
        "shard_id": shard_id,
        "issue": run.issue,
        "recipient_key": member.key,
        "recipient": str(member.address),
        "fields": stored_fields(member.first_name),
        "subscriber_id": member.subscriber_id,
        "state": (DeliveryState.PLANNED if because is None else DeliveryState.SUPPRESSED).value,
        "attempts": 0,
        "enhanced_code": "",
        "reply_text": "",
        "reason": stored_text(because or ""),
        "updated_at": at,
    }
