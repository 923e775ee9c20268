"""A rule of another package that fails is told, and the others run."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from newsletter.check import Context, Finding, HouseFormat, Rule, Severity, check_issue
from newsletter.errors import CheckError
from newsletter.issue import Issue, Span, parse_issue, source_from_text

ISSUE = parse_issue(source_from_text("# T\n\nI.\n\n## 1. One\n\nA.\n", path="week.md"))
HERE = Span(line=1, column=1, end_line=1, end_column=2)
CONTEXT = Context(house=HouseFormat())


def fine(_issue: Issue, _context: Context) -> Iterator[Finding]:
    yield Finding(span=HERE, message="fine")


def fails_at_once(_issue: Issue, _context: Context) -> Iterator[Finding]:
    raise KeyError("colour")


def fails_later(_issue: Issue, _context: Context) -> Iterator[Finding]:
    yield Finding(span=HERE, message="found before")
    raise ZeroDivisionError


def yields_nonsense(_issue: Issue, _context: Context) -> Any:
    return ["no finding"]


def points_nowhere(_issue: Issue, _context: Context) -> Iterator[Finding]:
    yield Finding(span=Span(line=99, column=1, end_line=99, end_column=2), message="lost")


def rule(check: Callable[[Issue, Context], Any], *, package: str) -> Rule:
    return Rule(
        code="B001", slug="bad", summary="S.", severity=Severity.ERROR, check=check, package=package
    )


OTHER = Rule(code="F001", slug="fine", summary="S.", severity=Severity.WARNING, check=fine)


@pytest.mark.parametrize(
    ("check", "said"),
    [
        (fails_at_once, "KeyError: 'colour'"),
        (fails_later, "ZeroDivisionError"),
        (yields_nonsense, "AttributeError: 'str' object has no attribute 'span'"),
        (points_nowhere, "IndexError: tuple index out of range"),
    ],
)
def test_failing_rule_is_told_with_package_and_file_and_the_others_run(
    check: Callable[[Issue, Context], Any], said: str
) -> None:
    faults: list[CheckError] = []
    rules = (rule(check, package="shouting"), OTHER)

    found = check_issue(ISSUE, rules, CONTEXT, on_fault=faults.append)

    assert "fine" in [item.message for item in found]
    line = f"week.md: the rule B001 bad of the package shouting failed: {said}; "
    step = "tell its makers, and switch it off meanwhile: [house] off = ['bad']"
    assert [line + step] == [str(fault) for fault in faults]


def test_failing_rule_is_an_error_for_who_wants_all_or_nothing() -> None:
    with pytest.raises(CheckError, match="of the package shouting failed"):
        check_issue(ISSUE, (rule(fails_at_once, package="shouting"), OTHER), CONTEXT)


def test_rule_of_our_own_that_fails_is_a_bug() -> None:
    with pytest.raises(KeyError):
        check_issue(ISSUE, (rule(fails_at_once, package=""), OTHER), CONTEXT)
