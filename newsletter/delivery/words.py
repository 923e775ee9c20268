"""What a refusal sounds like: its words without what is of one message, and what they hint at.

Words and codes are hints and no more (RFC 3463 is read in as many ways as there are relays): whom
a refusal meets is for `mood` to weigh.
"""

import re
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache

from newsletter.transports import Reply, Verdict


class Hint(StrEnum):
    """Whom the words of a refusal seem to be meant for."""

    NONE = "nothing"
    MAILBOX = "the recipient's mailbox"
    GREYLIST = "a first attempt"
    POLICY = "what we may send"
    RATE = "how fast we send"
    CAP = "how much we send in a time"


OURS = (Hint.RATE, Hint.CAP)
"""Hints at how we send, whoever the recipient is."""


_MAILBOX_CODES = ("1.1", "1.2", "1.3", "1.6", "1.10", "2.0", "2.1", "2.2", "2.3", "4.4")
"""RFC 3463, 3.2 and 3.3: bad address, mailbox disabled or full; 4.4: its domain has no route."""

_POLICY_CODES = ("1.7", "1.8", "4.5", "4.6", "7.")
"""Of the sender's address, of a congested relay, of security and policy (RFC 3463, 3.8)."""

_OUTBOUND_CODES = ("1.90", "2.252")
"""Microsoft's, for a sender's cap and for a sender who may not send as another."""

_RATE_REPLIES = (421, 452, 454)

_CAP = re.compile(
    r"\b(?:daily|hourly|monthly|per[- ](?:day|hour|month|24)|(?:day|hour|24[- ]?h\w*)'?s? limit)\b"
    r"|\b(?:sending|message|mail|recipient|account|user)\w* (?:quota|limit)s?\b"
    r"|\b(?:quota|limit)s? (?:\w+ ){0,3}(?:exceeded|reached)\b|\bexceeded\b.*\b(?:quota|limit)\b",
    re.IGNORECASE,
)
_HOUR = re.compile(r"hour(?!s)|\bper[- ]h\b", re.IGNORECASE)
_GREYLIST = re.compile(r"\bgr[ea]y[- ]?list", re.IGNORECASE)
_RATE = re.compile(
    r"\btoo (?:many|much|fast)\b|\bthrottl|\brate\b|\bslow down\b|\bper (?:second|minute)\b"
    r"|\btemporarily (?:blocked|suspended)",
    re.IGNORECASE,
)
_MAILBOX = re.compile(
    r"\b(?:user|mailbox|recipient|account|address|domain|host)\w*\b.*"
    r"\b(?:unknown|not (?:found|exist)|no such|unavailable|disabled|full|over quota|inactive)"
    r"|\b(?:unknown|no such|non-?existent|invalid) (?:user|mailbox|recipient|address|local)"
    r"|\bdoes(?: not|n't) (?:exist|like)",
    re.IGNORECASE,
)
_POLICY = re.compile(
    r"\bpolicy\b|\bblock(?:ed|ing|list)|\bblacklist|\bspam\b|\bnot (?:allowed|permitted|authorized)"
    r"|\bdenied\b|\bunauthenticated\b|\breputation\b|\bsuspended\b|\bsend(?:ing|er|as)\b",
    re.IGNORECASE,
)
_FOLDED = re.compile(r"\S+@\S+|\S*\d\S*|\b(?=\w*[A-Z])[A-Za-z_-]{12,}\b|[^\w\s]+")


@lru_cache(maxsize=256)
def hint_of(reply: Reply) -> Hint:
    """What a refusal hints at; of several hints the one that says most."""
    text, detail = reply.text, reply.enhanced_code[2:]
    if detail in _MAILBOX_CODES:
        return Hint.MAILBOX
    if reply.verdict is Verdict.TRANSIENT and _GREYLIST.search(text):
        return Hint.GREYLIST
    if _CAP.search(text):
        return Hint.CAP
    if _RATE.search(text) or (reply.code in _RATE_REPLIES and not _MAILBOX.search(text)):
        return Hint.RATE
    if detail in _OUTBOUND_CODES or detail.startswith(_POLICY_CODES):
        return Hint.POLICY
    if _MAILBOX.search(text):
        return Hint.MAILBOX
    return Hint.POLICY if _POLICY.search(text) else Hint.NONE


def cap_of(reply: Reply) -> timedelta | None:
    """The time for which a stated cap holds: an hour where the words say so, else a day."""
    if hint_of(reply) is not Hint.CAP:
        return None
    return timedelta(hours=1) if _HOUR.search(reply.text) else timedelta(days=1)


@lru_cache(maxsize=256)
def folded(reply: Reply) -> frozenset[str]:
    """The words of a reply without addresses, numbers and ids, and in no order.

    "550 5.4.5 Limit exceeded. id17 - gsmtp" gives 550, limit, exceeded, gsmtp.
    """
    words = _FOLDED.sub(" ", reply.text).casefold().split()
    return frozenset((str(reply.code), *words))


def are_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two folded replies say the same: they share two thirds of all their words."""
    return 3 * len(one & other) >= 2 * len(one | other)


def said(reply: Reply) -> str:
    """`550 5.4.5 Daily user sending limit exceeded`."""
    return " ".join(filter(None, (str(reply.code or ""), reply.enhanced_code, reply.text)))
