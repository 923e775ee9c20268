"""What the e-mail of an issue weighs, for a check that does not send it.

Rendering costs more than all rules together, so an issue is only rendered where its text could be
near the budget, the longer the publication's own templates the sooner. What that makes of the
sizes is left to the rules.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.check import NEAR_BUDGET, Context, HouseFormat
from newsletter.issue import Issue
from newsletter.publishing.pictures import PictureFolder
from newsletter.settings import theme_package_in
from newsletter.starter import default_templates

if TYPE_CHECKING:
    from newsletter.settings import Settings

RULES = frozenset({"html-size", "html-too-large"})
"""The rules that want to know."""

FRAME, STORY, BLOCK, LINE, TEXT = 30_000, 4_800, 190, 45, 3
"""Bytes of HTML at the most: of our templates' frame, for a story, a block, a line, a byte of text.

Measured on our templates, encoded for the way. Straight double quotation marks take more than three
bytes, so a text of nothing else is underestimated.
"""


@dataclass(frozen=True, kw_only=True)
class Scales:
    """Weighs the issues of the publication in `folder`, whose settings are read if need be.

    `budget` is in bytes, as [limits] has it.
    """

    folder: Path
    budget: int
    now: datetime

    def put(self, issue: Issue, context: Context) -> Context:
        """The context with the sizes, where they can matter.

        Raises RenderError for an issue or a template that cannot become an e-mail, and
        SettingsError for faults in newsletter.toml.
        """
        if not self.matter(issue, context.house):
            return context
        from newsletter.publishing.rendering import render, with_size  # it is seldom needed

        rendered = render(issue, self._settings, self.now, self._pictures)
        return with_size(context, issue, rendered, self._settings, self.now, self._pictures)

    def matter(self, issue: Issue, house: HouseFormat) -> bool:
        """Whether anybody wants to know, and the issue could be near the budget."""
        if house.switched_off >= RULES:
            return False
        # What was added to the template of a story is there for each of them.
        grown = estimate(issue) + self._growth * max(1, len(issue.stories))
        return grown >= NEAR_BUDGET * self.budget

    @cached_property
    def _pictures(self) -> PictureFolder:
        return PictureFolder(self.folder)

    @cached_property
    def _settings(self) -> "Settings":
        from newsletter.settings import load_settings

        return load_settings(self.folder, {}, with_environment=False)

    @cached_property
    def _growth(self) -> int:
        """Bytes by which the publication's and its theme's templates are longer than ours.

        A shorter one, an older one of ours perhaps, is no reason to render.
        """
        ours, package = default_templates(), theme_package_in(self.folder)
        theirs = [self.folder / "templates", *([package.templates] if package else [])]
        files = [file.relative_to(ours) for file in ours.rglob("*") if file.is_file()]
        lengths = [
            (max(_length(one / file) for one in theirs), _length(ours / file)) for file in files
        ]
        return sum(max(0, own - default) for own, default in lengths)


def _length(file: Path) -> int:
    return file.stat().st_size if file.is_file() else 0


def estimate(issue: Issue) -> int:
    """Bytes of HTML that our own templates make of an issue, nearly at the most."""
    blocks = sum(1 for _ in issue.blocks())
    words = TEXT * len(issue.source.text.encode(errors="replace"))
    lines = LINE * len(issue.source.lines)
    return FRAME + STORY * len(issue.stories) + BLOCK * blocks + lines + words
