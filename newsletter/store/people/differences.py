"""What a compared file would change: the plan of it, in numbers, and each difference by its person.

Read from the tables that were filled beside the list; nothing is written.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, exists, func, select

from newsletter.store.people.staging import judged, people, stops
from newsletter.store.sql.connections import own
from newsletter.store.sql.schema import subscribers, suppressions
from newsletter.store.sql.values import CHUNK, address_of
from newsletter.subscribers import (
    FIRST_FEW,
    Difference,
    Duplicate,
    Newcomer,
    SubscriberState,
    SuppressionKind,
    Verdict,
)


@dataclass(frozen=True)
class Differences:
    """Of one comparison. `newest` is the id of whoever joined last before it.

    Who is not in the file will go where `is_whole`; one who joins from now on will not.
    """

    _connection: Connection
    is_whole: bool
    newest: int

    def counts(self) -> Mapping[Verdict, int]:
        wanted = select(judged.c.verdict, func.count()).group_by(judged.c.verdict)
        found = {Verdict(word): number for word, number in self._connection.execute(wanted)}
        if self.is_whole and (going := self._number(self._going())):
            found[Verdict.REMOVED] = going
        return {verdict: found[verdict] for verdict in Verdict if verdict in found}

    def first(self, verdicts: Iterable[Verdict]) -> Mapping[Verdict, Sequence[Difference]]:
        """The first few under each verdict."""
        return {verdict: self._some(verdict) for verdict in verdicts}

    def _some(self, verdict: Verdict) -> Sequence[Difference]:
        if verdict is Verdict.REMOVED:
            return self._removed("", FIRST_FEW)
        wanted = _DIFFERENCES.where(judged.c.verdict == verdict.value).limit(FIRST_FEW)
        return [_difference(row) for row in self._connection.execute(wanted)]

    def all(self) -> Iterator[Difference]:
        """Every person in the file by address, and then whoever goes; in flat memory."""
        last = 0
        while True:
            wanted = _DIFFERENCES.where(judged.c.place > last).limit(CHUNK)
            with self._connection.begin():
                rows = self._connection.execute(wanted).all()
            if not rows:
                break
            last = rows[-1].place
            yield from map(_difference, rows)
        key = ""
        while self.is_whole:
            with self._connection.begin():
                going = self._removed(key, CHUNK)
            if not going:
                return
            key = going[-1].address.lower()
            yield from going

    def newcomers(self) -> Sequence[Newcomer]:
        wanted = (
            select(people.c.address, people.c.first_name)
            .join(judged, judged.c.n == people.c.n)
            .where(judged.c.verdict == Verdict.NEW.value)
            .order_by(judged.c.place)
            .limit(FIRST_FEW)
        )
        return [
            Newcomer(address=address_of(address), first_name=name)
            for address, name in self._connection.execute(wanted)
        ]

    def without_consent(self) -> int:
        """How many of the new have none of their own."""
        new = judged.c.verdict == Verdict.NEW.value, judged.c.is_silent == 1
        return self._number(select(judged.c.n).where(*new))

    def stops(self) -> Mapping[SuppressionKind, int]:
        """The suppressions that are new, by kind."""
        known = select(suppressions.c.address_key).where(own(self._connection, suppressions))
        wanted = (
            select(stops.c.kind, func.count())
            .where(stops.c.address_key.not_in(known))
            .group_by(stops.c.kind)
        )
        found = {SuppressionKind(kind): number for kind, number in self._connection.execute(wanted)}
        return {kind: found[kind] for kind in SuppressionKind if kind in found}

    def readers(self) -> int:
        return self._number(
            select(subscribers.c.id).where(own(self._connection, subscribers), _IS_READER)
        )

    def duplicates(self) -> int:
        read = self._number(select(people.c.n))
        return read - self._number(select(judged.c.n))

    def first_duplicates(self) -> Sequence[Duplicate]:
        keys = (
            select(people.c.address_key)
            .group_by(people.c.address_key)
            .having(func.count() > 1)
            .order_by(func.min(people.c.line))
            .limit(FIRST_FEW)
        )
        wanted = (
            select(people.c.line, people.c.address, people.c.address_key)
            .where(people.c.address_key.in_(list(self._connection.execute(keys).scalars())))
            .order_by(people.c.weight, people.c.n)
        )
        counts: dict[str, int] = {}
        found = []
        for line, address, key in self._connection.execute(wanted):
            first = counts.setdefault(key, line)
            if first != line:
                found.append(Duplicate(line=line, first_line=first, address=address_of(address)))
        return sorted(found, key=lambda each: each.line)[:FIRST_FEW]

    def going(self) -> ColumnElement[bool]:
        """The condition on a subscriber, to be asked on the same connection."""
        is_there = exists().where(people.c.address_key == subscribers.c.address_key)
        mine = own(self._connection, subscribers)
        return mine & _IS_READER & (subscribers.c.id <= self.newest) & ~is_there

    def _going(self) -> Select[Any]:
        return select(subscribers.c.id).where(self.going())

    def _removed(self, after: str, limit: int) -> Sequence[Difference]:
        key = subscribers.c.address_key
        wanted = select(subscribers.c.address).where(self.going(), key > after)
        found = self._connection.execute(wanted.order_by(key).limit(limit)).scalars()
        return [Difference(verdict=Verdict.REMOVED, address=each, line=None) for each in found]

    def _number(self, rows: Select[Any]) -> int:
        counted = select(func.count()).select_from(rows.subquery())
        return self._connection.execute(counted).scalar_one()


def newest_of(connection: Connection) -> int:
    """The id of whoever joined last."""
    return connection.execute(select(func.max(subscribers.c.id))).scalar() or 0


def _difference(row: Any) -> Difference:
    return Difference(verdict=Verdict(row.verdict), address=row.address, line=row.line)


_IS_READER = subscribers.c.state == SubscriberState.CONFIRMED
_DIFFERENCES = (
    select(judged.c.place, judged.c.verdict, people.c.address, people.c.line)
    .join(people, people.c.n == judged.c.n)
    .order_by(judged.c.place)
)
