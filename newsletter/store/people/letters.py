"""The letters owed to people: written down with what they answer, and sent by whoever comes next.

A letter in hand whose process died is given out again when its time is over: the same letter, with
the same Message-ID. How it is written and sent is left to `newsletter.publishing`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from newsletter.addresses import AddrSpec
from newsletter.books import LETTER_LEASE, LetterKind, LetterOutcome, LetterState, OwedLetter
from newsletter.store.sql.connections import Connections, one_at_a_time, own, publication_of
from newsletter.store.sql.schema import letters
from newsletter.store.sql.values import address_of, stored_text

ONE_IN = timedelta(hours=24)
"""At most one letter of a kind to an address in this time."""

_LOCK = 0x6A6F696E
"""PostgreSQL's advisory lock for letters owed to people: "join" in ASCII."""

_OPEN = (LetterState.PLANNED, LetterState.CLAIMED)


@dataclass(frozen=True)
class Letters:
    """The letters of one publication. Any thread may ask them."""

    _connections: Connections

    def claim(self, limit: int, now: datetime) -> Sequence[OwedLetter]:
        """Letters that are due, now in the caller's hands until `LETTER_LEASE` is over."""
        if not self._has_due(now):
            return ()
        with self._connections.writing() as connection:
            due = select(letters).where(*_are_due(connection, now))
            first = due.order_by(letters.c.due_at, letters.c.id).limit(limit)
            rows = connection.execute(first.with_for_update(skip_locked=True)).all()
            claimed = update(letters).where(letters.c.id.in_([row.id for row in rows]))
            values = {"state": LetterState.CLAIMED.value, "due_at": now + LETTER_LEASE}
            connection.execute(claimed.values(**values))
        return [
            OwedLetter(
                id=row.id,
                kind=LetterKind(row.kind),
                to=address_of(row.address),
                attempts=row.attempts,
                created_at=row.created_at,
            )
            for row in rows
        ]

    def settle(self, outcomes: Sequence[LetterOutcome]) -> None:
        """What became of some, in one transaction."""
        if not outcomes:
            return
        with self._connections.writing() as connection:
            for outcome in outcomes:
                _settle(connection, outcome)

    def _has_due(self, now: datetime) -> bool:
        """Asked without the lock that others wait for."""
        with self._connections.reading() as connection:
            due = select(letters.c.id).where(*_are_due(connection, now))
            return connection.execute(due.limit(1)).first() is not None

    def owed(self) -> int:
        """How many are not at their end."""
        with self._connections.reading() as connection:
            wanted = select(func.count()).select_from(letters)
            mine = wanted.where(own(connection, letters), _is_open())
            return connection.execute(mine).scalar_one()


def _settle(connection: Connection, outcome: LetterOutcome) -> None:
    values = {
        "state": outcome.state.value,
        "attempts": outcome.letter.attempts + 1,
        "due_at": outcome.due_at,
        "reply": stored_text(outcome.reply),
    }
    mine = update(letters).where(letters.c.id == outcome.letter.id)
    connection.execute(mine.values(**values))


def _are_due(connection: Connection, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return own(connection, letters), _is_open(), letters.c.due_at <= now


def _is_open() -> ColumnElement[bool]:
    return letters.c.state.in_([state.value for state in _OPEN])


def owe(
    connection: Connection, kind: LetterKind, to: AddrSpec, limit_key: str, now: datetime
) -> None:
    """One more letter, due at once."""
    connection.execute(
        insert(letters).values(
            publication_id=publication_of(connection),
            kind=kind.value,
            address=str(to),
            address_key=to.key,
            limit_key=limit_key,
            state=LetterState.PLANNED.value,
            attempts=0,
            due_at=now,
            created_at=now,
            reply="",
        )
    )


def is_one_owed(connection: Connection, kind: LetterKind, limit_key: str, now: datetime) -> bool:
    """Whether such a letter was owed to this mailbox within the day."""
    wanted = select(letters.c.id).where(
        own(connection, letters),
        letters.c.limit_key == limit_key,
        letters.c.kind == kind.value,
        letters.c.created_at > now - ONE_IN,
    )
    return connection.execute(wanted.limit(1)).first() is not None


def is_any(connection: Connection, address_key: str) -> bool:
    """Whether a letter to this address is still written down."""
    mine = letters.c.address_key == address_key
    wanted = select(letters.c.id).where(own(connection, letters), mine)
    return connection.execute(wanted.limit(1)).first() is not None


def one_by_one(connection: Connection) -> None:
    """Wait until nobody else is about to owe a letter; it comes before any other lock."""
    one_at_a_time(connection, _LOCK)


def forget(connection: Connection, address_key: str) -> None:
    mine = letters.c.address_key == address_key
    connection.execute(delete(letters).where(own(connection, letters), mine))


def drop_old(connection: Connection, before: datetime) -> None:
    """Nobody waits for what is as old as that."""
    old = letters.c.created_at <= before
    connection.execute(delete(letters).where(own(connection, letters), old))
