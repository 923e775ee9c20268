"""Who needs a person after a run, gathered by what the relay said; and one word for all of a group.

A refusal that says the same but for numbers is the same. What a word does to each delivery is the
journal's to say, and to each address the list's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from newsletter.books import DeliveryState, Failure, Refused, Run
from newsletter.errors import StoreError
from newsletter.publishing import doubts
from newsletter.publishing.people import keeping
from newsletter.publishing.publication import Books
from newsletter.publishing.refusing import is_gone
from newsletter.reports import people, same_words, why
from newsletter.subscribers import SuppressionKind

_Key = tuple[DeliveryState, str]


@dataclass(kw_only=True, slots=True)
class Group:
    """People in one state of whom the relay said the same; `said` is what.

    `sole` is the one address there is, else "", `domain` the one that all are at, else "".
    `is_no_mailbox` where the relay has said that there is no such mailbox.
    """

    state: DeliveryState
    said: str
    is_no_mailbox: bool
    attempts: int
    keys: list[str] = field(default_factory=list, repr=False)

    @property
    def id(self) -> str:
        """The same as long as they are."""
        return sha256(f"{self.state} {self.said}".encode()).hexdigest()[:12]

    @property
    def count(self) -> int:
        return len(self.keys)

    @property
    def sole(self) -> str:
        return self.keys[0] if self.count == 1 else ""

    @property
    def domain(self) -> str:
        domains = {key.rpartition("@")[2] for key in self.keys}
        return domains.pop() if len(domains) == 1 else ""


def groups_of(run: Run, books: Books) -> Sequence[Group]:
    """Those in doubt first, then the greatest."""
    found: dict[_Key, Group] = {}
    for failure in people(books.database, run, books.now()):
        group = _group(failure)
        found.setdefault((group.state, group.said), group).keys.append(failure.recipient.key)
    is_doubt = DeliveryState.IN_DOUBT
    return sorted(found.values(), key=lambda each: (each.state is not is_doubt, -each.count))


def suppress_group(run: Run, group_id: str, reason: str, books: Books) -> int:
    """None of the group is written to any more; how many of them were not suppressed before.

    Raises StoreError for a group that is there no more, PersonError for no reason.
    """
    group, why_ = _found(run, group_id, books), keeping.reason_said(reason)
    return sum(keeping.suppress(key, SuppressionKind.BOUNCE, why_, books) for key in group.keys)


def send_group_again(run: Run, group_id: str, reason: str, books: Books) -> int:
    """Those refused are planned again, for the next send; how many.

    Raises StoreError for a group that is there no more, and where the run was cancelled.
    """
    group = _found(run, group_id, books)
    why_ = keeping.reason_said(reason)
    wanted = (Refused(recipient_key=key) for key in group.keys)
    return sum(doubts.plan_again(run, each, books, reason=why_)[0] for each in wanted)


def _found(run: Run, group_id: str, books: Books) -> Group:
    for group in groups_of(run, books):
        if group.id == group_id:
            return group
    raise StoreError("nobody needs a person for this any more", where=run.issue)


def _group(failure: Failure) -> Group:
    return Group(
        state=failure.state,
        said=same_words(why(failure)),
        is_no_mailbox=failure.state is DeliveryState.REFUSED and is_gone(failure),
        attempts=failure.attempts,
    )
