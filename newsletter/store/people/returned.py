"""What came back of what was sent, written down with what is made of it in one transaction.

A message is known by its bytes, so that reading a mailbox twice changes nothing. What was read is
kept for a while, to be looked at; what was made of it for good, but for the names of who is erased.
"""

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, insert, or_, select, update

from newsletter.books import (
    BOUNCES,
    AuditAction,
    MailboxMark,
    NewMessage,
    NewReturn,
    Return,
    ReturnedMessage,
    ReturnEffect,
    ReturnFigures,
    ReturnKind,
    Wanted,
)
from newsletter.store.people import events, membership, suppressions
from newsletter.store.people.keepers_log import note
from newsletter.store.sql.connections import Connections, insert_new, own, publication_of
from newsletter.store.sql.returns_schema import mailbox_marks, returned_messages, returns
from newsletter.store.sql.values import stored_text
from newsletter.store.sql.writes import Writes
from newsletter.subscribers import PersonEvent, PersonEventKind, Suppression, SuppressionKind

_KIND_OF = {ReturnKind.COMPLAINT: SuppressionKind.COMPLAINT}
_PAGE = 1_000


@dataclass(frozen=True)
class Returns:
    """What came back to one publication. Any thread may ask it."""

    _connections: Connections
    _write: Writes

    def add(
        self, message: NewMessage, told: Sequence[NewReturn], now: datetime, *, by: str
    ) -> int | None:
        """The message's number; None where it is known already, and nothing is made of it then.

        Whoever is to be suppressed by it is, or has left by it, and it is in their history.
        """
        return self._write(partial(_add, message=message, told=told, now=now, by=by))

    def is_known(self, digest: str) -> bool:
        """Whether a message with these bytes was read before."""
        wanted = select(returned_messages.c.id).where(returned_messages.c.digest == digest)
        return self._is_any(wanted, returned_messages)

    def was_told(self, recipient_key: str, issue: str, kind: ReturnKind) -> bool:
        """Whether the same has been said of this delivery, for good, before."""
        wanted = select(returns.c.id).where(
            returns.c.recipient_key == recipient_key,
            returns.c.issue == issue,
            returns.c.kind == kind,
            returns.c.is_final == 1,
        )
        return self._is_any(wanted, returns)

    def counted_issues(
        self, recipient_key: str, kind: ReturnKind, since: datetime | None
    ) -> frozenset[str]:
        """The issues that have counted against somebody, of one kind, since then or ever."""
        wanted = select(returns.c.issue).where(
            returns.c.recipient_key == recipient_key,
            returns.c.effect == ReturnEffect.COUNTED,
            returns.c.kind == kind,
        )
        if since is not None:
            wanted = wanted.where(returns.c.read_at > since)
        with self._connections.reading() as connection:
            mine = wanted.where(own(connection, returns)).distinct()
            return frozenset(connection.execute(mine).scalars())

    def idle(self, since: datetime) -> int:
        """How many were read since then that nothing was made of."""
        wanted = select(func.count()).where(
            returns.c.effect.in_([ReturnEffect.SHOWN, ReturnEffect.REPEATED]),
            returns.c.read_at > since,
        )
        with self._connections.reading() as connection:
            return connection.execute(wanted.where(own(connection, returns))).scalar_one()

    def list(self, wanted: Wanted) -> Sequence[Return]:
        """The newest first."""
        with self._connections.reading() as connection:
            chosen = _joined().where(own(connection, returns), *_meant(wanted))
            newest = chosen.order_by(returns.c.id.desc()).limit(wanted.most)
            return [_return(row) for row in connection.execute(newest)]

    def show(self, message_id: int) -> ReturnedMessage | None:
        """One message with all that it told; None for a number that no message has."""
        with self._connections.reading() as connection:
            mine = own(connection, returned_messages), returned_messages.c.id == message_id
            row = connection.execute(select(returned_messages).where(*mine)).first()
            if row is None:
                return None
            theirs = _joined().where(returns.c.message_id == message_id).order_by(returns.c.id)
            told = [_return(each) for each in connection.execute(theirs)]
        return ReturnedMessage(
            id=row.id,
            read_at=row.read_at,
            source=row.source,
            subject=row.subject,
            size=row.size,
            content=None if row.content is None else zlib.decompress(row.content),
            returns=told,
        )

    def figures(self, issue: str) -> ReturnFigures:
        """Of one issue: each delivery counts once for each kind, however often it came back."""
        with self._connections.reading() as connection:
            mine = (
                own(connection, returns),
                returns.c.issue == issue,
                returns.c.is_final == 1,
                returns.c.delivery_id.is_not(None),
            )
            each = func.count(returns.c.delivery_id.distinct())
            kinds = select(returns.c.kind, each).where(*mine).group_by(returns.c.kind)
            found = {ReturnKind(kind): count for kind, count in connection.execute(kinds)}
            came_back = select(each).where(*mine, returns.c.kind.in_(BOUNCES))
            return ReturnFigures(
                returned=connection.execute(came_back).scalar_one(),
                kinds={kind: found[kind] for kind in ReturnKind if kind in found},
            )

    def totals(self) -> Mapping[tuple[ReturnKind, ReturnEffect], int]:
        """All that has ever come back, by kind and by what was made of it."""
        each = func.count()
        wanted = select(returns.c.kind, returns.c.effect, each).group_by(
            returns.c.kind, returns.c.effect
        )
        with self._connections.reading() as connection:
            rows = connection.execute(wanted.where(own(connection, returns)))
            return {(ReturnKind(kind), ReturnEffect(effect)): n for kind, effect, n in rows}

    def of_issue(self, issue: str, kinds: Iterable[ReturnKind]) -> Iterator[Return]:
        """All that prove to be of one issue, oldest first, in flat memory."""
        last, wanted = 0, list(kinds)
        while page := self._page(issue, wanted, last):
            yield from page
            last = page[-1].id

    def throw_away(self, before: datetime) -> int:
        """The contents of what was read before then; how many there were."""
        old = returned_messages.c.read_at < before, returned_messages.c.content.is_not(None)
        with self._connections.writing() as connection:
            emptied = update(returned_messages).where(own(connection, returned_messages), *old)
            return connection.execute(emptied.values(content=None)).rowcount

    def mark(self, source: str) -> MailboxMark | None:
        """How far a mailbox was read."""
        with self._connections.reading() as connection:
            mine = own(connection, mailbox_marks), mailbox_marks.c.source == source
            row = connection.execute(select(mailbox_marks).where(*mine)).first()
        return None if row is None else MailboxMark(validity=row.validity, uid=row.uid)

    def set_mark(self, source: str, mark: MailboxMark) -> None:
        """From there on it is read the next time."""
        values = {"validity": mark.validity, "uid": mark.uid}
        with self._connections.writing() as connection:
            mine = own(connection, mailbox_marks), mailbox_marks.c.source == source
            if not connection.execute(update(mailbox_marks).where(*mine).values(**values)).rowcount:
                row = {"publication_id": publication_of(connection), "source": source, **values}
                connection.execute(insert_new(connection, mailbox_marks).values(**row))

    def _is_any(self, wanted: Select[Any], table: Any) -> bool:
        with self._connections.reading() as connection:
            mine = wanted.where(own(connection, table)).limit(1)
            return connection.execute(mine).first() is not None

    def _page(self, issue: str, kinds: Sequence[ReturnKind], after: int) -> Sequence[Return]:
        with self._connections.reading() as connection:
            mine = own(connection, returns), returns.c.issue == issue, returns.c.id > after
            chosen = _joined().where(*mine, returns.c.kind.in_(kinds))
            rows = connection.execute(chosen.order_by(returns.c.id).limit(_PAGE))
            return [_return(row) for row in rows]


def _add(
    connection: Connection, message: NewMessage, told: Sequence[NewReturn], now: datetime, by: str
) -> int | None:
    values = {
        "publication_id": publication_of(connection),
        "digest": message.digest,
        "read_at": now,
        "source": stored_text(message.source),
        "subject": stored_text(message.subject),
        "size": message.size,
        "content": zlib.compress(message.content),
    }
    new = insert_new(connection, returned_messages).values(**values)
    if not connection.execute(new, execution_options={"preserve_rowcount": True}).rowcount:
        return None
    is_this = returned_messages.c.digest == message.digest
    mine = select(returned_messages.c.id).where(own(connection, returned_messages), is_this)
    number: int = connection.execute(mine).scalar_one()
    for each in told:
        connection.execute(insert(returns).values(**_row(connection, number, each, now)))
    for each in told:
        _act(connection, each, now, by)
    return number


def _row(
    connection: Connection, message_id: int, told: NewReturn, now: datetime
) -> Mapping[str, Any]:
    return {
        "publication_id": publication_of(connection),
        "message_id": message_id,
        "read_at": now,
        "kind": told.kind,
        "effect": told.effect,
        "how": stored_text(told.how),
        "delivery_id": told.delivery_id,
        "issue": told.issue,
        "recipient_key": told.recipient_key,
        "named": stored_text(told.named),
        "code": told.code,
        "enhanced_code": stored_text(told.enhanced_code),
        "reason": stored_text(told.reason),
        "is_final": int(told.is_final),
    }


def _act(connection: Connection, told: NewReturn, now: datetime, by: str) -> None:
    if not told.recipient_key or told.effect in (ReturnEffect.SHOWN, ReturnEffect.REPEATED):
        return
    of_issue = f" ({told.issue})" if told.issue else ""
    came_back = PersonEvent(
        at=now, kind=PersonEventKind.CAME_BACK, by=by, detail=f"{told.words}{of_issue}"
    )
    events.append(connection, told.recipient_key, came_back)
    if told.effect is ReturnEffect.UNSUBSCRIBED:
        membership.leave(connection, told.recipient_key, membership.BY_THEMSELVES, now)
    if told.effect is ReturnEffect.SUPPRESSED:
        suppress(connection, told, now, by)


def suppress(connection: Connection, told: NewReturn, now: datetime, by: str) -> bool:
    """Nothing more is sent to them, for what was said; False where that was so already."""
    wanted = Suppression(
        address_key=told.recipient_key,
        kind=_KIND_OF.get(told.kind, SuppressionKind.BOUNCE),
        reason=told.words,
        created_at=now,
    )
    is_new = suppressions.suppress(connection, wanted, by)
    if is_new:
        action = AuditAction.SUPPRESSED
        note(connection, action, told.recipient_key, wanted.kind.value, by, now)
    return is_new


def forget(connection: Connection, address_key: str) -> None:
    """What came back of somebody who is erased: it counts on, and is nobody's.

    The messages themselves are thrown away, for their addresses are in them.
    """
    is_theirs = or_(
        returns.c.recipient_key == address_key, func.lower(returns.c.named) == address_key
    )
    mine = own(connection, returns), is_theirs
    messages = returned_messages.c.id.in_(select(returns.c.message_id).where(*mine))
    emptied = update(returned_messages).where(own(connection, returned_messages), messages)
    connection.execute(emptied.values(content=None, subject=""))
    blank = {"recipient_key": "", "named": "", "reason": ""}
    connection.execute(update(returns).where(*mine).values(**blank))


def _joined() -> Select[Any]:
    return select(returns, returned_messages.c.source).join(
        returned_messages, returned_messages.c.id == returns.c.message_id
    )


def _meant(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.kinds:
        yield returns.c.kind.in_(wanted.kinds)
    if wanted.effects:
        yield returns.c.effect.in_(wanted.effects)
    if wanted.issue:
        yield returns.c.issue == wanted.issue
    if wanted.recipient_key:
        yield returns.c.recipient_key == wanted.recipient_key
    if wanted.since is not None:
        yield returns.c.read_at > wanted.since


def _return(row: Row[Any]) -> Return:
    told = NewReturn(
        kind=ReturnKind(row.kind),
        effect=ReturnEffect(row.effect),
        how=row.how,
        delivery_id=row.delivery_id,
        issue=row.issue,
        recipient_key=row.recipient_key,
        named=row.named,
        code=row.code,
        enhanced_code=row.enhanced_code,
        reason=row.reason,
        is_final=bool(row.is_final),
    )
    return Return(
        id=row.id,
        message_id=row.message_id,
        read_at=row.read_at,
        source=row.source,
        told=told,
    )
