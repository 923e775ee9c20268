"""What came back of a run after it was accepted: by kind, by receiver, and who left because of it.

The books stay as they are: a delivery that came back was accepted all the same, and is counted so.
Shares are of those accepted, and are held against what Gmail and Yahoo ask of senders.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from newsletter.books import BOUNCES, DeliveryState, ReturnKind, Run
from newsletter.settings import receiver_domains
from newsletter.store import Database
from newsletter.subscribers import PersonEventKind

COMPLAINTS_WANTED, COMPLAINTS_BORNE = 0.001, 0.003
"""Shares of complaints: below the first always, and never the second (Gmail and Yahoo, 2024)."""

LEAVING = timedelta(days=7)
"""After so long nobody leaves for an issue of then."""

_COUNTED = (*BOUNCES, ReturnKind.COMPLAINT)
_MOST = 12
"""Receivers that are named."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Receiver:
    """What came back of one receiver, or domain, by kind."""

    name: str
    kinds: Mapping[ReturnKind, int]

    @property
    def total(self) -> int:
        return sum(self.kinds.values())


@dataclass(frozen=True, kw_only=True, slots=True)
class Returned:
    """What came back of one issue. `returned` are deliveries with a bounce of any kind.

    `left` are those who left within `within` of its beginning.
    """

    accepted: int
    returned: int
    kinds: Mapping[ReturnKind, int]
    receivers: Sequence[Receiver]
    left: int
    within: timedelta

    @property
    def complaints(self) -> int:
        return self.kinds.get(ReturnKind.COMPLAINT, 0)

    @property
    def is_empty(self) -> bool:
        return not (self.returned or self.kinds or self.left)

    def share(self, number: int) -> float:
        """Of those accepted, from 0 to 1."""
        return number / self.accepted if self.accepted else 0.0


def returned_of(run: Run, database: Database, now: datetime) -> Returned:
    figures = database.returns.figures(run.issue)
    within = min(max(now - run.started_at, timedelta()), LEAVING)
    return Returned(
        accepted=database.runs.balance(run.id)[DeliveryState.ACCEPTED],
        returned=figures.returned,
        kinds=figures.kinds,
        receivers=_receivers(run, database) if figures.kinds else (),
        left=left_within(run, within, database),
        within=within,
    )


def left_within(run: Run, window: timedelta, database: Database) -> int:
    """Who left so soon after a run began."""
    (moves,) = database.subscribers.moves((run.started_at, run.started_at + window))
    return moves.get(PersonEventKind.LEFT, 0)


def receiver_of(address: str) -> str:
    """The name of the receiver of an address or a domain; the domain where it has none.

    >>> receiver_of("ada@googlemail.com"), receiver_of("example.org")
    ('gmail', 'example.org')
    """
    domain = address.rpartition("@")[2]
    return _names().get(domain, domain)


def _receivers(run: Run, database: Database) -> Sequence[Receiver]:
    """The worst first; each delivery counts once for each kind."""
    seen: set[tuple[int | None, ReturnKind]] = set()
    counts: dict[str, Counter[ReturnKind]] = {}
    for found in database.returns.of_issue(run.issue, _COUNTED):
        told = found.told
        if not told.is_final or (told.delivery_id, told.kind) in seen:
            continue
        seen.add((told.delivery_id, told.kind))
        counts.setdefault(receiver_of(told.recipient_key), Counter())[told.kind] += 1
    rows = [Receiver(name=name, kinds=kinds) for name, kinds in counts.items()]
    return sorted(rows, key=lambda each: (-each.total, each.name))[:_MOST]


@cache
def _names() -> Mapping[str, str]:
    return {domain: name for name, domains in receiver_domains().items() for domain in domains}
