"""The section [limits.domains]: groups of recipients' domains that have rules of their own.

What a group is named by, and what may be said of it, is read here; who keeps to it is left to the
sender.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class DomainGroup:
    """Domains that are one receiver's, so that what holds for them holds for them together.

    `name` is the first of them, as it was written. `rate` is in messages per second over all
    machines, None for no ceiling of its own. `is_paused` keeps everything back that goes there.
    `relay` names the transport that carries it, "" for the publication's own.
    """

    name: str
    domains: Sequence[str]
    rate: float | None = None
    is_paused: bool = False
    relay: str = ""
