"""What ran before: the stories of earlier issues, as the rules of the memory family want them.

Pure. Which files there are, and reading them, is the caller's.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from newsletter.check.issue_links import links_of
from newsletter.check.web_address import is_web_address
from newsletter.issue import Issue


@dataclass(frozen=True, kw_only=True, slots=True)
class PastStory:
    """A story that ran before: in which issue, under which headline, with which links."""

    issue: str
    number: int | None
    headline: str
    links: tuple[str, ...]


def past_stories(
    issues: Iterable[Issue], *, before: date | None, limit: int
) -> tuple[PastStory, ...]:
    """The stories of the `limit` latest issues from before a day, the newest issue first.

    Issues without a date have no place in time and are left out. Where `before` is None, every
    issue with a date is an earlier one: an issue without a date is yet to come.
    """
    dated = [(issue.date, issue) for issue in issues if issue.date is not None]
    earlier = [(day, issue) for day, issue in dated if before is None or day < before]
    earlier.sort(key=lambda pair: (pair[0], pair[1].name), reverse=True)
    return tuple(story for _, issue in earlier[:limit] for story in _stories(issue))


def _stories(issue: Issue) -> Iterator[PastStory]:
    links = [link for link in links_of(issue) if is_web_address(link.href)]
    for position, story in enumerate(issue.stories, start=1):
        yield PastStory(
            issue=issue.name,
            number=story.number,
            headline=story.headline.text,
            links=tuple(link.href for link in links if link.story == position),
        )
