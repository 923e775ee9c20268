"""One text open in an editor: what the check says of it, and what it would be, mended or written
canonically. Pure but for what ran before, which is asked for when a file is opened or saved, and
for its pictures, of which a file is read once and then only looked at whether it has changed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from newsletter.check import (
    Context,
    Diagnostic,
    HouseFormat,
    PastStory,
    Rule,
    check_issue,
    fix_text,
    without_followers,
)
from newsletter.errors import CheckError
from newsletter.issue import Issue, parse_issue, source_from_text, write_issue
from newsletter.publishing.pictures import PictureFolder


@dataclass(frozen=True, kw_only=True)
class Document:
    """A text as it is now. `path` is None where it has no file yet."""

    text: str
    path: Path | None
    house: HouseFormat
    rules: Sequence[Rule]
    past: tuple[PastStory, ...] = ()
    pictures: PictureFolder | None = None

    @cached_property
    def issue(self) -> Issue:
        return self._parse(self.text)

    @cached_property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What `newsletter check` finds; nothing in a text that is no issue."""
        if not self.is_issue:
            return ()
        context = Context.of(self.issue, self.house, past=self.past)
        if self.pictures:
            context = replace(context, pictures=self.pictures.of(self.issue))
        found = check_issue(self.issue, self.rules, context, on_fault=_unsaid)
        return without_followers(found)

    @property
    def is_issue(self) -> bool:
        """Editors start us for every Markdown file; a README is none of ours."""
        in_its_place = self.path is not None and self.path.parent.name == "issues"
        has_number = any(story.number is not None for story in self.issue.stories)
        return in_its_place or self.issue.date is not None or has_number

    def mended(self) -> str:
        """The text with every safe fix."""
        if not self.is_issue:
            return self.text
        return fix_text(self.text, self._quick, path=self._name, cues=self.house.cues)

    def canonical(self) -> str | None:
        """The canonical text; None where writing it would lose front matter that has faults."""
        if self.issue.front_matter.faults:
            return None
        return write_issue(self.issue) if self.is_issue else self.text

    def with_text(self, text: str, house: HouseFormat) -> "Document":
        return replace(self, text=text, house=house)

    def with_past(self, past: tuple[PastStory, ...]) -> "Document":
        return replace(self, past=past)

    @property
    def _name(self) -> str:
        return str(self.path) if self.path else "untitled"

    def _parse(self, text: str) -> Issue:
        return parse_issue(source_from_text(text, path=self._name), cues=self.house.cues)

    def _quick(self, issue: Issue) -> tuple[Diagnostic, ...]:
        """What has fixes needs no memory."""
        context = Context.of(issue, self.house)
        return check_issue(issue, self.rules, context, on_fault=_unsaid)


def _unsaid(_fault: CheckError) -> None:
    """While somebody types, a rule of another package that fails has found nothing."""
