"""A turn of the journal on SQLite as one statement, so that it runs beside the event loop.

Each call into SQLite lets go of the interpreter's lock, and must have it back before the next one.
Row by row, beside a busy event loop, a turn waited for that lock four times as long as it worked.
So the rows go in as JSON, and a trigger of this one connection does the rest of the turn.
Which outcomes may be written so is left to `settling`.
"""

import json
import sqlite3
import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache

from newsletter.books import Delivery, DeliveryEvents, DeliveryState, Outcome
from newsletter.store.sql.connections import Connections
from newsletter.store.sql.values import Stored, stored_instant, stored_text
from newsletter.subscribers import SubscriberState

IS_KNOWN = sqlite3.sqlite_version_info >= (3, 33)
"""Whether this SQLite has UPDATE FROM; one without it is told row by row."""

_BEGIN, _SETTLE = DeliveryEvents.BEGIN, DeliveryEvents.SETTLE


def _words(states: Iterable[DeliveryState]) -> str:
    return ", ".join(f"'{state}'" for state in sorted(states))


def _given(place: int) -> str:
    return f"json_extract(given.value, '$[{place}]')"


_MAY_GO_OUT = f"""NOT EXISTS (
        SELECT 1 FROM suppressions WHERE suppressions.publication_id = new.publication
          AND suppressions.address_key = deliveries.recipient_key)
      AND coalesce((SELECT state FROM subscribers
          WHERE subscribers.publication_id = new.publication
            AND subscribers.address_key = recipient_key),
        CASE WHEN subscriber_id IS NULL THEN '{SubscriberState.CONFIRMED}' END)
        = '{SubscriberState.CONFIRMED}'"""  # noqa: S608 - of constants
"""What `eligibility.delivery_may_go_out` says."""

# All rows of one statement have the same answer; only their numbers, times and words differ.
# Every attempt has a number, also one that is not held against its recipient.
# What is not as it was claimed undoes all of it: the statement is a transaction by itself.
_VIEW = """
CREATE TEMP VIEW turns AS SELECT NULL AS publication, NULL AS shards, NULL AS begun, NULL AS at,
  NULL AS settled,
  NULL AS state, NULL AS due, NULL AS because, NULL AS before, NULL AS after, NULL AS code,
  NULL AS enhanced, NULL AS stage, NULL AS transport
"""
_TRIGGER = f"""
CREATE TEMP TRIGGER write_turn INSTEAD OF INSERT ON turns BEGIN
  SELECT RAISE(ABORT, 'fenced') FROM json_each(new.shards) AS given
    LEFT JOIN shards ON shards.id = {_given(0)} WHERE shards.epoch IS NOT {_given(1)};
  UPDATE deliveries SET state = new.state, next_attempt_at = new.due, reason = new.because,
      updated_at = new.at, attempts = new.after, reply_code = new.code,
      enhanced_code = new.enhanced, reply_text = {_given(3)}
    FROM json_each(new.settled) AS given
    WHERE deliveries.id = {_given(0)} AND deliveries.state IN ({_words(_SETTLE.before)})
      AND deliveries.attempts = new.before;
  SELECT RAISE(ABORT, 'late') WHERE changes() <> json_array_length(new.settled);
  INSERT INTO attempts (delivery_id, number, started_at, ended_at, stage, code, enhanced_code,
      text, transport)
    SELECT {_given(0)}, 1 + coalesce((SELECT max(number) FROM attempts AS earlier
        WHERE earlier.delivery_id = {_given(0)}), 0), {_given(1)}, {_given(2)}, new.stage, new.code,
      new.enhanced, {_given(3)}, new.transport FROM json_each(new.settled) AS given;
  UPDATE deliveries SET state = '{_BEGIN.to}', updated_at = new.at
    FROM json_each(new.begun) AS given
    WHERE deliveries.id = given.value AND deliveries.state IN ({_words(_BEGIN.before)})
      AND {_MAY_GO_OUT};
  SELECT RAISE(ABORT, 'refused') WHERE changes() <> json_array_length(new.begun);
END
"""  # noqa: S608 - of constants
_WRITE = "INSERT INTO turns VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

_Row = tuple[Stored, ...]
_Kind = tuple[Stored, ...]
_NOTHING: Mapping[_Kind, Sequence[Sequence[Stored]]] = {(None,) * 9: ()}


class SqliteTurn:
    """Writes turns over a connection of its own, one at a time."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._lock = threading.Lock()
        self._ready: sqlite3.Connection | None = None

    def write(
        self, outcomes: Sequence[Outcome], begun: Collection[Delivery], now: datetime
    ) -> bool:
        """All of it durably, or nothing; False where something was not as it was claimed.

        Every outcome has an attempt and none is a doubt.
        """
        at, ours = stored_instant(now), self._connections.publication
        rows = [(ours, *row) for row in _rows(outcomes, begun, at)]
        with self._lock, self._connections.keeping() as connection:
            if connection is not self._ready:
                connection.execute(_VIEW)
                connection.execute(_TRIGGER)
                self._ready = connection
            try:
                _write(connection, rows)
            except sqlite3.IntegrityError:
                return False
        return True


def _write(connection: sqlite3.Connection, rows: Sequence[_Row]) -> None:
    if len(rows) == 1:  # nearly always, and then it is a transaction by itself
        connection.execute(_WRITE, rows[0])
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.executemany(_WRITE, rows)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _rows(outcomes: Sequence[Outcome], begun: Collection[Delivery], at: int) -> list[_Row]:
    """One for each kind of outcome, the first with all that is begun."""
    ours = (*(outcome.delivery for outcome in outcomes), *begun)
    shards = json.dumps(list({(each.shard_id, each.epoch) for each in ours}))
    first = shards, json.dumps([each.id for each in begun])
    rows: list[_Row] = []
    for kind, settled in (_kinds(outcomes) or _NOTHING).items():
        rows.append((*(("[]", "[]") if rows else first), at, json.dumps(settled), *kind))
    return rows


def _kinds(outcomes: Sequence[Outcome]) -> Mapping[_Kind, list[Sequence[Stored]]]:
    """The outcomes by what is the same in all of a statement; to each row what is not."""
    kinds: dict[_Kind, list[Sequence[Stored]]] = {}
    for outcome in outcomes:
        attempt = outcome.attempt
        assert attempt is not None
        kind = _kind(
            outcome.state,
            outcome.next_attempt_at,
            outcome.reason,
            outcome.delivery.attempts,
            outcome.delivery.attempts + outcome.counts,
            attempt.code,
            attempt.enhanced_code,
            attempt.stage,
            attempt.transport,
        )
        kinds.setdefault(kind, []).append(
            (
                outcome.delivery.id,
                stored_instant(attempt.started_at),
                stored_instant(attempt.ended_at),
                stored_text(attempt.text),
            )
        )
    return kinds


@lru_cache(maxsize=64)  # nearly all outcomes of a run are of one kind
def _kind(
    state: DeliveryState,
    due: datetime | None,
    reason: str,
    before: int,
    after: int,
    code: int | None,
    enhanced: str,
    stage: str,
    transport: str,
) -> _Kind:
    return (
        state.value,
        None if due is None else stored_instant(due),
        stored_text(reason),
        before,
        after,
        code,
        stored_text(enhanced),
        stored_text(stage),
        stored_text(transport),
    )
