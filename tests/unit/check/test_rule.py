"""What a rule is told besides the issue: the day of the send, and what the e-mail weighs."""

from datetime import date

from newsletter.check import Context, HouseFormat, all_rules, check_issue
from newsletter.issue import Issue, parse_issue, source_from_text

HOUSE = HouseFormat()


def issue_of(*, path: str) -> Issue:
    return parse_issue(
        source_from_text("# Two stories\n\n## 1. Shelves\n\nThey think.\n", path=path)
    )


def test_context_has_the_day_of_the_issue_unless_another_is_given() -> None:
    issue = issue_of(path="issues/2021-11-26.md")

    assert date(2021, 11, 26) == Context.of(issue, HOUSE).send_date
    assert date(2021, 12, 3) == Context.of(issue, HOUSE, send_date=date(2021, 12, 3)).send_date


def test_context_of_an_issue_without_a_day_has_none() -> None:
    assert None is Context.of(issue_of(path="week.md"), HOUSE).send_date


def test_weighed_context_lets_the_rules_of_size_speak() -> None:
    issue = issue_of(path="week.md")
    context = Context.of(issue, HOUSE)
    rules = [rule for rule in all_rules() if rule.slug in {"html-size", "html-too-large"}]

    def found(size: int) -> list[str]:
        weighed = context.weighed(size, budget=1_000, stories=(size,))
        return [item.code for item in check_issue(issue, rules, weighed)]

    assert () == check_issue(issue, rules, context)
    assert [[], ["M009"], ["M010"]] == [found(899), found(900), found(1_000)]
