"""A run counted by domain, reply, time and reason: by the database, so that memory stays flat."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    Text,
    func,
    literal,
    select,
    type_coerce,
)

from newsletter.books import (
    Balance,
    DeliveryState,
    DomainCount,
    PutOff,
    RateCount,
    RelayCount,
    ReplyCount,
    relay_of,
)
from newsletter.store import tallies
from newsletter.store.runs.in_hand import in_hand
from newsletter.store.sql.connections import Connections, own
from newsletter.store.sql.schema import attempts, deliveries, runs
from newsletter.store.sql.values import instant_of, stored_instant

MAX_REPLIES = 500
"""Different replies that are read: relays put queue numbers and dates into theirs."""


@dataclass(frozen=True)
class Statistics:
    """The figures of all runs, each by its id. Any thread may ask them."""

    _connections: Connections

    def by_domain(self, run_id: int, limit: int, now: datetime) -> list[DomainCount]:
        """The domains with the most recipients of a run, the greatest first, with their states.

        As `Runs.balance_seen` has it, what a living sender has in hand is claimed, not in doubt.
        """
        with self._connections.reading() as connection:
            return _by_domain(connection, run_id, limit, now)

    def by_reply(self, run_id: int) -> list[ReplyCount]:
        """What the relay said last of each delivery, counted; the most frequent first."""
        with self._connections.reading() as connection:
            return _by_reply(connection, run_id)

    def by_relay(self, run_id: int) -> list[RelayCount]:
        """Which relay each delivery was last tried over, counted; the busiest first."""
        with self._connections.reading() as connection:
            return _by_relay(connection, run_id)

    def rate(self, run_id: int, spans: int) -> RateCount | None:
        """When deliveries were accepted, in so many equal spans of time; None for none."""
        with self._connections.reading() as connection:
            return _rate(connection, run_id, spans)

    def put_off(self, run_id: int, rate: RateCount) -> PutOff | None:
        """Where in these spans the relay asked most often to come back later; None for nowhere."""
        with self._connections.reading() as connection:
            return _put_off(connection, run_id, rate)

    def in_state(self, state: DeliveryState) -> Mapping[str, int]:
        """How many deliveries of each issue are in a state, the first issue first; no zeros."""
        with self._connections.reading() as connection:
            statement = (
                select(runs.c.issue, func.count())
                .join(deliveries, deliveries.c.run_id == runs.c.id)
                .where(own(connection, runs), deliveries.c.state == state)
                .group_by(runs.c.id, runs.c.issue)
                .order_by(runs.c.id)
            )
            return {row[0]: row[1] for row in connection.execute(statement)}

    def suppressed(self, run_id: int) -> Mapping[str, int]:
        """How many of a run are suppressed, by reason."""
        with self._connections.reading() as connection:
            return dict(sorted(tallies.why_suppressed(connection, run_id).items()))


def _by_domain(connection: Connection, run_id: int, limit: int, now: datetime) -> list[DomainCount]:
    domain = _domain(connection).label("domain")
    total = func.count().label("total")
    of_run = deliveries.c.run_id == run_id
    greatest = (
        select(domain, total).where(of_run).group_by(domain).order_by(total.desc(), domain)
    ).limit(limit)
    names = [row.domain for row in connection.execute(greatest)]
    statement = (
        select(domain, deliveries.c.state, total)
        .where(of_run, _domain(connection).in_(names))
        .group_by(domain, deliveries.c.state)
    )
    found: dict[str, dict[DeliveryState, int]] = {name: {} for name in names}
    for row in connection.execute(statement):
        found[row.domain][row.state] = row.total
    wanted = in_hand(connection, run_id, now), _domain(connection).in_(names)
    for row in connection.execute(select(domain, total).where(*wanted).group_by(domain)):
        found[row.domain] = _with_in_hand(found[row.domain], row.total)
    return [DomainCount(domain=name, counts=counts) for name, counts in found.items()]


def _with_in_hand(counts: Mapping[DeliveryState, int], count: int) -> dict[DeliveryState, int]:
    balance = Balance(frozen=sum(counts.values()), counts=counts)
    return dict(balance.with_in_hand(min(count, balance[DeliveryState.IN_DOUBT])).counts)


def _by_reply(connection: Connection, run_id: int) -> list[ReplyCount]:
    accepted = deliveries.c.state == DeliveryState.ACCEPTED
    return [
        *_replies(connection, run_id, accepted, func.min(deliveries.c.reply_text), ()),
        *_replies(
            connection, run_id, ~accepted, deliveries.c.reply_text, (deliveries.c.reply_text,)
        ),
    ]


def _by_relay(connection: Connection, run_id: int) -> list[RelayCount]:
    statement = (
        select(attempts.c.transport, deliveries.c.state, func.count().label("number"))
        .join(deliveries, deliveries.c.id == attempts.c.delivery_id)
        .where(deliveries.c.run_id == run_id, attempts.c.id.in_(_last_attempts(run_id)))
        .group_by(attempts.c.transport, deliveries.c.state)
    )
    found: dict[str, Counter[DeliveryState]] = {}
    for row in connection.execute(statement):
        found.setdefault(relay_of(row.transport), Counter())[row.state] += row.number
    counted = [RelayCount(relay=relay, counts=counts) for relay, counts in found.items()]
    return sorted(counted, key=lambda each: (-each.total, each.relay))


def _last_attempts(run_id: int) -> Select[Any]:
    return (
        select(func.max(attempts.c.id))
        .join(deliveries, deliveries.c.id == attempts.c.delivery_id)
        .where(deliveries.c.run_id == run_id)
        .group_by(attempts.c.delivery_id)
    )


def _replies(
    connection: Connection,
    run_id: int,
    condition: ColumnElement[bool],
    text: ColumnElement[str],
    also_by: Sequence[ColumnElement[str]],
) -> list[ReplyCount]:
    number = func.count().label("number")
    kind = (deliveries.c.state, deliveries.c.reply_code, deliveries.c.enhanced_code)
    tried = deliveries.c.reply_code.is_not(None) | (deliveries.c.reply_text != literal("", Text))
    statement = (
        select(*kind, text.label("words"), number)
        .where(deliveries.c.run_id == run_id, condition, tried)
        .group_by(*kind, *also_by)
        .order_by(number.desc())
        .limit(MAX_REPLIES)
    )
    return [
        ReplyCount(
            state=row.state,
            code=row.reply_code,
            enhanced_code=row.enhanced_code,
            text=row.words,
            count=row.number,
        )
        for row in connection.execute(statement)
    ]


def _rate(connection: Connection, run_id: int, spans: int) -> RateCount | None:
    accepted = (
        deliveries.c.run_id == run_id,
        deliveries.c.state == DeliveryState.ACCEPTED,
        deliveries.c.attempts > 0,
    )
    ends = select(func.min(deliveries.c.updated_at), func.max(deliveries.c.updated_at))
    first, last = connection.execute(ends.where(*accepted)).one()
    if first is None:
        return None
    start = stored_instant(first)
    width = max(-(-(stored_instant(last) - start + 1) // spans), 1)  # milliseconds
    span = type_coerce(deliveries.c.updated_at, BigInteger) - literal(start, BigInteger)
    number = (span // literal(width, BigInteger)).label("number")
    counted = select(number, func.count().label("total")).where(*accepted).group_by(number)
    counts = [0] * spans
    for row in connection.execute(counted):
        counts[int(row.number)] = row.total
    return RateCount(
        start=instant_of(start), span=timedelta(milliseconds=width), counts=tuple(counts)
    )


def _put_off(connection: Connection, run_id: int, rate: RateCount) -> PutOff | None:
    """Transient replies alone (RFC 5321, 4.2.1)."""
    start, width = stored_instant(rate.start), max(rate.span // timedelta(milliseconds=1), 1)
    ended = type_coerce(attempts.c.ended_at, BigInteger)
    number = ((ended - literal(start, BigInteger)) // literal(width, BigInteger)).label("number")
    count = func.count().label("number_of")
    statement = (
        select(number, attempts.c.code, count, func.min(attempts.c.ended_at).label("first"))
        .join(deliveries, deliveries.c.id == attempts.c.delivery_id)
        .where(deliveries.c.run_id == run_id, attempts.c.code.between(400, 499))
        .where(ended >= start, ended < start + width * len(rate.counts))
        .group_by(number, attempts.c.code)
        .order_by(count.desc(), number)
        .limit(1)
    )
    row = connection.execute(statement).one_or_none()
    return PutOff(at=row.first, code=row.code, count=row.number_of) if row else None


def _domain(connection: Connection) -> ColumnElement[str]:
    key = deliveries.c.recipient_key
    find = func.instr if connection.dialect.name == "sqlite" else func.strpos
    return func.substr(key, find(key, "@") + 1, type_=Text)
