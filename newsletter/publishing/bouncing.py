"""What came back is taken in: understood, proven or not, acted on once, and kept to be looked at.

Everything that is read goes through here, whatever it was read from. What nothing of ours proves is
shown and does nothing; of that no more is kept in a day than the settings say, so that a flood
fills neither the disk nor the pages. The content is a stranger's, and is never trusted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256

from newsletter.books import NewMessage, NewReturn, ReturnEffect, ReturnKind
from newsletter.bounces import (
    Before,
    ReturnedRecipient,
    Understanding,
    verdict,
)
from newsletter.publishing.bounce_identity import Identified, Proof, key_named, whose
from newsletter.publishing.explaining import explained
from newsletter.publishing.publication import Books

BY_BOUNCES = "what came back"
"""Who did it, in the log and in people's history."""

MOST_KEPT = 1_000_000
"""Octets of one message; of a longer one only so many are kept to be looked at."""

_DAY = timedelta(days=1)

_VOUCHING = ("dkim", "dmarc")
"""SPF proves an envelope's sender, and no author."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrival:
    """A message as it was found: `source` is where, `recipient` whom its envelope names, or ""."""

    raw: bytes
    source: str
    recipient: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """What came of one message. `number` is its own in the books; None where it is not kept.

    `is_new` is False for one that was read before.
    """

    told: Sequence[NewReturn]
    number: int | None
    is_new: bool


def take_in(arrival: Arrival, books: Books) -> Taken:
    """Durable when it returns; the same bytes again change nothing. Raises StoreError."""
    digest = sha256(arrival.raw).hexdigest()
    if books.database.returns.is_known(digest):
        return Taken(told=(), number=None, is_new=False)
    understanding = explained(arrival.raw, recipient=arrival.recipient)
    owners = _with_author(whose(understanding, books), understanding, books)
    told = _each_once(_told(each, understanding, books) for each in owners)
    if _is_flood(told, books):
        return Taken(told=told, number=None, is_new=True)
    message = NewMessage(
        digest=digest,
        source=arrival.source,
        subject=understanding.subject,
        size=len(arrival.raw),
        content=arrival.raw[:MOST_KEPT],
    )
    number = books.database.returns.add(message, told, books.now(), by=BY_BOUNCES)
    return Taken(told=told, number=number, is_new=number is not None)


def throw_away_old(books: Books) -> int:
    """The contents of messages that were kept for long enough; how many."""
    return books.database.returns.throw_away(books.now() - books.settings.bounces.kept)


def _each_once(told: Iterable[NewReturn]) -> list[NewReturn]:
    """What a report says of several behind one reader is said of that reader once."""
    seen: set[tuple[str, str, ReturnKind]] = set()
    found = []
    for each in told:
        key = (each.recipient_key, each.issue, each.kind)
        is_again = bool(each.recipient_key) and key in seen
        found.append(replace(each, effect=ReturnEffect.REPEATED) if is_again else each)
        seen.add(key)
    return found


def _told(found: Identified, understanding: Understanding, books: Books) -> NewReturn:
    recipient, delivery = found.recipient, found.delivery
    key, issue = found.recipient_key, delivery.issue if delivery else ""
    effect = verdict(
        recipient.kind,
        is_final=recipient.is_final,
        proven=found.proven,
        before=_before(recipient, key, issue, books),
        rules=books.settings.bounces.rules,
    )
    return _new(
        recipient,
        effect,
        f"{understanding.how}, proven by {found.proof}" if key else understanding.how,
        delivery_id=delivery.id if delivery else None,
        issue=issue,
        recipient_key=key,
    )


def _new(
    recipient: ReturnedRecipient,
    effect: ReturnEffect,
    how: str,
    *,
    delivery_id: int | None = None,
    issue: str = "",
    recipient_key: str = "",
) -> NewReturn:
    return NewReturn(
        kind=recipient.kind,
        effect=effect,
        how=how,
        delivery_id=delivery_id,
        issue=issue,
        recipient_key=recipient_key,
        named=recipient.address,
        code=recipient.code,
        enhanced_code=recipient.enhanced_code,
        reason=recipient.reason,
        is_final=recipient.is_final,
    )


def _with_author(
    owners: Sequence[Identified], understanding: Understanding, books: Books
) -> Sequence[Identified]:
    """A wish to leave without a token is its author's, where our own server vouches for them."""
    server, author = books.settings.bounces.authserv_id, understanding.clues.author
    is_wish = understanding.kind is ReturnKind.UNSUBSCRIBE
    if not (is_wish and server and author) or any(each.recipient_key for each in owners):
        return owners
    domain = author.rpartition("@")[2].lower()
    vouched = [
        each
        for each in understanding.clues.authenticated
        if each.server.lower() == server and each.method in _VOUCHING
    ]
    if not any(_is_aligned(domain, each.domain.lower()) for each in vouched):
        return owners
    key = _member_key(author, books)
    return (
        [replace(each, recipient_key=key, proof=Proof.AUTHOR) for each in owners] if key else owners
    )


def _is_aligned(domain: str, vouched: str) -> bool:
    """The author's domain is that which was vouched for, or below it (RFC 7489, 3.1)."""
    return domain == vouched or (vouched.count(".") > 0 and domain.endswith(f".{vouched}"))


def _member_key(address: str, books: Books) -> str:
    key = key_named(address)
    return key if key and books.database.subscribers.find([key]) else ""


def _before(recipient: ReturnedRecipient, key: str, issue: str, books: Books) -> Before:
    if not key:
        return Before()
    returns, rules = books.database.returns, books.settings.bounces.rules
    since = books.now() - timedelta(days=rules.soft_days)
    soft = returns.counted_issues(key, ReturnKind.SOFT, since)
    hard = returns.counted_issues(key, ReturnKind.HARD, None)
    return Before(
        is_repeated=returns.was_told(key, issue, recipient.kind),
        hard=len(hard - {issue}),
        soft=len(soft - {issue}),
    )


def _is_flood(told: Sequence[NewReturn], books: Books) -> bool:
    """Whether nothing is made of it, and enough of the kind is kept for today."""
    if any(each.effect not in (ReturnEffect.SHOWN, ReturnEffect.REPEATED) for each in told):
        return False
    kept = books.database.returns.idle(books.now() - _DAY)
    return kept >= books.settings.bounces.unproven_per_day
