"""A part of a run: what one sender takes of it, where several share it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One shard, or all shards of one group of domains; what is None is not asked for.

    The group "" is that of all domains that have no rules of their own. Of the groups `without`
    nothing is taken.
    """

    shard_id: int | None = None
    group: str | None = None
    without: frozenset[str] = frozenset()

    def has(self, group: str) -> bool:
        """Whether a shard of this group may be in it."""
        return self.group in (None, group) and group not in self.without


WHOLE = Part()
"""All of a run."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupLeft:
    """What is left of a run in one group of domains: `at_hand` may go out now, by its state.

    `deferred` are to be tried again, the first of them at `next_due`; None where none is.
    """

    group: str
    at_hand: int
    deferred: int = 0
    next_due: datetime | None = None

    @property
    def unfinished(self) -> int:
        return self.at_hand + self.deferred


@dataclass(frozen=True, kw_only=True, slots=True)
class Shard:
    """A shard as somebody sees it who gives work away. `has_work` says that something of it
    may go out now, and `next_due` when the first deferred delivery may be tried again.

    `group` is its group of domains. `owner` is who has it in hand; None where nobody living has.
    `is_orphaned` says that its owner died on this machine, which is known before its lease is over.
    """

    id: int
    run_id: int
    issue: str
    number: int
    group: str
    owner: str | None
    has_work: bool
    next_due: datetime | None
    is_orphaned: bool = False
