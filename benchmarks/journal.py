"""`python -m benchmarks.journal URL [PEOPLE]`: a journal of many millions, in an empty database.

One million people are frozen. Then the journal gets PEOPLE rows by the database's own means, as
they are in the middle of a run, and is asked what `newsletter status` asks. A SQLite database may
be given, or one of PostgreSQL that may be filled.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy import Connection, text

from newsletter.books import NewRun, Part, Run
from newsletter.store import Database, open_database, tallies
from newsletter.store.sql.connections import Connections
from newsletter.store.sql.database_url import parse_database_url
from newsletter.store.sql.values import stored_instant

NOW = datetime(2026, 11, 27, 7, tzinfo=UTC)
FROZEN, PEOPLE, SHARD = 1_000_000, 10_000_000, 5_000
WORKERS = 8
GROUPS = {"mail3.example": "three", "mail7.example": "seven"}
"""Two groups of domains, with a tenth of all people each."""

_NUMBERS = {
    "sqlite": "(WITH RECURSIVE each(n) AS (SELECT {low} UNION ALL SELECT n + 1 FROM each "
    "WHERE n < {high} - 1) SELECT n FROM each) AS series",
    "postgresql": "generate_series({low}, {high} - 1) AS series(n)",
}
_ADDRESS = "'r' || n || '@mail' || (n % 10) || '.example'"
_SUBSCRIBERS = (
    "INSERT INTO subscribers (publication_id, address, address_key, first_name, state, created_at, "
    f"updated_at) SELECT {{publication}}, {_ADDRESS}, {_ADDRESS}, 'Ada', 'confirmed', 0, 0 "
    "FROM {numbers}"
)
_SHARDS = (
    "INSERT INTO shards (run_id, number, epoch, owner, lease_until) SELECT {run}, n + 1, "
    "CASE WHEN n < {touched} THEN 1 ELSE 0 END, CASE WHEN n >= {done} AND n < {touched} "
    "THEN 'worker ' || n END, CASE WHEN n >= {done} AND n < {touched} THEN {until} END "
    "FROM {numbers}"
)
_DELIVERIES = (
    "INSERT INTO deliveries (run_id, shard_id, issue, recipient_key, recipient, fields, state, "
    "attempts, reply_code, enhanced_code, reply_text, reason, updated_at) "
    f"SELECT {{run}}, shards.id, 'many', {_ADDRESS}, {_ADDRESS}, '{{empty}}', "
    "CASE WHEN n % 100 = 0 THEN 'suppressed' WHEN n / {shard} >= {touched} THEN 'planned' "
    "WHEN n % 101 = 0 THEN 'refused' WHEN n / {shard} < {done} THEN 'accepted' "
    "WHEN n % 2 = 0 THEN 'accepted' WHEN n % 50 = 1 THEN 'claimed' ELSE 'planned' END, "
    "1, 250, '', '', CASE WHEN n % 100 = 0 THEN 'has left' ELSE '' END, {at} "
    "FROM {numbers} JOIN shards ON shards.run_id = {run} AND shards.number = n / {shard} + 1"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """What was done, in seconds by the clock and in seconds of this process's processor."""

    what: str
    seconds: float
    cpu: float


def main() -> None:
    url, people = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else PEOPLE
    print(f"| {url.partition(':')[0]}, {os.cpu_count()} cores | by the clock | our processor |")
    print("|---|---|---|")
    for each in measure(url, people):
        print(f"| {each.what} | {each.seconds:.2f} s | {each.cpu:.2f} s |", flush=True)


def measure(url: str, people: int) -> Iterator[Measured]:
    with open_database(url) as database:
        database.slots.find("nothing")
        own = Connections(parse_database_url(url))
        try:
            yield from _freezing(database, own)
            yield from _asking(database, own, people)
        finally:
            own.close()


def _freezing(database: Database, own: Connections) -> Iterator[Measured]:
    with own.writing_of_all() as connection:
        _say(connection, _SUBSCRIBERS, 0, FROZEN, publication=database.publication.id)
        connection.execute(text("ANALYZE subscribers"))  # as servers do by themselves in a minute
    for issue, groups in (("million", {}), ("groups", GROUPS)):
        new = NewRun(issue=issue, digest="d", subject="Hello", message_date=NOW, groups=groups)
        words = f"{FROZEN:,} people frozen" + (f", in {len(groups)} groups" if groups else "")
        audience = database.subscribers.audience(NOW)
        yield _timed(words, partial(database.runs.open, new, audience, NOW, by="the benchmark"))


def _asking(database: Database, own: Connections, people: int) -> Iterator[Measured]:
    run = _filled(database, own, people)
    names = f"of {people:,} rows"
    runs, journal = database.runs, database.journal
    now, lease = NOW, timedelta(minutes=5)
    yield _timed(f"status: the books {names}", lambda: runs.balance_seen(run.id, now))
    yield _timed("the same, every row counted", lambda: runs.counted(run.id))
    yield _timed("figures for monitoring", lambda: database.figures.open_runs(now))
    yield _timed("status: why suppressed", lambda: database.statistics.suppressed(run.id))
    yield _timed("status: the last replies", lambda: journal.last_replies(run.id, 200))
    yield _timed("what workers have still to take", lambda: runs.unfinished_shards(now))
    free = next(each for each in runs.unfinished_shards(now) if each.owner is None)
    part = Part(shard_id=free.id)
    claim = partial(journal.claim, run.id, "bench", now, lease, 200)
    yield _timed("a claim of one shard", partial(claim, part=part))
    yield _timed("the next of it", partial(claim, part=part))
    yield _timed("a claim of the whole run", claim)
    yield _timed("the next of it", claim)
    yield _timed("when the next is due", lambda: journal.next_due(run.id))
    yield _timed("what is given back", lambda: journal.release(run.id, "bench", now))


def _filled(database: Database, own: Connections, people: int) -> Run:
    """A run half of which is done, with as many shards in hand as there are workers."""
    with own.writing_of_all() as connection:
        publication, at = database.publication.id, stored_instant(NOW)
        insert = (
            "INSERT INTO runs (publication_id, issue, digest, subject, message_date, started_at, "
            f"state, frozen) VALUES ({publication}, 'many', 'd', 's', {at}, {at}, 'running', "
            f"{people}) RETURNING id"
        )
        run = connection.exec_driver_sql(insert).scalar_one()
        shards = people // SHARD
        until = stored_instant(NOW + timedelta(minutes=5))
        place = {"run": run, "shard": SHARD, "done": shards // 2, "touched": shards // 2 + WORKERS}
        _say(connection, _SHARDS, 0, shards, until=until, **place)
        if not own.is_sqlite:  # its foreign keys are looked at row by row
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        _say(connection, _DELIVERIES, 0, people, at=at, empty="{}", **place)
    with own.writing_of_all() as connection:
        connection.execute(text("ANALYZE" if own.is_sqlite else "ANALYZE deliveries, shards"))
    with own.writing_of_all() as connection:
        tallies.keep_all(connection, run)  # as the senders of the run have done by now
    found = database.runs.find("many")
    assert found is not None
    return found


def _say(connection: Connection, statement: str, low: int, high: int, **given: object) -> None:
    numbers = _NUMBERS[connection.dialect.name].format(low=low, high=high)
    connection.execute(text(statement.format(numbers=numbers, **given)))


def _timed(what: str, work: Callable[[], object]) -> Measured:
    began, used = time.perf_counter(), time.process_time()
    work()
    return Measured(what=what, seconds=time.perf_counter() - began, cpu=time.process_time() - used)


if __name__ == "__main__":
    main()
