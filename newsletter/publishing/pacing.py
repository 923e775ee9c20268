"""At what pace a part of a run goes out, and which parts a run falls into for that.

The relay has a rate by its URL, a receiver by [limits.domains]; on a shared database all machines
keep to each together. How turns are given is left to `delivery`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from newsletter.books import Part, relay_of
from newsletter.delivery import Pacing, Throttle, Throttles, paced_by
from newsletter.publishing.publication import Books
from newsletter.settings import Settings
from newsletter.transports import Transport


@dataclass(frozen=True, kw_only=True, slots=True)
class Paces:
    """The throttles of a process as one send sees them."""

    throttles: Throttles
    books: Books
    settings: Settings

    def over(self, transport: Transport) -> Throttle:
        """The pace of a relay, whoever is sent to."""
        return self._throttle(f"relay {relay_of(transport.name)}", transport.rate)

    def of(self, part: Part, transport: Transport) -> Pacing:
        """The same, and where the part is a group's that has a rate, that too."""
        group = self.settings.limits.group(self._group_of(part))
        name = f"group {self.settings.key} {group.name}"
        own = self._throttle(name, group.rate) if group.rate else None
        return paced_by(self.over(transport), own)

    def _group_of(self, part: Part) -> str:
        """Asked of the books where somebody names a shard and no more."""
        if part.group is None and part.shard_id is not None and self.settings.limits.domains:
            return self.books.database.runs.group_of(part.shard_id)
        return part.group or ""

    def _throttle(self, name: str, rate: float | None) -> Throttle:
        database = self.books.database
        fleet = database.paces.take if database.is_shared else None
        return self.throttles.of(name, rate, fleet)


def paced_parts(part: Part, settings: Settings) -> Sequence[Part]:
    """A part without what is paused; a whole run falls into one for each group that has a rate.

    The first of those is all the rest, so that nobody waits for a receiver that is slow to take.
    """
    groups = settings.limits.domains
    paused = frozenset(group.name for group in groups if group.is_paused)
    rated = [group.name for group in groups if group.rate and not group.is_paused]
    if part.shard_id is not None or part.group is not None or not rated:
        return [replace(part, without=paused)]
    rest = replace(part, without=paused.union(rated))
    return [rest, *(replace(part, group=name) for name in rated)]
