"""What workers are given of the runs: who can work, which shards may go out now, what is done.

A run is theirs once its slot has started, as it is a daemon's. The books decide all of it anew at
each look; how a shard gets to a worker is the front's, and what it does there `taking_part`'s.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from newsletter.books import (
    BY_SCHEDULE,
    UNFIT,
    Heartbeat,
    Kind,
    Part,
    Run,
    RunState,
    Shard,
    Slot,
    SlotState,
)
from newsletter.daemon import Patience
from newsletter.process import is_dead
from newsletter.publishing.pacing import counted_as
from newsletter.publishing.publication import Books, Publication
from newsletter.publishing.resting import full_groups, rest_of
from newsletter.store import SERVER_WAITS, Database, libpq_url

_SWEPT = timedelta(minutes=2)
"""How long after a cancel its run is looked at: longer than any worker's lease."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SharedServer:
    """The PostgreSQL that workers share. `url` is for its own client library, and a secret; `first`
    is what each new session is to be told before all else.
    """

    url: str = field(repr=False)
    first: str = SERVER_WAITS


def shared_server(publication: Publication) -> SharedServer:
    """Raises StoreError where the database is none that several machines can share."""
    return SharedServer(url=libpq_url(publication.settings.environment.database.reveal()))


def able_workers(database: Database) -> Sequence[Heartbeat]:
    """The workers that live and may send, by the database's clock; nobody where it is a file."""
    if not database.is_shared:
        return ()
    beats = [beat for beat in database.heartbeats.known() if beat.kind is Kind.WORKER]
    if not beats:
        return ()
    now = database.time()
    return [
        beat
        for beat in beats
        if beat.doing != UNFIT and not beat.is_silent(now) and not is_dead(beat.owner)
    ]


def is_given_out(run: Run | None, slot: Slot | None) -> bool:
    """Whether workers send it. What somebody sends by hand is theirs, to the last recipient."""
    is_running = run is not None and run.state is RunState.RUNNING
    return is_running and slot is not None and slot.state is SlotState.STARTED


def shards_to_give(
    books: Books, waiting: Collection[int], at_work: Collection[int] = ()
) -> Sequence[Shard]:
    """The shards that may be sent now, are in nobody's hands, and have no job: neither one that is
    `waiting`, nor one that is `at_work` with somebody who may live.
    """
    database, rules = books.database, books.settings.limits
    free = [
        shard
        for shard in database.runs.unfinished_shards(books.now())
        if shard.id not in waiting
        and (shard.is_orphaned or shard.id not in at_work)
        and shard.has_work
        and shard.owner is None
        and not rules.group(shard.group).is_paused
    ]
    if free:
        full = full_groups(books, books.publication.open_transport())
        free = [shard for shard in free if shard.group not in full]
    asked = {(shard.issue, shard.group) for shard in free}
    may_go = {each for each in asked if _may_go(*each, books)}
    return [shard for shard in free if (shard.issue, shard.group) in may_go]


def is_waiting(run: Run, books: Books, part: Part) -> bool:
    """Whether a limit, the hours, the relay or a fault keeps that part from going on now."""
    if Patience(books.database.faults).next_try(*counted_as(run, part, books), books.now()):
        return True
    return rest_of(run, books, books.publication.open_transport(), part) is not None


def end_what_is_done(books: Books) -> Sequence[Run]:
    """The runs of which nothing is left end, each with its slot. Those that end now."""
    runs, now = books.database.runs, books.now()
    for run in runs.all():
        if run.state is RunState.CANCELLED and run.finished_at and now - run.finished_at < _SWEPT:
            runs.finish(run.id, BY_SCHEDULE, now)
    return [run for run in _given_out(books) if runs.finish_if_done(run.id, BY_SCHEDULE, now)]


def _given_out(books: Books) -> Iterator[Run]:
    database = books.database
    for slot in database.slots.in_states(SlotState.STARTED):
        run = database.runs.find(slot.issue)
        if run is not None and is_given_out(run, slot):
            yield run


def _may_go(issue: str, group: str, books: Books) -> bool:
    run, slot = books.database.runs.find(issue), books.database.slots.find(issue)
    part = Part(group=group)
    return run is not None and is_given_out(run, slot) and not is_waiting(run, books, part)
