"""What a send would do, as a record: all that a dry run shows and a send asks about."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from newsletter.addresses import AddrSpec, Mailbox
from newsletter.check import Diagnostic


@dataclass(frozen=True, kw_only=True, slots=True)
class AudiencePlan:
    """Whom a send goes to now. `suppressed` counts those left out, by reason.

    `accepted` and `other` are people of this issue's run who need nothing now: those who have it,
    and those whose delivery is refused, failed or in doubt. `first` are the first few of `due`.
    """

    due: int
    suppressed: Mapping[str, int]
    accepted: int
    other: int
    first: tuple[AddrSpec, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """Sizes are octets; `rate` is in messages per second, None where there is no ceiling."""

    issue: str
    sender: Mailbox
    subject: str
    preheader: str
    digest: str
    audience: AudiencePlan
    message_size: int
    headers_size: int
    text_size: int
    html_size: int
    transport: str
    connections: int
    rate: float | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def duration(self) -> timedelta | None:
        return estimate(self.audience.due, self.rate)


def estimate(messages: int, rate: float | None) -> timedelta | None:
    """How long so many messages take at a rate per second; None where no rate is set."""
    return timedelta(seconds=round(messages / rate)) if rate else None
