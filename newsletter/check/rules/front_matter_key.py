"""A key nobody reads is a slip: a `subjct` would silently send the title as the subject."""

from collections.abc import Iterator
from difflib import get_close_matches

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.rule import Context, Rule
from newsletter.issue import KEYS, Issue


def check(issue: Issue, _context: Context) -> Iterator[Finding]:
    for entry in issue.front_matter.entries:
        if entry.key not in KEYS:
            near = get_close_matches(entry.key.lower(), KEYS, n=1)
            hint = f"did you mean {near[0]}?" if near else f"the keys are {', '.join(KEYS)}"
            message = f"the front matter has no key “{entry.key}”"
            yield Finding(span=entry.key_span, message=message, hint=hint)


RULE = Rule(
    code="S003",
    slug="front-matter-key",
    summary="Front matter has only keys that mean something.",
    severity=Severity.WARNING,
    check=check,
)
