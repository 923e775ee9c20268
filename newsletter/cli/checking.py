"""Checking and mending issues as `newsletter check` was asked to: rules, dates, memory, the web."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from newsletter import clock
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
)
from newsletter.cli.issue_files import STDIN, load_text, whole_text
from newsletter.cli.mending import Mended
from newsletter.errors import NewsletterError, RenderError, SettingsError
from newsletter.issue import Issue, parse_issue, source_from_text
from newsletter.wiring import History, Scales


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What the rules find in an issue, and why it could not be weighed, if so."""

    diagnostics: tuple[Diagnostic, ...]
    fault: NewsletterError | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Checking:
    """`house` switches off the rules not asked for.

    Without `history` nothing ran before, and without `scales` no issue has a size.
    """

    house: HouseFormat
    rules: Sequence[Rule]
    send_date: date | None = None
    history: History | None = None
    scales: Scales | None = None

    def read(self, path: Path, *, mend: bool) -> Mended:
        """The text of a file, with its fixes where they are wanted."""
        before = whole_text(load_text(path))
        if not mend:
            return Mended(path=path, before=before, after=before)
        after = fix_text(before, self._quick, path=str(path), cues=self.house.cues)
        return Mended(path=path, before=before, after=after)

    def parse(self, text: Mended) -> Issue:
        source = source_from_text(text.after, path=str(text.path))
        return parse_issue(source, cues=self.house.cues)

    def find(self, path: Path, issue: Issue, dead: Mapping[str, str]) -> Found:
        """Everything the rules find, with the issues before this one and its size in mind.

        An issue with errors may be one that cannot be rendered: then these are enough.
        """
        context = replace(self._context(issue), past=self._past(path, issue), dead_links=dead)
        try:
            weighed = self.scales.put(issue, context) if self.scales else context
        except (RenderError, SettingsError) as error:
            found = check_issue(issue, self.rules, context)
            has_errors = any(item.severity is Severity.ERROR for item in found)
            return Found(diagnostics=found, fault=None if has_errors else error)
        return Found(diagnostics=check_issue(issue, self.rules, weighed))

    def _past(self, path: Path, issue: Issue) -> tuple[PastStory, ...]:
        if self.history is None or path == STDIN:
            return ()
        return self.history.past(path, self._context(issue).send_date)

    def _quick(self, issue: Issue) -> tuple[Diagnostic, ...]:
        """What has fixes needs neither memory nor the web."""
        return check_issue(issue, self.rules, self._context(issue))

    def _context(self, issue: Issue) -> Context:
        return Context.of(issue, self.house, send_date=self.send_date)


def ask_the_web(issues: Sequence[Issue], house: HouseFormat) -> Mapping[str, str]:
    """The links that lead nowhere, by address; those that answered today are not asked again."""
    cache = LinkCache(path=_cache_folder() / "links.json", now=clock.now())
    return find_dead_links(issues, allowed=house.allowed_links, cache=cache)


def _cache_folder() -> Path:
    """Where this user's programs keep what can be had again (XDG Base Directory)."""
    named = os.environ.get("XDG_CACHE_HOME")
    return (Path(named) if named else Path.home() / ".cache") / "newsletter"
