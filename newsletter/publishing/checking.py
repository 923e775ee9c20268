"""Issues checked with what a publication knows besides: dates, memory, sizes, and the web."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from newsletter.check import (
    Context,
    Diagnostic,
    HouseFormat,
    LinkCache,
    PastStory,
    Rule,
    Severity,
    check_issue,
    find_dead_links,
    fix_text,
    without_followers,
)
from newsletter.errors import NewsletterError, RenderError, SettingsError
from newsletter.issue import Issue
from newsletter.publishing.history import History
from newsletter.publishing.pictures import PictureFolder


class Weighing(Protocol):
    """What puts the sizes of an issue into the context, where they can matter."""

    def put(self, issue: Issue, context: Context) -> Context:
        """Raises RenderError, SettingsError for an issue that cannot be weighed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Findings:
    """What the rules find in an issue, and why it was not weighed, or a rule failed, if so."""

    diagnostics: tuple[Diagnostic, ...]
    faults: tuple[NewsletterError, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Checking:
    """`house` switches off the rules not asked for.

    Without `history` nothing ran before, without `scales` no issue has a size, and without
    `pictures` nobody looks whether a file is there.
    """

    house: HouseFormat
    rules: Sequence[Rule]
    send_date: date | None = None
    history: History | None = None
    scales: Weighing | None = None
    pictures: PictureFolder | None = None

    def mend(self, text: str, *, path: str) -> str:
        """A text with every safe fix; what has fixes needs neither memory nor the web."""
        return fix_text(text, self._quick, path=path, cues=self.house.cues)

    def find(
        self, issue: Issue, *, path: Path | None, dead_links: Mapping[str, str] | None = None
    ) -> Findings:
        """Everything the rules find, with the issues before this one and its size in mind.

        `path` is where the issue stands among the others, None for a text without a place. An issue
        with errors may be one that cannot be rendered: then these are enough.
        """
        context = replace(
            self._context(issue),
            past=self._past(path, issue),
            dead_links=dead_links or {},
            pictures=self.pictures.of(issue) if self.pictures else {},
        )
        faults: list[NewsletterError] = []
        unweighed: NewsletterError | None = None
        try:
            context = self.scales.put(issue, context) if self.scales else context
        except (RenderError, SettingsError) as error:
            unweighed = error
        found = check_issue(issue, self.rules, context, on_fault=faults.append)
        if unweighed and not any(item.severity is Severity.ERROR for item in found):
            faults.append(unweighed)
        return Findings(diagnostics=without_followers(found), faults=tuple(faults))

    def _past(self, path: Path | None, issue: Issue) -> tuple[PastStory, ...]:
        if self.history is None or path is None:
            return ()
        return self.history.past(path, self._context(issue).send_date)

    def _quick(self, issue: Issue) -> tuple[Diagnostic, ...]:
        """A rule that fails mends nothing; it is told when all is found."""
        return check_issue(issue, self.rules, self._context(issue), on_fault=_unsaid)

    def _context(self, issue: Issue) -> Context:
        return Context(house=self.house, send_date=self.send_date or issue.date)


def _unsaid(_fault: NewsletterError) -> None:
    pass


def cache_folder() -> Path:
    """Where this user's programs keep what can be had again (XDG Base Directory)."""
    named = os.environ.get("XDG_CACHE_HOME")
    return (Path(named) if named else Path.home() / ".cache") / "newsletter"


def ask_the_web(
    issues: Sequence[Issue], house: HouseFormat, *, cache: Path, now: datetime
) -> Mapping[str, str]:
    """The links that lead nowhere, by address; those that answered today are not asked again."""
    return find_dead_links(issues, allowed=house.allowed_links, cache=_links_in(cache, now))


def answered_links(cache: Path, now: datetime) -> Mapping[str, datetime]:
    """The addresses, without their fragments, that answered within a day, each with when."""
    return _links_in(cache, now).read()


def _links_in(cache: Path, now: datetime) -> LinkCache:
    return LinkCache(path=cache / "links.json", now=now)
