"""Who is on the list: the subscriber, the states of membership, and the audience made of them.

Records only. Reading them from a file is `subscriber_file`'s, keeping them is `newsletter.store`'s.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from newsletter.addresses import AddrSpec


class SubscriberState(StrEnum):
    """What a person has said: asked to join, confirmed it, or left. Only the person moves it."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    UNSUBSCRIBED = "unsubscribed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Consent:
    """How somebody said yes, in words, and when; `at` is None where nobody wrote it down."""

    source: str
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Subscriber:
    """One member of the list. `address.key` is unique in it.

    `tags` are in order; `attributes` is all else that is known of them, by name. Until
    `paused_until` no issue is sent to them.
    """

    id: int
    address: AddrSpec
    first_name: str
    state: SubscriberState
    created_at: datetime
    updated_at: datetime
    tags: tuple[str, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    consent: Consent = field(default_factory=lambda: Consent(source=""))
    paused_until: datetime | None = None

    def is_paused(self, now: datetime) -> bool:
        return self.paused_until is not None and self.paused_until > now


@dataclass(frozen=True, kw_only=True, slots=True)
class AudienceMember:
    """One person of a run's audience, as the list has them at the moment of asking.

    `suppressed_because` is None for those who are owed the issue. The others are frozen into the
    run as well, with the reason, so that the books show everyone. `subscriber_id` is None for
    someone who is not on the list; such a person is only held to the suppression list. Of their
    `attributes` there are those that issues may merge.
    """

    subscriber_id: int | None
    address: AddrSpec
    first_name: str = ""
    suppressed_because: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return self.address.key

    @property
    def fields(self) -> Mapping[str, str]:
        """What may be merged into their message, by the name of the field."""
        return {**self.attributes, "first_name": self.first_name}


@dataclass(frozen=True, kw_only=True, slots=True)
class AudienceCounts:
    """How many are owed an issue now, and how many are not, by reason."""

    owed: int
    suppressed: Mapping[str, int]

    @property
    def total(self) -> int:
        return self.owed + sum(self.suppressed.values())
