"""One finding for one mistake."""

import pytest

from newsletter.check import (
    Context,
    HouseFormat,
    Severity,
    all_rules,
    check_issue,
    without_followers,
)
from newsletter.issue import parse_issue, source_from_text

RULES = all_rules()
STORIES = [f"## {n}. Headline {n} of the week\n\nA paragraph that ends well." for n in range(1, 7)]


def told(stories: list[str], count: str = "five", **house: object) -> list[str]:
    text = "\n\n".join([f"# The {count} biggest stories", "It’s Friday.", *stories])
    issue = parse_issue(source_from_text(text, path="2027-11-26.md"))
    context = Context(house=HouseFormat(**house))  # type: ignore[arg-type]
    found = without_followers(check_issue(issue, RULES, context))
    return [item.slug for item in found if item.code in {"S007", "S008", "C001"}]


@pytest.mark.parametrize("lost", range(5))
def test_a_lost_story_is_told_once(lost: int) -> None:
    assert ["story-count"] == told([s for at, s in enumerate(STORIES[:5]) if at != lost])


def test_a_story_too_many_is_told_once() -> None:
    assert ["story-count"] == told(STORIES)


def test_two_mistakes_are_told_both() -> None:
    assert ["title-count", "story-count"] == told(STORIES[:4], count="six")
    twice = told([STORIES[0], STORIES[1], STORIES[1], STORIES[3]])
    assert {"story-count", "story-numbering"} == set(twice)
    assert ["title-count"] == told(STORIES[:5], count="six")


def test_root_hides_nothing_worse_than_itself() -> None:
    mild = {"story-count": Severity.WARNING}

    assert ["title-count", "story-count"] == told(STORIES[:4], severities=mild)


def test_root_that_is_switched_off_hides_nothing() -> None:
    assert ["title-count"] == told(STORIES[:4], switched_off=frozenset({"story-count"}))
