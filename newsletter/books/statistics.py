"""A run counted: by domain, by reply and over time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from newsletter.books.states import DeliveryState

LONG_ENOUGH = timedelta(seconds=10)
ENOUGH = 20
"""Acceptances: fewer, or in a shorter time, are dots that nobody learns anything from."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DomainCount:
    """How many deliveries of a domain are in each state."""

    domain: str
    counts: Mapping[DeliveryState, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, kw_only=True, slots=True)
class ReplyCount:
    """One reply and how many had it last. Of acceptances `text` is one of many."""

    state: DeliveryState
    code: int | None
    enhanced_code: str
    text: str
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class RelayCount:
    """One relay, by `relay_of`, and how many deliveries it settled or heard last, by state."""

    relay: str
    counts: Mapping[DeliveryState, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, kw_only=True, slots=True)
class RateCount:
    """Acceptances in equal spans of time from `start` on."""

    start: datetime
    span: timedelta
    counts: Sequence[int]

    @property
    def is_telling(self) -> bool:
        """Whether a chart of it says more than when the run was."""
        return self.span * len(self.counts) >= LONG_ENOUGH and sum(self.counts) >= ENOUGH


@dataclass(frozen=True, kw_only=True, slots=True)
class PutOff:
    """How often a relay asked to come back later, with one reply code, in a span of time at `at`.

    The moment is that of its first such reply.
    """

    at: datetime
    code: int
    count: int
