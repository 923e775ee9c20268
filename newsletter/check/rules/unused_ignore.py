"""A comment that no longer silences anything would hide the next mistake at its place."""

from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.ignores import Ignore
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue


def check(_issue: Issue, context: Context) -> Iterator[Finding]:
    for ignore in context.ignores:
        message = _fault(ignore, context.names)
        if message:
            hint = "delete the comment, or name the rule by its slug: `newsletter rules` lists them"
            yield Finding(span=ignore.span, message=message, hint=hint)


def _fault(ignore: Ignore, names: frozenset[str]) -> str:
    if not ignore.name:
        return "the ignore comment names no rule"
    if ignore.name not in names:
        return f"the ignore comment names “{ignore.name}”, which is no rule"
    return "" if ignore.used else f"the ignore comment for {ignore.name} silences nothing"


RULE = Rule(
    code="X001",
    slug="unused-ignore",
    summary="An ignore comment silences something.",
    severity=Severity.WARNING,
    check=check,
    runs_last=True,
)
