"""Issues in lists: by month, newest first, the latest months in full and older ones a line each."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from newsletter.render.site.imprint import SiteImprint
from newsletter.render.site.published import ListedIssue

FULL_MONTHS, BRIEF_MONTHS = 2, 4
"""How many months the front page shows with their headlines, and how many more without."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchiveMonth:
    """`key` is `2026-11`, `name` the same in words."""

    key: str
    name: str
    issues: tuple[ListedIssue, ...]
    is_brief: bool


def newest_first(issues: Iterable[ListedIssue]) -> list[ListedIssue]:
    """By date; of one day, by name."""
    return sorted(issues, key=lambda issue: (issue.date, issue.name), reverse=True)


def by_month(
    issues: Iterable[ListedIssue], site: SiteImprint, *, full: int = 0
) -> Iterator[ArchiveMonth]:
    """The issues by month; the first `full` of them with headlines."""
    months = groupby(newest_first(issues), key=lambda issue: issue.date.replace(day=1))
    for position, (first, found) in enumerate(months):
        yield ArchiveMonth(
            key=f"{first:%Y-%m}",
            name=site.month(first),
            issues=tuple(found),
            is_brief=position >= full,
        )


def years_of(issues: Sequence[ListedIssue]) -> tuple[int, ...]:
    """The years that have a page: newest first, without one by which an issue is named."""
    names = {issue.name for issue in issues}
    years = sorted({issue.date.year for issue in issues}, reverse=True)
    return tuple(year for year in years if f"{year:04}" not in names)
