"""Without the footer, a reader whom an issue was forwarded to cannot join."""

import re
from collections.abc import Iterator

from newsletter.check.diagnostic import Edit, Finding, Fix, Severity
from newsletter.check.house_format import FOOTER, HouseFormat
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue

_BREAK = re.compile(r"\s{0,3}([-*_])(?:\s*\1){2,}\s*")


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    if issue.stories and issue.footer is None:
        link = "" if context.house.footer_link else " and a link to where readers sign up"
        yield Finding(
            span=issue.source.end,
            message="the footer is missing",
            hint=f"end the issue with “{context.house.footer}”{link}, or change {FOOTER}",
            fix=_fix(issue, context.house),
        )


def _fix(issue: Issue, house: HouseFormat) -> Fix | None:
    """The footer below a thematic break, which may be there already.

    Not for a text without blank lines: each of its lines is a block, until a blank line comes in.
    """
    end = issue.source.end
    first = (issue.title or issue.stories[0]).span.line
    lines = issue.source.lines[first - 1 : end.line]
    if not house.footer or all(line.strip() for line in lines):
        return None
    above = "\n" if _BREAK.fullmatch(lines[-1]) else "\n\n---\n"
    edit = Edit(span=end, text=above + house.linked_footer)
    return Fix(title="Write the footer", edits=(edit,))


RULE = Rule(
    code="S010",
    slug="footer-missing",
    summary="An issue ends with the footer.",
    severity=Severity.ERROR,
    check=check,
)
