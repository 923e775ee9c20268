"""The engine: which rules run, in which order findings come, and under which severity."""

from collections.abc import Iterator
from datetime import date

from newsletter.check import Context, Finding, HouseFormat, Rule, Severity, all_rules, check_issue
from newsletter.issue import Issue, parse_issue, source_from_text

TWO = "# Shop-floor stories\n\nIt’s Friday.\n\n## 1. Shelves\n\nThey think.\n\n## 2. Tills\n\n"


def issue_of(text: str, path: str = "issue.md") -> Issue:
    return parse_issue(source_from_text(text, path=path))


def rule_of(slug: str, *lines: int, code: str = "T001", runs_last: bool = False) -> Rule:
    """A rule that finds something on each of the given lines."""

    def check(issue: Issue, _context: Context) -> Iterator[Finding]:
        for line in lines:
            yield Finding(span=issue.source.span_of_line(line), message=f"line {line}")

    return Rule(
        code=code,
        slug=slug,
        summary="A line is fine.",
        severity=Severity.WARNING,
        check=check,
        runs_last=runs_last,
    )


def test_check_issue_gives_diagnostics_in_file_order_whatever_the_order_of_rules() -> None:
    rules = [rule_of("late", 9, 3), rule_of("early", 1, 9, code="A001")]

    found = check_issue(issue_of(TWO), rules, Context(house=HouseFormat()))

    assert [(1, "early"), (3, "late"), (9, "early"), (9, "late")] == [
        (item.span.line, item.slug) for item in found
    ]


def test_check_issue_fills_a_diagnostic_from_rule_and_finding() -> None:
    rule = rule_of("shelves", 5)

    (found,) = check_issue(issue_of(TWO, "week/47.md"), [rule], Context(house=HouseFormat()))

    assert "week/47.md" == found.path
    assert ("T001", "shelves", Severity.WARNING) == (found.code, found.slug, found.severity)
    assert ("line 5", "") == (found.message, found.hint)
    assert "## 1. Shelves" == found.source_line


def test_check_issue_uses_the_severity_of_the_house_where_there_is_one() -> None:
    house = HouseFormat(severities={"shelves": Severity.INFO})

    found = check_issue(
        issue_of(TWO), [rule_of("shelves", 1), rule_of("tills", 3)], Context(house=house)
    )

    assert [Severity.INFO, Severity.WARNING] == [item.severity for item in found]


def test_check_issue_does_not_run_a_rule_that_is_switched_off() -> None:
    house = HouseFormat(switched_off=frozenset({"shelves"}))

    found = check_issue(
        issue_of(TWO), [rule_of("shelves", 1), rule_of("tills", 3)], Context(house=house)
    )

    assert ["tills"] == [item.slug for item in found]


def test_check_issue_runs_a_last_rule_with_what_the_others_left() -> None:
    heard: list[frozenset[str]] = []

    def check(_issue: Issue, context: Context) -> Iterator[Finding]:
        heard.append(context.names)
        yield from ()

    last = Rule(
        code="Z001",
        slug="last",
        summary="",
        severity=Severity.INFO,
        check=check,
        runs_last=True,
    )

    check_issue(issue_of(TWO), [last, rule_of("shelves", 1)], Context(house=HouseFormat()))

    assert [frozenset({"last", "z001", "shelves", "t001"})] == heard


def test_check_issue_hands_the_send_date_to_the_rules() -> None:
    seen: list[date | None] = []

    def check(_issue: Issue, context: Context) -> Iterator[Finding]:
        seen.append(context.send_date)
        yield from ()

    rule = Rule(code="T1", slug="t", summary="", severity=Severity.INFO, check=check)
    day = date(2027, 11, 26)

    check_issue(issue_of(TWO), [rule], Context(house=HouseFormat(), send_date=day))

    assert [day] == seen


def test_check_issue_gives_the_same_twice() -> None:
    issue, rules, context = issue_of(TWO), all_rules(), Context(house=HouseFormat())

    assert check_issue(issue, rules, context) == check_issue(issue, rules, context)


def test_check_issue_holds_stories_and_footer_to_the_house() -> None:
    text = TWO + "They rest.\n\n---\nWrite to us.\n"
    off = frozenset({"subject-length", "preheader-length", "apostrophes"})
    house = HouseFormat(stories=(2, 3), footer="Write to us.", switched_off=off)

    assert () == check_issue(issue_of(text), all_rules(), Context(house=house))


def test_check_issue_names_a_range_of_stories() -> None:
    house = HouseFormat(stories=(5, 6))

    found = check_issue(issue_of(TWO), all_rules(), Context(house=house))

    assert "the issue has 2 stories, the house format says 5 to 6" in [
        item.message for item in found
    ]


def test_check_issue_says_one_thing_of_an_empty_file() -> None:
    found = check_issue(issue_of(""), all_rules(), Context(house=HouseFormat()))

    assert ["empty-issue"] == [item.slug for item in found]
