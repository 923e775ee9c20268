"""A rule: its name, one sentence, a severity, and one function that looks at an issue."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.house_format import HouseFormat
from newsletter.check.ignores import Ignore
from newsletter.issue import Issue


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """What a rule may know besides the issue; what nobody gave is None, and rules stay silent.

    `ignores` and `names` are for rules that run last: the ignore comments, each with whether it
    was of use, and every name by which a rule is known.
    """

    house: HouseFormat
    send_date: date | None = None
    ignores: tuple[Ignore, ...] = ()
    names: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """A rule as registered: `code` ("S001") for machines, `slug` ("title-missing") for people.

    A rule that `runs_last` sees what the others found, through the context.
    """

    code: str
    slug: str
    summary: str
    severity: Severity
    check: Callable[[Issue, Context], Iterable[Finding]]
    runs_last: bool = False
