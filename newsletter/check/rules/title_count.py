"""A title that says five above four stories; a title without a number is not compared."""

from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.heading_marks import hides_headlines
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue


def check(issue: Issue, _context: Context) -> Iterator[Finding]:
    count, title = len(issue.stories), issue.title
    is_wrong = title and count and issue.title_count not in (None, count)
    if title and is_wrong and not hides_headlines(issue):
        yield Finding(
            span=title.span,
            message=f"the title says {issue.title_count}, the issue has {count}",
            hint="change the number in the title, or the stories",
        )


RULE = Rule(
    code="C001",
    slug="title-count",
    summary="The number in the title is the number of stories.",
    severity=Severity.ERROR,
    check=check,
)
