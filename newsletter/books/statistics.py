"""A run counted: by domain, by reply and over time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from newsletter.books.states import DeliveryState


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
class RateCount:
    """Acceptances in equal spans of time from `start` on."""

    start: datetime
    span: timedelta
    counts: Sequence[int]
