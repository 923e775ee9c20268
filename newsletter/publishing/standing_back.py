"""Receivers whose mail is held back for now, because [limits.domains] has paused them.

What is said of it here is for all fronts; that nothing is claimed for them is seen to by `pacing`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from newsletter.books import Run
from newsletter.publishing.publication import Books
from newsletter.settings import Settings


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldBack:
    """`count` are deliveries of a run that wait for the `group` to be let go on."""

    group: str
    count: int

    @property
    def words(self) -> str:
        return f"{self.count:,} wait: {self.group} is paused in newsletter.toml"


def paused_groups(settings: Settings) -> Sequence[str]:
    return [group.name for group in settings.limits.domains if group.is_paused]


def held_back(run: Run, books: Books) -> Sequence[HeldBack]:
    """Each paused group that the run has somebody left of."""
    names = paused_groups(books.settings)
    if not names:
        return []
    return [
        HeldBack(group=left.group, count=left.unfinished)
        for left in books.database.runs.groups_left(run.id)
        if left.group in names
    ]


def waits_for_nothing_else(run: Run, held: Sequence[HeldBack], books: Books) -> bool:
    """Whether all that is left of a run is held back."""
    return bool(held) and books.database.runs.balance(run.id).unfinished == sum(
        each.count for each in held
    )
