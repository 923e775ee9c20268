"""A text as it is while somebody types, looked at: its parts, what the check finds, its message.

The findings are those that the command prints for the file, once the text is saved: the same act
makes both. Nothing is read but what the looker keeps at hand, pictures and earlier issues, each
again only where it has changed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from newsletter.check import Context, Diagnostic, Rule
from newsletter.errors import NewsletterError
from newsletter.files import file_state
from newsletter.issue import Issue, parse_issue, source_from_bytes
from newsletter.publishing.checking import Checking
from newsletter.publishing.drafts import Draft, as_in_file, read_draft
from newsletter.publishing.history import History
from newsletter.publishing.pictures import PictureFolder
from newsletter.publishing.rendering import render, with_size
from newsletter.publishing.scales import Scales
from newsletter.render import Rendered, Sizes, measure
from newsletter.settings import Settings


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """`rendered` is None where the text cannot become a message yet; `fault` says why.

    `size` is that of the message for the way. `faults` are the rules of other packages that failed.
    """

    issue: Issue
    diagnostics: tuple[Diagnostic, ...]
    rendered: Rendered | None
    size: Sizes | None
    fault: NewsletterError | None = None
    faults: tuple[NewsletterError, ...] = ()


@dataclass(kw_only=True)
class Looker:
    """Looks at the texts of one publication. Not for two threads at once."""

    settings: Settings
    rules: Sequence[Rule]
    history: History
    pictures: PictureFolder
    _forms: dict[Path, tuple[tuple[int, int], Draft]] = field(default_factory=dict, repr=False)
    _scales: Scales | None = None

    def look(self, text: str, path: Path, now: datetime) -> Look:
        """Raises IssueFileError for a text that can be no issue's."""
        issue = self.read(text, path)
        rendered, fault = None, None
        try:
            rendered = render(issue, self.settings, now, self.pictures)
        except NewsletterError as error:
            fault = error
        scales = _Rendered(looker=self, now=now, rendered=rendered, fault=fault)
        found = self.checking(scales).find(issue, path=path)
        return Look(
            issue=issue,
            diagnostics=found.diagnostics,
            rendered=rendered,
            size=measure(rendered) if rendered else None,
            fault=fault,
            faults=tuple(each for each in found.faults if each is not fault),
        )

    def read(self, text: str, path: Path) -> Issue:
        """The issue of a file that has this text. Raises IssueFileError where it can be none."""
        source = source_from_bytes(self.as_in_file(text, path).encode(), path=str(path))
        return parse_issue(source, cues=self.settings.house.cues)

    def as_in_file(self, text: str, path: Path) -> str:
        """With the byte-order mark and the line ends that the file keeps (drafts)."""
        try:
            state = file_state(path)
            if path not in self._forms or self._forms[path][0] != state:
                self._forms[path] = (state, read_draft(path))
        except (OSError, NewsletterError):
            return text
        return as_in_file(text, self._forms[path][1])

    def scales(self, now: datetime) -> Scales:
        """Always the same: what it knows of the templates takes longer than the check itself."""
        folder, budget = self.settings.folder, self.settings.limits.html_bytes
        self._scales = self._scales or Scales(folder=folder, budget=budget, now=now)
        return self._scales

    def checking(self, scales: "_Rendered | None" = None) -> Checking:
        """The check as the command has it: it knows no day but the issue's own."""
        return Checking(
            house=self.settings.house,
            rules=self.rules,
            history=self.history,
            scales=scales,
            pictures=self.pictures,
        )


def looker_of(settings: Settings, rules: Sequence[Rule]) -> Looker:
    return Looker(
        settings=settings,
        rules=rules,
        history=History(settings.house),
        pictures=PictureFolder(settings.folder),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Rendered:
    """Weighs the message that is there already, where the command would render one."""

    looker: Looker
    now: datetime
    rendered: Rendered | None
    fault: NewsletterError | None

    def put(self, issue: Issue, context: Context) -> Context:
        settings, pictures = self.looker.settings, self.looker.pictures
        if not self.looker.scales(self.now).matter(issue, settings.house):
            return context
        if self.rendered is None:
            assert self.fault is not None
            raise self.fault
        return with_size(context, issue, self.rendered, settings, self.now, pictures)
