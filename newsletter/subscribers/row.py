"""One person in a file, as far as the list can take it. Reading it is `row_reader`'s."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from newsletter.addresses import AddrSpec
from newsletter.subscribers.model import Consent
from newsletter.subscribers.standing import Standing
from newsletter.subscribers.suppression import Suppression


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One person in the file; `line` is where the record begins, from one.

    `gone_at` is when they left, where the file says so. `consent` is None where it says nothing.
    """

    line: int
    address: AddrSpec
    first_name: str = ""
    standing: Standing = Standing.CONFIRMED
    gone_at: datetime | None = None
    tags: tuple[str, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    consent: Consent | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    paused_until: datetime | None = None
    suppression: Suppression | None = None
