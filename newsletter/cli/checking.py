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
    Rule,
    check_issue,
    find_dead_links,
    fix_text,
)
from newsletter.cli.history import History
from newsletter.cli.issue_files import load_text, whole_text
from newsletter.cli.mending import Mended
from newsletter.issue import Issue, parse_issue, source_from_text


@dataclass(frozen=True, kw_only=True, slots=True)
class Checking:
    """`house` switches off the rules not asked for; without `history` nothing ran before."""

    house: HouseFormat
    rules: Sequence[Rule]
    send_date: date | None = None
    history: History | None = None

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

    def find(self, path: Path, issue: Issue, dead: Mapping[str, str]) -> tuple[Diagnostic, ...]:
        """Everything the rules find, with the issues before this one in mind."""
        context = self._context(issue)
        past = self.history.past(path, context.send_date) if self.history else ()
        return check_issue(issue, self.rules, replace(context, past=past, dead_links=dead))

    def _quick(self, issue: Issue) -> tuple[Diagnostic, ...]:
        """What has fixes needs neither memory nor the web."""
        return check_issue(issue, self.rules, self._context(issue))

    def _context(self, issue: Issue) -> Context:
        return Context(house=self.house, send_date=self.send_date or issue.date)


def ask_the_web(issues: Sequence[Issue], house: HouseFormat) -> Mapping[str, str]:
    """The links that lead nowhere, by address; those that answered today are not asked again."""
    cache = LinkCache(path=_cache_folder() / "links.json", now=clock.now())
    return find_dead_links(issues, allowed=house.allowed_links, cache=cache)


def _cache_folder() -> Path:
    """Where this user's programs keep what can be had again (XDG Base Directory)."""
    named = os.environ.get("XDG_CACHE_HOME")
    return (Path(named) if named else Path.home() / ".cache") / "newsletter"
