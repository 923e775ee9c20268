"""A rule: its name, one sentence, a severity, and one function that looks at an issue."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.house_format import HouseFormat
from newsletter.check.ignores import Ignore
from newsletter.check.memory import PastStory
from newsletter.issue import Issue
from newsletter.pictures import Outcome


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """What a rule may know besides the issue; what nobody gave is None, and rules stay silent.

    `html_size` and `story_sizes` are bytes of the encoded HTML part, whole and by story in order.
    `past` are the stories of earlier issues, the newest issue first. `dead_links` are addresses
    that lead nowhere, each with the reason. `pictures` has what becomes of each image that is a
    file, by its address.

    `ignores` and `names` are for rules that run last: the ignore comments, each with whether it
    was of use, and every name by which a rule is known.
    """

    house: HouseFormat
    send_date: date | None = None
    html_size: int | None = None
    html_budget: int = 100_000
    story_sizes: tuple[int, ...] = ()
    past: tuple[PastStory, ...] = ()
    dead_links: Mapping[str, str] = field(default_factory=dict)
    pictures: Mapping[str, Outcome] = field(default_factory=dict)
    ignores: tuple[Ignore, ...] = ()
    names: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls,
        issue: Issue,
        house: HouseFormat,
        *,
        send_date: date | None = None,
        past: tuple[PastStory, ...] = (),
    ) -> "Context":
        """What is known of an issue that is sent on a day, or else on the day that it bears."""
        return cls(house=house, send_date=send_date or issue.date, past=past)

    def weighed(self, size: int, *, budget: int, stories: tuple[int, ...] = ()) -> "Context":
        """The same, with what the rendered issue weighs, in bytes."""
        return replace(self, html_size=size, html_budget=budget, story_sizes=stories)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """A rule as registered: `code` ("S001") for machines, `slug` ("title-missing") for people.

    A rule that `runs_last` sees what the others found, through the context. Other packages may give
    an `explanation`, Markdown in place of the page that our own rules have. `package` is where a
    rule came from, "" for ours; whoever loads the rule fills it in.
    """

    code: str
    slug: str
    summary: str
    severity: Severity
    check: Callable[[Issue, Context], Iterable[Finding]]
    runs_last: bool = False
    explanation: str = ""
    package: str = ""
