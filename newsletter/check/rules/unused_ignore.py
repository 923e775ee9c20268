"""A comment that no longer silences anything would hide the next mistake at its place."""

from collections.abc import Iterator
from difflib import get_close_matches

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.ignores import Ignore
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue


def check(_issue: Issue, context: Context) -> Iterator[Finding]:
    for ignore in context.ignores:
        fault = _fault(ignore, context.names)
        if fault:
            message, hint = fault
            yield Finding(span=ignore.span, message=message, hint=hint)


def _fault(ignore: Ignore, names: frozenset[str]) -> tuple[str, str] | None:
    """What is wrong with one comment, and what to do about it."""
    if not ignore.name:
        hint = "name a rule by its slug: `<!-- check: ignore footer-wording -->`"
        return "the ignore comment names no rule", hint
    if ignore.name not in names:
        near = get_close_matches(ignore.name, sorted(names), n=1)
        hint = f"did you mean {near[0]}?" if near else "`newsletter rules` lists them"
        return f"the ignore comment names “{ignore.name}”, which is no rule", hint
    if not ignore.used:
        return f"the ignore comment for {ignore.name} silences nothing", "delete it"
    return None


RULE = Rule(
    code="X001",
    slug="unused-ignore",
    summary="An ignore comment silences something.",
    severity=Severity.WARNING,
    check=check,
    runs_last=True,
)
