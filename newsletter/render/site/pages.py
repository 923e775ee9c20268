"""All pages of the public site, by what a reader is doing."""

from collections.abc import Sequence
from pathlib import Path

from newsletter.render.site.imprint import SiteImprint
from newsletter.render.site.leaving import ReaderPages
from newsletter.render.site.mistakes import MistakePages
from newsletter.render.site.page import Frame
from newsletter.render.site.reading import ReadingPages
from newsletter.render.site.signing_up import SignUpPages


class Pages:
    """Makes every page of a site: same input, same text. Pure, but for templates being read.

    In `templates`, folders, the first that has a file wins. A template that has changed since is
    read again; the style sheet is filled once.
    """

    def __init__(self, site: SiteImprint, templates: Sequence[Path]) -> None:
        self._frame = Frame(site=site, folders=tuple(templates))
        self.site = site
        self.reading = ReadingPages(frame=self._frame)
        self.signing_up = SignUpPages(frame=self._frame)
        self.reader = ReaderPages(frame=self._frame)
        self.mistakes = MistakePages(frame=self._frame)

    @property
    def styles(self) -> str:
        """The one style sheet, in the theme's colours. Raises RenderError."""
        return self._frame.styles

    @property
    def styles_path(self) -> str:
        """Where pages say that it is; the query changes with its content."""
        return self._frame.styles_path
