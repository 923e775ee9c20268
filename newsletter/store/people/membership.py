"""What people do about their own membership, and what a list keeper does for them.

Each method is one transaction, with its event in the person's history; together with many others
where the site is busy (`newsletter.store.sql.writes`). Whether somebody may ask is not asked here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial

from sqlalchemy import Connection, delete, select

from newsletter.addresses import AddrSpec
from newsletter.books import LETTER_LIFE, AuditAction, LetterKind
from newsletter.store.people import by_hand, events, letters, suppressions, tries
from newsletter.store.people.keepers_log import note
from newsletter.store.people.rows import change_member, locked_member, new_member, stored_tags
from newsletter.store.sql.connections import insert_new, own
from newsletter.store.sql.schema import subscribers
from newsletter.store.sql.values import stored_text
from newsletter.store.sql.writes import Writes
from newsletter.subscribers import (
    Consent,
    PersonEvent,
    PersonEventKind,
    Subscriber,
    SubscriberState,
    Suppression,
    SuppressionKind,
)

UNDO = timedelta(hours=24)
"""For so long after leaving, the link that one left by also leads back."""

BY_THEMSELVES = "themselves"
"""Who did it, where the person did."""

_PENDING, _CONFIRMED, _LEFT = (
    SubscriberState.PENDING,
    SubscriberState.CONFIRMED,
    SubscriberState.UNSUBSCRIBED,
)


class Confirmed(StrEnum):
    """What came of a confirmation. Barred: a list keeper has suppressed the address by hand."""

    NEW = "new"
    ALREADY = "already"
    BARRED = "barred"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What somebody asks of the list on a form; `limit_key` is what all spellings of one mailbox
    have in common.
    """

    address: AddrSpec
    first_name: str
    limit_key: str
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Preferences:
    """What a person may choose. Of the tags in `choosable` they have `topics`, and no others."""

    first_name: str
    topics: frozenset[str]
    choosable: frozenset[str]
    paused_until: datetime | None


@dataclass(frozen=True)
class Membership:
    """The membership of one publication. Any thread may ask it."""

    _write: Writes

    def ask(self, wish: Wish, now: datetime) -> bool:
        """Somebody wants to join: they are pending, and owed a confirmation letter.

        One letter a day for an address, whatever its spelling and whoever asks. None for an
        address that a list keeper has suppressed. True where a letter is owed by this.
        """
        return self._write(partial(_ask, wish=wish, now=now))

    def ask_within(self, limits: Mapping[str, int], wish: Wish, now: datetime) -> bool:
        """`Tries.count` and `ask` in one transaction; False where there were too many tries.

        Then nothing was asked. In one, because a commit takes so much longer than all else that by
        a second one, or by its absence, a stopwatch would tell whom the list knows.
        """
        return self._write(partial(_ask_within, limits=limits, wish=wish, now=now))

    def confirm(
        self, address_key: str, source: str, now: datetime, *, has_welcome: bool = False
    ) -> Confirmed:
        """The person has said yes; what had suppressed them yields, and stays in their history.

        Unknown for who has left, or was suppressed, since they asked for the last time: their yes
        is the older word.
        """
        return self._write(
            partial(_confirm, key=address_key, source=source, now=now, has_welcome=has_welcome)
        )

    def leave(self, address_key: str, now: datetime, *, by: str = BY_THEMSELVES) -> bool:
        """The person has left; an open delivery to them is suppressed, as `Suppressions.add` does.

        Someone who is not on the list goes to the suppression list: a later import must not send
        to a person who asked to be left alone. False when they had left before.
        """
        return self._write(partial(leave, key=address_key, by=by, now=now))

    def undo_leaving(self, address_key: str, now: datetime) -> bool:
        """Back on the list, as if nothing had been; False a day after, or where nobody left."""
        return self._write(partial(_undo, key=address_key, now=now))

    def say_why(self, address_key: str, reason: str, now: datetime) -> bool:
        """Why somebody left, once, and within the day; False otherwise."""
        return self._write(partial(_say_why, key=address_key, reason=reason, now=now))

    def prefer(self, address_key: str, wanted: Preferences, now: datetime) -> Subscriber | None:
        """The member as they are now; None for who is not on the list, or has left."""
        return self._write(partial(_prefer, key=address_key, wanted=wanted, now=now))

    def add(
        self,
        address: AddrSpec,
        first_name: str,
        consent: Consent,
        now: datetime,
        *,
        tags: Iterable[str] = (),
        by: str,
    ) -> bool:
        """A confirmed member, on a list keeper's word.

        False where the address is known, or suppressed by itself or by hash.
        """
        change = partial(by_hand.add, address=address, first_name=first_name, consent=consent)
        return self._write(partial(change, tags=tags, by=by, now=now))

    def return_(self, address_key: str, reason: str, now: datetime, *, by: str) -> bool:
        """Confirmed once more on a list keeper's word, whose reason is kept.

        Their suppression is not touched. False where the person is not on the list, or never left.
        """
        return self._write(partial(by_hand.return_, key=address_key, reason=reason, by=by, now=now))

    def remove(self, address_key: str, now: datetime, *, by: str) -> bool:
        """Off the list, without a trace in it but the event; a suppression stays."""
        return self._write(partial(by_hand.remove, key=address_key, by=by, now=now))

    def drop_unconfirmed(self, now: datetime) -> int:
        """Who never confirmed is forgotten when their link has expired; returns how many.

        A thousand at a time, so that nobody waits for long.
        """
        return self._write(partial(_drop_unconfirmed, before=now - LETTER_LIFE))


def _ask_within(
    connection: Connection, limits: Mapping[str, int], wish: Wish, now: datetime
) -> bool:
    letters.one_by_one(connection)  # before the counters, so that nobody waits in a circle
    if tries.count(connection, limits, now):
        return False
    _ask(connection, wish, now)
    return True


def _ask(connection: Connection, wish: Wish, now: datetime) -> bool:
    letters.one_by_one(connection)
    key = wish.address.key
    found = suppressions.find(connection, key)
    if found is not None and not found.kind.yields_to_consent:
        return False
    if letters.is_one_owed(connection, LetterKind.CONFIRMATION, wish.limit_key, now):
        if _is_gone_since_asking(connection, key):  # the letter that they have may bring them back
            _log(connection, key, PersonEventKind.ASKED, BY_THEMSELVES, now, wish.source)
        return False
    row = new_member(connection, wish.address, wish.first_name, _PENDING, now)
    row = {**row, "consent_source": stored_text(wish.source)}
    connection.execute(insert_new(connection, subscribers).values(**row))
    member = locked_member(connection, key)
    if member is not None and member.state is _PENDING:  # and stays so as long as the new letter
        name = wish.first_name or member.first_name
        change_member(connection, member, now, first_name=stored_text(name))
    letters.owe(connection, LetterKind.CONFIRMATION, wish.address, wish.limit_key, now)
    _log(connection, key, PersonEventKind.ASKED, BY_THEMSELVES, now, wish.source)
    return True


def _confirm(
    connection: Connection, key: str, source: str, now: datetime, *, has_welcome: bool
) -> Confirmed:
    letters.one_by_one(connection)
    found = suppressions.find(connection, key)
    if found is not None and not found.kind.yields_to_consent:
        return Confirmed.BARRED
    member = locked_member(connection, key)
    if member is None:
        return Confirmed.UNKNOWN
    is_gone = found is not None or member.state is _LEFT
    if is_gone and _is_gone_since_asking(connection, key):
        return Confirmed.UNKNOWN
    if found is not None:
        suppressions.lift(connection, key, "confirmed by a new sign-up", BY_THEMSELVES, now)
    elif member.state is _CONFIRMED:
        return Confirmed.ALREADY
    change_member(
        connection,
        member,
        now,
        state=_CONFIRMED,
        consent_source=stored_text(source),
        consent_at=now,
        paused_until=None,
    )
    came = PersonEventKind.RETURNED if member.state is _LEFT else PersonEventKind.JOINED
    more = int(member.state is not _CONFIRMED)
    _log(connection, key, came, BY_THEMSELVES, now, source, people=more)
    if has_welcome and not letters.is_one_owed(connection, LetterKind.WELCOME, key, now):
        letters.owe(connection, LetterKind.WELCOME, member.address, key, now)
    return Confirmed.NEW


def _is_gone_since_asking(connection: Connection, key: str) -> bool:
    """Whether somebody left, or was suppressed, and has not asked for anything after that."""
    gone = (PersonEventKind.LEFT, PersonEventKind.SUPPRESSED)
    for event in reversed(events.events_of(connection, key)):
        if event.kind in (*gone, PersonEventKind.ASKED):
            return event.kind in gone
    return False


def leave(connection: Connection, key: str, by: str, now: datetime) -> bool:
    """`Membership.leave`, in somebody's transaction."""
    member = locked_member(connection, key)
    if member is not None and member.state is _LEFT:
        return False
    if member is None:
        if not _keep_off(connection, key, by, now):
            return False
    else:
        change_member(connection, member, now, state=_LEFT, paused_until=None)
    fewer = int(member is not None and member.state is _CONFIRMED)
    _log(connection, key, PersonEventKind.LEFT, by, now, people=fewer)
    if by != BY_THEMSELVES:
        note(connection, AuditAction.UNSUBSCRIBED, key, "", by, now)
    return True


def _keep_off(connection: Connection, key: str, by: str, now: datetime) -> bool:
    """A stranger's word. Of who was erased nothing comes back by it: their hash does it already."""
    if suppressions.find(connection, key) is not None:
        return False
    wanted = Suppression(
        address_key=key, kind=SuppressionKind.UNSUBSCRIBED, reason=_LEFT.value, created_at=now
    )
    return suppressions.suppress(connection, wanted, by)


def _undo(connection: Connection, key: str, now: datetime) -> bool:
    left = _just_left(connection, key, now)
    if left is None:
        return False
    member = locked_member(connection, key)
    if member is None:
        suppressions.lift(connection, key, "undone", BY_THEMSELVES, now)
    elif member.state is _LEFT:  # who had not confirmed before has not by this
        before = _CONFIRMED if left.people else _PENDING
        change_member(connection, member, now, state=before)
    undone = "leaving was undone"
    returned = PersonEventKind.RETURNED
    _log(connection, key, returned, BY_THEMSELVES, now, undone, people=left.people)
    return True


def _just_left(connection: Connection, key: str, now: datetime) -> PersonEvent | None:
    """By themselves, within the day, and nothing has happened since but their saying why."""
    for event in reversed(events.events_of(connection, key)):
        if event.kind is PersonEventKind.SAID_WHY:
            continue
        is_theirs = event.by == BY_THEMSELVES and event.kind is PersonEventKind.LEFT
        return event if is_theirs and event.at > now - UNDO else None
    return None


def _say_why(connection: Connection, key: str, reason: str, now: datetime) -> bool:
    last = events.last_of(connection, key)
    if last is None or last.kind is not PersonEventKind.LEFT or last.at <= now - UNDO:
        return False
    _log(connection, key, PersonEventKind.SAID_WHY, BY_THEMSELVES, now, reason)
    return True


def _prefer(
    connection: Connection, key: str, wanted: Preferences, now: datetime
) -> Subscriber | None:
    member = locked_member(connection, key)
    if member is None or member.state is not _CONFIRMED:
        return None
    kept = set(member.tags) - wanted.choosable
    topics = wanted.topics & wanted.choosable
    change_member(
        connection,
        member,
        now,
        first_name=stored_text(wanted.first_name),
        tags=stored_tags(kept | topics),
        paused_until=wanted.paused_until,
    )
    after = locked_member(connection, key)
    if after is not None and (member.first_name, member.tags) != (after.first_name, after.tags):
        _log(connection, key, PersonEventKind.CHANGED, BY_THEMSELVES, now)
    if wanted.paused_until not in {None, member.paused_until}:
        until = f"until {wanted.paused_until:%Y-%m-%d}"
        _log(connection, key, PersonEventKind.PAUSED, BY_THEMSELVES, now, until)
    return after


def _drop_unconfirmed(connection: Connection, before: datetime) -> int:
    late = (
        select(subscribers.c.address_key)
        .where(
            own(connection, subscribers),
            subscribers.c.state == _PENDING,
            subscribers.c.updated_at <= before,
        )
        .limit(1_000)
    )
    keys = list(connection.execute(late).scalars())
    for key in keys:
        events.forget(connection, key)
        mine = subscribers.c.address_key == key
        connection.execute(delete(subscribers).where(own(connection, subscribers), mine))
    letters.drop_old(connection, before)
    return len(keys)


def _log(
    connection: Connection,
    key: str,
    kind: PersonEventKind,
    by: str,
    now: datetime,
    detail: str = "",
    *,
    people: int = 1,
) -> None:
    event = PersonEvent(at=now, kind=kind, by=by, detail=detail, people=people)
    events.append(connection, key, event)
