"""One thing on the agenda: what it is, how urgent, its facts, and the act that deals with it.

How it is said is the front's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from newsletter.errors import Remedy

Fact = str | int | datetime | None | Sequence[str]
Facts = Mapping[str, Fact]


class Urgency(StrEnum):
    """Now: something is wrong, or waits for a person. Next: a step towards the next issue.

    Note: nothing has to be done, and it is good to know.
    """

    NOW = "now"
    NEXT = "next"
    NOTE = "note"


class Kind(StrEnum):
    """All there is to be said, in the order in which it comes among things equally urgent."""

    RESTORED = "restored"
    """The database is older than what this machine has seen of it."""
    DATABASE = "database"
    """It cannot be opened."""
    SCHEMA = "schema"
    """It is another version's; what opens it next brings it up to date."""
    UNBALANCED = "unbalanced"
    """The books of a run do not balance."""
    DOUBTS = "in doubt"
    INTERRUPTED = "interrupted"
    """A run has people left, and nobody sends it or will."""
    HELD = "held"
    """A run stands still because the books were a backup's."""
    PAUSED = "paused"
    OVERDUE = "overdue"
    """The time of a slot has come, and nobody has started it."""
    MISSED = "missed"
    SILENT = "silent"
    """A daemon is dead, or hangs."""
    UNKEPT = "unkept"
    """Something is scheduled, and nobody is known to start it."""
    UNSERVED = "unserved"
    """What served the site is dead, or hangs."""
    SITE = "site"
    """It does not answer at its address; only looked at when asked for."""
    UNREADABLE = "unreadable"
    """An issue that cannot be read, checked or rendered."""
    MISDATED = "misdated"
    """An issue is dated another day than its slot."""
    FINDINGS = "findings"
    UNAPPROVED = "unapproved"
    UNSCHEDULED = "unscheduled"
    NO_ISSUE = "no issue"
    NO_KEY = "no key"
    TRANSPORT = "transport"
    """There is none, or the settings of it are at fault."""
    NOBODY = "nobody"
    """There is nobody to send to."""
    LETTERS = "letters"
    """Readers are owed letters."""
    WAITING = "waiting"
    """A run goes on later."""
    SENDING = "sending"
    READY = "ready"
    """An issue goes out in its slot as it is."""
    CAME_BACK = "came back"
    """Who was refused in the last run, who has left or was suppressed since."""
    KEPT = "kept"
    """A daemon is alive."""
    SERVED = "served"
    """What serves the site is alive."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """`facts` are named as the page of the command has them, for programs."""

    kind: Kind
    urgency: Urgency
    issue: str = ""
    facts: Facts = field(default_factory=dict)
    remedy: Remedy | None = None


_OF_ISSUES = (
    Kind.UNREADABLE,
    Kind.MISDATED,
    Kind.FINDINGS,
    Kind.UNAPPROVED,
    Kind.UNSCHEDULED,
)
"""Steps on the way of one issue, which stay together."""


def in_order(items: Iterable[Item]) -> Sequence[Item]:
    """The most urgent first; those of one kind, and those of one issue, stay as they came."""
    urgencies = list(Urgency)
    kinds = {kind: at for at, kind in enumerate(Kind)} | dict.fromkeys(
        _OF_ISSUES, list(Kind).index(_OF_ISSUES[0])
    )
    return sorted(items, key=lambda each: (urgencies.index(each.urgency), kinds[each.kind]))
