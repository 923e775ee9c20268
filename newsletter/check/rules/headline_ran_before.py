"""A headline that nearly ran in an earlier issue announces a story that readers have had."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.memory import PastStory
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue

SAME_WORDS = 90
SAME_LENGTH = 75
"""Per cent of likeness, in any order of words. Headlines of two desks on the same news reach 78 and
64 at the most: those of three real issues and of our own retelling, all pairs of the 30 tried."""

SAME_WORD = 82
"""Per cent: "food" and "foods" are one word, "Leeds" and "leads" are two."""

_WORDS_FOR_ONE = 7
"""Only a headline of as many may have one word changed: "opens" and "closes" are two stories."""

_MIN_WORDS = 3
_WORD = re.compile(r"[^\W_]+(?:[.,'&-][^\W_]+)*")
_FIGURE = re.compile(r"\d")


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    """The latest issue it ran in is named. Needs earlier issues."""
    if not context.past:
        return
    stop_words = frozenset(context.house.stop_words)
    past = [(_words(story.headline) - stop_words, story) for story in context.past]
    for story in issue.stories:
        words = _words(story.headline.text) - stop_words
        before = next((other for ran, other in past if _are_alike(words, ran)), None)
        if before:
            yield Finding(
                span=story.headline.span,
                message=f"nearly the same headline ran in {before.issue}{_as_story(before)}",
                hint="say what is new, or take another story",
            )


@lru_cache(maxsize=4096)
def _words(headline: str) -> frozenset[str]:
    return frozenset(_WORD.findall(headline.casefold().replace("’", "'")))


def _are_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """The same words, or nearly; but neither a headline with other figures in it, nor one grown.

    Sales that rose by 4 % and by 7 % are two stories.
    """
    shared = len(one & other)
    if shared < _MIN_WORDS or 2 * shared < min(len(one), len(other)):
        return False  # spares nearly all pairs the loading of rapidfuzz
    if one == other:
        return True
    if any(map(_FIGURE.search, one ^ other)):
        return False
    from rapidfuzz import fuzz

    first, second = " ".join(one), " ".join(other)
    return (
        fuzz.token_set_ratio(first, second) >= SAME_WORDS
        and fuzz.token_sort_ratio(first, second) >= SAME_LENGTH
        and _changed(one, other, fuzz.ratio) * _WORDS_FOR_ONE <= min(len(one), len(other))
    )


def _changed(one: frozenset[str], other: frozenset[str], ratio: Callable[[str, str], float]) -> int:
    """How many words of the shorter one have no like among the other's own."""
    shorter, longer = sorted((one, other), key=len)
    left = longer - shorter
    return sum(all(ratio(word, like) < SAME_WORD for like in left) for word in shorter - longer)


def _as_story(past: PastStory) -> str:
    number = "" if past.number is None else f" as story {past.number}"
    return f"{number}: “{past.headline}”"


RULE = Rule(
    code="R002",
    slug="headline-ran-before",
    summary="A headline did not run in one of the last issues.",
    severity=Severity.WARNING,
    check=check,
)
