"""A comment that no longer silences anything would hide the next mistake at its place."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.ignores import Ignore
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue

_MOST_SEARCHES = 30
"""Names in one issue. More slips than that are no slips."""

_LONGEST = 80
"""Characters of a name that are compared; no rule has a name half as long."""


def check(_issue: Issue, context: Context) -> Iterator[Finding]:
    near = _Near(context.names)
    for ignore in context.ignores:
        fault = _fault(ignore, context.names, near)
        if fault:
            message, hint = fault
            yield Finding(span=ignore.span, message=message, hint=hint)


class _Near:
    """The rule that a name comes near to; a search is slow, so there are not many of them."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = sorted(names)
        self._known: dict[str, str] = {}

    def __call__(self, name: str) -> str:
        if name not in self._known and len(self._known) < _MOST_SEARCHES:
            near = get_close_matches(name[:_LONGEST], self._names, n=1)
            self._known[name] = near[0] if near else ""
        return self._known.get(name, "")


def _fault(ignore: Ignore, names: frozenset[str], near: _Near) -> tuple[str, str] | None:
    """What is wrong with one comment, and what to do about it."""
    if not ignore.name:
        hint = "name a rule by its slug: `<!-- check: ignore footer-wording -->`"
        return "the ignore comment names no rule", hint
    if ignore.name not in names:
        meant = near(ignore.name)
        hint = f"did you mean {meant}?" if meant else "name a rule that exists, or delete it"
        return f"the ignore comment names “{ignore.name}”, which is not a rule", hint
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
