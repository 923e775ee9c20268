"""A page of the public site as its template sees it: what all pages have, and how one is filled.

What each kind of page has besides is told where it is made: `reading`, `signing_up`, `leaving`,
`mistakes`. No page holds a script, a style of its own or an address that came with a request.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from newsletter.render.environment import Templates
from newsletter.render.html import Html
from newsletter.render.imprint import Imprint
from newsletter.render.page import strip_controls
from newsletter.render.site.imprint import SiteImprint
from newsletter.render.site.paths import SitePaths
from newsletter.render.theme import Theme
from newsletter.render.web_page import origin_of
from newsletter.render.words import Words

STYLES = "site/site.css.j2"
_MARK = 12
"""Digits of the style sheet's digest in its address."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SitePage:
    """What every page has. `title` is without the publication's name, "" for that name alone.

    `canonical` is the page's own address where it has one for everybody, else "": then nobody is
    to list the page, and no address of it leaves with a link (its own may hold a token).
    """

    site: SiteImprint
    styles_path: str
    title: str = ""
    description: str = ""
    canonical: str = ""
    pictures: tuple[str, ...] = ()

    @property
    def publication(self) -> Imprint:
        return self.site.publication

    @property
    def theme(self) -> Theme:
        return self.site.theme

    @property
    def words(self) -> Words:
        return self.site.frame

    @property
    def paths(self) -> SitePaths:
        return self.site.paths

    @property
    def whole_title(self) -> str:
        name = self.publication.name
        return f"{self.title} · {name}" if self.title else name

    @property
    def policy(self) -> str:
        return content_policy(self.paths, [*self.pictures, self.theme.logo])

    @property
    def arrow(self) -> str:
        """The way on, in the direction of the text."""
        return "→" if self.publication.direction == "ltr" else "←"

    def say(self, name: str, /, **values: str) -> Html:
        """One of the site's sentences, as HTML."""
        return self.site.say(name, **values)


@dataclass(frozen=True, kw_only=True)
class Frame:  # without slots: the style sheet is filled once
    """How pages are filled: with whose words, and from which templates, the first folder first."""

    site: SiteImprint
    folders: Sequence[Path]

    @cached_property
    def templates(self) -> Templates:
        return Templates(self.folders)

    @cached_property
    def styles(self) -> str:
        """The one style sheet. Raises RenderError."""
        bare = SitePage(site=self.site, styles_path="")
        return strip_controls(self.templates.fill(STYLES, bare)).strip() + "\n"

    @cached_property
    def styles_path(self) -> str:
        mark = sha256(self.styles.encode()).hexdigest()[:_MARK]
        return self.site.paths.styles(mark)

    def fill(self, template: str, page: SitePage) -> str:
        """The whole page. Raises RenderError, with the line of the template that is at fault."""
        html = strip_controls(self.templates.fill(f"site/{template}.html.j2", page))
        whole = html.encode("utf-8", "replace").decode()  # half a character came with a request
        return whole.strip("\n") + "\n"


def content_policy(paths: SitePaths, pictures: Iterable[str]) -> str:
    """What a browser may load and do (Content Security Policy Level 3), no more.

    `data:` is for the empty icon that keeps a browser from asking for one; it leads nowhere.
    """
    origins = sorted({origin_of(one) for one in pictures if one} - {paths.origin})
    images = " ".join(["'self'", "data:", paths.origin, *origins])
    return (
        f"default-src 'none'; style-src 'self'; img-src {images}; "
        "form-action 'self'; base-uri 'none'"
    )
