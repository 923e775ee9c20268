"""What a list keeper does to one person: added, taken off, brought back, suppressed, erased.

Each act can be repeated, and says whether it has changed anything. Whether to go on is asked by the
front; the entry in the log is the store's, in the transaction of the change.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from newsletter.addresses import AddrSpec, parse_addr_spec
from newsletter.errors import Act, PersonError, Remedy
from newsletter.publishing.publication import Books
from newsletter.settings import Settings
from newsletter.subscribers import (
    MAX_FIRST_NAME,
    MAX_REASON,
    Consent,
    Subscriber,
    SubscriberState,
    Suppression,
    SuppressionKind,
    checked_line,
    checked_tag,
    parse_hash,
)

_WHERE_WHY = "say where and how they said yes"
_WHY = "say why"


@dataclass(frozen=True, kw_only=True, slots=True)
class NewMember:
    """Somebody who has said yes to a list keeper; `new_member` makes one of what was typed."""

    address: AddrSpec
    first_name: str
    tags: tuple[str, ...]
    consent: Consent


class Left(StrEnum):
    """What came of an unsubscribing. Stranger: who was not on the list is suppressed by it."""

    LEFT = "left"
    STRANGER = "stranger"
    ALREADY = "already"


@dataclass(frozen=True, kw_only=True, slots=True)
class Return:
    """Whether somebody was brought back, and what keeps them from being sent to all the same."""

    is_new: bool
    suppression: Suppression | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Lifted:
    """The suppression that was lifted, None where there was none; and who is on the list by it."""

    suppression: Suppression | None
    member: Subscriber | None


def address_said(text: str, settings: Settings) -> AddrSpec:
    """Raises AddressError."""
    return parse_addr_spec(text, lenient=settings.limits.lenient_addresses)


def key_said(text: str, settings: Settings) -> str:
    """The key of an address, or a SHA-256 of one. Raises AddressError."""
    return parse_hash(text) or address_said(text, settings).key


def new_member(
    address: AddrSpec, first_name: str, tags: Iterable[str], consent: Consent
) -> NewMember:
    """Raises PersonError for a field that the list cannot keep, or without consent."""
    source = checked_line(consent.source, what="the consent", most=MAX_REASON, step=_WHERE_WHY)
    return NewMember(
        address=address,
        first_name=checked_line(first_name, what="the first name", most=MAX_FIRST_NAME),
        tags=tuple(sorted({checked_tag(tag) for tag in tags})),
        consent=Consent(source=source, at=consent.at),
    )


def add(new: NewMember, books: Books) -> bool:
    """A confirmed member, on the keeper's word; False where they are one already.

    Raises PersonError for who has left, is suppressed, or was asked and has not confirmed.
    """
    database, now = books.database, books.now()
    consent, tags = new.consent, new.tags
    if database.membership.add(new.address, new.first_name, consent, now, tags=tags, by=books.by):
        return True
    check_may_be_added(new.address, books)
    return False


def check_may_be_added(address: AddrSpec, books: Books) -> None:
    """Raises PersonError, with the act that would help; nothing for a confirmed member."""
    found = books.database.suppressions.find(address.key)
    if found is not None:
        raise PersonError(
            f"is suppressed ({found.words})",
            where=str(address),
            next_step="if that no longer holds",
            remedy=Remedy(Act.UNSUPPRESS, str(address)),
        )
    member = member_of(address, books)
    if member is not None and member.state is not SubscriberState.CONFIRMED:
        has_left = member.state is SubscriberState.UNSUBSCRIBED
        raise PersonError(
            "has left the list" if has_left else "has not confirmed yet",
            where=str(address),
            next_step="if they have asked to be on it",
            remedy=Remedy(Act.RESUBSCRIBE, str(address)),
        )


def member_of(address: AddrSpec, books: Books) -> Subscriber | None:
    return books.database.subscribers.find([address.key]).get(address.key)


def remove(address: AddrSpec, books: Books) -> bool:
    """Off the list; a suppression stays. False where they are not on it."""
    return books.database.membership.remove(address.key, books.now(), by=books.by)


def has_left(address: AddrSpec, books: Books) -> bool:
    """Whether there is nothing more to unsubscribe: they have left, or are no member and barred."""
    member = member_of(address, books)
    if member is None:
        return books.database.suppressions.find(address.key) is not None
    return member.state is SubscriberState.UNSUBSCRIBED


def unsubscribe(address: AddrSpec, books: Books) -> Left:
    """The person asked the keeper to be left alone."""
    is_stranger = member_of(address, books) is None
    if not books.database.membership.leave(address.key, books.now(), by=books.by):
        return Left.ALREADY
    return Left.STRANGER if is_stranger else Left.LEFT


def resubscribe(address: AddrSpec, reason: str, books: Books) -> Return:
    """Confirmed once more on the keeper's word. A suppression is not lifted by it.

    Raises PersonError without a reason, and for who is not on the list.
    """
    why = reason_said(reason)
    database = books.database
    is_new = database.membership.return_(address.key, why, books.now(), by=books.by)
    if not is_new and member_of(address, books) is None:
        raise PersonError(
            "is not on the list",
            where=str(address),
            remedy=Remedy(Act.ADD_SUBSCRIBER, str(address)),
        )
    return Return(is_new=is_new, suppression=database.suppressions.find(address.key))


def suppress(key: str, kind: SuppressionKind, reason: str, books: Books) -> bool:
    """Never sent to again; False where the address, or the hash, is suppressed already.

    Raises PersonError for a reason that is no line of text, and for an erasure: `forget` does it.
    """
    why = checked_line(reason, what="the reason", most=MAX_REASON) or kind.value
    if kind is SuppressionKind.ERASED and not parse_hash(key):
        raise PersonError(
            "an address that is written down is not erased",
            where=key,
            remedy=Remedy(Act.FORGET_SUBSCRIBER, key),
        )
    return books.database.suppressions.add(key, why, books.now(), kind=kind, by=books.by)


def unsuppress(key: str, reason: str, books: Books) -> Lifted:
    """May be sent to again, if they are on the list. Raises PersonError without a reason."""
    why = reason_said(reason)
    found = books.database.suppressions.lift(key, why, books.now(), by=books.by)
    return Lifted(suppression=found, member=books.database.subscribers.find([key]).get(key))


def reason_said(reason: str) -> str:
    """Raises PersonError where there is none, or more than a line."""
    return checked_line(reason, what="the reason", most=MAX_REASON, step=_WHY)


def is_known(address: AddrSpec, books: Books) -> bool:
    """Whether anything but a hash is held about the address."""
    found = books.database.person_files.of(address.key)
    barred = found.suppression
    is_named = barred is not None and not barred.is_hash
    return bool(found.subscriber or is_named or found.events or found.receipts)


def forget(address: AddrSpec, books: Books) -> bool:
    """Everything that names the address is erased; its hash stays, and is suppressed.

    False where there is nothing to erase.
    """
    return books.database.person_files.forget(address.key, books.now(), by=books.by)
