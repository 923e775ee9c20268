"""An intro of the house greets the reader with the day of the week."""

from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    text = issue.intro_text.casefold()
    if not issue.stories or not text:
        return
    weekdays = context.house.calendar.weekdays
    if not any(weekday.casefold() in text for weekday in weekdays):
        yield Finding(
            span=next(block.span for block in issue.intro if not block.comment),
            message="the intro does not name the day of the week",
            hint="name the day on which the issue is sent",
        )


RULE = Rule(
    code="C003",
    slug="intro-weekday",
    summary="The intro names a weekday.",
    severity=Severity.INFO,
    check=check,
)
