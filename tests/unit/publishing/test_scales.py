"""What is rendered only to be weighed: the estimate is held to what our templates make."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter.check import NEAR_BUDGET, Context, HouseFormat, all_rules
from newsletter.issue import Issue, parse_issue, source_from_text
from newsletter.publishing.rendering import render
from newsletter.publishing.scales import RULES, Scales, estimate
from newsletter.render import measure
from newsletter.settings import load_settings

ROOT = Path(__file__).parents[3]
NOW = datetime(2021, 12, 1, 9, tzinfo=UTC)
HEAD = "# T\n\nI.\n\n"
SHAPES = {
    "one story": "## 1. A\n\nB.\n",
    "stories": "".join(f"## {number}. A\n\nB.\n\n" for number in range(1, 41)),
    "paragraphs": "## 1. A\n\n" + "B.\n\n" * 500,
    "links": "## 1. A\n\n" + "[a](tel:1) " * 500,
    "links alone": "## 1. A\n\n" + "[a](tel:1)\n\n" * 500,
    "images": "## 1. A\n\n" + "![](a:b)\n\n" * 100,
    "lists": "## 1. A\n\n" + "- a\n" * 500,
    "quotations": "## 1. A\n\n" + "> a\n\n" * 500,
    "headings": "## 1. A\n\n" + "### a\n\n" * 500,
    "other letters": "## 1. A\n\n" + "ж" * 10_000,
}


def issue_of(body: str) -> Issue:
    return parse_issue(source_from_text(HEAD + body, path="x.md"))


def size_of(issue: Issue) -> int:
    settings = load_settings(ROOT, os.environ, with_environment=False)
    return measure(render(issue, settings, NOW)).html_quoted_printable


@pytest.mark.parametrize("body", SHAPES.values(), ids=SHAPES)
def test_estimate_is_no_less_than_what_our_templates_make(body: str) -> None:
    issue = issue_of(body)

    assert estimate(issue) >= size_of(issue)


@pytest.mark.parametrize("path", sorted((ROOT / "issues").glob("*.md")), ids=lambda path: path.stem)
def test_estimate_of_an_ordinary_issue_is_far_from_the_budget(path: Path) -> None:
    issue = parse_issue(source_from_text(path.read_text(encoding="utf-8")))

    assert size_of(issue) <= estimate(issue) < NEAR_BUDGET * 100_000


def test_scales_leave_an_ordinary_issue_alone(tmp_path: Path) -> None:
    """The settings are not even read: there are none."""
    scales = Scales(folder=tmp_path, budget=100_000, now=NOW)
    context = Context(house=HouseFormat())

    assert context is scales.put(issue_of(SHAPES["one story"]), context)


def test_rules_that_want_the_size_are_registered() -> None:
    assert {rule.slug for rule in all_rules()} >= RULES
