"""A text, a page or a document from elsewhere as an issue of the publication: read, looked at, and
only then made a file of.

What was understood of it, and what was lost, is told in sentences, the same at every front.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from newsletter.check import Diagnostic, HouseFormat, Severity, all_rules, at_least
from newsletter.importing import Imported, import_file
from newsletter.issue import Issue, parse_issue, source_from_text
from newsletter.publishing.checking import Checking
from newsletter.publishing.history import History

MOST_BROUGHT = 20 * 1024 * 1024
"""Bytes of a file; whoever reads one reads a byte more, so that too many are seen to be."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Brought:
    """What became of a file: the issue that it is by now, and what the check finds in it."""

    imported: Imported
    issue: Issue
    diagnostics: tuple[Diagnostic, ...]

    @property
    def is_sound(self) -> bool:
        """Whether nobody has to look at it."""
        return not self.diagnostics and not self.imported.is_torn

    @property
    def counted(self) -> str:
        """Such as "5 stories, 9 links in them"."""
        count = len(self.issue.stories)
        links = sum(len(story.links) for story in self.issue.stories)
        stories = "1 story" if count == 1 else f"{count} stories"
        inside = "it" if count == 1 else "them"
        return f"{stories}, {links} {'link' if links == 1 else 'links'} in {inside}"

    @property
    def losses(self) -> tuple[str, ...]:
        """A sentence for each kind of thing that did not come along as it was; none for nothing."""
        return tuple(_losses(self.imported))


def read_brought(data: bytes, *, name: str, house: HouseFormat) -> Imported:
    """A file's bytes as the text of an issue; `name` is the file's, or "-" for a paste.

    Raises IssueFileError for what cannot be read, MissingExtraError without the package it takes.
    """
    return import_file(data, path=name, cues=house.cues)


def look_at_brought(
    imported: Imported, *, path: Path, house: HouseFormat, day: date | None
) -> Brought:
    """What it is as an issue that stands at `path`, or will; `day` is the one asked for."""
    issue = parse_issue(source_from_text(imported.text, path=str(path)), cues=house.cues)
    checking = Checking(
        house=house, rules=all_rules(), send_date=day or issue.date, history=History(house)
    )
    found = checking.find(issue, path=path).diagnostics
    shown = tuple(item for item in found if at_least(item.severity, Severity.WARNING))
    return Brought(imported=imported, issue=issue, diagnostics=shown)


def _losses(imported: Imported) -> Iterator[str]:
    yield from imported.notes
    if imported.is_torn:
        yield (
            f"{imported.left:,} of {imported.words:,} words are not in the issue: "
            "compare it with the original"
        )
