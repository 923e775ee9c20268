"""At what pace a part of a run goes out, and which parts a run falls into for that.

The relay has a rate by its URL, a receiver by [limits.domains]; on a shared database all machines
keep to each together. How turns are given is left to `delivery`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from newsletter.books import Part, Run, relay_of
from newsletter.delivery import PacedPart, Throttle, Throttles
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

    def of(self, part: Part) -> PacedPart:
        """The part, and where it is of a group that has a rate, that pace."""
        group = self.settings.limits.group(group_of(part, self.books) or "")
        name = f"group {self.settings.key} {group.name}"
        own = self._throttle(name, group.rate) if group.rate else None
        return PacedPart(part=part, throttle=own)

    def _throttle(self, name: str, rate: float | None) -> Throttle:
        database = self.books.database
        fleet = database.paces.take if database.is_shared else None
        return self.throttles.of(name, rate, fleet)


def group_of(part: Part, books: Books) -> str | None:
    """The group of domains that a part is of; None for one of several groups.

    The books are asked where somebody names a shard and no more.
    """
    if part.group is None and part.shard_id is not None and books.settings.limits.domains:
        return books.database.runs.group_of(part.shard_id)
    return part.group


def counted_as(run: Run, part: Part, books: Books) -> tuple[str, str]:
    """Under what name the faults of a part are counted, and the relay that it goes over.

    A relay that a group has for itself keeps nobody else waiting.
    """
    group = group_of(part, books) or ""
    own = books.settings.limits.group(group).relay
    return f"{run.issue} over {own}" if own else run.issue, books.publication.relay_name(group)


def without_paused(part: Part, settings: Settings) -> Part:
    """The part without the groups that [limits.domains] has paused."""
    paused = frozenset(group.name for group in settings.limits.domains if group.is_paused)
    return replace(part, without=paused)


def side_by_side(part: Part, settings: Settings) -> Sequence[Part]:
    """What goes out side by side of a part: each group that has rules, and all the rest.

    The first is the rest. A shard, or a group, is one by itself.
    """
    groups = [group.name for group in settings.limits.domains if group.name not in part.without]
    if part.shard_id is not None or part.group is not None or not groups:
        return [part]
    rest = replace(part, without=part.without.union(groups))
    return [rest, *(replace(part, group=name) for name in groups)]
