"""People looked up: by a part of their address or name, and everything that is known of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from newsletter.addresses import MAX_ADDRESS, AddrSpec, parse_addr_spec
from newsletter.errors import Act, AddressError, PersonError, Remedy
from newsletter.publishing.publication import Books
from newsletter.subscribers import (
    MOVES,
    PersonEventKind,
    PersonFile,
    Subscriber,
    SubscriberState,
    checked_line,
)

SHOWN = 50
"""People at once, where nobody asks for more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """The first people who fit, by address; there are `total` of them."""

    people: Sequence[Subscriber]
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.people)


def find(text: str, books: Books, *, limit: int = SHOWN) -> Found:
    """Whose address or first name holds the text. Raises PersonError for no line of text."""
    said = checked_line(text, what="what to look for", most=MAX_ADDRESS, step="give a part of it")
    wanted = _as_listed(said)
    subscribers = books.database.subscribers
    people = subscribers.like(wanted, limit)
    total = subscribers.count_like(wanted) if len(people) == limit else len(people)
    return Found(people=people, total=total)


def _as_listed(text: str) -> str:
    """A whole address in the form that the list has it in; anything else as it is."""
    try:
        return parse_addr_spec(text).key
    except AddressError:
        return text


def file_of(address: AddrSpec, books: Books) -> PersonFile:
    """Everything that is held about an address. Raises PersonError where nothing is."""
    found = books.database.person_files.of(address.key)
    if found.is_empty:
        raise PersonError(
            "nothing is known of this address",
            where=str(address),
            next_step="look for a part of it",
            remedy=Remedy(Act.FIND_SUBSCRIBERS),
        )
    return found


def stands_since(file: PersonFile) -> datetime | None:
    """Since when a member is in their state: by their events, else since they are on the list."""
    if file.subscriber is None:
        return None
    is_pending = file.subscriber.state is SubscriberState.PENDING
    kinds = (PersonEventKind.ASKED,) if is_pending else MOVES
    moments = [event.at for event in file.events if event.kind in kinds]
    return max([file.subscriber.created_at, *moments])


def kept_from_issues(file: PersonFile, now: datetime) -> str:
    """Why the next issue is not sent to them; "" for who gets it."""
    member = file.subscriber
    if file.suppression is not None:
        return "suppressed"
    if member is None:
        return "not on the list"
    if member.state is not SubscriberState.CONFIRMED:
        return member.state.value
    return "paused" if member.is_paused(now) else ""
